"""The main job, step by step: ledger version → measures → problem → optimum → reasons → review."""

from collections.abc import Callable
from datetime import date
from importlib.metadata import version as installed_version

from openkam.analytics.behaviour.facts import MeasureParameters
from openkam.analytics.engine import open_engine
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.review.assemble import account_table, criterion_notes, in_measure_units
from openkam.analytics.review.facts_used import (
    facts_used,
    illustrative_facts,
    reporting_currency,
    transaction_days,
)
from openkam.analytics.review.review import Review
from openkam.analytics.review.wanted_measures import check_programme, measure_accounts
from openkam.analytics.selection.explain import explain_selection
from openkam.analytics.selection.formulate import formulate
from openkam.analytics.selection.programme import Programme
from openkam.analytics.selection.programme_draft import draft_programme
from openkam.analytics.selection.search import Progress as SearchProgress
from openkam.analytics.selection.solve import solve_selection
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.account_measures import account_measures

SILENT_DAYS = 31
"""Days without any transaction before the as-of day from which a review says that facts may be missing."""

Progress = Callable[[str], None]
"""Called with the step that begins, in words."""


def conduct_review(
    ledger: Ledger,
    programme: Programme | None = None,
    *,
    as_of: date | None = None,
    engine: str = "duckdb",
    version: int | None = None,
    nearest: int = 20,
    with_every_measure: bool = False,
    progress: Progress = lambda _: None,
) -> Review:
    """Review a ledger under a programme: who should be key, why, and what nearly made it.

    `as_of` is the last day whose facts count (default: the last transaction day of the ledger), `engine` "duckdb" or "spark",
    `version` a ledger version (default: the latest), `nearest` how many of the accounts left out are explained.
    Of the measures that take a model of all accounts, those that the programme reads are computed, or all `with_every_measure`.
    Raises `OpenKamError` when the ledger holds no transactions up to that day, the programme names what the ledger lacks, or its
    limits cannot hold together. Same ledger version, programme and code give the same review, `solution.seconds` apart.
    """
    programme = programme or Programme.default()
    snapshot = ledger.at(version)
    with open_engine(engine) as opened:
        days = transaction_days(opened, snapshot)
        review_day = as_of or days.end_on
        if review_day < days.start_on:
            raise OpenKamError(
                f"There is no transaction up to {review_day}: the ledger's first is of {days.start_on}, "
                f"its last of {days.end_on}. Give a later day.",
                by_command="--as-of names it.",
            )
        facts = facts_used(opened, snapshot, review_day, lambda table: progress(f"Counting {table.replace('_', ' ')}"))
        currency = reporting_currency(facts, programme.currency)
        parameters = MeasureParameters(
            as_of=review_day,
            period_months=programme.period_months,
            reporting_currency=currency,
            provision_rates=programme.provision_rates,
            service_rates=programme.service_rates,
            discount_rate_per_year=programme.discount_rate_per_year,
        )
        check_programme(programme, parameters)
        progress("Measuring accounts")
        measured = measure_accounts(opened, snapshot, parameters, None if with_every_measure else programme.measures_read)
    progress("Setting up the search")
    formulation = formulate(programme, measured.table, currency)
    progress(f"Searching {len(formulation.problem.accounts):,} candidates")
    solution = solve_selection(formulation.problem)
    progress("Explaining every decision")
    criteria = criterion_notes(programme, formulation, measured.catalogue)
    found = explain_selection(formulation.problem, solution, nearest=nearest, progress=_told(progress))
    explanations = in_measure_units(found, criteria, formulation)
    return Review(
        as_of=review_day,
        period=parameters.period,
        currency=currency,
        engine=engine,
        ledger_version=snapshot.version,
        code_version=installed_version("openkam"),
        programme_name=programme.name,
        programme_digest=programme.digest,
        accounts=account_table(measured.table, formulation, solution),
        measures=measured.catalogue,
        criteria=criteria,
        problem=formulation.problem,
        solution=solution,
        explanations=explanations,
        facts=facts,
        unassigned_net_sales=measured.unassigned_net_sales,
        illustrative=illustrative_facts(facts),
        notes=(*_later_day(days.end_on, review_day), *measured.notes, *formulation.notes),
    )


def _told(progress: Progress) -> SearchProgress:
    """The stages of the search told as steps of the review; the search goes on unless the listener raises."""

    def tell(stage: str, share: float) -> None:
        progress(f"Explaining every decision, {share:.0%}: {stage}")

    return tell


def _later_day(last_day: date, review_day: date) -> tuple[str, ...]:
    silent_days = (review_day - last_day).days
    if silent_days <= SILENT_DAYS:
        return ()
    return (f"The last transaction is of {last_day}, {silent_days} days before the as-of day: is an export missing?",)


def drafted_programme(ledger: Ledger, currency: str | None = None) -> str:
    """A commented programme (TOML) whose value functions are drafted from the ledger's own accounts, as fixed numbers to edit.

    `currency` is the one to report in, needed where transactions are in several. Raises `OpenKamError` where the ledger holds no
    transactions, the currency is not clear, or rates to it are missing.
    """
    snapshot = ledger.at()
    with open_engine("duckdb") as opened:
        last_day = transaction_days(opened, snapshot).end_on
        reporting = reporting_currency(facts_used(opened, snapshot, last_day), currency)
        measured = account_measures(opened, snapshot, MeasureParameters(last_day, reporting))
    return draft_programme(measured.table, reporting)
