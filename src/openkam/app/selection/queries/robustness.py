"""How a round's choice stands under other weightings, of the candidates that a person sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from openkam.analytics.selection.robustness import FIRM, SELDOM, bringing_in
from openkam.app.people.models import User
from openkam.app.selection.models import Candidate, CandidateShare, Robustness, Scenario
from openkam.app.selection.permissions import sees_all_records
from openkam.app.selection.queries.candidates import visible_candidates
from openkam.app.selection.terms import Weightings
from openkam.app.ui.templatetags.charts import Chart, framed, of_sum, percent_axis

CHARTED = 30
ROWS_PER_PAGE = 50
NOW_IN, NOW_OUT = "in now", "out now"


@dataclass(frozen=True, slots=True)
class ShareLine:
    """One candidate; `heavier` names the criterion that weighs most above its usual where the account is in, with both weights."""

    candidate: Candidate
    share: float
    lower: float
    upper: float
    heavier: tuple[str, float, float] | None

    @property
    def is_firm(self) -> bool:
        """In under nearly every weighting."""
        return self.share >= FIRM

    @property
    def is_surprising(self) -> bool:
        """In now and out under most weightings, or the other way round."""
        return self.candidate.is_selected != (self.share >= 0.5)


@dataclass(frozen=True, slots=True)
class RobustnessPage:
    """What other weightings choose; counts are of candidates the person sees.

    `selected_count` are in now, `firm_count` of them in nearly all weightings, `fragile_count` in fewer than half;
    `contested_count` of all candidates are neither firmly in nor seldom. `is_whole` where all candidates are seen.
    """

    robustness: Robustness
    kinds: Sequence[tuple[str, str]]
    is_whole: bool
    selected_count: int
    firm_count: int
    contested_count: int
    fragile_count: int
    page: Page[CandidateShare]
    lines: Sequence[ShareLine]
    chart: Chart | None
    weights: Sequence[tuple[str, float, float]]


def visible_shares(user: User, scenario: Scenario) -> QuerySet[CandidateShare]:
    """The shares of the candidates that the person sees, the most often chosen first."""
    seen = CandidateShare.objects.filter(robustness__scenario=scenario)
    return seen if sees_all_records(user) else seen.filter(candidate__in=visible_candidates(user, scenario).order_by())


def robustness_page(user: User, scenario: Scenario, weightings: str, number: str) -> RobustnessPage | None:
    """One page of a scenario's candidates under other weightings; None until they were tried."""
    known = {one.weightings: one for one in Robustness.objects.filter(scenario=scenario)}
    found = known.get(weightings) or known.get(Weightings.IN_ORDER.value)
    if found is None:
        return None
    shares = visible_shares(user, scenario).filter(robustness=found).select_related("candidate")
    shares = shares.defer("candidate__measures", "candidate__needs", "candidate__partners", "candidate__levels")
    is_in = Q(candidate__is_selected=True)
    counts = shares.order_by().aggregate(
        firm=Count("pk", filter=is_in & Q(share__gte=FIRM)),
        contested=Count("pk", filter=Q(share__lt=FIRM, share__gt=SELDOM)),
        firm_half=Count("pk", filter=is_in & Q(share__gte=0.5)),
    )
    selected = visible_candidates(user, scenario).filter(is_selected=True).count()
    page = Paginator(shares, ROWS_PER_PAGE).get_page(number)
    contested = list(shares.filter(share__lt=FIRM, share__gt=SELDOM)[:CHARTED])
    return RobustnessPage(
        robustness=found,
        kinds=[(kind.value, str(kind.label)) for kind in Weightings if kind.value in known],
        is_whole=sees_all_records(user),
        selected_count=selected,
        firm_count=counts["firm"],
        contested_count=counts["contested"],
        fragile_count=selected - counts["firm_half"],
        page=page,
        lines=[_line(share, found, scenario.criteria) for share in page.object_list],
        chart=_chart(contested, counts["contested"]) if contested else None,
        weights=[
            (criterion["label"], criterion["weight"], mean)
            for criterion, mean in zip(scenario.criteria, found.mean_weights, strict=True)
        ],
    )


def shares_in_order(user: User, scenario: Scenario, candidates: Sequence[int]) -> dict[int, CandidateShare] | None:
    """By candidate the share of weightings that keep the order of the criteria: none where it is never in; None until tried."""
    if scenario.robustness_run_id is None:
        return None
    tried = Robustness.objects.filter(scenario=scenario, weightings=Weightings.IN_ORDER.value).first()
    if tried is None:
        return None
    return {one.candidate_id: one for one in visible_shares(user, scenario).filter(robustness=tried, candidate__in=candidates)}


def _line(share: CandidateShare, robustness: Robustness, criteria: Sequence[Mapping[str, Any]]) -> ShareLine:
    usual = robustness.mean_weights
    at = bringing_in(share.central_weights, usual) if SELDOM < share.share < FIRM else None
    return ShareLine(
        candidate=share.candidate,
        share=share.share,
        lower=share.lower,
        upper=share.upper,
        heavier=(criteria[at]["label"], share.central_weights[at], usual[at]) if at is not None else None,
    )


def _chart(shares: Sequence[CandidateShare], contested_count: int) -> Chart:
    """A spot for every contested account with its interval, the most often chosen first."""
    values = [
        {
            "name": share.candidate.name,
            "place": f"{share.candidate.rank} {share.candidate.name}",
            "share": share.share,
            "lower": share.lower,
            "upper": share.upper,
            "now": NOW_IN if share.candidate.is_selected else NOW_OUT,
            "text": f"{of_sum(share.share)} ({of_sum(share.lower)} to {of_sum(share.upper)})",
        }
        for share in shares
    ]
    order = [value["place"] for value in values]
    # Two accounts may have one name: the rank before it keeps their rows apart and is not shown.
    name_alone = {"labelExpr": "slice(datum.value, indexof(datum.value, ' ') + 1)", "labelLimit": 240}
    y = {"field": "place", "type": "nominal", "title": None, "sort": order, "axis": name_alone}
    x = {
        "type": "quantitative",
        "title": "share of weightings in which it is key",
        "scale": {"domain": [0, 1]},
        "axis": percent_axis(),
    }
    colour = {
        "field": "now",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [NOW_IN, NOW_OUT]},
        "legend": {"orient": "top"},
    }
    tips = [{"field": "name", "title": "Account"}, {"field": "text", "title": "Key in"}, {"field": "now", "title": "Choice"}]
    more = f", the first {len(shares)} of {contested_count:,}" if contested_count > len(shares) else ""
    return Chart(
        spec=framed(
            data={"values": values},
            encoding={"y": y, "color": colour, "tooltip": tips},
            layer=[
                {"mark": {"type": "rule"}, "encoding": {"x": {**x, "field": "lower"}, "x2": {"field": "upper"}}},
                {
                    "mark": {"type": "point", "filled": True, "size": 45},
                    "encoding": {
                        "x": {**x, "field": "share"},
                        "shape": {**colour, "scale": {"domain": [NOW_IN, NOW_OUT], "range": ["circle", "diamond"]}},
                    },
                },
            ],
        ),
        text=f"{contested_count:,} accounts are neither key in nearly all weightings nor in hardly any. The most often chosen of them, "
        f"{shares[0].candidate.name}, is key in {of_sum(shares[0].share)}.",
        columns=("Account", "Key in", "From", "To", "Choice"),
        rows=[
            (value["name"], of_sum(share.share), of_sum(share.lower), of_sum(share.upper), value["now"])
            for value, share in zip(values, shares, strict=True)
        ],
        note=f"neither nearly always nor hardly ever{more}",
    )
