from benchmarks.pages_speed import run
from benchmarks.pages_workspace import LEVELS, customers


def test_the_benchmark_asks_for_every_page_and_names_its_promises():
    outcome = run(quick=True)
    pages = {row["page"] for row in outcome["rows"]}
    assert pages == {
        "home",
        "accounts",
        "accounts by a fragment of the name",
        "record card",
        "account",
        "search",
        "create an account",
    }
    assert all(row["p95 ms"] > 0 for row in outcome["rows"])
    assert {target["limit"] for target in outcome["targets"]} == {90.0, 150.0, 500.0}


def test_groups_stand_six_levels_deep():
    above = {customer["ledger_account"]: customer["parent_account"] for customer in customers(200)}

    def level(account: str) -> int:
        return 1 + level(above[account]) if above[account] else 1

    assert max(level(account) for account in above) == LEVELS
