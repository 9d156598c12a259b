"""Many rows at once: for acts that write tens of thousands, each of them with its entry."""

from collections.abc import Sequence
from typing import Any, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction


def insert_rows(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Insert rows of the named fields' values, ten times as fast as a model each: for acts that write tens of thousands.

    A foreign key is given as the other's key; every column without a default in the database must be named.
    """
    if not rows:
        return
    columns = [cast("models.Field[Any, Any]", model._meta.get_field(name)) for name in fields]
    names = ", ".join(connection.ops.quote_name(str(column.column)) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    stored = [_prepared(column, values) for column, values in zip(columns, zip(*rows, strict=True), strict=True)]
    prepared = list(zip(*stored, strict=True))
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in prepared:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", prepared)


def new_keys(model: type[models.Model], count: int) -> list[int]:
    """So many primary keys that nothing else will take, for rows of `insert_rows` that others point to.

    On SQLite the transaction must write already: it then holds the only right to.
    """
    with connection.cursor() as cursor:
        table, key = model._meta.db_table, model._meta.pk.column
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, key, count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = int(cursor.fetchone()[0])
        return list(range(last + 1, last + 1 + count))


def _prepared(column: "models.Field[Any, Any]", values: Sequence[object]) -> Sequence[object]:
    """A column's values as the database stores them. Words and numbers are stored as they are."""
    match column:
        case models.JSONField():
            encode = DjangoJSONEncoder(ensure_ascii=False).encode
            return [None if value is None else encode(value) for value in values]
        case models.DateField() | models.DecimalField():
            known = {value: column.get_db_prep_save(value, connection) for value in set(values)}
            return [known[value] for value in values]
        case _:
            return values
