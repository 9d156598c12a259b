"""Rates are kept as books: each change tried first, checked against the others, and the older ones stay."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from tests.factories.valued import book

from openkam.analytics.terms import OpenKamError
from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.valuation.models import PoolRate, RateBook, TimeEquation
from openkam.app.valuation.operations.rates import RateEdit, save_rates, try_rates
from openkam.app.valuation.queries.rates import latest_book, rates_of, service_rates
from openkam.app.valuation.terms import RefusedError

pytestmark = pytest.mark.django_db
POOL = {"pool": "Desk", "cost": "3000", "capacity": "50", "capacity_unit": "hours", "per_months": "1", "valid_from": "2022-01-01"}


def test_a_pool_counted_in_hours_is_what_it_is_in_minutes(head: User):
    made = book(head)
    rate = service_rates(rates_of(made)).model.rates[0]
    assert (rate.practical_minutes, rate.cost_per_minute) == (Decimal(6000), Decimal(1))


def test_a_later_entry_ends_the_one_before_it_and_the_old_book_stays(head: User):
    first = book(head)
    later = PoolRate(pool="Team", cost=Decimal(9000), capacity=Decimal(100), valid_from=date(2024, 1, 1))
    second = save_rates(actor=head, edit=RateEdit(first.pk, entry=later), reason="Wages")
    assert latest_book() == second
    assert list(second.pools.values_list("valid_from", "valid_until")) == [
        (date(2022, 1, 1), date(2023, 12, 31)),
        (date(2024, 1, 1), None),
    ]
    assert list(first.pools.values_list("valid_until", flat=True)) == [None]
    assert second.equations.count() == 1
    entry = Entry.objects.get(record_type="valuation.ratebook", record_key=str(second.pk))
    assert (entry.verb, entry.reason, entry.actor) == ("changed rates", "Wages", head)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            PoolRate(pool="Team", cost=1, capacity=1, valid_from=date(2022, 1, 1)),
            "hold on 1\N{NO-BREAK SPACE}Jan\N{NO-BREAK SPACE}2022",
        ),
        (TimeEquation(activity="a", pool="None such", minutes="5", valid_from=date(2022, 1, 1)), "has no rate"),
        (TimeEquation(activity="a", pool="Team", minutes="__import__('os')", valid_from=date(2022, 1, 1)), "number is needed"),
        (PoolRate(pool="B", cost=1, capacity=1, valid_from=date(2022, 2, 1), valid_until=date(2022, 1, 1)), "swap the two days"),
    ],
)
def test_entries_that_contradict_each_other_are_refused(head: User, entry: PoolRate | TimeEquation, words: str):
    made = book(head)
    for act in (try_rates, save_rates):
        with pytest.raises(RefusedError, match=words):
            act(actor=head, edit=RateEdit(made.pk, entry=entry))
    assert RateBook.objects.count() == 1


def test_what_looks_like_a_day_and_is_none_is_left_as_it_was_written():
    assert str(RefusedError.of(OpenKamError("Part 2024-99-01 of 2024-03-05."))) == (
        "Part 2024-99-01 of 5\N{NO-BREAK SPACE}Mar\N{NO-BREAK SPACE}2024."
    )


def test_a_change_of_a_book_that_is_no_longer_in_force_is_refused(head: User):
    first = book(head)
    book(head)
    with pytest.raises(RefusedError, match="changed meanwhile"):
        save_rates(actor=head, edit=RateEdit(first.pk, replaces=first.equations.get()))


def test_a_pool_that_an_activity_draws_on_cannot_go(head: User, signed_in):
    made = book(head)
    client = signed_in(head)
    answer = client.post(reverse("valuation:remove-rate", args=["pool", made.pools.get().pk]), follow=True)
    assert "has no rate" in answer.content.decode()
    gone = client.post(reverse("valuation:remove-rate", args=["activity", made.equations.get().pk]))
    assert gone.status_code == 302
    assert latest_book().equations.count() == 0


def test_the_page_shows_what_it_does_before_it_keeps_it(head: User, signed_in):
    client = signed_in(head)
    address = reverse("valuation:add-rate", args=["pool"])
    tried = client.post(address, POOL)
    assert "Nothing was valued yet" in tried.content.decode()
    assert "Keep it" in tried.content.decode()
    assert not RateBook.objects.exists()
    assert client.post(address, POOL | {"save": "1"}).status_code == 302
    kept = PoolRate.objects.get()
    assert (kept.pool, kept.cost, kept.book.change) == (
        "Desk",
        Decimal(3000),
        "Desk from 1\N{NO-BREAK SPACE}Jan\N{NO-BREAK SPACE}2022",
    )
    page = client.get(reverse("valuation:rates")).content.decode()
    assert "Desk" in page
    activity = {
        "activity": "order",
        "pool": "Desk",
        "minutes": "8 + 3 * lines",
        "step": "order and logistics",
        "valid_from": "2022-01-01",
    }
    sent = activity | {"book": str(kept.book_id), "is_per_document": "on", "save": "1"}
    assert client.post(reverse("valuation:add-rate", args=["activity"]), sent).status_code == 302
    assert service_rates(rates_of(latest_book())).document_activities == ("order",)


def test_a_wrong_form_says_where(head: User, signed_in):
    answer = signed_in(head).post(reverse("valuation:add-rate", args=["pool"]), POOL | {"capacity": "0"})
    assert answer.status_code == 422
    assert not RateBook.objects.exists()
    assert signed_in(head).get(reverse("valuation:add-rate", args=["nonsense"])).status_code == 404
    assert signed_in(head).get(reverse("valuation:rate", args=["pool", 999])).status_code == 404
