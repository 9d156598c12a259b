"""The engine that oracles of whole ledgers need."""

from collections.abc import Iterator

import pytest

from openkam.analytics.engine import Engine, open_engine


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine("duckdb", memory_gib=1, threads=2, temporary_folder=tmp_path_factory.mktemp("engine")) as opened:
        yield opened
