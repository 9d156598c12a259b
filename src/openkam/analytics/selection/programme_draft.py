"""A programme drafted once from a firm's own distribution: amounts and levels as fixed numbers, to be read and edited."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from openkam.analytics.selection.account_columns import measures_of, numbers
from openkam.analytics.selection.criteria import Vector
from openkam.analytics.selection.level_spread import two_figures
from openkam.analytics.selection.programme_template import CONTRIBUTION, OTHER_CRITERIA, CriterionDraft, programme_text
from openkam.analytics.selection.table_reader import CURRENCY_CODE
from openkam.analytics.terms import OpenKamError

_FALLING = frozenset({"stability", "credit"})
_MONEY_QUANTILES = ((0.5, 0.1), (0.9, 0.4), (1.0, 1.0))
_MONEY_QUANTILES_OF_MANY = ((0.5, 0.05), (0.9, 0.2), (0.99, 0.6), (1.0, 1.0))
_MANY = 1000
_RATE_QUANTILES = ((0.05, 0.0), (0.25, 0.25), (0.5, 0.5), (0.75, 0.75), (0.95, 1.0))


def draft_programme(accounts: pa.Table, currency: str) -> str:
    """The template with value functions drafted once from the accounts' own distribution, as fixed numbers to edit.

    Contribution (net sales where no account has a contribution) is written in currency, from 0 over the quantiles 50, 90 and
    100 % of the accounts above 0, and 99 % from a thousand such accounts on; the other criteria run from the quantile 5 to 95 %.
    Quantiles are rounded to two significant figures. A criterion by which accounts do not differ is left out, with a line that
    says so. Raises `OpenKamError` where the currency is no code or nothing can be drafted.
    """
    if not CURRENCY_CODE.fullmatch(currency):
        raise OpenKamError(f"{currency!r} is no ISO 4217 code: give three capitals such as EUR.")
    money = "contribution_margin" if len(_present(accounts, "contribution_margin")) else "net_sales"
    label, words = ("Contribution", "contribution") if money == "contribution_margin" else ("Net sales", "net sales")
    earned = replace(
        CONTRIBUTION,
        label=label,
        measure=money,
        fallback_measure="",
        why=f"Its {words} over the period in {currency}, drafted from the firm's own accounts.",
    )
    blocks = [_drafted(accounts, earned), *(_drafted(accounts, c) for c in OTHER_CRITERIA)]
    if not any("[[criterion]]" in block for block in blocks):
        raise OpenKamError("There is nothing to draft a programme from: the accounts have no measure. Import transactions first.")
    return programme_text(currency, "".join(blocks))


def _drafted(accounts: pa.Table, criterion: CriterionDraft) -> str:
    levels, quantiles = _present(accounts, criterion.measure), _RATE_QUANTILES
    found: dict[float, float] = {}
    if criterion.name == CONTRIBUTION.name:
        levels = levels[levels > 0]
        quantiles = _MONEY_QUANTILES_OF_MANY if len(levels) >= _MANY else _MONEY_QUANTILES
        found = {0.0: 0.0}
    for share, value in quantiles if len(levels) else ():
        level = two_figures(float(np.quantile(levels, share)))
        found[level] = max(value, found.get(level, 0.0))
    if len(found) < 2:
        return f"\n# {criterion.label} is left out: the accounts do not differ in {criterion.measure}.\n"
    low, high = min(found.values()), max(found.values())
    points = tuple((x, round((v - low) / (high - low), 4)) for x, v in sorted(found.items()))
    if criterion.name in _FALLING:
        points = tuple((x, round(1 - v, 4)) for x, v in points)
    return replace(criterion, points=points).text()


def _present(accounts: pa.Table, measure: str) -> Vector:
    if measure not in measures_of(accounts):
        return np.zeros(0)
    levels = numbers(accounts, measure)
    return levels[np.isfinite(levels)]
