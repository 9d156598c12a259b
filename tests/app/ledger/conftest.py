"""A workspace of its own for every test: no test sees another's ledger or files."""

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
def analyst(db: None) -> User:
    """A person who may import facts."""
    return user(Role.ANALYST)
