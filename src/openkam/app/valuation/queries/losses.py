"""Accounts at a loss and their levers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from openkam.app.people.models import User
from openkam.app.valuation.models import AccountWorth, Valuation
from openkam.app.valuation.queries.account_worth import LeverLine, lever_line, source_of
from openkam.app.valuation.queries.scope import latest_valuation, visible_worths

ROWS_PER_PAGE = 12


@dataclass(frozen=True, slots=True)
class LossLine:
    """An account below zero and what would help it, the strongest first; `idle` bring nothing, or nobody knows what."""

    worth: AccountWorth
    levers: Sequence[LeverLine]
    idle: Sequence[LeverLine]


@dataclass(frozen=True, slots=True)
class LossesPage:
    """One page of the accounts at a loss, the largest loss first."""

    valuation: Valuation | None
    page: Page[AccountWorth] | None
    lines: Sequence[LossLine]
    source: str


def losses_page(user: User, number: str) -> LossesPage:
    """The accounts that the person sees and that lose money."""
    valuation = latest_valuation()
    if valuation is None:
        return LossesPage(None, None, (), "")
    losing = visible_worths(user, valuation).filter(contribution__lt=0).order_by("contribution", "pk")
    page = Paginator(losing, ROWS_PER_PAGE).get_page(number)
    return LossesPage(valuation, page, [_line(worth) for worth in page.object_list], source_of(valuation))


def _line(worth: AccountWorth) -> LossLine:
    levers = [lever_line(lever) for lever in worth.levers]
    return LossLine(worth, [one for one in levers if one.helps], [one for one in levers if not one.helps])
