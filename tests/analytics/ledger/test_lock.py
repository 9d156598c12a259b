import subprocess
import sys
import threading
from pathlib import Path

import pytest

from openkam.analytics.ledger.lock import UnwritableLedgerError, exclusive, exclusive_if_free

HOLD = """
import sys, pathlib
from openkam.analytics.ledger.lock import exclusive
with exclusive(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_threads_exclude_each_other(tmp_path: Path) -> None:
    inside = 0
    seen: list[int] = []

    def work() -> None:
        nonlocal inside
        for _ in range(50):
            with exclusive(tmp_path / "lock"):
                inside += 1
                seen.append(inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1] * 200


def test_a_lock_is_free_again_when_its_process_is_killed(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with exclusive_if_free(tmp_path / "lock") as is_held:
            assert not is_held
        holder.kill()
    with exclusive_if_free(tmp_path / "lock") as is_held:
        assert is_held


def test_a_lock_is_given_back_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), exclusive(tmp_path / "lock"):
        raise ZeroDivisionError
    before = len(list(Path("/proc/self/fd").iterdir()))
    with exclusive_if_free(tmp_path / "lock") as is_held, exclusive_if_free(tmp_path / "lock") as is_held_again:
        assert (is_held, is_held_again) == (True, False)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_lock_that_cannot_be_made_is_an_error_a_user_can_mend(tmp_path: Path) -> None:
    with (
        pytest.raises(UnwritableLedgerError, match=r"Cannot write to the ledger at .*gone: No such file.*Nothing was changed"),
        exclusive(tmp_path / "gone" / "lock"),
    ):
        pass
