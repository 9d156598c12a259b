from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.factories.ledger import NOW, product_rows, read

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.undo import UndoneBatchError
from openkam.analytics.terms import OpenKamError


def test_undo_takes_one_batch_away_and_leaves_the_others(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    first = ledger.append("products", product_rows("a"), source="erp", imported_at=NOW)
    ledger.append("products", product_rows("b"), source="erp", imported_at=NOW)
    version = ledger.undo(first.batch_id, NOW + timedelta(days=1))
    assert (version.ledger_version, version.kind, version.table, version.batch) == (3, "undo", "products", first.batch_id)
    assert [read(ledger.at(v), "products")["product_key"].to_pylist() for v in range(4)] == [[], ["a"], ["a", "b"], ["b"]]
    assert ledger.verify() == []


def test_undone_twice_names_the_version(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    batch = ledger.append("products", product_rows("a"), source="erp", imported_at=NOW)
    ledger.undo(batch.batch_id, NOW)
    with pytest.raises(UndoneBatchError, match=f"{batch.batch_id} was undone in version 2"):
        ledger.undo(batch.batch_id, NOW)
    assert ledger.latest_version == 2


def test_an_unknown_batch_or_a_time_without_zone_is_refused_and_creates_nothing(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger")
    with pytest.raises(OpenKamError, match="no batch 'b1'"):
        ledger.undo("b1", NOW)
    with pytest.raises(OpenKamError, match=r"time of the undo is .* without a time zone"):
        ledger.undo("b1", datetime(2024, 1, 1))  # noqa: DTZ001
    assert not ledger.path.exists()
