"""Taking a person's words out of the audit: the one lawful way, which the database's triggers hold to (migration 0003)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import connection, models, transaction

from openkam.app.audit.models import ERASED, ERASING_VERB, Entry
from openkam.app.audit.operations.record import Values, record_write
from openkam.app.people.models import User

ENTRIES_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Theirs:
    """What of an entry is a person's: the names of fields in `before` and `after`, the record's name, the reason."""

    values: frozenset[str] = field(default_factory=frozenset[str])
    record_name: bool = False
    reason: bool = False

    def __bool__(self) -> bool:
        return bool(self.values) or self.record_name or self.reason


Judge = Callable[[Entry], Theirs]
"""Says what of an entry is the person's."""


@transaction.atomic
def erase_from_audit(
    *, actor: User | None, record: models.Model, before: Values, after: Values, reason: str, judge: Judge
) -> tuple[Entry, int]:
    """Append the entry of an erasure and blank in all earlier entries what is the person's; returns the entry and how many.

    Who acted, when, with what verb on which record stay, and each blanked entry names the one that is appended here. `record` is named
    as it is now: it must be erased already, and so must `reason`.
    """
    if connection.vendor == "postgresql":
        # Until the end of the transaction nobody appends: the triggers ask for this entry to be the newest.
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Entry._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    warrant = record_write(actor=actor, verb=ERASING_VERB, record=record, before=before, after=after, reason=reason)
    count = 0
    for entry, theirs in entries_of(judge, before_id=warrant.pk):
        if theirs.record_name:
            entry.record_name = ERASED
        if theirs.reason:
            entry.reason = ERASED
        for values in (entry.before, entry.after):
            values.update({name: ERASED for name in theirs.values if values.get(name) not in (None, "")})
        entry.erased_by = warrant
        entry.save(update_fields=["record_name", "reason", "before", "after", "erased_by"])
        count += 1
    return warrant, count


def entries_of(judge: Judge, *, before_id: int | None = None) -> Iterator[tuple[Entry, Theirs]]:
    """Every entry that has something of the person, with what it is; up to the one `before_id` where given.

    All of them are read: what a person is called stands in values of every kind, written in whatever way.
    """
    last = 0
    while True:  # by key, since a cursor of SQLite must not be read while the same table is written
        chunk = list(
            Entry.objects.filter(pk__gt=last, **({"pk__lt": before_id} if before_id else {})).order_by("pk")[:ENTRIES_AT_ONCE]
        )
        if not chunk:
            return
        last = chunk[-1].pk
        for entry in chunk:
            if theirs := judge(entry):
                yield entry, theirs
