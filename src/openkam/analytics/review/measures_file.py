"""The measured accounts of a review kept as one Parquet file, so that another programme can be tried without measuring again."""

import contextlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from openkam.analytics.review.review import Review
from openkam.analytics.selection.programme import Programme
from openkam.analytics.terms import Measure, OpenKamError, Unit

FORMAT = "openkam-measures-1"
_UNREADABLE = "The measures at {path} cannot be read: restore the file from a backup, or start another round."
FIRST_SEARCH_COLUMN = "is_candidate"
"""The first column of a review's accounts that the search made: what stands before was measured."""
_KEPT = 4
"""Files kept in memory as read: a site asks for the latest round's on most of its pages."""


@dataclass(frozen=True, slots=True, eq=False)
class StoredMeasures:
    """One row per account: attributes, then a column per measure of `catalogue`. `measured_with` says with what settings.

    What was read once is itself alone: it is compared and kept by identity, never row by row.
    """

    accounts: pa.Table
    catalogue: tuple[Measure, ...]
    as_of: date
    currency: str
    ledger_version: int
    measured_with: str


def measured_with(programme: Programme) -> str:
    """What of a programme decides the measures themselves: period, rates of services, of provisions and of discount, as comparable
    text."""
    settings = (
        programme.period_months,
        sorted(programme.service_rates.items()),
        programme.provision_rates,
        programme.discount_rate_per_year,
    )
    return json.dumps(settings, separators=(",", ":"))


def write_measures(review: Review, programme: Programme, path: Path) -> None:
    """Write what was measured for a review of this programme; the file appears whole or not at all.

    Raises `OpenKamError` where it cannot be written.
    """
    names = review.accounts.column_names
    measured = review.accounts.select(names[: names.index(FIRST_SEARCH_COLUMN)])
    about = {
        "format": FORMAT,
        "as_of": review.as_of.isoformat(),
        "currency": review.currency,
        "ledger_version": str(review.ledger_version),
        "measured_with": measured_with(programme),
        "catalogue": json.dumps([[m.name, str(m.unit), m.meaning, m.family] for m in review.measures]),
    }
    half = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(measured.replace_schema_metadata(about), half, compression="zstd")
        half.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            half.unlink()
        raise OpenKamError(f"The measures cannot be written to {path}: {error.strerror or error}. Free the space.") from error


def read_measures(path: Path, columns: Sequence[str] | None = None) -> StoredMeasures:
    """What `write_measures` wrote, or of its columns those named that it has.

    The last files read are kept in memory for as long as they stay as they are. Raises `OpenKamError` where the file is missing or
    another.
    """
    try:
        found = path.stat()
        return _read(path, (found.st_ino, found.st_size, found.st_mtime_ns), None if columns is None else tuple(columns))
    except (OSError, pa.ArrowInvalid) as error:
        raise OpenKamError(_UNREADABLE.format(path=path)) from error


@lru_cache(maxsize=_KEPT)
def _read(path: Path, _state: tuple[int, ...], columns: tuple[str, ...] | None) -> StoredMeasures:
    """The file in this state: a file that was replaced is read anew."""
    about = _about(path)
    known = pq.read_schema(path).names
    table = pq.read_table(path, columns=None if columns is None else [name for name in columns if name in known])
    return StoredMeasures(
        accounts=table.replace_schema_metadata(None),
        catalogue=_catalogue(about),
        as_of=date.fromisoformat(about["as_of"]),
        currency=about["currency"],
        ledger_version=int(about["ledger_version"]),
        measured_with=about["measured_with"],
    )


def read_catalogue(path: Path) -> tuple[Measure, ...]:
    """The measures that a file holds, without reading their values; raises `OpenKamError` where it is missing or another."""
    try:
        return _catalogue(_about(path))
    except (OSError, pa.ArrowInvalid) as error:
        raise OpenKamError(_UNREADABLE.format(path=path)) from error


def _about(path: Path) -> dict[str, str]:
    about = {key.decode(): value.decode() for key, value in (pq.read_schema(path).metadata or {}).items()}
    if about.get("format") != FORMAT:
        raise OpenKamError(f"{path} does not hold the measures of a review: restore it from a backup, or start another round.")
    return about


def _catalogue(about: dict[str, str]) -> tuple[Measure, ...]:
    return tuple(Measure(name, Unit(unit), meaning, family) for name, unit, meaning, family in json.loads(about["catalogue"]))
