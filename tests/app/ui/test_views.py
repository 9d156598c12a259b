"""The style guide is a page like any other: it needs sign-in, its form is checked, its table has pages."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.people import user

from openkam.app.people.models import User

SignIn = Callable[[User], Client]


def test_a_stranger_is_sent_to_sign_in(client: Client, db: None) -> None:
    user()
    answer = client.get(reverse("ui:styleguide"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_every_component_is_on_it(signed_in: SignIn) -> None:
    answer = signed_in(user()).get(reverse("ui:styleguide"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<h1>Style guide</h1>" in page
    assert "&lt;b&gt;Not bold&lt;/b&gt; &amp; Sons" in page
    assert "<b>Not bold" not in page
