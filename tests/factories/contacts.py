"""People at accounts, made by the operations that make real ones."""

from datetime import date
from itertools import count
from typing import Any

from django.utils import timezone
from tests.factories.people import user

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.people.terms import Function, Level, Role
from openkam.app.relationships.models import BuyingRole, Claim, Contact
from openkam.app.relationships.operations.buying_roles import assign_buying_role
from openkam.app.relationships.operations.claims import make_claim
from openkam.app.relationships.operations.contacts import ContactDetails, Reach, add_contact
from openkam.app.relationships.operations.employments import PostDetails
from openkam.app.relationships.terms import BuyingCenterRole, PointKind, Topic

_numbers = count(1)
SINCE = date(2015, 3, 1)


def contact(account: Account, name: str = "", *, actor: User | None = None, **details: object) -> Contact:
    """A saved person who buys for the account since 2015, with a mail address and a phone."""
    number = next(_numbers)
    reach = [Reach(PointKind.MAIL, f"buyer{number}@example.org"), Reach(PointKind.PHONE, f"+49 30 {number}", "mobile")]
    given: dict[str, Any] = {"name": name or f"Contact {number}", "reach": reach} | details
    post = PostDetails("Chief buyer", Function.PURCHASING, Level.DEPARTMENT_HEAD, "Main plant", SINCE)
    return add_contact(actor=actor or user(Role.ADMINISTRATOR), account=account, details=ContactDetails(**given), post=post)


def role(person: Contact, account: Account, kind: BuyingCenterRole = BuyingCenterRole.DECIDER, category: str = "") -> BuyingRole:
    """A saved role of a person in the buying of the account."""
    return assign_buying_role(
        actor=user(Role.ADMINISTRATOR), contact=person, account=account, role=kind, from_on=SINCE, category=category
    )


def claim(account: Account, text: str = "Likes us", *, actor: User | None = None, **fields: Any) -> Claim:
    """A saved claim of today about the stance of the account, or of a `contact` there."""
    given: dict[str, Any] = {"topic": Topic.STANCE, "source": "a visit", "as_of_on": timezone.localdate()} | fields
    return make_claim(actor=actor or user(Role.ADMINISTRATOR), account=account, text=text, **given)
