"""One entry of the rates: a pool or an activity."""

from typing import Any

from django import forms

from openkam.app.ui.forms import DayInput
from openkam.app.valuation.models import PoolRate, TimeEquation
from openkam.app.valuation.terms import CapacityUnit, Step


class EntryForm(forms.Form):
    """What every entry has: the days it holds on, why it changed, and the book it was read in."""

    book = forms.IntegerField(widget=forms.HiddenInput, required=False, help_text="")
    valid_from = forms.DateField(label="Holds from", widget=DayInput)
    valid_until = forms.DateField(
        label="Until", widget=DayInput, required=False, help_text="Empty: until further notice. A later entry ends it by itself."
    )
    reason = forms.CharField(
        label="Reason, kept in the audit", widget=forms.Textarea(attrs={"rows": 2}), max_length=500, required=False
    )
    field_order = ("name", "pool", "cost", "capacity", "capacity_unit", "per_months", "minutes", "step", "is_per_document")

    def __init__(
        self, *args: Any, entry: PoolRate | TimeEquation | None = None, book_id: int | None = None, **fields: Any
    ) -> None:
        initial: dict[str, object] = {"book": book_id}
        if entry is not None:
            initial |= {name: getattr(entry, name) for name in self.kept if hasattr(entry, name)}
        super().__init__(*args, initial=initial, **fields)

    kept: tuple[str, ...] = ("valid_from", "valid_until")

    @property
    def values(self) -> dict[str, Any]:
        """The entry's own fields as the valid form says them."""
        return {name: self.cleaned_data[name] for name in self.kept}


class PoolForm(EntryForm):
    """What a pool costs and how much it can do."""

    pool = forms.CharField(max_length=80, label="Pool", help_text="People or machines that do the work, such as Order desk.")
    cost = forms.DecimalField(max_digits=18, decimal_places=2, min_value=0, label="Cost of the pool")
    capacity = forms.DecimalField(
        max_digits=18,
        decimal_places=2,
        min_value=0.01,
        label="Practical capacity",
        help_text="What people can really work: commonly 80 to 85 % of the hours they are paid for.",
    )
    capacity_unit = forms.ChoiceField(choices=CapacityUnit, initial=CapacityUnit.HOURS, label="Counted in")
    per_months = forms.IntegerField(
        min_value=1,
        max_value=120,
        initial=1,
        label="For so many months",
        help_text="Both cost and capacity: 1, or 12 for a year.",
    )
    kept = ("pool", "cost", "capacity", "capacity_unit", "per_months", "valid_from", "valid_until")

    def entry(self) -> PoolRate:
        """The entry that the valid form says."""
        return PoolRate(**self.values)


class ActivityForm(EntryForm):
    """How long one activity takes."""

    activity = forms.CharField(max_length=80, label="Activity", help_text="As the ledger calls it, or of your own for orders.")
    pool = forms.ChoiceField(label="Pool that does it")
    minutes = forms.CharField(
        max_length=500,
        label="Minutes of one",
        help_text="A number, or an equation such as 8 + 3 * lines + (80 if net_amount < 500 else 0).",
    )
    step = forms.ChoiceField(choices=Step, label="Step of the ladder")
    is_per_document = forms.BooleanField(
        required=False, label="Every order makes us do it once", help_text="For what the ledger does not record itself."
    )
    kept = ("activity", "pool", "minutes", "step", "is_per_document", "valid_from", "valid_until")

    def __init__(self, *args: Any, pools: list[str], **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.fields["pool"].choices = [(pool, pool) for pool in pools]  # pyright: ignore[reportAttributeAccessIssue]

    def entry(self) -> TimeEquation:
        """The entry that the valid form says."""
        return TimeEquation(**self.values)
