"""An orderly exit: value recovered, promises closed, risks in somebody's hands."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openkam.analytics.terms import OpenKamError


@dataclass(frozen=True, slots=True)
class ValueToRecover:
    """Something of ours at the account: open invoices, stock, tools, data, a deposit. Amounts in `currency`.

    Settled once all is recovered, or what is not is given up with a reason (`given_up_because`).
    """

    name: str
    expected: Decimal
    currency: str
    recovered: Decimal = Decimal(0)
    given_up_because: str = ""

    def __post_init__(self) -> None:
        if self.expected < 0 or self.recovered < 0:
            raise OpenKamError(f"{self.name} has an amount below 0: give what is to come back as 0 or more.")

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be done about it."""
        return self.recovered >= self.expected or bool(self.given_up_because)


@dataclass(frozen=True, slots=True)
class PromiseToClose:
    """What one side has promised, by a day. Closed when kept, or when the other side has released it, on `closed_on`."""

    text: str
    owner: str
    due_on: date
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ExitRisk:
    """What could go wrong, with who looks after it and what is done; without both nobody does."""

    text: str
    owner: str = ""
    response: str = ""


@dataclass(frozen=True, slots=True)
class ExitPlan:
    """The plan for leaving: why, by when, who answers for it, and the three lists."""

    reason: str
    owner: str
    ends_on: date
    values: tuple[ValueToRecover, ...] = ()
    promises: tuple[PromiseToClose, ...] = ()
    risks: tuple[ExitRisk, ...] = ()

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.owner.strip():
            raise OpenKamError("An exit plan says why we leave and who answers for it.")


@dataclass(frozen=True, slots=True)
class ExitProgress:
    """Where an exit stands: per currency what was expected, recovered and given up; what is open; `is_done` when nothing is.

    `overdue_promises` are open beyond their day, `unowned_risks` lack an owner or a response, `is_late` when something is open after the
    plan's last day.
    """

    expected: dict[str, Decimal]
    recovered: dict[str, Decimal]
    given_up: dict[str, Decimal]
    open_values: tuple[ValueToRecover, ...]
    open_promises: tuple[PromiseToClose, ...]
    overdue_promises: tuple[PromiseToClose, ...]
    unowned_risks: tuple[ExitRisk, ...]
    is_done: bool
    is_late: bool

    @property
    def recovered_share(self) -> dict[str, float | None]:
        """Recovered over expected by currency (share); None where nothing was expected."""
        return {
            currency: float(self.recovered[currency] / expected) if expected else None
            for currency, expected in self.expected.items()
        }


def exit_progress(plan: ExitPlan, as_of_on: date) -> ExitProgress:
    """Progress as of a day; what was closed later is open yet."""
    expected, recovered, given_up = {}, {}, {}
    for value in plan.values:
        rest = max(value.expected - value.recovered, Decimal(0)) if value.given_up_because else Decimal(0)
        for totals, amount in ((expected, value.expected), (recovered, value.recovered), (given_up, rest)):
            totals[value.currency] = totals.get(value.currency, Decimal(0)) + amount
    open_values = tuple(value for value in plan.values if not value.is_settled)
    open_promises = tuple(one for one in plan.promises if one.closed_on is None or one.closed_on > as_of_on)
    unowned = tuple(risk for risk in plan.risks if not (risk.owner and risk.response))
    is_done = not (open_values or open_promises or unowned)
    return ExitProgress(
        expected,
        recovered,
        given_up,
        open_values,
        open_promises,
        tuple(one for one in open_promises if one.due_on < as_of_on),
        unowned,
        is_done,
        is_late=not is_done and as_of_on > plan.ends_on,
    )
