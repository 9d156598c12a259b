"""A workspace of its own for every test, and who acts in it."""

from pathlib import Path

import pytest
from pytest_django import Settings
from tests.factories.people import user

from openkam.app.people.models import User
from openkam.app.people.terms import Role


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> Path:
    """The workspace's folder."""
    settings.OPENKAM_HOME = tmp_path
    return tmp_path


@pytest.fixture
def head(db: None) -> User:
    """A person who sees everything and may change rates."""
    return user(Role.HEAD)
