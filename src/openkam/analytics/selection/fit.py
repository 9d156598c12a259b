"""How well each manager fits each candidate: a factor in [0, 1], 0 = cannot.

An account named in a manager's fit gets that factor, whatever else is said. Else it must lie in one of the manager's regions and
industries (where given), and its factor is the fit of its region times the fit of its industry, 1 where they are not named.
"""

import numpy as np

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
    for m, one in enumerate(programme.managers):
        _check_names(programme, m + 1, one, known)
        by_region, by_industry, by_account = dict(one.region_fit), dict(one.industry_fit), dict(one.account_fit)
        for i, (account, region, industry) in enumerate(zip(accounts, regions, industries, strict=True)):
            if account in by_account:
                fit[i, m] = by_account[account]
            elif (not one.regions or region in one.regions) and (not one.industries or industry in one.industries):
                fit[i, m] = by_region.get(region or "", 1.0) * by_industry.get(industry or "", 1.0)
    return fit


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
