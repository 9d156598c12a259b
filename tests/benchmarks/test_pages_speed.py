from benchmarks.pages_speed import UNPROMISED, WHAT_IF, WHAT_IF_LIMIT_MS, run
from benchmarks.pages_workspace import LEVELS, customers


def test_the_benchmark_asks_for_every_page_and_names_its_promises():
    outcome = run(quick=True)
    pages = {row["page"] for row in outcome["rows"]}
    assert pages == {
        "home",
        *UNPROMISED,
        "accounts",
        "accounts by a fragment of the name",
        "record card",
        "account",
        "search",
        "create an account",
        WHAT_IF,
    }
    assert all(row["p95 ms"] > 0 for row in outcome["rows"])
    assert {target["limit"] for target in outcome["targets"]} == {90.0, 150.0, 500.0, WHAT_IF_LIMIT_MS}
    assert not set(UNPROMISED) & {target["what"].split(",")[0] for target in outcome["targets"]}


def test_groups_stand_six_levels_deep():
    made = customers(200)
    above = dict(zip(made["customer_key"].to_pylist(), made["parent_key"].to_pylist(), strict=True))

    def level(account: str) -> int:
        return 1 + level(above[account]) if above[account] else 1

    assert max(level(account) for account in above) == LEVELS
