"""Two managers, each with an account of their own and somebody who works there."""

from dataclasses import dataclass

import pytest
from tests.factories import accounts
from tests.factories.contacts import contact
from tests.factories.people import user

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.relationships.models import Contact


@dataclass(frozen=True)
class World:
    """`manager` looks after `own` with `anna`; `stranger` after `foreign` with `secret`."""

    manager: User
    stranger: User
    own: Account
    foreign: Account
    anna: Contact
    secret: Contact


@pytest.fixture
def world(db: None) -> World:
    manager, stranger = user(Role.MANAGER, name="Kayla"), user(Role.MANAGER, name="Hudson")
    own = accounts.account("Tailspin Toys", manager=manager)
    foreign = accounts.account("Unseen Bay", manager=stranger)
    return World(manager, stranger, own, foreign, contact(own, "Anna Berg"), contact(foreign, "Secret Buyer"))
