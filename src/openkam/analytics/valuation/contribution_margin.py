"""Contribution: the ladder from list price to what an account contributes, as deep as the ledger has facts.

list sales − invoice reductions = net sales; − rebates = pocket sales; − variable cost of goods = gross contribution; − cost to
serve = contribution after cost to serve. A rung without facts is null. Gross contribution counts only sales whose cost is
known, never a missing cost as zero: `contribution_completeness` says how much of the sales that is.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Columns, known_zero, ratio
from openkam.analytics.behaviour.facts import MeasureParameters
from openkam.analytics.behaviour.product_sales import ProductSales
from openkam.analytics.terms import Measure, Unit
from openkam.analytics.valuation.cost_to_serve import CostToServe

GROSS = "gross contribution"
AFTER_COST_TO_SERVE = "after cost to serve"


@dataclass(frozen=True, slots=True)
class Contribution:
    """The measures of this file: numbers, and the words that say which rung `contribution_margin` stands on."""

    columns: Columns
    basis: pa.Array


def catalogue(parameters: MeasureParameters) -> tuple[Measure, ...]:
    """What this file measures."""
    during = f"in {parameters.period_words}"
    family = "contribution_margin"
    return (
        Measure(
            "list_sales",
            Unit.CURRENCY,
            f"Value at list price of the net sales lines that have one (their own, else the product's unit list price) {during}",
            family,
        ),
        Measure("list_completeness", Unit.SHARE, f"Part of net sales {during} on lines with a list price", family),
        Measure("invoice_reduction_amount", Unit.CURRENCY, f"List sales less the net amounts of the same lines {during}", family),
        Measure("rebate_amount", Unit.CURRENCY, f"Reductions off the invoice {during}; null where no line gives any", family),
        Measure("pocket_sales", Unit.CURRENCY, f"Net sales less rebates {during}; null where no line gives a rebate", family),
        Measure(
            "cost_of_goods",
            Unit.CURRENCY,
            f"Variable cost of the lines whose cost is known: their own, else quantity times the product's unit cost, {during}",
            family,
        ),
        Measure(
            "gross_contribution",
            Unit.CURRENCY,
            f"Net sales less rebates and cost of goods on the lines whose cost is known, {during}",
            family,
        ),
        Measure(
            "contribution_margin",
            Unit.CURRENCY,
            f"Contribution {during} on the deepest rung that has facts (see contribution_basis); null where no cost is known",
            family,
        ),
        Measure(
            "contribution_basis", Unit.TEXT, f"'{GROSS}' or '{AFTER_COST_TO_SERVE}': the rung of contribution_margin", family
        ),
        Measure(
            "contribution_completeness",
            Unit.SHARE,
            f"Part of net sales {during}, in absolute amounts, on lines whose cost is known",
            family,
        ),
        Measure(
            "contribution_margin_ratio",
            Unit.RATIO,
            f"Contribution margin over the net sales {during} of the lines whose cost is known",
            family,
        ),
        Measure(
            "share_of_firm_contribution",
            Unit.SHARE,
            f"Contribution margin over the sum of all accounts' contribution margins {during}; null where that sum is not positive",
            family,
        ),
    )


def contribution_margin(products: ProductSales, service: CostToServe, has_transactions: bool) -> Contribution:
    """The ladder of every account. An account that bought nothing in the period contributes 0, less its cost to serve, if costs
    are known at all."""
    totals = products.totals
    bought_nothing = np.isnan(totals["weight"]) & has_transactions
    knows_any_cost = bool((totals["cost_weight"] > 0).any())
    cost = known_zero(totals["cost"], bought_nothing & knows_any_cost)
    cost_net = known_zero(totals["cost_net"], bought_nothing & knows_any_cost)
    gross = cost_net - known_zero(totals["cost_rebate"], True) - cost
    service_cost = service.columns["cost_to_serve"]
    is_deep = ~np.isnan(gross) & ~np.isnan(service_cost)
    margin = np.where(is_deep, gross - service_cost, gross)
    basis = np.where(is_deep, AFTER_COST_TO_SERVE, GROSS).tolist()
    return Contribution(
        {
            "list_sales": totals["list_value"],
            "list_completeness": ratio(known_zero(totals["list_weight"], True), totals["weight"]),
            "invoice_reduction_amount": totals["list_value"] - totals["list_net"],
            "rebate_amount": totals["rebate"],
            "pocket_sales": totals["net"] - totals["rebate"],
            "cost_of_goods": cost,
            "gross_contribution": gross,
            "contribution_margin": margin,
            "contribution_completeness": ratio(known_zero(totals["cost_weight"], True), totals["weight"]),
            "contribution_margin_ratio": ratio(margin, cost_net),
            "share_of_firm_contribution": ratio(margin, np.full(len(margin), np.nansum(margin))),
        },
        pa.array(basis, pa.string(), mask=np.isnan(gross)),
    )
