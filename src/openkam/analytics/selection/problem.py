"""The selection problem: which accounts to make key, and who looks after each, under the firm's limits.

    maximise  Σ_i Σ_m utility_i · fit_im · z_im          (Σ_i utility_i · x_i where no managers are given)
    subject to Σ_m z_im = x_i,  Σ_i hours_i z_im ≤ hours_m,  every limit, conflicts, coherence, pins;  x, z ∈ {0, 1}

Everything is indexed by position: account i of `accounts`, manager m of `managers`.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]


class Sense(StrEnum):
    """Which side of its bound a limit keeps to."""

    AT_MOST = "at most"
    AT_LEAST = "at least"


@dataclass(frozen=True, slots=True)
class Limit:
    """One linear limit over the chosen accounts: Σ numerator_i x_i ≤ bound · (Σ denominator_i x_i, or 1 without a denominator).

    `name` is stable and unique ("hours", "floor:region:West"), `label` the words shown ("Manager hours in all"), `unit` what
    `bound` counts ("hours/year", "share of sales"), `step` the smallest change of the bound worth naming (1 hour, 0.01 share).
    `own_label` names the account's own numerator where that can change ("its own hours"), else it is empty.
    """

    name: str
    label: str
    unit: str
    sense: Sense
    numerator: Vector
    bound: float
    step: float
    denominator: Vector | None = None
    own_label: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """A person's decision that the search must respect."""

    account: int
    is_in: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two accounts bound together: a conflict (`first` and `second` exclude each other) or coherence (`first` only with
    `second`)."""

    first: int
    second: int
    reason: str


@dataclass(frozen=True, slots=True)
class SelectionProblem:
    """A selection, ready to solve.

    `utility` is in [0, 1] per account; `value` holds the value function of each criterion (accounts × criteria, in [0, 1]),
    `weight` the criteria's weights, so that utility = value · weight. `fit` is accounts × managers in [0, 1], 0 = cannot;
    `manager_hours` are hours a year. Pins out carry gates too, with the gate's words as reason.
    """

    accounts: tuple[str, ...]
    utility: Vector
    criteria: tuple[str, ...]
    weight: Vector
    value: Vector
    hours: Vector
    limits: tuple[Limit, ...]
    managers: tuple[str, ...] = ()
    manager_hours: Vector = field(default_factory=lambda: np.zeros(0))
    fit: Vector = field(default_factory=lambda: np.zeros((0, 0)))
    conflicts: tuple[Pair, ...] = ()
    coherence: tuple[Pair, ...] = ()
    pins: tuple[Pin, ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """The proven optimum. `chosen` is a mask over accounts, `manager` the index of each account's manager or −1.

    `objective` is the optimum in units of utility, `bound` the proven upper bound, `gap` their relative distance (0 when proven),
    `relaxation_objective` the optimum of the linear relaxation and `shadow_price` that relaxation's worth of one more unit of
    each limit's bound (utility per unit; a manager's hours are `manager:<name>`).
    `seconds` is wall time and the one field that may differ between two runs.
    """

    status: str
    objective: float
    bound: float
    gap: float
    chosen: npt.NDArray[np.bool_]
    manager: npt.NDArray[np.int64]
    relaxation_objective: float
    shadow_price: dict[str, float]
    seconds: float


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest change of one quantity that brings an account in, found by solving again at every step up to it.

    `name` is a limit's name, `own:<limit>` for the account's own share of it, or `criterion:<name>`; values are in `unit`.
    `is_stable` is False where a somewhat larger change puts the account out again; `note` then says where.
    """

    name: str
    label: str
    unit: str
    from_value: float
    to_value: float
    is_stable: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class WhyIn:
    """Why a chosen account is in: what would come in its place (`displaces`) and what that would cost, in percent of the
    objective; None where no selection is possible without it."""

    account: int
    displaces: tuple[int, ...]
    loss_percent: float | None


@dataclass(frozen=True, slots=True)
class WhyOut:
    """Why an account stays out: the price of forcing it in, whom it would displace, what binds, what would change it.

    `regret_percent` is None where no feasible selection contains the account; `binding` then says why in words.
    """

    account: int
    regret: float | None
    regret_percent: float | None
    displaces: tuple[int, ...]
    brings_in: tuple[int, ...]
    binding: str
    binding_limits: tuple[str, ...]
    needs: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Explanations:
    """Reasons for every chosen account and for the nearest ones left out (smallest regret first)."""

    why_in: tuple[WhyIn, ...]
    why_out: tuple[WhyOut, ...]
