"""What an import found and did, as a readable page."""

from pathlib import Path

from rich.console import Console

from openkam.analytics.ledger.import_result import FileReport, ImportResult

REJECTS_SHOWN = 10


def print_import(console: Console, result: ImportResult, rejects: Path | None) -> None:
    """Print how each file was read, the counts, and the first bad cells with their reasons."""
    for file in result.files:
        console.print(f"{file.name}: {_reading(file)}")
        if file.unused:
            console.print(f"  not used: {', '.join(file.unused)}")
        for note in file.notes:
            console.print(f"  {note}")
    console.print(
        f"{result.rows_read:,} rows read, {result.rows_accepted:,} accepted, {result.rows_rejected:,} rejected"
        f" in {result.seconds:.1f} s",
        markup=False,
    )
    if result.line_types:
        console.print("  " + ", ".join(f"{kind} {rows:,}" for kind, rows in result.line_types.items()))
    for (reason, column), rows in result.reject_counts.items():
        console.print(f"  {rows:,} × {column or 'row'}: {reason}")
    for cell in result.first_rejects[:REJECTS_SHOWN]:
        where = f"{cell.file}, row {cell.row_number}, {cell.column or 'row'}"
        console.print(f"    {where}: {cell.value!r} {cell.reason}")
    for note in result.notes:
        console.print(f"• {note}")
    if result.batch is None:
        console.print("Dry run: nothing was changed.")
        return
    console.print(f"Batch {result.batch.batch_id}, ledger version {result.batch.ledger_version}.")
    if result.rows_rejected and rejects:
        console.print(f"The rejected rows are in {rejects}: mend them and import that file.")
    elif result.rows_rejected:
        console.print(
            f"`openkam rejects {result.batch.batch_id} --out rejects.csv` writes the rejected rows to be mended.", markup=False
        )


def _reading(file: FileReport) -> str:
    parts = [file.format]
    if file.encoding:
        parts.append(file.encoding)
    if file.delimiter:
        parts.append({"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}.get(file.delimiter, file.delimiter))
    if file.sheet:
        parts.append(f"sheet {file.sheet}")
    parts += [f"{column} as {written}" for column, written in (*file.numbers.items(), *file.dates.items())]
    return f"{file.rows:,} rows, " + ", ".join(parts)
