"""The organisation beside what the programme and the rounds say of money and time."""

from dataclasses import dataclass
from datetime import date

from openkam.app.people.models import Organisation, User
from openkam.app.people.queries import organisation
from openkam.app.people.terms import FiscalYear
from openkam.app.selection.models import Round
from openkam.app.selection.queries.rounds import rounds
from openkam.app.selection.queries.workspace import programme_path, workspace_programme
from openkam.app.selection.terms import RefusedError


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """The organisation, its fiscal year today, and where the programme or the last round reckons in another currency."""

    organisation: Organisation
    fiscal_year: FiscalYear
    programme_currency: str
    """What the programme's file names; blank where it names none, or there is none, or it has a fault."""
    last_round: Round | None

    @property
    def programme_differs(self) -> bool:
        """True where the next round would be in another currency than the organisation's."""
        return bool(self.organisation.currency and self.programme_currency not in {"", self.organisation.currency})

    @property
    def last_round_differs(self) -> bool:
        """True where the last round was in another currency than the organisation's."""
        known = self.last_round is not None and bool(self.organisation.currency)
        return known and self.last_round is not None and self.last_round.currency != self.organisation.currency


def organisation_page(user: User, today: date) -> OrganisationPage:
    """The page's content."""
    known = organisation()
    return OrganisationPage(known, known.fiscal_year_of(today), _programme_currency(user), rounds(user).first())


def _programme_currency(user: User) -> str:
    if not programme_path().is_file():
        return ""
    try:
        return workspace_programme(user)[1].currency or ""
    except RefusedError:
        return ""
