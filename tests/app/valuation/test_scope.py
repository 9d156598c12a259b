"""Whoever does not see an account finds it nowhere: not in lists, charts, sums, ranks, levers, previews."""

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import account
from tests.factories.people import user
from tests.factories.rounds import give
from tests.factories.valued import book, conducted_valuation, valuation, worth

from openkam.app.people.models import User
from openkam.app.people.terms import Role, Scope
from openkam.app.valuation.models import AccountWorth, PoolRate
from openkam.app.valuation.operations.rates import RateEdit, save_rates, try_rates
from openkam.app.valuation.queries.account_worth import account_worth
from openkam.app.valuation.queries.basis import basis
from openkam.app.valuation.queries.losses import losses_page
from openkam.app.valuation.queries.portfolio import portfolio_page
from openkam.app.valuation.queries.rates import latest_book, rates_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return user(Role.MANAGER)


@pytest.fixture
def stored(manager: User) -> dict[str, AccountWorth]:
    """A valuation of one's own account at a loss, a colleague's two, and one without a record."""
    made = valuation(account_count=4, pools=[{"pool": "Team"}], beneath={"unused": 7.0}, holdouts=[{"what": "x"}], notes=["n"])
    other = user(Role.MANAGER)
    own, giant, loser = (
        account("Own Firm", manager=manager),
        account("Giant", manager=other),
        account("Hidden Loser", manager=other),
    )
    return {
        "own": worth(made, own, -10, is_overdue=True, sales_rank=3, margin_rank=3),
        "giant": worth(made, giant, 5000, is_overdue=True),
        "loser": worth(made, loser, -900),
        "nobody": worth(made, None, 70),
    }


def test_the_portfolio_and_its_sums_are_of_what_the_person_sees(stored: dict[str, AccountWorth], manager: User, head: User):
    mine, whole = portfolio_page(manager, 10), portfolio_page(head, 10)
    assert mine.found is not None
    assert whole.found is not None
    assert (mine.found.account_count, mine.found.contribution, mine.found.overdue_count) == (1, -10, 1)
    assert (whole.found.account_count, whole.found.contribution, whole.found.overdue_count) == (4, 4160, 2)
    assert [row["name"] for row in mine.losers] == ["Own Firm"]
    assert [row["name"] for row in whole.losers] == ["Hidden Loser", "Own Firm"]
    assert mine.largest is not None
    assert mine.largest["name"] == "Own Firm"


def test_levers_are_of_the_accounts_that_the_person_sees(stored: dict[str, AccountWorth], manager: User, head: User):
    assert [line.worth.name for line in losses_page(manager, "1").lines] == ["Own Firm"]
    assert [line.worth.name for line in losses_page(head, "1").lines] == ["Hidden Loser", "Own Firm"]


def test_what_is_in_the_bin_is_not_shown_even_to_who_sees_all(stored: dict[str, AccountWorth], head: User):
    binned = stored["giant"].account
    assert binned is not None
    binned.deleted_at = valuation().made_at
    binned.save(update_fields=["deleted_at"])
    AccountWorth.objects.create(valuation=valuation(), ledger_account="x", name="x")
    made = valuation()
    worth(made, binned, 9)
    assert portfolio_page(head, 10).found.account_count == 0  # pyright: ignore[reportOptionalMemberAccess]


def test_a_colleagues_account_has_no_panel_and_no_page(stored: dict[str, AccountWorth], manager: User, signed_in):
    giant = stored["giant"].account
    assert giant is not None
    assert account_worth(manager, giant) is None
    assert signed_in(manager).get(reverse("valuation:account", args=[giant.pk])).status_code == 404


def test_no_page_names_a_colleagues_account(stored: dict[str, AccountWorth], manager: User, signed_in):
    client: Client = signed_in(manager)
    own = stored["own"].account_id
    for address in [reverse(f"valuation:{name}") for name in ("portfolio", "losses", "basis")] + [
        reverse("valuation:account", args=[own])
    ]:
        text = client.get(address).content.decode()
        assert [name for name in ("Giant", "Hidden Loser", "Nobody") if name in text] == [], address
    shown = signed_in(user(Role.HEAD)).get(reverse("valuation:portfolio")).content.decode()
    assert "Hidden Loser" in shown


def test_sums_of_the_firm_are_for_who_sees_all_of_it(stored: dict[str, AccountWorth], manager: User, head: User):
    mine, whole = basis(manager), basis(head)
    assert (mine.pools, mine.beneath, mine.holdouts, mine.notes) == ((), (), (), ())
    assert whole.pools
    assert whole.beneath
    assert whole.holdouts
    narrow = user(Role.HEAD, scope=Scope.OWN)
    assert not basis(narrow).beneath


@pytest.mark.parametrize("role", [Role.MANAGER, Role.TEAM_MEMBER, Role.READ_ONLY])
def test_rates_are_closed_to_who_conducts_no_reviews(role: Role, head: User, signed_in):
    book(head)
    person = user(role)
    with pytest.raises(PermissionDenied):
        rates_page(person)
    client: Client = signed_in(person)
    for address in (
        reverse("valuation:rates"),
        reverse("valuation:start"),
        reverse("valuation:add-rate", args=["pool"]),
        reverse("valuation:rate", args=["pool", PoolRate.objects.get().pk]),
    ):
        assert client.get(address).status_code == 403, address


def test_an_analyst_reads_rates_and_changes_none(head: User, signed_in):
    made = book(head)
    analyst = user(Role.ANALYST)
    assert rates_page(analyst).book == made
    edit = RateEdit(made.pk, replaces=made.equations.get())
    for act in (try_rates, save_rates):
        with pytest.raises(PermissionDenied):
            act(actor=analyst, edit=edit)
    assert latest_book() == made
    client: Client = signed_in(analyst)
    assert client.get(reverse("valuation:add-rate", args=["pool"])).status_code == 403
    assert "Change" not in client.get(reverse("valuation:rates")).content.decode().split("<main")[1]


def test_a_preview_names_and_counts_only_seen_accounts(home: Path, head: User):
    conducted_valuation(home, head)
    narrow = user(Role.HEAD, scope=Scope.OWN)
    give(narrow, "Small")
    dear = book(head, monthly_cost="0")
    pool = PoolRate(
        pool="Team", cost=10**7, capacity=100, capacity_unit="hours", per_months=1, valid_from=dear.pools.get().valid_from
    )
    edit = RateEdit(dear.pk, replaces=dear.pools.get(), entry=pool)
    whole, mine = try_rates(actor=head, edit=edit), try_rates(actor=narrow, edit=edit)
    assert whole is not None
    assert mine is not None
    assert {line.name for line in whole.lines} == {"Steady", "Second", "Small"}
    assert (whole.fall_count, whole.rise_count, whole.changed_count) == (3, 0, 4)
    assert ([line.name for line in mine.lines], mine.fall_count, mine.changed_count) == (["Small"], 1, None)
