"""The result of an import: what it tells, and the reject file it gives."""

from pathlib import Path

import pytest
from tests.factories.imports import HEADER, Importing, row


@pytest.fixture
def importing(tmp_path: Path) -> Importing:
    return Importing(tmp_path)


def test_a_dry_run_reports_everything_and_changes_nothing(importing: Importing, tmp_path: Path) -> None:
    path = importing.file(HEADER + row("A1") + row("A2", net_amount="?"))
    result = importing.run(path, dry_run=True)
    assert result.batch is None
    assert (result.rows_accepted, result.rows_rejected) == (1, 1)
    assert result.reject_csv(tmp_path / "rejects.csv") == 1
    assert result.kept is not None
    kept = result.kept
    kept.remove()
    assert not kept.path.exists()
    assert not (tmp_path / "ledger").exists()
    assert importing.ledger.latest_version == 0


def test_no_rejects_no_reject_file(importing: Importing, tmp_path: Path) -> None:
    result = importing.run(importing.file(HEADER + row()), dry_run=True)
    assert result.reject_csv(tmp_path / "rejects.csv") == 0
    assert not (tmp_path / "rejects.csv").exists()
