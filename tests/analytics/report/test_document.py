"""The documents: the JSON's shape, all or nothing on disk, the same bytes each time."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.factories.review import make_empty_review, make_review

from openkam.analytics.report.document import accounts_parquet, review_json, write_review
from openkam.analytics.terms import OpenKamError

FILES = ("review.html", "review.xlsx", "accounts.parquet")


def test_json_has_the_promised_shape() -> None:
    review = make_review()
    found = review_json(review)
    assert list(found) == [
        "as_of",
        "period",
        "currency",
        "engine",
        "ledger_version",
        "code_version",
        "programme",
        "accounts",
        "solver",
        "selected",
        "nearest_excluded",
        "illustrative",
        "notes",
    ]
    assert found["accounts"] == {"total": 280, "candidates": len(review.problem.accounts), "selected": 14}
    assert list(found["solver"]) == ["status", "objective", "gap", "seconds"]
    first = found["selected"][0]
    assert list(first) == ["account", "name", "rank", "utility", "manager", "criteria", "measures"]
    assert set(first["criteria"]) == {c.name for c in review.criteria}
    assert set(first["measures"]) == {m.name for m in review.measures}
    assert isinstance(first["measures"]["first_order_on"], str)
    out = found["nearest_excluded"][0]
    assert list(out) == ["account", "name", "utility", "regret_percent", "binding", "displaces", "needs"]
    assert set(out["displaces"][0]) == {"account", "name"}
    assert list(out["needs"][0]) == ["name", "label", "unit", "from", "to", "is_stable", "note"]
    assert found["nearest_excluded"][-1]["regret_percent"] is None


def test_json_never_holds_a_number_that_is_none() -> None:
    for review in (make_review(), make_empty_review()):
        text = json.dumps(review_json(review), allow_nan=False)
        assert "NaN" not in text
    review = make_review()
    odd = review.accounts
    place = odd.column_names.index("net_sales")
    odd = odd.set_column(place, "net_sales", pa.array([float("nan")] * 100 + [float("inf")] * 180))
    text = json.dumps(review_json(replace(review, accounts=odd)), allow_nan=False)
    assert '"net_sales": null' in text


def test_decimals_days_and_whole_numbers_are_plain() -> None:
    review = make_review()
    rows = review.accounts.num_rows
    accounts = review.accounts
    for name, column in (
        ("net_sales", pa.array([Decimal("1.2500")] * rows, pa.decimal128(18, 4))),
        ("last_order_on", pa.array([date(2016, 5, 1)] * rows)),
    ):
        accounts = accounts.set_column(accounts.column_names.index(name), name, column)
    first = review_json(replace(review, accounts=accounts))["selected"][0]
    assert first["measures"]["net_sales"] == 1.25
    assert first["measures"]["last_order_on"] == "2016-05-01"
    assert isinstance(first["measures"]["order_count"], int)


def test_the_three_files_are_written_and_equal_reviews_give_equal_bytes(tmp_path: Path) -> None:
    review = make_review()
    paths = write_review(review, tmp_path / "a" / "deep")
    again = write_review(replace(review, solution=replace(review.solution, seconds=99.0)), tmp_path / "b")
    assert [path.name for path in paths] == list(FILES)
    assert [path.read_bytes() for path in paths] == [path.read_bytes() for path in again]
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == sorted(FILES)


def test_parquet_carries_units_and_meanings() -> None:
    table = pq.read_table(pa.BufferReader(accounts_parquet(make_review())))
    assert table.num_rows == 280
    metadata = table.schema.field("net_sales").metadata
    assert metadata[b"unit"] == b"currency"
    assert b"Net amount" in metadata[b"meaning"]
    assert table.schema.metadata[b"currency"] == b"USD"
    assert table.equals(make_review().accounts)


def test_a_failure_while_rendering_leaves_no_trace(tmp_path: Path) -> None:
    review = make_review()
    broken = replace(review, accounts=review.accounts.drop_columns(["account"]))
    with pytest.raises(KeyError):
        write_review(broken, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OpenKamError, match="cannot be written"):
        write_review(make_review(), tmp_path / "file")


def test_a_name_that_is_taken_by_a_folder_brings_the_old_files_back(tmp_path: Path, fail_on: Callable[[str], None]) -> None:
    review = make_review()
    for name in FILES[:2]:
        (tmp_path / name).write_text(f"old {name}")
    fail_on("accounts.parquet")
    with pytest.raises(OpenKamError, match="No space left"):
        write_review(review, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES[:2])
    assert all((tmp_path / name).read_text() == f"old {name}" for name in FILES[:2])


def test_a_full_disk_while_writing_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILES[0]).write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OpenKamError, match="No space left on device"):
        write_review(make_review(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILES[0]]
    assert (tmp_path / FILES[0]).read_text() == "old"


@pytest.fixture
def fail_on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes the last step, the move of one file into place, meet a full disk."""
    move = Path.replace

    def arm(name: str) -> None:
        def replace_or_fail(self: Path, target: Path) -> Path:
            if self.name == name and self.parent.name.startswith(".review-"):
                raise OSError(28, "No space left on device")
            return move(self, target)

        monkeypatch.setattr(Path, "replace", replace_or_fail)

    return arm
