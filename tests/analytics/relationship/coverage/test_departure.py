"""What if somebody leaves, on our side and on theirs."""

from decimal import Decimal

import pytest
from tests.factories.contact_maps import small_map

from openkam.analytics.relationship.coverage.departure import Stake, StakeKind, known_amount, sole_ties, what_if_leaves
from openkam.analytics.terms import OpenKamError

SALES = Stake("Sales of the year", StakeKind.REVENUE, frozenset({"Dora", "Eva"}), Decimal("250000.10"), "EUR")
SPARES = Stake("Spare parts", StakeKind.REVENUE, frozenset({"Finn"}), Decimal("40000.05"), "EUR")
RENEWAL = Stake("Frame contract", StakeKind.RENEWAL, frozenset({"Dora"}), Decimal(900), "USD")
PILOT = Stake("Pilot line", StakeKind.OBJECTIVE, frozenset({"Dora", "Finn"}))
COLD = Stake("New site", StakeKind.OBJECTIVE, frozenset({"Gus"}))
STAKES = (SALES, SPARES, RENEWAL, PILOT, COLD)


def test_one_of_ours_leaves_and_what_hung_on_her_alone_is_told():
    found = what_if_leaves(small_map(), "Anna", STAKES)
    assert found.is_ours
    assert [exposure.stake for exposure in found.exposed] == [SALES, RENEWAL]
    assert found.amounts == {(StakeKind.REVENUE, "EUR"): Decimal("250000.10"), (StakeKind.RENEWAL, "USD"): Decimal(900)}
    # Finn, whom Ben knows, knows Dora
    paths = [exposure.path for exposure in found.exposed]
    assert [path and path.people for path in paths] == [("Ben", "Finn", "Dora")] * 2
    assert found.unheld == (COLD,)
    assert found.without_amount == 0


def test_one_of_theirs_leaves_and_the_way_leads_to_the_successor_or_who_shares_the_role():
    by_role = what_if_leaves(small_map(), "Eva", (Stake("Orders", StakeKind.REVENUE, frozenset({"Eva"})),))
    assert not by_role.is_ours
    assert by_role.without_amount == 1
    assert by_role.exposed[0].path is not None
    assert by_role.exposed[0].path.people == ("Ben", "Finn", "Gus")
    named = what_if_leaves(small_map(), "Dora", (RENEWAL,), successor="Finn", rebuild_by="Anna")
    assert named.exposed[0].path is not None
    assert named.exposed[0].path.people == ("Anna", "Ben", "Finn")


def test_where_nobody_could_introduce_us_there_is_no_path():
    found = what_if_leaves(small_map(knows_theirs=False), "Anna", (RENEWAL,))
    assert found.exposed[0].path is None


def test_who_holds_nothing_alone_costs_nothing():
    found = what_if_leaves(small_map(), "Gus", STAKES)
    assert (found.exposed, dict(found.amounts), found.unheld) == ((), {}, (COLD,))


@pytest.mark.parametrize(
    ("person", "named", "says"),
    [
        ("Zoe", {}, "Zoe is not on the map"),
        ("Dora", {"successor": "Dora"}, "cannot succeed"),
        ("Anna", {"rebuild_by": "Anna"}, "cannot rebuild"),
    ],
)
def test_people_who_are_not_there_are_refused(person, named, says):
    with pytest.raises(OpenKamError, match=says):
        what_if_leaves(small_map(), person, (RENEWAL,), **named)


def test_a_stake_needs_contacts_and_whole_money():
    with pytest.raises(OpenKamError, match="Anna, who is not among their people"):
        what_if_leaves(small_map(), "Ben", (Stake("x", StakeKind.REVENUE, frozenset({"Anna"})),))
    with pytest.raises(OpenKamError, match="hangs on nobody"):
        Stake("x", StakeKind.REVENUE, frozenset())
    with pytest.raises(OpenKamError, match="without a currency"):
        Stake("x", StakeKind.REVENUE, frozenset({"Eva"}), Decimal(1))


def test_ties_that_one_of_ours_alone_holds_have_their_way_back():
    sole = dict(sole_ties(small_map(), "Anna"))
    assert {key: path.people for key, path in sole.items() if path} == {
        "Dora": ("Ben", "Finn", "Dora"),
        "Eva": ("Ben", "Finn", "Gus", "Eva"),
    }
    assert sole_ties(small_map(), "Dora") == sole_ties(small_map(), "Nobody") == ()
    alone = sole_ties(small_map(knows_theirs=False), "Anna")
    assert alone == (("Dora", None), ("Eva", None))


def test_amounts_that_nobody_knows_are_not_zero():
    assert known_amount([None, Decimal(2), Decimal(3)]) == 5
    assert known_amount([None]) is known_amount([]) is None
