import signal
import subprocess
import sys
from pathlib import Path

import pytest

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.lock import UnwritableLedgerError
from openkam.analytics.ledger.staging import STAGING_FOLDER, sweep

STAGE = """
import sys
from openkam.analytics.ledger.ledger import Ledger
with Ledger.open(sys.argv[1]).stage("products") as staging:
    (staging.path / "half.parquet").write_text("half")
    print(staging.path, flush=True)
    sys.stdin.read()
"""


def folders(ledger: Ledger) -> list[Path]:
    return [path for path in (ledger.path / STAGING_FOLDER).iterdir() if path.is_dir()]


def test_a_staging_folder_lies_in_the_ledger_and_goes_when_the_block_ends(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger")
    with ledger.stage("products") as staging:
        assert staging.path.is_relative_to(ledger.path)
        (staging.path / "below").mkdir()
        (staging.path / "below" / "b.parquet").touch()
        (staging.path / "a.parquet").touch()
        (staging.path / "a.tmp").touch()
        (staging.scratch / "x.parquet").touch()
        assert [path.name for path in staging.files] == ["a.parquet", "b.parquet"]
    assert folders(ledger) == []


def test_a_staging_folder_goes_after_an_error_and_the_error_stays(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger")
    with pytest.raises(OSError, match="mine"), ledger.stage("products"):
        raise OSError("mine")
    assert folders(ledger) == []


def test_two_stagings_of_one_table_do_not_meet(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger")
    with ledger.stage("products") as one, ledger.stage("products") as two:
        assert one.path != two.path
        assert sweep(ledger.path) == 0
        assert one.path.exists()
        assert two.path.exists()


def test_what_a_dead_process_left_is_removed_on_opening_and_what_a_living_one_holds_is_kept(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger")
    command = [sys.executable, "-c", STAGE, str(ledger.path)]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as living,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as dying,
    ):
        assert living.stdout is not None
        assert dying.stdout is not None
        kept, left = Path(living.stdout.readline().strip()), Path(dying.stdout.readline().strip())
        Ledger.open(ledger.path)
        assert kept.exists()
        assert left.exists()
        dying.send_signal(signal.SIGKILL)
        dying.wait()
        Ledger.open(ledger.path)
        assert (kept / "half.parquet").exists()
        assert not left.parent.exists()
        living.communicate("")
    assert folders(ledger) == []


def test_a_ledger_that_cannot_be_written_to_gives_no_staging(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger")
    with ledger.stage("products"):
        pass
    (ledger.path / STAGING_FOLDER / "gate.lock").unlink()
    (ledger.path / STAGING_FOLDER / "gate.lock").mkdir()
    with pytest.raises(UnwritableLedgerError, match="Is a directory"), ledger.stage("products"):
        pass
    assert sweep(ledger.path) == 0
