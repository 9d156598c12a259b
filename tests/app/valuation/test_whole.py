"""What accounts are worth together: kept by the run, read in a fixed number of queries, the same as from the rows, and scoped."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Sum
from django.urls import reverse
from django.utils import timezone
from tests.factories.accounts import account
from tests.factories.people import user
from tests.factories.rounds import give
from tests.factories.valued import bridge, conducted_valuation, valuation, verdict, worth

from openkam.analytics.valuation.price_volume_mix import EFFECTS
from openkam.analytics.worth.portfolio_worth import PortfolioColumns, portfolio_worth
from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.people.terms import Role, Scope
from openkam.app.valuation.models import AccountBridge, Valuation
from openkam.app.valuation.queries.bridges import changes_page
from openkam.app.valuation.queries.mix import mix_page
from openkam.app.valuation.queries.portfolio import portfolio_page
from openkam.app.valuation.queries.scope import visible_worths

pytestmark = pytest.mark.django_db


def text_of(client, name: str, *args: object, **asked: str) -> str:
    answer = client.get(reverse(f"valuation:{name}", args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def parts(of: AccountBridge) -> int:
    return of.before + sum(getattr(of, name) for name in EFFECTS) - of.after


def test_what_the_run_keeps_is_what_the_rows_say(home: Path, head: User):
    made = conducted_valuation(home, head)
    kept = portfolio_page(head, 10)
    # An account in the bin makes the kept sums too large: then the rows are read.
    other = account("Gone")
    worth(made, other, None, net_invoice=None, lifetime_value=None, capacity_cost=None)
    other.deleted_at = timezone.now()
    other.save(update_fields=["deleted_at"])
    read = portfolio_page(head, 10)
    assert kept.found == read.found
    assert (kept.losers, kept.overdue, kept.largest) == (read.losers, read.overdue, read.largest)
    assert [row["name"] for row in kept.losers] == ["Giant"]


def test_a_person_who_sees_a_part_never_reads_the_sums_of_the_firm(home: Path, head: User):
    conducted_valuation(home, head)
    manager = user(Role.MANAGER)
    give(manager, "Small")
    mine = portfolio_page(manager, 10)
    assert mine.found is not None
    assert (mine.found.account_count, mine.band) == (1, None)
    assert mine.largest is not None
    assert mine.largest["name"] == "Small"


def test_what_a_part_shows_is_what_the_database_says_of_it(head: User):
    made, manager = valuation(), user(Role.MANAGER)
    for number, left in enumerate([700, -30, None, 5, -30, 250, -900.25, 700, 0.1, -1, -2, -3, -4, -5, -6]):
        late = {"is_overdue": number % 3 == 0, "capacity_cost": None if number == 4 else number}
        worth(made, account(f"Firm {number}", manager=manager), left, group_name="Union" if number in (0, 3) else "", **late)
    worth(made, account("Hidden", manager=user(Role.MANAGER)), -9000, is_overdue=True)
    dealt = account("Dealt with", manager=manager)
    worth(made, dealt, 80, is_overdue=True)
    verdict(manager, dealt)
    page, seen = portfolio_page(manager, 10), visible_worths(manager, made).order_by("pk")
    late = seen.filter(is_overdue=True).exclude(account=dealt)

    assert [row["account_id"] for row in page.losers] == list(
        seen.filter(contribution__lt=0).order_by("contribution", "pk").values_list("account", flat=True)[:8]
    )
    assert [row["account_id"] for row in page.overdue] == list(
        late.order_by(F("lifetime_value").desc(nulls_last=True), "pk").values_list("account", flat=True)[:8]
    )
    assert (page.overdue_count, page.overdue_value) == (5, late.aggregate(value=Sum("lifetime_value"))["value"])
    assert page.largest is not None
    assert page.largest["name"] == "Firm 0"
    rows = list(seen.values("net_invoice", "contribution", "capacity_cost", "lifetime_value", "is_overdue", "group_name"))
    names = ("net_invoice", "contribution", "capacity_cost", "lifetime_value")
    read = ([None if row[name] is None else float(str(row[name])) for row in rows] for name in names)
    flags, groups = [row["is_overdue"] for row in rows], [row["group_name"] for row in rows]
    assert page.found == portfolio_worth(PortfolioColumns(*read, flags, groups), 10)  # pyright: ignore[reportCallIssue]
    assert {row.row["name"]: row.row["contribution"] for row in page.shifts}.keys() <= {f"Firm {n}" for n in range(15)}


@pytest.mark.parametrize("count", [1, 3])
def test_a_part_takes_a_fixed_number_of_queries(signed_in, django_assert_num_queries, count: int):
    made, manager = valuation(), user(Role.MANAGER)
    for _ in range(count):
        worth(made, account(manager=manager), Decimal(-7), is_overdue=True)
    client = signed_in(manager)
    with django_assert_num_queries(5):
        text_of(client, "portfolio")


@pytest.mark.parametrize("count", [1, 3])
def test_the_kept_portfolio_takes_a_fixed_number_of_queries(
    home: Path, head: User, signed_in, django_assert_num_queries, count: int
):
    made = conducted_valuation(home, head)
    for _ in range(count):
        worth(made, account(), Decimal(-7))
    client = signed_in(head)
    with django_assert_num_queries(10):
        text_of(client, "portfolio")


def test_bridges_are_stored_whole_and_sum_exactly(home: Path, head: User, signed_in):
    made = conducted_valuation(home, head)
    rows = list(AccountBridge.objects.filter(valuation=made))
    assert {row.of for row in rows} == {"net sales", "contribution"}
    assert [parts(row) for row in rows] == [0] * len(rows)
    giant = next(row for row in rows if row.name == "Giant" and row.of == "net sales")
    assert giant.after == 540_000 * 10_000
    text = text_of(signed_in(head), "account", giant.account_id)
    assert "Net sales against a year ago" in text
    assert "In the 12 months to 31\N{NO-BREAK SPACE}Dec\N{NO-BREAK SPACE}2023" in text
    assert "Contribution against a year ago" in text


def test_the_bridge_of_all_is_of_what_the_person_sees(head: User, signed_in):
    made = valuation()
    manager, other = user(Role.MANAGER), user(Role.MANAGER)
    bridge(made, account("Own Firm", manager=manager), before=100, after=130, price=10)
    bridge(made, account("Hidden Firm", manager=other), before=1000, after=900, lost_sites=-50)
    bridge(made, None, before=0, after=7, new_accounts=7)
    mine, whole = changes_page(manager, ""), changes_page(head, "net sales")
    assert mine.panel is not None
    assert whole.panel is not None
    assert [(one.name, one.amount) for one in mine.panel.stairs] == [
        ("before", 100),
        ("price", 10),
        ("volume", 20),
        ("after", 130),
    ]
    assert (whole.panel.stairs[0].amount, whole.panel.stairs[-1].amount) == (1100, 1037)
    assert [row.name for row in whole.rows] == ["Hidden Firm", "Own Firm", "Nobody's"]
    line = whole.rows[0].line
    assert line.before + line.price + line.volume + line.mix + line.rest == line.after
    text = text_of(signed_in(manager), "changes")
    assert "Own Firm" in text
    assert "Hidden Firm" not in text
    assert "There is nothing to compare" in text_of(signed_in(manager), "changes", of="contribution")


@pytest.mark.parametrize("count", [1, 3])
def test_the_changes_take_as_many_queries_for_three_accounts(head: User, signed_in, django_assert_num_queries, count: int):
    made = valuation()
    for _ in range(count):
        bridge(made, account())
    client = signed_in(head)
    with django_assert_num_queries(6):
        text_of(client, "changes")


def test_the_database_refuses_to_change_a_bridge(head: User):
    row = bridge(valuation(), account())
    for act in (lambda: AccountBridge.objects.update(price=1), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert AccountBridge.objects.get().price == 0
    assert connection.vendor in ("sqlite", "postgresql")


MIX = {
    "segments": ["Shops", "Hotels"],
    "months": 30,
    "largest_shift": 0.05,
    "today": {"weights": [0.6, 0.4], "mean": 0.3, "deviation": 0.1},
    "same_return": {"weights": [0.62, 0.38], "mean": 0.3, "deviation": 0.09},
    "mixes": [
        {"weights": [0.65, 0.35], "mean": 0.28, "deviation": 0.08},
        {"weights": [0.55, 0.45], "mean": 0.32, "deviation": 0.12},
    ],
    "shrinkage": 0.2,
    "is_thin": False,
    "margins": [30.0, 20.0],
    "beta": [0.4, 0.6],
    "reward": [75.0, None],
}


def test_the_mix_is_for_who_sees_the_whole_firm(head: User, signed_in):
    valuation(mix=MIX)
    text = text_of(signed_in(head), "mix")
    for words in ("Efficient mixes near today", "Shops", "62.0", "Hotels"):
        assert words in text
    narrow = user(Role.HEAD, scope=Scope.OWN)
    assert mix_page(narrow).mix is None
    text = text_of(signed_in(narrow), "mix")
    assert "Shops" not in text
    assert "sum of the whole firm" in text


def test_a_mix_that_cannot_be_told_says_why(home: Path, head: User, signed_in):
    assert "Nothing is valued yet" in text_of(signed_in(head), "mix")
    conducted_valuation(home, head)
    made = Valuation.objects.get()
    reasons = {one["part"]: one["reason"] for one in made.not_computed}
    assert made.mix is None
    assert reasons["risk and return of the mix"] in text_of(signed_in(head), "mix").replace("&#x27;", "'")
    assert "band of the whale curve" in reasons


def test_the_band_is_drawn_and_told_in_the_table(head: User, signed_in, home: Path):
    made = conducted_valuation(home, head)
    interval = {"lower": 1.2, "middle": 1.3, "upper": 1.4, "confidence": 0.9}
    shares = [0.0, 0.5, 1.0]
    band = {
        "shares": shares,
        "lower": [0.0, 1.1, 1.0],
        "middle": [0.0, 1.2, 1.0],
        "upper": [0.0, 1.3, 1.0],
        "is_in_percent": True,
    }
    band |= dict.fromkeys(("peak_share", "peak_at_share", "total", "value_at_risk"), interval) | {"share_positive": 1.0}
    fields = {
        one.name: getattr(made, one.name) for one in Valuation._meta.concrete_fields if one.name not in ("id", "run", "digest")
    }
    again = valuation(**fields | {"band": band})
    for row in made.worths.all():
        row.pk, row.valuation = None, again
        row.save(force_insert=True)
    text = text_of(signed_in(head), "portfolio")
    assert "90% of redrawn measurements peak at 120" in text
    assert "Band from" in text
    manager = user(Role.MANAGER)
    Account.objects.update(manager=manager)
    assert "Band from" not in text_of(signed_in(manager), "portfolio")


def test_transfer_prices_are_said_on_the_page_where_they_are_eliminated(head: User, signed_in):
    units = [{"source": "plant", "customer_key": "S9", "unit": "shop"}]
    made = valuation(own_units=units, internal_sales=Decimal("160.00"))
    worth(made, account("Own Firm", manager=None), 5)
    assert "Transfer prices are eliminated" in text_of(signed_in(head), "portfolio")
    text = text_of(signed_in(head), "basis")
    assert "S9 in the ledger of plant is our unit shop" in text
    assert "160" in text
    assert "S9" not in text_of(signed_in(user(Role.HEAD, scope=Scope.OWN)), "basis")


def test_renewals_are_fitted_on_the_page_with_the_published_answer(head: User, signed_in):
    client = signed_in(head)
    assert "The ledger keeps no contracts" in text_of(client, "contracts")
    text = text_of(client, "contracts", cohorts="1000, 631, 468, 382, 326, 289, 262, 241", discount_percent="10")
    assert "0.704" in text
    assert "1.182" in text
    for cohorts, words in (("100, 200", "may only become fewer"), ("a b", "Write whole numbers"), ("100, 100", "has cancelled")):
        answer = client.get(reverse("valuation:contracts"), {"cohorts": cohorts, "discount_percent": "10"})
        assert answer.status_code == 422
        assert words in answer.content.decode()
