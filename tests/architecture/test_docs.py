"""The reference pages say what the code does: generated ones are fresh, the others name every option, key and function."""

import re
from datetime import date

from scripts.write_ledger_reference import ledger_page
from scripts.write_measures_reference import measures_page
from tests.architecture.law import HOUSE
from typer.main import get_command

from openkam.analytics.behaviour.facts import MeasureParameters
from openkam.analytics.ledger.expression import FUNCTIONS
from openkam.analytics.ledger.mapping import MAPPING_SECTIONS, Format
from openkam.analytics.review.wanted_measures import every_measure
from openkam.cli.command import app

REFERENCE = HOUSE / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def test_the_generated_pages_are_fresh():
    assert page("ledger.md") == ledger_page()
    assert page("measures.md") == measures_page()


def section(text: str, title: str) -> str:
    """What stands under the second-level heading that begins with the title."""
    found = re.search(rf"^## `{re.escape(title)}\b.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found.group() if found else ""


def test_every_command_is_documented_with_its_own_options():
    text = page("command.md")
    group = get_command(app)
    context = group.make_context("openkam", ["--help"], resilient_parsing=True)
    commands = {name: group.get_command(context, name) for name in group.list_commands(context)}
    missing = [
        f"openkam {name} {option}"
        for name, command in commands.items()
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("--") and f"`{option}" not in section(text, f"openkam {name}")
    ]
    assert missing == []


def test_every_variable_of_the_environment_is_documented():
    source = (HOUSE / "src/openkam/config/environment.py").read_text(encoding="utf-8")
    text = page("configuration.md")
    assert {name for name in re.findall(r'"(OPENKAM_[A-Z_]+|DATABASE_URL)"', source) if f"`{name}`" not in text} == set()


def test_the_method_explains_every_measure():
    text = "".join(path.read_text(encoding="utf-8") for path in (HOUSE / "docs" / "method").glob("*.md"))
    catalogue = every_measure(MeasureParameters(date(2016, 5, 31), "USD"))
    assert [measure.name for measure in catalogue if f"`{measure.name}`" not in text] == []


def test_every_key_and_function_of_a_mapping_is_documented():
    text = page("mapping.md")
    sections = {name if name in {"table", "source"} else f"[{name}]" for name in MAPPING_SECTIONS}
    keys = {*Format.__dataclass_fields__, "missing_customer", "key", "rows", "existing"}
    assert {word for word in (*sections, *keys) if f"`{word}`" not in text and f"`{word} = " not in text} == set()
    assert {name for name in FUNCTIONS if f"`{name}(" not in text} == set()


def test_every_page_stands_in_the_navigation():
    navigation = (HOUSE / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2].partition("\nplugins:")[0]
    pages = {path.relative_to(HOUSE / "docs").as_posix() for path in HOUSE.glob("docs/**/*.md")}
    assert set(re.findall(r"[\w/-]+\.md", navigation)) == pages


def test_links_between_the_pages_lead_somewhere():
    broken = [
        f"{path.relative_to(HOUSE)}: {target}"
        for path in (*HOUSE.glob("docs/**/*.md"), HOUSE / "README.md")
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []
