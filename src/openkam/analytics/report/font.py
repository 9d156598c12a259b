"""The page's typeface, embedded so that it looks the same everywhere and asks nobody."""

import base64
from pathlib import Path

from openkam.analytics.terms import OpenKamError

FONT_FILE = "inter-latin-wght-normal.woff2"
_HERE = Path(__file__).resolve().parent
FONT_PLACES = (_HERE / "assets", _HERE.parents[3] / "node_modules" / "@fontsource-variable" / "inter" / "files")
"""Where the build puts the font, and where the front-end packages of a checkout have it."""


def font_data_uri(places: tuple[Path, ...] = FONT_PLACES) -> str:
    """Inter (variable weight, Latin) as a data URI.

    Raises `OpenKamError` where neither the build nor the front-end packages brought it.
    """
    found = next((place / FONT_FILE for place in places if (place / FONT_FILE).is_file()), None)
    if found is None:
        raise OpenKamError(f"The page's font {FONT_FILE} is missing from {places[0]}: run `make setup`, which fetches it.")
    return "data:font/woff2;base64," + base64.b64encode(found.read_bytes()).decode("ascii")
