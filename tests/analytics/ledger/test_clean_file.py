"""The short way gives what the long way gives, or gives up."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.factories.imports import HEADER, Importing, row

from openkam.analytics.ledger import clean_file, import_files
from openkam.analytics.ledger.dates import AmbiguousDateError
from openkam.analytics.ledger.numbers import AmbiguousNumberError


@pytest.fixture(autouse=True)
def few_first_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clean_file, "_SAMPLE_ROWS", 2)


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each file went the short way."""
    seen: list[bool] = []

    def watched(*arguments: object, **options: object) -> object:
        staged = clean_file.stage_clean(*arguments, **options)  # pyright: ignore[reportArgumentType]
        seen.append(staged is not None)
        return staged

    monkeypatch.setattr(import_files, "stage_clean", watched)
    return seen


def facts(tmp_path: Path, lines: list[str], **options: object) -> list[tuple[object, ...]]:
    importing = Importing(tmp_path)
    importing.run(importing.file(HEADER + "".join(lines)), **options)
    return importing.rows("transaction_key", "transacted_on", "quantity", "net_amount", "line_type", "source_row")


CLEAN = [row(f"A{i}", transacted_on=f"{i + 8}/01/2025", net_amount=f"-{i}.25", quantity=str(i)) for i in range(1, 9)]


def test_a_clean_file_goes_the_short_way(tmp_path: Path, ways: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clean_file, "_SAMPLE_ROWS", 5)
    short = facts(tmp_path / "short", CLEAN)
    assert ways == [True]
    assert short[0] == ("A1", date(2025, 1, 9), Decimal("1.0000"), Decimal("-1.2500"), "return", 2)
    monkeypatch.setattr(import_files, "stage_clean", lambda *_, **__: None)
    assert facts(tmp_path / "long", CLEAN) == short


@pytest.mark.parametrize(
    "last",
    [
        row("B", net_amount="x"),
        row("B", transacted_on="2025-13-01"),
        row("B", quantity="1.5"),
        row("B", net_amount="1.00005"),
        row("B", net_amount='"1,000.50"'),
        row("B", customer_key=""),
        row("B")[:-5] + "\n",
    ],
)
def test_a_doubt_leads_to_the_long_way(last: str, tmp_path: Path, ways: list[bool]) -> None:
    facts(tmp_path, [row("A1"), row("A2"), row("A3"), last])
    assert ways == [False]


def test_the_first_rows_cannot_settle_the_order_of_the_rest(tmp_path: Path, ways: list[bool]) -> None:
    lines = [row("A1", transacted_on="13/01/2025"), row("A2", transacted_on="05/06/2025")]
    assert facts(tmp_path / "a", lines)[1][1] == date(2025, 6, 5)
    with pytest.raises(AmbiguousDateError):
        facts(tmp_path / "b", [row("A1", transacted_on="05/06/2025")] * 3 + [row("A2", transacted_on="07/06/2025")])
    mixed = [*lines, row("A3", transacted_on="01/13/2025")]
    with pytest.raises(AmbiguousDateError, match="mixes orders"):
        facts(tmp_path / "c", mixed)
    assert ways == [True, False, False]
    assert len(facts(tmp_path / "d", mixed, date_order="day-first")) == 2


def test_a_late_point_before_three_digits_is_still_asked_for(tmp_path: Path, ways: list[bool]) -> None:
    lines = [row(f"A{i}", net_amount=str(i), quantity="1") for i in range(3)]
    with pytest.raises(AmbiguousNumberError):
        facts(tmp_path, [*lines, row("B", net_amount="1.234", quantity="1")])
    assert ways == [False]


def test_rules_and_expressions_go_the_short_way_too(tmp_path: Path, ways: list[bool]) -> None:
    importing = Importing(tmp_path)
    text = "Invoice,Customer,Date,Qty,Price\nA1,C,2025-01-05,2,1.50\nF1,C,2025-01-05,1,3.25\n"
    mapping = """
    [columns]
    transaction_key = "Invoice"
    customer_key = "Customer"
    transacted_on = "Date"
    quantity = "Qty"
    [expressions]
    net_amount = "Qty * Price"
    channel = 'lower(Customer)'
    [constants]
    currency = "eur"
    business_unit = "O'Hara"
    [line_types]
    freight = 'startswith(Invoice, "F")'
    """
    importing.run(importing.file(text), mapping=mapping)
    assert ways == [True]
    assert importing.rows("net_amount", "channel", "currency", "business_unit", "line_type") == [
        (Decimal("3.0000"), "c", "EUR", "O'Hara", "sale"),
        (Decimal("3.2500"), "c", "EUR", "O'Hara", "freight"),
    ]


def test_rows_alike_are_found_after_the_short_way(tmp_path: Path, ways: list[bool]) -> None:
    importing = Importing(tmp_path)
    header = HEADER.replace("line_number,", "")
    lines = [row("A1").replace(",1,", ",", 1)] * 3
    result = importing.run(importing.file(header + "".join(lines)))
    assert ways == [True]
    assert result.duplicates.whole_rows == 2
