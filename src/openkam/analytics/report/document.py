"""The review as documents: the JSON of the command, the page, the workbook and the table of accounts."""

import contextlib
import math
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from openkam.analytics.report.account_columns import account_names, flags, numbers, rows_by_problem_index
from openkam.analytics.report.html import review_html
from openkam.analytics.report.workbook import review_workbook
from openkam.analytics.review.review import Review
from openkam.analytics.selection.problem import WhyOut
from openkam.analytics.terms import OpenKamError, Unit

AMOUNTS = (Unit.CURRENCY, Unit.CURRENCY_PER_YEAR)

__all__ = ["accounts_parquet", "review_html", "review_json", "review_workbook", "write_review"]


def write_review(review: Review, folder: Path) -> tuple[Path, ...]:
    """Writes `review.html`, `review.xlsx` and `accounts.parquet` into `folder`, which is made where it is missing.

    All three or none: they are written under another name first and put in place together; a failure leaves what stood
    there before.
    Returns their paths. Raises `OpenKamError` where the folder cannot be written.
    """
    makers: dict[str, Callable[[Review], bytes]] = {
        "review.html": lambda r: review_html(r).encode("utf-8"),
        "review.xlsx": review_workbook,
        "accounts.parquet": accounts_parquet,
    }
    contents = {name: make(review) for name, make in makers.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".review-", dir=folder))
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        for name, content in contents.items():
            _write(staging / name, content)
        _put_in_place(staging, folder, tuple(contents))
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return tuple(folder / name for name in contents)


def accounts_parquet(review: Review) -> bytes:
    """The table of accounts as Parquet; each measure's field carries its unit and meaning as metadata."""
    meanings = {m.name: {"unit": str(m.unit), "meaning": m.meaning, "family": m.family} for m in review.measures}
    fields = [field.with_metadata(meanings[field.name]) if field.name in meanings else field for field in review.accounts.schema]
    about = {"as_of": review.as_of.isoformat(), "currency": review.currency, "ledger_version": str(review.ledger_version)}
    sink = pa.BufferOutputStream()
    pq.write_table(review.accounts.cast(pa.schema(fields, metadata=about)), sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def review_json(review: Review) -> dict[str, Any]:
    """The review as one JSON document; a missing or not finite figure is None.

    `solver.seconds` alone may differ between two runs.
    """
    accounts, solution = review.accounts, review.solution
    selected = [int(row) for row in np.flatnonzero(flags(accounts, "is_selected"))]
    return {
        "as_of": review.as_of.isoformat(),
        "period": {"start_on": review.period.start_on.isoformat(), "end_on": review.period.end_on.isoformat()},
        "currency": review.currency,
        "engine": review.engine,
        "ledger_version": review.ledger_version,
        "code_version": review.code_version,
        "programme": {"name": review.programme_name, "digest": review.programme_digest},
        "accounts": {
            "total": accounts.num_rows,
            "candidates": int(flags(accounts, "is_candidate").sum()),
            "selected": len(selected),
        },
        "solver": {
            "status": solution.status,
            "objective": _plain(solution.objective),
            "gap": _plain(solution.gap),
            "seconds": _plain(solution.seconds),
        },
        "selected": [_selected(review, row) for row in selected],
        "nearest_excluded": _nearest_excluded(review),
        "illustrative": list(review.illustrative),
        "notes": list(review.notes),
    }


def _selected(review: Review, row: int) -> dict[str, Any]:
    values = {name: review.accounts[name][row].as_py() for name in review.accounts.column_names}
    return {
        "account": values["account"],
        "name": values.get("name"),
        "rank": values.get("rank"),
        "utility": _plain(values.get("utility")),
        "manager": values.get("manager"),
        "criteria": {c.name: _plain(values.get(f"value_{c.name}")) for c in review.criteria},
        "measures": {m.name: _figure(values.get(m.name), m.unit) for m in review.measures},
    }


def _nearest_excluded(review: Review) -> list[dict[str, Any]]:
    names, rows = account_names(review), rows_by_problem_index(review)
    keys, utility = review.problem.accounts, numbers(review.accounts, "utility")

    def entry(why: WhyOut) -> dict[str, Any]:
        return {
            "account": keys[why.account],
            "name": names[rows[why.account]],
            "utility": _plain(float(utility[rows[why.account]])),
            "regret_percent": _plain(why.regret_percent),
            "binding": why.binding,
            "displaces": [{"account": keys[i], "name": names[rows[i]]} for i in why.displaces],
            "needs": [
                {
                    "name": change.name,
                    "label": change.label,
                    "unit": change.unit,
                    "from": _plain(change.from_value),
                    "to": _plain(change.to_value),
                    "is_stable": change.is_stable,
                    "note": change.note,
                }
                for change in why.needs
            ],
        }

    return [entry(why) for why in review.explanations.why_out]


def _plain(value: object) -> object:
    """A value that JSON can carry: decimals and NumPy numbers as floats, days in ISO form, not-a-number as None."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (float, Decimal, np.floating)):
        return float(value) if math.isfinite(float(value)) else None
    return int(value) if isinstance(value, np.integer) else value


def _figure(value: object, unit: Unit) -> object:
    """A measure for JSON: amounts with the ledger's four places, not with the noise of doubles."""
    plain = _plain(value)
    return round(plain, 4) if isinstance(plain, float) and unit in AMOUNTS else plain


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(staging: Path, folder: Path, names: tuple[str, ...]) -> None:
    """Moves the new files in; where one cannot be moved, what stood there before comes back."""
    before = staging / "before"
    before.mkdir()
    moved: list[str] = []
    try:
        for name in names:
            if (folder / name).exists():
                (folder / name).replace(before / name)
            moved.append(name)
            (staging / name).replace(folder / name)
    except OSError:
        for name in moved:
            with contextlib.suppress(FileNotFoundError):
                (folder / name).unlink()
            if (before / name).exists():
                (before / name).replace(folder / name)
        raise


def _unwritable(folder: Path, error: OSError) -> OpenKamError:
    return OpenKamError(
        f"The review cannot be written to {folder}: {error.strerror or error}. Free the space or name another folder.",
        by_command="--out names it.",
    )
