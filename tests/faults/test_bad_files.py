"""Bad input through the command: one clear line or a reject with its reason, and the ledger as it was."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from tests.cli.conftest import Ran

Command = Callable[..., Ran]
HEADER = "transaction_key,transacted_on,customer_key,quantity,net_amount,currency\n"
GOOD = "OLD,2023-01-31,C,1,5,EUR\n"
IMPORT = ("--table", "transactions", "--source", "erp")


@pytest.fixture
def imported(openkam: Command, tmp_path: Path) -> Command:
    """The command, in a folder whose ledger holds one row already."""
    (tmp_path / "old.csv").write_text(HEADER + GOOD, encoding="utf-8")
    assert openkam("import", "old.csv", *IMPORT).code == 0
    return openkam


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


REFUSED = {
    "empty.csv": (b"", "empty"),
    "header.csv": (HEADER.encode(), "no row"),
    "missing.csv": (b"transaction_key,transacted_on,customer_key,quantity,currency\nA,2023-01-31,C,1,EUR\n", "net_amount"),
    "mixed.csv": (
        HEADER.encode() + "A,2023-01-31,Fran\u00e7ois \u4e2d,1,5,EUR\n".encode("utf-16")[:-1],
        "encoding|UTF-16|text|control",
    ),
    "binary.csv": (bytes(range(256)) * 40, "text|binary|encoding|control"),
    "broken.xlsx": (b"PK\x03\x04 no workbook", "workbook|xlsx|zip"),
    "broken.parquet": (b"PAR1 no parquet", "arquet"),
    "broken.csv.gz": (b"\x1f\x8b no gzip", "gz"),
    "broken.zip": (b"PK no zip", "zip"),
    "cut.csv.gz": (gzip.compress((HEADER + GOOD * 500).encode())[:-20], "gz|end"),
    "empty.zip": (zipped("notes.md", b"nothing"), "zip|no file|CSV"),
    "ambiguous.csv": ((HEADER + "A,03/04/2023,C,1,5,EUR\n").encode(), "--date-order"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_in_one_line_and_nothing_changes(imported: Command, tmp_path: Path, name: str):
    content, words = REFUSED[name]
    (tmp_path / name).write_bytes(content)
    refused = imported("import", name, *IMPORT, "--json")
    assert (refused.code, refused.out) == (1, ""), refused
    assert refused.err.startswith("openkam: ")
    assert refused.err.count("\n") == 1, refused.err
    assert any(word in refused.err for word in words.split("|")), refused.err
    assert name.partition(".")[0] in refused.err
    assert_unchanged(imported)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(imported: Command, tmp_path: Path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("sales.csv", "w", force_zip64=True) as file:
        file.write(HEADER.encode())
        for _ in range(300):
            file.write(b"0" * 1_000_000)
    (tmp_path / "bomb.zip").write_bytes(buffer.getvalue())
    refused = imported("import", "bomb.zip", *IMPORT)
    assert (refused.code, refused.out) == (1, ""), refused
    assert_unchanged(imported)


def test_places_without_a_file_are_refused(imported: Command, tmp_path: Path):
    (tmp_path / "nothing").mkdir()
    (tmp_path / "folder.csv").mkdir()
    for given in ("nothing", "folder.csv", "nowhere.csv"):
        refused = imported("import", given, *IMPORT)
        assert (refused.code, refused.out) == (1, "")
        assert given in refused.err
    assert_unchanged(imported)


BAD_CELLS = {
    "not a number": ("net_amount", "A,2023-01-31,C,1,NaN,EUR"),
    "infinite": ("net_amount", "A,2023-01-31,C,1,inf,EUR"),
    "10^30": ("net_amount", "A,2023-01-31,C,1,1000000000000000000000000000000,EUR"),
    "1e30": ("net_amount", "A,2023-01-31,C,1,1e30,EUR"),
    "huge quantity": ("quantity", "A,2023-01-31,C,1000000000000000000000000000000,5,EUR"),
    "year 9999": ("transacted_on", "A,9999-12-31,C,1,5,EUR"),
    "tomorrow's century": ("transacted_on", "A,2199-01-01,C,1,5,EUR"),
    "no such day": ("transacted_on", "A,2023-02-30,C,1,5,EUR"),
    "no currency": ("currency", "A,2023-01-31,C,1,5,Euro"),
    "formula": ("net_amount", "A,2023-01-31,C,1,=1+1,EUR"),
}


@pytest.mark.parametrize("fault", BAD_CELLS)
def test_a_bad_cell_is_rejected_with_its_place_and_the_good_row_is_kept(imported: Command, tmp_path: Path, fault: str):
    column, row = BAD_CELLS[fault]
    (tmp_path / "cells.csv").write_text(f"{HEADER}B,2023-01-31,C,1,5,EUR\n{row}\n", encoding="utf-8")
    done = imported("import", "cells.csv", *IMPORT, "--rejects", "rejects.csv", "--json")
    assert done.code == 0, done.err
    assert done.json["rows"] == {"read": 2, "accepted": 1, "rejected": 1}
    assert [reject["column"] for reject in done.json["rejects"]] == [column]
    kept = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(kept) == 2
    assert "cells.csv" in kept[1]


def test_negative_quantities_are_facts(imported: Command, tmp_path: Path):
    (tmp_path / "returns.csv").write_text(f"{HEADER}B,2023-01-31,C,-1,-5,EUR\n", encoding="utf-8")
    done = imported("import", "returns.csv", *IMPORT, "--json").json
    assert (done["rows"]["accepted"], done["line_types"]) == (1, {"return": 1})


def test_formulas_in_a_workbook_are_never_run_and_their_absence_of_value_is_said(imported: Command, tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADER.strip().split(","), ["A", "2023-01-31", "C", 1, 5, "EUR"], ["B", "2023-01-31", "C", 1, "=2+3", "EUR"]):
        sheet.append(row)
    book.save(tmp_path / "formulas.xlsx")
    done = imported("import", "formulas.xlsx", *IMPORT, "--json")
    assert done.code == 0, done.err
    assert done.json["rows"] == {"read": 2, "accepted": 1, "rejected": 1}
    assert done.json["rejects"][0]["column"] == "net_amount"


def test_keys_that_come_twice_are_counted_once(imported: Command, tmp_path: Path):
    (tmp_path / "customers.csv").write_text("customer_key,name\nC1,First\nC1,Second\nC2,=cmd|' /C calc'!A0\n", encoding="utf-8")
    done = imported(
        "import", "customers.csv", "--table", "customers", "--source", "crm", "--rejects", "rejects.csv", "--json"
    ).json
    assert (done["rows"]["accepted"], done["duplicates"]["keys_in_import"]) == (2, 1)


def test_rejects_never_take_the_place_of_what_is_imported(imported: Command, tmp_path: Path):
    content = f"{HEADER}A,2023-01-31,C,1,x,EUR\nB,2023-01-31,C,1,1,EUR\n"
    (tmp_path / "cells.csv").write_text(content, encoding="utf-8")
    for target in ("cells.csv", ".", "nowhere/rejects.csv"):
        refused = imported("import", "cells.csv", *IMPORT, "--rejects", target)
        assert refused.code == 1
        assert "--rejects" in refused.err
    assert (tmp_path / "cells.csv").read_text(encoding="utf-8") == content
    assert_unchanged(imported)


def assert_unchanged(openkam: Command) -> None:
    assert [(batch["ledger_version"], batch["rows_accepted"]) for batch in openkam("batches", "--json").json] == [(1, 1)]
