"""Rates of service: changed one entry at a time, each change tried over the ledger first and kept as a book of its own."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.time_driven_costing import PoolUse
from openkam.analytics.worth.service_rates import ChangedSign, compare_rates
from openkam.analytics.worth.worth_settings import WorthSettings
from openkam.app.audit.operations import recorded
from openkam.app.ledger.queries.facts import workspace_ledger
from openkam.app.people.models import User
from openkam.app.people.queries import organisation
from openkam.app.valuation.models import PoolRate, RateBook, TimeEquation
from openkam.app.valuation.permissions import may_change_rates, sees_all_records
from openkam.app.valuation.queries.rates import Rates, latest_book, rates_of, service_rates
from openkam.app.valuation.queries.scope import latest_valuation, visible_worths
from openkam.app.valuation.terms import RefusedError

SHOWN = 20
"""Accounts that a preview names of those that change sign, the largest changes first."""


@dataclass(frozen=True, slots=True)
class RateEdit:
    """One change of the book in force: the entry `replaces` goes, `entry` comes; one of them may be missing.

    `book` is the book that was read: where it is no longer in force the change is refused.
    """

    book_id: int | None
    replaces: PoolRate | TimeEquation | None = None
    entry: PoolRate | TimeEquation | None = None


@dataclass(frozen=True, slots=True)
class SignChange:
    """An account that the person sees and whose contribution crosses zero (currency); without `account_id` it has no record of ours."""

    account_id: int | None
    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class RatePreview:
    """What a change would do on the day of the latest valuation, among the accounts that the person sees.

    `fall_count` would fall below zero, `rise_count` rise out of it; `lines` are the first `SHOWN` of both. `changed_count` accounts of
    the whole firm would have another contribution, None for who does not see all of it.
    """

    as_of_on: date
    currency: str
    fall_count: int
    rise_count: int
    lines: tuple[SignChange, ...]
    changed_count: int | None
    pools: tuple[PoolUse, ...]
    notes: tuple[str, ...]


def try_rates(*, actor: User, edit: RateEdit) -> RatePreview | None:
    """See what a change would do, without keeping it; None while nothing was valued yet.

    Raises `RefusedError` where the entries would contradict each other or the ledger.
    """
    _require_change(actor)
    before = _in_force(edit)
    after = _edited(before, edit)
    valuation = latest_valuation()
    try:
        changed = service_rates(after)
        if valuation is None:
            return None
        found = compare_rates(
            workspace_ledger(actor),
            service_rates(before),
            changed,
            WorthSettings(period_months=valuation.settings["period_months"]),
            as_of=valuation.as_of_on,
            currency=valuation.currency,
            version=valuation.ledger_version,
        )
    except OpenKamError as error:
        raise RefusedError.of(error) from error
    seen = dict(visible_worths(actor, valuation).order_by().values_list("ledger_account", "account_id"))
    fall, rise = ([one for one in part if one.account in seen] for part in (found.fall, found.rise))
    return RatePreview(
        as_of_on=valuation.as_of_on,
        currency=valuation.currency,
        fall_count=len(fall),
        rise_count=len(rise),
        lines=tuple(_line(one, seen) for one in sorted([*fall, *rise], key=lambda one: -one.size)[:SHOWN]),
        changed_count=found.changed_count if sees_all_records(actor) else None,
        pools=found.pools,
        notes=found.notes,
    )


@transaction.atomic
def save_rates(*, actor: User, edit: RateEdit, reason: str = "", is_illustrative: bool = False) -> RateBook:
    """Keep a change as the book in force. Raises `RefusedError` where its entries contradict each other."""
    _require_change(actor)
    # Of two who change the same book at once the second waits here, and is then refused.
    RateBook.objects.select_for_update().filter(pk=edit.book_id).first()
    before = _in_force(edit)
    after = _edited(before, edit)
    try:
        service_rates(after)
    except OpenKamError as error:
        raise RefusedError.of(error) from error
    return keep_book(
        actor=actor, rates=after, change=_words(edit), reason=reason, currency=_currency(before), is_illustrative=is_illustrative
    )


@transaction.atomic
def keep_book(
    *, actor: User, rates: Rates, change: str, reason: str = "", currency: str = "", is_illustrative: bool = False
) -> RateBook:
    """Store entries as a new book, which is then in force."""
    _require_change(actor)
    book = RateBook(
        currency=currency, change=change[:500], is_illustrative=is_illustrative, made_at=timezone.now(), made_by=actor
    )
    with recorded(actor=actor, verb="changed rates", record=book, reason=reason):
        book.save()
    for entries in (rates.pools, rates.equations):
        for entry in entries:
            # Each book has entries of its own: what an older one said stays with it.
            copy = type(entry)(**_values(entry), book=book)
            copy.save(force_insert=True)
    return book


def _require_change(actor: User) -> None:
    if not may_change_rates(actor):
        raise PermissionDenied("Your role does not let you change what service costs. Ask an administrator.")


def _in_force(edit: RateEdit) -> Rates:
    book = latest_book()
    if (book.pk if book else None) != edit.book_id:
        raise RefusedError("The rates were changed meanwhile: load the page again and see what they are now.")
    return rates_of(book)


def _edited(rates: Rates, edit: RateEdit) -> Rates:
    pools = [one for one in rates.pools if one != edit.replaces]
    equations = [one for one in rates.equations if one != edit.replaces]
    match edit.entry:
        case PoolRate() as entry:
            _end_before(entry, [one for one in pools if one.pool == entry.pool])
            pools.append(entry)
        case TimeEquation() as entry:
            _end_before(entry, [one for one in equations if one.activity == entry.activity])
            equations.append(entry)
        case None:
            pass
    return Rates(rates.book, tuple(pools), tuple(equations))


def _end_before(entry: PoolRate | TimeEquation, others: list[PoolRate] | list[TimeEquation]) -> None:
    """An entry that holds until further notice ends the day before the next one of its name begins."""
    for other in others:
        if other.valid_until is None and other.valid_from < entry.valid_from:
            other.valid_until = entry.valid_from - timedelta(days=1)


def _values(entry: PoolRate | TimeEquation) -> dict[str, object]:
    return {field.name: getattr(entry, field.name) for field in entry._meta.concrete_fields if field.name not in ("id", "book")}


def _words(edit: RateEdit) -> str:
    if edit.entry is None:
        return f"Without {edit.replaces}"
    return f"{edit.entry} instead of {edit.replaces}" if edit.replaces else f"{edit.entry}"


def _currency(rates: Rates) -> str:
    valuation = latest_valuation()
    return organisation().currency or (rates.book.currency if rates.book else "") or (valuation.currency if valuation else "")


def _line(one: ChangedSign, seen: dict[str, int | None]) -> SignChange:
    return SignChange(seen[one.account], one.name, one.before, one.after)
