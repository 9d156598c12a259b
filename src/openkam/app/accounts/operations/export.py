"""Hand out a list of accounts as a file: every row that matches, in the columns that are shown."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import xlsxwriter
from django.db import transaction
from django.db.models import QuerySet

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.columns import Column, with_columns
from openkam.app.audit.operations import record_write
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula when it opens a CSV file, full-width forms included."""


class ExportFormat(StrEnum):
    """Files a list can be taken along as."""

    CSV = "csv"
    XLSX = "xlsx"


CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A finished file; `row_count` is without the head."""

    name: str
    content_type: str
    content: bytes
    row_count: int


@transaction.atomic
def export_accounts(
    *, actor: User, accounts: QuerySet[Account], shown: Sequence[Column], file_format: ExportFormat
) -> ExportedFile:
    """Write all given accounts (from `queries.visible_accounts`) into a file; that it was taken is recorded on the actor.

    In CSV a text that a spreadsheet could run as a formula is led by an apostrophe; in XLSX every text is stored as text.
    """
    require(actor, Permission.EXPORT)
    rows = [
        [column.value(account) for column in shown] for account in with_columns(actor, accounts, shown).iterator(chunk_size=2000)
    ]
    heads = [column.label for column in shown]
    content = _csv(heads, rows) if file_format == ExportFormat.CSV else _xlsx(heads, rows)
    record_write(
        actor=actor,
        verb="exported accounts",
        record=actor,
        before={},
        after={"rows": len(rows), "format": file_format, "columns": heads},
    )
    name = f"accounts-{len(rows)}-rows.{file_format}"
    return ExportedFile(name, CONTENT_TYPES[file_format], content, len(rows))


def without_formula(text: str) -> str:
    """The text, led by an apostrophe when it begins as a formula would."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _csv(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([without_formula(head) for head in heads])
    writer.writerows([without_formula(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return lines.getvalue().encode("utf-8-sig")


def _xlsx(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "constant_memory": True}) as book:
        sheet = book.add_worksheet("Accounts")
        head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 1)
        for place, title in enumerate(heads):
            sheet.write_string(0, place, title, head)
        for line, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                match cell:
                    case None | "":
                        continue
                    case int() | Decimal():
                        sheet.write_number(line, place, float(cell))
                    case date():
                        sheet.write_datetime(line, place, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001  a cell has no zone
                    case _:
                        sheet.write_string(line, place, str(cell)[:32767])
    return content.getvalue()
