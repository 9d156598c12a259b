"""Write docs/reference/ledger.md from the ledger's schema, so that the page cannot fall behind it."""

from pathlib import Path

from openkam.analytics.ledger.schema import NET_SALES_LINE_TYPES, PROVENANCE, TABLES, Field, TableSchema

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "ledger.md"

HEAD = """# The ledger's tables

Facts go into eight tables. Amounts are decimals with four places (at most 99,999,999,999,999.9999) in the currency of their row; a day is
stored as a day, an instant in UTC. Columns in **bold** must be filled in every row. The columns under *Key*, where the source gives them,
identify a row within its source: an import that brings the same key again has that row held back.

Lines of type {net_sales} add up to net sales; every other type is kept beside it, never thrown away.
"""


def ledger_page() -> str:
    """The page, whole."""
    parts = [HEAD.format(net_sales=", ".join(f"`{line_type}`" for line_type in NET_SALES_LINE_TYPES))]
    parts += [_table(table) for table in TABLES.values()]
    parts.append("## In every table\n\nFilled by the import.\n\n" + _rows(PROVENANCE))
    return "\n".join(parts)


def _table(table: TableSchema) -> str:
    key = ", ".join(f"`{name}`" for name in table.key)
    return f"## {table.name}\n\n{table.meaning}. Key: {key}.\n\n{_rows(table.fields)}"


def _rows(fields: tuple[Field, ...]) -> str:
    lines = ["| Column | Type | Unit | Meaning |", "|---|---|---|---|"]
    for field in fields:
        name = f"**`{field.name}`**" if field.required else f"`{field.name}`"
        choices = f" One of {', '.join(field.choices)}." if field.choices else ""
        lines.append(f"| {name} | {field.type} | {field.unit} | {field.meaning}.{choices} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(ledger_page(), encoding="utf-8")
