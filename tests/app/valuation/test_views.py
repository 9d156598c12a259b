"""Pages: what they show, what they say when there is nothing, and in how many queries."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from tests.factories.accounts import account
from tests.factories.people import user
from tests.factories.valued import book, conducted_valuation, valuation, worth

from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.runs.models import Run
from openkam.app.runs.terms import RunStatus

pytestmark = pytest.mark.django_db


def text_of(client, name: str, *args: object, **asked: str) -> str:
    answer = client.get(reverse(f"valuation:{name}", args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_room_says_what_to_do_next(head: User, signed_in):
    assert "Value all accounts" in text_of(signed_in(head), "portfolio")
    assert "An analyst or the head" in text_of(signed_in(user(Role.MANAGER)), "portfolio")
    assert "Nobody loses money" in text_of(signed_in(head), "losses")
    assert "No pool yet" in text_of(signed_in(head), "rates")
    assert signed_in(head).get(reverse("valuation:basis")).status_code == 404


def test_a_failed_valuation_is_said_on_the_page(head: User, signed_in):
    Run.objects.create(kind="valuation", title="Valuation", status=RunStatus.FAILED, failure="No rate of JPY.", requested_by=head)
    text = text_of(signed_in(head), "portfolio")
    assert "The last valuation failed." in text
    assert "No rate of JPY." in text


def test_pages_of_a_valuation(home: Path, head: User, signed_in):
    made = conducted_valuation(home, head)
    client = signed_in(head)
    text = text_of(client, "portfolio", top="10")
    for words in ("Whale curve", "Giant", "Concentration", "If the largest left", "could not be computed"):
        assert words in text
    text = text_of(client, "losses")
    for words in ("Giant", "Cash now", "Capacity freed", "Raise prices", "Larger orders"):
        assert words in text
    text = text_of(client, "account", made.worths.get(name="Giant").account_id)
    for words in (
        "From sales to contribution",
        "Lifetime value",
        "Rhythm of orders",
        "Receivables",
        "What would help",
        "viewBox",
    ):
        assert words in text
    text = text_of(client, "basis")
    for words in ("Purchase model", "Settings", "Not computed"):
        assert words in text


def test_what_is_missing_is_shown_as_missing_and_never_as_zero(head: User, signed_in):
    made = valuation(not_computed=[{"part": "lifetime value", "reason": "No purchase model can be told."}])
    row = worth(
        made,
        account("Bare"),
        None,
        lifetime_reason="No purchase model can be told.",
        owed=None,
        owed_not_due=None,
        recent_orders=[],
    )
    text = text_of(signed_in(head), "account", row.account_id).split("<main")[1]
    assert "No purchase model can be told." in text
    assert "Its contribution is not known." in text
    assert "The ledger keeps no invoices of it." in text
    assert "It has no order yet" in text
    assert ">0<" not in text


def test_a_segment_of_enough_accounts_stands_beside_the_ladder(head: User, signed_in):
    medians = [
        {"segment": "", "account_count": 50, "shares": {"net_invoice": 1.0, "cm1": 0.4}},
        {"segment": "Shops", "account_count": 9, "shares": {"net_invoice": 1.0, "cm1": 0.25}},
    ]
    made = valuation(medians=medians)
    shop = worth(made, account("Shop"), 100, segment="Shops", ledger_account="1")
    rare = worth(made, account("Rare"), 100, segment="Only one", ledger_account="2")
    client = signed_in(head)
    text = text_of(client, "account", shop.account_id)
    assert "middle of 9 in Shops" in text
    assert "25.0" in text
    assert "middle of all accounts that bought" in text_of(client, "account", rare.account_id)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("portfolio", 5), ("losses", 5), ("basis", 3), ("rates", 5)])
def test_pages_take_as_many_queries_for_three_rows_as_for_one(
    head: User, signed_in, django_assert_num_queries, *, name: str, queries: int, count: int
):
    book(head)
    made = valuation()
    for number in range(count):
        worth(made, account(), Decimal(-5 - number))
    client = signed_in(head)
    with django_assert_num_queries(queries):
        text_of(client, name)


@pytest.mark.parametrize("count", [1, 3])
def test_an_account_takes_as_many_queries_with_others_beside_it(head: User, signed_in, django_assert_num_queries, count: int):
    made = valuation()
    rows = [worth(made, account(), Decimal(-5)) for _ in range(count)]
    client = signed_in(head)
    with django_assert_num_queries(10):
        text_of(client, "account", rows[0].account_id)
