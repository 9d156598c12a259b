import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import OPENKAM, Ran
from tests.factories.planted import PROGRAMME, planted_ledger

Command = Callable[..., Ran]
SHAPE = {"as_of", "currency", "engine", "ledger_version", "accounts", "solver", "selected", "nearest_excluded"}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with the planted company and its programme, `openkam-data`."""
    home = tmp_path / "openkam-data"
    planted_ledger(home / "ledger")
    (home / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
    return home


def test_json_has_the_promised_shape_and_is_alone_on_stdout(openkam: Command, workspace: Path):
    document = openkam("review", "--as-of", "2023-12-31", "--json").json
    assert set(document) >= SHAPE
    assert (document["as_of"], document["currency"], document["engine"], document["ledger_version"]) == (
        "2023-12-31",
        "EUR",
        "duckdb",
        5,
    )
    assert document["accounts"] == {"total": 4, "candidates": 4, "selected": 2}
    assert set(document["solver"]) == {"status", "objective", "gap", "seconds"}
    assert (document["solver"]["status"], document["solver"]["gap"]) == ("optimal", 0.0)
    first = document["selected"][0]
    assert set(first) == {"account", "name", "rank", "utility", "manager", "criteria", "measures"}
    assert (first["account"], first["name"], first["rank"]) == ("steady", "Steady", 1)
    wanted = {"net_sales", "contribution_margin", "order_count", "regularity_k", "growth_per_year", "days_beyond_terms"}
    assert wanted <= set(first["measures"])
    out = document["nearest_excluded"][0]
    assert set(out) == {"account", "name", "utility", "regret_percent", "binding", "displaces", "needs"}
    assert {item["account"] for item in document["nearest_excluded"]} == {"giant", "small"}


def test_two_reviews_write_the_same_bytes(openkam: Command, workspace: Path, tmp_path: Path):
    documents = []
    for folder in ("one", "two"):
        ran = openkam("review", "--out", folder, "--json")
        documents.append(ran.json)
        documents[-1]["solver"].pop("seconds")
    assert documents[0] == documents[1]
    for name in ("review.html", "review.xlsx", "accounts.parquet"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_summary_names_who_is_key_and_what_nearly_was(openkam: Command, workspace: Path):
    said = openkam("review").out
    assert "2 key accounts of 4 candidates" in said
    assert "Steady" in said
    assert "Forcing it in costs" in said
    assert max(map(len, said.splitlines())) <= 120


def test_a_reader_that_leaves_is_no_error(workspace: Path):
    ran = subprocess.run(
        f"{OPENKAM} review --json --home {workspace} | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.stdout == "{\n"
    assert "Traceback" not in ran.stderr
    assert "Broken pipe" not in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--as-of", "1999-01-01"), "1999-01-01"),
        (("--programme", "none.toml"), "none.toml"),
        (("--ledger-version", "99"), "99"),
        (("--out", "openkam-data/programme.toml"), "programme.toml"),
        (("--home", "nowhere"), "openkam init"),
    ],
)
def test_a_review_that_cannot_be_is_one_clear_line(openkam: Command, workspace: Path, arguments: tuple[str, ...], words: str):
    refused = openkam("review", *arguments)
    assert refused.code == 1
    assert words in refused.err
    assert refused.out == ""


@pytest.mark.parametrize("arguments", [("--as-of", "31.12.2023"), ("--engine", "abacus"), ("--home", "plain.txt")])
def test_what_the_command_does_not_know_is_wrong_use(
    openkam: Command, workspace: Path, tmp_path: Path, arguments: tuple[str, str]
):
    (tmp_path / "plain.txt").touch()
    refused = openkam("review", *arguments)
    assert (refused.code, refused.out) == (2, "")
    assert arguments[1] in refused.err


def test_a_workspace_without_facts_says_what_to_import(openkam: Command):
    assert openkam("init").code == 0
    refused = openkam("review")
    assert refused.code == 1
    assert "openkam import" in refused.err


def test_init_never_overwrites_a_programme(openkam: Command, tmp_path: Path):
    assert openkam("init").code == 0
    programme = tmp_path / "openkam-data" / "programme.toml"
    programme.write_text(PROGRAMME, encoding="utf-8")
    assert openkam("init").code == 1
    assert programme.read_text(encoding="utf-8") == PROGRAMME


def test_init_drafts_from_the_firm_s_own_accounts(openkam: Command, workspace: Path):
    (workspace / "programme.toml").unlink()
    assert openkam("init").code == 0
    assert 'currency = "EUR"' in (workspace / "programme.toml").read_text(encoding="utf-8")
    assert openkam("review").code == 0
