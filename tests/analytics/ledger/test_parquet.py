import json
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.factories.ledger import transaction_rows

from openkam.analytics.ledger.conform import UnfitRowsError, as_batches, conform
from openkam.analytics.ledger.parquet import check_staged, read_footer, write_rows
from openkam.analytics.ledger.schema import TABLES

TRANSACTIONS = TABLES["transactions"]


def written(path: Path, rows: pa.Table) -> Path:
    write_rows(conform(as_batches(rows), TRANSACTIONS, "erp", "b1"), path, TRANSACTIONS.arrow)
    return path


def staged_by_duckdb(path: Path, change: str = "", rows: int = 3) -> Path:
    written(path.with_suffix(".whole"), transaction_rows(rows))
    duckdb.sql(f"COPY (SELECT * {change} FROM read_parquet('{path.with_suffix('.whole')}')) TO '{path}' (FORMAT parquet)")
    return path


def test_row_groups_are_bounded_and_rows_keep_their_order(tmp_path: Path) -> None:
    rows = transaction_rows(300_000)
    path = tmp_path / "rows.parquet"
    assert (
        write_rows(conform(rows.to_batches(max_chunksize=1_000), TRANSACTIONS, "erp", "b1"), path, TRANSACTIONS.arrow) == 300_000
    )
    footer = pq.read_metadata(path)
    assert max(footer.row_group(g).num_rows for g in range(footer.num_row_groups)) <= 131_072
    assert footer.row_group(0).column(0).compression == "ZSTD"
    assert pq.read_table(path).select(rows.column_names).equals(rows)


def test_no_rows_make_no_file(tmp_path: Path) -> None:
    assert write_rows(transaction_rows(0).to_batches(), tmp_path / "x.parquet", TRANSACTIONS.arrow) == 0
    assert (
        write_rows([transaction_rows(5).combine_chunks().to_batches()[0].slice(5)], tmp_path / "x.parquet", TRANSACTIONS.arrow)
        == 0
    )
    assert not (tmp_path / "x.parquet").exists()


def test_a_footer_tells_days_and_whole_numbers_exactly(tmp_path: Path) -> None:
    footer = read_footer(
        written(tmp_path / "x.parquet", transaction_rows(200_000).append_column("line_number", pa.array(range(200_000))))
    )
    assert footer.rows == 200_000
    assert footer.least == {"transacted_on": date(2023, 1, 1), "line_number": 0}
    assert footer.greatest == {"transacted_on": date(2023, 12, 31), "line_number": 199_999}
    assert footer.nulls["customer_key"] == 200_000
    assert footer.nulls["net_amount"] == 0
    stats = json.loads(footer.add_action("x.parquet").stats)
    assert stats["numRecords"] == 200_000
    assert stats["minValues"] == {"transacted_on": "2023-01-01", "line_number": 0}


def test_instants_and_flags_have_no_range_in_a_footer(tmp_path: Path) -> None:
    table = pa.table(
        {
            "at": pa.array([datetime(2024, 1, 1, tzinfo=UTC)], pa.timestamp("us", "UTC")),
            "flag": [True],
            "n": pa.array([None], pa.int64()),
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    footer = read_footer(tmp_path / "x.parquet")
    assert footer.least == footer.greatest == {}
    assert footer.nulls == {"at": 0, "flag": 0, "n": 1}


def test_a_file_without_statistics_is_still_checked(tmp_path: Path) -> None:
    path = written(tmp_path / "x.parquet", transaction_rows(5))
    pq.write_table(pq.read_table(path), path, write_statistics=False)
    (footer,) = check_staged((path,), TRANSACTIONS, "erp", "b1")
    assert footer.nulls == {}
    assert footer.rows == 5


def test_what_duckdb_wrote_passes(tmp_path: Path) -> None:
    paths = (staged_by_duckdb(tmp_path / "a.parquet"), staged_by_duckdb(tmp_path / "b.parquet", rows=2))
    assert [footer.rows for footer in check_staged(paths, TRANSACTIONS, "erp", "b1")] == [3, 2]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("REPLACE (NULL::decimal(18,4) AS net_amount)", "net_amount is required but missing in 3 rows, first in row 4"),
        (
            "REPLACE (CASE transaction_key WHEN 'INV1' THEN 'it''s' ELSE line_type END AS line_type)",
            "line_type is none of .* in 1 row, first in row 5",
        ),
        ("REPLACE ('shop' AS source)", "source is not 'erp' in 3 rows, first in row 4"),
        ("REPLACE (NULL::varchar AS batch_id)", "batch_id is required but missing in 3 rows"),
        ("REPLACE ('b2' AS batch_id)", "batch_id is not 'b1' in 3 rows"),
        (
            "REPLACE (net_amount::double AS net_amount)",
            r"net_amount of transactions must be decimal128\(18, 4\), not double as in b.parquet",
        ),
        ("EXCLUDE (channel)", r"b.parquet must have the columns of transactions: missing \['channel'\], unknown \[\]"),
        (", 1 AS extra", r"missing \[\], unknown \['extra'\]"),
    ],
)
def test_staged_files_that_do_not_fit_are_refused(tmp_path: Path, change: str, message: str) -> None:
    files = (staged_by_duckdb(tmp_path / "a.parquet"), staged_by_duckdb(tmp_path / "b.parquet", change))
    with pytest.raises(UnfitRowsError, match=message):
        check_staged(files, TRANSACTIONS, "erp", "b1")


def test_half_a_file_is_refused(tmp_path: Path) -> None:
    whole = written(tmp_path / "x.parquet", transaction_rows(5)).read_bytes()
    (tmp_path / "x.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnfitRowsError, match=r"x\.parquet is no whole Parquet file"):
        check_staged((tmp_path / "x.parquet",), TRANSACTIONS, "erp", "b1")
