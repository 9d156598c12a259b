"""Industries by ISIC Rev. 4 / NACE Rev. 2 code: sections and divisions by name, groups and classes by their division's."""

import csv
import re
from functools import cache
from importlib.resources import files

CODE = re.compile(r"(?P<section>[A-U])?(?P<division>\d\d)?(?P<class>\.?\d{1,2})?")


@cache
def industries() -> dict[str, str]:
    """Title by code, a section before its divisions."""
    text = files("openkam.app.accounts.terms").joinpath("industries.csv").read_text(encoding="utf-8")
    return {row["code"]: row["title"] for row in csv.DictReader(text.splitlines())}


@cache
def _sections() -> dict[str, str]:
    return {code[1:]: code[0] for code in industries() if len(code) > 1}


def industry_code(text: str) -> str:
    """The canonical code for what somebody wrote: `46`, `G46`, `4631` and `46.31` are `G46`, `G46`, `G46.31` and `G46.31`.

    Empty when the text is no code of a division that exists.
    """
    found = CODE.fullmatch(text.strip().upper())
    if not found or not text.strip():
        return ""
    section, division, rest = found["section"] or "", found["division"] or "", (found["class"] or "").lstrip(".")
    if not division:
        return section if section in industries() and not rest else ""
    owner = _sections().get(division, "")
    if not owner or section not in ("", owner):
        return ""
    return f"{owner}{division}.{rest}" if rest else f"{owner}{division}"


def industry_title(code: str) -> str:
    """The title of a code, that of its division for a group or class; the code itself when nobody knows it."""
    titles = industries()
    return titles.get(code) or titles.get(code.partition(".")[0], code)
