"""The settings: what can be set and by whom, as the groups of one menu. A page of a room stands here by its url name."""

from dataclasses import dataclass

from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.config.navigation import address

LANDING = "cockpit:settings"


@dataclass(frozen=True, slots=True)
class Setting:
    """One page: what it is called, what it sets, who may open it. Pages below its address belong to it."""

    label: str
    icon: str
    url_name: str
    words: str
    permission: Permission = Permission.READ


SETTINGS: tuple[tuple[str, tuple[Setting, ...]], ...] = (
    (
        "You",
        (
            Setting("Preferences", "user", "people:preferences", "Your name, and the time zone in which you read times."),
            Setting("Password", "lock", "account_change_password", "A new one signs you out in every other browser."),
            Setting("Two-step sign-in", "shield-lock", "mfa_index", "A code, a passkey or a security key beside the password."),
            Setting("Where you are signed in", "devices", "people:sessions", "Every browser, and how to sign it out."),
        ),
    ),
    (
        "Organisation",
        (
            Setting(
                "Organisation",
                "building",
                "cockpit:organisation",
                "Name, reporting currency, fiscal year, week and time zone.",
                Permission.MANAGE_ORGANISATION,
            ),
            Setting("People", "users", "people:list", "Who may sign in, in which role.", Permission.MANAGE_PEOPLE),
            Setting("Teams", "users-group", "people:teams", "Who looks after accounts together.", Permission.MANAGE_PEOPLE),
        ),
    ),
    (
        "Programme",
        (
            Setting(
                "Criteria",
                "adjustments",
                "selection:criteria",
                "What counts when key accounts are chosen, and how much.",
                Permission.MANAGE_SETTINGS,
            ),
            Setting(
                "Rating scales",
                "stairs",
                "selection:scales",
                "What people judge, in words: a sentence for each of five levels.",
                Permission.MANAGE_SETTINGS,
            ),
        ),
    ),
    (
        "Records",
        (
            Setting(
                "Own fields",
                "forms",
                "accounts:custom_fields",
                "What your firm keeps about its accounts beyond the record card.",
                Permission.MANAGE_SETTINGS,
            ),
            Setting(
                "Mapping templates",
                "template",
                "ledger:templates",
                "How the columns of each kind of file are read.",
                Permission.IMPORT_FACTS,
            ),
            Setting(
                "Retention",
                "clock",
                "relationships:retention",
                "How long what is kept of people stays, and what is due.",
                Permission.ANSWER_RIGHTS,
            ),
            Setting("Schedules", "calendar-time", "runs:schedules", "What runs by itself, and when.", Permission.MANAGE_SETTINGS),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class SettingLink:
    """A setting as a page shows it."""

    label: str
    icon: str
    words: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class SettingsArea:
    """The menu for one person on one page."""

    groups: tuple[tuple[str, tuple[SettingLink, ...]], ...]
    landing: str
    is_landing: bool


def settings_area(user: User, path: str) -> SettingsArea | None:
    """The menu where the path is a setting's or the landing page's, else None: other pages have no second menu."""
    landing = address(LANDING)
    allowed = [
        (group, setting, href)
        for group, settings in SETTINGS
        for setting in settings
        if may(user, setting.permission) and (href := address(setting.url_name))
    ]
    current = max((href for _, _, href in allowed if path.startswith(href)), key=len, default="")
    if not current and path != landing:
        return None
    groups: dict[str, list[SettingLink]] = {}
    for group, setting, href in allowed:
        groups.setdefault(group, []).append(SettingLink(setting.label, setting.icon, setting.words, href, href == current))
    return SettingsArea(tuple((group, tuple(links)) for group, links in groups.items()), landing, path == landing)
