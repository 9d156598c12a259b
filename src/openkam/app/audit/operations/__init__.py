"""Writes to the audit, and the way back to an old value."""

from openkam.app.audit.operations.record import Write, record_write, record_writes, recorded, recorded_many
from openkam.app.audit.operations.restore import RestoreRefusedError, restore_value

__all__ = [
    "RestoreRefusedError",
    "Write",
    "record_write",
    "record_writes",
    "recorded",
    "recorded_many",
    "restore_value",
]
