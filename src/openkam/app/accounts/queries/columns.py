"""The columns that a list of accounts can show, and what each says as text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import F, Prefetch, QuerySet

from openkam.app.accounts.models import Account, CustomField, CustomValue
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.accounts.terms.countries import country_name
from openkam.app.accounts.terms.industries import industry_title
from openkam.app.people.models import User
from openkam.app.people.queries.compiled import compiled_once

CUSTOM = "custom-"
"""Beginning of the key of a column that shows a custom field; its number follows."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `value` reads what it says from an account that `with_columns` prepared, `sorts_by` are the fields it sorts by."""

    key: str
    label: str
    value: Callable[[Account], object]
    sorts_by: tuple[str, ...] = ()
    is_number: bool = False


def _names(things: Sequence[object]) -> str:
    return ", ".join(str(thing) for thing in things)


BUILT_IN = (
    Column("name", "Name", lambda account: account.name, ("sort_name", "id")),
    Column("kind", "Kind", lambda account: account.get_kind_display(), ("kind", "sort_name", "id")),
    Column("legal_name", "Legal name", lambda account: account.legal_name),
    Column("parent", "Part of", lambda account: account.parent.name if account.parent else ""),
    Column(
        "manager",
        "Manager",
        lambda account: account.manager.name if account.manager else "",
        ("manager__name", "sort_name", "id"),
    ),
    Column("team", "Team", lambda account: account.team.name if account.team else "", ("team__name", "sort_name", "id")),
    Column("tags", "Tags", lambda account: _names(list(account.tags.all()))),
    Column("country", "Country", lambda account: country_name(account.country), ("country", "sort_name", "id")),
    Column("industry", "Industry", lambda account: industry_title(account.industry), ("industry", "id")),
    Column("industry_code", "ISIC/NACE", lambda account: account.industry, ("industry", "id")),
    Column("employees", "Employees", lambda account: account.employees, ("employees", "id"), is_number=True),
    Column("annual_turnover", "Annual turnover", lambda account: account.annual_turnover, is_number=True),
    Column("turnover_currency", "Currency", lambda account: account.turnover_currency),
    Column("keys", "Ledger customers", lambda account: _names(list(account.keys.all()))),
    Column("created_at", "Created", lambda account: account.created_at.date(), ("created_at", "id")),
    Column("changed_at", "Changed", lambda account: account.changed_at.date(), ("changed_at", "id")),
)
DEFAULT_COLUMNS = ("name", "kind", "manager", "team", "country", "industry", "employees", "tags")

TOLD = (
    *("name", "kind", "legal_name", "parent_id", "country", "industry", "employees", "annual_turnover", "turnover_currency"),
    *("created_at", "changed_at"),
)
"""What the built-in columns read of an account itself."""
BESIDE = ("manager", "team", "parent", CUSTOM, "tags", "keys")
"""Columns that read something else as well."""


def columns(fields: Sequence[CustomField]) -> dict[str, Column]:
    """Every column by its key: the built-in ones, then the given custom fields."""
    own = (Column(f"{CUSTOM}{field.pk}", field.name, _custom(field.pk)) for field in fields)
    return {column.key: column for column in (*BUILT_IN, *own)}


def chosen(keys: Sequence[str], known: dict[str, Column]) -> tuple[Column, ...]:
    """The known columns of those keys, the name always first; the default ones when none is known."""
    found = [key for key in dict.fromkeys(keys) if key in known and key != "name"]
    return tuple(known[key] for key in ("name", *(found or (key for key in DEFAULT_COLUMNS if key != "name"))))


NULLABLE = frozenset({"employees", "manager__name", "team__name"})
"""What may be missing; it stands last, whichever way the list is sorted."""


def in_order(accounts: QuerySet[Account], column: Column, *, is_descending: bool) -> QuerySet[Account]:
    """The accounts sorted by a column, ties by name and number, so that no row stands on two pages."""
    first, *others = column.sorts_by
    if first not in NULLABLE:
        return accounts.order_by(*(f"-{field}" if is_descending else field for field in column.sorts_by))
    order = F(first).desc(nulls_last=True) if is_descending else F(first).asc(nulls_last=True)
    return accounts.order_by(order, *others)


def sorted_by(accounts: QuerySet[Account], sort: str, known: dict[str, Column]) -> QuerySet[Account]:
    """The accounts in the order that an address asks for (`employees`, `-employees`); by name when it asks for none."""
    column = known.get(sort.removeprefix("-"))
    if column is None or not column.sorts_by:
        return in_order(accounts, known["name"], is_descending=False)
    return in_order(accounts, column, is_descending=sort.startswith("-"))


def with_columns(user: User, accounts: QuerySet[Account], shown: Sequence[Column]) -> QuerySet[Account]:
    """The accounts with what the shown columns read, in a number of queries that does not depend on the rows.

    A parent that the user does not see reads as none.
    """
    return _prepared(user, accounts, _needs(shown))


def rows_of(user: User, keys: Sequence[int], shown: Sequence[Column]) -> list[Account]:
    """The accounts with these keys, which the user sees, in this order and prepared as by `with_columns`."""
    found = {account.pk: account for account in _rows(user, tuple(keys), needs=_needs(shown))}
    return [found[key] for key in keys]


@compiled_once
def _rows(user: User, keys: tuple[int, ...], *, needs: tuple[str, ...]) -> QuerySet[Account]:
    return _prepared(user, Account.objects.filter(pk__in=keys).order_by(), needs)


def _needs(shown: Sequence[Column]) -> tuple[str, ...]:
    """What the columns read beside the account itself, in one order: an address may ask for columns in any, and queries are kept."""
    keys = {CUSTOM if column.key.startswith(CUSTOM) else column.key for column in shown}
    return tuple(name for name in BESIDE if name in keys)


def _prepared(user: User, accounts: QuerySet[Account], needs: Sequence[str]) -> QuerySet[Account]:
    related = [name for name in ("manager", "team") if name in needs]
    accounts = accounts.select_related(*related).only(*TOLD, *(f"{name}__name" for name in related))
    if "parent" in needs:
        accounts = accounts.prefetch_related(Prefetch("parent", visible_accounts(user).defer("search_text")))
    if CUSTOM in needs:
        accounts = accounts.prefetch_related(Prefetch("custom_values", CustomValue.objects.select_related("field")))
    return accounts.prefetch_related(*(name for name in ("tags", "keys") if name in needs))


def _custom(field_id: int) -> Callable[[Account], object]:
    def value(account: Account) -> object:
        return next((found.in_words for found in account.custom_values.all() if found.field_id == field_id), "")

    return value
