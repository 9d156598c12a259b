"""Where a review is computed: DuckDB on this machine, or Spark when one machine is not enough.

Both stand behind Ibis, so a measure is written once. What may differ between engines (order of rows, the last bit of a sum of
doubles) is kept out of the answers by summing decimals in the engine and doing the rest in NumPy.
"""

import os
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import ibis
import pyarrow as pa

from openkam.analytics.terms import OpenKamError

Rows = Any
"""An Ibis table inside an expression. Its own hints call every column `Column`, which has no arithmetic, so they cannot be
checked."""

SPARK_HINT = "Install it with `pip install 'openkam[spark]'`, or compute with DuckDB, which needs nothing more."
JAVA_HINT = (
    "Install a Java 17 runtime (Debian, Ubuntu: `apt-get install openjdk-17-jre-headless`) and put `java` on the PATH or set "
    "JAVA_HOME."
)


class Engine(ABC):
    """An open engine. Use it as a context manager: leaving it drops what was cached."""

    name: str

    @abstractmethod
    def read(self, uris: Sequence[str], schema: pa.Schema) -> ibis.Table:
        """The rows of Parquet files with the columns of `schema`; an empty table of that schema where there are no files."""

    @abstractmethod
    def table(self, rows: pa.Table) -> ibis.Table:
        """Rows that were computed here, as a table of the engine."""

    @abstractmethod
    def cache(self, expr: ibis.Table) -> ibis.Table:
        """The same rows, computed once and kept until the engine closes."""

    @abstractmethod
    def to_arrow(self, expr: ibis.Table) -> pa.Table:
        """Compute the rows; their order is the engine's own unless the expression orders them."""

    @abstractmethod
    def close(self) -> None:
        """Drop everything cached and give the memory back."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class DuckDbEngine(Engine):
    """DuckDB in this process; sorts and groups larger than the memory spill to `temporary_folder`."""

    name = "duckdb"

    def __init__(self, *, memory_gib: float, threads: int, temporary_folder: Path) -> None:
        self._folder = temporary_folder
        self._connection = ibis.duckdb.connect(
            threads=threads, memory_limit=f"{int(memory_gib * 1024)}MiB", temp_directory=str(temporary_folder)
        )
        self._connection.raw_sql("SET preserve_insertion_order = false")
        self._connection.raw_sql("SET TimeZone = 'UTC'")
        self._connection.raw_sql("SET enable_progress_bar = false")
        self._names = 0

    def _new_name(self) -> str:
        self._names += 1
        return f"openkam_{self._names}"

    def read(self, uris: Sequence[str], schema: pa.Schema) -> ibis.Table:
        if not uris:
            return self.table(schema.empty_table())
        found = self._connection.read_parquet(list(uris), table_name=self._new_name(), union_by_name=len(uris) > 1)
        return with_schema(found, schema)

    def table(self, rows: pa.Table) -> ibis.Table:
        view = self._new_name()
        self._connection.con.register(view, rows)
        try:
            return self._create(f"SELECT * FROM {view}")
        finally:
            self._connection.con.unregister(view)

    def cache(self, expr: ibis.Table) -> ibis.Table:
        return self._create(self._connection.compile(expr))

    def _create(self, query: str) -> ibis.Table:
        # Ibis' own create_table inserts into an empty table, which is slower, and drops its view in words that DuckDB 2 refuses.
        name = self._new_name()
        with self._room():
            self._connection.con.execute(f"CREATE TEMPORARY TABLE {name} AS {query}")
        return self._connection.table(name)

    def to_arrow(self, expr: ibis.Table) -> pa.Table:
        with self._room():
            return self._connection.to_pyarrow(expr)

    @contextmanager
    def _room(self) -> Generator[None]:
        try:
            yield
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise OpenKamError(
                f"The computation ran out of memory or disk ({str(error).splitlines()[0]}). Nothing was changed. "
                f"Free some space in {self._folder}, or allow more memory."
            ) from error

    def close(self) -> None:
        self._connection.disconnect()


class SparkEngine(Engine):
    """Spark, on this machine unless a session for a cluster is already active."""

    name = "spark"

    def __init__(self, *, memory_gib: float, threads: int, temporary_folder: Path) -> None:
        session_class = _spark_session_class()
        active = session_class.getActiveSession()
        self._owns_session = active is None
        self._session: Any = active or _start_spark(session_class, memory_gib, threads, temporary_folder)
        self._connection = ibis.pyspark.connect(self._session)
        self._frames: dict[str, Any] = {}

    def _register(self, frame: Any) -> ibis.Table:
        name = f"openkam_{id(self)}_{len(self._frames) + 1}"
        self._frames[name] = frame
        frame.createOrReplaceTempView(name)
        return self._connection.table(name)

    def _frame(self, expr: ibis.Table) -> Any:
        return self._session.sql(self._connection.compile(expr))

    def read(self, uris: Sequence[str], schema: pa.Schema) -> ibis.Table:
        if not uris:
            return self.table(schema.empty_table())
        return with_schema(self._register(self._session.read.option("mergeSchema", "true").parquet(*uris)), schema)

    def table(self, rows: pa.Table) -> ibis.Table:
        return self._register(self._session.createDataFrame(rows))

    def cache(self, expr: ibis.Table) -> ibis.Table:
        return self._register(self._frame(expr).cache())

    def to_arrow(self, expr: ibis.Table) -> pa.Table:
        return self._frame(expr).toArrow()

    def close(self) -> None:
        for name, frame in self._frames.items():
            frame.unpersist()
            self._session.catalog.dropTempView(name)
        self._frames.clear()
        if self._owns_session:
            self._session.stop()


def open_engine(
    name: str, *, memory_gib: float = 4.0, threads: int | None = None, temporary_folder: str | Path | None = None
) -> Engine:
    """Open the engine `duckdb` or `spark`.

    `memory_gib` bounds the engine's own memory (GiB), `threads` its threads (all processors unless given), `temporary_folder`
    takes what does not fit. Raises `OpenKamError` for an unknown name, or when Spark, PySpark or Java is missing, with what to
    install.
    """
    folder = Path(temporary_folder) if temporary_folder is not None else Path(tempfile.gettempdir()) / "openkam-engine"
    settings: dict[str, Any] = {"memory_gib": memory_gib, "threads": threads or os.cpu_count() or 1, "temporary_folder": folder}
    if name == DuckDbEngine.name:
        return DuckDbEngine(**settings)
    if name == SparkEngine.name:
        return SparkEngine(**settings)
    raise OpenKamError(f"There is no engine {name!r}: use 'duckdb', or 'spark' for more rows than one machine holds.")


def with_schema(table: ibis.Table, schema: pa.Schema) -> ibis.Table:
    """The columns of `schema` in its order and types; a column that the files do not have yet is null."""
    found: Rows = table
    return found.select(
        **{
            name: found[name].cast(kind) if name in found.columns else ibis.null(kind)
            for name, kind in ibis.schema(schema).items()
        }
    )


def _spark_session_class() -> Any:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - half a gigabyte, imported only when asked for
    except ImportError as error:
        raise OpenKamError(f"The engine 'spark' needs PySpark, which is not installed. {SPARK_HINT}") from error
    if not _java_found():
        raise OpenKamError(f"The engine 'spark' needs Java, which was not found. {JAVA_HINT}")
    return SparkSession


def _java_found() -> bool:
    home = os.environ.get("JAVA_HOME")
    return (Path(home) / "bin" / "java").is_file() if home else shutil.which("java") is not None


SPARK_LOG = """
rootLogger.level = error
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{1}: %m%n
"""


def _start_spark(session_class: Any, memory_gib: float, threads: int, temporary_folder: Path) -> Any:
    temporary_folder.mkdir(parents=True, exist_ok=True)
    log_settings = temporary_folder / "log4j2.properties"
    log_settings.write_text(SPARK_LOG, encoding="utf-8")
    return (
        session_class.builder.master(f"local[{threads}]")
        .appName("openkam")
        .config("spark.driver.memory", f"{int(memory_gib * 1024)}m")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.extraJavaOptions", f"-Dlog4j2.configurationFile={log_settings.as_uri()}")
        .config("spark.local.dir", str(temporary_folder))
        .config("spark.sql.warehouse.dir", str(temporary_folder / "warehouse"))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.shuffle.partitions", str(max(2, 2 * threads)))
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .getOrCreate()
    )
