"""Measures that are computed where a programme reads them: they fit a model to all accounts, which not every review should pay for."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import ibis
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Columns, as_vector
from openkam.analytics.behaviour.facts import Facts, MeasureParameters, Snapshot
from openkam.analytics.engine import Engine
from openkam.analytics.forecast import next_order
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.utility import check_measures_read
from openkam.analytics.terms import Measure, Unit
from openkam.analytics.valuation import credit_risk
from openkam.analytics.valuation.account_measures import (
    ATTRIBUTE_NAMES,
    AccountMeasures,
    measure_catalogue,
    measured_facts,
    typed,
)
from openkam.analytics.valuation.group_facts import group_facts
from openkam.analytics.valuation.lifetime_value import measures as lifetime_value


@dataclass(frozen=True, slots=True)
class WantedFamily:
    """Measures that are computed together: what they are, and their columns with notes, from the facts and what is measured."""

    catalogue: Callable[[MeasureParameters], tuple[Measure, ...]]
    columns: Callable[[Facts, pa.Table], tuple[Columns, tuple[str, ...]]]


NO_NUMBERS = (Unit.TEXT, Unit.DAY, Unit.FLAG)
COUNTED_ATTRIBUTES = {"customer_count"}
"""What tells of an account in numbers without being a measure; a programme may read it all the same."""

WANTED_FAMILIES = (
    WantedFamily(
        lifetime_value.catalogue,
        lambda facts, measured: lifetime_value.lifetime_measures(facts, as_vector(measured["contribution_margin_ratio"])),
    ),
    WantedFamily(next_order.catalogue, lambda facts, _: next_order.next_order_measures(facts)),
    WantedFamily(credit_risk.catalogue, lambda facts, _: credit_risk.credit_risk_measures(facts)),
)


def every_measure(parameters: MeasureParameters) -> tuple[Measure, ...]:
    """All measures there are: those of every review, then those that are computed where they are wanted."""
    further = (measure for family in WANTED_FAMILIES for measure in family.catalogue(parameters))
    return (*measure_catalogue(parameters), *further)


def check_programme(programme: Programme, parameters: MeasureParameters) -> None:
    """Raises `ProgrammeError`, with the place and the nearest name, where a programme reads a measure that there is not."""
    every = every_measure(parameters)
    known = {one.name for one in every if one.unit not in NO_NUMBERS} | COUNTED_ATTRIBUTES
    check_measures_read(programme, known, {*ATTRIBUTE_NAMES, *(one.name for one in every)})


def measure_accounts(
    engine: Engine,
    tables: Mapping[str, ibis.Table] | Snapshot,
    parameters: MeasureParameters,
    wanted: Collection[str] | None,
) -> AccountMeasures:
    """Measure every account, and besides what every review has the families of the measures named in `wanted`; None means all.

    A family that the facts cannot tell has null in its columns, and a note says why. Names that are no measure are left to whoever
    reads them. The firm is taken as one, as a valuation takes it: what its own units bought inside is no sale.

    Raises `OpenKamError` where an amount cannot be converted to the reporting currency, or units sell round in a circle.
    """
    firm = group_facts(engine, tables, parameters)
    facts, found = firm.facts, measured_facts(firm.facts)
    found = replace(found, notes=(*firm.told, *found.notes))
    for family in WANTED_FAMILIES:
        catalogue = family.catalogue(parameters)
        if wanted is None or any(measure.name in wanted for measure in catalogue):
            found = _with(found, catalogue, *family.columns(facts, found.table))
    return found


def _with(found: AccountMeasures, catalogue: tuple[Measure, ...], columns: Columns, notes: tuple[str, ...]) -> AccountMeasures:
    table = found.table
    for measure in catalogue:
        table = table.append_column(measure.name, typed(columns[measure.name], measure.unit))
    return replace(found, table=table, catalogue=(*found.catalogue, *catalogue), notes=(*found.notes, *notes))
