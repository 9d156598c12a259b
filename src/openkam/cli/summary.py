"""A review as a readable page on a terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

EXCLUDED_SHOWN = 8
CURRENCY_MEASURES = (("contribution_margin", "Contribution"), ("net_sales", "Net sales"))


def print_review(console: Console, document: dict[str, Any]) -> None:
    """Print who should be key, what nearly made it and what binds, from the review's JSON document."""
    counts, solver, currency = document["accounts"], document["solver"], document["currency"]
    period = document["period"]
    head = f"\n{counts['selected']} key accounts of {counts['candidates']:,} candidates"
    rest = f" ({counts['total']:,} accounts), {period['start_on']} to {period['end_on']}, ledger version {document['ledger_version']}"
    console.print(Text.assemble((head, "bold"), rest))
    proof = "proven best" if solver["gap"] == 0 else f"within {solver['gap']:.2%} of the best"
    console.print(f"Utility {solver['objective']:.3f}, {proof}, in {solver['seconds']:.1f} s\n")
    console.print(_selected(document["selected"], currency))
    if document["nearest_excluded"]:
        console.print()
        console.print(_excluded(document["nearest_excluded"]))
        more = len(document["nearest_excluded"]) - EXCLUDED_SHOWN
        if more > 0:
            console.print(f"and {more} more, each with whom it would displace and what would bring it in, in the report.")
        console.print()
    for note in document["notes"]:
        console.print(f"• {note}")
    if document["illustrative"]:
        console.print(f"Illustrative, generated and not measured: {', '.join(document['illustrative'])}.")


def _selected(rows: list[dict[str, Any]], currency: str) -> Table:
    table = Table(title="Key accounts", title_justify="left", box=None, pad_edge=False)
    table.add_column("#", justify="right")
    table.add_column("Account", overflow="fold")
    table.add_column("Utility", justify="right")
    for _, label in CURRENCY_MEASURES:
        table.add_column(f"{label}, {currency}", justify="right")
    table.add_column("Growth, %/year", justify="right")
    table.add_column("Manager")
    for row in rows:
        measures = row["measures"]
        growth = measures.get("growth_per_year")
        table.add_row(
            str(row["rank"]),
            row["name"],
            f"{row['utility']:.3f}",
            *(_amount(measures.get(name)) for name, _ in CURRENCY_MEASURES),
            "unknown" if growth is None else f"{100 * growth:+.1f}".replace("-", "−"),
            row["manager"] or "",
        )
    return table


def _excluded(rows: list[dict[str, Any]]) -> Table:
    table = Table(title="Nearest left out", title_justify="left", box=None, pad_edge=False)
    table.add_column("Account", overflow="fold")
    table.add_column("Utility", justify="right")
    table.add_column("Forcing it in costs, %", justify="right")
    table.add_column("Why", overflow="fold")
    for row in rows[:EXCLUDED_SHOWN]:
        regret = row["regret_percent"]
        price = "not possible" if regret is None else f"{regret:.2f}"
        table.add_row(row["name"], f"{row['utility']:.3f}", price, _first_words(row["binding"]))
    return table


def _first_words(binding: str) -> str:
    """What binds, without the figures that the report gives."""
    return binding.partition(":")[0] if not binding.startswith("out on merit") else binding.partition(";")[0]


def _amount(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.0f}".replace("-", "−")
