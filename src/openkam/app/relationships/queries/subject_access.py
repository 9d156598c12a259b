"""Everything that is held of one person, as the person may ask to have it: tables of what each kind of record says."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q

from openkam.app.accounts.models import SavedView
from openkam.app.audit.models import Entry
from openkam.app.ledger.queries.facts import facts_naming
from openkam.app.relationships.models import (
    BuyingRole,
    Claim,
    Commitment,
    ContactPoint,
    ContactProposal,
    CorrespondenceImport,
    Employment,
    InfluenceLine,
    Interaction,
    Invitation,
    LoyaltyEvidence,
    Mailbox,
    MailboxFolder,
    MapPlace,
    Participant,
    RefusedItem,
    ReportingLine,
    Response,
)
from openkam.app.relationships.queries.audit_traces import entries_about
from openkam.app.relationships.queries.person_traces import Person
from openkam.app.relationships.queries.texts_naming import NamingText, texts_naming

ANOTHER = "another person at the account"
"""In a line between two, the other one: what is held of others is not this person's to have."""


@dataclass(frozen=True, slots=True)
class Section:
    """One table: what it holds, its columns, its rows."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class HeldOfPerson:
    """All of it; `private_left_out` counts private entries about others that name the person, of which the text is left out."""

    sections: Sequence[Section]
    private_left_out: int

    @property
    def counts(self) -> dict[str, int]:
        """Rows of each section by its title, those without any left out."""
        return {section.title: len(section.rows) for section in self.sections if section.rows}


@dataclass(slots=True)
class Mentions:
    """Other texts that name the person, and how many were private."""

    rows: list[Sequence[object]] = field(default_factory=list[Sequence[object]])
    private: int = 0


Take = str | Callable[[Any], object]
"""How a cell is read of a record: the name of a field, or a function."""

_ACCOUNT: dict[str, Take] = {"Account": "account"}
_DAYS: dict[str, Take] = {"Since": "from_on", "Until": "until_on"}
TABLES: tuple[tuple[str, str, type[Model], tuple[str, ...], dict[str, Take]], ...] = (
    (
        "reach",
        "Ways to reach them",
        ContactPoint,
        (),
        {"Kind": lambda one: one.get_kind_display(), "Value": "value", "Which": "label"},
    ),
    (
        "posts",
        "Posts",
        Employment,
        ("account",),
        {
            **_ACCOUNT,
            "Title": "job_title",
            "Function": lambda one: one.get_function_display(),
            "Level": lambda one: one.get_level_display() or "",
            "Site": "site",
            **_DAYS,
        },
    ),
    (
        "roles",
        "Buying roles",
        BuyingRole,
        ("account",),
        {**_ACCOUNT, "Role": lambda one: one.get_role_display(), "Category": "category", **_DAYS},
    ),
    (
        "places",
        "Places on people maps",
        MapPlace,
        ("map__account",),
        {"Account": lambda one: one.map.account, "Map": "map", "x": "x", "y": "y"},
    ),
    (
        "claims",
        "What we believe about them",
        Claim,
        ("account", "author"),
        {
            **_ACCOUNT,
            "Topic": lambda one: one.get_topic_display(),
            "Text": "text",
            "Grade": "grade",
            "Source": "source",
            "As of": "as_of_on",
            "Certainty": lambda one: one.get_certainty_display(),
            "Author": "author",
            "For manager and team only": "is_private",
            "Withdrawn": "withdrawn_at",
        },
    ),
    (
        "promises",
        "Promises of theirs",
        Commitment,
        ("account",),
        {
            **_ACCOUNT,
            "Promise": "text",
            "Made": "promised_on",
            "Due": "due_on",
            "State": lambda one: one.get_state_display(),
            "Closed": "closed_on",
            "Reason": "reason",
        },
    ),
    (
        "loyalty",
        "Notes of loyalty",
        LoyaltyEvidence,
        ("account", "author"),
        {
            **_ACCOUNT,
            "Kind": lambda one: one.get_kind_display(),
            "On": "on",
            "Until": "until_on",
            "Attitude": "recommends",
            "Source": "source",
            "Their side": "confirmed_by_them",
            "Author": "author",
        },
    ),
    (
        "proposals",
        "Proposed as a contact",
        ContactProposal,
        ("account",),
        {
            **_ACCOUNT,
            "Address": "address",
            "Name": "name",
            "State": lambda one: one.get_state_display(),
            "Proposed": "proposed_at",
        },
    ),
)
"""Records that become a table row by row: its name and title, the record, what is read with it, and the columns."""

PERSON = ("Name", "Honorific", "Language", "Time zone", "Added", "Added by")
ENTRIES = ("Account", "When", "Kind", "Part", "Subject", "Note", "Ours", "Others of theirs", "For manager and team only")
SURVEYS = ("Account", "Survey", "Address", "Sent", "Reminded", "Answered", "Question", "Answer", "Comment")
FACTS = ("Customer", "When", "Kind", "Direction", "Ours", "Theirs")
AUDIT = ("When", "Who", "Act", "Record", "Before", "After", "Reason")


def held_of(person: Person) -> HeldOfPerson:
    """What is held of a person, of all accounts: whoever asks for it must be allowed to see all of it."""
    mentions = mentions_of(person)
    one = person.contact
    themselves = (one.name, one.honorific, one.language, one.time_zone, one.created_at, _told(one.created_by))
    sections = [
        Section("person", "The person", PERSON, [themselves]),
        *(
            _section(name, title, person.records[model].select_related(*joined), columns)
            for name, title, model, joined, columns in TABLES
        ),
        Section("lines", "Lines on people maps", ("Account", "Line", "Since", "Until"), list(_lines(person))),
        Section("entries", "What passed between us", ENTRIES, list(_entries(person))),
        Section("surveys", "Surveys", SURVEYS, list(_surveys(person))),
        Section("mentions", "Texts that name them", ("Kind of record", "Field", "Text"), mentions.rows),
        Section("facts", "Rows of the ledger", FACTS, _facts(person)),
        Section("audit", "Changes to records about them", AUDIT, list(_audit(person))),
    ]
    return HeldOfPerson(sections, mentions.private)


def mentions_of(person: Person) -> Mentions:
    """Texts of other records that name the person. What is private and about others is counted alone."""
    found = Mentions()
    own = {(model, key) for model in person.records for key in person.records[model].order_by().values_list("pk", flat=True)}
    for text in texts_naming(person):
        if (text.model, text.pk) in own:
            continue
        if _is_private(text):
            found.private += 1
            continue
        record = text.model._base_manager.get(pk=text.pk)
        kind = str(text.model._meta.verbose_name).capitalize()
        found.rows += [(kind, name.replace("_", " "), _told(getattr(record, name))) for name in text.values]
    return found


PRIVATE: dict[type[Model], Q] = {
    Claim: Q(is_private=True),
    Interaction: Q(is_private=True),
    Commitment: Q(interaction__is_private=True),
    Response: Q(survey__is_anonymous=True),
    SavedView: Q(is_shared=False),
    **dict.fromkeys((CorrespondenceImport, RefusedItem, Mailbox, MailboxFolder), Q()),
}
"""What not everybody who sees the account may read: for manager and team, an answer without a name, somebody's own mail or view."""


