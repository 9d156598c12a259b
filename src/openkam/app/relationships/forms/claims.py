"""Making a claim."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from openkam.app.accounts.forms.card import StatementForm
from openkam.app.accounts.terms.account import Certainty
from openkam.app.relationships.models import Contact
from openkam.app.relationships.terms import CLAIM_SHELF_LIFE_DAYS, SCALES, Topic

GRADES = [
    (Topic(topic).label, [(f"{topic}:{value}", f"{words} ({value})") for value, words in scale.items()])
    for topic, scale in SCALES.items()
]
"""Every grade under its topic, so that the list itself says which belong together."""


class ClaimForm(StatementForm):
    """What is believed, about whom, and who may read it."""

    contact = forms.ModelChoiceField(Contact.objects.none(), required=False, label="About", empty_label="The account itself")
    topic = forms.TypedChoiceField(choices=Topic.choices, coerce=Topic)
    value = forms.TypedChoiceField(
        choices=[("", "Not graded"), *GRADES],
        coerce=lambda value: int(value.partition(":")[2]),
        empty_value=None,
        required=False,
        label="Grade",
        help_text="For stance, power, interest and access: it stands on the people map.",
    )
    text = forms.CharField(max_length=2000, label="What we believe", widget=forms.Textarea(attrs={"rows": 3}))
    shelf_life_days = forms.IntegerField(
        min_value=1,
        max_value=3650,
        initial=CLAIM_SHELF_LIFE_DAYS,
        label="Shelf life in days",
        help_text="It fades until then and becomes a question to ask again.",
    )
    is_private = forms.BooleanField(
        required=False,
        label="Only for the account's manager and team",
        help_text="A person's interests, their way of deciding, and whatever else is said of them as a person is so by itself.",
    )
    is_open = forms.BooleanField(required=False, label="Open to everybody who sees the account, also where it is about a person")
    field_order = (
        "contact", "topic", "value", "text", "source", "as_of_on", "certainty", "shelf_life_days", "is_private", "is_open"
    )  # fmt: skip

    def __init__(self, *args: Any, contacts: QuerySet[Contact], may_keep_secrets: bool, **fields: Any) -> None:
        fields["initial"] = {"certainty": Certainty.ASSUMED, **fields.get("initial", {})}
        super().__init__(*args, **fields)
        cast("forms.ModelChoiceField[Contact]", self.fields["contact"]).queryset = contacts
        if not may_keep_secrets:
            del self.fields["is_private"]
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Refuse what was meant to be private from somebody who may not keep it so: stored, everybody would read it."""
        if "is_private" not in self.fields and self.data.get("is_private"):
            raise forms.ValidationError("Only the account's manager and team keep private claims about it: nothing was stored.")
        given = super().clean() or self.cleaned_data
        is_private, is_open = given.get("is_private", False), given.pop("is_open", False)
        if is_private and is_open:
            self.add_error("is_open", "It cannot be both: open, and for manager and team only.")
        given["is_private"] = True if is_private else False if is_open else None
        scale = self.data.get("value", "").partition(":")[0]
        if given.get("value") is not None and scale != given.get("topic"):
            self.add_error("value", "This grade belongs to another topic.")
        return given
