"""Entries in a page's words: the names of fields, choices and related records instead of what the database holds."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from openkam.app.audit.models import ERASED, Entry
from openkam.app.audit.permissions import RecordHistory, history_of_type, may_restore
from openkam.app.people.models import User
from openkam.app.people.queries.compiled import compiled_once
from openkam.app.ui.templatetags.figures import day_text, number_text

MISSING = "—"
EMPTY = (None, "", {}, [])


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one entry, as a person reads it. `before` is None when the record was made, `after` when it was removed.

    A record that was made or removed leaves out its key and what was empty.
    """

    field: str
    label: str
    before: str | None
    after: str | None
    is_restorable: bool


@dataclass(frozen=True, slots=True)
class DescribedEntry:
    """An entry with its changes, its record's type in words and the address of the record's page (blank without one)."""

    entry: Entry
    type_label: str
    record_address: str
    changes: tuple[Change, ...]


def described(user: User, entries: Sequence[Entry]) -> list[DescribedEntry]:
    """Put entries into words for a user: one query for each model that the changed fields point to, whatever their number.

    A related record that the user may not open stays a bare number.
    """
    names = _related_names(user, entries)
    return [_described(user, entry, names) for entry in entries]


def record_address(entry: Entry) -> str:
    """The address of the page of an entry's record; blank where it has none, or is gone."""
    history = history_of_type(entry.record_type)
    return history.address(entry.record_key) if history and history.address and entry.after else ""


def _described(user: User, entry: Entry, names: dict[type[models.Model], dict[str, str]]) -> DescribedEntry:
    history = history_of_type(entry.record_type)
    changes: list[Change] = []
    is_whole = not entry.before or not entry.after
    for name in sorted(entry.before.keys() | entry.after.keys()):
        field = _field(history, name)
        if is_whole and ((field is not None and field.primary_key) or (entry.before or entry.after)[name] in EMPTY):
            continue
        before, after = (_words(field, values[name], names) if name in values else None for values in (entry.before, entry.after))
        restorable = None not in (before, after) and ERASED not in (before, after) and may_restore(user, entry.record_type, name)
        label = str(field.verbose_name) if field is not None else name.replace("_", " ")
        changes.append(Change(name, label[:1].upper() + label[1:], before, after, restorable))
    label = history.label if history else entry.record_type
    return DescribedEntry(entry, label, record_address(entry), tuple(changes))


def _field(history: RecordHistory | None, name: str) -> "models.Field[Any, Any] | None":
    if history is None:
        return None
    return next((field for field in history.model._meta.concrete_fields if field.attname == name), None)


def _words(field: "models.Field[Any, Any] | None", value: Any, names: dict[type[models.Model], dict[str, str]]) -> str:
    if value in EMPTY:
        return MISSING
    if isinstance(field, models.ForeignKey):
        return names[field.related_model].get(str(value), f"#{value}")
    if field is not None and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    try:
        return str(value) if field is None else value_text(field.to_python(value))
    except ValidationError:  # written when the field was of another kind
        return str(value)


def value_text(value: object) -> str:
    """A stored value as a page writes it: yes or no, numbers in threes, days by name, instants in the reader's time zone."""
    text = str(value)
    match value:
        case bool():
            text = "Yes" if value else "No"
        case int() | Decimal():
            number = Decimal(value)
            text = number_text(number, max(-int(number.as_tuple().exponent), 0))
        case datetime():
            local = timezone.localtime(value)
            text = f"{day_text(local.date())}, {local:%H:%M}"
        case date():
            text = day_text(value)
        case time():
            text = f"{value:%H:%M}"
        case dict() | list():
            text = json.dumps(value, ensure_ascii=False)
        case _:
            pass
    return text


def _related_names(user: User, entries: Iterable[Entry]) -> dict[type[models.Model], dict[str, str]]:
    keys: dict[type[models.Model], set[Any]] = {}
    for entry in entries:
        history = history_of_type(entry.record_type)
        for values in (entry.before, entry.after):
            for name, value in values.items():
                field = _field(history, name)
                if isinstance(field, models.ForeignKey) and value is not None:
                    keys.setdefault(field.related_model, set()).add(value)
    return {model: _names(user, model, wanted) for model, wanted in keys.items()}


@compiled_once
def _names_of_people(keys: tuple[int, ...]) -> models.QuerySet[User, tuple[int, str]]:
    return User.objects.filter(pk__in=keys).order_by().values_list("pk", "name")


def _names(user: User, model: type[models.Model], keys: set[Any]) -> dict[str, str]:
    if model is User:  # colleagues know each other's names
        return {str(key): name for key, name in _names_of_people(tuple(sorted(keys)))}
    history = history_of_type(model._meta.label_lower)
    if history is None:
        return {}
    return {str(record.pk): str(record) for record in history.visible_to(user).filter(pk__in=keys)}
