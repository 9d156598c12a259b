"""Define the firm's own fields."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from openkam.app.accounts.models import CustomField, CustomValue
from openkam.app.accounts.terms.account import CustomType, Kind
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require


@transaction.atomic
def define_custom_field(
    *,
    actor: User,
    name: str,
    type: CustomType,  # noqa: A002 - the word the field itself uses
    choices: Sequence[str] = (),
    kinds: Sequence[Kind] = (),
    help_text: str = "",
    position: int = 0,
) -> CustomField:
    """Add a field to the accounts of the given kinds (none: all)."""
    require(actor, Permission.MANAGE_SETTINGS)
    field = CustomField(type=type)
    _set(field, name=name, choices=choices, kinds=kinds, help_text=help_text, position=position)
    with recorded(actor=actor, verb="created", record=field):
        field.save()
    return field


@transaction.atomic
def change_custom_field(
    *,
    actor: User,
    field: CustomField,
    name: str,
    choices: Sequence[str] = (),
    kinds: Sequence[Kind] = (),
    help_text: str = "",
    position: int = 0,
) -> CustomField:
    """Change a field, except what type it is: its values would no longer fit.

    Raises `ValidationError` when a choice that accounts use would disappear.
    """
    require(actor, Permission.MANAGE_SETTINGS)
    with recorded(actor=actor, verb="changed", record=field):
        _set(field, name=name, choices=choices, kinds=kinds, help_text=help_text, position=position)
        if field.type == CustomType.CHOICE:
            lost = CustomValue.objects.filter(field=field).exclude(text__in=field.choices).values_list("text", flat=True)
            if used := sorted(set(lost)):
                raise ValidationError(f"Accounts still use {', '.join(used)}: change those first.")
        field.save()
    return field


@transaction.atomic
def archive_custom_field(*, actor: User, field: CustomField) -> None:
    """Show a field no longer; its values are kept and come back with `reopen_custom_field`."""
    require(actor, Permission.MANAGE_SETTINGS)
    with recorded(actor=actor, verb="archived", record=field):
        field.archived_at = timezone.now()
        field.save(update_fields=["archived_at"])


@transaction.atomic
def reopen_custom_field(*, actor: User, field: CustomField) -> None:
    """Show an archived field again."""
    require(actor, Permission.MANAGE_SETTINGS)
    with recorded(actor=actor, verb="restored", record=field):
        field.archived_at = None
        field.save(update_fields=["archived_at"])


def _set(field: CustomField, *, name: str, choices: Sequence[str], kinds: Sequence[Kind], help_text: str, position: int) -> None:
    field.name = " ".join(name.split())
    field.choices = list(dict.fromkeys(" ".join(choice.split()) for choice in choices if choice.strip()))
    field.kinds, field.help_text, field.position = [str(kind) for kind in kinds], help_text.strip(), position
    if field.type == CustomType.CHOICE and not field.choices:
        raise ValidationError("A choice needs the values to choose from.")
    if field.type != CustomType.CHOICE and field.choices:
        raise ValidationError("Only a choice has values to choose from.")
    field.full_clean()
