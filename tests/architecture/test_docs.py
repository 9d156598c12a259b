"""The reference pages say what the code does: generated ones are fresh, the others name every option, key and function."""

import re

from scripts.write_ledger_reference import ledger_page
from scripts.write_measures_reference import measures_page
from tests.architecture.law import HOUSE
from typer.main import get_command

from openkam.analytics.ledger.expression import FUNCTIONS
from openkam.analytics.ledger.mapping import Format
from openkam.cli.command import app

REFERENCE = HOUSE / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def test_the_generated_pages_are_fresh():
    assert page("ledger.md") == ledger_page()
    assert page("measures.md") == measures_page()


def test_every_command_and_option_is_documented():
    text = page("command.md")
    group = get_command(app)
    context = group.make_context("openkam", ["--help"], resilient_parsing=True)
    commands = {name: group.get_command(context, name) for name in group.list_commands(context)}
    options = {option for command in commands.values() for p in command.params for option in p.opts if option.startswith("--")}
    assert {f"openkam {name}" for name in commands if f"openkam {name}" not in text} == set()
    assert {option for option in options if option not in text} == set()


def test_every_key_and_function_of_a_mapping_is_documented():
    text = page("mapping.md")
    words = {*FUNCTIONS, *Format.__dataclass_fields__, "line_types", "skip", "missing_customer", "duplicates", "existing"}
    assert {word for word in words if not re.search(rf"\b{word}\b", text)} == set()


def test_links_between_the_pages_lead_somewhere():
    broken = [
        f"{path.relative_to(HOUSE)}: {target}"
        for path in (*HOUSE.glob("docs/**/*.md"), HOUSE / "README.md")
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []
