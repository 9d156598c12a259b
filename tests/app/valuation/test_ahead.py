"""What comes, on its pages: alerts under their budget, the months ahead, service by volume, and what stands on an account's own page."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from tests.factories.accounts import account
from tests.factories.people import user
from tests.factories.valued import account_detail, conducted_valuation, firm_detail, looked_ahead, valuation, worth

from openkam.app.people.models import Organisation, User
from openkam.app.people.terms import Role, Scope
from openkam.app.valuation.models import AccountDetail, Assumptions
from openkam.app.valuation.operations.assumptions import keep_assumptions
from openkam.app.valuation.operations.valuations import Asked
from openkam.app.valuation.queries.ahead import ahead_page
from openkam.app.valuation.queries.alerts import alerts_page, own_alerts
from openkam.app.valuation.queries.assumptions import assumptions_on
from openkam.app.valuation.queries.by_volume import volume_page

pytestmark = pytest.mark.django_db


def plain(page: str) -> str:
    """A page's words without its markup."""
    return " ".join(
        re.sub(r"<[^>]+>", "", page.split("<main")[1]).replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ").split()
    )


def text_of(client, name: str, *args: object, status: int = 200, **asked: str) -> str:
    answer = client.get(reverse(f"valuation:{name}", args=args), asked)
    assert answer.status_code == status
    return answer.content.decode()


