"""How few accounts carry the business: shares of the top, Herfindahl-Hirschman index and the effective number of accounts.

HHI = Σ s_i², s_i the shares of one; effective number = 1 / HHI (Hirschman 1964, Adelman 1969). Shares are taken over the accounts
above zero only: a loss has no share of a profit.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from openkam.analytics.report.account_columns import Vector, numbers, texts
from openkam.analytics.review.review import Review

TOPS = (1, 5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class Concentration:
    """Concentration of one amount. `top_share[n]` is the share of the n largest; `count` the accounts above zero."""

    label: str
    measure: str
    total: float
    count: int
    hhi: float
    top_share: dict[int, float]

    @property
    def effective_number(self) -> float:
        """How many equal accounts would be as concentrated."""
        return 1.0 / self.hhi


def concentration(label: str, measure: str, values: Vector) -> Concentration | None:
    """Concentration of the values above zero; None where there is none."""
    positive = np.sort(values[np.nan_to_num(values) > 0])[::-1]
    if len(positive) == 0:
        return None
    shares = positive / positive.sum()
    cumulative = np.cumsum(shares)
    tops = {n: float(cumulative[min(n, len(shares)) - 1]) for n in TOPS if n == 1 or n < len(shares)}
    return Concentration(label, measure, float(positive.sum()), len(positive), float(np.sum(shares**2)), tops)


def joined_by_group(accounts: pa.Table, measure: str) -> Vector | None:
    """The measure summed over buying groups, accounts without one standing for themselves; None where no account has a group."""
    groups = texts(accounts, "group_name")
    if not any(groups):
        return None
    keys = [
        f"group:{group}" if group else f"account:{key}" for group, key in zip(groups, texts(accounts, "account"), strict=True)
    ]
    _, place = np.unique(keys, return_inverse=True)
    return np.bincount(place, weights=np.nan_to_num(numbers(accounts, measure))).astype(np.float64)


def concentrations(review: Review) -> tuple[Concentration, ...]:
    """Sales and contribution, by account and, where accounts name buying groups, by group."""
    found: list[Concentration | None] = []
    for measure, label in (("net_sales", "Net sales"), ("contribution_margin", "Contribution")):
        found.append(concentration(label, measure, numbers(review.accounts, measure)))
        grouped = joined_by_group(review.accounts, measure)
        if grouped is not None:
            found.append(concentration(f"{label}, buying groups joined", measure, grouped))
    return tuple(c for c in found if c is not None)
