"""What people do when an account buys: give a role, end it."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from openkam.app.accounts.models import Account
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import BuyingRole, Contact, Employment
from openkam.app.relationships.terms import BuyingCenterRole


@transaction.atomic
def assign_buying_role(
    *, actor: User, contact: Contact, account: Account, role: BuyingCenterRole, from_on: date, category: str = ""
) -> BuyingRole:
    """Say what a person does when the account buys from a category (blank: whatever it buys).

    Raises `ValidationError` when they hold no post at the account, or have the role already.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    if not Employment.objects.select_for_update().filter(contact=contact, account=account, until_on=None).exists():
        raise ValidationError(f"{contact.name} holds no post at {account.name}: begin one first.")
    made = BuyingRole(contact=contact, account=account, category=" ".join(category.split()), role=role, from_on=from_on)
    made.full_clean(exclude=["contact", "account"], validate_constraints=False)
    if BuyingRole.objects.filter(
        contact=contact, account=account, category__iexact=made.category, role=role, until_on=None
    ).exists():
        raise ValidationError({"role": f"{contact.name} has this role already."})
    with recorded(actor=actor, verb="assigned", record=made):
        made.save()
    return made


@transaction.atomic
def end_buying_role(*, actor: User, role: BuyingRole, until_on: date, reason: str = "") -> None:
    """End a role with its last day. Raises `ValidationError` when it has ended already, or would end before it began."""
    require(actor, Permission.EDIT_ACCOUNTS)
    if BuyingRole.objects.select_for_update().get(pk=role.pk).until_on is not None:
        raise ValidationError("This role has ended already.")
    if until_on < role.from_on:
        raise ValidationError({"until_on": "A role cannot end before it began."})
    with recorded(actor=actor, verb="ended", record=role, reason=reason):
        role.until_on = until_on
        role.save(update_fields=["until_on"])
