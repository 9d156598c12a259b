"""Store what an account has in the firm's own fields."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from django.core.exceptions import ValidationError
from django.db import transaction

from openkam.app.accounts.models import Account, CustomField, CustomValue
from openkam.app.accounts.terms.account import CustomType
from openkam.app.audit.operations import record_write
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require

CustomInput: TypeAlias = "str | Decimal | date | bool | tuple[Decimal, str] | None"
"""Text or choice, number, day, yes or no, amount with currency; None or an empty text takes the value away."""


@transaction.atomic
def set_custom_values(*, actor: User, account: Account, values: Mapping[CustomField, CustomInput]) -> None:
    """Store the given fields of an account; fields that are not named stay as they are."""
    require(actor, Permission.EDIT_ACCOUNTS)
    write_custom_values(actor=actor, account=account, values=values)


def write_custom_values(*, actor: User, account: Account, values: Mapping[CustomField, CustomInput]) -> None:
    """Store and record the values; whether the actor may is the caller's question."""
    if not values:
        return
    stored = {value.field_id: value for value in account.custom_values.select_related("field").filter(field__in=values)}
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for field, given in values.items():
        old = stored.get(field.pk)
        new = None if given is None or given == "" else _value(account, field, given)
        was, becomes = old.in_words if old else None, new.in_words if new else None
        if was == becomes:
            continue
        before[field.name], after[field.name] = was, becomes
        if old is not None:
            old.delete()
        if new is not None:
            new.save()
    if after:
        record_write(actor=actor, verb="changed", record=account, before=before, after=after)


def _value(account: Account, field: CustomField, given: CustomInput) -> CustomValue:
    value = CustomValue(account=account, field=field)
    match CustomType(field.type), given:
        case CustomType.TEXT, str():
            value.text = given.strip()
        case CustomType.CHOICE, str() if given in field.choices:
            value.text = given
        case CustomType.NUMBER, Decimal():
            value.number = given
        case CustomType.MONEY, (Decimal() as amount, str() as currency) if len(currency) == 3 and currency.isalpha():
            value.number, value.currency = amount, currency.upper()
        case CustomType.DAY, date():
            value.day = given
        case CustomType.FLAG, bool():
            value.flag = given
        case _:
            raise ValidationError(f"{field.name} cannot be “{given}”.")
    value.clean_fields(exclude=["account", "field"])
    return value
