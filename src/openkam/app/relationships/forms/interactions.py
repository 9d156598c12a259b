"""Logging what passed between us and an account, and what was promised."""

from datetime import UTC, datetime, time
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from openkam.app.accounts.forms.fields import AccountReference
from openkam.app.people.models import User
from openkam.app.relationships.models import Contact
from openkam.app.relationships.operations.interactions import InteractionDetails, Party
from openkam.app.relationships.terms import InteractionKind, Part, PromiseState, Side
from openkam.app.ui.forms import DayInput

NOON = time(12)


class QuickEntryForm(forms.Form):
    """One line, read into the whole form."""

    line = forms.CharField(
        max_length=500, label="What happened, in one line", help_text="call with Anna Berg yesterday 30m about delivery"
    )


class QuickEntryAnywhereForm(QuickEntryForm):
    """One line about an account that the user sees."""

    field_order = ("account", "line")

    def __init__(self, *args: Any, user: User, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.fields["account"] = AccountReference(user, options="accounts", max_length=320)
        self.order_fields(self.field_order)


class TimeInput(forms.TimeInput):
    """The browser's own picker of a time of day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class InteractionForm(forms.Form):
    """What happened, when, between whom, and how it was shared."""

    kind = forms.TypedChoiceField(choices=InteractionKind.choices, coerce=InteractionKind, label="What it was")
    on = forms.DateField(label="Day", widget=DayInput)
    time = forms.TimeField(label="Time", required=False, widget=TimeInput, help_text="Your own time. Empty: not known.")
    duration_minutes = forms.IntegerField(min_value=1, max_value=6000, required=False, label="Minutes it took")
    contacts = forms.ModelMultipleChoiceField(Contact.objects.none(), required=False, label="Who of theirs")
    colleagues = forms.ModelMultipleChoiceField(User.objects.none(), required=False, label="Who of ours")
    began_by = forms.TypedChoiceField(
        choices=[("", "Not known"), *((side.value, side.label) for side in Side)],
        coerce=Side,
        empty_value="",
        required=False,
        label="Which side began it",
        help_text="Of a mail: which side wrote it.",
    )
    subject = forms.CharField(max_length=300, required=False, label="What it was about")
    note = forms.CharField(
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="@ and a name mentions somebody of theirs or ours.",
    )
    mention = forms.ModelMultipleChoiceField(
        User.objects.none(), required=False, label="Mention", help_text="They find the entry at their home, if they may read it."
    )
    our_talk_minutes = forms.IntegerField(min_value=0, max_value=6000, required=False, label="Minutes that we talked")
    their_talk_minutes = forms.IntegerField(min_value=0, max_value=6000, required=False, label="Minutes that they talked")
    our_agenda_points = forms.IntegerField(min_value=0, max_value=200, required=False, label="Points of ours on the agenda")
    their_agenda_points = forms.IntegerField(min_value=0, max_value=200, required=False, label="Points of theirs on the agenda")
    is_private = forms.BooleanField(required=False, label="Only for the account's manager and team")

    def __init__(
        self, *args: Any, contacts: QuerySet[Contact], colleagues: QuerySet[User], may_keep_secrets: bool, **fields: Any
    ) -> None:
        super().__init__(*args, **fields)
        cast("forms.ModelMultipleChoiceField[Contact]", self.fields["contacts"]).queryset = contacts
        for name in ("colleagues", "mention"):
            cast("forms.ModelMultipleChoiceField[User]", self.fields[name]).queryset = colleagues
        if not may_keep_secrets:
            del self.fields["is_private"]

    def clean(self) -> dict[str, Any]:
        """Refuse a private entry by who may not keep one, and a mail whose writer is not plain."""
        given = super().clean() or {}
        if "is_private" not in self.fields and self.data.get("is_private"):
            raise forms.ValidationError("Only the account's manager and team keep private entries about it: nothing was stored.")
        if given.get("kind") == InteractionKind.MAIL:
            if not given.get("began_by"):
                self.add_error("began_by", "Which side wrote the mail?")
            elif len(self._writers(given)) != 1:
                name = "colleagues" if given["began_by"] == Side.OURS else "contacts"
                self.add_error(name, "One person writes a mail: choose who did.")
        return given

    @property
    def details(self) -> InteractionDetails:
        """What was filled in; without a time of day the entry stands at noon and is timed by nothing."""
        given = self.cleaned_data
        zone = timezone.get_current_timezone()
        at = datetime.combine(given["on"], given["time"] or NOON, tzinfo=zone).astimezone(UTC)
        names = (
            "kind", "duration_minutes", "began_by", "subject",
            "our_talk_minutes", "their_talk_minutes", "our_agenda_points", "their_agenda_points",
        )  # fmt: skip
        chosen = (f"@{one.name}" for one in given["mention"] if f"@{one.name}" not in given["note"])
        note = " ".join([given["note"], *chosen]).strip()
        return InteractionDetails(
            at=at, is_time_known=given["time"] is not None, note=note, **{name: given[name] for name in names}
        )

    @property
    def parties(self) -> list[Party]:
        """Who took part: of a mail its writer and who it was to, else everybody there."""
        given = self.cleaned_data
        writers = self._writers(given) if given["kind"] == InteractionKind.MAIL else []

        def part(one: User | Contact) -> Part:
            return Part.FROM if one in writers else Part.TO if writers else Part.PRESENT

        return [
            *(Party(part(one), user=one) for one in given["colleagues"]),
            *(Party(part(one), contact=one) for one in given["contacts"]),
        ]

    @staticmethod
    def _writers(given: dict[str, Any]) -> list[User | Contact]:
        side = "colleagues" if given.get("began_by") == Side.OURS else "contacts"
        return list(given.get(side) or ())


class PromiseForm(forms.Form):
    """What was promised, by whom and until when."""

    side = forms.TypedChoiceField(
        choices=[(Side.OURS, "We promise"), (Side.THEIRS, "They promise")], coerce=Side, label="Who promises"
    )
    text = forms.CharField(max_length=500, label="What")
    due_on = forms.DateField(label="Until", required=False, widget=DayInput, help_text="Empty: no day was named.")
    promised_on = forms.DateField(label="Promised on", widget=DayInput)
    by_user = forms.ModelChoiceField(User.objects.none(), required=False, label="By whom of ours", empty_label="Not known")
    by_contact = forms.ModelChoiceField(
        Contact.objects.none(), required=False, label="By whom of theirs", empty_label="Not known"
    )

    def __init__(self, *args: Any, contacts: QuerySet[Contact], colleagues: QuerySet[User], **fields: Any) -> None:
        fields["initial"] = {"promised_on": timezone.localdate()} | fields.get("initial", {})
        super().__init__(*args, **fields)
        cast("forms.ModelChoiceField[User]", self.fields["by_user"]).queryset = colleagues
        cast("forms.ModelChoiceField[Contact]", self.fields["by_contact"]).queryset = contacts


class ClosePromiseForm(forms.Form):
    """What became of a promise."""

    state = forms.TypedChoiceField(
        choices=[(PromiseState.KEPT, "Kept"), (PromiseState.BROKEN, "Broken"), (PromiseState.WITHDRAWN, "Withdrawn")],
        coerce=PromiseState,
        label="What became of it",
        help_text="Kept after its day counts as kept late.",
    )
    on = forms.DateField(label="On", widget=DayInput)
    reason = forms.CharField(max_length=500, required=False, help_text="Needed where it was broken or withdrawn.")

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, initial={"on": timezone.localdate()}, **fields)
