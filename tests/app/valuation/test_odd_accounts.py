"""Facts that no model expects: each has a defined result on the account's page of value, not a blank, an error or a zero in its place."""

import html
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from tests.factories.accounts import account
from tests.factories.planted import AS_OF, IMPORTED_AT, SOURCE, as_rows
from tests.factories.valued import looked_ahead

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.terms import OpenKamError
from openkam.app.accounts.models import Account, AccountKey
from openkam.app.people.models import User
from openkam.app.valuation.models import Valuation
from openkam.app.valuation.operations.valuations import Asked, conduct_valuation

pytestmark = pytest.mark.django_db
LATER = AS_OF + timedelta(days=20)
ORDERS: dict[str, list[tuple[date, int]]] = {
    "one order": [(date(2023, 6, 1), 100)],
    "none": [],
    "all on one day": [(date(2023, 6, 1), 100), (date(2023, 6, 1), 50), (date(2023, 6, 1), 25)],
    "negative totals": [(date(2023, 3, 1), -80), (date(2023, 8, 1), -20)],
    "refunds above sales": [(date(2023, 2, 1), 100), (date(2023, 5, 1), 60), (date(2023, 9, 1), -300)],
    "future orders": [(LATER, 500)],
    "steady": [(date(2022, 1, 15) + timedelta(days=30 * n), 400) for n in range(24)],
}
NOTHING = (
    "It has bought nothing up to 31 Dec 2023", "Nothing was sold in the period", "It has no order yet",
    "They cannot be told It has bought nothing that could be carried on", "No margin of it is known",
)  # fmt: skip
THIN = "Thin: 0 gaps, so all accounts' rhythm stands in"
WORDS: dict[str, tuple[str, ...]] = {
    "one order": ("Contribution 50 EUR on CM1", THIN, "Thin: it bought in 1 of the last 12 months", "No season yet", "New accounts +100"),
    "none": NOTHING,
    "all on one day": ("Contribution 87.50 EUR on CM1", THIN, "P 175 0 3 0", "No season yet"),
    "negative totals": (
        "Contribution −50 EUR on CM1", "Net invoice −100", "Raise prices: nothing to gain", "It has no order yet", "P −100 0 −2 0",
        "No margin of it is known", "No season yet",
    ),
    "refunds above sales": (
        "Contribution −70 EUR on CM1", "Net invoice −140", "P −140 0 1 0", "No season yet", "nobody knows how sure the interval is",
        "No margin of it is known",
    ),
    "future orders": NOTHING,
    "steady": ("Contribution 2.40 k EUR on CM1", "Overdue from 6 Jan 2024", "Most is bought in Jan", "+11.1 % volume"),
}  # fmt: skip
NEVER_ORDERED = ("none", "negative totals", "future orders")


@pytest.fixture
def odd(home: Path, head: User) -> dict[str, Account]:
    """The odd accounts of one ledger, valued and looked ahead."""
    ledger = Ledger.open(home / "ledger")
    customers = [{"customer_key": name, "name": name.capitalize()} for name in ORDERS]
    lines = [
        {"transaction_key": f"{name}-{number}", "customer_key": name, "transacted_on": day, "product_key": "P"}
        | {"line_type": "sale" if net > 0 else "return", "net_amount": Decimal(net), "cost_amount": Decimal(net) / 2}
        | {"quantity": Decimal(1 if net > 0 else -1), "currency": "EUR"}
        for name, orders in ORDERS.items()
        for number, (day, net) in enumerate(orders)
    ]
    for table, rows in (("customers", customers), ("transactions", lines)):
        ledger.append(table, as_rows(table, rows), source=SOURCE, imported_at=IMPORTED_AT)
    found = {name: account(name.capitalize()) for name in ORDERS}
    for name, one in found.items():
        AccountKey.objects.create(account=one, source=SOURCE, customer_key=name, ledger_account=name)
    made = conduct_valuation(actor=head, run_id=None, asked=Asked(as_of_on=AS_OF), tell=lambda _: None)
    looked_ahead(made, head)
    return found


def test_each_odd_account_has_a_defined_result_on_its_page(odd: dict[str, Account], head: User, signed_in):
    client = signed_in(head)
    for name, one in odd.items():
        answer = client.get(reverse("valuation:account", args=[one.pk]), {"price": "-5"})
        assert answer.status_code == 200
        page = re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.content.decode().split("<main")[1], flags=re.S)
        text = " ".join(html.unescape(page).replace("\N{NO-BREAK SPACE}", " ").split())
        missing = [words for words in WORDS[name] if words not in text]
        assert not missing, f"{name}: {missing} in {text}"
        assert "It cannot be told The ledger keeps fewer than five invoices" in text
        assert not re.search(r"\b(nan|inf|NaN)\b", text)
        assert ("Last order" in text) == (name not in NEVER_ORDERED)


def test_odd_accounts_together_have_defined_results_on_every_page_of_the_portfolio(
    odd: dict[str, Account], head: User, signed_in
):
    words = {
        "portfolio": ("7 accounts.", "Given back below zero 120 EUR", "2 accounts, with levers", "If the largest left: Steady"),
        "losses": ("Negative totals", "Refunds above sales"),
        "changes": ("Steady",),
        "ahead": ("Net sales of the months ahead",),
        "alerts": (),
        "volume": (),
        "basis": ("Settings",),
    }
    for name, expected in words.items():
        answer = signed_in(head).get(reverse(f"valuation:{name}"))
        assert answer.status_code == 200
        page = re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.content.decode().split("<main")[1], flags=re.S)
        text = " ".join(html.unescape(page).replace("\N{NO-BREAK SPACE}", " ").split())
        assert not [one for one in expected if one not in text], f"{name}: {text}"
        assert not re.search(r"\b(nan|inf|NaN)\b", text)
    assert Valuation.objects.get().notes


def test_a_currency_without_a_rate_is_named_and_nothing_is_valued(home: Path, head: User):
    line = {"transaction_key": "1", "customer_key": "a", "transacted_on": date(2023, 6, 1), "line_type": "sale"}
    lines = [
        line | {"net_amount": Decimal(5), "currency": code, "line_number": number} for number, code in enumerate(("EUR", "JPY"))
    ]
    Ledger.open(home / "ledger").append("transactions", as_rows("transactions", lines), source=SOURCE, imported_at=IMPORTED_AT)
    with pytest.raises(OpenKamError, match="JPY"):
        conduct_valuation(actor=head, run_id=None, asked=Asked(currency="EUR"), tell=lambda _: None)
    assert not Valuation.objects.exists()
