"""What the latest valuation rests on: settings, models, hold-outs, what is missing; capacity and sums only for who sees the whole firm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openkam.app.people.models import User
from openkam.app.valuation.models import Valuation
from openkam.app.valuation.permissions import may_read_rates, sees_all_records
from openkam.app.valuation.queries.scope import latest_valuation


@dataclass(frozen=True, slots=True)
class Basis:
    """The valuation without what would tell sums of the firm.

    `pools`, `beneath`, `notes`, `own_units` and `internal_sales` are empty for who sees a part of it.
    """

    valuation: Valuation | None
    pools: Sequence[Mapping[str, Any]]
    beneath: Sequence[tuple[str, float]]
    holdouts: Sequence[Mapping[str, Any]]
    notes: Sequence[str]
    own_units: Sequence[Mapping[str, str]]
    internal_sales: Decimal | None


def basis(user: User) -> Basis:
    """The latest valuation's basis."""
    valuation = latest_valuation()
    if valuation is None:
        return Basis(None, (), (), (), (), (), None)
    whole = sees_all_records(user)
    beneath = [(name.capitalize(), value) for name, value in valuation.beneath.items() if value]
    return Basis(
        valuation=valuation,
        pools=valuation.pools if whole and may_read_rates(user) else (),
        beneath=beneath if whole and may_read_rates(user) else (),
        holdouts=[_holdout(one, valuation.currency) for one in valuation.holdouts] if whole else (),
        notes=valuation.notes if whole else (),
        own_units=valuation.own_units or () if whole else (),
        internal_sales=valuation.internal_sales if whole else None,
    )


def _holdout(one: Mapping[str, Any], currency: str) -> Mapping[str, Any]:
    return {**one, "what": one["what"].replace("(currency)", f"({currency})")}
