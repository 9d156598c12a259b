from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.ledger import NOW

from openkam.analytics.ledger.batch import Batch, BatchIds, SourceFile, as_utc
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.terms import OpenKamError

instants = st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.lists(instants, min_size=2, max_size=20))
def test_ids_sort_by_time_and_by_order_at_the_same_time(times: list[datetime]) -> None:
    ids = BatchIds()
    given_ids = [ids.new(at) for at in sorted(times)]
    assert given_ids == sorted(given_ids)
    assert len(set(given_ids)) == len(given_ids)


def test_ids_of_one_instant_are_unique_over_threads_and_ledgers() -> None:
    ledgers = [Ledger.open(f"/nowhere/{n}") for n in range(4)]
    with ThreadPoolExecutor(4) as threads:
        ids = list(threads.map(lambda n: ledgers[n % 4].new_batch_id(NOW), range(400)))
    assert len(set(ids)) == 400


def test_an_id_is_of_the_same_instant_in_every_time_zone() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=9)))
    assert BatchIds().new(there).startswith("20240301T093000000000-")


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(OpenKamError, match="The day it happened is 2024-01-01T00:00:00 without a time zone"):
        as_utc(datetime(2024, 1, 1), "The day it happened")  # noqa: DTZ001


@given(st.builds(SourceFile, st.text(), st.text(), st.integers(0)), instants, st.integers(0), st.text(min_size=1))
def test_a_batch_survives_its_own_metadata(file: SourceFile, at: datetime, count: int, source: str) -> None:
    batch = Batch("id", "products", source, (file,), count, count, at, 7)
    assert Batch.from_metadata("products", batch.metadata()) == batch
