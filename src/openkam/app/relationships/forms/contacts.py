"""A person: who they are, how to reach them, their posts and roles."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils import timezone

from openkam.app.accounts.forms.fields import AccountReference
from openkam.app.accounts.models import Account
from openkam.app.people.forms import zone_field
from openkam.app.people.models import User
from openkam.app.people.terms import Function, Level
from openkam.app.relationships.models import Contact, ContactPoint, Employment
from openkam.app.relationships.operations.contacts import ContactDetails, Reach
from openkam.app.relationships.operations.employments import PostDetails
from openkam.app.relationships.terms import BuyingCenterRole, PointKind
from openkam.app.ui.forms import DayInput

REACH_HELP = "One a line; after a comma, which one it is, as in {example}."


class ReachField(forms.CharField):
    """Ways to reach somebody, one a line, each with an optional word after a comma that says which."""

    def __init__(self, kind: PointKind, *, example: str, **fields: Any) -> None:
        words = {"required": False, "max_length": 5000, "help_text": REACH_HELP.format(example=example)}
        super().__init__(widget=forms.Textarea(attrs={"rows": 2}), **words, **fields)
        self.kind = kind

    def clean(self, value: Any) -> list[Reach]:
        lines = [line.partition(",") for line in super().clean(value).splitlines() if line.strip()]
        return [Reach(self.kind, value.strip(), label.strip()) for value, _, label in lines]


class ContactForm(forms.Form):
    """What is kept of a person."""

    name = forms.CharField(max_length=200, help_text="As they write it themselves.")
    honorific = forms.CharField(max_length=40, required=False, label="Form of address", help_text="For example Dr.")
    mails = ReachField(PointKind.MAIL, example="anna@example.org, assistant", label="E-mail")
    phones = ReachField(PointKind.PHONE, example="+49 30 901820, mobile", label="Phone")
    language = forms.CharField(max_length=35, required=False, help_text="The one to speak with them.")
    time_zone = zone_field()

    def __init__(self, *args: Any, person: Contact | None = None, points: Iterable[ContactPoint] = (), **fields: Any) -> None:
        if person is not None:
            ways = list(points)
            fields["initial"] = {
                **{name: getattr(person, name) for name in ("name", "honorific", "language", "time_zone")},
                "mails": _lines(ways, PointKind.MAIL),
                "phones": _lines(ways, PointKind.PHONE),
            }
        super().__init__(*args, **fields)

    @property
    def details(self) -> ContactDetails:
        """What was filled in."""
        given = self.cleaned_data
        return ContactDetails(
            name=given["name"],
            honorific=given["honorific"],
            language=given["language"],
            time_zone=given["time_zone"],
            reach=[*given["mails"], *given["phones"]],
        )


class PostForm(forms.Form):
    """A post at an account."""

    job_title = forms.CharField(max_length=200, required=False, label="Job title")
    function = forms.ChoiceField(choices=[("", "Not known"), *Function.choices], required=False)
    level = forms.TypedChoiceField(
        choices=[("", "Not known"), *((str(value), label) for value, label in Level.choices)],
        coerce=lambda value: Level(int(value)),
        empty_value=None,
        required=False,
    )
    site = forms.CharField(max_length=200, required=False, help_text="Plant, shop or office.")
    from_on = forms.DateField(label="Since", required=False, widget=DayInput, help_text="Empty: nobody told.")

    def __init__(self, *args: Any, post: Employment | None = None, **fields: Any) -> None:
        if post is not None:
            fields["initial"] = {name: getattr(post, name) for name in PostForm.base_fields}
        super().__init__(*args, **fields)

    @property
    def post(self) -> PostDetails:
        """What was filled in."""
        return PostDetails(**{name: self.cleaned_data[name] for name in PostForm.base_fields})


class NewContactForm(ContactForm, PostForm):
    """A person with the post that they hold at the account."""

    field_order = ("name", "honorific", "job_title", "function", "level", "site", "from_on", "mails", "phones")


class NewPostForm(PostForm):
    """A further post, at any account that the user sees."""

    def __init__(self, *args: Any, user: User, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.fields["account"] = AccountReference(user, options="accounts", max_length=320)
        self.order_fields(["account"])


class EndForm(forms.Form):
    """The last day of a post, and why it ended."""

    until_on = forms.DateField(label="Last day", widget=DayInput)
    reason = forms.CharField(max_length=500, required=False, help_text="Kept in the audit.")

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, initial={"until_on": timezone.localdate()}, **fields)


class RoleForm(forms.Form):
    """What a person does when an account buys."""

    role = forms.TypedChoiceField(choices=BuyingCenterRole.choices, coerce=BuyingCenterRole, label="Role")
    category = forms.CharField(
        max_length=120, required=False, label="When it buys", help_text="A purchase category. Empty: whatever it buys."
    )
    from_on = forms.DateField(label="Since", widget=DayInput)
    account = forms.ModelChoiceField(Account.objects.none(), empty_label=None)

    def __init__(self, *args: Any, accounts: Any, **fields: Any) -> None:
        super().__init__(*args, initial={"from_on": timezone.localdate(), "account": accounts.first()}, **fields)
        cast("forms.ModelChoiceField[Account]", self.fields["account"]).queryset = accounts


def _lines(points: Iterable[ContactPoint], kind: PointKind) -> str:
    ways = (point for point in points if point.kind == kind)
    return "\n".join(f"{point.value}, {point.label}" if point.label else point.value for point in ways)
