"""A workspace of made-up accounts for the benchmark of pages, in a process of its own: prints what the benchmark needs as JSON.

Run as `python -m benchmarks.pages_workspace HOME ACCOUNTS`, with DATABASE_URL set.
"""

import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.measures_speed import generate
from benchmarks.review_speed import fill as fill_ledger

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.review.conduct import drafted_programme
from openkam.config.prepare import prepare_site, set_up_site

WORDS = ("Nordwind", "Harbour", "Müller", "Atlas", "Verde", "Kestrel", "Orchard", "Granit", "Señal", "Lumen", "Fjord", "Cobalt")
KINDS = ("Foods", "Retail", "Logistics", "Pharma", "Hotels", "Motors", "Energy", "Textiles", "Labs", "Trading")
COUNTRIES = ("DE", "FR", "US", "GB", "ES", "SE", "IT", "PL", "JP", "BR")
MANAGERS = 50
GROUP = 100
SUBSIDIARIES = 2
LEVELS = 6
LINES_EACH = 20
CANDIDATES = 2_000
HOURS_PER_YEAR = 1_500
HOURS_OF_AN_ACCOUNT = 60


def main() -> None:
    home, count = Path(sys.argv[1]), int(sys.argv[2])
    set_up_site(home)
    prepare_site(home)
    from benchmarks.pages_people import fill  # noqa: PLC0415 - models can be imported once Django is set up

    with tempfile.TemporaryDirectory(prefix="openkam-pages-") as folder:
        files = generate(LINES_EACH * count, count, Path(folder)) | {"customers": f"{folder}/customers.parquet"}
        pq.write_table(customers(count), files["customers"])
        fill_ledger(str(home / "ledger"), files)
    ledger = Ledger.open(home / "ledger")
    (home / "programme.toml").write_text(programme(drafted_programme(ledger)), encoding="utf-8")
    print(json.dumps(fill(ledger, MANAGERS)))


def customers(count: int) -> pa.Table:
    """Records of the customers; in every hundred some stand above each other, up to six levels deep."""
    draw = random.Random(1)
    made: dict[str, list[Any]] = {column: [None] * count for column in TABLES["customers"].arrow.names}
    made |= {"source": ["made-up"] * count, "batch_id": ["0"] * count, "source_row": list(range(2, count + 2))}
    numbers = range(count)
    within = [number % GROUP for number in numbers]
    made["customer_key"] = [f"C{number:07d}" for number in numbers]
    made["name"] = [f"{draw.choice(WORDS)} {draw.choice(KINDS)} {number}" for number in numbers]
    made["country"] = made["region"] = [draw.choice(COUNTRIES) for _ in numbers]
    made["manager"] = [f"Manager {number % MANAGERS:02d}" for number in numbers]
    made["parent_key"] = [
        f"C{number - w + (w - 1) // SUBSIDIARIES:07d}" if 0 < w < SUBSIDIARIES**LEVELS - 1 else None
        for number, w in zip(numbers, within, strict=True)
    ]
    return pa.Table.from_pydict(made, schema=TABLES["customers"].arrow)


def programme(drafted: str) -> str:
    """The drafted programme with as many candidates as a head looks through, the managers' hours and a floor for each country."""
    managers = "".join(
        f'\n[[manager]]\nname = "Manager {number:02d}"\nhours_per_year = {HOURS_PER_YEAR}\n' for number in range(MANAGERS)
    )
    limits = "\n[effort]\nhours = " + str(HOURS_OF_AN_ACCOUNT) + '\n\n[[floor]]\nfield = "country"\naccounts_at_least = 1\n'
    return drafted.replace("at_most = 20000", f"at_most = {CANDIDATES}") + limits + managers


if __name__ == "__main__":
    main()
