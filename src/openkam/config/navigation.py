"""The main navigation: the order of the KAM process, only pages that exist and that the user may open."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, get_urlconf, reverse

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may


@dataclass(frozen=True, slots=True)
class Destination:
    """One entry: its group's label, its own label, icon, url name and the permission it needs."""

    group: str
    label: str
    icon: str
    url_name: str
    permission: Permission = Permission.READ


DESTINATIONS = (
    Destination("", "Home", "smart-home", "cockpit:home"),
    Destination("", "Accounts", "building-store", "accounts:list"),
    Destination("", "Contacts", "address-book", "relationships:contacts"),
    Destination("Choose", "Identify", "target-arrow", "selection:rounds"),
    Destination("Choose", "Portfolio", "chart-bubble", "cockpit:portfolio"),
    Destination("Choose", "Value", "coins", "valuation:portfolio"),
    Destination("Choose", "Lifecycle", "stairs-up", "relationships:stages"),
    Destination("Workspace", "Data", "database-import", "ledger:sources", Permission.IMPORT_FACTS),
    Destination("Workspace", "Runs", "player-play", "runs:list", Permission.CONDUCT_REVIEW),
    Destination("Workspace", "Audit", "history", "audit:list", Permission.READ_AUDIT),
    Destination("Workspace", "Settings", "settings", "cockpit:settings"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the page shows it."""

    label: str
    icon: str
    href: str
    is_current: bool


def navigation(user: User, path: str) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    """Groups of links for a user; the entry whose address the path begins with is current."""
    allowed = [(item, address(item.url_name)) for item in DESTINATIONS if may(user, item.permission)]
    known = [(item, href) for item, href in allowed if href]
    current = max((href for _, href in known if path == href or (href != "/" and path.startswith(href))), key=len, default="")
    groups: dict[str, list[Link]] = {}
    for item, href in known:
        groups.setdefault(item.group, []).append(Link(item.label, item.icon, href, href == current))
    return tuple((group, tuple(links)) for group, links in groups.items())


def address(url_name: str) -> str:
    """Where a named page is; the empty string while no room has it."""
    return _address(url_name, get_urlconf() or settings.ROOT_URLCONF)


@cache
def _address(url_name: str, urlconf: str) -> str:
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""
