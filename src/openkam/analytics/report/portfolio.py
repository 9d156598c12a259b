"""Measured accounts as a portfolio: what each group of them carries, how concentrated they are, and where each stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from openkam.analytics.report.account_columns import Vector, numbers, texts
from openkam.analytics.report.concentration import Concentration, concentration, joined_by_group
from openkam.analytics.report.whale_curve import WhaleCurve, whale_curve_of
from openkam.analytics.review.measures_file import StoredMeasures

OTHER = "other"
"""The group of an account that stands for nothing else."""
_BACKGROUND = 400
"""Accounts of the group `OTHER` that are placed at most: more would only make a chart heavy."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over accounts, in currency; None where no account's figure is known.

    `lost` is what accounts below zero give back, `margin_share` the contribution over the net sales of the accounts it is known of.
    """

    account_count: int
    net_sales: float | None
    contribution: float | None
    loser_count: int
    lost: float
    margin_share: float | None
    share_of_sales: float | None
    share_of_contribution: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts that belong together: by their standing or by their region."""

    name: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Place:
    """One account where it stands; None where a figure is not known."""

    account: str
    name: str
    region: str
    standing: str
    net_sales: float | None
    contribution: float | None
    margin_share: float | None
    growth_per_year: float | None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What `portfolio` found. `places` holds every account with a standing, and of the others at most some, `place_count` in all."""

    totals: Totals
    standings: tuple[Group, ...]
    regions: tuple[Group, ...]
    whale: WhaleCurve | None
    concentrations: tuple[Concentration, ...]
    places: tuple[Place, ...]
    place_count: int

    def standing(self, name: str) -> Totals | None:
        """The sums of the accounts of one standing."""
        return next((group.totals for group in self.standings if group.name == name), None)

    def of(self, names: Collection[str]) -> tuple[Place, ...]:
        """The places of these standings."""
        return tuple(place for place in self.places if place.standing in names)


def portfolio(
    measures: StoredMeasures,
    *,
    standing: Mapping[str, str],
    included: Collection[str] | None = None,
    excluded: Collection[str] = (),
    region: str = "",
    only: str = "",
) -> Portfolio:
    """The measured accounts by what they carry.

    `standing` names the group of each ledger account that is not one of the others; `included` are the only accounts that count
    (None: all), without those `excluded`; `region` and `only` (a standing) narrow further. No sum holds an account that does not count.
    """
    kept, stands = _kept(measures.accounts, standing, included=included, excluded=excluded, region=region, only=only)
    sales, margin = (numbers(kept, name) for name in ("net_sales", "contribution_margin"))
    totals = _totals(sales, margin, sales, margin)
    places, place_count = _places(kept, stands, sales, margin)
    found = (
        concentration("Contribution", "contribution_margin", margin),
        concentration("Net sales", "net_sales", sales),
        *_by_group(kept),
    )
    return Portfolio(
        totals=totals,
        standings=_groups(stands, sales, margin),
        regions=_groups(texts(kept, "region"), sales, margin),
        whale=whale_curve_of(margin),
        concentrations=tuple(one for one in found if one is not None),
        places=places,
        place_count=place_count,
    )


def _kept(
    accounts: pa.Table,
    standing: Mapping[str, str],
    *,
    included: Collection[str] | None,
    excluded: Collection[str],
    region: str,
    only: str,
) -> tuple[pa.Table, list[str]]:
    """The accounts that count, and their standings."""
    keys, regions = texts(accounts, "account"), texts(accounts, "region")
    rows = [
        row
        for row, key in enumerate(keys)
        if (included is None or key in included)
        and key not in excluded
        and (not region or regions[row] == region)
        and (not only or standing.get(key, OTHER) == only)
    ]
    return accounts.take(pa.array(rows, pa.int64())), [standing.get(keys[row], OTHER) for row in rows]


def _totals(sales: Vector, margin: Vector, all_sales: Vector, all_margin: Vector) -> Totals:
    known = ~np.isnan(margin)
    losses = margin[known & (margin < 0)]
    return Totals(
        account_count=len(sales),
        net_sales=_sum(sales),
        contribution=_sum(margin),
        loser_count=len(losses),
        lost=float(-losses.sum()),
        margin_share=_share(_sum(margin), _sum(sales[known])),
        share_of_sales=_share(_sum(sales), _sum(all_sales)),
        share_of_contribution=_share(_sum(margin), _sum(all_margin)),
    )


def _groups(names: list[str], sales: Vector, margin: Vector) -> tuple[Group, ...]:
    """The groups that have accounts, by contribution, the largest first."""
    labels = np.array(names, dtype=object)
    groups = [Group(name, _totals(sales[labels == name], margin[labels == name], sales, margin)) for name in sorted(set(names))]
    return tuple(sorted(groups, key=lambda group: -(group.totals.contribution or 0.0)))


def _by_group(accounts: pa.Table) -> tuple[Concentration | None, ...]:
    joined = joined_by_group(accounts, "net_sales")
    return () if joined is None else (concentration("Net sales, buying groups joined", "net_sales", joined),)


def _places(accounts: pa.Table, stands: list[str], sales: Vector, margin: Vector) -> tuple[tuple[Place, ...], int]:
    """Every account with a standing; of the others the best and then evenly by rank of contribution."""
    order = [int(row) for row in np.argsort(-np.nan_to_num(margin, nan=-np.inf), kind="stable")]
    others = [row for row in order if stands[row] == OTHER]
    if len(others) > _BACKGROUND:
        others = [others[int(step)] for step in np.unique(np.geomspace(1, len(others), _BACKGROUND).round().astype(int)) - 1]
    drawn = {*others, *(row for row in order if stands[row] != OTHER)}
    growth, ratio = numbers(accounts, "growth_per_year"), numbers(accounts, "contribution_margin_ratio")
    names, keys, regions = (texts(accounts, column) for column in ("name", "account", "region"))
    places = tuple(
        Place(
            account=keys[row],
            name=names[row] or keys[row],
            region=regions[row],
            standing=stands[row],
            net_sales=_known(sales[row]),
            contribution=_known(margin[row]),
            margin_share=_known(ratio[row]),
            growth_per_year=_known(growth[row]),
        )
        for row in order
        if row in drawn
    )
    return places, len(order)


def _sum(values: Vector) -> float | None:
    return float(np.nansum(values)) if np.any(~np.isnan(values)) else None


def _share(part: float | None, whole: float | None) -> float | None:
    return None if part is None or whole is None or whole <= 0 else part / whole


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
