"""Measured accounts as a portfolio: what each group of them carries, how concentrated they are, and where each stands."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openkam.analytics.report.account_columns import Vector, numbers, texts
from openkam.analytics.report.concentration import LabelledConcentration
from openkam.analytics.review.measures_file import StoredMeasures
from openkam.analytics.valuation.concentration import concentration, joined_by_group
from openkam.analytics.valuation.whale_curve import WhaleCurve, whale_curve

Codes = npt.NDArray[np.int64]
TOTALS_READ = ("account", "net_sales", "contribution_margin")
OTHER = "other"
"""The group of an account that stands for nothing else."""
_TOTALS_KEPT = 32
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
class Carried:
    """What several groups carry together; None where it is not known of any of them."""

    account_count: int
    net_sales: float | None
    contribution: float | None
    share_of_sales: float | None
    share_of_contribution: float | None


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
    """What `portfolio` found. `places` holds every account with a standing, and of the others at most some, `place_count` in all.

    `region_names` are those of all accounts that count, before they are narrowed to one.
    """

    totals: Totals
    standings: tuple[Group, ...]
    regions: tuple[Group, ...]
    region_names: tuple[str, ...]
    whale: WhaleCurve | None
    concentrations: tuple[LabelledConcentration, ...]
    places: tuple[Place, ...]
    place_count: int

    def standing(self, name: str) -> Totals | None:
        """The sums of the accounts of one standing."""
        return next((group.totals for group in self.standings if group.name == name), None)

    def of(self, names: Collection[str]) -> tuple[Place, ...]:
        """The places of these standings."""
        return tuple(place for place in self.places if place.standing in names)


def standing_totals(
    measures: StoredMeasures,
    *,
    standing: Mapping[str, str],
    included: Collection[str] | None = None,
    excluded: Collection[str] = (),
) -> tuple[Totals, tuple[Group, ...]]:
    """The sums alone, of all accounts that count and by standing, as `portfolio` has them: `TOTALS_READ` is all that they read.

    The last ones are kept: measures that were read do not change.
    """
    return _standing_totals(
        measures, frozenset(standing.items()), None if included is None else frozenset(included), frozenset(excluded)
    )


@lru_cache(maxsize=_TOTALS_KEPT)
def _standing_totals(
    measures: StoredMeasures, standing: frozenset[tuple[str, str]], included: frozenset[str] | None, excluded: frozenset[str]
) -> tuple[Totals, tuple[Group, ...]]:
    kept, stands = _counted(measures.accounts, dict(standing), included=included, excluded=excluded)
    sales, margin = (numbers(kept, name) for name in ("net_sales", "contribution_margin"))
    return _totals(sales, margin, sales, margin), _groups(stands, sales, margin)


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
    counted, standings = _counted(measures.accounts, standing, included=included, excluded=excluded)
    kept, stands = _narrowed(counted, standings, region=region, only=only)
    sales, margin = (numbers(kept, name) for name in ("net_sales", "contribution_margin"))
    totals = _totals(sales, margin, sales, margin)
    places, place_count = _places(kept, stands, sales, margin)
    return Portfolio(
        totals=totals,
        standings=_groups(stands, sales, margin),
        regions=_groups(_regions(kept), sales, margin),
        region_names=tuple(sorted(set(_regions(counted).names) - {""})),
        whale=whale_curve(margin),
        concentrations=tuple(_concentrations(kept, sales, margin)),
        places=places,
        place_count=place_count,
    )


def axis_range(values: Iterable[float | None], always: Iterable[float | None] = ()) -> tuple[float, float] | None:
    """From where to where an axis shows values: their middle 80 %, whatever must `always` be seen, and a little air.

    A few accounts far out would else press all others into a corner. None without a value.
    """
    known = np.array([value for value in values if value is not None], dtype=np.float64)
    if len(known) == 0:
        return None
    low, high = np.quantile(known, [0.1, 0.9])
    seen = [value for value in always if value is not None]
    low, high = min([float(low), *seen]), max([float(high), *seen])
    air = 0.06 * (high - low) or max(abs(high), 1.0) * 0.06
    return low - air, high + air


def carried_by(groups: Collection[Group], names: Collection[str]) -> Carried:
    """What the groups of these names carry together."""
    parts = [group.totals for group in groups if group.name in names]
    return Carried(
        account_count=sum(part.account_count for part in parts),
        net_sales=_added(part.net_sales for part in parts),
        contribution=_added(part.contribution for part in parts),
        share_of_sales=_added(part.share_of_sales for part in parts),
        share_of_contribution=_added(part.share_of_contribution for part in parts),
    )


@dataclass(frozen=True, slots=True)
class Labels:
    """A name per account, as a place in the list of names."""

    names: tuple[str, ...]
    codes: Codes

    def where(self, kept: npt.NDArray[np.bool_]) -> "Labels":
        """Those of some accounts."""
        return Labels(self.names, self.codes[kept])

    def of(self, name: str) -> npt.NDArray[np.bool_]:
        """Which accounts have the name."""
        return self.codes == (self.names.index(name) if name in self.names else -1)


def _regions(accounts: pa.Table) -> Labels:
    """The region of every account, empty where there is none."""
    if "region" not in accounts.column_names:
        return Labels(("",), np.zeros(accounts.num_rows, dtype=np.int64))
    encoded = pc.fill_null(pc.cast(accounts["region"], pa.string()), "").combine_chunks().dictionary_encode()
    return Labels(tuple(encoded.dictionary.to_pylist()), encoded.indices.to_numpy().astype(np.int64))


def _counted(
    accounts: pa.Table, standing: Mapping[str, str], *, included: Collection[str] | None, excluded: Collection[str]
) -> tuple[pa.Table, Labels]:
    """The accounts that count, and their standings."""
    keys = accounts["account"]
    names = (OTHER, *sorted(set(standing.values()) - {OTHER}))
    places = pc.fill_null(pc.call_function("index_in", [keys], _looked_up(standing)), -1).to_numpy()
    # The last code is read where an account stands for nothing: its place is -1.
    codes = np.array([*(names.index(name) for name in standing.values()), 0], dtype=np.int64)[places]
    if included is None and not excluded:
        return accounts, Labels(names, codes)
    counts = ~_among(keys, excluded)
    if included is not None:
        counts &= _among(keys, included)
    return accounts.filter(pa.array(counts)), Labels(names, codes[counts])


def _narrowed(accounts: pa.Table, stands: Labels, *, region: str, only: str) -> tuple[pa.Table, Labels]:
    if not region and not only:
        return accounts, stands
    kept = np.ones(accounts.num_rows, dtype=np.bool_)
    if region:
        kept &= _among(accounts["region"], [region])
    if only:
        kept &= stands.of(only)
    return accounts.filter(pa.array(kept)), stands.where(kept)


def _among(values: pa.ChunkedArray, wanted: Collection[str]) -> npt.NDArray[np.bool_]:
    return pc.call_function("is_in", [values], _looked_up(wanted)).to_numpy()


def _looked_up(wanted: Collection[str]) -> pc.SetLookupOptions:
    return pc.SetLookupOptions(value_set=pa.array(list(wanted), pa.string()))


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


def _groups(labels: Labels, sales: Vector, margin: Vector) -> tuple[Group, ...]:
    """The groups that have accounts, by contribution, the largest first."""
    members = ((name, labels.of(name)) for name in sorted(labels.names))
    groups = [Group(name, _totals(sales[of], margin[of], sales, margin)) for name, of in members if of.any()]
    return tuple(sorted(groups, key=lambda group: -(group.totals.contribution or 0.0)))


def _concentrations(accounts: pa.Table, sales: Vector, margin: Vector) -> Iterator[LabelledConcentration]:
    """By account and, where that joins any, with buying groups joined."""
    amounts = [("Contribution", "contribution_margin", margin), ("Net sales", "net_sales", sales)]
    if "group_name" in accounts.column_names and accounts["group_name"].null_count < accounts.num_rows:
        joined = joined_by_group(sales, texts(accounts, "group_name"))
        if len(joined) < accounts.num_rows:
            amounts.append(("Net sales, buying groups joined", "net_sales", joined))
    for label, measure, values in amounts:
        if (figures := concentration(values)) is not None:
            yield LabelledConcentration(label, measure, figures)


def _places(accounts: pa.Table, stands: Labels, sales: Vector, margin: Vector) -> tuple[tuple[Place, ...], int]:
    """Every account with a standing; of the others the best and then evenly by rank of contribution."""
    order = np.argsort(-np.nan_to_num(margin, nan=-np.inf), kind="stable")
    is_drawn = ~stands.of(OTHER)[order]
    others = np.flatnonzero(~is_drawn)
    if len(others) > _BACKGROUND:
        others = others[np.unique(np.geomspace(1, len(others), _BACKGROUND).round().astype(int)) - 1]
    is_drawn[others] = True
    drawn = order[is_drawn]
    shown = accounts.take(pa.array(drawn))
    growth, ratio = numbers(shown, "growth_per_year"), numbers(shown, "contribution_margin_ratio")
    names, keys, regions = (texts(shown, column) for column in ("name", "account", "region"))
    places = tuple(
        Place(
            account=keys[place],
            name=names[place] or keys[place],
            region=regions[place],
            standing=stands.names[stands.codes[row]],
            net_sales=_known(float(sales[row])),
            contribution=_known(float(margin[row])),
            margin_share=_known(float(ratio[place])),
            growth_per_year=_known(float(growth[place])),
        )
        for place, row in enumerate(drawn.tolist())
    )
    return places, len(order)


def _sum(values: Vector) -> float | None:
    return float(np.nansum(values)) if np.any(~np.isnan(values)) else None


def _added(parts: Iterable[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _share(part: float | None, whole: float | None) -> float | None:
    return None if part is None or whole is None or whole <= 0 else part / whole


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
