"""Posts at accounts: begin one, correct it, end it."""

from dataclasses import dataclass, fields
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from openkam.app.accounts.models import Account
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.people.terms import Function, Level
from openkam.app.relationships.models import BuyingRole, Contact, Employment
from openkam.app.relationships.operations.buying_roles import end_buying_role
from openkam.app.relationships.operations.last_contacts import reckon_last_contacts
from openkam.app.relationships.operations.lines import end_lines_of


@dataclass(frozen=True, slots=True)
class PostDetails:
    """A post before it is stored; `from_on` None is a day that nobody told."""

    job_title: str = ""
    function: Function | str = ""
    level: Level | None = None
    site: str = ""
    from_on: date | None = None


@transaction.atomic
def begin_employment(*, actor: User, contact: Contact, account: Account, details: PostDetails) -> Employment:
    """A person takes a post at an account; what they hold elsewhere goes on until it is ended."""
    require(actor, Permission.EDIT_ACCOUNTS)
    post = Employment(contact=contact, account=account)
    _describe(post, details)
    with recorded(actor=actor, verb="began", record=post):
        post.save()
    reckon_last_contacts(accounts=[account.pk], contacts=[contact.pk])
    return post


@transaction.atomic
def change_employment(*, actor: User, employment: Employment, details: PostDetails) -> Employment:
    """Correct what is kept of a post; a person who moved on has it ended instead."""
    require(actor, Permission.EDIT_ACCOUNTS)
    with recorded(actor=actor, verb="changed", record=employment):
        _describe(employment, details)
        employment.save(update_fields=[field.name for field in fields(details)])  # the last contact is not theirs to write
    return employment


@transaction.atomic
def end_employment(*, actor: User, employment: Employment, until_on: date, reason: str = "") -> Employment:
    """End a post with its last day. With the last post at the account the roles in its buying and the lines to others end too.

    Raises `ValidationError` when it has ended already, or would end before it began.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    Employment.objects.select_for_update().get(pk=employment.pk)
    employment.refresh_from_db(fields=["until_on", "from_on"])
    if employment.until_on is not None:
        raise ValidationError({"until_on": "This post has ended already."})
    with recorded(actor=actor, verb="ended", record=employment, reason=reason):
        employment.until_on = until_on
        _check_days(employment)
        employment.save(update_fields=["until_on"])
    here = {"contact_id": employment.contact_id, "account_id": employment.account_id, "until_on": None}
    if not Employment.objects.filter(**here).exists():
        for role in BuyingRole.objects.filter(**here):
            # A role that was given after the last day was given by mistake: it ends on the day that it began.
            end_buying_role(actor=actor, role=role, until_on=max(until_on, role.from_on), reason=reason)
        end_lines_of(
            actor=actor, contact_id=employment.contact_id, account_id=employment.account_id, until_on=until_on, reason=reason
        )
    return employment


def _describe(post: Employment, details: PostDetails) -> None:
    post.job_title, post.site = " ".join(details.job_title.split()), " ".join(details.site.split())
    post.function, post.level, post.from_on = details.function, details.level, details.from_on
    _check_days(post)
    post.full_clean(exclude=["contact", "account"], validate_constraints=False)


def _check_days(post: Employment) -> None:
    if post.from_on and post.until_on and post.until_on < post.from_on:
        raise ValidationError("A post cannot end before it began.")
