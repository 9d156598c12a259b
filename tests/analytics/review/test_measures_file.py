from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.factories.planted import AS_OF, PROGRAMME, planted_ledger

from openkam.analytics.review.conduct import conduct_review
from openkam.analytics.review.measures_file import read_catalogue, read_measures, write_measures
from openkam.analytics.selection.programme import Programme
from openkam.analytics.terms import OpenKamError


def test_what_was_measured_comes_back_and_nothing_else(tmp_path: Path):
    programme = Programme.parse(PROGRAMME)
    review = conduct_review(planted_ledger(tmp_path / "ledger"), programme, as_of=AS_OF)
    write_measures(review, programme, tmp_path / "rounds/one.parquet")
    found = read_measures(tmp_path / "rounds/one.parquet")
    assert (found.as_of, found.currency, found.ledger_version) == (date(2023, 12, 31), "EUR", review.ledger_version)
    assert found.catalogue == review.measures == read_catalogue(tmp_path / "rounds/one.parquet")
    few = read_measures(tmp_path / "rounds/one.parquet", ["account", "net_sales"])
    assert few.accounts.column_names == ["account", "net_sales"]
    assert "utility" not in found.accounts.column_names
    assert found.accounts.equals(review.accounts.select(found.accounts.column_names))
    assert [path.name for path in (tmp_path / "rounds").iterdir()] == ["one.parquet"]


def test_a_file_is_kept_in_memory_until_it_is_replaced_or_gone(tmp_path: Path):
    programme = Programme.parse(PROGRAMME)
    ledger, path = planted_ledger(tmp_path / "ledger"), tmp_path / "one.parquet"
    write_measures(conduct_review(ledger, programme, as_of=AS_OF), programme, path)
    first = read_measures(path)
    assert read_measures(path) is first
    write_measures(conduct_review(ledger, programme, as_of=date(2023, 6, 30)), programme, path)
    assert read_measures(path).as_of == date(2023, 6, 30)
    path.unlink()
    with pytest.raises(OpenKamError, match="cannot be read"):
        read_measures(path)


def test_a_missing_or_strange_file_is_said(tmp_path: Path):
    with pytest.raises(OpenKamError, match="cannot be read"):
        read_measures(tmp_path / "none.parquet")
    with pytest.raises(OpenKamError, match="cannot be read"):
        read_catalogue(tmp_path / "none.parquet")
    pq.write_table(pa.table({"account": ["A"]}), tmp_path / "other.parquet")
    with pytest.raises(OpenKamError, match="does not hold"):
        read_measures(tmp_path / "other.parquet")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path):
    programme = Programme.parse(PROGRAMME)
    review = conduct_review(planted_ledger(tmp_path / "ledger"), programme, as_of=AS_OF)
    (tmp_path / "rounds").write_text("a file")
    with pytest.raises(OpenKamError, match="cannot be written"):
        write_measures(review, programme, tmp_path / "rounds/one.parquet")
