"""Ratings of accounts: who may, what they rest on, how they fade, and what a round makes of them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.factories.accounts import account
from tests.factories.people import user
from tests.factories.planted import AS_OF
from tests.factories.ratings import ANCHORS, DETAILS, rating, scale
from tests.factories.rounds import candidate

from openkam.analytics.selection.programme import Programme
from openkam.app.audit.models import Entry
from openkam.app.audit.queries import history_of
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.selection.models import AccountRating, Round
from openkam.app.selection.operations.ratings import rate_account, withdraw_rating
from openkam.app.selection.operations.rounds import conduct_round
from openkam.app.selection.operations.scales import archive_scale, change_scale
from openkam.app.selection.queries.ratings import counted_programme, ratings_page
from openkam.app.selection.queries.scales import scale_lines
from openkam.app.selection.terms import RefusedError

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 15)
XSS = "<script>alert(1)</script>"


def test_a_rating_takes_the_place_of_ones_own_and_stays_on_record(head: User):
    rated, of = account("Tailspin", actor=head), scale(actor=head)
    first, second = rating(head, rated, of, 1), rating(head, rated, of, 3)
    first.refresh_from_db()
    assert (first.ended_at is not None, second.ended_at, second.fades_on) == (True, None, date(2027, 1, 15))
    withdraw_rating(actor=head, account_id=rated.pk, scale_id=of.pk)
    with pytest.raises(RefusedError, match="nothing to take back"):
        withdraw_rating(actor=head, account_id=rated.pk, scale_id=of.pk)
    verbs = list(Entry.objects.filter(record_type="selection.accountrating").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["rated", "replaced", "rated", "withdrew"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": 5}, "level"),
        ({"level": -1}, "level"),
        ({"evidence": "  "}, "evidence"),
        ({"rated_on": date(2999, 1, 1)}, "rated_on"),
        ({"evidence_link": "javascript:alert(1)"}, "evidence_link"),
    ],
)
def test_a_rating_without_what_it_needs_is_refused(head: User, changes: dict[str, object], field: str):
    rated, of = account("Tailspin", actor=head), scale(actor=head)
    given = {"level": 2, "rated_on": DAY, "evidence": "A fair", "version_id": of.versions.get().pk} | changes
    with pytest.raises(ValidationError) as refused:
        rate_account(actor=head, account_id=rated.pk, scale_id=of.pk, **given)
    assert list(refused.value.message_dict) == [field]
    assert not AccountRating.objects.exists()


def test_words_that_were_not_read_are_not_rated_by(head: User):
    rated, of = account("Tailspin", actor=head), scale(actor=head)
    read = of.versions.get().pk
    change_scale(actor=head, scale=of, details=replace(DETAILS, anchors=[*ANCHORS[:4], "All."]))
    with pytest.raises(RefusedError, match="reworded meanwhile"):
        rate_account(actor=head, account_id=rated.pk, scale_id=of.pk, version_id=read, level=4, rated_on=DAY, evidence="x")


def test_a_rating_keeps_the_words_it_was_given_under(head: User, signed_in):
    rated, of = account("Tailspin", actor=head), scale(actor=head)
    rating(head, rated, of, 4)
    change_scale(actor=head, scale=of, details=replace(DETAILS, anchors=[*ANCHORS[:4], "All."]))
    line = ratings_page(head, rated.pk, DAY).scales[0].lines[0]
    assert (line.anchor, line.is_reworded) == ("The trade cites it.", True)
    text = signed_in(head).get(reverse("selection:ratings", args=[rated.pk])).content.decode()
    assert "Given under version 1: “The trade cites it.”" in text


def test_nobody_rates_or_reads_what_they_do_not_see(signed_in):
    head, of = user(Role.HEAD), scale()
    foreign = account("Unseen Bay", manager=user(Role.MANAGER))
    rating(head, foreign, of, 4)
    manager = user(Role.MANAGER)
    client = signed_in(manager)
    for name, arguments in (("ratings", [foreign.pk]), ("rate", [foreign.pk, of.pk])):
        answer = client.get(reverse(f"selection:{name}", args=arguments))
        assert answer.status_code == 404
        assert "Unseen Bay" not in answer.content.decode()
    sent = {"version": of.versions.get().pk, "level": "0", "evidence": "x", "rated_on": "2026-01-15"}
    assert client.post(reverse("selection:rate", args=[foreign.pk, of.pk]), sent).status_code == 404
    assert client.post(reverse("selection:withdraw-rating", args=[foreign.pk, of.pk])).status_code == 404
    with pytest.raises(Http404):
        rating(manager, foreign, of, 0)
    assert [one.level for one in AccountRating.objects.filter(ended_at=None)] == [4]
    assert not history_of(manager, AccountRating.objects.get())


def test_ratings_of_unseen_accounts_do_not_show_in_counts_and_agreement():
    head, of = user(Role.HEAD), scale()
    narrow = user(Role.HEAD, scope="own")
    for name, levels in (("One", (0, 4)), ("Two", (1, 3))):
        rated = account(name)
        for level in levels:
            rating(user(Role.HEAD), rated, of, level)
    assert [(line.rating_count, line.agreement.unit_count) for line in scale_lines(head, DAY)] == [(4, 2)]
    assert [(line.rating_count, line.agreement.unit_count) for line in scale_lines(narrow, DAY)] == [(0, 0)]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.READ_ONLY])
def test_who_may_not_edit_accounts_rates_none(signed_in, role: Role):
    person = user(role)
    rated, of = account("Tailspin", manager=person), scale()
    client = signed_in(person)
    assert client.get(reverse("selection:ratings", args=[rated.pk])).status_code == 200
    assert client.get(reverse("selection:rate", args=[rated.pk, of.pk])).status_code == 403
    with pytest.raises(PermissionDenied):
        rating(person, rated, of, 1)
    with pytest.raises(PermissionDenied):
        withdraw_rating(actor=person, account_id=rated.pk, scale_id=of.pk)


def test_a_manager_rates_their_account_on_the_page(signed_in):
    manager = user(Role.MANAGER, name="Kayla Woodcock")
    rated, of = account("Tailspin", manager=manager), scale(details=replace(DETAILS, anchors=[*ANCHORS[:4], XSS]))
    client = signed_in(manager)
    url = reverse("selection:rate", args=[rated.pk, of.pk])
    assert XSS not in client.get(url).content.decode()
    sent = {"version": of.versions.get().pk, "level": "4", "rated_on": "2026-01-15", "rated_by": "1", "fades_on": "2999-01-01"}
    for evidence, link in (("", ""), ("", "javascript:alert(1)"), ("", "ftp://x.example/")):
        assert client.post(url, sent | {"evidence": evidence, "evidence_link": link}).status_code == 422
    assert client.post(url, sent | {"evidence": XSS, "evidence_link": "https://x.example/a"}).status_code == 302
    made = AccountRating.objects.get()
    assert (made.rated_by, made.level, made.fades_on) == (manager, 4, date(2027, 1, 15))
    text = client.get(reverse("selection:ratings", args=[rated.pk])).content.decode()
    assert XSS not in text
    assert 'href="https://x.example/a" rel="noopener noreferrer nofollow"' in text
    assert "It rests on one person" in text
    archive_scale(actor=user(Role.HEAD), scale=of)
    assert client.get(url).status_code == 404


def test_ratings_stand_side_by_side_and_the_faded_do_not_count(head: User, signed_in):
    rated, of = account("Tailspin", actor=head), scale(actor=head)
    today = timezone.localdate()
    for level, on in ((1, today), (4, today), (0, today - timedelta(days=800))):
        rating(user(Role.HEAD, name=f"Rater {level}"), rated, of, level, on=on)
    shown = ratings_page(head, rated.pk, today).scales[0]
    assert [(line.rating.level, line.is_faded) for line in shown.lines] == [(4, False), (1, False), (0, True)]
    assert shown.spread is not None
    assert (shown.spread.least, shown.spread.most, shown.spread.mean, shown.spread.distance) == (1, 4, 2.5, 3)
    text = signed_in(head).get(reverse("selection:ratings", args=[rated.pk])).content.decode()
    assert "they differ by 3: talk about it" in text
    assert "faded" in text


def test_the_database_keeps_one_rating_per_rater_with_evidence(head: User):
    made = rating(head, account("Tailspin", actor=head), scale(actor=head), 2)
    for changes in ({"pk": None}, {"level": 5}, {"evidence": ""}):
        for name, value in changes.items():
            setattr(made, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            made.save()
        made = AccountRating.objects.get()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_whatever_the_number(head: User, signed_in, django_assert_num_queries, count: int):
    rated = account("Tailspin", actor=head)
    for number in range(count):
        of = scale(f"scale_{number}", actor=head)
        for _ in range(count):
            rating(user(Role.HEAD), rated, of, number)
    client = signed_in(head)
    with django_assert_num_queries(7):  # session, person, account, ratings, versions, agreement, scales
        client.get(reverse("selection:ratings", args=[rated.pk]))


def test_a_round_counts_fresh_ratings_and_keeps_them(made: Round, head: User, signed_in, home):
    of = scale(actor=head)
    assert signed_in(head).post(reverse("selection:count-scale", args=[of.pk])).url == reverse("selection:criterion", args=[3])
    giant, small = (candidate(made, name).account for name in ("Giant", "Small"))
    today = timezone.localdate()
    other = user(Role.HEAD, name=head.name)  # of the same name
    rating(head, giant, of, 4, on=today)
    rating(other, giant, of, 2, on=today)
    rating(head, small, of, 3, on=today - timedelta(days=800))
    text, programme = counted_programme(head, today)
    assert sorted((r.account, r.value) for r in programme.ratings) == [("giant", 2), ("giant", 4)]
    assert len({r.rated_by for r in programme.ratings}) == 2
    assert "[[rating]]" not in (home / "programme.toml").read_text()

    again = conduct_round(actor=head, run_id=None, name="With ratings", as_of_on=AS_OF, tell=lambda _: None)
    assert Programme.parse(again.programme).ratings == programme.ratings
    assert candidate(again, "Giant").contributions[2] == pytest.approx(
        10 / 14 * 0.75
    )  # the mean of 4 and 2, of weights 3, 1 and 10
    rating(head, giant, of, 0, on=today)
    again.refresh_from_db()
    assert Programme.parse(again.programme).ratings == programme.ratings
    assert "People rate accounts on the scale" in signed_in(head).get(reverse("selection:criterion", args=[3])).content.decode()
    assert text != (home / "programme.toml").read_text()
