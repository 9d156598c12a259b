"""Passwords, second factors and failed sign-ins are in the audit, without any secret."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.db import transaction
from django.test import Client
from tests.app.people.test_sign_in import PASSWORD, TOTP_SECRET, counter_now, posted, sign_in, sign_in_and_prove
from tests.factories.people import user

from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.operations.sign_in_links import make_sign_in_link
from openkam.app.people.signals import record_written
from openkam.app.people.terms import Role

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "another long password"


@pytest.fixture
def max_() -> User:
    user()  # an administrator: without one every visitor is led to the first run
    return user(Role.MANAGER, name="Max Maier", email="max@example.org", password=PASSWORD)


def told() -> list[str]:
    """What the audit tells, oldest first."""
    return [str(entry) for entry in Entry.objects.order_by("pk")]


def test_a_password_is_changed(client: Client, max_: User) -> None:
    sign_in_and_prove(client)
    client.post("/sign-in/password/change/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    max_.refresh_from_db()
    assert max_.check_password(NEW_PASSWORD)
    assert told() == ["Max Maier changed the password of Max Maier"]
    entry = Entry.objects.get()
    assert (entry.before, entry.after) == ({}, {})


def test_a_password_is_reset_by_letter(client: Client, max_: User) -> None:
    client.post("/sign-in/password/reset/", {"email": "max@example.org"})
    posted()
    link = re.search(r"/sign-in/password/reset/key/\S+", mail.outbox[0].body)[0]
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    max_.refresh_from_db()
    assert max_.check_password(NEW_PASSWORD)
    assert told() == ["Max Maier reset by letter the password of Max Maier"]


@pytest.mark.django_db(transaction=True)  # allauth tells of what was added once it is committed
def test_a_second_factor_is_added_and_removed(client: Client, max_: User) -> None:
    sign_in_and_prove(client)
    secret = client.get("/sign-in/2fa/totp/activate/").context["form"].secret
    client.post("/sign-in/2fa/totp/activate/", {"code": format_hotp_value(hotp_value(secret, counter_now()))})
    client.post("/sign-in/2fa/recovery-codes/generate/")
    client.post("/sign-in/2fa/totp/deactivate/")
    ways = [(entry.verb, entry.before, entry.after) for entry in Entry.objects.order_by("pk")]
    app, codes = {"way_to_sign_in": "TOTP Authenticator"}, {"way_to_sign_in": "Recovery codes"}
    assert ways == [
        ("added a way to sign in of", {}, app),
        ("added a way to sign in of", {}, codes),
        ("renewed a way to sign in of", {}, codes),
        ("removed a way to sign in of", app, {}),
        ("removed a way to sign in of", codes, {}),
    ]
    assert secret not in str(list(Entry.objects.values()))


def test_failed_sign_ins_are_told_with_the_step_that_failed(client: Client, max_: User) -> None:
    sign_in(client, password="wrong")
    TOTP.activate(max_, TOTP_SECRET)
    sign_in(client)
    client.post("/sign-in/2fa/authenticate/", {"code": "000000"})
    assert told() == ["System saw a failed sign-in of Max Maier"] * 2
    assert [entry.after for entry in Entry.objects.order_by("pk")] == [
        {"failed_step": "Password"},
        {"failed_step": "Second step"},
    ]
    assert {entry.record_key for entry in Entry.objects.all()} == {str(max_.pk)}


def test_an_address_that_nobody_has_is_told_without_it(client: Client, max_: User) -> None:
    sign_in(client, email="my-password-in-the-wrong-field@example.org")
    entry = Entry.objects.get()
    assert str(entry) == "System saw a failed sign-in of an unknown address"
    assert "wrong-field" not in str(Entry.objects.values().get())


def test_the_pages_of_the_audit_show_them(client: Client, max_: User) -> None:
    sign_in(client, password="wrong")
    sign_in(client, email="nobody@example.org")
    client.force_login(user(Role.HEAD))
    page = client.get("/audit/").text
    assert page.count("saw a failed sign-in of") == 2
    assert client.get("/audit/people.user/0/").status_code == 200
    assert client.get(f"/audit/people.user/{max_.pk}/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_change_that_cannot_be_recorded_is_not_made(client: Client, max_: User) -> None:
    def refuse(**kwargs: object) -> None:
        raise RuntimeError("the audit is full")

    sign_in_and_prove(client)
    client.raise_request_exception = False
    record_written.connect(refuse)
    try:
        form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        assert client.post("/sign-in/password/change/", form).status_code == 500
    finally:
        record_written.disconnect(refuse)
    max_.refresh_from_db()
    assert max_.check_password(PASSWORD)
    assert not transaction.get_connection().in_atomic_block


def test_guessing_codes_is_stopped(client: Client, max_: User) -> None:
    TOTP.activate(max_, TOTP_SECRET)
    sign_in(client)
    answers = [client.post("/sign-in/2fa/authenticate/", {"code": f"{number:06}"}) for number in range(8)]
    assert "Too many" in answers[-1].text or answers[-1].status_code == 429
    assert Entry.objects.count() <= 5
    right = client.post("/sign-in/2fa/authenticate/", {"code": format_hotp_value(hotp_value(TOTP_SECRET, counter_now()))})
    assert "/preferences/" not in str(right.headers)
    assert client.get("/preferences/").status_code == 302


def planted_session(client: Client) -> str:
    """The key of a session that somebody else put into the browser."""
    session = client.session
    session["planted"] = True
    session.save()
    assert session.session_key
    return session.session_key


def test_no_way_in_keeps_a_session_that_was_planted(client: Client, max_: User) -> None:
    TOTP.activate(max_, TOTP_SECRET)
    first = planted_session(client)
    sign_in(client)
    half_way = client.session.session_key
    client.post("/sign-in/2fa/authenticate/", {"code": format_hotp_value(hotp_value(TOTP_SECRET, counter_now()))})
    assert client.get("/preferences/").status_code == 200
    assert client.session.session_key not in {first, half_way}

    other = Client()
    planted = planted_session(other)
    link = make_sign_in_link(actor=None, user=user(Role.MANAGER, password=PASSWORD))
    other.post(f"/arrive/{link}/")
    assert other.get("/preferences/").status_code == 200
    assert other.session.session_key != planted
