"""An import killed before, during or after its commit: the ledger stands either before or after it, and the next import works."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.factories.ledger import NOW, product_rows, read, reject_rows, source_file

from openkam.analytics.ledger.append import SameFileError
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.staging import STAGING_FOLDER

KILLED_AT_A_STEP = """
import os, signal, sys
from openkam.analytics.ledger import commit
from openkam.analytics.ledger.ledger import Ledger
from tests.factories.ledger import NOW, product_rows, reject_rows, source_file

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

path, step = sys.argv[1:]
if step == "files placed":
    commit._commit = die
elif step == "table created":
    commit.DeltaTable.create_write_transaction = die
elif step == "committed":
    inner = commit._commit
    commit._commit = lambda *given: (inner(*given), die())
Ledger.open(path).append(
    "products", product_rows("killed"), source="erp", imported_at=NOW, files=(source_file("p.csv"),), rejects=reject_rows(2),
    precommit=die if step == "rows staged" else None,
)
"""

IMPORTING_WITHOUT_END = """
import itertools, sys
from openkam.analytics.ledger.ledger import Ledger
from tests.factories.ledger import NOW, source_file, transaction_rows
ledger = Ledger.open(sys.argv[1])
for number in itertools.count():
    rows = transaction_rows(100)
    print(ledger.append("transactions", rows, source="erp", imported_at=NOW).batch_id, flush=True)
    if number % 3 == 2:
        ledger.undo(ledger.batches()[-1].batch_id, NOW)
"""


def kill_at(ledger: Ledger, step: str) -> None:
    died = subprocess.run(
        [sys.executable, "-c", KILLED_AT_A_STEP, str(ledger.path), step], capture_output=True, text=True, check=False
    )
    assert died.returncode == -signal.SIGKILL, died.stderr


def leftovers(ledger: Ledger) -> list[Path]:
    known = {Path(uri) for version in range(ledger.latest_version + 1) for uri in ledger.at(version).uris("products")}
    found = [*(ledger.path / "products").glob("*.parquet"), *(ledger.path / "rejects").glob("*.parquet")]
    staged = [path for path in (ledger.path / STAGING_FOLDER).iterdir() if path.is_dir()]
    return [path for path in (*found, *staged) if path not in known and path.stem not in {b.batch_id for b in ledger.batches()}]


@pytest.mark.parametrize("is_first", [True, False], ids=["first import", "later import"])
@pytest.mark.parametrize("step", ["rows staged", "files placed", "table created"])
def test_killed_before_the_commit_nothing_happened(tmp_path: Path, step: str, is_first: bool) -> None:
    ledger = Ledger.open(tmp_path / "ledger")
    if not is_first:
        ledger.append("products", product_rows("old"), source="erp", imported_at=NOW)
    old = [] if is_first else ["old"]
    kill_at(ledger, step)
    again = Ledger.open(ledger.path)
    assert again.latest_version == len(old)
    assert read(again.at(), "products")["product_key"].to_pylist() == old
    assert again.verify() == []
    again.append(
        "products", product_rows("new"), source="erp", imported_at=NOW, files=(source_file("p.csv"),), rejects=reject_rows(2)
    )
    assert [version.ledger_version for version in again.versions()] == list(range(1, len(old) + 2))
    assert read(again.at(), "products")["product_key"].to_pylist() == [*old, "new"]
    assert leftovers(again) == []


def test_killed_after_the_commit_the_batch_stands_and_is_recognised(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger")
    kill_at(ledger, "committed")
    again = Ledger.open(ledger.path)
    (batch,) = again.batches()
    assert read(again.at(), "products")["product_key"].to_pylist() == ["killed"]
    assert again.rejects(batch.batch_id) == reject_rows(2)
    assert again.verify() == []
    with pytest.raises(SameFileError):
        again.append("products", product_rows("killed"), source="erp", imported_at=NOW, files=(source_file("p.csv"),))
    assert leftovers(again) == []


def test_killed_at_any_moment_nothing_reported_is_lost(tmp_path: Path) -> None:
    moments = random.Random(7)
    ledger = Ledger.open(tmp_path / "ledger")
    reported: list[str] = []
    for _ in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", IMPORTING_WITHOUT_END, str(ledger.path)], stdout=subprocess.PIPE, text=True
        ) as importing:
            assert importing.stdout is not None
            reported.append(importing.stdout.readline().strip())
            time.sleep(moments.uniform(0.0, 0.15))
            importing.kill()
            reported += importing.stdout.read().split()
        ledger = Ledger.open(ledger.path)
        assert [version.ledger_version for version in ledger.versions()] == list(range(1, ledger.latest_version + 1))
        assert set(reported) <= {batch.batch_id for batch in ledger.batches()}
        live = sum(batch.is_live for batch in ledger.batches())
        assert read(ledger.at(), "transactions").num_rows == 100 * live
        assert ledger.verify() == []
    assert len(reported) >= 4
