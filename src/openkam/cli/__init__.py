"""The `openkam` command: each subcommand is a thin call into the engine."""

from openkam.cli.command import main

__all__ = ["main"]
