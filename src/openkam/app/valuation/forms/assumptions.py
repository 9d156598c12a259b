"""What valuations assume from a day on; shares are written in per cent."""

from decimal import Decimal
from typing import Any

from django import forms

from openkam.app.ui.forms import DayInput
from openkam.app.valuation.models import Assumptions


def per_cent(label: str, *, help_text: str = "", is_required: bool = True) -> forms.DecimalField:
    """A share of one, written in per cent with two places."""
    return forms.DecimalField(
        label=f"{label}, %", min_value=0, max_value=100, decimal_places=2, help_text=help_text, required=is_required
    )


class AssumptionsForm(forms.Form):
    """Loss rates per class of age, what levers aim at, and since when."""

    valid_from = forms.DateField(
        label="Holds from", widget=DayInput, help_text="Until later ones begin. Of two from the same day the newer holds."
    )
    loss_not_due = per_cent("Expected loss, not yet due")
    loss_1_30 = per_cent("1 to 30 days overdue")
    loss_31_60 = per_cent("31 to 60 days overdue")
    loss_61_90 = per_cent("61 to 90 days overdue")
    loss_over_90 = per_cent("Over 90 days overdue")
    is_illustrative = forms.BooleanField(
        label="These loss rates are examples, nobody's experience",
        required=False,
        help_text="Pages then mark what rests on them as illustrative.",
    )
    price_rise = per_cent("Lever: price rise")
    discount_cut = per_cent("Lever: discounts taken back", help_text="Empty: no such lever.", is_required=False)
    freight_share = per_cent("Lever: freight that the customer pays")
    terms_share = per_cent("Lever: late payment that comes in time")
    order_value = forms.DecimalField(
        label="Lever: least value of an order",
        min_value=Decimal("0.01"),
        max_digits=18,
        decimal_places=2,
        required=False,
        help_text="In the currency of the valuation. Empty: what the middle account orders.",
    )
    alerts_per_manager_week = forms.IntegerField(
        label="Alerts per manager and week",
        min_value=1,
        max_value=100,
        required=False,
        help_text="Of overdue orders, those with the most money at stake first. Empty: what comes with the software.",
    )
    reason = forms.CharField(
        label="Reason, kept in the audit", widget=forms.Textarea(attrs={"rows": 2}), max_length=500, required=False
    )
    shares = (
        "loss_not_due", "loss_1_30", "loss_31_60", "loss_61_90", "loss_over_90", "price_rise", "discount_cut", "freight_share",
        "terms_share",
    )  # fmt: skip

    def __init__(self, *args: Any, known: Assumptions, **fields: Any) -> None:
        initial: dict[str, Any] = {"is_illustrative": known.is_illustrative, "order_value": known.order_value}
        initial["alerts_per_manager_week"] = known.alerts_per_manager_week
        initial |= {name: _in_per_cent(getattr(known, name)) for name in self.shares}
        super().__init__(*args, initial=initial, **fields)

    @property
    def assumptions(self) -> Assumptions:
        """What the valid form says."""
        data = self.cleaned_data
        shares = {name: None if data[name] is None else data[name].scaleb(-2) for name in self.shares}
        kept = ("valid_from", "is_illustrative", "order_value", "alerts_per_manager_week")
        return Assumptions(**shares, **{name: data[name] for name in kept})


def _in_per_cent(share: Decimal | None) -> Decimal | None:
    return None if share is None else (100 * share).quantize(Decimal("0.01"))
