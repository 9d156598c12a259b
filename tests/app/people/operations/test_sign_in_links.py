"""Links that sign in once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.factories.people import user

from openkam.app.audit.models import Entry
from openkam.app.people.models import SignInLink
from openkam.app.people.operations.sign_in_links import SpentLink, make_sign_in_link, use_sign_in_link
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db


def test_a_link_signs_in_once():
    person = user(Role.MANAGER)
    token = make_sign_in_link(actor=None, user=person)

    assert use_sign_in_link(token=token) == person
    with pytest.raises(SpentLink):
        use_sign_in_link(token=token)


def test_the_token_is_kept_nowhere():
    token = make_sign_in_link(actor=user(), user=user(Role.MANAGER))

    chance = token.split(":")[0]
    assert chance not in str(list(SignInLink.objects.values()))
    assert chance not in str(list(Entry.objects.values()))


@pytest.mark.parametrize("token", ["", "nonsense", "a:b", "é" * 50])
def test_a_made_up_token_is_refused(token: str, django_assert_num_queries):
    with django_assert_num_queries(3), pytest.raises(SpentLink):  # the savepoint alone: nothing is looked up
        use_sign_in_link(token=token)


def test_a_token_is_good_for_minutes():
    token = make_sign_in_link(actor=None, user=user(Role.MANAGER), valid_minutes=15)
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(SpentLink):
        use_sign_in_link(token=token)


def test_whoever_may_not_sign_in_has_no_way_round():
    person = user(Role.MANAGER)
    token = make_sign_in_link(actor=None, user=person)
    person.is_active = False
    person.save()

    with pytest.raises(SpentLink):
        use_sign_in_link(token=token)


def test_only_administrators_make_links():
    with pytest.raises(PermissionDenied):
        make_sign_in_link(actor=user(Role.HEAD), user=user())


def test_old_links_are_swept():
    person = user()
    make_sign_in_link(actor=None, user=person)
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(days=2))

    make_sign_in_link(actor=None, user=person)

    assert SignInLink.objects.count() == 1
