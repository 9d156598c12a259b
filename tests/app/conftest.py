"""What tests of every room share."""

from collections.abc import Callable

import pytest
from django.test import Client

from openkam.app.people.models import User


@pytest.fixture
def signed_in(db: None) -> Callable[[User], Client]:
    """A browser without scripts, signed in as the given person."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in
