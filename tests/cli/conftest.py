"""The command as a user runs it: a process of its own in an empty folder."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

OPENKAM = Path(sys.executable).with_name("openkam")


@dataclass(frozen=True)
class Ran:
    """What a run of the command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


@pytest.fixture
def openkam(tmp_path: Path) -> Callable[..., Ran]:
    """Run `openkam …` in the test's folder; stdout and stderr apart."""

    def run(*arguments: str | Path) -> Ran:
        environment = {name: value for name, value in os.environ.items() if name != "OPENKAM_HOME"}
        done = subprocess.run(
            [OPENKAM, *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


SALES = """Invoice;Datum;Kunde;Artikel;Menge;Betrag;Währung
R1;13.01.2023;François;P1;10;1.234,50;EUR
R2;14.02.2023;François;P1;5;600,00;EUR
R3;15.03.2023;Müller;P2;x;99,00;EUR
R4;16.04.2023;Müller;P2;-1;-50,00;EUR
R5;31.04.2023;Müller;P2;1;50,00;EUR
"""
"""Five lines as a German ERP exports them in cp1252: one quantity and one day are wrong."""

MAPPING = """table = "transactions"

[columns]
transaction_key = "Invoice"
transacted_on = "Datum"
customer_key = "Kunde"
product_key = "Artikel"
quantity = "Menge"
net_amount = "Betrag"
currency = "Währung"
"""


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    """The export and its mapping, `sales.csv` and `sales.toml`."""
    (tmp_path / "sales.csv").write_bytes(SALES.encode("cp1252"))
    (tmp_path / "sales.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path / "sales.csv"
