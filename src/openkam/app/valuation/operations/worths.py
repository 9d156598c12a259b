"""The engine's rows of a valuation as rows of the database."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from openkam.analytics.valuation.price_volume_mix import Bridge
from openkam.analytics.worth.bridge_columns import COLUMNS, bridge_rows
from openkam.analytics.worth.rebate_sales import RebateWindow
from openkam.app.accounts.models import AccountKey
from openkam.app.audit.operations import insert_rows
from openkam.app.valuation.models import AccountBridge, AccountWorth, RebateSchedule, RebateTurnover, Valuation

FIELDS = tuple(field for field in AccountWorth._meta.concrete_fields if field.name != "id")
GIVEN = ("valuation", "account", "ledger_account")
"""Fields that no row of the engine holds by that name."""
LARGEST = Decimal(10) ** 18


def store_worths(valuation: Valuation, rows: Iterable[Mapping[str, Any]]) -> None:
    """Store one row per account; of several accounts that a ledger account has customers in, the first one's."""
    ours = account_of_ledger()
    kinds = {field.name: _stored_as(field) for field in FIELDS if field.name not in GIVEN}
    stored = [
        [
            valuation.pk,
            ours.get(row["account"]),
            row["account"][:400],
            *(store(row.get(name)) for name, store in kinds.items()),
        ]
        for row in rows
    ]
    insert_rows(AccountWorth, (*GIVEN, *kinds), stored)


def store_bridges(valuation: Valuation, bridges: Iterable[Bridge], accounts: Sequence[str], names: Sequence[str | None]) -> None:
    """Store the way of every account from a year before, for who had an amount in either period."""
    ours = account_of_ledger()
    fields = ("valuation", "account", "ledger_account", "name", "of", *COLUMNS)
    stored = [
        [valuation.pk, ours.get(key), key[:400], (names[place] or key)[:300], str(bridge.of), *amounts]
        for bridge in bridges
        for place, amounts in bridge_rows(bridge)
        for key in (accounts[place],)
    ]
    insert_rows(AccountBridge, fields, stored)


def rebate_windows(day: date) -> tuple[RebateWindow, ...]:
    """The schedules that run on a day or later, each with the ledger accounts that stand for its account."""
    keys: dict[int, list[str]] = {}
    stand_for = AccountKey.objects.order_by("ledger_account").values_list("ledger_account", "account_id").distinct()
    for key, account in stand_for:
        keys.setdefault(account, []).append(key)
    running = RebateSchedule.objects.filter(removed_at=None, ends_on__gte=day, account__deleted_at=None).order_by("pk")
    return tuple(
        RebateWindow(one.pk, tuple(keys[one.account_id]), one.starts_on, one.ends_on) for one in running if one.account_id in keys
    )


def store_turnovers(valuation: Valuation, windows: Iterable[RebateWindow], sold: Mapping[int, float]) -> None:
    """Store what the schedules' accounts bought."""
    RebateTurnover.objects.bulk_create(
        RebateTurnover(
            valuation=valuation,
            schedule_id=window.key,
            starts_on=window.start_on,
            ends_on=window.end_on,
            sold=Decimal(repr(round(sold[window.key], 2))),
        )
        for window in windows
        if window.key in sold
    )


def account_of_ledger() -> dict[str, int]:
    """Which account of ours stands for one of the ledger; of several, the first."""
    return dict(AccountKey.objects.order_by("-id").values_list("ledger_account", "account_id").iterator(chunk_size=2000))


def money(value: float | None) -> Decimal | None:
    """An amount to two places; None for what is not known, or too large to be one."""
    if value is None or not math.isfinite(value) or abs(value) >= LARGEST:
        return None
    return Decimal(repr(round(value, 2)))


def _stored_as(field: "models.Field[Any, Any]") -> Callable[[Any], object]:
    match field:
        case models.DecimalField():
            return money
        case models.CharField(max_length=int(longest)):
            return lambda text: (text or "")[:longest]
        case models.JSONField():
            return lambda value: value or []
        case _:
            return lambda value: value
