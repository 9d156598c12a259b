"""The page of functions says what is so: each name imports, each test and each formula stands where it says."""

import re
from pkgutil import resolve_name

from tests.architecture.law import HOUSE

METHOD = HOUSE / "docs" / "method"
ROW = re.compile(
    r"^\| [^|]+ \| `(?P<name>[\w.]+)` \| \[[^]]+\]\((?P<page>[^)]+)\) \| (?P<unit>[^|]+) \| `(?P<test>[^`]+)` \| [^|]+ \|$", re.M
)


def rows() -> list[dict[str, str]]:
    text = (METHOD / "functions.md").read_text(encoding="utf-8")
    found = [match.groupdict() for match in ROW.finditer(text)]
    assert len(found) == text.count("\n| ") - 1, "a row of the table has another shape"
    return found


def heading(title: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


def test_every_function_imports_under_its_public_name_and_says_what_it_does():
    for row in rows():
        module, _, name = row["name"].rpartition(".")
        known = resolve_name(f"openkam.analytics.{module}:{name}")
        assert known.__doc__, f"{row['name']} has no words of its own"


def test_every_formula_and_every_test_is_where_the_page_says():
    for row in rows():
        assert (HOUSE / row["test"]).is_file(), row["test"]
        page, _, anchor = row["page"].partition("#")
        text = (METHOD / page).read_text(encoding="utf-8")
        if anchor:
            assert anchor in {heading(title) for title in re.findall(r"^#+ (.+)$", text, re.M)}, row["page"]
    assert any(row["test"].startswith("tests/oracles/") for row in rows())
