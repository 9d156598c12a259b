"""A disk that takes no more, by a limit on the length of files: it bites where a full disk does and needs no rights to set up."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.factories.ledger import NOW, product_rows, read, reject_rows

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.staging import STAGING_FOLDER

APPEND = """
import resource, sys
import pyarrow.parquet as pq
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.terms import OpenKamError
from tests.factories.ledger import NOW, product_rows, reject_rows, source_file, transaction_rows

path, case = sys.argv[1:]
ledger = Ledger.open(path)
given = {"source": "erp", "imported_at": NOW}
if case == "rejects moved":
    elsewhere = "/dev/shm/" + path.strip("/").replace("/", "-")
    pq.write_table(reject_rows(*range(5_000)), elsewhere)
limits = {"rows": 50_000, "last rows": 2_000, "rejects": 2_000, "rejects moved": 10_000, "log": 20_000, "marker": 0}
resource.setrlimit(resource.RLIMIT_FSIZE, (limits[case], limits[case]))
try:
    if case == "rows":
        ledger.append("transactions", transaction_rows(300_000), **given)
    elif case == "last rows":
        ledger.append("transactions", transaction_rows(50_000), **given)
    elif case == "rejects":
        ledger.append("products", product_rows("b"), rejects=reject_rows(*range(5_000)), **given)
    elif case == "rejects moved":
        from pathlib import Path
        ledger.append("products", product_rows("b"), rejects=Path(elsewhere), **given)
    elif case == "log":
        ledger.append("products", product_rows("b"), files=tuple(source_file(f"{n}.csv") for n in range(1_000)), **given)
    else:
        Ledger.open(path + "-new").append("products", product_rows("b"), **given)
except OpenKamError as error:
    print(error)
"""


@pytest.mark.parametrize("case", ["rows", "last rows", "rejects", "rejects moved", "log", "marker"])
def test_a_full_disk_is_a_clear_error_and_nothing_is_lost(tmp_path: Path, case: str) -> None:
    ledger = Ledger.open(tmp_path / "ledger")
    ledger.append("products", product_rows("a"), source="erp", imported_at=NOW, rejects=reject_rows(1))
    before = sorted(path for path in ledger.path.rglob("*") if STAGING_FOLDER not in path.parts)
    done = subprocess.run([sys.executable, "-c", APPEND, str(ledger.path), case], capture_output=True, text=True, check=False)
    assert "ledger" in done.stdout, done.stderr
    assert "File too large" in done.stdout
    assert done.stderr == ""
    ledger = Ledger.open(ledger.path)
    assert ledger.latest_version == 1
    assert ledger.verify() == []
    after = sorted(path for path in ledger.path.rglob("*") if STAGING_FOLDER not in path.parts and path.name != "transactions")
    assert [path for path in after if ".tmp" not in path.name] == before
    assert [path for path in (ledger.path / STAGING_FOLDER).iterdir() if path.is_dir()] == []
    ledger.append("products", product_rows("b"), source="erp", imported_at=NOW)
    assert read(ledger.at(), "products")["product_key"].to_pylist() == ["a", "b"]
    Path("/dev/shm", str(ledger.path).strip("/").replace("/", "-")).unlink(missing_ok=True)
