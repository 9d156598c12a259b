"""The demo's people, accounts, round and decisions."""

from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from django.utils import timezone
from tests.factories.planted import AS_OF, PROGRAMME, planted_ledger

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.review.conduct import conduct_review
from openkam.analytics.review.review import Review
from openkam.analytics.selection.programme import Programme
from openkam.app.accounts.models import Account, Share
from openkam.app.cockpit.operations.demo import fill_demo
from openkam.app.cockpit.operations.demo_value import ACTIVITIES, POOLS
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.relationships.models import Contact, Interaction
from openkam.app.relationships.queries.dialogue import dialogue_of
from openkam.app.runs.models import Run
from openkam.app.selection.models import Candidate, Decision, KeyStatus, Round
from openkam.app.valuation.models import RebateSchedule, RebateTurnover, Valuation
from openkam.app.valuation.terms import VALUATION_KIND

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewed(tmp_path: Path, settings) -> tuple[Ledger, Review, Programme]:
    settings.OPENKAM_HOME = tmp_path
    ledger = planted_ledger(tmp_path / "ledger")
    programme = Programme.parse(PROGRAMME)
    return ledger, conduct_review(ledger, programme, as_of=AS_OF), programme


def test_the_demo_gets_its_people_and_every_account_of_the_review_once(reviewed):
    ledger, review, programme = reviewed
    first, second = (fill_demo(ledger=ledger, review=review, programme=programme) for _ in range(2))
    assert first == second
    assert first.role == Role.ADMINISTRATOR
    roles = set(User.objects.values_list("role", flat=True))
    assert roles == {Role.ADMINISTRATOR, Role.HEAD, Role.ANALYST, Role.TEAM_MEMBER, Role.READ_ONLY}
    assert Account.objects.count() == len(review.accounts)


def test_the_demos_round_is_the_review_itself_and_is_decided_in_part(reviewed):
    ledger, review, programme = reviewed
    fill_demo(ledger=ledger, review=review, programme=programme)
    made = Round.objects.get()
    assert (made.programme_digest, made.ledger_version, made.as_of_on) == (programme.digest, review.ledger_version, review.as_of)
    chosen = {row["account"] for row in review.accounts.to_pylist() if row["is_selected"]}
    stored = Candidate.objects.filter(scenario__round=made, is_selected=True)
    assert set(stored.values_list("ledger_account", flat=True)) == chosen
    assert Decision.objects.exists()
    assert {decision.decided_by.role for decision in Decision.objects.all()} == {Role.HEAD}
    assert all(status.from_on > review.as_of for status in KeyStatus.objects.all())


def test_the_demos_accounts_are_valued_once_under_illustrative_rates(reviewed):
    ledger, review, programme = reviewed
    for _ in range(2):
        fill_demo(ledger=ledger, review=review, programme=programme)
    made = Valuation.objects.get()
    assert (made.currency, made.as_of_on, made.account_count) == (review.currency, review.as_of, len(review.accounts))
    assert made.book is not None
    assert made.book.is_illustrative
    assert set(made.worths.values_list("account", flat=True)) == set(Account.objects.values_list("pk", flat=True))


def test_within_the_year_the_demos_rates_are_those_of_the_samples_programme():
    """So a round and a valuation of the sample company tell the same cost to serve."""
    sample = Programme.parse((files("openkam.analytics.sample") / "programme.toml").read_text(encoding="utf-8"))
    end = date(2016, 5, 31)
    rates = {
        pool: Decimal(cost) / Decimal(hours) / 60
        for pool, cost, hours, first, last in POOLS
        if first <= date(2015, 6, 1) and (last is None or last >= end)
    }
    assert len(rates) == len({pool for pool, *_ in POOLS})
    book = {activity: (float(minutes), float(rates[pool])) for activity, pool, minutes, _ in ACTIVITIES}
    assert book == {activity: pytest.approx(rate) for activity, rate in sample.service_rates.items()}


def test_one_of_the_demos_accounts_has_an_illustrative_rebate_and_a_run_is_to_look_ahead(reviewed):
    ledger, review, programme = reviewed
    for _ in range(2):
        fill_demo(ledger=ledger, review=review, programme=programme)
    schedule = RebateSchedule.objects.get()
    assert "illustrative" in schedule.name
    assert schedule.starts_on <= AS_OF <= schedule.ends_on
    assert RebateTurnover.objects.get().schedule == schedule
    assert Run.objects.filter(kind=VALUATION_KIND).count() == 1


def test_the_demos_reader_sees_what_is_proposed_and_its_team_works_on_it(reviewed):
    ledger, review, programme = reviewed
    fill_demo(ledger=ledger, review=review, programme=programme)
    proposed = set(Candidate.objects.filter(is_selected=True).values_list("account", flat=True))
    assert set(Share.objects.filter(user__role=Role.READ_ONLY).values_list("account", flat=True)) == proposed
    assert set(Account.objects.exclude(team=None).values_list("pk", flat=True)) == proposed


def test_two_key_accounts_have_illustrative_relations_and_one_is_a_monologue(reviewed):
    ledger, review, programme = reviewed
    for _ in range(2):
        fill_demo(ledger=ledger, review=review, programme=programme)
    administrator = User.objects.get(role=Role.ADMINISTRATOR)
    related = Account.objects.filter(pk__in=Interaction.objects.values("account"))
    told = [dialogue_of(administrator, account, timezone.now()) for account in related]

    assert sorted(one.sentence.partition(":")[0] for one in told) == ["A dialogue", "A monologue"]
    assert [(one.out, one.back) for one in told if one.sentence.startswith("A monologue")] == [(41, 4)]
    assert all(contact.name.endswith("(illustrative)") for contact in Contact.objects.all())
    assert Contact.objects.count() == 8
