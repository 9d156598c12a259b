"""One change for many accounts."""

from typing import Any, cast

from django import forms

from openkam.app.accounts.forms.fields import WordList
from openkam.app.accounts.models import Tag
from openkam.app.accounts.queries.bulk import BulkChange
from openkam.app.accounts.queries.pickers import account_tags, assignable_managers, assignable_teams
from openkam.app.accounts.terms.account import Kind
from openkam.app.people.models import Team, User

AS_IT_IS, NOBODY = "", "nobody"


class BulkForm(forms.Form):
    """What to change in all of them; what is left as it is stays as it is."""

    kind = forms.ChoiceField(choices=[(AS_IT_IS, "As it is"), *Kind.choices], required=False)
    manager = forms.ChoiceField(required=False)
    team = forms.ChoiceField(required=False)
    add_tags = WordList(required=False, max_length=1000, label="Add tags", help_text="With commas between them.")
    remove_tags = forms.ModelMultipleChoiceField(Tag.objects.none(), required=False, label="Take tags away")
    delete = forms.BooleanField(required=False, label="Put them into the bin")
    reason = forms.CharField(max_length=500, required=False, help_text="Kept in the audit of each account.")

    def __init__(self, *args: Any, user: User, may_delete: bool, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.managers = {str(person.pk): person for person in assignable_managers()}
        self.teams = {str(team.pk): team for team in assignable_teams()}
        _offer(self, "manager", self.managers)
        _offer(self, "team", self.teams)
        cast("forms.ModelMultipleChoiceField[Tag]", self.fields["remove_tags"]).queryset = account_tags(user)
        if not may_delete:
            del self.fields["delete"]

    def clean(self) -> dict[str, Any]:
        """Nothing is no change, and the bin goes with nothing else."""
        cleaned = super().clean() or self.cleaned_data
        named = [name for name in ("kind", "manager", "team", "add_tags", "remove_tags") if cleaned.get(name)]
        if not self.errors and not named and not cleaned.get("delete"):
            raise forms.ValidationError("Choose something to change.")
        if named and cleaned.get("delete"):
            raise forms.ValidationError("Accounts that go into the bin are not changed: choose one or the other.")
        return cleaned

    def change(self, tags: list[Tag]) -> BulkChange:
        """What was chosen; `tags` are those named in `add_tags`."""
        chosen = self.cleaned_data
        return BulkChange(
            kind=Kind(chosen["kind"]) if chosen["kind"] else None,
            set_manager=bool(chosen["manager"]),
            manager=self.managers.get(chosen["manager"]),
            set_team=bool(chosen["team"]),
            team=self.teams.get(chosen["team"]),
            add_tags=tuple(tags),
            remove_tags=tuple(chosen["remove_tags"]),
            delete=bool(chosen.get("delete")),
        )


def _offer(form: forms.Form, name: str, things: "dict[str, User] | dict[str, Team]") -> None:
    choices = [(AS_IT_IS, "As it is"), (NOBODY, "Nobody"), *((key, str(thing)) for key, thing in things.items())]
    cast("forms.ChoiceField", form.fields[name]).choices = choices
