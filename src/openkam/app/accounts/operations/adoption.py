"""Make accounts of the ledger's customers: many at once, and as often as one likes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from openkam.app.accounts.models import Account, AccountKey
from openkam.app.accounts.operations.adopted_facts import AdoptedFacts
from openkam.app.accounts.operations.adopted_lines import Lines
from openkam.app.accounts.operations.ledger_customers import LedgerCustomer, first_word
from openkam.app.accounts.operations.naming import search_text_of, sort_name_of
from openkam.app.accounts.terms.account import Kind
from openkam.app.accounts.terms.names import folded
from openkam.app.audit.operations import Write, insert_rows, new_keys, record_writes
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.people.queries import active_users

BATCH = 2000
ACCOUNT_COLUMNS = tuple(field.attname for field in Account._meta.concrete_fields)
ACCOUNT_FIELDS = tuple(field.name for field in Account._meta.concrete_fields)


@dataclass(frozen=True, slots=True)
class Adoption:
    """What came of it: new accounts, accounts that got further customers, facts added, and what could not be taken over."""

    created: int
    extended: int
    known: int
    facts: int
    notes: tuple[str, ...]


@transaction.atomic
def adopt_ledger_accounts(*, actor: User, customers: Iterable[LedgerCustomer], as_of_on: date, reason: str = "") -> Adoption:
    """Make an account for every account of the ledger that has none yet, and give known ones their new customers and facts.

    A second call with the same customers changes nothing. What people set (name, manager, parent, kind) is never overwritten, except
    that a prospect that has bought becomes a customer; an account in the bin stays there. Of several customers of one account the
    first that has a word gives it: sort them by importance. `as_of_on` is the day of the ledger's facts.
    """
    require(actor, Permission.IMPORT_FACTS)
    groups: dict[str, list[LedgerCustomer]] = {}
    for customer in customers:
        groups.setdefault(customer.ledger_account, []).append(customer)
    owners, parents = _known_owners(groups)
    new = {name: group for name, group in groups.items() if name not in owners}
    lines = Lines(new, owners | parents)
    facts = AdoptedFacts(actor, as_of_on)
    managers = _managers_by_name()
    created: dict[str, Account] = {}
    for level in lines.levels():
        created |= _create(actor, {name: groups[name] for name in level}, lines, managers, facts)
    lines.store(created)
    added_keys = _add_keys(groups, owners | {name: account.pk for name, account in created.items()})
    record_writes(actor=actor, verb="created", writes=_creations(created, new), reason=reason)
    extended = _record_extensions(actor, added_keys, set(owners.values()), reason)
    promoted = _promote(actor, groups, owners, reason)
    facts.compare(groups, owners)
    facts.add_numbers_and_addresses(created, new)
    return Adoption(
        created=len(created),
        extended=extended,
        known=len(owners),
        facts=facts.store(),
        notes=(*lines.notes, *promoted, *_unknown_managers(new, managers), *facts.notes),
    )


def _known_owners(groups: Mapping[str, Sequence[LedgerCustomer]]) -> tuple[dict[str, int], dict[str, int]]:
    """The account of each ledger account that has one, by any of its customers, else by the engine's name of it.

    Beside it the accounts of parents that are not among the groups.
    """
    by_key: dict[tuple[str, str], int] = {}
    by_name: dict[str, int] = {}
    keys = AccountKey.objects.order_by("id").values_list("source", "customer_key", "ledger_account", "account_id")
    for source, customer_key, ledger_account, account_id in keys.iterator(chunk_size=BATCH):
        by_key[source, customer_key] = account_id
        by_name.setdefault(ledger_account, account_id)
    owners: dict[str, int] = {}
    for name, group in groups.items():
        of_keys = (by_key.get((customer.source, customer.customer_key)) for customer in group)
        owner = next((found for found in of_keys if found is not None), by_name.get(name))
        if owner is not None:
            owners[name] = owner
    named = {customer.parent_account for group in groups.values() for customer in group} - groups.keys()
    return owners, {name: by_name[name] for name in named if name in by_name}


def _create(
    actor: User,
    groups: Mapping[str, Sequence[LedgerCustomer]],
    lines: Lines,
    managers: Mapping[str, User],
    facts: AdoptedFacts,
) -> dict[str, Account]:
    made: dict[str, Account] = {}
    for name, group in groups.items():
        title = " ".join((first_word(group, "name") or name).split())[:300]
        account = Account(
            kind=Kind.CUSTOMER if any(customer.kind == Kind.CUSTOMER for customer in group) else group[0].kind,
            name=title,
            sort_name=sort_name_of(title),
            manager=managers.get(folded(first_word(group, "manager"))),
            parent_id=lines.parent_of(name),
            created_by=actor,
        )
        facts.describe(account, group)
        account.search_text = search_text_of(title, account.legal_name, (customer.customer_key for customer in group))
        made[name] = account
    for account, key in zip(made.values(), new_keys(Account, len(made)), strict=True):
        account.pk = key
    insert_rows(Account, ACCOUNT_FIELDS, [[getattr(account, field) for field in ACCOUNT_COLUMNS] for account in made.values()])
    lines.place(made)
    return made


def _add_keys(groups: Mapping[str, Sequence[LedgerCustomer]], owners: Mapping[str, int]) -> dict[int, list[LedgerCustomer]]:
    """Store the customers that no account has yet; they by account."""
    known: set[tuple[str, str]] = set(AccountKey.objects.values_list("source", "customer_key").iterator(chunk_size=BATCH))
    added: dict[int, list[LedgerCustomer]] = {}
    rows: list[tuple[int, str, str, str]] = []
    for name, group in groups.items():
        for customer in group:
            if (customer.source, customer.customer_key) not in known:
                known.add((customer.source, customer.customer_key))
                added.setdefault(owners[name], []).append(customer)
                rows.append((owners[name], customer.source, customer.customer_key, name))
    insert_rows(AccountKey, ("account", "source", "customer_key", "ledger_account"), rows)
    return added


def _creations(created: Mapping[str, Account], groups: Mapping[str, Sequence[LedgerCustomer]]) -> Iterable[Write]:
    for name, account in created.items():
        keys = [f"{customer.source}: {customer.customer_key}" for customer in groups[name]]
        after = {
            "name": account.name,
            "kind": account.kind,
            "manager_id": account.manager_id,
            "parent_id": account.parent_id,
            "ledger_customers": keys,
        }
        yield Write(account, {}, {field: value for field, value in after.items() if value})


def _record_extensions(actor: User, added: Mapping[int, Sequence[LedgerCustomer]], known: set[int], reason: str) -> int:
    """Find known accounts under their new customers' keys too, and say in the audit that they came."""
    extended = list(Account.objects.filter(pk__in=[pk for pk in added if pk in known]))
    for account in extended:
        words = [account.search_text, *(folded(key.customer_key) for key in added[account.pk])]
        account.search_text = " ".join(dict.fromkeys(words))
    Account.objects.bulk_update(extended, ["search_text"], batch_size=500)
    writes = (
        Write(account, {}, {"ledger_customers": [f"{key.source}: {key.customer_key}" for key in added[account.pk]]})
        for account in extended
    )
    return record_writes(actor=actor, verb="extended", writes=writes, reason=reason)


