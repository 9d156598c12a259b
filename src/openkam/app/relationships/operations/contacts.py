"""Add and change people at accounts, archive them and take them back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.accounts.terms.names import folded
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Contact, ContactPoint
from openkam.app.relationships.operations.employments import PostDetails, begin_employment
from openkam.app.relationships.terms import PointKind


@dataclass(frozen=True, slots=True)
class Reach:
    """A way to reach a person before it is stored."""

    kind: PointKind
    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """What is kept of a person, and every way to reach them."""

    name: str
    honorific: str = ""
    language: str = ""
    time_zone: str = ""
    reach: Sequence[Reach] = ()


@transaction.atomic
def add_contact(*, actor: User, account: Account, details: ContactDetails, post: PostDetails) -> Contact:
    """Add a person who works at an account that the actor sees. Raises `ValidationError` for details that cannot be."""
    require(actor, Permission.EDIT_ACCOUNTS)
    person = Contact(created_by=actor)
    _describe(person, details)
    with recorded(actor=actor, verb="added", record=person):
        person.save()
    _write_points(actor, person, details.reach)
    begin_employment(actor=actor, contact=person, account=account, details=post)
    return person


@transaction.atomic
def change_contact(*, actor: User, contact: Contact, details: ContactDetails) -> Contact:
    """Set what is kept of a person; a way to reach them that is not among the details any more is removed."""
    require(actor, Permission.EDIT_ACCOUNTS)
    if contact.erased_at is not None:
        raise ValidationError("This person was erased: add them anew if they came back.")
    with recorded(actor=actor, verb="changed", record=contact):
        _describe(contact, details)
        contact.save()
    _write_points(actor, contact, details.reach)
    return contact


@transaction.atomic
def archive_contact(*, actor: User, contact: Contact) -> None:
    """Take a person off the lists. Posts, roles and history stay, and `restore_contact` brings them back."""
    require(actor, Permission.EDIT_ACCOUNTS)
    with recorded(actor=actor, verb="archived", record=contact):
        contact.archived_at, contact.archived_by = timezone.now(), actor
        contact.save(update_fields=["archived_at", "archived_by"])


@transaction.atomic
def restore_contact(*, actor: User, contact: Contact) -> None:
    """Put an archived person on the lists again."""
    require(actor, Permission.EDIT_ACCOUNTS)
    with recorded(actor=actor, verb="restored", record=contact):
        contact.archived_at = contact.archived_by = None
        contact.save(update_fields=["archived_at", "archived_by"])


def _describe(person: Contact, details: ContactDetails) -> None:
    person.name = " ".join(details.name.split())
    if not folded(person.name):
        raise ValidationError({"name": "A person needs a name."})
    person.honorific = " ".join(details.honorific.split())
    person.language, person.time_zone = details.language.strip(), details.time_zone
    # Folding may lengthen a name: ß becomes ss.
    person.sort_name = folded(person.name)[:200]
    person.full_clean(exclude=["created_by", "archived_by"])


def _write_points(actor: User, person: Contact, reach: Sequence[Reach]) -> None:
    wanted = {(way.kind, way.value): way for way in map(_checked, reach)}
    for point in person.points.all():
        way = wanted.pop((PointKind(point.kind), point.value), None)
        if way is None:
            with recorded(actor=actor, verb="removed", record=point):
                point.delete()
        elif way.label != point.label:
            with recorded(actor=actor, verb="changed", record=point):
                point.label = way.label
                point.save(update_fields=["label"])
    for way in wanted.values():
        point = ContactPoint(contact=person, kind=way.kind, value=way.value, label=way.label)
        with recorded(actor=actor, verb="added", record=point):
            point.save()


def _checked(way: Reach) -> Reach:
    value, label = " ".join(way.value.split()), " ".join(way.label.split())
    if way.kind is PointKind.MAIL:
        try:
            validate_email(value)
        except ValidationError as error:
            raise ValidationError({"mails": f"{value} is no e-mail address."}) from error
    if way.kind is PointKind.PHONE and not any(letter.isdecimal() for letter in value):
        raise ValidationError({"phones": f"{value} is no phone number: it has no figure."})
    if len(value) > 254 or len(label) > 60:
        raise ValidationError("A number or address has at most 254 letters, the word that says which has 60.")
    return Reach(way.kind, value, label)
