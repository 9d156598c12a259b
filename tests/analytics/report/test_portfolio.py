"""Sums by standing and region, over the accounts that count and no other."""

from datetime import date

import pyarrow as pa
import pytest

from openkam.analytics.report.portfolio import OTHER, TOTALS_READ, Portfolio, axis_range, carried_by, portfolio, standing_totals
from openkam.analytics.review.measures_file import StoredMeasures

ACCOUNTS = {
    "account": ["a", "b", "c", "d", "secret"],
    "name": ["Anna", None, "Carl", "Dora", "Secret"],
    "region": ["North", "South", "North", None, "South"],
    "group_name": ["Twins", "Twins", None, None, None],
    "net_sales": [1000.0, 500.0, 300.0, None, 9_000_000.0],
    "contribution_margin": [400.0, 100.0, -50.0, None, 7_000_000.0],
    "contribution_margin_ratio": [0.4, 0.2, -0.1, None, 0.7],
    "growth_per_year": [0.1, None, 0.0, None, 2.0],
}
STANDING = {"a": "key", "b": "proposed", "secret": "key"}


def found(columns: dict[str, list[object]] | None = None, **choice: object) -> Portfolio:
    measures = StoredMeasures(pa.table(columns or ACCOUNTS), (), date(2016, 5, 31), "USD", 8, "")
    seen = portfolio(measures, standing=STANDING, **choice)
    if not {"region", "only"} & choice.keys():
        read = StoredMeasures(measures.accounts.select(TOTALS_READ), (), measures.as_of, "USD", 8, "")
        assert standing_totals(read, standing=STANDING, **choice) == (seen.totals, seen.standings)
    return seen


def test_groups_add_up_to_the_whole() -> None:
    seen = found(excluded={"secret"})
    assert (seen.totals.account_count, seen.totals.net_sales, seen.totals.contribution) == (4, 1800.0, 450.0)
    assert [(group.name, group.totals.account_count) for group in seen.standings] == [("key", 1), ("proposed", 1), (OTHER, 2)]
    for groups in (seen.standings, seen.regions):
        assert sum(group.totals.contribution or 0 for group in groups) == pytest.approx(450.0)
        assert sum(group.totals.share_of_sales or 0 for group in groups) == pytest.approx(1.0)
    assert (seen.totals.loser_count, seen.totals.lost) == (1, 50.0)
    assert seen.standing("key").share_of_contribution == pytest.approx(400 / 450)
    assert seen.standing("prospective") is None
    both = carried_by(seen.standings, {"key", "proposed"})
    assert (both.account_count, both.contribution, both.net_sales) == (2, 500.0, 1500.0)
    assert carried_by(seen.standings, {"prospective"}).share_of_sales is None


def test_no_figure_holds_an_account_that_does_not_count() -> None:
    everybody_else = {"a", "b", "c", "d"}
    for seen in (found(included=everybody_else), found(excluded={"secret"})):
        without = {name: values[:-1] for name, values in ACCOUNTS.items()}
        assert_same(seen, found(without))
    assert found().totals.contribution == pytest.approx(7_000_450)  # there was something to leak


def assert_same(one: Portfolio, other: Portfolio) -> None:
    assert one.totals == other.totals
    assert (one.standings, one.regions, one.places, one.concentrations) == (
        other.standings,
        other.regions,
        other.places,
        other.concentrations,
    )
    assert one.whale is not None
    assert other.whale is not None
    assert one.whale.cumulative.tolist() == other.whale.cumulative.tolist()


def test_kept_totals_follow_whatever_they_are_of() -> None:
    measures = [StoredMeasures(pa.table(ACCOUNTS).slice(first), (), date(2016, 5, 31), "USD", 8, "") for first in (0, 1)]
    assert measures[0] != measures[1]
    standings = ({"a": "key"}, {"a": "proposed"}, {"b": "key", "a": "key"})
    told = [
        standing_totals(one, standing=standing, included=included, excluded=excluded)
        for one in measures
        for standing in standings
        for included, excluded in ((None, ()), (["a", "b"], ()), (None, ["secret"]))
    ]
    again = [
        (seen.totals, seen.standings)
        for one in measures
        for standing in standings
        for included, excluded in ((None, ()), (["a", "b"], ()), (None, ["secret"]))
        for seen in [portfolio(one, standing=standing, included=included, excluded=excluded)]
    ]
    assert told == again
    assert len({repr(one) for one in told}) > len(standings)


def test_it_narrows_by_region_and_by_standing() -> None:
    assert found(region="North").totals.account_count == 2
    assert found(region="North").region_names == ("North", "South")
    assert [place.account for place in found(only="proposed").places] == ["b"]
    assert found(only="proposed").of({"proposed"})[0].name == "b"  # without a name its key


def test_what_is_missing_stays_missing() -> None:
    seen = found(included={"d"})
    assert (seen.totals.net_sales, seen.totals.contribution, seen.totals.margin_share) == (None, None, None)
    assert (seen.whale, seen.concentrations) == (None, ())
    assert seen.places[0].growth_per_year is None
    assert found(included=set()).places == ()


def test_only_so_many_others_are_placed_and_every_account_with_a_standing() -> None:
    count = 5000
    columns = {
        "account": [f"n{row}" for row in range(count)] + ["a"],
        "net_sales": [1.0] * (count + 1),
        "contribution_margin": [float(count - row) for row in range(count)] + [-1.0],
    }
    seen = found(columns)
    assert seen.place_count == count + 1
    assert len(seen.places) < 450
    assert {"n0", "n4999", "a"} <= {place.account for place in seen.places}
    assert seen.whale is not None
    assert seen.whale.account_count == count + 1


def test_an_axis_keeps_what_must_be_seen_and_lets_outliers_go() -> None:
    low, high = axis_range([*range(100), 10_000.0, None], always=[-20.0]) or (0.0, 0.0)
    assert -30 < low < -20
    assert 85 < high < 200
    assert axis_range([None]) is None
    assert axis_range([5.0]) == (pytest.approx(4.7), pytest.approx(5.3))
