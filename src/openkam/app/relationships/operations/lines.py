"""Lines between people at an account: who reports to whom, who sways whom; draw one, end one."""

from datetime import date, timedelta
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from openkam.analytics.relationship.reporting_loop import DatedLine, reporting_loop
from openkam.app.accounts.models import Account
from openkam.app.audit.operations import recorded
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Contact, Employment, InfluenceLine, ReportingLine
from openkam.app.relationships.terms import Strength


@transaction.atomic
def set_superior(
    *, actor: User, account: Account, contact: Contact, superior: Contact, from_on: date | None = None
) -> ReportingLine:
    """Say to whom a person reports; the line that they had ends on the day before.

    Raises `ValidationError` for somebody without a post there, a line that would close a loop (with the names in it), and where the
    day is missing or too early to end the earlier line.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    _check_posts(account, contact, superior)
    if contact.pk == superior.pk:
        raise ValidationError({"superior": f"{contact.name} cannot report to themselves."})
    earlier = ReportingLine.objects.filter(account=account, contact=contact, until_on=None).first()
    if earlier is not None:
        if earlier.superior_id == superior.pk:
            raise ValidationError({"superior": f"{contact.name} reports to {superior.name} already."})
        if from_on is None or (earlier.from_on is not None and from_on <= earlier.from_on):
            raise ValidationError({"from_on": "Give the first day of the new line: the earlier one ends on the day before."})
        end_line(actor=actor, line=earlier, until_on=from_on - timedelta(days=1))
    lines = ReportingLine.objects.filter(account=account).select_related("contact", "superior")
    names = {person.pk: person.name for line in lines for person in (line.contact, line.superior)}
    names |= {contact.pk: contact.name, superior.pk: superior.name}
    known = [DatedLine(line.contact_id, line.superior_id, line.from_on, line.until_on) for line in lines]
    loop = reporting_loop(known, DatedLine(contact.pk, superior.pk, from_on, None))
    if loop:
        steps = (f"{names[one]} to {names[other]}" for one, other in pairwise(loop))
        raise ValidationError({"superior": f"That would go round in a circle: {', '.join(steps)}."})
    made = ReportingLine(account=account, contact=contact, superior=superior, from_on=from_on)
    with recorded(actor=actor, verb="drew", record=made):
        made.save()
    return made


@transaction.atomic
def draw_influence(
    *,
    actor: User,
    account: Account,
    contact: Contact,
    target: Contact,
    strength: Strength = Strength.CLEAR,
    from_on: date | None = None,
) -> InfluenceLine:
    """Say whom a person sways, and how strongly; a line between the two takes the new strength.

    Raises `ValidationError` for somebody without a post there.
    """
    require(actor, Permission.EDIT_ACCOUNTS)
    _check_posts(account, contact, target)
    if contact.pk == target.pk:
        raise ValidationError({"target": f"{contact.name} cannot sway themselves."})
    line = InfluenceLine.objects.filter(account=account, contact=contact, target=target, until_on=None).first()
    if line is None:
        line = InfluenceLine(account=account, contact=contact, target=target, from_on=from_on)
    with recorded(actor=actor, verb="drew", record=line):
        line.strength = strength
        line.save()
    return line


@transaction.atomic
def end_line(*, actor: User, line: ReportingLine | InfluenceLine, until_on: date, reason: str = "") -> None:
    """End a line with its last day. Raises `ValidationError` when it has ended already, or would end before it began."""
    require(actor, Permission.EDIT_ACCOUNTS)
    if line.until_on is not None:
        raise ValidationError("This line has ended already.")
    if line.from_on and until_on < line.from_on:
        raise ValidationError({"until_on": "A line cannot end before it began."})
    with recorded(actor=actor, verb="ended", record=line, reason=reason):
        line.until_on = until_on
        line.save(update_fields=["until_on"])


def end_lines_of(*, actor: User, contact_id: int, account_id: int, until_on: date, reason: str = "") -> None:
    """End every line of somebody who left the account; one that began later ends on its own first day."""
    for kind, other in ((ReportingLine, "superior"), (InfluenceLine, "target")):
        open_here = kind.objects.filter(account=account_id, until_on=None)
        for line in open_here.filter(Q(contact=contact_id) | Q(**{other: contact_id})):
            end_line(actor=actor, line=line, until_on=max(until_on, line.from_on or until_on), reason=reason)


def _check_posts(account: Account, *people: Contact) -> None:
    """Both hold a post. The account is locked, so that two lines drawn at once close no loop."""
    Account.objects.select_for_update().get(pk=account.pk)
    here = set(
        Employment.objects.filter(account=account, contact__in=people, until_on=None).order_by().values_list("contact", flat=True)
    )
    for person in people:
        if person.pk not in here:
            raise ValidationError(f"{person.name} holds no post at {account.name}: begin one first.")
