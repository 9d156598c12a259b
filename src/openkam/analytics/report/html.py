"""The review as one page that stands alone: no request, no script, the same bytes for the same review."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from openkam.analytics.report import number_format as nf
from openkam.analytics.report.account_columns import flags
from openkam.analytics.report.charts.concentration import concentration_figure
from openkam.analytics.report.charts.figure import ChartFigure
from openkam.analytics.report.charts.margin_against_sales import margin_against_sales_figure
from openkam.analytics.report.charts.near_ties import near_ties_figure
from openkam.analytics.report.charts.whale_curve import whale_figure
from openkam.analytics.report.concentration import concentrations
from openkam.analytics.report.data_used import completeness, completeness_table, facts_table, glossary_table
from openkam.analytics.report.decisions import left_out, weakest_chosen
from openkam.analytics.report.font import font_data_uri
from openkam.analytics.report.headline import figures, headline, period_words
from openkam.analytics.report.illustrative import fact_words, illustrative_criteria, illustrative_measures
from openkam.analytics.report.limits import LimitUse, limit_uses, limits_table
from openkam.analytics.report.margin_against_sales import margin_against_sales
from openkam.analytics.report.ranking import NEAR_TIE_PERCENT, Ranked, Ranking, ranking
from openkam.analytics.report.value_function import criterion_lines
from openkam.analytics.report.whale_curve import whale_curve
from openkam.analytics.review.review import Review
from openkam.analytics.valuation.margin_against_sales import Quadrant

TEMPLATES = Path(__file__).resolve().parent / "templates"
BAR_WIDTH = 200.0
NEARLY_COMPLETE = 0.99
"""A measure known for this share of accounts needs no mention of its own; the table beneath lists them all."""
SHOWN_GAPS = 8
SHOWN_LIMITS = 16
"""Limits shown with their bar; a programme can have hundreds, which the table beneath lists."""


@dataclass(frozen=True, slots=True)
class BarPart:
    """One piece of a stacked bar, in a box 200 wide."""

    series: int
    x: str
    width: str


def review_html(review: Review) -> str:
    """The page. Equal reviews give equal bytes; `solver.seconds` is not on it.

    Raises `OpenKamError` where the page's font has not been fetched.
    """
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters: dict[str, Any] = {"decimal": nf.decimal, "percent": nf.percent, "day": nf.day}
    environment.filters.update(filters)
    ranked = ranking(review)
    comparison = margin_against_sales(review)
    generated = illustrative_measures(review)
    is_margin_illustrative = "contribution_margin" in generated
    is_utility_illustrative = bool(illustrative_criteria(review))
    curve = whale_curve(review)
    found = concentrations(review)
    charts: dict[str, ChartFigure | None] = {
        "near_ties": near_ties_figure(ranked, is_utility_illustrative),
        "margin": margin_against_sales_figure(comparison, review.currency, is_margin_illustrative) if comparison else None,
        "whale": whale_figure(curve, len(ranked.chosen), review.currency, is_margin_illustrative) if curve else None,
        "concentration": concentration_figure(found, is_margin_illustrative),
    }
    known = completeness(review)
    return environment.get_template("review.html.j2").render(
        review=review,
        period=period_words(review),
        style=style,
        style_digest=digest,
        headline=headline(review, ranked, comparison),
        figures=figures(review, ranked),
        ranking=ranked,
        bars=_bars(ranked),
        criteria=criterion_lines(review),
        is_utility_illustrative=is_utility_illustrative,
        is_margin_illustrative=is_margin_illustrative,
        near_tie_percent=NEAR_TIE_PERCENT,
        left_out=left_out(review, ranked),
        weakest=weakest_chosen(review, ranked),
        charts=charts,
        comparison=comparison,
        quadrants=Quadrant,
        concentrations=found,
        limits=_shown_limits(review),
        limits_table=limits_table(review),
        facts=facts_table(review),
        glossary=glossary_table(review),
        measure_count=len(known),
        gaps=[c for c in known if c.share < NEARLY_COMPLETE][:SHOWN_GAPS],
        nearly_complete=sum(c.share >= NEARLY_COMPLETE for c in known),
        completeness_table=completeness_table(review),
        illustrative=fact_words(review),
        candidates=int(flags(review.accounts, "is_candidate").sum()),
    )


def _shown_limits(review: Review) -> tuple[LimitUse, ...]:
    """Every limit where they are few, else the ones nearest to binding, in the programme's order."""
    uses = limit_uses(review)
    if len(uses) <= SHOWN_LIMITS:
        return uses
    nearest = sorted(range(len(uses)), key=lambda i: (not uses[i].is_binding, -(uses[i].shadow_price or 0.0), -uses[i].fill, i))
    return tuple(uses[i] for i in sorted(nearest[:SHOWN_LIMITS]))


def _style() -> str:
    css = (TEMPLATES / "review.css").read_text(encoding="utf-8")
    return css.replace("FONT_DATA_URI", font_data_uri())


def _bars(ranked: Ranking) -> dict[str, tuple[BarPart, ...]]:
    """The stacked bar of each account, keyed by account; the longest utility shown fills the box."""
    return {r.account: _bar(r, ranked.longest) for r in (*ranked.chosen, *ranked.left_out)}


def _bar(ranked: Ranked, longest: float) -> tuple[BarPart, ...]:
    parts: list[BarPart] = []
    x = 0.0
    for part in ranked.parts:
        width = part.utility / longest * BAR_WIDTH
        if width > 0:
            parts.append(BarPart(part.series, f"{x:.1f}", f"{max(width - 1.0, 0.4):.1f}"))
        x += width
    return tuple(parts)
