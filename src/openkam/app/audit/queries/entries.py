"""Which entries a person may read: all of them, or the history of the records they may open."""

from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast

from openkam.app.audit.models import Entry
from openkam.app.audit.permissions import RecordHistory, history_of_type, known_types, reads_everything
from openkam.app.people.models import User


def entries(user: User) -> QuerySet[Entry]:
    """What the user may read of the audit, newest first."""
    if reads_everything(user):
        return Entry.objects.all()
    seen = Q(pk__in=())
    for history in known_types():
        seen |= Q(record_type=history.model._meta.label_lower, record_key__in=_visible_keys(user, history))
    return Entry.objects.filter(seen)


def entry_of(user: User, entry_id: int) -> Entry:
    """One entry; raises `Entry.DoesNotExist` when the user may not read it."""
    return entries(user).get(pk=entry_id)


def record_history(user: User, record_type: str, record_key: str) -> QuerySet[Entry]:
    """What happened to one record, newest first; empty when the user may not open the record."""
    found = Entry.objects.filter(record_type=record_type, record_key=record_key)
    if reads_everything(user):
        return found
    history = history_of_type(record_type)
    return found.filter(record_key__in=_visible_keys(user, history)) if history else found.none()


def history_of(user: User, record: Model) -> QuerySet[Entry]:
    """What happened to a record, newest first; empty when the user may not open it."""
    return record_history(user, record._meta.label_lower, str(record.pk))


def people_in_audit() -> QuerySet[User]:
    """Everybody who may have written, also those who have left."""
    return User.objects.only("name", "email")


def _visible_keys(user: User, history: RecordHistory) -> QuerySet[Model]:
    """The keys of the records a user may open, as the audit writes them."""
    return history.visible_to(user).order_by().values(written_key=Cast("pk", CharField()))
