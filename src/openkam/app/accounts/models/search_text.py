"""A text that is searched by fragment, fast on both databases.

PostgreSQL answers from a trigram index where the server has `pg_trgm`. SQLite answers from an FTS5 trigram table that triggers
keep in step; a fragment of one or two letters has no trigram and is looked for row by row.
"""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Lookup
from django.db.models.sql.compiler import SQLCompiler

TRIGRAM = 3
"""Letters that the index needs."""


class SearchText(models.TextField[str, str]):
    """Folded words (`terms.names.folded`); the lookup `fragment` finds rows that contain a folded text anywhere."""


@SearchText.register_lookup
class Fragment(Lookup):
    """`search_text__fragment="tailsp"`. The text must be folded, so it holds letters, figures and single spaces only."""

    lookup_name = "fragment"
    prepare_rhs = False

    def as_sql(  # pyright: ignore[reportIncompatibleMethodOverride] - the stub wants a tuple of parameters
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", [*parameters, f"%{self.rhs}%"]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        if len(str(self.rhs)) < TRIGRAM:
            return self.as_sql(compiler, connection)
        column, _ = self.process_lhs(compiler, connection)
        table = self.lhs.target.model._meta.db_table
        row = column.rpartition(".")[0]
        return f'{row}."id" IN (SELECT rowid FROM {table}_search WHERE {table}_search MATCH %s)', [f'"{self.rhs}"']
