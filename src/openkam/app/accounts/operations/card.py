"""Write the record card: facts, and the names, numbers and addresses of an account with their sources."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.app.accounts.models import Account, Address, Fact, Identifier, TradeName
from openkam.app.accounts.models.card import Statement
from openkam.app.accounts.operations.naming import refresh_names
from openkam.app.accounts.terms.account import Certainty
from openkam.app.accounts.terms.card import CARD, FactField, canonical_value
from openkam.app.accounts.terms.countries import countries
from openkam.app.accounts.terms.identifiers import canonical_identifier
from openkam.app.audit.operations import record_write
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require

Stated = TypeVar("Stated", TradeName, Identifier, Address)
PROPOSED: Final = -1
"""Stands for the shelf life that the card proposes for the field."""

MIRRORED = {
    FactField.LEGAL_NAME: ("legal_name",),
    FactField.INDUSTRY: ("industry",),
    FactField.EMPLOYEES: ("employees",),
    FactField.ANNUAL_TURNOVER: ("annual_turnover", "turnover_currency"),
    FactField.COUNTRY: ("country",),
}
"""Fields of the card that the account repeats for its lists."""


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact before it is stored. `shelf_life_days` is `PROPOSED`, None (it keeps) or a number of days."""

    field: FactField
    value: str
    source: str
    as_of_on: date
    unit: str = ""
    certainty: Certainty = Certainty.CONFIRMED
    shelf_life_days: int | None = PROPOSED


@transaction.atomic
def record_fact(
    *,
    actor: User,
    account: Account,
    field: FactField,
    value: str,
    source: str,
    as_of_on: date,
    unit: str = "",
    certainty: Certainty = Certainty.CONFIRMED,
    shelf_life_days: int | None = PROPOSED,
) -> Fact:
    """Add a fact to the card. Older ones stay; the one of the latest day counts, of two on one day the one stated last.

    Raises `ValidationError` when the field cannot hold the value, the source is missing or the day has not come yet.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    fact = NewFact(field, value, source, as_of_on, unit, certainty, shelf_life_days)
    return state_fact(actor=actor, account=account, fact=fact)


def state_fact(*, actor: User, account: Account, fact: NewFact) -> Fact:
    """Store and record a fact; whether the actor may is the caller's question."""
    checked = checked_fact(fact)
    Account.objects.select_for_update().filter(pk=account.pk).get()
    before = account.facts.filter(field=fact.field).first()
    made = Fact.objects.create(
        account=account,
        field=checked.field,
        value=checked.value,
        unit=checked.unit,
        source=checked.source,
        as_of_on=checked.as_of_on,
        certainty=checked.certainty,
        shelf_life_days=checked.shelf_life_days,
        author=actor,
    )
    if account.facts.filter(field=fact.field).first() == made:
        mirror(account, checked)
        refresh_names(account)
        account.changed_at = timezone.now()
        account.save(update_fields=[*MIRRORED.get(fact.field, ()), "sort_name", "search_text", "changed_at"])
    record_write(
        actor=actor,
        verb="recorded a fact",
        record=account,
        before={before.field: _in_audit(before)} if before else {},
        after={made.field: _in_audit(made)},
    )
    return made


def checked_fact(fact: NewFact) -> NewFact:
    """The fact as it is stored: value and unit in their canonical form, the shelf life decided."""
    value, unit = canonical_value(fact.field, fact.value, fact.unit)
    if fact.field == FactField.LEGAL_NAME and len(value) > 300:
        raise ValidationError("A legal name has at most 300 letters.")
    proposed = CARD[fact.field].shelf_life_days
    return NewFact(
        field=fact.field,
        value=value,
        unit=unit,
        source=_checked_source(fact.source),
        as_of_on=_checked_day(fact.as_of_on),
        certainty=fact.certainty,
        shelf_life_days=proposed if fact.shelf_life_days == PROPOSED else fact.shelf_life_days,
    )


def mirror(account: Account, fact: NewFact) -> None:
    """Repeat a checked fact in the account's own columns, where it has some; the caller saves."""
    match fact.field:
        case FactField.EMPLOYEES:
            account.employees = int(fact.value)
        case FactField.ANNUAL_TURNOVER:
            account.annual_turnover, account.turnover_currency = Decimal(fact.value), fact.unit
        case _:
            for column in MIRRORED.get(fact.field, ()):
                setattr(account, column, fact.value)


@transaction.atomic
def add_trade_name(*, actor: User, record: TradeName) -> TradeName:
    """Add a name the account trades under, given as an unsaved `TradeName`."""
    record.name = " ".join(record.name.split())
    _add(actor, "added a trade name", record)
    _refresh(record.account)
    return record


@transaction.atomic
def add_identifier(*, actor: User, record: Identifier) -> Identifier:
    """Add a number, given as an unsaved `Identifier`; it is stored in the form of its scheme, and checked where a check is published."""
    record.value = canonical_identifier(record.scheme, record.value)
    return _add(actor, "added an identifier", record)


@transaction.atomic
def add_address(*, actor: User, record: Address) -> Address:
    """Add an address, given as an unsaved `Address`."""
    if record.country not in countries():
        raise ValidationError("An address needs its country.")
    return _add(actor, "added an address", record)


@transaction.atomic
def remove_from_card(*, actor: User, record: TradeName | Identifier | Address, reason: str = "") -> None:
    """Take a name, number or address off the card; what it said stays in the audit."""
    require(actor, Permission.EDIT_ACCOUNTS)
    what = type(record)._meta.verbose_name
    record_write(
        actor=actor, verb=f"removed a {what}", record=record.account, before={str(what): _said(record)}, after={}, reason=reason
    )
    record.delete()
    if isinstance(record, TradeName):
        _refresh(record.account)


def _add(actor: User, verb: str, record: Stated) -> Stated:
    require(actor, Permission.EDIT_ACCOUNTS)
    record.source = _checked_source(record.source)
    _checked_day(record.as_of_on)
    record.author = actor
    record.full_clean(exclude=["author"])
    record.save()
    record_write(
        actor=actor, verb=verb, record=record.account, before={}, after={str(type(record)._meta.verbose_name): _said(record)}
    )
    return record


def _said(record: Statement) -> str:
    return f"{record} ({record.source}, {record.as_of_on}, {record.certainty})"


def _in_audit(fact: Fact) -> dict[str, object]:
    return {
        "value": fact.value,
        "unit": fact.unit,
        "source": fact.source,
        "as_of_on": fact.as_of_on,
        "certainty": fact.certainty,
        "shelf_life_days": fact.shelf_life_days,
    }


def _refresh(account: Account) -> None:
    refresh_names(account)
    account.save(update_fields=["sort_name", "search_text"])


def _checked_source(source: str) -> str:
    tidy = " ".join(source.split())
    if not tidy:
        raise ValidationError("Say where this is from.")
    if len(tidy) > 300:
        raise ValidationError("A source has at most 300 letters.")
    return tidy


def _checked_day(day: date) -> date:
    if day > timezone.localdate():
        raise ValidationError("A fact cannot be of a day that has not come yet.")
    return day
