"""Reads of the audit."""

from openkam.app.audit.queries.changes import Change, DescribedEntry, described, record_address
from openkam.app.audit.queries.entries import (
    entries,
    entry_of,
    history_of,
    latest_entries,
    newest_entries,
    people_in_audit,
    record_history,
)

__all__ = [
    "Change",
    "DescribedEntry",
    "described",
    "entries",
    "entry_of",
    "history_of",
    "latest_entries",
    "newest_entries",
    "people_in_audit",
    "record_address",
    "record_history",
]
