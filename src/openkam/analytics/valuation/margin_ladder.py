"""The ladder of margins of every account: gross → net invoice → pocket → CM1 → CM2 → CM3 → CM4, each step with its source.

A step that the ledger cannot tell is null, never zero, and the rungs below say that they are without it. A rung is null where
none of its own steps is known; from CM1 down also where no cost of goods is, since sales without their cost are no margin. Cost of
capacity that nobody used, and whatever has no customer, stands beneath the ladder and is spread over no account.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Columns, known_zero, ratio
from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.valuation.ladder_amounts import StepAmount, service_steps, step_amounts
from openkam.analytics.valuation.time_driven_costing import TimeDrivenCosts

SALES_STEPS = (("gross_sales", 1), ("invoice_reductions", -1), ("unlisted_sales", 1))
"""Steps that lead from list price to the net invoice, and whether each adds or takes away."""

RUNGS: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (
    ("pocket", (("off_invoice", -1), ("charges", 1))),
    ("cm1", (("uncosted_sales", -1), ("cost_of_goods", -1))),
    ("cm2", (("order_and_logistics", -1), ("freight_cost", -1))),
    ("cm3", (("selling_and_service", -1),)),
    ("cm4", (("capital_charge", -1), ("expected_loss", -1))),
)
"""Rungs below the net invoice, each with the steps that lead to it from the one above."""

UNASSIGNED = "net sales without a customer"

REQUIRED = {"pocket": "off_invoice", "cm1": "cost_of_goods"}
"""The step without which a rung is null, whatever else is known."""


@dataclass(frozen=True, slots=True)
class LadderRow:
    """One row of an account's waterfall (currency). A step is what is added (+) or taken away (−), a rung what is left.

    `amount` None is not known. `source` names the table and columns of a step. `without` are the steps that a rung lacks.
    """

    name: str
    is_rung: bool
    amount: float | None
    source: str = ""
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarginLadder:
    """`steps` by name and `rungs` by name hold one amount per account (currency, NaN = not known).

    `beneath` are amounts of the firm that no account bears (currency). `beside` are amounts per account that are on no step:
    write-offs, bad debt, adjustments and lines that are no product.
    """

    account_names: tuple[str, ...]
    steps: Mapping[str, StepAmount]
    rungs: Columns
    beneath: Mapping[str, float]
    beside: Columns

    def of(self, account_id: int) -> tuple[LadderRow, ...]:
        """The waterfall of one account, from gross sales to CM4."""
        rows = [self._step(account_id, name, sign) for name, sign in SALES_STEPS]
        rows.append(LadderRow("net_invoice", True, _or_none(self.rungs["net_invoice"][account_id])))
        missing: list[str] = []
        for rung, steps in RUNGS:
            for name, sign in steps:
                rows.append(self._step(account_id, name, sign))
                if rows[-1].amount is None:
                    missing.append(name)
            amount = _or_none(self.rungs[rung][account_id])
            rows.append(LadderRow(rung, True, amount, without=tuple(missing) if amount is not None else ()))
        return tuple(rows)

    def _step(self, account_id: int, name: str, sign: int) -> LadderRow:
        step = self.steps[name]
        amount = _or_none(step.amount[account_id])
        return LadderRow(name, False, None if amount is None else sign * amount, step.source(account_id))

    def medians(self, accounts: npt.NDArray[np.bool_]) -> dict[str, float | None]:
        """Median of each step and rung as a share of net invoice over the accounts of the mask that know it; None where none does.

        The middle of a segment, to hold one of its accounts against. Medians of steps do not add up to those of rungs.
        """
        columns: Columns = {name: step.amount for name, step in self.steps.items()} | self.rungs
        shares = {name: ratio(values, self.rungs["net_invoice"])[accounts] for name, values in columns.items()}
        known = {name: values[~np.isnan(values)] for name, values in shares.items()}
        return {name: float(np.median(values)) if len(values) else None for name, values in known.items()}

    def table(self) -> pa.Table:
        """One row per account: `account`, every step with its `<step>_source`, every rung; null where not known."""
        columns: dict[str, pa.Array] = {"account": pa.array(self.account_names, pa.string())}
        for name, step in self.steps.items():
            columns[name] = pa.array(step.amount, mask=np.isnan(step.amount))
            columns[f"{name}_source"] = pa.array([step.source(place) for place in range(len(step.amount))], pa.string())
        columns |= {name: pa.array(values, mask=np.isnan(values)) for name, values in self.rungs.items()}
        return pa.table(columns)


def margin_ladder(
    facts: Facts, *, service: TimeDrivenCosts | None = None, capital_rate_per_year: float | None = None
) -> MarginLadder:
    """The ladder of every account over the period of the facts.

    `service` brings the cost to serve; `capital_rate_per_year` (share) what money owed costs. What is left out is not known.
    """
    steps, beside = step_amounts(facts, service, capital_rate_per_year)
    beneath: dict[str, float] = {}
    if facts.unassigned_net_sales is not None:
        beneath[UNASSIGNED] = facts.unassigned_net_sales
    if service is not None:
        beneath |= _beneath(service)
    return MarginLadder(facts.directory.names, steps, _rungs(steps), beneath, beside)


def with_service(ladder: MarginLadder, service: TimeDrivenCosts) -> MarginLadder:
    """The same ladder under another cost to serve of the same facts, without asking them again."""
    steps = dict(ladder.steps) | service_steps(service, len(ladder.account_names))
    beneath = {name: amount for name, amount in ladder.beneath.items() if name == UNASSIGNED} | _beneath(service)
    return replace(ladder, steps=steps, rungs=_rungs(steps), beneath=beneath)


def _beneath(service: TimeDrivenCosts) -> dict[str, float]:
    unused = {f"unused capacity: {use.pool}": use.cost_unused for use in service.pools}
    return unused | {f"service without a customer: {use.pool}": use.cost_without_customer for use in service.pools}


def _rungs(steps: Mapping[str, StepAmount]) -> Columns:
    net = steps["net_invoice"].amount
    rungs: Columns = {"net_invoice": net}
    running, is_margin = net, np.ones(len(net), dtype=np.bool_)
    for rung, below in RUNGS:
        amounts = {name: sign * steps[name].amount for name, sign in below}
        running = running + sum(known_zero(amount, True) for amount in amounts.values())
        is_known = ~np.isnan(np.array(list(amounts.values()))).all(axis=0)
        if rung in REQUIRED:
            is_known = ~np.isnan(steps[REQUIRED[rung]].amount)
        if rung == "cm1":
            is_margin = is_known
        rungs[rung] = np.where(is_known & is_margin, running, np.nan)
    return rungs


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
