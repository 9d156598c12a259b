"""Connecting a mailbox, and choosing what of it is read."""

from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from openkam.app.relationships.models import Mailbox


class MailboxForm(forms.Form):
    """Where the mailbox is. A password is never shown again, so it is asked for each time."""

    host = forms.CharField(max_length=253, label="Server", help_text="As in imap.example.org; your mail provider names it.")
    port = forms.IntegerField(initial=993, label="Port", validators=[MinValueValidator(1), MaxValueValidator(65535)])
    user_name = forms.CharField(max_length=254, label="User", help_text="Mostly your mail address.")
    password = forms.CharField(
        max_length=500,
        strip=False,
        label="Password",
        help_text="Many providers make one for this use alone. It is kept encrypted and shown to nobody.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    keeps_subjects = forms.BooleanField(
        required=False, label="Keep the subjects too", help_text="Without this, who, to whom and when is all that is kept."
    )


class FoldersForm(forms.Form):
    """Which folders are read."""

    folders = forms.MultipleChoiceField(required=False, label="Folders that are read", widget=forms.CheckboxSelectMultiple)
    reads_again = forms.BooleanField(
        required=False, label="Read them again from the beginning", help_text="Brings back what was undone, and nothing twice."
    )

    def __init__(self, *args: Any, mailbox: Mailbox, **fields: Any) -> None:
        super().__init__(*args, **fields)
        known = list(mailbox.folders.values_list("pk", "label", "is_chosen"))
        field = cast("forms.MultipleChoiceField", self.fields["folders"])
        field.choices = [(str(pk), label) for pk, label, _ in known]
        field.initial = [str(pk) for pk, _, is_chosen in known if is_chosen]
