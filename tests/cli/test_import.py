from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Ran

Command = Callable[..., Ran]
IMPORT = ("import", "sales.csv", "--table", "transactions", "--source", "erp", "--mapping", "sales.toml")


def batches(openkam: Command) -> list[dict[str, object]]:
    return openkam("batches", "--json").json


def test_the_whole_story_from_an_export_to_a_mended_row_and_back(openkam: Command, sales: Path, tmp_path: Path):
    assert openkam("init").code == 0
    dry = openkam(*IMPORT, "--dry-run", "--json").json
    assert dry["rows"] == {"read": 5, "accepted": 3, "rejected": 2}
    assert dry["batch"] is None
    assert batches(openkam) == []

    done = openkam(*IMPORT, "--json").json
    assert done["rows"] == dry["rows"]
    assert done["ledger_version"] == 1
    assert done["files"][0]["delimiter"] == ";"
    assert done["line_types"] == {"return": 1, "sale": 2}

    said = openkam("rejects", done["batch"], "--out", "rejects.csv")
    assert said.code == 0
    rejects = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    assert "R3" in rejects
    assert "31.04.2023" in rejects
    mended = rejects.replace(";x;", ";2;").replace(",x,", ",2,").replace("31.04.2023", "30.04.2023")
    (tmp_path / "mended.csv").write_text(mended, encoding="utf-8")
    again = openkam(
        "import", "mended.csv", "--table", "transactions", "--source", "erp", "--mapping", "sales.toml", "--json"
    ).json
    assert again["rows"] == {"read": 2, "accepted": 2, "rejected": 0}

    assert openkam("undo", again["batch"]).code == 0
    assert [batch["undone_in_version"] for batch in batches(openkam)] == [None, 3]
    assert openkam("verify").code == 0


def test_a_drafted_mapping_is_accepted_as_it_stands(openkam: Command, tmp_path: Path):
    (tmp_path / "plain.csv").write_text(
        "invoice_no,date,customer_id,amount,currency\nA1,2023-01-31,C1,10.5,EUR\nA2,2023-02-28,C2,20,EUR\n", encoding="utf-8"
    )
    drafted = openkam("import", "--suggest-mapping", "plain.csv", "--table", "transactions")
    assert drafted.code == 0
    (tmp_path / "plain.toml").write_text(drafted.out, encoding="utf-8")
    done = openkam("import", "plain.csv", "--source", "erp", "--mapping", "plain.toml", "--json")
    assert done.json["rows"] == {"read": 2, "accepted": 2, "rejected": 0}


def test_a_batch_is_listed_on_one_line_however_long_its_source(openkam: Command, sales: Path):
    source = "the northern business unit's order system, as exported by its own staff at the end of every month"
    assert openkam("import", "sales.csv", "--table", "transactions", "--source", source, "--mapping", "sales.toml").code == 0
    (line,) = openkam("batches").out.splitlines()
    assert line.endswith(f"transactions from {source}: 3 rows, 2 rejected")


def test_the_same_file_twice_is_refused_unless_asked(openkam: Command, sales: Path):
    assert openkam(*IMPORT).code == 0
    twice = openkam(*IMPORT)
    assert twice.code == 1
    assert "was imported before" in twice.err
    assert len(batches(openkam)) == 1


BAD_FILES = {
    "empty": (b"", "empty"),
    "only a header": (b"Invoice;Datum;Kunde;Artikel;Menge;Betrag;W\xe4hrung\n", "no row"),
    "missing column": (b"Invoice;Datum\nR1;13.01.2023\n", "Kunde"),
    "ambiguous dates": (
        "Invoice;Datum;Kunde;Artikel;Menge;Betrag;Währung\nR1;03.04.2023;A;P;1;5,00;EUR\n".encode().replace(b".", b"/"),
        "--date-order",
    ),
}


@pytest.mark.parametrize("content", BAD_FILES)
def test_a_file_that_cannot_be_imported_is_one_clear_line(openkam: Command, sales: Path, content: str):
    data, words = BAD_FILES[content]
    sales.write_bytes(data)
    refused = openkam(*IMPORT)
    assert refused.code == 1
    assert any(word in refused.err for word in words.split("|")), refused.err
    assert refused.out == ""
    assert openkam("batches").out.startswith("Nothing was imported yet")


BAD_CELLS = {
    "NaN": ("NaN", "1.0"),
    "infinite": ("inf", "-inf"),
    "10^30": ("1000000000000000000000000000000", "1e30"),
}


@pytest.mark.parametrize("cells", BAD_CELLS)
def test_a_number_that_is_none_is_rejected_with_its_row(openkam: Command, tmp_path: Path, cells: str):
    bad = BAD_CELLS[cells][0]
    rows = f"transaction_key,transacted_on,customer_key,net_amount,currency\nA,2023-01-31,C,{bad},EUR\nB,2023-01-31,C,5,EUR\n"
    (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
    done = openkam("import", "rows.csv", "--table", "transactions", "--source", "erp", "--json").json
    assert done["rows"] == {"read": 2, "accepted": 1, "rejected": 1}
    assert [reject["column"] for reject in done["rejects"]] == ["net_amount"]


@pytest.mark.parametrize(("day", "words"), [("9999-12-31", "future"), ("2199-01-01", "future"), ("0001-01-01", "day|date|1900")])
def test_a_day_that_cannot_be_is_rejected_with_its_row(openkam: Command, tmp_path: Path, day: str, words: str):
    rows = f"transaction_key,transacted_on,customer_key,net_amount,currency\nA,{day},C,1,EUR\nB,2023-01-31,C,5,EUR\n"
    (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
    done = openkam("import", "rows.csv", "--table", "transactions", "--source", "erp", "--json").json
    assert done["rows"] == {"read": 2, "accepted": 1, "rejected": 1}
    assert any(word in done["rejects"][0]["reason"] for word in words.split("|")), done["rejects"]


def test_a_key_that_comes_twice_is_rejected(openkam: Command, tmp_path: Path):
    rows = "customer_key,name\nC1,First\nC1,Second\nC2,=cmd|' /C calc'!A0\n"
    (tmp_path / "customers.csv").write_text(rows, encoding="utf-8")
    done = openkam("import", "customers.csv", "--table", "customers", "--source", "crm", "--json").json
    assert done["rows"] == {"read": 3, "accepted": 2, "rejected": 1}
    assert done["duplicates"]["keys_in_import"] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("import",),
        ("import", "sales.csv"),
        ("import", "sales.csv", "--table", "transactions"),
        ("import", "sales.csv", "--table", "transactions", "--source", "x", "--date-order", "sideways"),
        ("nonsense",),
    ],
)
def test_wrong_use_ends_with_2(openkam: Command, sales: Path, arguments: tuple[str, ...]):
    assert openkam(*arguments).code == 2


def test_an_unknown_table_names_the_tables_there_are(openkam: Command, sales: Path):
    refused = openkam("import", "sales.csv", "--table", "sales", "--source", "x")
    assert refused.code == 1
    assert "transactions" in refused.err
