"""Kept SQL answers as Django's own would, for everybody; what it could not know it refuses."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from openkam.app.people.models import User
from openkam.app.people.operations.users import create_user
from openkam.app.people.queries import compiled
from openkam.app.people.queries.compiled import StaleStatementError, compiled_once, only_row
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> tuple[User, User, User]:
    head = create_user(actor=None, email="head@example.org", name="Hedy Head", role=Role.HEAD)
    manager = create_user(actor=None, email="m@example.org", name="Manny Manager", role=Role.MANAGER, reports_to=head)
    other = create_user(actor=None, email="o@example.org", name="Olga Other", role=Role.HEAD, reports_to=head)
    return head, manager, other


def counting(make: Callable[..., QuerySet[Any, Any]]) -> tuple[Callable[..., QuerySet[Any, Any]], list[int]]:
    made: list[int] = []

    def counted(*told: Any, **shape: Any) -> QuerySet[Any, Any]:
        made.append(1)
        return make(*told, **shape)

    return counted, made


def test_is_written_once_and_asked_with_other_values(people: tuple[User, User, User], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compiled, "CHECKED", False)
    make, made = counting(lambda key: User.objects.filter(pk=key).select_related("reports_to"))
    ask = compiled_once(make)
    head, manager, other = people
    for person in (head, manager, other):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = only_row(ask(person.pk))
            assert found is not None
            assert (found, found.reports_to) == (person, person.reports_to)
        assert len(asked) == 1
    assert only_row(ask(0)) is None
    assert len(made) == 1


def test_answers_as_django_does_for_days_words_keys_and_slices(people: tuple[User, User, User]):
    head, manager, other = people
    now = datetime.now(UTC)

    def joined(word: str, since: datetime, keys: tuple[int, ...], *, limit: int) -> QuerySet[User, tuple[int, str, datetime]]:
        found = User.objects.filter(Q(name__gte=word) | Q(pk=head.pk), joined_at__lt=since, pk__in=keys)
        return found.order_by("-pk").values_list("pk", "name", "joined_at")[:limit]

    ask = compiled_once(joined)
    for since in (now + timedelta(days=1), now - timedelta(days=1)):
        for keys in ((), (other.pk,), (head.pk, manager.pk, other.pk)):
            for word in ("A", "N", "'; drop table"):
                for limit in (1, 2):
                    assert ask(word, since, keys, limit=limit) == list(joined(word, since, keys, limit=limit))


def test_reads_days_and_what_belongs_to_the_rows(people: tuple[User, User, User]):
    def met(day: date) -> QuerySet[User]:
        return User.objects.filter(joined_at__date__gte=day).prefetch_related("memberships").order_by("pk")

    ask = compiled_once(met)
    today = datetime.now(UTC).date()
    assert [person.pk for person in ask(today - timedelta(days=2))] == [person.pk for person in people]
    assert ask(today + timedelta(days=2)) == []


def test_keeps_nobody_and_knows_who_asks(people: tuple[User, User, User], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compiled, "CHECKED", False)
    make, made = counting(lambda user, least: User.objects.filter(reports_to=user.pk, pk__gte=least).order_by("pk"))
    ask = compiled_once(make)
    head, manager, other = people
    assert ask(head, 0) == [manager, other]
    assert ask(other, 0) == []
    assert len(made) == 1, "two who see everything share one query, each with their own key"
    assert ask(manager, 0) == ask(manager, 0) == []
    assert len(made) == 3, "whoever sees a part has theirs made anew"


def test_a_query_that_would_keep_somebody_is_refused(people: tuple[User, User, User]):
    ask = compiled_once(lambda user: User.objects.filter(reports_to=user))
    with pytest.raises((TypeError, ValueError)):
        ask(people[0])


def test_a_query_that_depends_on_more_than_its_arguments_fails_in_tests(people: tuple[User, User, User]):
    names = ["Hedy Head"]
    ask = compiled_once(lambda key: User.objects.filter(pk=key, name__in=names))
    assert ask(people[0].pk) == [people[0]]
    names.append("Olga Other")
    with pytest.raises(StaleStatementError, match="depends on more than its arguments"):
        ask(people[0].pk)


@pytest.mark.parametrize("value", [None, True, 1.5, ("a",), [1], b"x"])
def test_what_has_sql_of_its_own_is_refused(value: object):
    ask = compiled_once(lambda key: User.objects.filter(pk=key))
    with pytest.raises(TypeError, match="keys, words and days"):
        ask(value)


def test_a_number_that_no_column_holds_finds_nothing(people: tuple[User, User, User]):
    ask = compiled_once(lambda key: User.objects.filter(pk=key))
    assert ask(10**30) == ask(-(10**30)) == []


def test_shapes_are_kept_apart(people: tuple[User, User, User]):
    def named(key: int, *, is_active: bool) -> QuerySet[User]:
        return User.objects.filter(pk=key, is_active=is_active)

    ask = compiled_once(named)
    assert (len(ask(people[0].pk, is_active=True)), len(ask(people[0].pk, is_active=False))) == (1, 0)
    assert cast("Any", ask).__doc__ == named.__doc__
