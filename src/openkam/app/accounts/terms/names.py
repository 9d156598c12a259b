"""How a name is made comparable: without accents, case and punctuation."""

import re
import unicodedata

SEPARATORS = re.compile(r"[^a-z0-9]+")
LETTERS = str.maketrans(
    {
        "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "ĸ": "k", "ŋ": "n", "ŧ": "t",
        "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss", "'": "", "’": "", "ʼ": "",
    }
)  # fmt: skip
"""Letters that Unicode does not decompose; an apostrophe is left out, so that "O'Brien" and "OBrien" are one."""


def folded(text: str) -> str:
    """Lower case without accents; everything but letters and figures becomes one space. `folded("Café-Zürich")` is "cafe zurich"."""
    if text.isascii():
        return SEPARATORS.sub(" ", text.lower().replace("'", "")).strip()
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS)).casefold().translate(LETTERS)
    letters = (mark if mark.isalnum() else " " for mark in plain if not unicodedata.combining(mark))
    return " ".join("".join(letters).split())
