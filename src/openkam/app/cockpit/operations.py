"""Writes across rooms: the organisation, people and accounts of the demo."""

from django.db import transaction

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.review.review import Review
from openkam.app.accounts.operations.reviewed import adopt_reviewed_accounts
from openkam.app.people.models import User
from openkam.app.people.operations.organisation import OrganisationDetails, change_organisation
from openkam.app.people.operations.users import create_user
from openkam.app.people.queries import active_users, organisation
from openkam.app.people.terms import Role

DEMO_DOMAIN = "demo.example"
LEADERS = (("Ada Administrator", Role.ADMINISTRATOR), ("Hedy Head", Role.HEAD), ("Anna Analyst", Role.ANALYST))
SAMPLE_ORGANISATION = OrganisationDetails(
    name="Wide World Importers",
    legal_name="Wide World Importers",
    country="US",
    currency="USD",
    fiscal_year_start_month=11,
)
"""The sample company's books begin a year in November."""
MANAGER_HOURS_PER_YEAR = 1600


@transaction.atomic
def fill_demo(*, ledger: Ledger, review: Review) -> User:
    """The demo's administrator; makes them, a head, an analyst, the review's managers and their accounts where they are not yet.

    The organisation is described unless somebody described it before.
    """
    if not organisation().name:
        change_organisation(actor=None, details=SAMPLE_ORGANISATION, reason="The sample company")
    known = {person.email: person for person in active_users()}
    people = {role: _person(known, name, role) for name, role in LEADERS}
    for name in sorted({name for name in review.accounts["current_manager"].to_pylist() if name}):
        _person(known, name, Role.MANAGER, reports_to=people[Role.HEAD], hours_per_year=MANAGER_HOURS_PER_YEAR)
    adopt_reviewed_accounts(actor=people[Role.ADMINISTRATOR], ledger=ledger, review=review)
    return people[Role.ADMINISTRATOR]


def _person(known: dict[str, User], name: str, role: Role, *, reports_to: User | None = None, hours_per_year: int = 0) -> User:
    email = f"{'.'.join(name.lower().split())}@{DEMO_DOMAIN}"
    if email in known:
        return known[email]
    return create_user(
        actor=None,
        email=email,
        name=name,
        role=role,
        reports_to=reports_to,
        hours_per_year=hours_per_year,
        reason="The sample company",
    )
