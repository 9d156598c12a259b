"""Who reports to whom and who sways whom: the lines that a person sees, and those that hold on a day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.http import Http404

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.audit.queries import latest_entries
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


@dataclass(frozen=True, slots=True)
class EndedLine:
    """A line that was: in words, its days, and who ended it when and why, where that is on record."""

    words: str
    from_on: date | None
    until_on: date
    ended_by: str
    ended_at: datetime | None
    reason: str


def ended_lines(user: User, account: Account) -> list[EndedLine]:
    """The lines at a visible account that have ended, the last ended first (three queries)."""
    reports = visible_reporting_lines(user).filter(account=account).exclude(until_on=None).select_related("contact", "superior")
    sways = visible_influence_lines(user).filter(account=account).exclude(until_on=None).select_related("contact", "target")
    told: list[tuple[ReportingLine | InfluenceLine, str]] = [
        *((line, f"{line.contact.name} reported to {line.superior.name}") for line in reports),
        *((line, f"{line.contact.name} swayed {line.target.name}") for line in sways),
    ]
    ends = latest_entries([line for line, _ in told], "ended")
    found: list[EndedLine] = []
    for line, words in told:
        end = ends.get((line._meta.label_lower, str(line.pk)))
        if line.until_on is not None:
            found.append(
                EndedLine(
                    words,
                    line.from_on,
                    line.until_on,
                    end.actor_name if end else "",
                    end.at if end else None,
                    end.reason if end else "",
                )
            )
    return sorted(found, key=lambda line: line.until_on, reverse=True)


def holds_on(day: date) -> Q:
    """What has begun by the day (or nobody told when) and not ended before it: posts, roles and lines alike."""
    return (Q(from_on=None) | Q(from_on__lte=day)) & (Q(until_on=None) | Q(until_on__gte=day))


def _found(lines: QuerySet[Record], pk: int) -> Record:
    found = lines.select_related("account", "contact").filter(pk=pk).first()
    if found is None:
        raise Http404("No such line.")
    return found