def _is_private(text: NamingText) -> bool:
    return text.model in PRIVATE and text.model._base_manager.filter(PRIVATE[text.model], pk=text.pk).exists()


def _section(name: str, title: str, records: Iterable[Model], columns: dict[str, Take]) -> Section:
    rows = [[_told(take(one) if callable(take) else getattr(one, take)) for take in columns.values()] for one in records]
    return Section(name, title, tuple(columns), rows)


def _told(value: object) -> object:
    """A value as a file holds it: yes or no, records by name, days and instants as they are."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Model() | list() | dict():
            return str(value)
        case _:
            return value


def _lines(person: Person) -> Iterable[Sequence[object]]:
    key = person.contact.pk
    for line in person.records[ReportingLine].select_related("account"):
        words = f"reports to {ANOTHER}" if line.contact_id == key else f"{ANOTHER} reports to them"
        yield line.account.name, words, line.from_on, line.until_on
    for line in person.records[InfluenceLine].select_related("account"):
        words = f"sways {ANOTHER}" if line.contact_id == key else f"{ANOTHER} sways them"
        yield line.account.name, f"{words} ({line.get_strength_display().lower()})", line.from_on, line.until_on


def _entries(person: Person) -> Iterable[Sequence[object]]:
    entries = person.records[Interaction].select_related("account").prefetch_related("participants__user")
    own = set(person.records[Participant].order_by().values_list("pk", flat=True))
    for entry in entries:
        people = list(entry.participants.all())
        part = ", ".join(one.get_part_display() for one in people if one.pk in own)
        ours = ", ".join(one.user.name for one in people if one.user is not None)
        others = sum(one.user_id is None and one.pk not in own for one in people)
        told = (entry.account.name, entry.at, entry.get_kind_display(), part, entry.subject, entry.note, ours, others)
        yield *told, _told(entry.is_private)


def _surveys(person: Person) -> Iterable[Sequence[object]]:
    asked = person.records[Invitation].select_related("survey__account", "response").prefetch_related("response__answers")
    for one in asked:
        told = (one.survey.account.name, one.survey.get_kind_display(), one.address, one.sent_at, one.reminded_at, one.used_on)
        response = getattr(one, "response", None)
        if response is None:
            yield *told, "", "", ""
            continue
        for answer in response.answers.all():
            yield *told, answer.question, answer.value, response.comment


def _facts(person: Person) -> list[Sequence[object]]:
    names = ("customer_key", "occurred_at", "kind", "direction", "our_person", "their_person")
    return [[_told(row[name]) for name in names] for row in facts_naming(person.without)]


def _audit(person: Person) -> Iterable[Sequence[object]]:
    for entry in Entry.objects.filter(entries_about(person)).order_by("pk"):
        yield entry.at, entry.actor_name, entry.verb, entry.record_name, _told(entry.before), _told(entry.after), entry.reason
