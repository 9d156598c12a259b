"""What is shown of a file before it is imported: how it is read, and the questions it leaves open."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from tests.factories.imports import Importing

from openkam.analytics.ledger.detection import DetectedFile, detect_files
from openkam.analytics.ledger.mapping import Format


def detected(path: Path, **given: str) -> DetectedFile:
    return detect_files([path], Format(**given))[0]


def test_a_windows_file_with_decimal_commas_is_told_column_by_column(tmp_path: Path) -> None:
    text = "Rechnung;Kunde;Datum;Betrag;leer\nR1;François;31.12.2025;1.234,50;\nR2;Müller;01.11.2025;99,90;NULL\n"
    found = detected(Importing(tmp_path).file(text.encode("cp1252")))
    assert (found.encoding, found.delimiter, found.format, found.rows, found.is_whole) == ("cp1252", ";", "csv", 2, True)
    assert [(c.name, c.kind, c.written) for c in found.columns] == [
        ("Rechnung", "text", ""),
        ("Kunde", "text", ""),
        ("Datum", "day", "%d.%m.%Y"),
        ("Betrag", "number", "1.234,56"),
        ("leer", "empty", ""),
    ]
    assert found.sample[0] == (2, ("R1", "François", "31.12.2025", "1.234,50", ""))
    assert found.columns[1].examples == ("François", "Müller")


def test_days_that_can_be_swapped_are_asked_with_what_each_answer_means(tmp_path: Path) -> None:
    found = detected(Importing(tmp_path).file("D\n03/04/2026\n05/04/2026\n06/06/2026\n"))
    column = found.columns[0]
    assert (column.kind, column.is_open) == ("day", True)
    question = column.question
    assert question is not None
    assert (question.example, question.either) == ("03/04/2026", 2)
    assert (question.day_first.pattern, question.day_first.example_on) == ("%d/%m/%Y", date(2026, 4, 3))
    assert (question.month_first.example_on, question.month_first.months) == (date(2026, 3, 4), 3)
    assert (question.day_first.first_on, question.day_first.last_on) == (date(2026, 4, 3), date(2026, 6, 6))


def test_mixed_orders_are_asked_too(tmp_path: Path) -> None:
    question = detected(Importing(tmp_path).file("D\n31/04/2026\n30/04/2026\n04/30/2026\n03/04/2026\n")).columns[0].question
    assert question is None  # more than a tenth is no day either way: these are not called dates
    question = (
        detected(Importing(tmp_path).file("D\n30/04/2026\n04/30/2026\n03/04/2026\n" + "01/02/2026\n" * 20)).columns[0].question
    )
    assert question is not None
    assert (question.day_first.impossible, question.month_first.impossible) == (1, 1)


def test_a_mark_with_two_readings_is_left_open(tmp_path: Path) -> None:
    path = Importing(tmp_path).file("N\n1.234\n2.345\n")
    assert (detected(path).columns[0].kind, detected(path).columns[0].is_open) == ("number", True)
    assert detected(path, decimal=",").columns[0].written == "1.234,56"


def test_typed_columns_keep_the_type_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "typed.parquet"
    pq.write_table(pa.table({"f": [1.5], "d": [date(2026, 1, 1)], "s": ["x"]}), path)
    assert [c.kind for c in detected(path).columns] == ["number", "day", "text"]


def test_text_that_is_seldom_a_number_or_a_day_stays_text(tmp_path: Path) -> None:
    column = detected(Importing(tmp_path).file("T\n12\nabc\ndef\n2026-01-01\n")).columns[0]
    assert (column.kind, column.is_open) == ("text", False)
