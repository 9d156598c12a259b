"""The way back to an old value: through the operation of the room that owns the record, never around it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from openkam.app.audit.models import ERASED, Entry
from openkam.app.audit.permissions import history_of_type
from openkam.app.people.models import User
from openkam.app.people.permissions import require


class RestoreRefusedError(Exception):
    """The value cannot be restored; the message says why."""


@transaction.atomic
def restore_value(*, actor: User, entry: Entry, field: str, reason: str = "") -> None:
    """Give a field the value it had before an entry's write.

    The owning room's operation does it, with its own permission, scope and entry in the audit. Raises `PermissionDenied` when
    the role lacks the act, the model's `DoesNotExist` when the record is out of the actor's scope, and `RestoreRefusedError`.
    """
    history = history_of_type(entry.record_type)
    if history is None or history.restore is None or field not in history.restorable:
        raise RestoreRefusedError(f"Old values of “{field}” cannot be restored here: set it on the record's own page.")
    require(actor, history.permission)
    if field not in entry.before or field not in entry.after:
        raise RestoreRefusedError("This entry did not change the value: there is nothing to go back to.")
    if entry.before[field] == ERASED:
        raise RestoreRefusedError("The old value was erased at the request of whom it named.")
    history.visible_to(actor).get(pk=entry.record_key)
    try:
        value = history.model._meta.get_field(field).to_python(entry.before[field])  # pyright: ignore[reportAttributeAccessIssue]
        history.restore(
            actor=actor, key=entry.record_key, field=field, value=value, reason=reason or f"Restored from entry {entry.pk}"
        )
    except ValidationError as error:
        raise RestoreRefusedError(f"The old value is no longer allowed: {' '.join(error.messages)}") from error
