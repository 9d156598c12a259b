"""A small firm at work: its people by role, two managers with accounts of their own, facts on their cards, a run and an import."""

from dataclasses import dataclass
from datetime import date

from tests.factories.accounts import account, tag
from tests.factories.people import team, user

from openkam.app.accounts.models import Account
from openkam.app.accounts.operations.card import record_fact
from openkam.app.accounts.terms.card import FactField
from openkam.app.people.models import User
from openkam.app.people.terms import Role


@dataclass(frozen=True, slots=True)
class SmallCompany:
    """Who works there and what they look after; `foreign` is the colleague's account, which `manager` must never meet."""

    administrator: User
    head: User
    manager: User
    colleague: User
    analyst: User
    own: Account
    foreign: Account


def small_company() -> SmallCompany:
    """A saved one."""
    administrator = user(Role.ADMINISTRATOR, name="Lily Code")
    head = user(Role.HEAD, name="Anthony Grosse")
    manager = user(Role.MANAGER, name="Kayla Woodcock", reports_to=head, hours_per_year=1260)
    colleague = user(Role.MANAGER, name="Hudson Onslow", reports_to=head, hours_per_year=900)
    analyst = user(Role.ANALYST, name="Amy Trefl")
    north = team(manager, head, name="North")
    group = account("Tailspin Toys", actor=administrator, manager=manager)
    own = account(
        "Tailspin Toys · Pacific", actor=administrator, manager=manager, team=north, parent=group, tags=[tag("novelty")]
    )
    foreign = account("Wingtip Toys · Unseen Bay", actor=administrator, manager=colleague)
    account("Boutique François", actor=administrator, manager=manager)
    account("Contoso", actor=administrator)
    said = {
        FactField.LEGAL_NAME: ("Tailspin Toys Inc", date(2016, 5, 31)),
        FactField.INDUSTRY: ("4764", date(2016, 5, 31)),
        FactField.COUNTRY: ("US", date(2016, 5, 31)),
        FactField.EMPLOYEES: ("340", date(2014, 1, 15)),
    }
    for field, (value, as_of_on) in said.items():
        record_fact(actor=manager, account=own, field=field, value=value, source="annual report", as_of_on=as_of_on)
    return SmallCompany(administrator, head, manager, colleague, analyst, own, foreign)
