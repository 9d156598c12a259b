"""Pages take as many queries for three rows as for one."""

from datetime import date

import pytest
from django.urls import reverse
from tests.factories.people import user
from tests.factories.rounds import baseline, candidate, give

from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.selection.models import Round
from openkam.app.selection.operations.decisions import Verdict, decide
from openkam.app.selection.operations.scenarios import try_constraints
from openkam.app.selection.terms import Choice

DAY = date(2024, 1, 1)
ROWS = [["Steady"], ["Steady", "Second", "Small"]]


def decided(made: Round, head: User, names: list[str]) -> None:
    for name in names:
        found = candidate(made, name)
        choice = Choice.APPROVE if found.is_selected else Choice.OVERRIDE
        decide(actor=head, selection_round=made, account_ids=[found.account_id], verdict=Verdict(choice, DAY, reason="So"))


def copies(made: Round, count: int) -> None:
    for number in range(count - 1):
        values = {f.attname: getattr(made, f.attname) for f in Round._meta.concrete_fields if f.attname != "id"}
        Round.objects.create(**values | {"name": f"copy {number}"})


@pytest.mark.parametrize("count", [1, 3])
def test_rounds(made: Round, head: User, signed_in, django_assert_num_queries, count: int):
    copies(made, count)
    client = signed_in(head)
    with django_assert_num_queries(5):
        assert client.get(reverse("selection:rounds")).status_code == 200


@pytest.mark.parametrize("names", ROWS)
def test_a_round(made: Round, head: User, signed_in, django_assert_num_queries, names: list[str]):
    decided(made, head, names)
    manager = user(Role.MANAGER)
    for name in names:
        give(manager, name)
    client = signed_in(manager)
    with django_assert_num_queries(14):
        assert client.get(reverse("selection:round", args=[made.pk])).status_code == 200


@pytest.mark.parametrize("names", ROWS)
def test_a_round_of_who_decides(made: Round, head: User, signed_in, django_assert_num_queries, names: list[str]):
    decided(made, head, names)
    client = signed_in(head)
    with django_assert_num_queries(14):
        assert client.get(reverse("selection:round", args=[made.pk])).status_code == 200


@pytest.mark.parametrize("names", ROWS)
def test_decisions(made: Round, head: User, signed_in, django_assert_num_queries, names: list[str]):
    decided(made, head, names)
    client = signed_in(head)
    with django_assert_num_queries(7):
        assert client.get(reverse("selection:decisions", args=[made.pk])).status_code == 200


@pytest.mark.parametrize("names", ROWS)
def test_key_accounts(made: Round, head: User, signed_in, django_assert_num_queries, names: list[str]):
    decided(made, head, names)
    client = signed_in(head)
    with django_assert_num_queries(4):
        assert client.get(reverse("selection:key")).status_code == 200


@pytest.mark.parametrize("times", [1, 3])
def test_the_history_of_an_account(made: Round, head: User, signed_in, django_assert_num_queries, times: int):
    account = candidate(made, "Steady").account
    copies(made, times)
    for number, one in enumerate(Round.objects.order_by("id")):
        if not one.scenarios.exists():
            base = baseline(made)
            rows = list(base.candidates.all())
            base.pk, base.round = None, one
            base.save()
            for row in rows:
                row.pk, row.scenario = None, base
                row.save()
        decide(
            actor=head, selection_round=one, account_ids=[account.pk], verdict=Verdict(Choice.APPROVE, date(2024, 1 + number, 1))
        )
    client = signed_in(head)
    with django_assert_num_queries(6):
        assert client.get(reverse("selection:history", args=[account.pk])).status_code == 200


@pytest.mark.parametrize("names", ROWS)
def test_the_page_of_an_approval_in_one_go(made: Round, head: User, signed_in, django_assert_num_queries, names: list[str]):
    client = signed_in(head)
    accounts = [candidate(made, name).account_id for name in names]
    with django_assert_num_queries(8):
        assert client.get(reverse("selection:decide", args=[made.pk]), {"accounts": accounts}).status_code == 200


@pytest.mark.parametrize("tries", [1, 3])
def test_a_comparison(made: Round, head: User, signed_in, django_assert_num_queries, tries: int):
    for at_most in range(1, 1 + tries):
        try_constraints(actor=head, scenario=baseline(made), values={"limits-accounts_at_most": float(at_most)})
    client = signed_in(head)
    with django_assert_num_queries(8):
        assert client.get(reverse("selection:compare", args=[made.pk])).status_code == 200


@pytest.mark.parametrize("name", ["Steady", "Giant"])
def test_an_explanation(made: Round, head: User, signed_in, django_assert_num_queries, name: str):
    client = signed_in(head)
    with django_assert_num_queries(10):
        assert client.get(reverse("selection:explanation", args=[made.pk, candidate(made, name).pk])).status_code == 200
