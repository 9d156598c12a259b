"""The command killed, stopped, out of disk, or run twice at once: the ledger stands before or after, and the next run works."""

import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import OPENKAM, Ran

from openkam.analytics.ledger.ledger import Ledger

Command = Callable[..., Ran]
HEADER = "transaction_key,transacted_on,customer_key,quantity,net_amount,currency\n"


def arguments(file: str, source: str = "erp") -> list[str]:
    return [str(OPENKAM), "import", file, "--table", "transactions", "--source", source]


def sales(path: Path, rows: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        file.writelines(f"T{n},2023-01-{1 + n % 28:02},C{n % 97},1,{n}.25,EUR\n" for n in range(rows))
    return path


def start(tmp_path: Path, file: str, source: str = "erp") -> "subprocess.Popen[str]":
    return subprocess.Popen(
        arguments(file, source), cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean()
    )


def clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "OPENKAM_HOME"}


def wait_until_staging(home: Path, process: "subprocess.Popen[str]") -> None:
    """Until the import has begun to write into its staging folder, or has ended."""
    deadline = time.monotonic() + 120
    while not list((home / "ledger").glob(".staging/*/*")) and not list((home / "ledger").glob("*staging*/*/*")):
        assert time.monotonic() < deadline
        if process.poll() is not None:
            return
        time.sleep(0.005)


def test_an_import_that_is_killed_changes_nothing_and_the_next_one_works(openkam: Command, tmp_path: Path):
    sales(tmp_path / "sales.csv", 300_000)
    process = start(tmp_path, "sales.csv")
    wait_until_staging(tmp_path / "openkam-data", process)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert Ledger.open(tmp_path / "openkam-data" / "ledger").latest_version == 0
    done = openkam("import", "sales.csv", "--table", "transactions", "--source", "erp", "--json").json
    assert (done["ledger_version"], done["rows"]["accepted"]) == (1, 300_000)
    assert openkam("verify").code == 0


def test_an_import_that_is_stopped_says_so_and_changes_nothing(openkam: Command, tmp_path: Path):
    sales(tmp_path / "sales.csv", 300_000)
    process = start(tmp_path, "sales.csv")
    wait_until_staging(tmp_path / "openkam-data", process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130, err
    assert out == ""
    assert "stopped" in err
    assert "Traceback" not in err
    assert openkam("batches", "--json").json == []
    assert openkam("verify").code == 0


def test_two_imports_at_once_both_land(openkam: Command, tmp_path: Path):
    sales(tmp_path / "one.csv", 2_000)
    sales(tmp_path / "two.csv", 1_000)
    processes = [start(tmp_path, "one.csv", "north"), start(tmp_path, "two.csv", "south")]
    ended = [(process.communicate(), process.returncode) for process in processes]
    assert [code for _, code in ended] == [0, 0], ended
    batches = openkam("batches", "--json").json
    assert [batch["ledger_version"] for batch in batches] == [1, 2]
    assert sorted(batch["rows_accepted"] for batch in batches) == [1_000, 2_000]
    assert openkam("verify").code == 0


def test_a_full_disk_is_one_line_and_the_ledger_stays(openkam: Command, tmp_path: Path):
    sales(tmp_path / "old.csv", 10)
    assert openkam("import", "old.csv", "--table", "transactions", "--source", "erp").code == 0
    sales(tmp_path / "sales.csv", 200_000)

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    refused = subprocess.run(
        arguments("sales.csv"), cwd=tmp_path, capture_output=True, text=True, check=False, preexec_fn=no_room, env=clean()
    )
    assert refused.returncode == 1, refused.stderr
    assert refused.stdout == ""
    assert "Traceback" not in refused.stderr
    assert refused.stderr.startswith("openkam: ")
    assert [batch["rows_accepted"] for batch in openkam("batches", "--json").json] == [10]
    assert openkam("verify").code == 0
