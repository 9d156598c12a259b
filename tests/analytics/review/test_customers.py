from pathlib import Path

import pyarrow.compute as pc
from tests.factories.company import AS_OF, seeded_company
from tests.factories.planted import IMPORTED_AT

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.review.conduct import conduct_review
from openkam.analytics.review.customers import reviewed_customers
from openkam.analytics.selection.programme import Programme

PROGRAMME = """
[programme]
name = "Seeded"
currency = "EUR"

[[criterion]]
name = "worth"
measure = "net_sales"
weight = 1
points = [[0, 0], [100000, 1]]

[limits]
accounts_at_most = 3
"""


def seeded_ledger(path: Path) -> Ledger:
    ledger = Ledger.open(path)
    for table, rows in seeded_company().items():
        given = [f.name for f in TABLES[table].fields]
        for source in sorted(set(rows["source"].to_pylist())):
            part = rows.filter(pc.equal(rows["source"], source)).select(given)
            ledger.append(table, part, source=source, imported_at=IMPORTED_AT)
    return ledger


def test_customers_carry_the_names_of_the_reviews_accounts(tmp_path: Path):
    ledger = seeded_ledger(tmp_path / "ledger")
    review = conduct_review(ledger, Programme.parse(PROGRAMME), as_of=AS_OF)
    rows = reviewed_customers(ledger, review).to_pylist()
    accounts = {row["account"]: row for row in review.accounts.to_pylist()}
    assert {row["account"] for row in rows} == set(accounts)
    keys = [(row["source"], row["customer_key"]) for row in rows]
    assert len(keys) == len(set(keys))
    for row in rows:
        assert row["name"] == accounts[row["account"]]["name"]
        assert row["parent_account"] == accounts[row["account"]]["parent_account"]
    counts = {name: sum(row["account"] == name for row in rows) for name in accounts}
    assert counts == {name: row["customer_count"] for name, row in accounts.items()}
