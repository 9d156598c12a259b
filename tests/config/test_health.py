"""Probes: the process is up, and the site can work."""

from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from openkam.config import health


@pytest.fixture(autouse=True)
def nothing_seen_yet() -> None:
    health.tables_are_current.clear()


def test_live_needs_nothing(client):
    assert client.get("/health/live").json() == {"status": "live"}


@pytest.mark.django_db
def test_ready_says_what_was_looked_at(client):
    response = client.get("/health/ready")

    assert (response.status_code, response.json()) == (
        200,
        {"status": "ready", "checks": {"database": "ok", "migrations": "ok", "workspace": "ok"}},
    )
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready(client):
    MigrationRecorder(connection).migration_qs.filter(app="people").delete()

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["checks"]["migrations"]) == (503, "problem")
    assert "1 migrations behind, the first is people" in health.migrations_problem()


@pytest.mark.django_db
def test_a_workspace_that_cannot_be_written_is_not_ready(client, tmp_path: Path):
    with override_settings(OPENKAM_HOME=tmp_path / "gone"):
        response = client.get("/health/ready")

    assert (response.status_code, response.json()["checks"]["workspace"]) == (503, "problem")
    assert str(tmp_path) not in response.content.decode()


def test_a_database_that_does_not_answer_is_not_ready(client, monkeypatch: pytest.MonkeyPatch):
    def refuse() -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(connection, "cursor", refuse)

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["checks"]["database"]) == (503, "problem")
    assert "closed" not in response.content.decode()


@pytest.mark.django_db
def test_probes_are_answered_before_the_first_run_and_without_https(client):
    with override_settings(SECURE_SSL_REDIRECT=True, SECURE_REDIRECT_EXEMPT=[r"^health/"]):
        assert client.get("/health/live").status_code == 200
