"""Locks between processes and threads of one machine: `flock` on files inside the ledger's folder.

The kernel gives a lock back when its holder dies, so a killed import never leaves the ledger locked.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from openkam.analytics.terms import OpenKamError


class UnwritableLedgerError(OpenKamError):
    """The ledger's folder cannot be written to: no right to, no space left, or a file system without locks."""


def unwritable(path: Path, error: OSError) -> UnwritableLedgerError:
    """The error to raise when writing below `path` failed with `error`."""
    return UnwritableLedgerError(
        f"Cannot write to the ledger at {path}: {error.strerror or error}. Nothing was changed: "
        "check the folder's permissions and the free space, then try again."
    )


def _locked_descriptor(path: Path, operation: int) -> int:
    # Opened anew each time: flock belongs to the open file, so two threads of one process exclude each other as well.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, operation)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _release(descriptor: int) -> None:
    # Unlocked explicitly: a forked child may hold a copy of the descriptor and would keep the lock alive.
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)


@contextmanager
def exclusive(path: Path) -> Generator[None]:
    """Wait for the lock file at `path` and hold it alone. Raises `UnwritableLedgerError` when it cannot be taken at all."""
    try:
        descriptor = _locked_descriptor(path, fcntl.LOCK_EX)
    except OSError as error:
        raise unwritable(path.parent, error) from error
    try:
        yield
    finally:
        _release(descriptor)


@contextmanager
def exclusive_if_free(path: Path) -> Generator[bool]:
    """Hold the lock file at `path` if nobody else does, and yield whether; never waits. Raises `OSError` when unwritable."""
    try:
        descriptor = _locked_descriptor(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
        return
    try:
        yield True
    finally:
        _release(descriptor)
