"""Invoices of payers with habits of their own, as they stand on the last day."""

import numpy as np

from openkam.analytics.valuation.days_to_pay import Payments


def payers(account_count: int, invoices_each: int, seed: int, days: int = 720, terms_days: int = 30) -> Payments:
    """Days to pay about terms times an account's own habit; what would be paid after the last day is open on it."""
    random = np.random.default_rng(seed)
    count = account_count * invoices_each
    account = np.repeat(np.arange(account_count), invoices_each)
    invoiced = random.integers(0, days, count)
    habit = random.normal(-0.1, 0.35, account_count)[account]
    taken = np.maximum(np.round(terms_days * np.exp(habit + 0.25 * random.logistic(size=count) * 0.55)), 0)
    settled = np.where(invoiced + taken <= days, (invoiced + taken).astype(float), np.nan)
    amount = np.exp(random.normal(6, 1, count))
    return Payments(
        account, invoiced, invoiced + terms_days, settled, amount, np.where(np.isnan(settled), amount, 0.0), days, account_count
    )
