"""What this room announces to the rooms above it."""

from django.dispatch import Signal

record_written = Signal()
"""A person, a team or a membership was written, in the transaction that is still open.

Carries `actor` (None when the system acts), `verb`, `record`, `before`, `after` (the fields that changed) and `reason`. The audit
listens: people stand below it and cannot call it.
"""
