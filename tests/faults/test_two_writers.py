"""Several imports at once, in processes and threads: nothing is lost, versions are gapless, a file is counted once."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.factories.ledger import NOW, product_rows, read, source_file, transaction_rows

from openkam.analytics.ledger.append import SameFileError
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.terms import OpenKamError

WRITE = """
import sys
from openkam.analytics.ledger.ledger import Ledger
from tests.factories.ledger import NOW, product_rows, transaction_rows
path, writer = sys.argv[1], int(sys.argv[2])
sys.stdin.readline()
for number in range(8):
    ledger = Ledger.open(path)
    if number % 2:
        ledger.append("transactions", transaction_rows(50), source=f"unit {writer}", imported_at=NOW)
    else:
        batch = ledger.append("products", product_rows(f"{writer}-{number}"), source=f"unit {writer}", imported_at=NOW)
    if number == 4:
        ledger.undo(batch.batch_id, NOW)
    ledger.at()
"""

SAME_FILE = """
import sys
from openkam.analytics.ledger.append import SameFileError
from openkam.analytics.ledger.ledger import Ledger
from tests.factories.ledger import NOW, product_rows, source_file
sys.stdin.readline()
try:
    Ledger.open(sys.argv[1]).append("products", product_rows("a"), source="erp", imported_at=NOW, files=(source_file("p.csv"),))
    print("imported")
except SameFileError:
    print("refused")
"""


def run_at_once(code: str, path: Path, count: int) -> list[str]:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path), str(n)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(count)
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    outcomes = [writer.communicate() for writer in writers]
    assert [errors for _, errors in outcomes] == [""] * count
    return [said.strip() for said, _ in outcomes]


def test_processes_that_start_a_ledger_and_write_at_once_lose_nothing(tmp_path: Path) -> None:
    run_at_once(WRITE, tmp_path / "ledger", 3)
    ledger = Ledger.open(tmp_path / "ledger")
    assert [version.ledger_version for version in ledger.versions()] == list(range(1, 3 * 9 + 1))
    assert sorted(read(ledger.at(), "products")["product_key"].to_pylist()) == [f"{w}-{n}" for w in range(3) for n in (0, 2, 6)]
    assert ledger.at().row_count("transactions") == read(ledger.at(), "transactions").num_rows == 3 * 4 * 50
    assert len({batch.batch_id for batch in ledger.batches()}) == 3 * 8
    assert ledger.verify() == []


def test_of_two_imports_of_one_file_one_is_refused(tmp_path: Path) -> None:
    assert sorted(run_at_once(SAME_FILE, tmp_path / "ledger", 2)) == ["imported", "refused"]
    assert Ledger.open(tmp_path / "ledger").at().row_count("products") == 1


def test_threads_that_share_one_ledger_lose_nothing_and_readers_never_see_a_gap(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger")

    def write(number: int) -> int:
        table, rows = ("products", product_rows(str(number))) if number % 2 else ("transactions", transaction_rows(3))
        return ledger.append(table, rows, source="erp", imported_at=NOW).ledger_version

    def look(_: int) -> bool:
        snapshot = Ledger.open(ledger.path).at()
        return [batch.ledger_version for batch in snapshot.batches] == list(range(1, snapshot.version + 1))

    with ThreadPoolExecutor(3) as writers, ThreadPoolExecutor(2) as readers:
        looks = readers.map(look, range(60))
        numbers = list(writers.map(write, range(24)))
        assert all(looks)
    assert sorted(numbers) == list(range(1, 25))
    assert ledger.verify() == []


def test_threads_that_import_one_file_count_it_once(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger")

    def write(_: int) -> bool:
        try:
            ledger.append("products", product_rows("a"), source="erp", imported_at=NOW, files=(source_file("p.csv"),))
        except SameFileError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(write, range(8))) == 1
    assert ledger.at().row_count("products") == 1


def test_a_ledger_that_another_starts_at_the_same_moment_is_opened(tmp_path: Path):
    # Asking "a folder?" and "there at all?" one after the other refused one opening in sixty of these.
    for round_number in range(400):
        path, start, refusals = tmp_path / str(round_number), threading.Barrier(3), []

        def make(path: Path = path, start: threading.Barrier = start) -> None:
            start.wait()
            path.mkdir()

        def open_it(path: Path = path, start: threading.Barrier = start, refusals: list[OpenKamError] = refusals) -> None:
            start.wait()
            try:
                Ledger.open(path)
            except OpenKamError as error:
                refusals.append(error)

        threads = [threading.Thread(target=act) for act in (make, open_it, open_it)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert refusals == []