def _promote(
    actor: User, groups: Mapping[str, Sequence[LedgerCustomer]], owners: Mapping[str, int], reason: str
) -> tuple[str, ...]:
    buyers = {owners[name] for name in owners if any(customer.kind == Kind.CUSTOMER for customer in groups[name])}
    prospects = [account for account in Account.objects.filter(kind=Kind.PROSPECT) if account.pk in buyers]
    Account.objects.filter(pk__in=[account.pk for account in prospects]).update(kind=Kind.CUSTOMER)
    writes = (Write(account, {"kind": Kind.PROSPECT}, {"kind": Kind.CUSTOMER}) for account in prospects)
    count = record_writes(actor=actor, verb="changed", writes=writes, reason=reason)
    return (f"{count} prospects have bought and became customers.",) if count else ()


def _managers_by_name() -> dict[str, User]:
    """Active users by folded name; a name that two bear means neither."""
    found: dict[str, list[User]] = {}
    for person in active_users():
        found.setdefault(folded(person.name), []).append(person)
    return {name: people[0] for name, people in found.items() if name and len(people) == 1}


def _unknown_managers(groups: Mapping[str, Sequence[LedgerCustomer]], managers: Mapping[str, User]) -> tuple[str, ...]:
    named = {first_word(group, "manager") for group in groups.values()} - {""}
    strangers = sorted(name for name in named if folded(name) not in managers)
    if not strangers:
        return ()
    return (f"No user bears the name of {len(strangers)} managers in the ledger: {', '.join(strangers[:5])}.",)
