"""Writes to the audit, and the way back to an old value."""

from openkam.app.audit.operations.erasure import Judge, Theirs, entries_of, erase_from_audit
from openkam.app.audit.operations.record import Write, record_write, record_writes, recorded, recorded_many
from openkam.app.audit.operations.restore import RestoreRefusedError, restore_value
from openkam.app.audit.operations.rows import insert_rows, new_keys

__all__ = [
    "Judge",
    "RestoreRefusedError",
    "Theirs",
    "Write",
    "entries_of",
    "erase_from_audit",
    "insert_rows",
    "new_keys",
    "record_write",
    "record_writes",
    "recorded",
    "recorded_many",
    "restore_value",
]
