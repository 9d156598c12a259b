"""What the people room announces goes into the audit, in the same transaction."""

from django.db.models import Model
from django.dispatch import receiver

from openkam.app.audit.operations import record_write
from openkam.app.people.models import User
from openkam.app.people.signals import record_written


@receiver(record_written)
def record_people(
    sender: type[Model],
    *,
    actor: User | None,
    verb: str,
    record: Model,
    before: dict[str, object],
    after: dict[str, object],
    reason: str,
    **kwargs: object,
) -> None:
    """Append one entry for a written person, team or membership."""
    record_write(actor=actor, verb=verb, record=record, before=before, after=after, reason=reason)
