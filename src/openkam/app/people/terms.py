"""Roles, record scopes, functions and levels of posts, time zones, and how an organisation counts its years and weeks."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models


class Role(models.TextChoices):
    """What a person may do. Each role may do what the ones after it may, except that analysts do not decide."""

    ADMINISTRATOR = "administrator", "Administrator"
    HEAD = "head", "Head of key accounts"
    MANAGER = "manager", "Key account manager"
    ANALYST = "analyst", "Analyst"
    TEAM_MEMBER = "team_member", "Account team member"
    READ_ONLY = "read_only", "Read only"


class Scope(models.TextChoices):
    """Which records a person sees: wider scopes contain narrower ones, and what is shared with a person is always seen."""

    OWN = "own", "Own and shared with me"
    TEAM = "team", "My teams"
    SUBTREE = "subtree", "Everybody who reports to me"
    ALL = "all", "All"


class Function(models.TextChoices):
    """What part of a business a post belongs to, an account's or ours."""

    MANAGEMENT = "management", "General management"
    PURCHASING = "purchasing", "Purchasing"
    OPERATIONS = "operations", "Operations and logistics"
    TECHNOLOGY = "technology", "Technology and engineering"
    QUALITY = "quality", "Quality"
    FINANCE = "finance", "Finance"
    MARKETING = "marketing", "Marketing and sales"
    INFORMATION = "information", "Information technology"
    LEGAL = "legal", "Legal and compliance"
    OTHER = "other", "Other"


class Level(models.IntegerChoices):
    """How high a post stands, an account's or ours, counted up from the working level."""

    WORKING = 1, "Working level"
    TEAM_LEAD = 2, "Team lead"
    DEPARTMENT_HEAD = 3, "Head of department"
    EXECUTIVE = 4, "Executive"


DEFAULT_SCOPE = {
    Role.ADMINISTRATOR: Scope.ALL,
    Role.HEAD: Scope.ALL,
    Role.MANAGER: Scope.OWN,
    Role.ANALYST: Scope.ALL,
    Role.TEAM_MEMBER: Scope.TEAM,
    Role.READ_ONLY: Scope.OWN,
}


def check_time_zone(name: str) -> None:
    """Raise `ValidationError` unless the name is a time zone such as Europe/Berlin."""
    if name not in available_timezones():
        raise ValidationError(f"{name} is no time zone: use a name such as Europe/Berlin.")


class WeekStart(models.IntegerChoices):
    """The day a week begins with, numbered as Python's `date.weekday()`."""

    MONDAY = 0, "Monday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


MONTHS = tuple((number, calendar.month_name[number]) for number in range(1, 13))


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """One fiscal year: its name, `2026` where it is the calendar's, else `2026/27`, with its first and last day."""

    label: str
    first_on: date
    last_on: date

    @property
    def short_label(self) -> str:
        """`FY 2026/27`."""
        return f"FY {self.label}"


def fiscal_year(day: date, start_month: int, start_day: int) -> FiscalYear:
    """The fiscal year that a day belongs to, when years begin on that day of that month; raises `ValueError` where none does."""
    begins = date(day.year, start_month, start_day)
    first = begins if begins <= day else date(day.year - 1, start_month, start_day)
    last = date(first.year + 1, start_month, start_day) - timedelta(days=1)
    label = str(first.year) if first.year == last.year else f"{first.year}/{last.year % 100:02d}"
    return FiscalYear(label, first, last)


def check_fiscal_start(month: int, day: int) -> None:
    """Raise `ValidationError`, by field, unless every year has that day."""
    try:
        date(2001, month, day)
    except ValueError:
        name = dict(MONTHS).get(month, str(month))
        hint = ": 29 February is missing in three years of four" if (month, day) == (2, 29) else ""
        raise ValidationError(
            {"fiscal_year_start_day": f"Not every year has a {day} {name}{hint}. Choose another day."}
        ) from None
