"""A workspace and a round of its own for every test."""

from pathlib import Path

import pytest
from pytest_django import Settings
from tests.factories.people import user
from tests.factories.rounds import conducted_round

from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.selection.models import Round


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> Path:
    """The workspace's folder."""
    settings.OPENKAM_HOME = tmp_path
    return tmp_path


@pytest.fixture
def head(db: None) -> User:
    """A person who may decide."""
    return user(Role.HEAD)


@pytest.fixture
def made(home: Path, head: User) -> Round:
    """A round that is open."""
    return conducted_round(home, head)
