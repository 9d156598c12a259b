"""What the log says, and what it never says."""

import logging

import pytest
from django.test import Client
from tests.factories.people import user

from openkam.app.people.operations.sign_in_links import make_sign_in_link
from openkam.config.logs import HIDDEN, hide_secrets

SECRET = "n0t-for-the-l0g"


def hidden(**event: object) -> dict[str, object]:
    return dict(hide_secrets(None, "info", dict(event)))


@pytest.mark.parametrize(
    "name", ["password", "new_password1", "SECRET_KEY", "csrfmiddlewaretoken", "Authorization", "session_key", "api_key"]
)
def test_what_is_named_like_a_secret_is_hidden(name: str):
    assert hidden(**{name: SECRET}) == {name: HIDDEN}


@pytest.mark.parametrize(
    "text",
    [
        f"GET /arrive/{SECRET}/",
        f"GET /sign-in/password/reset/key/{SECRET}/",
        f"https://kam.example.org/arrive/{SECRET}/?x=1",
        f"/callback?code={SECRET}&x=1",
        f"postgres://kam:{SECRET}@db/kam did not answer",
    ],
)
def test_secrets_inside_a_text_are_hidden(text: str):
    found = str(hidden(event=text)["event"])
    assert SECRET not in found
    assert HIDDEN in found


def test_secrets_are_hidden_however_deep():
    class Request:
        def __repr__(self) -> str:
            return f"<Request '/arrive/{SECRET}/'>"

    event = hidden(
        data={"password": SECRET, "inner": [{"token": SECRET}, f"?token={SECRET}"]}, request=Request(), args=(Request(),)
    )

    assert SECRET not in str(event)


def test_the_rest_stays_as_it_is():
    event = {"event": "import done", "rows": 12, "share": 0.5, "is_whole": True, "reason": None}
    assert hidden(**event) == event


@pytest.mark.django_db
def test_a_request_leaves_one_line_without_its_secrets(caplog: pytest.LogCaptureFixture):
    token = make_sign_in_link(actor=None, user=user(password="a long password"))

    with caplog.at_level(logging.INFO, logger="openkam.request"):
        Client().post(f"/arrive/{token}/", headers={"x-request-id": "probe-12345"})
        Client().post("/sign-in/login/", {"login": "x@example.org", "password": SECRET})

    lines = [record.getMessage() for record in caplog.records if record.name == "openkam.request"]
    assert len(lines) == 2
    assert "probe-12345" in lines[0]
    assert f"/arrive/{HIDDEN}/" in lines[0]
    assert token not in caplog.text
    assert SECRET not in caplog.text
