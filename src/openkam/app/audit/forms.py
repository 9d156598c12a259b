"""What a person says when they restore a value."""

from django import forms


class RestoreForm(forms.Form):
    """Why an old value comes back; kept in the audit."""

    reason = forms.CharField(label="Reason", max_length=500, required=False, help_text="Kept with the change.")
