"""A workspace of made-up accounts for the benchmark of pages, in a process of its own: prints what the benchmark needs as JSON.

Run as `python -m benchmarks.pages_workspace HOME ACCOUNTS`, with DATABASE_URL set.
"""

import json
import random
import sys
from pathlib import Path

from openkam.config.prepare import prepare_site, set_up_site

WORDS = ("Nordwind", "Harbour", "Müller", "Atlas", "Verde", "Kestrel", "Orchard", "Granit", "Señal", "Lumen", "Fjord", "Cobalt")
KINDS = ("Foods", "Retail", "Logistics", "Pharma", "Hotels", "Motors", "Energy", "Textiles", "Labs", "Trading")
COUNTRIES = ("DE", "FR", "US", "GB", "ES", "SE", "IT", "PL", "JP", "BR")
MANAGERS = 50
GROUP = 100
SUBSIDIARIES = 2
LEVELS = 6


def main() -> None:
    home, count = Path(sys.argv[1]), int(sys.argv[2])
    set_up_site(home)
    prepare_site(home)
    from benchmarks.pages_people import fill  # noqa: PLC0415 - models can be imported once Django is set up

    print(json.dumps(fill(customers(count), MANAGERS)))


def customers(count: int) -> list[dict[str, str]]:
    """Customers of one ledger; in every hundred some stand above each other, up to six levels deep."""
    draw = random.Random(1)
    made: list[dict[str, str]] = []
    for number in range(count):
        within = number % GROUP
        above = number - within + (within - 1) // SUBSIDIARIES if 0 < within < SUBSIDIARIES**LEVELS - 1 else None
        made.append(
            {
                "source": "made-up",
                "customer_key": f"C{number:06d}",
                "ledger_account": f"C{number:06d}",
                "name": f"{draw.choice(WORDS)} {draw.choice(KINDS)} {number}",
                "country": draw.choice(COUNTRIES),
                "manager": f"Manager {number % MANAGERS:02d}",
                "parent_account": "" if above is None else f"C{above:06d}",
            }
        )
    return made


if __name__ == "__main__":
    main()
