"""The sign-in, and what is tried against it."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from tests.factories.people import user

from openkam.app.audit.models import Entry
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.config.sign_in import outgoing

pytestmark = pytest.mark.django_db
PASSWORD = "quiet ledger, warm paper"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def administrator(db: None) -> User:
    """Without one every visitor is led to the first run."""
    return user()


@pytest.fixture
def max_() -> User:
    return user(Role.MANAGER, email="max@example.org", password=PASSWORD)


def sign_in(
    client: Client, email: str = "max@example.org", password: str = PASSWORD, address: str = "/sign-in/login/", **more: str
):
    return client.post(address, {"login": email, "password": password} | more)


def sign_in_and_prove(client: Client) -> None:
    """Sign in, and give the password once more, as for a change of how one signs in."""
    sign_in(client)
    client.post("/sign-in/reauthenticate/", {"password": PASSWORD})


def is_signed_in(client: Client) -> bool:
    return client.get("/preferences/").status_code == 200


def posted() -> list[mail.EmailMessage]:
    """The letters of this test, once the thread that sends them has done its work."""
    outgoing.submit(lambda: None).result()
    return mail.outbox


def counter_now() -> int:
    """The half minute that an authenticator app counts now."""
    return int(time.time()) // 30


def code_now() -> str:
    return format_hotp_value(hotp_value(TOTP_SECRET, counter_now()))


@pytest.mark.parametrize("email", ["max@example.org", "MAX@Example.org"])
def test_address_and_password_sign_in(client, max_: User, email: str):
    assert sign_in(client, email).url == "/"
    assert is_signed_in(client)


@pytest.mark.parametrize(("email", "password"), [("max@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("", "")])
def test_nothing_else_does(client, max_: User, email: str, password: str):
    assert sign_in(client, email, password).status_code == 200
    assert not is_signed_in(client)


def test_a_wrong_password_and_an_unknown_address_look_alike(client, max_: User):
    def errors(email: str) -> dict[str, list[str]]:
        return sign_in(client, email, "wrong").context["form"].errors

    assert errors("max@example.org") == errors("nobody@example.org")


def test_whoever_was_deactivated_is_told_so_after_the_right_password(client, max_: User):
    User.objects.filter(pk=max_.pk).update(is_active=False)

    assert sign_in(client).url == "/sign-in/inactive/"
    assert not is_signed_in(client)


def test_the_session_is_a_new_one_after_sign_in(client, max_: User):
    client.get("/sign-in/login/")
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    client.cookies["openkam_session"] = session.session_key

    sign_in(client)

    assert client.session.session_key != session.session_key
    assert not is_signed_in(Client(headers={"cookie": f"openkam_session={session.session_key}"}))


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "///evil.example",
        "\thttps://evil.example",
    ],
)
def test_the_way_on_stays_on_this_site(client, max_: User, target: str):
    assert "evil" not in client.get("/sign-in/login/", {"next": target}).headers.get("Location", "")
    assert sign_in(client, next=target).url == "/"
    client.logout()
    assert sign_in(client, address=f"/sign-in/login/?next={target}").url == "/"
    assert client.post("/sign-in/logout/", {"next": target}).url == "/sign-in/login/"


def test_the_way_on_leads_to_the_page_asked_for(client, max_: User):
    assert sign_in(client, next="/preferences/sessions/").url == "/preferences/sessions/"


def test_guessing_a_password_is_stopped(client, max_: User):
    for _ in range(5):
        sign_in(client, password="guess")

    refused = sign_in(client)  # the right one, too late
    other = user(Role.MANAGER, password=PASSWORD)

    assert "Too many" in str(refused.context["form"].errors)
    assert not is_signed_in(client)
    assert not is_signed_in_after(Client(REMOTE_ADDR="10.0.0.9"), max_.email)
    assert is_signed_in_after(Client(REMOTE_ADDR="10.0.0.9"), other.email)


def is_signed_in_after(client: Client, email: str) -> bool:
    sign_in(client, email)
    return is_signed_in(client)


def test_trying_many_addresses_is_stopped(client, max_: User):
    for number in range(10):
        sign_in(client, f"person{number}@example.com", "guess")

    assert not is_signed_in_after(client, max_.email)
    assert is_signed_in_after(Client(REMOTE_ADDR="10.0.0.9"), max_.email)


def test_a_forged_header_does_not_lift_the_limit(max_: User):
    for number in range(10):
        sign_in(Client(HTTP_X_FORWARDED_FOR=f"10.1.1.{number}"), f"person{number}@example.com", "guess")

    assert not is_signed_in_after(Client(HTTP_X_FORWARDED_FOR="10.2.2.2"), max_.email)


def test_a_reset_does_not_tell_who_is_here(client, max_: User):
    def answer(email: str) -> tuple[int, str, bytes]:
        response = client.post("/sign-in/password/reset/", {"email": email})
        page = client.get(response.url)
        return response.status_code, response.url, page.content

    assert answer("max@example.org") == answer("nobody@example.org")
    assert [letter.to for letter in posted()] == [["max@example.org"]]


def test_a_letter_resets_the_password_once(client, max_: User):
    elsewhere = Client()
    sign_in(elsewhere)
    client.post("/sign-in/password/reset/", {"email": "max@example.org"})
    link = re.search(r"http://testserver(/\S+)", posted()[0].body)[1]
    form = client.get(link).url

    client.post(form, {"password1": "another long password", "password2": "another long password"})

    max_.refresh_from_db()
    assert max_.check_password("another long password")
    assert not is_signed_in(elsewhere)
    assert "This link is spent" in Client().get(link).content.decode()


def test_asking_for_letters_is_limited(client, max_: User):
    answers = [client.post("/sign-in/password/reset/", {"email": "max@example.org"}).status_code for _ in range(6)]

    assert answers[-1] == 429
    assert len(posted()) == 5


def test_without_a_mail_server_the_page_says_so(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    page = client.get("/sign-in/password/reset/").content.decode()

    assert "Ask an administrator" in page
    assert 'name="email"' not in page


def test_the_code_of_the_app_is_asked_for(client, max_: User):
    TOTP.activate(max_, TOTP_SECRET)

    assert sign_in(client).url == "/sign-in/2fa/authenticate/"
    assert not is_signed_in(client)
    assert client.post("/sign-in/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert not is_signed_in(client)
    assert client.post("/sign-in/2fa/authenticate/", {"code": code_now()}).url == "/"
    assert is_signed_in(client)


def test_a_code_works_once(client, max_: User):
    TOTP.activate(max_, TOTP_SECRET)
    code = code_now()
    for visitor, expected in ((client, True), (Client(), False)):
        sign_in(visitor)
        visitor.post("/sign-in/2fa/authenticate/", {"code": code})
        assert is_signed_in(visitor) == expected


def test_a_recovery_code_works_once(max_: User):
    TOTP.activate(max_, TOTP_SECRET)
    code = RecoveryCodes.activate(max_).get_unused_codes()[0]
    for visitor, expected in ((Client(), True), (Client(), False)):
        sign_in(visitor)
        visitor.post("/sign-in/2fa/authenticate/", {"code": code})
        assert is_signed_in(visitor) == expected


def test_a_sign_in_link_does_not_replace_the_second_step(
    client, administrator: User, max_: User, signed_in: Callable[[User], Client]
):
    TOTP.activate(max_, TOTP_SECRET)
    link = signed_in(administrator).post(f"/people/{max_.pk}/sign-in-link/").context["link"].removeprefix("http://testserver")

    assert client.post(link).url == "/sign-in/2fa/authenticate/"
    assert not is_signed_in(client)


def test_a_second_factor_is_set_up_and_removed(client, max_: User):
    sign_in_and_prove(client)
    page = client.get("/sign-in/2fa/totp/activate/")
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, counter_now()))

    client.post("/sign-in/2fa/totp/activate/", {"code": code})
    assert set(Authenticator.objects.filter(user=max_).values_list("type", flat=True)) == {"totp", "recovery_codes"}

    client.post("/sign-in/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=max_, type="totp").exists()


def test_changing_how_one_signs_in_asks_once_more(signed_in: Callable[[User], Client], max_: User):
    client = signed_in(max_)
    for page in ("/sign-in/2fa/totp/activate/", "/sign-in/2fa/webauthn/add/", "/sign-in/2fa/recovery-codes/generate/"):
        assert client.get(page).url.startswith("/sign-in/reauthenticate/"), page


@pytest.mark.parametrize("page", ["signup", "email", "confirm-email"])
def test_strangers_make_no_accounts_and_nobody_changes_their_address(client, max_: User, page: str):
    sign_in(client)
    for visitor in (client, Client()):
        assert visitor.post(f"/sign-in/{page}/", {"email": "new@example.org", "action_add": ""}).status_code in (302, 404)
    assert client.get(f"/sign-in/{page}/").status_code == 404
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_link_alone_signs_nobody_out(client, max_: User):
    sign_in(client)
    assert "Sign out of this browser?" in client.get("/sign-in/logout/").content.decode()
    assert is_signed_in(client)
    client.post("/sign-in/logout/")
    assert not is_signed_in(client)


GUEST_PAGES = (
    "login/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/1-x/",
    "password/reset/key/done/",
    "inactive/",
)
OWN_PAGES = (
    "password/change/",
    "logout/",
    "reauthenticate/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
)
KEY_PAGES = ("2fa/", "2fa/webauthn/", "2fa/webauthn/keys/{key}/edit/", "2fa/webauthn/keys/{key}/remove/")
SECOND_STEP_PAGES = ("2fa/reauthenticate/", "2fa/totp/deactivate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/")
NO_CSP = re.compile(r"<script(?![^>]*(\bsrc=|application/json))|<style|\sstyle=|\son[a-z]+=|href=\"javascript:", re.IGNORECASE)


def check_page(client: Client, address: str) -> None:
    response = client.get(f"/sign-in/{address}")
    page = response.content.decode()
    assert response.status_code == 200, address
    assert "ok-guest" in page or "ok-shell" in page, f"{address} is not in our layout"
    assert NO_CSP.search(page) is None, f"{address}: {NO_CSP.search(page)}"
    assert "unsafe" not in response["Content-Security-Policy"]


def test_every_page_of_the_sign_in_is_ours_and_runs_no_inline_script(client, max_: User):
    for address in GUEST_PAGES:
        check_page(client, address)
    sign_in_and_prove(client)
    for address in OWN_PAGES:
        check_page(client, address)
    key = Authenticator.objects.create(
        user=max_, type="webauthn", data={"name": "Laptop", "credential": {}, "passwordless": True}
    )
    for address in KEY_PAGES:
        check_page(client, address.format(key=key.pk))
    key.delete()
    TOTP.activate(max_, TOTP_SECRET)
    RecoveryCodes.activate(max_)
    for address in SECOND_STEP_PAGES:
        check_page(client, address)
    visitor = Client()
    sign_in(visitor)
    check_page(visitor, "2fa/authenticate/")


def test_nobody_touches_the_key_of_another(client, max_: User):
    theirs = Authenticator.objects.create(user=user(), type="webauthn", data={"name": "Laptop", "credential": {}})
    sign_in_and_prove(client)

    for act in ("edit", "remove"):
        assert client.post(f"/sign-in/2fa/webauthn/keys/{theirs.pk}/{act}/", {"name": "Mine"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.data["name"] == "Laptop"


def test_the_audit_keeps_what_a_key_was_called(client, max_: User):
    sign_in_and_prove(client)
    key = Authenticator.objects.create(user=max_, type="webauthn", data={"name": "Laptop", "credential": {}})

    for name in ("Red key", "Red key"):
        assert client.post(f"/sign-in/2fa/webauthn/keys/{key.pk}/edit/", {"name": name}).status_code == 302

    told = Entry.objects.get(verb="renamed a way to sign in of")
    assert (told.record_key, told.before, told.after) == (
        str(max_.pk),
        {"way_to_sign_in": "Laptop"},
        {"way_to_sign_in": "Red key"},
    )
