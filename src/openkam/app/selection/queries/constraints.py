"""What of a programme can be turned on the round's page: weights, bounds, hours, pins."""

from dataclasses import dataclass
from functools import lru_cache

from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_terms import PinnedAccount
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.app.selection.models import Scenario


@dataclass(frozen=True, slots=True)
class Constraint:
    """One number of the programme. `limits` are the engine's names, or their beginnings, of the limits it bounds."""

    name: str
    group: str
    label: str
    unit: str
    table: str
    key: str
    number: int
    value: float | None
    is_needed: bool = False
    is_share: bool = False
    is_whole: bool = False
    limits: tuple[str, ...] = ()

    @property
    def shown(self) -> float | None:
        """The value as a person types it: a share as per cent."""
        if self.value is None:
            return None
        value = round(100 * self.value, 6) if self.is_share else self.value
        return int(value) if float(value).is_integer() else value


@dataclass(frozen=True, slots=True)
class PinLine:
    """An account that must be in or out."""

    ledger_account: str
    name: str
    is_in: bool
    reason: str


_LIMITS = (
    ("accounts_at_most", "Accounts at most", "accounts", True, "accounts_at_most"),
    ("accounts_at_least", "Accounts at least", "accounts", True, "accounts_at_least"),
    ("hours_per_year", "Manager hours", "h a year", False, "hours"),
    ("budget_per_year", "Budget", "a year", False, "budget"),
    ("prospects_at_least", "Prospects at least", "accounts", True, "prospects"),
)


@lru_cache(maxsize=64)
def constraints_of(text: str) -> tuple[Constraint, ...]:
    """The constraints of a programme's text, in the order of the page. Kept by text: a page asks for them several times."""
    programme = Programme.parse(text)
    found = [
        Constraint(f"limits-{key}", "limits", label, unit, "limits", key, 1, _number(getattr(programme.limits, key)),
                   is_whole=is_whole, limits=(name,))
        for key, label, unit, is_whole, name in _LIMITS
        if _makes_sense(programme, key)
    ]  # fmt: skip
    for number, floor in enumerate(programme.floors, 1):
        label = f"{_field(floor.field)} {floor.value} at least" if floor.value else f"Each {_field(floor.field).lower()} at least"
        names = (f"floor:{floor.field}:{floor.value or ''}",)
        found.append(
            Constraint(f"floor-{number}", "limits", label, "accounts", "floor", "accounts_at_least", number,
                       float(floor.accounts_at_least), is_needed=True, is_whole=True, limits=names)
        )  # fmt: skip
    for number, cap in enumerate(programme.caps, 1):
        label = f"{_field(cap.field)} {cap.value} at most" if cap.value else f"One {_field(cap.field).lower()} at most"
        names = (f"cap:{cap.field}:{cap.value or ''}",)
        found.append(
            Constraint(f"cap-{number}", "limits", label, "% of sales", "cap", "share_of_sales_at_most", number,
                       cap.share_of_sales_at_most, is_needed=True, is_share=True, limits=names)
        )  # fmt: skip
    for number, manager in enumerate(programme.managers, 1):
        found.append(
            Constraint(f"manager-{number}", "managers", manager.name, "h a year", "manager", "hours_per_year", number,
                       manager.hours_per_year, is_needed=True, limits=(f"manager:{manager.name}",))
        )  # fmt: skip
    for number, criterion in enumerate(programme.criteria, 1):
        found.append(
            Constraint(f"criterion-{number}", "weights", criterion.label, "", "criterion", "weight", number, criterion.weight,
                       is_needed=True)
        )  # fmt: skip
    return tuple(found)


def may_try(user: User) -> bool:
    """Whether the person may solve a round again."""
    return may(user, Permission.CONDUCT_REVIEW)


def pins_of(scenario: Scenario, names: dict[str, str]) -> tuple[PinLine, ...]:
    """The pins of a scenario on accounts whose names are given; others are not spoken of."""
    pins = _pins(scenario.programme)
    return tuple(PinLine(pin.account, names[pin.account], pin.is_in, pin.reason) for pin in pins if pin.account in names)


def pinned_accounts(scenario: Scenario) -> tuple[str, ...]:
    """The ledger accounts that the scenario pins."""
    return tuple(pin.account for pin in _pins(scenario.programme))


@lru_cache(maxsize=64)
def _pins(text: str) -> tuple[PinnedAccount, ...]:
    return tuple(Programme.parse(text).pins)


def _makes_sense(programme: Programme, key: str) -> bool:
    """Hours and budget can be bounded where the programme says what an account takes, prospects where they are candidates."""
    match key:
        case "hours_per_year":
            return programme.hours is not None
        case "budget_per_year":
            return programme.cost is not None
        case "prospects_at_least":
            return programme.candidates.include_prospects
        case _:
            return True


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _field(field: str) -> str:
    return field.removesuffix("_name").capitalize()
