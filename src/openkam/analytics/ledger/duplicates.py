"""Rows that come twice: whole rows alike, keys alike within an import, and keys the ledger has already."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt

from openkam.analytics.ledger.expression import text_literal
from openkam.analytics.ledger.mapping import ImportMapping
from openkam.analytics.ledger.reject_file import SKIPPED
from openkam.analytics.ledger.stage_file import StagedFile

_MIDDLE = np.uint64(2**63)


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Counts over the whole import: rows that repeat an earlier one in every cell, and in their key; keys the ledger has already.

    `key` is what was compared, empty where the import has no such fields (then only whole rows can be told to be alike).
    """

    key: tuple[str, ...]
    whole_rows: int
    keys_in_import: int
    keys_in_ledger: int


def checkable_key(staged: Sequence[StagedFile], mapping: ImportMapping) -> tuple[str, ...]:
    """The fields that name a row in this import; empty where the mapping says so or a file fills none of one of them."""
    table = staged[0].plan.table
    key = table.key if mapping.duplicate_key is None else mapping.duplicate_key
    filled = [
        {f.field.name for f in s.plan.fields if f.column is not None or f.expression or f.constant is not None} for s in staged
    ]
    return key if all(set(key) <= names for names in filled) else ()


def find_duplicates(
    connection: duckdb.DuckDBPyConnection,
    staged: Sequence[StagedFile],
    mapping: ImportMapping,
    source: str,
    ledger_files: Sequence[str],
) -> Duplicates:
    """Count duplicates and list what must go in the temporary table `drops` (one line per row: `file_index, n, reason, columns,
    value`)."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE drops (file_index INTEGER, n BIGINT, reason VARCHAR, columns VARCHAR, value VARCHAR)"
    )
    key = checkable_key(staged, mapping)
    is_keyed = (
        bool(key) and all(s.accepted == s.rows_read for s in staged) and _are_keys_whole_and_unique(connection, staged, key)
    )
    # Rows alike in every cell have the same key, so unique keys spare the comparison of whole rows.
    whole_rows = 0 if is_keyed else _whole_rows(connection, staged, mapping.duplicate_rows == "reject")
    if not key or not any(s.accepted for s in staged):
        return Duplicates(key, whole_rows, 0, 0)
    _add_keys_in_ledger(
        connection, staged, key, source=source, ledger_files=ledger_files, is_skipped=mapping.existing_keys == "skip"
    )
    in_ledger = _count(connection, "SELECT count(*) FROM drops WHERE reason NOT LIKE 'same row%'")
    if not is_keyed:
        _add_keys_in_import(connection, staged, key)
    in_import = _count(connection, "SELECT count(*) FROM drops WHERE reason LIKE 'duplicate key: also%'")
    return Duplicates(key, whole_rows, in_import, in_ledger)


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _are_keys_whole_and_unique(connection: duckdb.DuckDBPyConnection, staged: Sequence[StagedFile], key: tuple[str, ...]) -> bool:
    """Told from 64-bit hashes: unique hashes prove unique keys. One array of numbers is the leanest way to look at many."""
    files = ", ".join(text_literal(str(s.part)) for s in staged)
    empty = " OR ".join(f"{name} IS NULL" for name in key)
    row = connection.execute(f"SELECT count_if({empty}) FROM read_parquet([{files}])").fetchone()
    if row and row[0]:
        return False
    hashes = connection.execute(f"SELECT hash({', '.join(key)}) AS h FROM read_parquet([{files}])").fetchnumpy()["h"]
    lower = hashes < _MIDDLE
    with ThreadPoolExecutor(2) as threads:
        return all(threads.map(_are_unique, (hashes[lower], hashes[~lower])))


def _are_unique(hashes: npt.NDArray[np.uint64]) -> bool:
    hashes.sort()
    return not bool((hashes[1:] == hashes[:-1]).any())


def _whole_rows(connection: duckdb.DuckDBPyConnection, staged: Sequence[StagedFile], is_rejected: bool) -> int:
    """Rows are compared by two hashes of all cells in 128 bits, so that even a billion rows meet by chance in one case of
    10^20."""
    rows = " UNION ALL ".join(
        f"SELECT {index} AS f, n, hash({cells}) AS h, hash('{len(s.plan.cells.columns)}', {cells}) AS g FROM "
        f"{s.plan.cells.relation}"
        for index, s in enumerate(staged)
        if s.plan.cells.rows and (cells := ", ".join(f"c{i}" for i in range(len(s.plan.cells.columns))))
    )
    if not rows:
        return 0
    found = _count(
        connection, f"SELECT coalesce(sum(k - 1), 0) FROM (SELECT count(*) AS k FROM ({rows}) GROUP BY h HAVING count(*) > 1)"
    )
    if not found:
        return 0
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE alike AS WITH all_rows AS (SELECT * FROM ({rows})) SELECT * FROM (SELECT f, n, "
        "row_number() OVER same AS place, first_value(n) OVER same AS first_n, first_value(f) OVER same AS first_f FROM all_rows "
        "WHERE h IN (SELECT h FROM all_rows GROUP BY h HAVING count(*) > 1) WINDOW same AS (PARTITION BY h, g ORDER BY f, n)) "
        "WHERE place > 1"
    )
    if is_rejected:
        for index, s in enumerate(staged):
            accepted = f"SELECT source_row FROM read_parquet({text_literal(str(s.part))})"
            connection.execute(
                "INSERT INTO drops SELECT f, n, 'same row as row ' || first_n || CASE WHEN first_f <> f THEN ' of an earlier "
                "file' "
                f"ELSE '' END, NULL, NULL FROM alike WHERE f = {index} AND n IN ({accepted})"
            )
    return _count(connection, "SELECT count(*) FROM alike")


def _keys(staged: Sequence[StagedFile], key: tuple[str, ...]) -> str:
    """SQL for the keys of all accepted rows that have a whole key and are not dropped yet."""
    columns = ", ".join(key)
    whole = " AND ".join(f"{name} IS NOT NULL" for name in key)
    return " UNION ALL ".join(
        f"SELECT {index} AS f, source_row AS n, {columns} FROM read_parquet({text_literal(str(s.part))}) WHERE {whole} "
        f"AND source_row NOT IN (SELECT n FROM drops WHERE file_index = {index})"
        for index, s in enumerate(staged)
        if s.accepted
    )


def _shown(key: tuple[str, ...]) -> str:
    return "concat_ws(' / ', " + ", ".join(f"CAST({name} AS VARCHAR)" for name in key) + ")"


def _add_keys_in_import(connection: duckdb.DuckDBPyConnection, staged: Sequence[StagedFile], key: tuple[str, ...]) -> None:
    rows, columns = _keys(staged, key), ", ".join(key)
    # Hashes first: they find in little memory what the exact comparison below then looks at.
    suspects = f"SELECT h FROM (SELECT hash({columns}) AS h FROM ({rows})) GROUP BY h HAVING count(*) > 1"
    if not _count(connection, f"SELECT count(*) FROM ({suspects})"):
        return
    connection.execute(
        "INSERT INTO drops SELECT f, n, 'duplicate key: also in row ' || first_n || CASE WHEN first_f <> f THEN ' of an "
        "earlier file' ELSE '' "
        f"END, {text_literal(', '.join(key))}, {_shown(key)} FROM (SELECT *, row_number() OVER same AS place, first_value(n) "
        "OVER same AS "
        f"first_n, first_value(f) OVER same AS first_f FROM ({rows}) WHERE hash({columns}) IN ({suspects}) "
        f"WINDOW same AS (PARTITION BY {columns} ORDER BY f, n)) WHERE place > 1"
    )


def in_ledger_sql(source: str, key: Sequence[str], ledger_files: Sequence[str]) -> str:
    """SQL for the keys that the ledger has for that source."""
    files = ", ".join(text_literal(f) for f in ledger_files)
    return f"SELECT {', '.join(key)} FROM read_parquet([{files}]) WHERE source = {text_literal(source)}"


def _add_keys_in_ledger(
    connection: duckdb.DuckDBPyConnection,
    staged: Sequence[StagedFile],
    key: tuple[str, ...],
    *,
    source: str,
    ledger_files: Sequence[str],
    is_skipped: bool,
) -> None:
    if not ledger_files:
        return
    reason = SKIPPED if is_skipped else "duplicate key: already in the ledger for this source"
    same = " AND ".join(f"l.{name} = k.{name}" for name in key)
    connection.execute(
        f"INSERT INTO drops SELECT f, n, {text_literal(reason)}, {text_literal(', '.join(key))}, {_shown(key)} FROM "
        f"({_keys(staged, key)}) k "
        f"SEMI JOIN ({in_ledger_sql(source, key, ledger_files)}) l ON {same}"
    )


def keys_meanwhile(
    connection: duckdb.DuckDBPyConnection,
    staged: Sequence[StagedFile],
    key: tuple[str, ...],
    source: str,
    new_files: Sequence[str],
) -> int:
    """How many accepted rows have a key that files which came into the ledger since then carry too."""
    if not new_files or not key:
        return 0
    same = " AND ".join(f"l.{name} = k.{name}" for name in key)
    return _count(
        connection,
        f"SELECT count(*) FROM ({_keys(staged, key)}) k SEMI JOIN ({in_ledger_sql(source, key, new_files)}) l ON {same}",
    )
