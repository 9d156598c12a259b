"""The style guide is a page like any other: it needs sign-in, its form is checked, its table has pages."""

from collections.abc import Callable

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


def test_its_form_is_checked(signed_in: SignIn) -> None:
    browser = signed_in(user())
    wrong = browser.post(reverse("ui:styleguide"), {"name": "12"})
    assert wrong.status_code == 422
    assert "A number is no name" in wrong.content.decode()
    right = browser.post(reverse("ui:styleguide"), {"name": "Tailspin", "hours": 3, "stage": "mid", "side": "we"}, follow=True)
    assert "The form was right." in right.content.decode()


def test_its_table_has_pages_and_an_order(signed_in: SignIn) -> None:
    browser = signed_in(user())
    second = browser.get(reverse("ui:styleguide"), {"page": 2, "sort": "sales"}).content.decode()
    assert "6</span> to" in second
    assert 'aria-sort="ascending"' in second
    assert '<caption class="sr">Sample accounts</caption>' in second
    assert 'href="?page=1&amp;sort=sales"' in second


def test_its_drawer_is_a_fragment(signed_in: SignIn) -> None:
    answer = signed_in(user()).get(reverse("ui:styleguide_drawer"))
    assert "<html" not in answer.content.decode()
    assert "data-drawer-close" in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_words(db: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user())
    answer = browser.post(reverse("ui:styleguide"), {"name": "x"})
    assert answer.status_code == 403
    assert "Send it once more" in answer.content.decode()


def test_a_missing_page_is_told_in_the_look_of_the_site(signed_in: SignIn) -> None:
    answer = signed_in(user()).get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
