"""Evidence for a stage, a decision about it, and the plan for leaving."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from openkam.app.people.models import User
from openkam.app.relationships.queries.stages import criteria_choices
from openkam.app.selection.terms import Tier
from openkam.app.ui.forms import DayInput


class EvidenceForm(forms.Form):
    """What was shown, on which day, by what."""

    criterion = forms.ChoiceField(label="What it is about")
    holds = forms.TypedChoiceField(
        choices=[("yes", "It speaks for it"), ("no", "It speaks against it")],
        coerce=lambda value: value == "yes",
        label="Which way",
    )
    on = forms.DateField(label="Shown on", widget=DayInput)
    source = forms.CharField(
        max_length=300, help_text="A document, a system, a survey or a person: two sources must agree before a gate opens."
    )
    is_claim = forms.BooleanField(
        required=False,
        label="Only a claim so far",
        help_text="Nothing backs it yet: it is shown, and counts nothing.",
    )
    expires_on = forms.DateField(
        label="Counts until", required=False, widget=DayInput, help_text="Empty: as long as the criterion allows."
    )

    def __init__(self, *args: Any, **fields: Any) -> None:
        fields["initial"] = {"on": timezone.localdate(), "holds": "yes"} | fields.get("initial", {})
        super().__init__(*args, **fields)
        cast("forms.ChoiceField", self.fields["criterion"]).choices = criteria_choices()


class StageDecisionForm(forms.Form):
    """Why; for a demotion also down to which stage."""

    to_stage = forms.ChoiceField(label="Down to")
    reason = forms.CharField(max_length=2000, label="Reason, kept with the decision", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, lower: Any = (), **fields: Any) -> None:
        super().__init__(*args, **fields)
        if lower:
            cast("forms.ChoiceField", self.fields["to_stage"]).choices = list(lower)
        else:
            del self.fields["to_stage"]


class BoardForm(forms.Form):
    """What the board shows."""

    manager = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Everybody")
    tier = forms.ChoiceField(choices=[("", "Every account"), *Tier.choices], required=False, label="Tier")
    stage = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)

    def __init__(self, *args: Any, managers: QuerySet[User], **fields: Any) -> None:
        super().__init__(*args, **fields)
        cast("forms.ModelChoiceField[User]", self.fields["manager"]).queryset = managers


class ExitPlanForm(forms.Form):
    """Why, who, by when."""

    reason = forms.CharField(max_length=2000, label="Why we leave", widget=forms.Textarea(attrs={"rows": 3}))
    owner = forms.ModelChoiceField(User.objects.none(), label="Who answers for it", empty_label=None)
    ends_on = forms.DateField(label="Out by", widget=DayInput)

    def __init__(self, *args: Any, colleagues: QuerySet[User], **fields: Any) -> None:
        super().__init__(*args, **fields)
        cast("forms.ModelChoiceField[User]", self.fields["owner"]).queryset = colleagues


class ExitValueForm(forms.Form):
    """Something of ours that is to come back."""

    name = forms.CharField(max_length=200, label="What", help_text="Open invoices, stock, tools, data, a deposit.")
    expected = forms.DecimalField(min_value=0, max_digits=18, decimal_places=2, label="Worth")
    currency = forms.RegexField(r"^[A-Za-z]{3}$", label="Currency", help_text="Three letters, as in EUR.")


class SettleValueForm(forms.Form):
    """What came back, and why not the rest."""

    recovered = forms.DecimalField(min_value=0, max_digits=18, decimal_places=2, label="Came back")
    given_up_because = forms.CharField(max_length=500, required=False, label="The rest is given up because")


class ExitRiskForm(forms.Form):
    """What could go wrong, and whose it is."""

    text = forms.CharField(max_length=500, label="What could go wrong")
    owner = forms.ModelChoiceField(User.objects.none(), required=False, label="Who looks after it", empty_label="Nobody yet")
    response = forms.CharField(max_length=500, required=False, label="What is done")

    def __init__(self, *args: Any, colleagues: QuerySet[User], with_text: bool = True, **fields: Any) -> None:
        super().__init__(*args, **fields)
        cast("forms.ModelChoiceField[User]", self.fields["owner"]).queryset = colleagues
        if not with_text:
            del self.fields["text"]
