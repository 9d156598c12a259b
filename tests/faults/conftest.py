"""Faults are tried through the command too, as a process of its own."""

from tests.cli.conftest import openkam

__all__ = ["openkam"]
