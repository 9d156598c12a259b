"""The record card of one account, ready to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from openkam.app.accounts.models import Account, Address, CustomField, CustomValue, Fact, Identifier, Share, TradeName
from openkam.app.accounts.queries.custom_fields import custom_fields_of
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.accounts.terms.card import CARD, FactField
from openkam.app.audit.models import Entry
from openkam.app.audit.queries import history_of
from openkam.app.people.models import Team, User
from openkam.app.people.queries.compiled import compiled_once

CHILDREN_SHOWN = 20
HISTORY_SHOWN = 15
DERIVED = frozenset({"id", "sort_name", "search_text", "changed_at", "created_at"})
"""Columns that follow from others: the audit keeps them, a reader of the history has no use for them."""


@dataclass(frozen=True, slots=True)
class CardLine:
    """One field of the card: the fact that counts and, newest first, the older ones."""

    field: FactField
    label: str
    latest: Fact | None
    older: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class RecordCard:
    """What everybody's card of one account shows; what the firm added to it is `custom_values`."""

    lines: tuple[CardLine, ...]
    trade_names: tuple[TradeName, ...]
    identifiers: tuple[Identifier, ...]
    addresses: tuple[Address, ...]
    stale_count: int


@dataclass(frozen=True, slots=True)
class Change:
    """One field in one entry of the history."""

    label: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry of the history with the fields a reader cares for."""

    entry: Entry
    changes: tuple[Change, ...]


def record_card(account: Account) -> RecordCard:
    """The card of an account that `account` or `visible_accounts` returned."""
    facts: dict[str, list[Fact]] = {}
    for fact in _facts(account.pk):
        facts.setdefault(fact.field, []).append(fact)
    lines = tuple(_line(field, facts.get(field, [])) for field in CARD)
    trade_names = tuple(_trade_names(account.pk))
    identifiers = tuple(_identifiers(account.pk))
    addresses = tuple(_addresses(account.pk))
    stated = [*(line.latest for line in lines if line.latest), *trade_names, *identifiers, *addresses]
    return RecordCard(
        lines,
        trade_names,
        identifiers,
        addresses,
        sum(statement.is_stale for statement in stated),
    )


def custom_values(account: Account) -> tuple[tuple[CustomField, CustomValue | None], ...]:
    """The firm's own fields of such an account, each with its value."""
    values = {value.field_id: value for value in account.custom_values.select_related("field")}
    return tuple((field, values.get(field.pk)) for field in custom_fields_of(account.kind))


def children(user: User, account: Account) -> tuple[tuple[Account, ...], bool]:
    """The first visible accounts right below one, and whether there are more."""
    found = _children(user, account.pk)
    return tuple(found[:CHILDREN_SHOWN]), len(found) > CHILDREN_SHOWN


def account_history(user: User, account: Account, limit: int | None = HISTORY_SHOWN) -> tuple[HistoryLine, ...]:
    """What happened to an account, newest first; `limit=None` for all of it."""
    entries = history_of(user, account, limit)
    names = _names(user, entries)
    return tuple(HistoryLine(entry, _changes(entry, names)) for entry in entries)


def _line(field: FactField, facts: list[Fact]) -> CardLine:
    return CardLine(field, str(field.label), facts[0] if facts else None, tuple(facts[1:]))


def _names(user: User, entries: Sequence[Entry]) -> dict[str, dict[int, str]]:
    """The names behind the keys in the entries; an account that the user does not see has none."""
    sources: tuple[tuple[QuerySet[Any], tuple[str, ...]], ...] = (
        (User.objects.all(), ("manager_id", "created_by_id", "deleted_by_id")),
        (Team.objects.all(), ("team_id",)),
        (visible_accounts(user).order_by(), ("parent_id",)),
    )
    names: dict[str, dict[int, str]] = {}
    for found, columns in sources:
        told = (values.get(column) for column in columns for entry in entries for values in (entry.before, entry.after))
        keys = {key for key in told if key is not None}
        names |= dict.fromkeys(columns, dict(found.filter(pk__in=keys).values_list("pk", "name")) if keys else {})
    return names


def _changes(entry: Entry, names: dict[str, dict[int, str]]) -> tuple[Change, ...]:
    fields = [name for name in {**entry.before, **entry.after} if name not in DERIVED]
    changes = (
        Change(_label(name), _word(name, entry.before.get(name), names), _word(name, entry.after.get(name), names))
        for name in fields
    )
    return tuple(change for change in changes if change.before or change.after)


def _label(name: str) -> str:
    return str(FactField(name).label) if name in FactField.values else name.removesuffix("_id").replace("_", " ").capitalize()


def _word(name: str, value: object, names: dict[str, dict[int, str]]) -> str:
    if value is None:
        return ""
    if name in names:
        return names[name].get(value, "another") if isinstance(value, int) else str(value)
    if isinstance(value, dict):
        amount = f"{value.get('value', '')} {value.get('unit') or ''}".strip()
        return f"{amount} ({value.get('source')}, {value.get('as_of_on')})"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)


PARTS: dict[str, type[TradeName] | type[Identifier] | type[Address]] = {
    "trade-name": TradeName,
    "identifier": Identifier,
    "address": Address,
}
"""Parts of the card that come and go, by the word in their address."""


def card_part(account: Account, part: str, pk: int) -> TradeName | Identifier | Address:
    """One trade name, number or address of an account; raises `Http404` for anything else."""
    found = PARTS[part].objects.filter(account=account, pk=pk).first() if part in PARTS else None
    if found is None:
        raise Http404("The card has nothing like it.")
    return found


def shared_with(account: Account) -> list[User]:
    """Who may see an account beyond manager, team and those above them."""
    return [share.user for share in _shares(account.pk)]


@compiled_once
def _facts(account: int) -> QuerySet[Fact]:
    return Fact.objects.filter(account=account).select_related("author")


@compiled_once
def _trade_names(account: int) -> QuerySet[TradeName]:
    return TradeName.objects.filter(account=account).select_related("author")


@compiled_once
def _identifiers(account: int) -> QuerySet[Identifier]:
    return Identifier.objects.filter(account=account).select_related("author")


@compiled_once
def _addresses(account: int) -> QuerySet[Address]:
    return Address.objects.filter(account=account).select_related("author")


@compiled_once
def _children(user: User, account: int) -> QuerySet[Account]:
    return visible_accounts(user).filter(parent=account).select_related("manager")[: CHILDREN_SHOWN + 1]


@compiled_once
def _shares(account: int) -> QuerySet[Share]:
    return Share.objects.filter(account=account).select_related("user").order_by("user__name", "pk")
