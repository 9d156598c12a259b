"""A person taken out of the ledger: out of every version and every byte on disk; counts stay."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from tests.factories.ledger import NOW, product_rows, read, reject_rows

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.rejects import REJECTS
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.relationship.person_words import PersonWords

ANNA = PersonWords.of("Anna Berg", ["anna.berg@example.org"])


def interaction_rows(*people: str | None) -> pa.Table:
    schema = TABLES["interactions"].arrow
    names = ("interaction_key", "customer_key", "occurred_at", "kind", "direction", "their_person")
    columns = {
        "interaction_key": [f"M{n} {person}" if n == 0 else f"M{n}" for n, person in enumerate(people)],
        "customer_key": ["C1"] * len(people),
        "occurred_at": [NOW - timedelta(days=n) for n in range(len(people))],
        "kind": ["mail"] * len(people),
        "direction": ["in"] * len(people),
        "their_person": list(people),
    }
    return pa.table(columns, schema=pa.schema([schema.field(name) for name in names]))


def remains(root: Path, *words: bytes) -> list[str]:
    """Files below a folder in which one of the words stands, columns of Parquet files read as they are."""
    found: list[str] = []
    for path in root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".parquet":
                content += pq.read_table(path).to_string(preview_cols=100).encode()
            found += [f"{path}: {word!r}" for word in words if word.lower() in content.lower()]
    return found


def test_a_person_is_in_no_version_and_in_no_file(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    rejected = reject_rows(7, file="crm.csv").to_pylist()[0] | {"value": "Anna Berg", "row": '{"Who": "Berg, Anna", "n": 3}'}
    first = ledger.append("interactions", interaction_rows("anna.berg@example.org", "Bo Li"), source="crm", imported_at=NOW)
    live = ledger.append(
        "interactions",
        interaction_rows("Anna Berg", "ANNA BERG", None, "Carl Annaberg"),
        source="crm",
        imported_at=NOW,
        rejects=pa.Table.from_pylist([rejected], schema=REJECTS),
    )
    ledger.append("interactions", interaction_rows("Bo Li"), source="crm", imported_at=NOW)
    ledger.append("products", product_rows("a"), source="erp", imported_at=NOW)
    ledger.undo(first.batch_id, NOW)
    assert remains(tmp_path, b"anna berg", b"berg, anna", b"anna.berg@") != []

    assert [row["their_person"] for row in ledger.rows_naming(ANNA.without)] == ["Anna Berg", "ANNA BERG"]

    erased = ledger.erase_person(ANNA.without, NOW + timedelta(days=1))

    assert (erased.rows, erased.rejected_rows, erased.ledger_version) == (3, 1, 7)
    assert [version.kind for version in ledger.versions()[-2:]] == ["erase", "erase"]
    assert read(ledger.at(1), "interactions")["their_person"].to_pylist() == [None, "Bo Li"]
    assert read(ledger.at(1), "interactions")["interaction_key"].to_pylist() == [None, "M1"]
    assert ledger.at().row_count("interactions") == 5
    assert sorted(filter(None, read(ledger.at(), "interactions")["their_person"].to_pylist())) == ["Bo Li", "Carl Annaberg"]
    assert ledger.rejects(live.batch_id)["row"].to_pylist() == ['{"Who": "[erased]", "n": 3}']
    assert remains(tmp_path, b"anna berg", b"berg, anna", b"anna.berg@") == []
    assert ledger.verify() == []
    assert Ledger.open(tmp_path).latest_version == 7
    assert ledger.rows_naming(ANNA.without) == []
    again = ledger.erase_person(ANNA.without, NOW + timedelta(days=2))
    assert (again.rows, again.rejected_rows, again.ledger_version) == (0, 0, 7)


def test_what_is_undone_afterwards_and_imported_again_goes_on_as_before(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    batch = ledger.append("interactions", interaction_rows("Anna Berg", "Bo Li"), source="crm", imported_at=NOW)
    ledger.erase_person(ANNA.without, NOW)
    ledger.undo(batch.batch_id, NOW)
    ledger.append("interactions", interaction_rows("Bo Li"), source="crm", imported_at=NOW)
    assert read(ledger.at(), "interactions").num_rows == 1
    assert ledger.verify() == []


def test_an_old_file_that_a_killed_process_left_is_removed_by_the_next_erasure(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    batch = ledger.append("interactions", interaction_rows("Anna Berg"), source="crm", imported_at=NOW)
    old = tmp_path / "interactions" / f"{batch.batch_id}-00000.parquet"
    kept = old.read_bytes()
    ledger.erase_person(ANNA.without, NOW)
    old.write_bytes(kept)
    ledger.erase_person(ANNA.without, NOW)
    assert not old.exists()
    assert ledger.verify() == []


def test_a_ledger_that_is_not_there_has_nobody(tmp_path: Path) -> None:
    assert Ledger.open(tmp_path / "none").erase_person(ANNA.without, NOW).rows == 0
    assert not (tmp_path / "none").exists()
