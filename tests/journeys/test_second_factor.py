"""Sign in with a second step, wholly by keyboard: enrol, sign out, sign in with a code, with a recovery code, and not with a wrong one."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect
from tests.factories.people import user
from tests.journeys.conftest import OpenPage, access_problems_in_both_themes
from tests.journeys.keyboard import Keyboard

from openkam.app.people.models import User
from openkam.app.people.terms import Role

pytestmark = pytest.mark.browser
PASSWORD = "quiet ledger, warm paper"
ADDRESS = "max@example.org"
HALF_MINUTE = 30
TYPING_SECONDS = 12
"""How much of its half minute a code has left when it is typed, so that a slow machine does not type one that is over."""


def code_of_app(secret: str, *, half_minutes_later: int = 0) -> str:
    """What an authenticator app shows; the site takes a code half a minute early or late, and each code once."""
    left = HALF_MINUTE - time.time() % HALF_MINUTE
    if left < TYPING_SECONDS:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // HALF_MINUTE + half_minutes_later))


def type_password(page: Page) -> None:
    hands = Keyboard(page)
    hands.write(page.get_by_label("Email"), ADDRESS)
    hands.write(page.get_by_label("Password"), PASSWORD)
    page.keyboard.press("Enter")


def sign_out(page: Page) -> None:
    hands = Keyboard(page)
    hands.press(page.locator("details.menu > summary"))
    hands.press(page.get_by_role("button", name="Sign out"))
    expect(page).to_have_url(re.compile("/sign-in/login/"))


def enrol(page: Page) -> tuple[str, str]:
    """Switch the app on; the app's secret and one of the recovery codes."""
    hands = Keyboard(page)
    hands.press(page.locator("details.menu > summary"))
    hands.press(page.get_by_role("link", name="Second factor"))
    problems = access_problems_in_both_themes(page)
    hands.press(page.get_by_role("link", name="Switch on"))
    hands.write(page.get_by_label("Password"), PASSWORD)
    problems += access_problems_in_both_themes(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Switch on the authenticator app")).to_be_visible()
    problems += access_problems_in_both_themes(page)
    secret = page.get_by_label("No camera?").input_value()
    hands.write(page.get_by_label("Authenticator code"), "000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Incorrect code")).to_be_visible()
    hands.write(page.get_by_label("Authenticator code"), code_of_app(secret, half_minutes_later=-1))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    problems += access_problems_in_both_themes(page)
    assert problems == []
    return secret, page.get_by_label("Unused codes").input_value().split()[0]


def test_a_second_step_is_switched_on_and_asked_for(open_page: OpenPage, administrator: User) -> None:
    user(Role.MANAGER, name="Max Maier", email=ADDRESS, password=PASSWORD)
    page = open_page("/sign-in/login/?next=/preferences/", refusals=(422,))
    hands = Keyboard(page)
    type_password(page)
    expect(page).to_have_url(re.compile("/preferences/$"))
    secret, recovery_code = enrol(page)

    sign_out(page)
    type_password(page)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    problems = access_problems_in_both_themes(page)
    hands.write(page.get_by_label("Code"), "000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Incorrect code")).to_be_visible()
    problems += access_problems_in_both_themes(page)
    assert problems == []
    hands.write(page.get_by_label("Code"), code_of_app(secret))
    page.keyboard.press("Enter")
    expect(page.locator("details.menu")).to_be_visible()

    sign_out(page)
    type_password(page)
    hands.write(page.get_by_label("Code"), recovery_code)
    page.keyboard.press("Enter")
    expect(page.locator("details.menu")).to_be_visible()

    sign_out(page)
    type_password(page)
    hands.write(page.get_by_label("Code"), recovery_code)  # each works once
    page.keyboard.press("Enter")
    expect(page.get_by_text("Incorrect code")).to_be_visible()
