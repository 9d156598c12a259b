"""The sample company put into a ledger: what is real under one source, what is generated under another that says so."""

from datetime import datetime
from pathlib import Path

from openkam.analytics.ledger.batch import Batch
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.schema import ILLUSTRATIVE_PREFIX
from openkam.analytics.sample.company_tables import sample_tables
from openkam.analytics.sample.illustrative import SEED, illustrative_tables

SOURCE = "wide-world-importers"
ILLUSTRATIVE_SOURCE = ILLUSTRATIVE_PREFIX + SOURCE


PROGRAMME = Path(__file__).parent / "programme.toml"


def sample_programme_text() -> str:
    """The sample company's programme, commented, as it stands in the package."""
    return PROGRAMME.read_text(encoding="utf-8")


def load_sample(ledger: Ledger, imported_at: datetime, *, seed: int = SEED) -> tuple[Batch, ...]:
    """Append the sample company to the ledger: one batch per table and source, returned in the order of their versions.

    `imported_at` needs a time zone. What `Ledger.append` raises is passed on; the batches before it then stay.
    """
    real = sample_tables()
    generated = illustrative_tables(seed, real)
    return tuple(
        ledger.append(table, rows, source=source, imported_at=imported_at)
        for source, tables in ((SOURCE, real), (ILLUSTRATIVE_SOURCE, generated))
        for table, rows in tables.items()
    )
