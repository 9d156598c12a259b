"""Sending mails and appointments, and deciding on who was found in them."""

from django import forms


class CorrespondenceForm(forms.Form):
    """One file, and whether subjects may be kept."""

    file = forms.FileField(
        label="Mailbox, mail or calendar",
        help_text="A mailbox (.mbox), one mail (.eml) or a calendar (.ics), unpacked, at most 1 GiB.",
        widget=forms.FileInput(attrs={"accept": ".mbox,.mbx,.eml,.ics,message/rfc822,text/calendar"}),
    )
    keeps_subjects = forms.BooleanField(
        required=False, label="Keep the subjects too", help_text="Without this, who, to whom and when is all that is kept."
    )


class ReasonForm(forms.Form):
    """Why something is undone."""

    reason = forms.CharField(required=False, max_length=500, label="Reason")


class AcceptForm(forms.Form):
    """What the new contact is called."""

    name = forms.CharField(max_length=200, label="Name")
