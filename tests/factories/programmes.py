"""Small programmes and tables of accounts to formulate selections from."""

from collections.abc import Sequence

import pyarrow as pa

from openkam.analytics.selection.programme import Programme

HEAD = """\
[programme]
name = "Test"
currency = "EUR"

[[criterion]]
name = "worth"
measure = "net_sales"
weight = 1
points = [[0, 0], [100, 1]]
"""

LIMITS = """
[limits]
accounts_at_most = 3
"""


def programme(body: str = "", limits: str = LIMITS, head: str = HEAD) -> Programme:
    """A programme of one criterion and one limit, with more tables behind them."""
    return Programme.parse(f"{head}{limits}{body}", name="test.toml")


def accounts(keys: Sequence[str] = ("A", "B", "C"), **columns: Sequence[object]) -> pa.Table:
    """One row per key with net sales 10, 20, 30, … unless given, and further columns as given."""
    data: dict[str, object] = {
        "account": pa.array(keys, pa.string()),
        "name": pa.array([f"Account {k}" for k in keys], pa.string()),
        "is_prospect": pa.array([False] * len(keys), pa.bool_()),
        "net_sales": pa.array([10.0 * (i + 1) for i in range(len(keys))], pa.float64()),
    }
    return pa.table(data | columns)
