"""The sample company at work: its people, its accounts, its first round and what its head decided."""

from django.db import transaction
from django.utils import timezone

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.review.review import Review
from openkam.analytics.selection.programme import Programme
from openkam.app.accounts.operations.assignment import share_account
from openkam.app.accounts.operations.bulk import bulk_change_accounts
from openkam.app.accounts.queries.bulk import BulkChange
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.cockpit.operations.demo_decisions import decide_demo
from openkam.app.cockpit.operations.demo_relations import relate_demo
from openkam.app.cockpit.operations.demo_stages import stage_demo
from openkam.app.cockpit.operations.demo_value import SAMPLE_YEAR_STARTS_IN, value_demo
from openkam.app.people.models import User
from openkam.app.people.operations.organisation import OrganisationDetails, change_organisation
from openkam.app.people.operations.teams import create_team
from openkam.app.people.operations.users import create_user
from openkam.app.people.queries import active_users, organisation
from openkam.app.people.terms import Role
from openkam.app.relationships.operations.ladder_places import reckon_all_places
from openkam.app.selection.models import Round
from openkam.app.selection.operations.robustness import request_robustness
from openkam.app.selection.operations.rounds import store_review
from openkam.app.selection.queries.candidates import baseline_candidates
from openkam.app.selection.queries.rounds import rounds, scenario_of

DEMO_DOMAIN = "demo.example"
REASON = "The sample company"
LEADERS = (("Ada Administrator", Role.ADMINISTRATOR), ("Hedy Head", Role.HEAD), ("Anna Analyst", Role.ANALYST))
COLLEAGUES = (("Tess Teammate", Role.TEAM_MEMBER), ("Rita Reader", Role.READ_ONLY))
SAMPLE_ORGANISATION = OrganisationDetails(
    name="Wide World Importers",
    legal_name="Wide World Importers",
    country="US",
    currency="USD",
    fiscal_year_start_month=SAMPLE_YEAR_STARTS_IN,
)
"""The sample company's books begin a year in November."""
TEAM = "Key account desk"
SHARED = 5
"""How many of the proposed accounts the demo's reader may see."""


@transaction.atomic
def fill_demo(*, ledger: Ledger, review: Review, programme: Programme) -> User:
    """The demo's administrator; makes people, accounts, a round of this very review with its first decisions, and a valuation.

    What is there already stays. The organisation is described unless somebody described it before.
    """
    if not organisation().name:
        change_organisation(actor=None, details=SAMPLE_ORGANISATION, reason=REASON)
    known = {person.email: person for person in active_users()}
    people = {role: _person(known, name, role) for name, role in LEADERS}
    administrator, head = people[Role.ADMINISTRATOR], people[Role.HEAD]
    hours = {manager.name: round(manager.hours_per_year) for manager in programme.managers}
    for name in sorted({name for name in review.accounts["current_manager"].to_pylist() if name} | hours.keys()):
        _person(known, name, Role.MANAGER, reports_to=head, hours_per_year=hours.get(name, 0))
    if not rounds(head).exists():
        text = "\n".join(programme.document.lines)
        made = store_review(actor=head, ledger=ledger, review=review, text=text, programme=programme)
        _let_colleagues_in(known, administrator, made)
        decide_demo(head, made)
    value_demo(head, ledger, review.as_of, review.currency)
    # Behind what lies ahead of the accounts, which more pages wait for.
    newest = rounds(head).first()
    baseline = scenario_of(head, newest, None) if newest else None
    if baseline and baseline.robustness_run_id is None and baseline.round.is_open:
        request_robustness(actor=head, scenario=baseline)
    reckon_all_places(today=timezone.localdate(), tell=lambda _: None)
    return administrator


def _let_colleagues_in(known: dict[str, User], administrator: User, made: Round) -> None:
    """A team that works on the proposed accounts, what passed between us and two of them, and a reader who sees the first of them."""
    mate, reader = (_person(known, name, role) for name, role in COLLEAGUES)
    proposed = baseline_candidates(administrator, made).filter(is_selected=True, account__isnull=False)
    desk = create_team(actor=administrator, name=TEAM, members=[mate])
    accounts = visible_accounts(administrator).filter(pk__in=proposed.order_by().values("account"))
    bulk_change_accounts(actor=administrator, accounts=accounts, change=BulkChange(set_team=True, team=desk), reason=REASON)
    best = [one.account for one in proposed.select_related("account__manager")[:SHARED] if one.account]
    relate_demo(administrator, mate, best)
    stage_demo(administrator, best)
    for account in best:
        share_account(actor=administrator, account=account, user=reader)


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
        reason=REASON,
    )
