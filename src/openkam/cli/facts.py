"""Facts in and out: import, undo, batches, rejects, verify."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from openkam.analytics.ledger.import_files import ImportResult, import_files
from openkam.analytics.ledger.mapping import load_mapping
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.ledger.suggest import suggest_mapping
from openkam.analytics.terms import OpenKamError
from openkam.cli.command import DEFAULT_HOME, HomeOption, JsonOption, answer, app, aside, ledger_of, now
