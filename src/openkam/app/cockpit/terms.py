"""Where a person can go and what they can begin from everywhere: the pages and commands of the palette and the search."""

from dataclasses import dataclass

from openkam.app.people.permissions import Permission


@dataclass(frozen=True, slots=True)
class Destination:
    """A page or a command: what it is called, its icon, url name, the permission it needs, and other words it is looked for by."""

    label: str
    icon: str
    url_name: str
    permission: Permission = Permission.READ
    words: str = ""


COMMANDS = (
    Destination("Import files", "file-import", "ledger:import-start", Permission.IMPORT_FACTS, "upload csv excel data facts"),
    Destination("Add an account", "plus", "accounts:create", Permission.EDIT_ACCOUNTS, "new create customer prospect"),
    Destination("Add a person", "user-plus", "people:create", Permission.MANAGE_PEOPLE, "new create user invite"),
    Destination("Add a source", "database-plus", "ledger:source-create", Permission.IMPORT_FACTS, "new create system unit"),
    Destination("Add a schedule", "calendar-time", "runs:create_schedule", Permission.MANAGE_SETTINGS, "new nightly review"),
)
PAGES = (
    Destination("Home", "smart-home", "cockpit:home", words="start"),
    Destination("Accounts", "building-store", "accounts:list", words="customers prospects suppliers"),
    Destination("Bin of accounts", "trash", "accounts:bin", Permission.DELETE_ACCOUNTS, "deleted restore"),
    Destination("Own fields", "forms", "accounts:custom_fields", Permission.MANAGE_SETTINGS, "custom settings"),
    Destination("Data", "database-import", "ledger:sources", Permission.IMPORT_FACTS, "sources ledger"),
    Destination("Batches", "stack-2", "ledger:batches", Permission.IMPORT_FACTS, "imports undo"),
    Destination("Rows held back", "alert-circle", "ledger:rejects", Permission.IMPORT_FACTS, "rejects mend errors"),
    Destination("Mapping templates", "template", "ledger:templates", Permission.IMPORT_FACTS, "columns"),
    Destination("Ledger versions", "versions", "ledger:versions", Permission.IMPORT_FACTS, "verify"),
    Destination("Runs", "player-play", "runs:list", Permission.CONDUCT_REVIEW, "background jobs progress"),
    Destination("Schedules", "calendar-time", "runs:schedules", Permission.MANAGE_SETTINGS, "nightly settings"),
    Destination("People", "users", "people:list", Permission.MANAGE_PEOPLE, "users roles settings"),
    Destination("Teams", "users-group", "people:teams", Permission.MANAGE_PEOPLE, "settings"),
    Destination("Audit", "history", "audit:list", Permission.READ_AUDIT, "who changed what"),
    Destination("Settings", "settings", "cockpit:settings", words="preferences options"),
    Destination(
        "Organisation",
        "building",
        "cockpit:organisation",
        Permission.MANAGE_ORGANISATION,
        "settings company currency fiscal year",
    ),
    Destination("Criteria", "adjustments", "selection:criteria", Permission.MANAGE_SETTINGS, "settings weights value functions"),
    Destination("Rating scales", "stairs", "selection:scales", Permission.MANAGE_SETTINGS, "settings anchors ratings"),
    Destination("Preferences", "user", "people:preferences", words="your settings name time zone"),
    Destination("Where you are signed in", "devices", "people:sessions", words="sessions browsers settings"),
    Destination("Password", "lock", "account_change_password", words="change settings"),
    Destination("Second factor", "shield-lock", "mfa_index", words="totp passkey 2fa settings"),
)
