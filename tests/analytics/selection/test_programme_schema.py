"""The schema against the reference page: every key is documented, every documented key and example is accepted."""

import re
from pathlib import Path

import pytest

from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_schema import EFFORT_CURVE, MANAGER_FIT, SERVICE_RATE, TABLES, TableSpec

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "programme.md").read_text(encoding="utf-8")
SECTIONS = {m[1]: m[2] for m in re.finditer(r"^## `([^`]+)`\n(.*?)(?=^## |\Z)", PAGE, re.S | re.M)}
EXAMPLES = {heading: re.findall(r"```toml\n(.*?)```", section, re.S) for heading, section in SECTIONS.items()}
INNER = {"effort": EFFORT_CURVE, "manager": MANAGER_FIT, "service_rates": SERVICE_RATE}


def rows(heading: str) -> dict[str, list[str]]:
    """The key rows of a section: key to its value, needed and meaning."""
    found = re.findall(r"^\| `(\w+)` \|(.*)\|$", SECTIONS[heading], re.M)
    return {key: [cell.strip() for cell in rest.split("|")] for key, rest in found}


def specs() -> list[tuple[str, TableSpec]]:
    return [(t.heading, t) for t in TABLES.values()] + [(TABLES[name].heading, spec) for name, spec in INNER.items()]


def test_the_page_has_the_tables_in_the_order_of_the_schema() -> None:
    assert list(SECTIONS) == [t.heading for t in TABLES.values()]


@pytest.mark.parametrize(("heading", "spec"), specs(), ids=lambda v: v if isinstance(v, str) else v.name)
def test_every_key_is_documented_as_it_is_read(heading: str, spec: TableSpec) -> None:
    documented = rows(heading)
    for key in spec.keys:
        value, needed, meaning = documented[key.name]
        assert (needed == "yes", meaning) == (key.required, key.meaning)
        assert all(f"`{choice}`" in value for choice in key.choices) or value.startswith(key.kind.value)


@pytest.mark.parametrize("name", TABLES)
def test_the_page_documents_no_key_that_is_refused(name: str) -> None:
    spec, inner = TABLES[name], INNER.get(name)
    known = {k.name for k in spec.keys} | ({k.name for k in inner.keys} if inner else set())
    assert set(rows(spec.heading)) == known


def test_the_examples_together_are_one_programme_with_every_key() -> None:
    text = "\n".join(example for examples in EXAMPLES.values() for example in examples)
    programme = Programme.parse(text)
    assert len(programme.criteria) == 3
    for name, spec in TABLES.items():
        for key in spec.keys:
            assert re.search(rf"^{key.name} = ", "".join(EXAMPLES[spec.heading]), re.M) or _is_left_to_a_twin(name, key.name), (
                name,
                key,
            )


def _is_left_to_a_twin(table: str, key: str) -> bool:
    """Keys that the example of their table leaves out, because they are like one that it has; accepted in the next test."""
    return (table, key) in {
        ("gate", "at_least"),
        ("cap", "value"),
        *(("account", f) for f in ("country", "industry", "category", "group_name")),
    }


def test_keys_left_out_of_the_examples_are_accepted() -> None:
    text = "\n".join(example for examples in EXAMPLES.values() for example in examples)
    text += (
        '\n[[gate]]\nmeasure = "net_sales"\nat_least = 0\nreason = "Loses sales"\n[[cap]]\nfield = "industry"\nvalue = "Food"\n'
    )
    text += 'share_of_sales_at_most = 0.4\n[[account]]\naccount = "C-7"\ncountry = "NO"\n'
    text += 'industry = "Food"\ncategory = "Shop"\ngroup_name = "G"\n'
    programme = Programme.parse(text)
    assert programme.gates[-1].at_least == 0
    assert dict(programme.overrides[-1].attributes) == {
        "country": "NO",
        "industry": "Food",
        "category": "Shop",
        "group_name": "G",
    }


def test_a_key_has_one_meaning_that_reads_as_a_phrase() -> None:
    for _, spec in specs():
        for key in spec.keys:
            assert key.meaning
            assert not key.meaning.endswith(".")
    with pytest.raises(KeyError):
        TABLES["pin"].key("none")
