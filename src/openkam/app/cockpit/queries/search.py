"""One search over everything a person may open. Each room's own query applies the scope; nothing is counted that is not shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.urls import reverse

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.pickers import account_managers
from openkam.app.accounts.queries.search import LONGEST_SEARCH, found_accounts
from openkam.app.accounts.terms.names import folded
from openkam.app.cockpit.queries.destinations import destinations
from openkam.app.cockpit.terms import COMMANDS, PAGES, Destination
from openkam.app.ledger.queries.drafts import open_drafts
from openkam.app.ledger.queries.history import BatchLine, batches
from openkam.app.ledger.terms import RefusedError, Step
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.app.people.queries import people
from openkam.app.people.terms import Role
from openkam.app.relationships.models import Employment
from openkam.app.relationships.queries.contact_list import found_contacts
from openkam.app.runs.models import Run
from openkam.app.runs.queries import visible_runs
from openkam.app.runs.terms import RunStatus

Record = TypeVar("Record", bound=Model)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is called, a word on it, its icon and where it is; `at` is when it came to be, where that tells it apart."""

    name: str
    note: str
    icon: str
    href: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind."""

    label: str
    hits: tuple[Hit, ...]


def search(user: User, text: str, limit: int) -> tuple[Group, ...]:
    """At most so many of each kind, kinds with none left out; nothing for a text without a letter or figure."""
    wanted = text[:LONGEST_SEARCH]
    if not folded(wanted):
        return ()
    accounts = found_accounts(user, wanted, limit)
    # Who typed the name of an account as it is made no slip: no second look at contacts for one.
    is_right = any(all(word in account.sort_name for word in folded(wanted).split()) for account in accounts)
    groups = (
        Group("Accounts", tuple(_account(account) for account in accounts)),
        Group("Contacts", tuple(_contact(post) for post in found_contacts(user, wanted, limit, forgives=not is_right))),
        Group("People", tuple(_people(user, wanted, limit))),
        Group("Runs", tuple(_run(run) for run in _named(visible_runs(user), "title", wanted)[:limit])),
        Group("Imports", tuple(_imports(user, wanted))[:limit]),
        Group("Pages", tuple(_destination(page) for page in destinations(user, (*COMMANDS, *PAGES), wanted)[:limit])),
    )
    return tuple(group for group in groups if group.hits)


def palette(user: User, text: str, limit: int) -> tuple[Group, ...]:
    """What the command palette offers: commands and pages before anything is typed, then what `search` finds, pages first."""
    if folded(text):
        found = search(user, text, limit)
        return tuple(sorted(found, key=lambda group: group.label != "Pages" or not _is_named(group, text)))
    return (
        Group("Pages", tuple(_destination(page) for page in destinations(user, PAGES, ""))),
        Group("Commands", tuple(_destination(command) for command in destinations(user, COMMANDS, ""))),
    )


def _is_named(group: Group, text: str) -> bool:
    """Whether one of the group's labels begins with the text: then a page is meant, not an account."""
    return any(folded(hit.name).startswith(folded(text)) for hit in group.hits)


def _named(records: QuerySet[Record], field: str, text: str) -> QuerySet[Record]:
    for word in text.split():
        records = records.filter(**{f"{field}__icontains": word})
    return records


def _account(account: Account) -> Hit:
    manager = account.manager.name if account.manager else "no manager"
    return Hit(
        account.name,
        f"{account.get_kind_display()}, {manager}",
        "building-store",
        reverse("cockpit:account", args=[account.pk]),
    )


def _contact(post: Employment) -> Hit:
    told = post.in_words if post.job_title or post.function else ""
    held = f"formerly {told}".strip() if post.until_on else told
    note = ", ".join(part for part in (held, post.account.name) if part)
    return Hit(post.contact.name, note, "address-book", post.contact.get_absolute_url())


def _people(user: User, text: str, limit: int) -> list[Hit]:
    """Everybody for who manages people; else whoever looks after an account that the user sees, leading to those accounts."""
    if may(user, Permission.MANAGE_PEOPLE):
        everybody = _named(people(user), "name", text)[:limit]
        return [
            Hit(person.name, str(Role(person.role).label), "user", reverse("people:edit", args=[person.pk]))
            for person in everybody
        ]
    accounts = reverse("accounts:list")
    return [
        Hit(person.name, "accounts in their care", "user", f"{accounts}?manager={person.pk}")
        for person in _named(account_managers(user), "name", text)[:limit]
    ]


def _run(run: Run) -> Hit:
    return Hit(run.title, str(RunStatus(run.status).label), "player-play", reverse("runs:detail", args=[run.pk]), run.queued_at)


def _imports(user: User, text: str) -> list[Hit]:
    """Imports on their way, then batches, newest first; a ledger that cannot be read has none to find."""
    if not may(user, Permission.IMPORT_FACTS):
        return []
    words = folded(text).split()
    under_way = [
        Hit(str(draft), str(Step(draft.step).label), "file-import", reverse("ledger:import-run", args=[draft.pk]), draft.begun_at)
        for draft in open_drafts(user)
        if _has(words, str(draft), *(upload.name for upload in draft.uploads.all()))
    ]
    try:
        done = [_batch(line) for line in batches(user) if _has(words, line.source, line.table_label, *line.file_names)]
    except RefusedError:
        done = []
    return under_way + done


def _batch(line: BatchLine) -> Hit:
    note = "in the ledger" if line.is_live else "undone"
    href = reverse("ledger:batch", args=[line.batch_id])
    return Hit(f"{line.table_label} from {line.source}", note, "stack-2", href, line.imported_at)


def _has(words: list[str], *texts: str) -> bool:
    hay = folded(" ".join(texts))
    return all(word in hay for word in words)


def _destination(one: Destination) -> Hit:
    return Hit(one.label, "", one.icon, reverse(one.url_name))
