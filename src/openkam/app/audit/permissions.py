"""Whose history a person may read, and who may restore what. Each room says it of its own records, in its `receivers`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Model, QuerySet

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.app.people.terms import Scope


class Restore(Protocol):
    """A room's own operation that sets one field of one record: with its permission, its scope and its entry in the audit."""

    def __call__(self, *, actor: User, key: str, field: str, value: Any, reason: str) -> None: ...


@dataclass(frozen=True, slots=True)
class RecordHistory:
    """What a room says of the history of one type of record.

    `label` is the type in a page's words, `visible_to` the room's query for the records a person may open; `address` makes a
    record's page from its key.
    """

    model: type[Model]
    label: str
    visible_to: Callable[[User], QuerySet[Any]]
    address: Callable[[str], str] | None
    restore: Restore | None
    restorable: frozenset[str]
    permission: Permission


_histories: dict[str, RecordHistory] = {}


def register_history(
    model: type[Model],
    *,
    label: str = "",
    visible_to: Callable[[User], QuerySet[Any]],
    address: Callable[[str], str] | None = None,
    restore: Restore | None = None,
    restorable: Iterable[str] = (),
    permission: Permission = Permission.EDIT_ACCOUNTS,
) -> None:
    """Open the history of a model's records to the people who may open the records, and fields of it to being restored.

    `label` is the type in a page's words, the model's own name unless given. `restorable` are stored names (`owner_id`, not
    `owner`) that `restore` can set; `permission` is the act that `restore` asks for.
    """
    known = {field.attname for field in model._meta.concrete_fields}
    fields = frozenset(restorable)
    if fields - known or (fields and restore is None):
        raise ValueError(f"{model._meta.label} cannot restore {sorted(fields - known) or 'anything without an operation'}.")
    words = label or str(model._meta.verbose_name).capitalize()
    _histories[model._meta.label_lower] = RecordHistory(model, words, visible_to, address, restore, fields, permission)


def history_of_type(record_type: str) -> RecordHistory | None:
    """What a room said of a record type; None when no room did."""
    return _histories.get(record_type)


def known_types() -> tuple[RecordHistory, ...]:
    """All record types whose history can be opened, by their label."""
    return tuple(sorted(_histories.values(), key=lambda history: history.label))


def reads_everything(user: User) -> bool:
    """True for who may read the audit and sees all records; anybody else sees the history of the records they may open."""
    return may(user, Permission.READ_AUDIT) and user.effective_scope == Scope.ALL


def may_restore(user: User, record_type: str, field: str) -> bool:
    """True when the record's room can restore the field and the user's role lets them."""
    history = history_of_type(record_type)
    return history is not None and field in history.restorable and may(user, history.permission)
