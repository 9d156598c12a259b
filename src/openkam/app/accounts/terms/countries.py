"""Countries by their ISO 3166-1 alpha-2 code."""

import csv
from functools import cache
from importlib.resources import files

from openkam.app.accounts.terms.names import folded


@cache
def countries() -> dict[str, str]:
    """Name by code, in the order of the names."""
    text = files("openkam.app.accounts.terms").joinpath("countries.csv").read_text(encoding="utf-8")
    rows = {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}
    return dict(sorted(rows.items(), key=lambda row: folded(row[1])))


def country_name(code: str) -> str:
    """The name behind a code; a code nobody knows stands for itself."""
    return countries().get(code, code)


@cache
def _codes_by_name() -> dict[str, str]:
    return {folded(name): code for code, name in countries().items()}


def country_code(text: str) -> str:
    """The code that a ledger's country means, given as code or name; empty when it is neither."""
    word = text.strip()
    return word.upper() if word.upper() in countries() else _codes_by_name().get(folded(word), "")
