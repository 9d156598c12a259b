"""From the tables of a programme file to its parts, section by section; every fault names its place."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import cast

from openkam.analytics.selection.criteria import RATING_LEVELS, RATING_POINTS, Criterion, MissingRule, fault_of_points
from openkam.analytics.selection.programme_document import Document, did_you_mean, listed, shown
from openkam.analytics.selection.programme_schema import EFFORT_CURVE, MANAGER_FIT, SERVICE_RATE, TABLES
from openkam.analytics.selection.programme_terms import (
    FIELDS,
    AccountManager,
    AccountOverride,
    Candidates,
    Cap,
    Conflict,
    Effort,
    EffortCurve,
    Floor,
    Gate,
    PinnedAccount,
    Provision,
    Rating,
    SelectionLimits,
    ServiceRate,
)
from openkam.analytics.selection.table_reader import TableReader


def read_single(document: Document, table: str) -> TableReader:
    """The reader of a table given once; an absent one reads as empty."""
    return TableReader(document.tables.get(table, {}), TABLES[table], document.place(table))


def read_criteria(document: Document) -> tuple[Criterion, ...]:
    """The criteria in the order of the file; at least one, with a weight above zero in all."""
    criteria = tuple(_criterion(r) for r in _readers(document, "criterion"))
    if not criteria:
        raise document.place("criterion").fault("a programme needs at least one criterion: add a [[criterion]] table.")
    if not any(c.weight for c in criteria):
        raise document.place("criterion", 1).fault(
            "all weights are 0, so nothing counts: give a criterion a weight above 0.", "weight"
        )
    for what in ("name", "rating"):
        _refuse_repeats(document, "criterion", [getattr(c, what) for c in criteria], what)
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
    for number, r in enumerate(_readers(document, "rating"), 1):
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
        for r in _readers(document, "account")
    )
    _refuse_repeats(document, "account", [o.account for o in found], "account")
    return found


def read_limits(document: Document) -> SelectionLimits:
    """Limits over all chosen accounts, free of plain contradictions."""
    r = read_single(document, "limits")
    limits = SelectionLimits(
        r.optional_whole("accounts_at_least"),
        r.optional_whole("accounts_at_most"),
        r.optional_number("budget_per_year"),
        r.optional_number("hours_per_year"),
        r.optional_whole("prospects_at_least"),
        r.optional_number("mean_expected_loss_rate_at_most"),
        r.flag("group_coherence", False),
    )
    most = limits.accounts_at_most
    for key in ("accounts_at_least", "prospects_at_least"):
        least: int | None = getattr(limits, key)
        if least is not None and most is not None and least > most:
            raise r.fault(f"{key} is {least}, above accounts_at_most, {most}: lower the one or raise the other.", key)
    return limits


def read_managers(document: Document) -> tuple[AccountManager, ...]:
    """The key account managers, by unique names."""
    managers: list[AccountManager] = []
    for r in _readers(document, "manager"):
        fit = TableReader(r.raw("fit") if r.has("fit") else {}, MANAGER_FIT, r.place, "fit")
        by = {key: fit.numbers_by_name(key) for key in ("region", "industry", "account")}
        managers.append(
            AccountManager(
                r.text("name"),
                r.number("hours_per_year"),
                r.texts("regions"),
                r.texts("industries"),
                by["region"],
                by["industry"],
                by["account"],
            )
        )
    _refuse_repeats(document, "manager", [m.name for m in managers], "name")
    return tuple(managers)


def read_floors(document: Document) -> tuple[Floor, ...]:
    """Fewest accounts by attribute, no field and value twice."""
    floors = tuple(
        Floor(r.text("field"), r.optional_text("value"), r.whole("accounts_at_least")) for r in _readers(document, "floor")
    )
    _refuse_repeats(document, "floor", [f"{f.field} = {f.value or 'each'}" for f in floors], "value")
    return floors


def read_caps(document: Document) -> tuple[Cap, ...]:
    """Largest shares of sales by attribute, no field and value twice."""
    caps = tuple(
        Cap(r.text("field"), r.optional_text("value"), r.number("share_of_sales_at_most")) for r in _readers(document, "cap")
    )
    _refuse_repeats(document, "cap", [f"{c.field} = {c.value or 'each'}" for c in caps], "value")
    return caps


def read_gates(document: Document) -> tuple[Gate, ...]:
    """Hard rules, each with one bound."""
    gates: list[Gate] = []
    for r in _readers(document, "gate"):
        at_most, at_least = r.optional_number("at_most"), r.optional_number("at_least")
        if (at_most is None) == (at_least is None):
            raise r.fault("needs either at_most or at_least, one of the two: say on which side of the bound an account passes.")
        gates.append(Gate(r.text("measure"), at_most, at_least, r.text("reason")))
    return tuple(gates)


def read_conflicts(document: Document) -> tuple[Conflict, ...]:
    """Accounts that exclude each other."""
    conflicts: list[Conflict] = []
    for r in _readers(document, "conflict"):
        accounts = r.texts("accounts")
        if len(accounts) < 2:
            raise r.fault("accounts needs two or more accounts: add the one it conflicts with.", "accounts")
        conflicts.append(Conflict(accounts, r.text("reason")))
    return tuple(conflicts)


def read_pins(document: Document) -> tuple[PinnedAccount, ...]:
    """People's decisions, one per account."""
    pins = tuple(
        PinnedAccount(r.text("account"), r.text("decision") == "in", r.text("reason")) for r in _readers(document, "pin")
    )
    _refuse_repeats(document, "pin", [p.account for p in pins], "account")
    return pins


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


def read_provision(document: Document) -> Provision | None:
    """The provision matrix, None where the file has none."""
    if "provision" not in document.tables:
        return None
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


def _readers(document: Document, table: str) -> Iterator[TableReader]:
    tables = cast("list[object]", document.tables.get(table, []))
    for number, raw in enumerate(tables, 1):
        title = cast("dict[str, object]", raw).get("name", "") if isinstance(raw, dict) else ""
        yield TableReader(raw, TABLES[table], document.place(table, number, shown(title).strip('"')))


def _refuse_repeats(document: Document, table: str, names: list[str | None], key: str) -> None:
    counts = Counter(n for n in names if n is not None)
    for number, name in enumerate(names, 1):
        if name is not None and counts[name] > 1 and name in names[: number - 1]:
            first = names.index(name) + 1
            heading = TABLES[table].heading
            problem = f"{key} {shown(name)} stands in {heading} {first} already: rename or remove one of the two."
            raise document.place(table, number).fault(problem, key)
