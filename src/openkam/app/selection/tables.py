"""Lists of rounds, of decisions and of key accounts."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from openkam.app.selection.models import Decision, KeyStatus, Round
from openkam.app.selection.terms import Choice
from openkam.app.ui.templatetags.ui import amount, day, share

NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}
WHOLE = {"td": {"class": "one-line"}}
"""Names and numbers of rounds, which a narrow column would break."""


class RoundTable(tables.Table):
    """Rounds, newest first."""

    name = tables.Column("Round")
    as_of_on = tables.Column("Facts as of")
    ledger_version = tables.Column("Ledger", attrs=NUMBER)
    account_count = tables.Column("Accounts", attrs=NUMBER)
    key_count = tables.Column("Decided key", attrs=NUMBER)
    status = tables.Column()
    opened_by = tables.Column("Started by", order_by="opened_by__name")

    class Meta:
        caption = "Rounds"
        empty_text = "No round yet."
        order_by: ClassVar[tuple[str, ...]] = ()

    def render_name(self, record: Round) -> SafeString:
        """Its page."""
        return format_html('<a class="name" href="{}">{}</a>', reverse("selection:round", args=[record.pk]), record.name)

    def render_as_of_on(self, value: object) -> SafeString:
        """The last day whose facts count."""
        return day(value)

    def render_ledger_version(self, value: int) -> str:
        """As the head of the page says it."""
        return f"v{value}"

    def render_account_count(self, value: int) -> SafeString:
        """Accounts measured."""
        return amount(value)

    def render_key_count(self, value: int) -> SafeString:
        """Accounts that a person made key."""
        return amount(value)

    def render_status(self, record: Round) -> SafeString:
        """Open or closed."""
        return format_html('<span class="tag{}">{}</span>', " a" if record.is_open else " o", record.get_status_display())


class DecisionTable(tables.Table):
    """Decisions of a round."""

    account = tables.Column(order_by="account__sort_name")
    proposed = tables.Column()
    choice = tables.Column("Decision")
    tier = tables.Column()
    price_percent = tables.Column("Price", attrs=NUMBER)
    valid_from = tables.Column("From")
    valid_until = tables.Column("Until", default="open")
    reason = tables.Column(orderable=False)
    decided_by = tables.Column("By", order_by="decided_by__name", attrs=WHOLE)
    decided_at = tables.Column("On")

    class Meta:
        caption = "Decisions"
        empty_text = "Nothing is decided yet."

    def render_account(self, record: Decision) -> SafeString:
        """Its record."""
        return format_html(
            '<a class="name" href="{}">{}</a>', reverse("accounts:detail", args=[record.account_id]), record.account
        )

    def render_proposed(self, value: bool) -> str:
        """What the search said."""
        return "in" if value else "out"

    def render_choice(self, record: Decision) -> SafeString:
        """What a person said."""
        word = {True: "in", False: "out", None: "open"}[record.in_key]
        tone = {Choice.APPROVE: "g_", Choice.OVERRIDE: "w", Choice.DEFER: "o"}[Choice(record.choice)]
        return format_html('<span class="tag {}">{}: {}</span>', tone, record.get_choice_display(), word)

    def render_tier(self, record: Decision) -> str:
        """How much of the programme it gets."""
        return record.get_tier_display()

    def render_price_percent(self, value: float) -> SafeString:
        """What deciding against the search costs, percent of the utility chosen."""
        return share(value / 100, 2)

    def render_valid_from(self, value: object) -> SafeString:
        """The first day."""
        return day(value)

    def render_valid_until(self, value: object) -> SafeString:
        """The last day."""
        return day(value)

    def render_decided_at(self, value: object) -> SafeString:
        """The day of the decision."""
        return day(value)


class AccountDecisionTable(DecisionTable):
    """Decisions about one account, of every round."""

    round = tables.Column(order_by="round_id", attrs=WHOLE)

    class Meta(DecisionTable.Meta):
        caption = "Decisions about the account"
        empty_text = "Nobody has decided about it yet."
        exclude = ("account",)
        sequence = ("round", "...")

    def render_round(self, record: Decision) -> SafeString:
        """Its page."""
        return format_html('<a class="name" href="{}">{}</a>', reverse("selection:round", args=[record.round_id]), record.round)


class KeyAccountTable(tables.Table):
    """Key accounts of a day."""

    account = tables.Column(order_by="account__sort_name")
    tier = tables.Column()
    from_on = tables.Column("Key from")
    until_on = tables.Column("Until", default="open")
    round = tables.Column(order_by="round_id", attrs=WHOLE)
    decided_by = tables.Column("Decided by", accessor="decision__decided_by__name", attrs=WHOLE)
    reason = tables.Column(accessor="decision__reason", orderable=False, default="")

    class Meta:
        caption = "Key accounts"
        empty_text = "Nobody you look after is key today."

    def render_account(self, record: KeyStatus) -> SafeString:
        """Its history."""
        return format_html(
            '<a class="name" href="{}">{}</a>', reverse("selection:history", args=[record.account_id]), record.account
        )

    def render_tier(self, record: KeyStatus) -> SafeString:
        """How much of the programme it gets."""
        return format_html('<span class="tag a">{}</span>', record.get_tier_display())

    def render_from_on(self, value: object) -> SafeString:
        """The first day."""
        return day(value)

    def render_until_on(self, value: object) -> SafeString:
        """The last day."""
        return day(value)

    def render_round(self, record: KeyStatus) -> SafeString:
        """The round in which it was decided."""
        return format_html('<a href="{}">{}</a>', reverse("selection:round", args=[record.round_id]), record.round)
