"""From a programme file to what counts, who is looked at and what it takes; every fault names its place."""

from itertools import pairwise
from typing import cast

from openkam.analytics.selection.criteria import RATING_LEVELS, RATING_POINTS, Criterion, MissingRule, fault_of_points
from openkam.analytics.selection.programme_document import Document, did_you_mean, listed, shown
from openkam.analytics.selection.programme_schema import EFFORT_CURVE, SERVICE_RATE
from openkam.analytics.selection.programme_terms import (
    FIELDS,
    AccountOverride,
    Candidates,
    Effort,
    EffortCurve,
    Provision,
    Rating,
    ServiceRate,
)
from openkam.analytics.selection.table_reader import TableReader, read_single, readers_of, refuse_repeats


def read_criteria(document: Document) -> tuple[Criterion, ...]:
    """The criteria in the order of the file; at least one, with a weight above zero in all."""
    criteria = tuple(_criterion(r) for r in readers_of(document, "criterion"))
    if not criteria:
        raise document.place("criterion").fault("a programme needs at least one criterion: add a [[criterion]] table.")
    if not any(c.weight for c in criteria):
        raise document.place("criterion", 1).fault(
            "all weights are 0, so nothing counts: give a criterion a weight above 0.", "weight"
        )
    for what in ("name", "rating"):
        refuse_repeats(document, "criterion", [getattr(c, what) for c in criteria], what)
    return criteria


def _criterion(r: TableReader) -> Criterion:
    name = r.word("name")
    measure, rating = r.optional_text("measure"), r.word("rating") if r.has("rating") else None
    if (measure is None) == (rating is None):
        raise r.fault(
            "needs either measure or rating, one of the two: name the measure it reads, or the scale people rate it on."
        )
    fallback = r.optional_text("fallback_measure")
    if fallback is not None and measure is None:
        raise r.fault("fallback_measure belongs to a measure, and this is a rating: remove it.", "fallback_measure")
    return Criterion(
        name=name,
        label=r.optional_text("label") or name.replace("_", " ").capitalize(),
        weight=r.number("weight"),
        points=_value_points(r, is_rating=rating is not None),
        measure=measure,
        fallback_measure=fallback,
        rating=rating,
        anchors=_anchors(r, is_rating=rating is not None),
        missing=_missing(r),
    )


def _value_points(r: TableReader, *, is_rating: bool) -> tuple[tuple[float, float], ...]:
    if not r.has("points"):
        if is_rating:
            return RATING_POINTS
        raise r.fault("key points is missing: add the value function, for example points = [[0, 0], [100, 1]].")
    points = r.points("points")
    fault = fault_of_points(points)
    if fault:
        raise r.fault(f"points: {fault}.", "points")
    return points


def _anchors(r: TableReader, *, is_rating: bool) -> tuple[str, ...]:
    anchors = r.texts("anchors")
    if is_rating and len(anchors) != RATING_LEVELS:
        raise r.fault(
            f"anchors has {len(anchors)} sentences: write {RATING_LEVELS}, one for each of 0, 1, 2, 3 and 4.", "anchors"
        )
    if anchors and not is_rating:
        raise r.fault("anchors belong to a rating, and this is a measure: remove them.", "anchors")
    return anchors


def _missing(r: TableReader) -> MissingRule | float:
    raw = r.raw("missing")
    if raw is None:
        return MissingRule.WORST
    if isinstance(raw, str):
        if raw not in tuple(MissingRule):
            raise r.fault(
                f'missing must be "worst", "exclude" or a value from 0 to 1, but is {shown(raw)}: correct it.', "missing"
            )
        return MissingRule(raw)
    return r.number("missing")


def read_ratings(document: Document, criteria: tuple[Criterion, ...]) -> tuple[Rating, ...]:
    """The ratings; each on a known scale, and no rater twice on the same account and scale."""
    scales = [c.rating for c in criteria if c.rating]
    found: list[Rating] = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, r in enumerate(readers_of(document, "rating"), 1):
        scale = r.word("criterion")
        if scale not in scales:
            known = f"Known scales: {listed(scales)}." if scales else "No criterion has a rating yet."
            hint = did_you_mean(scale, scales)
            raise r.fault(f"no criterion is rated on {shown(scale)}{hint}: correct it or add the criterion. {known}", "criterion")
        one = Rating(r.text("account"), scale, r.whole("value"), r.text("evidence"), r.text("rated_by"), r.day("rated_on"))
        first = seen.setdefault((one.account, one.criterion, one.rated_by), number)
        if first != number:
            raise r.fault(
                f"{one.rated_by} rates {one.account} on {scale} in [[rating]] {first} already: keep the later of the two.",
                "rated_by",
            )
        found.append(one)
    return tuple(found)


def read_candidates(document: Document) -> Candidates:
    """Who is looked at."""
    r = read_single(document, "candidates")
    return Candidates(r.optional_number("minimum_net_sales"), r.flag("include_prospects", False), r.optional_whole("at_most"))


def read_effort(document: Document, key: str) -> Effort | None:
    """Hours or cost a year: a number, a curve over a measure, or None where not given."""
    r = read_single(document, "effort")
    if not r.has(key):
        return None
    if not isinstance(r.raw(key), dict):
        return r.number(key)
    curve = TableReader(r.raw(key), EFFORT_CURVE, r.place, key)
    points = curve.points("points")
    missing = curve.optional_number("missing")
    return EffortCurve(curve.text("measure"), points, max(y for _, y in points) if missing is None else missing)


def read_overrides(document: Document) -> tuple[AccountOverride, ...]:
    """What the firm knows better, one table per account."""
    found = tuple(
        AccountOverride(
            r.text("account"),
            r.optional_number("hours"),
            r.optional_number("cost"),
            tuple((f, r.text(f)) for f in FIELDS if r.has(f)),
        )
        for r in readers_of(document, "account")
    )
    refuse_repeats(document, "account", [o.account for o in found], "account")
    return found


def read_service_rates(document: Document) -> tuple[ServiceRate, ...]:
    """Rates by activity, sorted by activity."""
    raw = cast("dict[str, object]", document.tables.get("service_rates", {}))
    rates: list[ServiceRate] = []
    for activity in sorted(raw):
        place = document.place("service_rates", title=shown(activity).strip('"'))
        if not activity.strip() or not activity.isprintable():
            raise place.fault("an activity needs a plain name: write [service_rates.<activity>] with the name the ledger uses.")
        r = TableReader(raw[activity], SERVICE_RATE, place)
        rates.append(ServiceRate(activity, r.number("minutes_per_activity"), r.number("cost_per_minute")))
    return tuple(rates)


def read_provision(document: Document) -> Provision:
    """The provision matrix; the default where the file has none."""
    if "provision" not in document.tables:
        return Provision()
    r = read_single(document, "provision")
    buckets = r.points("buckets")
    fraction = next((day for day, _ in buckets if not day.is_integer()), None)
    if fraction is not None:
        raise r.fault(f"buckets has a bound at day {fraction:g}: write whole days.", "buckets")
    if buckets[0][0] != 0:
        raise r.fault(f"buckets start at day {buckets[0][0]:g}: start at 0, for what is not yet due.", "buckets")
    for (_, lower), (day, higher) in pairwise(buckets):
        if higher < lower:
            raise r.fault(
                f"the loss rate falls to {higher:g} from day {day:g} on: older debt cannot be safer, correct the rate.", "buckets"
            )
    return Provision(buckets)
