"""From the paths a user gives to plain files: folders are walked, archives unpacked within limits, each file named as the user
knows it."""

import gzip
import hashlib
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from openkam.analytics.ledger.batch import SourceFile
from openkam.analytics.terms import OpenKamError

SUFFIXES = frozenset([".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xls", ".parquet", ".pq", ".gz", ".zip"])
MOST_BYTES = 50 * 1024**3
MOST_RATIO = 1_000
_RATIO_APPLIES_FROM_BYTES = 64 * 1024**2
_CHUNK_BYTES = 4 * 1024**2


class UnreadableFileError(OpenKamError):
    """A file that is missing, empty, damaged, too large once unpacked, or of a kind that cannot be imported."""


@dataclass(frozen=True, slots=True)
class PlainFile:
    """One file to read, unpacked: `name` as shown to the user ("sales.zip/may.csv"), `path` where its bytes are now."""

    name: str
    path: Path


def list_files(paths: Iterable[str | os.PathLike[str]]) -> tuple[tuple[str, Path], ...]:
    """Names and paths of all files: each path given, or what importable files lie in a folder, in order of name.

    Raises `UnreadableFileError` when a path does not exist or a folder holds nothing to import.
    """
    found: dict[Path, str] = {}
    for given in paths:
        path = Path(given)
        if path.is_dir():
            inside = [
                p for p in sorted(path.rglob("*")) if p.is_file() and p.suffix.lower() in SUFFIXES and not _is_hidden(p, path)
            ]
            if not inside:
                raise UnreadableFileError(f"{path}: the folder holds no file to import ({', '.join(sorted(SUFFIXES))}).")
            found.update({p: str(p.relative_to(path)) for p in inside if p not in found})
        elif not path.is_file():
            raise UnreadableFileError(f"{path}: there is no such file.")
        else:
            found.setdefault(path, path.name)
    if not found:
        raise UnreadableFileError("No file was given to import.")
    names = list(found.values())
    return tuple((str(path) if names.count(name) > 1 else name, path) for path, name in found.items())


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "__MACOSX", "~$")) for part in path.relative_to(root).parts)


def fingerprint(name: str, path: Path, progress: Callable[[int], None]) -> SourceFile:
    """Name, SHA-256 and length of a file; `progress` is told the bytes of each chunk read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                progress(len(chunk))
        return SourceFile(name, digest.hexdigest(), path.stat().st_size)
    except OSError as error:
        raise UnreadableFileError(f"{name}: cannot be read: {error.strerror}.") from error


def unpack(name: str, path: Path, scratch: Path, most_text_bytes: int | None = None) -> Iterator[PlainFile]:
    """The plain files in a file: itself, or what a .gz or .zip holds, written below `scratch` one at a time.

    Of a packed text only the first lines are unpacked where `most_text_bytes` is given.

    Raises `UnreadableFileError` for a damaged or encrypted archive, and for one that grows beyond 50 GB or a thousandfold.
    """
    with path.open("rb") as file:
        magic = file.read(4)
    if not magic:
        raise UnreadableFileError(f"{name}: the file is empty.")
    try:
        if magic[:2] == b"\x1f\x8b":
            target = scratch / "unpacked-gz"
            with gzip.open(path) as packed:
                _copy(packed, target, name, path.stat().st_size, most_text_bytes)
            yield PlainFile(name, target)
            target.unlink(missing_ok=True)
        elif magic == b"PK\x03\x04" or (zipfile.is_zipfile(path) and magic[:2] == b"PK"):
            yield from _unzip(name, path, scratch, most_text_bytes)
        else:
            yield PlainFile(name, path)
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise UnreadableFileError(
            f"{name}: the archive is damaged or of an unknown kind: {error}. Pack or send it again."
        ) from error


def _unzip(name: str, path: Path, scratch: Path, most_text_bytes: int | None) -> Iterator[PlainFile]:
    with zipfile.ZipFile(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        _refuse_bomb(name, sum(m.file_size for m in members), path.stat().st_size)
        if any(m.filename == "xl/workbook.xml" for m in members):
            yield PlainFile(name, path)
            return
        wanted = [m for m in members if _is_wanted(m)]
        if not wanted:
            raise UnreadableFileError(
                f"{name}: the archive holds no file to import ({', '.join(sorted(SUFFIXES - {'.gz', '.zip'}))})."
            )
        if any(m.flag_bits & 1 for m in wanted):
            raise UnreadableFileError(f"{name}: the archive is encrypted; unpack it first and import the files.")
        target = scratch / "unpacked-zip"
        for member in sorted(wanted, key=lambda m: m.filename):
            with archive.open(member) as packed:
                _copy(packed, target, f"{name}/{member.filename}", member.compress_size, most_text_bytes)
            yield PlainFile(f"{name}/{member.filename}", target)
        target.unlink(missing_ok=True)


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    parts = Path(member.filename).parts
    return Path(member.filename).suffix.lower() in SUFFIXES - {".gz", ".zip"} and not any(
        p.startswith((".", "__MACOSX")) for p in parts
    )


def _copy(packed: IO[bytes] | gzip.GzipFile, target: Path, name: str, packed_bytes: int, most_text_bytes: int | None) -> None:
    written = 0
    with target.open("wb") as out:
        while chunk := packed.read(_CHUNK_BYTES):
            if not written and (b"\0" in chunk or chunk.startswith((b"PK", b"PAR1"))):
                most_text_bytes = None  # no text of one byte a sign: it cannot be cut at a line
            written += len(chunk)
            _refuse_bomb(name, written, packed_bytes)
            if most_text_bytes is not None and written >= most_text_bytes and (end := chunk.rfind(b"\n") + 1):
                out.write(chunk[:end])
                return
            out.write(chunk)
    if not written:
        raise UnreadableFileError(f"{name}: the file is empty.")


def _refuse_bomb(name: str, unpacked_bytes: int, packed_bytes: int) -> None:
    if unpacked_bytes > MOST_BYTES:
        raise UnreadableFileError(
            f"{name}: unpacks to more than {MOST_BYTES // 1024**3} GB; unpack it yourself and import the parts."
        )
    if unpacked_bytes > _RATIO_APPLIES_FROM_BYTES and unpacked_bytes > MOST_RATIO * max(packed_bytes, 1):
        raise UnreadableFileError(
            f"{name}: unpacks to more than {MOST_RATIO:,} times its size, as no ledger does; unpack it yourself if it is sound."
        )


def refuse_full_disk(name: str, needed_bytes: int, folder: Path) -> None:
    """Raise `UnreadableFileError` when the disk of `folder` has less than `needed_bytes` free."""
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise UnreadableFileError(
            f"{name}: the import needs about {needed_bytes / 1e9:.1f} GB of free disk beside the ledger, there are "
            f"{free / 1e9:.1f} GB."
        )


def shown(names: Sequence[str], most: int = 30) -> str:
    """Names as a list in a sentence, cut after `most`."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(f"“{n}”" for n in names[:most]) + more
