"""What one account is worth, for its own page and for the cockpit's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openkam.analytics.worth.account_worth import LADDER
from openkam.analytics.worth.ladder_stairs import Stair, ladder_stairs
from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.ui.templatetags.charts import Chart
from openkam.app.ui.templatetags.figures import day_text
from openkam.app.valuation.models import AccountWorth, AlertVerdict, Valuation
from openkam.app.valuation.queries.alert_verdicts import standing_verdict
from openkam.app.valuation.queries.interval_strip import IntervalStrip, interval_strip
from openkam.app.valuation.queries.ladder_chart import ladder_chart
from openkam.app.valuation.queries.rhythm_strip import RhythmStrip, rhythm_strip
from openkam.app.valuation.queries.scope import latest_valuation, worths_of_account
from openkam.app.valuation.terms import LEVER_LABELS

ROWS_READ = 5
"""Ledger accounts of one account that are looked at; more are as good as never."""
AGES = (
    ("owed_not_due", "Not due yet"),
    ("owed_1_30", "1 to 30 days overdue"),
    ("owed_31_60", "31 to 60"),
    ("owed_61_90", "61 to 90"),
    ("owed_over_90", "Over 90"),
)


@dataclass(frozen=True, slots=True)
class LeverLine:
    """One lever of an account at a loss (currency; None = not known, with `reason`). `needed` and `target` in `unit`."""

    label: str
    cash_now: float | None
    capacity_freed: float | None
    target: float | None
    needed: float | None
    is_share: bool
    breaks_even: bool
    reason: str

    @property
    def helps(self) -> bool:
        """Whether it brings anything at all."""
        return bool(self.cash_now or self.capacity_freed)


@dataclass(frozen=True, slots=True)
class AccountWorthPanel:
    """One account in the latest valuation. `other_count` further ledger accounts belong to it, of which the largest is shown.

    `middle_of` names whose middle the ladder is held against, `credit_failure` says why the valuation gave nobody a probability of
    lateness. `dealt` is what keeps the alert of its silence away.
    """

    worth: AccountWorth
    valuation: Valuation
    other_count: int
    stairs: tuple[Stair, ...]
    ladder: Chart | None
    middle_of: str
    strip: RhythmStrip | None
    interval: IntervalStrip | None
    ages: tuple[tuple[str, object], ...]
    levers: tuple[LeverLine, ...]
    credit_failure: str
    source: str
    dealt: AlertVerdict | None = None

    @property
    def helping(self) -> list[LeverLine]:
        """The levers that would bring something."""
        return [lever for lever in self.levers if lever.helps]

    @property
    def idle(self) -> list[LeverLine]:
        """The levers that would bring nothing, or nobody knows what."""
        return [lever for lever in self.levers if not lever.helps]

    @property
    def owed_parts(self) -> list[object]:
        """What is owed by age, for a bar."""
        return [amount for _, amount in self.ages]

    @property
    def unknown_steps(self) -> list[str]:
        """Steps of the ladder that the ledger does not tell of this account."""
        return [stair.label for stair in self.stairs if stair.amount is None and not stair.is_rung]


def account_worth(user: User, account: Account) -> AccountWorthPanel | None:
    """What the latest valuation found of an account that the user sees, in two queries, three where its order is overdue; None where it
    found nothing."""
    valuation = latest_valuation()
    if valuation is None:
        return None
    rows = worths_of_account(user, valuation, account, ROWS_READ)
    if not rows:
        return None
    rows[0].valuation = valuation
    dealt = standing_verdict(rows[0]) if rows[0].is_overdue else None
    return panel(rows[0], valuation, other_count=len(rows) - 1, dealt=dealt)


def panel(
    worth: AccountWorth, valuation: Valuation, *, other_count: int = 0, dealt: AlertVerdict | None = None
) -> AccountWorthPanel:
    """One row as pages show it."""
    middle_of, medians = _medians(valuation, worth.segment)
    amounts = {name: _number(getattr(worth, name)) for name in LADDER}
    stairs = ladder_stairs(amounts, medians)
    return AccountWorthPanel(
        worth=worth,
        valuation=valuation,
        other_count=other_count,
        stairs=stairs,
        ladder=ladder_chart(stairs, valuation.currency, middle_of=middle_of, sources=_sources(worth, valuation, stairs)),
        middle_of=middle_of,
        strip=rhythm_strip(worth, valuation.as_of_on),
        interval=interval_strip(worth.lifetime_low, worth.lifetime_value, worth.lifetime_high),
        ages=tuple((label, getattr(worth, name)) for name, label in AGES),
        levers=tuple(lever_line(lever) for lever in worth.levers),
        credit_failure=next((one["reason"] for one in valuation.not_computed if one["part"].startswith("probability")), ""),
        source=source_of(valuation),
        dealt=dealt,
    )


def lever_line(lever: Mapping[str, Any]) -> LeverLine:
    """A stored lever in a page's words. More than the whole of a share is no way to break even."""
    is_share, needed = lever["name"] != "order size", lever["needed"]
    return LeverLine(
        label=LEVER_LABELS.get(lever["name"]) or str(lever["name"]),
        cash_now=lever["cash_now"],
        capacity_freed=lever["capacity_freed"],
        target=lever["target"],
        needed=None if is_share and needed is not None and needed > 1 else needed,
        is_share=is_share,
        breaks_even=lever["breaks_even"],
        reason=lever["reason"].replace("_", " "),
    )


def source_of(valuation: Valuation) -> str:
    """From which facts a figure comes, for the line below it."""
    months = valuation.settings["period_months"]
    facts = f"Ledger v{valuation.ledger_version}, {months} months to {day_text(valuation.as_of_on)}."
    return f"{facts} Cost to serve is illustrative." if valuation.is_service_illustrative else facts


def _medians(valuation: Valuation, segment: str) -> tuple[str, Mapping[str, float | None]]:
    known = {one["segment"]: one for one in valuation.medians}
    found = known.get(segment) or known.get("")
    if found is None:
        return "", {}
    whose = found["segment"] or "all accounts that bought"
    return f"{found['account_count']} in {whose}" if found["segment"] else whose, found["shares"]


def _sources(worth: AccountWorth, valuation: Valuation, stairs: tuple[Stair, ...]) -> list[str]:
    codes = dict(zip(LADDER, worth.step_sources, strict=True)) if worth.step_sources else {}
    texts = valuation.sources
    return ["" if stair.is_rung or stair.name not in texts else texts[stair.name][codes.get(stair.name, 0)] for stair in stairs]


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
