"""Roles, record scopes and time zones."""

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
