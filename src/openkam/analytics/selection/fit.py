"""How well each manager fits each candidate: a factor in [0, 1], 0 = cannot.

An account named in a manager's fit gets that factor, whatever else is said. Else it must lie in one of the manager's regions and
industries (where given), and its factor is the fit of its region times the fit of its industry, 1 where they are not named.
"""

import numpy as np
import numpy.typing as npt

from openkam.analytics.selection.criteria import Vector
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_document import did_you_mean, listed, shown
from openkam.analytics.selection.programme_terms import AccountManager


def fit_of(
    programme: Programme,
    accounts: list[str],
    regions: list[str | None],
    industries: list[str | None],
    known: dict[str, frozenset[str]],
) -> Vector:
    """The matrix candidates × managers; raises `ProgrammeError` where a manager names what no account has.

    `known` gives, for `account`, `region` and `industry`, every value in the firm.
    """
    fit = np.zeros((len(accounts), len(programme.managers)))
    index_of = {account: i for i, account in enumerate(accounts)}
    region_names, region_at = _coded(regions)
    industry_names, industry_at = _coded(industries)
    for m, one in enumerate(programme.managers):
        _check_names(programme, m + 1, one, known)
        by_region = _factors(region_names, one.regions, one.region_fit)
        by_industry = _factors(industry_names, one.industries, one.industry_fit)
        fit[:, m] = by_region[region_at] * by_industry[industry_at]
        for account, factor in one.account_fit:
            if account in index_of:
                fit[index_of[account], m] = factor
    return fit


def _coded(values: list[str | None]) -> tuple[list[str | None], npt.NDArray[np.int64]]:
    """The different values, and for each of the given ones its position among them."""
    different = list(dict.fromkeys(values))
    at = {value: i for i, value in enumerate(different)}
    return different, np.array([at[value] for value in values], dtype=np.int64)


def _factors(names: list[str | None], allowed: tuple[str, ...], fit: tuple[tuple[str, float], ...]) -> Vector:
    """By name its fit, 1 where none is given, and 0 outside the territory."""
    by_name = dict(fit)
    return np.array([by_name.get(n or "", 1.0) if not allowed or n in allowed else 0.0 for n in names], dtype=np.float64)


def _check_names(programme: Programme, number: int, one: AccountManager, known: dict[str, frozenset[str]]) -> None:
    named = (
        ("region", "regions", one.regions),
        ("industry", "industries", one.industries),
        ("region", "fit", tuple(n for n, _ in one.region_fit)),
        ("industry", "fit", tuple(n for n, _ in one.industry_fit)),
        ("account", "fit", tuple(n for n, _ in one.account_fit)),
    )
    for what, key, names in named:
        for name in names:
            if name not in known[what]:
                values = sorted(known[what])
                problem = f"{one.name}: {key} names {what} {shown(name)}, which no account has{did_you_mean(name, values)}"
                raise programme.place("manager", number).fault(f"{problem}: correct it. Known: {listed(values) or 'none'}.", key)
