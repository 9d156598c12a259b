"""What is granted to an account for turnover."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from openkam.app.ui.forms import DayInput
from openkam.app.valuation.models import RebateSchedule
from openkam.app.valuation.operations.rebates import RebateTerms
from openkam.app.valuation.queries.rebates import tiers_from, tiers_of

LARGEST = Decimal(10) ** 15


class RebateForm(forms.Form):
    """A schedule: its days, its currency and its tiers, one a line."""

    name = forms.CharField(label="Name", max_length=120, help_text="As the agreement calls it, such as Yearly bonus.")
    starts_on = forms.DateField(label="First day", widget=DayInput)
    ends_on = forms.DateField(label="Last day", widget=DayInput, help_text="To end it sooner, set an earlier day.")
    currency = forms.RegexField(
        regex="^[A-Z]{3}$",
        label="Currency",
        required=False,
        error_messages={"invalid": "Give the three letters of a currency, such as EUR."},
        help_text="Empty: that of the valuation.",
    )
    tiers = forms.CharField(
        label="Tiers",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        help_text="One a line, the lowest first: net sales from which it holds, then the rebate in per cent, such as 100000 = 1.5.",
    )
    is_retroactive = forms.BooleanField(
        label="The rate reached holds for all turnover",
        required=False,
        initial=True,
        help_text="Otherwise each rate holds for the turnover within its tier.",
    )
    reason = forms.CharField(
        label="Reason, kept in the audit", widget=forms.Textarea(attrs={"rows": 2}), max_length=500, required=False
    )

    def __init__(self, *args: Any, known: RebateSchedule | None = None, is_next: bool = False, **fields: Any) -> None:
        initial: dict[str, Any] = {}
        if known is not None:
            same = ("name", "ends_on", "currency", "is_retroactive") + (() if is_next else ("starts_on",))
            initial = {name: getattr(known, name) for name in same} | {"tiers": lines_of(known)}
        super().__init__(*args, initial=initial, **fields)

    def clean_tiers(self) -> list[tuple[Decimal, Decimal]]:
        """Turnover and rate (share) of each line; what they must be beside numbers the operation says."""
        lines = [line.strip() for line in str(self.cleaned_data["tiers"]).splitlines() if line.strip()]
        return [_tier(line) for line in lines]

    @property
    def terms(self) -> RebateTerms:
        """What the valid form says."""
        data = self.cleaned_data
        names = ("name", "starts_on", "ends_on", "is_retroactive", "currency")
        return RebateTerms(tiers=tiers_from(data["tiers"]), **{name: data[name] for name in names})


def lines_of(schedule: RebateSchedule) -> str:
    """A schedule's tiers as the form writes them."""
    return "\n".join(f"{_plain(tier.from_amount)} = {_plain(100 * tier.rate)}" for tier in tiers_of(schedule))


def _plain(number: Decimal) -> str:
    """Without an exponent or zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _tier(line: str) -> tuple[Decimal, Decimal]:
    start, _, rate = line.partition("=")
    try:
        found = Decimal(start.strip()), Decimal(rate.replace("%", "").strip()).scaleb(-2)
    except InvalidOperation as error:
        raise forms.ValidationError(
            "%(line)s: write a turnover, an equals sign and a rate in per cent, such as 100000 = 1.5, with no other signs.",
            params={"line": line[:60]},
        ) from error
    if not all(number.is_finite() and abs(number) < LARGEST for number in found):
        raise forms.ValidationError("%(line)s: no turnover is as large.", params={"line": line[:60]})
    return found