def test_details_are_computed_once_stored_for_good_and_shown(home: Path, head: User, signed_in):
    made = conducted_valuation(home, head)
    client = signed_in(head)
    giant = made.worths.get(name="Giant")
    before = text_of(client, "account", giant.account_id)
    assert before.count("Not computed yet") == 2
    assert "Not computed yet" in text_of(client, "ahead")
    found = looked_ahead(made, head)
    assert looked_ahead(made, head) == found
    assert AccountDetail.objects.count() == made.account_count
    text = text_of(client, "account", giant.account_id, price="-5")
    for words in ("Months ahead", "When it pays", "What it buys", "Pump", "When it buys",
                  "By which channel", "What if the price were another", "must come in addition"):  # fmt: skip
        assert words in text
    # Goods cost 70 %: at 5 % less a quarter more of what is left has to come, 5 / 25.
    assert "+20.0" in text
    assert "What it buys" in text_of(client, "account", giant.account_id)
    for words in ("Net sales of the months ahead", "not recorded", "How right it was", "When invoices are paid"):
        assert words in text_of(client, "ahead")
    assert "Would they have been right?" in text_of(client, "alerts")
    for act in (lambda: AccountDetail.objects.update(name="x"), found.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.parametrize(
    ("price", "words"), [("-95", "greater than or equal to"), ("x", "number"), ("-40", "no volume breaks even")]
)
def test_a_price_that_makes_no_sense_is_refused_in_words(head: User, signed_in, price: str, words: str):
    row = worth(valuation(), account(), 200, net_invoice=1000)
    text = text_of(signed_in(head), "account", row.account_id, price=price, status=200 if price == "-40" else 422)
    assert words in text.lower()


def test_a_manager_gets_no_more_alerts_than_the_budget_those_with_the_most_at_stake_first(head: User, signed_in):
    anna, bert = user(Role.MANAGER, name="Anna"), user(Role.MANAGER, name="Bert")
    made = valuation(settings={"period_months": 12, "alerts_per_manager_week": 2})
    for at_stake in (10, 30, 20):
        worth(made, account(f"Anna's {at_stake}", manager=anna), 1, is_overdue=True, at_stake=at_stake)
    worth(made, account("Bert's", manager=bert), 1, is_overdue=True, at_stake=5)
    worth(made, account("Left long ago", manager=bert), 1, is_overdue=True, at_stake=0)
    worth(made, account("On time", manager=bert), 1, at_stake=900)
    worth(made, None, 1, is_overdue=True, at_stake=50)
    page = alerts_page(head, "")
    assert [line.name for line in page.lines] == ["Anna's 30", "Anna's 20", "Bert's"]
    assert (page.alert_count, page.waiting_count, page.at_stake) == (3, 1, 55)
    assert [line.name for line in own_alerts(anna, 5)] == ["Anna's 30", "Anna's 20"]
    assert [line.name for line in own_alerts(anna, 1)] == ["Anna's 30"]
    own = alerts_page(bert, "")
    assert [line.name for line in own.lines] == ["Bert's"]
    text = text_of(signed_in(bert), "alerts")
    assert "Anna" not in text.split("<main")[1]
    assert "orders about every 31 days and has been silent for 30, since 1" in plain(text)


def test_an_older_valuation_says_that_it_cannot_tell_and_a_newer_one_that_nobody_is_silent(head: User, signed_in):
    client = signed_in(head)
    worth(valuation(), account(), 5, is_overdue=True, at_stake=None)
    assert "This valuation does not tell" in text_of(client, "alerts")
    worth(valuation(), account(), 5)
    assert "No order is overdue" in text_of(client, "alerts")


def test_the_back_test_is_for_who_sees_the_whole_firm(head: User, signed_in):
    made = valuation()
    firm_detail(made)
    text = plain(text_of(signed_in(head), "alerts"))
    for words in ("70 % of alerts were losses", "90 days for all", "0.61", "6 days ahead"):
        assert words in text
    for person in (user(Role.HEAD, scope=Scope.OWN), user(Role.MANAGER)):
        assert "of alerts were losses" not in text_of(signed_in(person), "alerts")
        assert alerts_page(person, "").test is None


def test_the_budget_is_a_setting_of_the_workspace(head: User):
    assert Asked().settings().alerts_per_manager_week == 3
    given = Assumptions(valid_from=date(2023, 1, 1), alerts_per_manager_week=7)
    keep_assumptions(actor=head, assumptions=given)
    assert Asked().settings(assumptions_on(date(2023, 6, 1))).alerts_per_manager_week == 7


def test_the_months_ahead_of_the_firm_are_for_who_sees_all_of_it(head: User, signed_in):
    made = valuation()
    firm_detail(made)
    gone = account("Gone")
    worth(made, gone, 5)
    assert "360" in text_of(signed_in(head), "ahead").split("<main")[1]
    for person in (user(Role.HEAD, scope=Scope.OWN), user(Role.MANAGER)):
        assert ahead_page(person).outlook is None
        assert "It is a sum of the whole firm" in text_of(signed_in(person), "ahead")
    gone.deleted_at = timezone.now()
    gone.save(update_fields=["deleted_at"])
    assert ahead_page(head).is_kept_back


def test_who_changes_sign_by_volume_is_told_of_the_accounts_that_the_person_sees(head: User, signed_in):
    manager = user(Role.MANAGER)
    made = valuation()
    for name, by_time, by_volume, owner in (
        ("Hidden loss", -40, 30, manager), ("Hidden profit", 20, -5, None), ("Loss", -9, -3, None), ("Profit", 90, 80, manager),
    ):  # fmt: skip
        fields = {"contribution_by_volume": by_volume, "service_by_volume": 20, "capacity_cost": 5}
        worth(made, account(name, manager=owner), by_time, **fields)
    worth(made, account("Unknown"), None)
    page = volume_page(head)
    assert [row["name"] for row in page.losses] == ["Hidden loss"]
    assert [row["name"] for row in page.profits] == ["Hidden profit"]
    assert (page.compared_count, page.by_time, page.by_volume) == (4, 20, 80)
    mine = volume_page(manager)
    assert (mine.compared_count, list(mine.profits)) == (2, [])
    text = text_of(signed_in(manager), "volume")
    assert "Hidden loss" in text
    assert "Hidden profit<" not in text.split("<main")[1].replace("<h2", "")
    assert "Nothing is valued yet" not in text


def test_an_accounts_months_stand_beside_the_last_years_and_say_how_sure_they_are(head: User, signed_in):
    made = valuation()
    firm_detail(made)
    row = worth(made, account(), 200)
    account_detail(row)
    text = plain(text_of(signed_in(head), "account", row.account_id))
    assert "360 EUR expected; 300 in the same months of the year before" in text
    assert "sales with months between, in uneven amounts, carried on by Croston's method".replace("'", "&#x27;") in text
    assert (
        "Of 7 of them, measured on months that were unseen, 77 % of months lay inside the interval that should hold 80 %" in text
    )
    assert "8 invoices, 2 still open; half are paid after 10 days" in text


def test_nothing_valued_is_said_on_every_page(head: User, signed_in):
    for name in ("alerts", "ahead", "volume"):
        assert "Nothing is valued yet" in text_of(signed_in(head), name)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("alerts", 7), ("ahead", 5), ("volume", 10), ("account", 11)])
def test_pages_of_what_comes_take_as_many_queries_for_three_accounts_as_for_one(
    head: User, signed_in, django_assert_num_queries, *, name: str, queries: int, count: int
):
    made = valuation()
    firm_detail(made)
    for number in range(count):
        row = worth(
            made, account(), -5 - number, is_overdue=True, contribution_by_volume=Decimal(3), service_by_volume=Decimal(1)
        )
        account_detail(row)
    client = signed_in(head)
    with django_assert_num_queries(queries):
        text_of(client, name, *([row.account_id] if name == "account" else []))


@pytest.mark.parametrize(("week_start", "begins"), [(0, "25 Dec 2023"), (5, "30 Dec 2023"), (6, "31 Dec 2023")])
def test_the_week_of_the_budget_begins_as_the_organisation_says(head: User, signed_in, week_start: int, begins: str):
    Organisation.objects.create(name="Firm", currency="EUR", week_start=week_start)
    worth(valuation(), account(), 5, is_overdue=True)
    assert f"1 silence is worth a call in the week from {begins}, with" in plain(text_of(signed_in(head), "alerts"))
