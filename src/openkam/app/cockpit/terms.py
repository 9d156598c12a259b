"""Where a person can go and what they can begin from everywhere: the pages and commands of the palette and the search."""

from dataclasses import dataclass

from django.db import models

from openkam.app.people.permissions import Permission


class Standing(models.TextChoices):
    """How an account stands: key of a tier by a person's decision, proposed by the latest round, or neither."""

    STRATEGIC = "strategic", "Strategic"
    KEY = "key", "Key"
    PROSPECTIVE = "prospective", "Prospective key"
    PROPOSED = "proposed", "Proposed"
    OTHER = "other", "Not key"

    @property
    def is_key(self) -> bool:
        """Whether a person made it key."""
        return self in KEY_STANDINGS


class Axes(models.TextChoices):
    """What the portfolio's matrix sets against each other."""

    GROWTH = "growth", "Growth and margin"
    SALES = "sales", "Sales and contribution"
    HOURS = "hours", "Hours and utility"

    @property
    def word(self) -> str:
        """The first of the two figures, for a narrow button."""
        return str(self.label).split()[0]


KEY_STANDINGS = (Standing.STRATEGIC, Standing.KEY, Standing.PROSPECTIVE)


@dataclass(frozen=True, slots=True)
class MeasureShown:
    """A measure that pages show: the engine's name of it, what it is called there, its group, and what its value counts."""

    name: str
    label: str
    group: str
    kind: str


MEASURES = (
    MeasureShown("net_sales", "Net sales", "Sales and margin", "money"),
    MeasureShown("growth_per_year", "Growth a year", "Sales and margin", "change"),
    MeasureShown("contribution_margin", "Contribution", "Sales and margin", "money"),
    MeasureShown("contribution_margin_ratio", "Contribution of sales", "Sales and margin", "share"),
    MeasureShown("cost_to_serve", "Cost to serve", "Sales and margin", "money"),
    MeasureShown("realised_price_index", "Price paid against others", "Sales and margin", "ratio"),
    MeasureShown("order_count", "Days with an order", "Orders", "count"),
    MeasureShown("gap_mean_days", "Days between orders", "Orders", "days"),
    MeasureShown("regularity_k", "Regularity (1 is random)", "Orders", "ratio"),
    MeasureShown("last_order_on", "Last order", "Orders", "day"),
    MeasureShown("product_count", "Different products", "Orders", "count"),
    MeasureShown("tenure_months", "Customer for, months", "Orders", "count"),
    MeasureShown("open_amount", "Open", "Payment", "money"),
    MeasureShown("not_due_amount", "Of it not due yet", "Payment", "money"),
    MeasureShown("days_beyond_terms", "Days paid after terms", "Payment", "days"),
    MeasureShown("late_share", "Paid late", "Payment", "share"),
    MeasureShown("expected_loss", "Expected loss", "Payment", "money"),
)
"""What the page of an account shows. The account's part of all sales is left out: it would tell the sum of all."""


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
    Destination(
        "Log what happened",
        "message",
        "relationships:quick_entry",
        Permission.EDIT_ACCOUNTS,
        "call meeting mail visit note quick entry",
    ),
    Destination("Add a person", "user-plus", "people:create", Permission.MANAGE_PEOPLE, "new create user invite"),
    Destination("Add a source", "database-plus", "ledger:source-create", Permission.IMPORT_FACTS, "new create system unit"),
    Destination("Start a round", "player-play", "selection:start", Permission.CONDUCT_REVIEW, "new review identify select"),
    Destination("Value all accounts", "coins", "valuation:start", Permission.CONDUCT_REVIEW, "new valuation lifetime margin"),
    Destination("Add a schedule", "calendar-time", "runs:create_schedule", Permission.MANAGE_SETTINGS, "new nightly review"),
)
PAGES = (
    Destination("Home", "smart-home", "cockpit:home", words="start"),
    Destination("Accounts", "building-store", "accounts:list", words="customers prospects suppliers"),
    Destination("Contacts", "address-book", "relationships:contacts", words="people buyers buying center"),
    Destination("Identify", "target-arrow", "selection:rounds", words="rounds key selection candidates decisions"),
    Destination("Portfolio", "chart-bubble", "cockpit:portfolio", words="whale curve concentration matrix margin"),
    Destination("Value", "coins", "valuation:portfolio", words="valuation lifetime whale curve margin losses concentration"),
    Destination("Alerts", "bell", "valuation:alerts", words="overdue orders silence early warning churn"),
    Destination("Months ahead", "calendar-stats", "valuation:ahead", words="forecast revenue days to pay"),
    Destination("Service by volume", "scale", "valuation:volume", words="cost to serve traditional allocation"),
    Destination("Accounts at a loss", "trending-down", "valuation:losses", words="levers unprofitable whale"),
    Destination("Rates of service", "clock-dollar", "valuation:rates", Permission.CONDUCT_REVIEW, "cost to serve pools abc"),
    Destination("Bin of accounts", "trash", "accounts:bin", Permission.DELETE_ACCOUNTS, "deleted restore"),
    Destination("Own fields", "forms", "accounts:custom_fields", Permission.MANAGE_SETTINGS, "custom settings"),
    Destination("Data", "database-import", "ledger:sources", Permission.IMPORT_FACTS, "sources ledger"),
    Destination("Batches", "stack-2", "ledger:batches", Permission.IMPORT_FACTS, "imports undo"),
    Destination("Rows held back", "alert-circle", "ledger:rejects", Permission.IMPORT_FACTS, "rejects mend errors"),
    Destination("Mapping templates", "template", "ledger:templates", Permission.IMPORT_FACTS, "columns"),
    Destination("Ledger versions", "versions", "ledger:versions", Permission.IMPORT_FACTS, "verify"),
    Destination("Criteria", "adjustments", "selection:criteria", Permission.MANAGE_SETTINGS, "weights value functions programme"),
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
