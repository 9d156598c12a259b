"""The `openkam` command: each subcommand is a thin call into the engine."""

import openkam.cli.facts
import openkam.cli.programme
import openkam.cli.sample  # noqa: F401  (commands register themselves on import)
from openkam.cli.command import main

__all__ = ["main"]
