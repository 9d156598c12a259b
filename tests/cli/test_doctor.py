"""The doctor finds what is wrong and says what to do."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Ran


@pytest.fixture
def home(tmp_path: Path, openkam: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a ledger and a secret, and no site yet."""
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert openkam("init", "--home", "workspace").code == 0
    return tmp_path / "workspace"


def problems(ran: Ran) -> dict[str, str]:
    return {finding["check"]: finding["problem"] for finding in ran.json if finding["problem"]}


def test_no_workspace_is_said(openkam: Callable[..., Ran], tmp_path: Path):
    ran = openkam("doctor", "--home", "nowhere")

    assert ran.code == 1
    assert "There is no workspace at" in ran.out
    assert "openkam serve" in ran.out
    assert not (tmp_path / "nowhere").exists()


def test_what_is_missing_is_named_with_the_way_out(openkam: Callable[..., Ran], home: Path):
    ran = openkam("doctor", "--home", home, "--json")

    assert ran.code == 1
    assert set(problems(ran)) == {"Migrations", "Static files"}
    assert all("openkam serve" in finding["remedy"] for finding in ran.json if finding["problem"])
    assert "2 of" in ran.err


def test_a_secret_that_others_read_is_named(openkam: Callable[..., Ran], home: Path):
    openkam("doctor", "--home", home)
    (home / "secret.key").chmod(0o644)

    ran = openkam("doctor", "--home", home, "--json")

    assert "secret.key" in problems(ran)["Secret key"]


def test_a_broken_ledger_is_named(openkam: Callable[..., Ran], home: Path, sales: Path):
    openkam("import", sales, "--mapping", sales.with_suffix(".toml"), "--source", "ERP", "--home", home)
    next(home.glob("ledger/transactions/**/*.parquet")).unlink()

    assert "Ledger" in problems(openkam("doctor", "--home", home, "--json"))


def test_a_wrong_environment_is_a_finding_like_any_other(
    openkam: Callable[..., Ran], home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(os.environ, "OPENKAM_HTTPS", "perhaps")

    ran = openkam("doctor", "--home", home, "--json")

    assert "OPENKAM_HTTPS" in problems(ran)["Environment"]
    assert "Ledger" not in problems(ran)
