"""The panel of a round's constraints: a field for every number of the programme that can be turned."""

from collections.abc import Sequence
from typing import Any, Protocol

from django import forms

LARGEST = 10**12


class Turned(Protocol):
    """What a field needs to know of a constraint."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def shown(self) -> float | None: ...
    @property
    def is_needed(self) -> bool: ...
    @property
    def is_share(self) -> bool: ...
    @property
    def is_whole(self) -> bool: ...


class ConstraintsForm(forms.Form):
    """Numbers by the name of their constraint; an account to pin, and what was pinned and shall be free again."""

    def __init__(self, *args: Any, constraints: Sequence[Turned], pinned: Sequence[str] = (), **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.constraints = constraints
        for constraint in constraints:
            kind = forms.IntegerField if constraint.is_whole else forms.FloatField
            self.fields[constraint.name] = kind(
                label=constraint.label,
                required=constraint.is_needed,
                initial=constraint.shown,
                min_value=0,
                max_value=100 if constraint.is_share else LARGEST,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}),
            )
        self.fields["unpin"] = forms.MultipleChoiceField(choices=[(p, p) for p in pinned], required=False)
        self.fields["pin_account"] = forms.CharField(required=False, max_length=400)
        self.fields["pin_as"] = forms.ChoiceField(choices=[("in", "in"), ("out", "out")], required=False)
        self.fields["reason"] = forms.CharField(required=False, max_length=2000)
        self.fields["name"] = forms.CharField(
            label="Keep as a scenario of its own", required=False, max_length=100, widget=forms.TextInput(attrs={"class": "inp"})
        )

    @property
    def values(self) -> dict[str, float | None]:
        """The numbers sent, shares as shares of one; a constraint that was not sent is left out."""
        found: dict[str, float | None] = {}
        for constraint in self.constraints:
            if constraint.name in self.data:
                value = self.cleaned_data[constraint.name]
                found[constraint.name] = (
                    None if value is None else (round(value / 100, 9) if constraint.is_share else float(value))
                )
        return found

    @property
    def pins(self) -> dict[str, bool | None]:
        """By ledger account whether it shall be in, out, or free."""
        pins: dict[str, bool | None] = dict.fromkeys(self.cleaned_data["unpin"])
        if self.cleaned_data["pin_account"]:
            pins[self.cleaned_data["pin_account"]] = self.cleaned_data["pin_as"] != "out"
        return pins
