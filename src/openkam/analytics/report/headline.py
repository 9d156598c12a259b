"""The first thing a reader sees: one sentence that says what matters, and four figures."""

from dataclasses import dataclass

import numpy as np

from openkam.analytics.report import number_format as nf
from openkam.analytics.report.account_columns import Vector, flags, numbers
from openkam.analytics.report.illustrative import illustrative_criteria, illustrative_measures
from openkam.analytics.report.margin_against_sales import MarginAgainstSales
from openkam.analytics.report.ranking import NEAR_TIE_PERCENT, Ranking
from openkam.analytics.review.review import Review
from openkam.analytics.valuation.margin_against_sales import Quadrant


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the four figures: label, value, unit behind it, and the line beneath."""

    label: str
    value: str
    unit: str
    note: str
    is_illustrative: bool = False


def share_of_chosen(review: Review, measure: str) -> float | None:
    """What the chosen accounts carry of the measure's sum; None where it is unknown or not above zero."""
    values = numbers(review.accounts, measure)
    total = _total(values)
    chosen = _total(values[flags(review.accounts, "is_selected")])
    return None if total is None or chosen is None or total <= 0 else chosen / total


def period_words(review: Review) -> str:
    """The period as a title carries it."""
    period = review.period
    if period.days in (365, 366):
        return f"12 months to {nf.day(period.end_on)}"
    return f"{nf.day(period.start_on)} to {nf.day(period.end_on)}"


def headline(review: Review, ranking: Ranking, comparison: MarginAgainstSales | None) -> str:
    """The sentence: who should be key, what they carry, what margin changes, what is close."""
    chosen, all_accounts = len(ranking.chosen), review.accounts.num_rows
    if chosen == 0:
        return f"No account of {nf.decimal(all_accounts)} is chosen under the programme’s limits."
    verb = "carry" if chosen > 1 else "carries"
    generated = illustrative_measures(review)
    carried = [
        (share_of_chosen(review, name), words + (" (illustrative)" if name in generated else ""))
        for name, words in (("net_sales", "net sales"), ("contribution_margin", "contribution"))
    ]
    shares = [f"{nf.percent(share, 0)} of {words}" for share, words in carried if share is not None]
    sentence = f"{nf.counted(chosen, 'account')} of {nf.decimal(all_accounts)} should be key"
    if shares:
        sentence += f" and {verb} {nf.listed(shares)}"
    clauses: list[str] = []
    if comparison and comparison.of(Quadrant.LOSES):
        lost, cut = len(comparison.of(Quadrant.LOSES)), comparison.cut
        clauses.append(
            f"{lost} of the {cut} largest by sales {'is' if lost == 1 else 'are'} not among the {cut} best by contribution"
        )
    close = len(ranking.near_ties)
    if close:
        clauses.append(f"{nf.counted(close, 'decision')} {'is' if close == 1 else 'are'} close enough to need a person")
    return sentence + (f"; {nf.listed(clauses)}" if clauses else "") + "."


def figures(review: Review, ranking: Ranking) -> tuple[Figure, ...]:
    """Key accounts, their sales, their contribution, close calls."""
    candidates = int(flags(review.accounts, "is_candidate").sum())
    solution = review.solution
    proof = "proven best" if solution.gap <= 0 else f"within {nf.percent(solution.gap, 2)} of the best"
    generated = illustrative_measures(review)
    is_utility_illustrative = bool(illustrative_criteria(review))
    close = ranking.near_ties
    is_examined = any(ranked.is_examined for ranked in (*ranking.chosen, *ranking.left_out))
    out = sum(not ranked.is_selected for ranked in close)
    parted = f"{len(close) - out} in, {out} out; each costs under {nf.decimal(NEAR_TIE_PERCENT, 2)}{nf.NO_BREAK}% to turn"
    return (
        Figure(
            "Key accounts",
            nf.decimal(len(ranking.chosen)),
            f"of {nf.decimal(candidates)} candidates",
            f"utility {solution.objective:.2f}, {proof}",
            is_utility_illustrative,
        ),
        _carried(review, "net_sales", "Net sales with them", "net_sales" in generated),
        _carried(review, "contribution_margin", "Contribution with them", "contribution_margin" in generated),
        Figure(
            "Close calls",
            nf.decimal(len(close)) if is_examined else nf.MISSING,
            "decisions" if len(close) != 1 else "decision",
            parted if close else "no decision is near a tie" if is_examined else "decisions were not examined",
            is_utility_illustrative,
        ),
    )


def _carried(review: Review, measure: str, label: str, is_illustrative: bool) -> Figure:
    values = numbers(review.accounts, measure)
    chosen = values[flags(review.accounts, "is_selected")]
    share = share_of_chosen(review, measure)
    unknown = int(np.isnan(chosen).sum())
    if _total(values) is None:
        return Figure(label, nf.MISSING, "", "not measured in this ledger", is_illustrative)
    if unknown == len(chosen):
        return Figure(label, nf.MISSING, "", "not known for the chosen" if unknown else "nobody is chosen", is_illustrative)
    note = f"{nf.percent(share)} of all" if share is not None else "no share: the sum of all is not above zero"
    if unknown:
        note += f"; {nf.counted(unknown, 'account')} unknown"
    return Figure(label, nf.compact(_total(chosen)), review.currency, note, is_illustrative)


def _total(values: Vector) -> float | None:
    return float(np.nansum(values)) if np.any(~np.isnan(values)) else None
