"""Order lines of resellers in the shape of AdventureWorks' warehouse: costs above prices, costs that are NULL."""

from pathlib import Path

import pytest
from tests.factories.real_import import file_rows, import_by, ledger_rows
from tests.factories.reseller_sales import reseller_sales

from openkam.analytics.ledger.import_result import ImportResult
from openkam.analytics.ledger.ledger import Ledger

COST = "coalesce(TotalProductCost::DECIMAL(18, 4), OrderQuantity::INTEGER * StandardCost::DECIMAL(18, 4))"


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lines") / "reseller_sales.csv"
    path.write_text(reseller_sales(seed=2017, order_count=400), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def imported(lines: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledger, ImportResult]:
    ledger = Ledger.open(tmp_path_factory.mktemp("resellers") / "ledger")
    return ledger, import_by("reseller-sales", ledger, lines)


def test_every_line_is_accepted(lines: Path, imported: tuple[Ledger, ImportResult]):
    count = file_rows("SELECT count(*) FROM lines", lines=lines)[0][0]
    assert (imported[1].rows_accepted, imported[1].rows_rejected) == (count, 0)


def test_sales_and_costs_add_up(lines: Path, imported: tuple[Ledger, ImportResult]):
    expected = file_rows(
        f"SELECT sum(SalesAmount::DECIMAL(18, 4)), sum({COST}), sum(OrderQuantity::INTEGER) FROM lines", lines=lines
    )
    assert (
        ledger_rows(imported[0], "transactions", "SELECT sum(net_amount), sum(cost_amount), sum(quantity) FROM ledger")
        == expected
    )


def test_lines_below_cost_are_kept_as_they_are(lines: Path, imported: tuple[Ledger, ImportResult]):
    expected = file_rows(f"SELECT count(*) FROM lines WHERE SalesAmount::DECIMAL(18, 4) < {COST}", lines=lines)
    found = ledger_rows(imported[0], "transactions", "SELECT count(*) FROM ledger WHERE net_amount < cost_amount")
    assert found == expected
    assert 0.33 < found[0][0] / imported[1].rows_accepted < 0.38


def test_a_missing_cost_is_quantity_at_standard_cost_and_never_zero(lines: Path, imported: tuple[Ledger, ImportResult]):
    expected = file_rows(
        """SELECT count(*), sum(OrderQuantity::INTEGER * StandardCost::DECIMAL(18, 4)) FROM lines
           WHERE TotalProductCost IS NULL""",
        lines=lines,
    )
    found = ledger_rows(
        imported[0],
        "transactions",
        "SELECT count(*), sum(cost_amount) FROM ledger WHERE transaction_key <= 'SO43666'",
    )
    assert found == expected
    assert expected[0][0] > 0


def test_the_same_order_and_product_twice_is_refused(lines: Path, tmp_path: Path):
    heading, first, *_ = lines.read_text(encoding="utf-8").splitlines()
    doubled = tmp_path / "doubled.csv"
    doubled.write_text(
        "\n".join((heading, first, first.replace("SO43659,2017-07-01", "SO43659,2017-07-02"))) + "\n", encoding="utf-8"
    )
    result = import_by("reseller-sales", Ledger.open(tmp_path / "ledger"), doubled)
    assert (result.rows_accepted, result.rows_rejected) == (1, 1)
