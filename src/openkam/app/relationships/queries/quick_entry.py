"""One line of text as a filled form, and who may be named in an entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from openkam.analytics.relationship.quick_entry import KnownPerson, read_entry
from openkam.app.accounts.models import Account, Share
from openkam.app.people.models import Membership, User
from openkam.app.relationships.queries.contacts import contacts_at
from openkam.app.relationships.terms import Side


@dataclass(frozen=True, slots=True)
class Draft:
    """What a line says, by field of the form; `remarks` say what it does not, or what can be read in two ways."""

    initial: Mapping[str, object]
    remarks: Sequence[str]


def colleagues_of(account: Account, user: User) -> QuerySet[User]:
    """Who of ours may take part: the account's manager and team, those whom it is shared with, and the user."""
    team = Membership.objects.filter(team=account.team_id).values("user") if account.team_id else User.objects.none().values("pk")
    shares = Share.objects.filter(account=account).values("user")
    return User.objects.filter(Q(pk__in=[user.pk, account.manager_id or user.pk]) | Q(pk__in=team) | Q(pk__in=shares))


def drafted(user: User, account: Account, line: str, today: date) -> Draft:
    """Read one line about a visible account as a form to confirm; nothing is stored."""
    known = [KnownPerson(f"c{one.pk}", one.name) for one in contacts_at(account)]
    known += [KnownPerson(f"u{one.pk}", one.name) for one in colleagues_of(account, user) if one != user]
    read = read_entry(line, today, known)
    began = "" if read.is_from_them is None else Side.THEIRS if read.is_from_them else Side.OURS
    initial: dict[str, object] = {
        "kind": read.kind,
        "on": read.on,
        "time": read.at,
        "duration_minutes": read.duration_minutes,
        "began_by": began,
        "subject": read.subject[:300],
        "contacts": [int(person.key[1:]) for person in read.people if person.key.startswith("c")],
        "colleagues": [user.pk, *(int(person.key[1:]) for person in read.people if person.key.startswith("u"))],
    }
    remarks = [f"{question.words} may be {_either(question.candidates)}: choose." for question in read.questions]
    remarks += [
        f"Nobody called {words} is known at {account.name}: add them as a person, or choose another." for words in read.strangers
    ]
    if read.unclear_day:
        remarks.append(f"{read.unclear_day} is no day that can be read in one way only: choose it.")
    elif read.on is None:
        remarks.append("The line names no day: choose it.")
    if read.kind is None:
        remarks.append("The line does not say what it was: choose a kind.")
    return Draft(initial, remarks)


def _either(people: Sequence[KnownPerson]) -> str:
    names = [person.name for person in people]
    return f"{', '.join(names[:-1])} or {names[-1]}"
