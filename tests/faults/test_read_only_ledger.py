"""A ledger one may read but not change, as a user without rights meets it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.factories.ledger import NOW, product_rows

from openkam.analytics.ledger.ledger import Ledger

READ_AND_TRY_TO_WRITE = """
import os, sys
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.terms import OpenKamError
from tests.factories.ledger import NOW, product_rows, read
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
ledger = Ledger.open(sys.argv[1])
(batch,) = ledger.batches()
print(ledger.latest_version, read(ledger.at(), "products").num_rows, ledger.rejects(batch.batch_id).num_rows, ledger.verify())
def stage():
    with ledger.stage("products"):
        pass
for write in (
    lambda: ledger.append("products", product_rows("b"), source="erp", imported_at=NOW),
    lambda: ledger.undo(batch.batch_id, NOW),
    lambda: Ledger.open(sys.argv[1] + "/../new").append("products", product_rows("b"), source="erp", imported_at=NOW),
    stage,
):
    try:
        write()
    except OpenKamError as error:
        print(error)
"""


@pytest.fixture
def readable_folder() -> Iterator[Path]:
    """A folder that every user may enter and nobody but its owner may write to; pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_ledger_is_read_and_every_change_is_a_clear_error(readable_folder: Path) -> None:
    ledger = Ledger.open(readable_folder / "ledger")
    ledger.append("products", product_rows("a"), source="erp", imported_at=NOW)
    for path in (ledger.path, *ledger.path.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    if os.geteuid() != 0:
        readable_folder.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", READ_AND_TRY_TO_WRITE, str(ledger.path)], capture_output=True, text=True, check=False
    )
    first, *errors = done.stdout.splitlines()
    assert first == "1 1 0 []", done.stderr
    assert len(errors) == 4, done.stdout
    assert all("Cannot write to the ledger at" in error and "Permission denied. Nothing was changed" in error for error in errors)
    assert ledger.latest_version == 1


LOCKED = """
import os, sys
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.terms import OpenKamError
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    Ledger.open(sys.argv[1])
except OpenKamError as error:
    print(error)
"""


def test_a_ledger_one_may_not_even_read_is_a_clear_error(readable_folder: Path) -> None:
    ledger = Ledger.open(readable_folder / "ledger")
    ledger.append("products", product_rows("a"), source="erp", imported_at=NOW)
    ledger.path.chmod(0o000)
    done = subprocess.run([sys.executable, "-c", LOCKED, str(ledger.path)], capture_output=True, text=True, check=False)
    assert done.stdout == f"The ledger at {ledger.path} cannot be read: Permission denied.\n", done.stderr
