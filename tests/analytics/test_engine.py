import builtins
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openkam.analytics.engine import open_engine
from openkam.analytics.terms import OpenKamError

SCHEMA = pa.schema([("key", pa.string()), ("amount", pa.decimal128(18, 4))])


def test_an_unknown_engine_is_refused_with_the_ones_there_are():
    with pytest.raises(OpenKamError, match=r"no engine 'flink'.*duckdb.*spark"):
        open_engine("flink")


def test_no_files_are_an_empty_table_of_the_schema(engine):
    assert engine.to_arrow(engine.read([], SCHEMA)) == SCHEMA.empty_table()


def test_files_are_read_as_one_table_with_the_columns_of_the_schema_and_no_others(engine, tmp_path):
    first = pa.table({"amount": pa.array([1, 2], pa.decimal128(18, 4)), "key": ["a", "b"], "old": [1, 2]})
    second = pa.table({"key": ["c"], "extra": ["x"]})
    paths = [str(tmp_path / "first.parquet"), str(tmp_path / "second.parquet")]
    for path, table in zip(paths, (first, second), strict=True):
        pq.write_table(table, path)
    found = engine.to_arrow(engine.read(paths, SCHEMA).order_by("key"))
    assert found.schema == SCHEMA
    assert [(row["key"], row["amount"] and int(row["amount"])) for row in found.to_pylist()] == [("a", 1), ("b", 2), ("c", None)]


def test_a_column_that_no_file_has_is_null(engine, tmp_path):
    path = str(tmp_path / "keys.parquet")
    pq.write_table(pa.table({"key": ["a"]}), path)
    assert engine.to_arrow(engine.read([path], SCHEMA)).to_pylist() == [{"key": "a", "amount": None}]


def test_what_is_cached_stays_when_the_files_are_gone(engine, tmp_path):
    path = tmp_path / "keys.parquet"
    pq.write_table(pa.table({"key": ["a", "b"]}), path)
    kept = engine.cache(engine.read([str(path)], SCHEMA))
    path.unlink()
    assert engine.to_arrow(kept).num_rows == 2


def test_a_closed_engine_keeps_nothing(tmp_path):
    with open_engine("duckdb", memory_gib=0.5, threads=1, temporary_folder=tmp_path) as opened:
        table = opened.table(pa.table({"n": [1]}))
        assert opened.to_arrow(table).num_rows == 1
    with pytest.raises(Exception, match="onnection"):
        opened.to_arrow(table)


def test_duckdb_needs_no_settings():
    with open_engine("duckdb") as opened:
        assert opened.name == "duckdb"


def test_without_pyspark_the_error_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def without_pyspark(name, *arguments, **more):
        if name.startswith("pyspark"):
            raise ImportError(name)
        return real(name, *arguments, **more)

    monkeypatch.delitem(sys.modules, "pyspark.sql", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_pyspark)
    with pytest.raises(OpenKamError, match=r"pip install 'openkam\[spark\]'"):
        open_engine("spark")


@pytest.mark.spark
@pytest.mark.parametrize("has_home", [True, False])
def test_without_java_the_error_says_what_to_install(monkeypatch, tmp_path, has_home):
    monkeypatch.setenv("PATH", str(tmp_path))
    if has_home:
        monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    else:
        monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(OpenKamError, match="Java 17 runtime"):
        open_engine("spark")


def test_more_rows_than_memory_and_disk_hold_are_refused_in_words(tmp_path):
    (tmp_path / "file").touch()
    with open_engine("duckdb", memory_gib=0.05, threads=1, temporary_folder=tmp_path / "file" / "spill") as engine:
        rows = engine.table(pa.table({"n": pa.array(range(1_000_000), pa.int64())}))
        with pytest.raises(OpenKamError, match=r"ran out of memory or disk .*file/spill"):
            engine.to_arrow(rows.cross_join(rows.limit(100).view()).order_by("n_right"))
