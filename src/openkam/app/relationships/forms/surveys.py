"""Opening a survey."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from openkam.app.people.models import User
from openkam.app.relationships.models import Contact
from openkam.app.relationships.terms import ANONYMOUS_FROM, SURVEY_DAYS, SurveyKind
from openkam.app.ui.forms import DayInput


class SurveyForm(forms.Form):
    """What is asked, of whom, until when, with or without names."""

    kind = forms.TypedChoiceField(choices=SurveyKind.choices, coerce=SurveyKind, label="What to ask")
    contacts = forms.ModelMultipleChoiceField(Contact.objects.none(), label="Whom of theirs", widget=forms.CheckboxSelectMultiple)
    topics = forms.CharField(
        required=False,
        label="Topics",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Of how both sides see it: one on each line, as in Delivery.",
    )
    colleagues = forms.ModelMultipleChoiceField(
        User.objects.none(),
        required=False,
        label="Whom of ours",
        widget=forms.CheckboxSelectMultiple,
        help_text="Only of how both sides see the same topics.",
    )
    is_anonymous = forms.BooleanField(
        required=False,
        label="Keep answers without names",
        help_text=f"Then nobody's answer is kept with their name, and results are shown from {ANONYMOUS_FROM} answers on.",
    )
    closes_on = forms.DateField(label="Open until", widget=DayInput)

    def __init__(self, *args: Any, contacts: QuerySet[Contact], colleagues: QuerySet[User], **fields: Any) -> None:
        super().__init__(*args, initial={"closes_on": timezone.localdate() + timedelta(days=SURVEY_DAYS)}, **fields)
        cast("forms.ModelMultipleChoiceField[Contact]", self.fields["contacts"]).queryset = contacts
        cast("forms.ModelMultipleChoiceField[User]", self.fields["colleagues"]).queryset = colleagues

    def clean_topics(self) -> list[str]:
        """One topic a line."""
        return [line.strip() for line in self.cleaned_data["topics"].splitlines() if line.strip()]
