"""A workspace with one account of many contacts for the benchmark of the people map: prints what the benchmark needs as JSON.

Run as `python -m benchmarks.people_map_workspace HOME CONTACTS`, with DATABASE_URL set.
"""

import json
import sys
from pathlib import Path

from openkam.config.prepare import prepare_site, set_up_site


def main() -> None:
    home, count = Path(sys.argv[1]), int(sys.argv[2])
    set_up_site(home)
    prepare_site(home)
    from benchmarks.people_map_people import fill  # noqa: PLC0415 - models can be imported once Django is set up

    print(json.dumps(fill(count)))


if __name__ == "__main__":
    main()
