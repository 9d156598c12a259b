"""Who reports to whom and who sways whom: the lines that a person sees, and those that hold on a day."""

from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.http import Http404

from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.relationships.models import InfluenceLine, ReportingLine

Record = TypeVar("Record", ReportingLine, InfluenceLine)


def visible_reporting_lines(user: User) -> QuerySet[ReportingLine]:
    """Every line, past or present, at an account that the user sees."""
    return ReportingLine.objects.filter(account__in=visible_accounts(user).order_by())


def visible_influence_lines(user: User) -> QuerySet[InfluenceLine]:
    """Every line, past or present, at an account that the user sees."""
    return InfluenceLine.objects.filter(account__in=visible_accounts(user).order_by())


def reporting_line(user: User, pk: int) -> ReportingLine:
    """One line at a visible account; raises `Http404` for any other."""
    return _found(visible_reporting_lines(user), pk)


def influence_line(user: User, pk: int) -> InfluenceLine:
    """One line at a visible account; raises `Http404` for any other."""
    return _found(visible_influence_lines(user), pk)


def holds_on(day: date) -> Q:
    """What has begun by the day (or nobody told when) and not ended before it: posts, roles and lines alike."""
    return (Q(from_on=None) | Q(from_on__lte=day)) & (Q(until_on=None) | Q(until_on__gte=day))


def _found(lines: QuerySet[Record], pk: int) -> Record:
    found = lines.select_related("account", "contact").filter(pk=pk).first()
    if found is None:
        raise Http404("No such line.")
    return found
