"""A realistic seeded review: about 280 accounts of a wholesaler, 14 of them chosen by an independent solver."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.optimize import LinearConstraint, linprog, milp

from openkam.analytics.ledger.schema import ILLUSTRATIVE_PREFIX
from openkam.analytics.review.review import CriterionNote, Review
from openkam.analytics.selection.problem import (
    Change,
    Explanations,
    Limit,
    Pair,
    Pin,
    SelectionProblem,
    Sense,
    Solution,
    WhyIn,
    WhyOut,
)
from openkam.analytics.terms import Measure, Period, Unit

AS_OF = date(2016, 5, 31)
REGIONS = ("Midwest", "Northeast", "South", "West")
INDUSTRIES = ("Computer Store", "Corporate", "Gift Store", "Novelty Shop", "Supermarket")
MANAGERS = ("Hudson Onslow", "Kayla Woodcock", "Lily Code", "Sophia Hinton")
AREAS = (
    "East North Central",
    "East South Central",
    "Mid Atlantic",
    "Mountain",
    "New England",
    "Pacific",
    "South Atlantic",
    "West North Central",
    "West South Central",
)
FIRST = ("Anja", "Björn", "Chiara", "Daakshaayaani", "Émile", "François", "Günther", "Hélène", "Jörg", "Kumar", "Łukasz", "Niamh")
LAST = ("Ackermann", "Bérubé", "Großmann", "Hinterhölzl", "Øvergård", "Müller", "Naicker", "Östlund", "Sankaramanchi", "Thakur")
AWKWARD = (
    '<script>alert("x")</script>',
    "=cmd|' /C calc'!A0",
    "+44 Trading & Sons",
    "https://example.test/shop",
    "Gesellschaft für mittelständische Verpackungslösungen und Lagerlogistik Süd-Ost mbH & Co. Kommanditgesellschaft auf Aktien",
)

CRITERIA = (
    CriterionNote(
        "contribution",
        "Contribution",
        0.34,
        "currency",
        "contribution_margin",
        ((0.0, 0.0), (50_000.0, 0.4), (250_000.0, 0.8), (800_000.0, 1.0)),
    ),
    CriterionNote("growth", "Growth", 0.20, "per year", "growth_per_year", ((-0.2, 0.0), (0.0, 0.35), (0.15, 0.9), (0.3, 1.0))),
    CriterionNote("regularity", "Regular orders", 0.14, "shape", "regularity_k", ((0.5, 0.0), (1.0, 0.3), (3.0, 1.0))),
    CriterionNote("credit", "Pays on time", 0.10, "days", "days_beyond_terms", ((0.0, 1.0), (15.0, 0.5), (45.0, 0.0))),
    CriterionNote("loyalty", "Breadth", 0.10, "count", "category_count", ((1.0, 0.0), (4.0, 0.6), (9.0, 1.0))),
    CriterionNote("strategic", "Strategic weight", 0.12, "0-4", None, ((0.0, 0.0), (2.0, 0.4), (4.0, 1.0))),
)

MEASURES = (
    Measure("net_sales", Unit.CURRENCY, "Net amount of sales, returns and cancellations in the period", "purchase_history"),
    Measure("sales_share", Unit.SHARE, "Share of the firm's net sales in the period", "purchase_history"),
    Measure("order_count", Unit.COUNT, "Days with at least one order in the period", "purchase_history"),
    Measure("active_months", Unit.MONTHS, "Calendar months with an order in the period", "purchase_history"),
    Measure("first_order_on", Unit.DAY, "Day of the first order known", "purchase_history"),
    Measure("last_order_on", Unit.DAY, "Day of the last order known", "purchase_history"),
    Measure("order_gap_days", Unit.DAYS, "Mean days between two orders, orders of one day merged", "regularity"),
    Measure("regularity_k", Unit.SHAPE, "Shape of the gamma of gaps between orders: 1 is random, above is regular", "regularity"),
    Measure("quarter_variation", Unit.RATIO, "Coefficient of variation of quarterly net sales", "regularity"),
    Measure("growth_per_year", Unit.PER_YEAR, "Robust slope of quarterly net sales over eight quarters", "growth"),
    Measure("category_count", Unit.COUNT, "Product categories bought in the period", "loyalty"),
    Measure("returns_share", Unit.SHARE, "Returned amount as a share of sales", "loyalty"),
    Measure("repeat_rate", Unit.SHARE, "Share of quarters with an order after the first", "loyalty"),
    Measure("is_reliable", Unit.FLAG, "True where at least eight quarters are known", "loyalty"),
    Measure("payment_class", Unit.TEXT, "Class of the ageing at the as-of day", "credit"),
    Measure("price_index", Unit.RATIO, "Realised price against the same product at the same quantity band", "price"),
    Measure("gross_contribution", Unit.CURRENCY, "Pocket sales less cost of goods", "contribution_margin"),
    Measure("cost_to_serve", Unit.CURRENCY, "Service activities at the programme's rates", "cost_to_serve"),
    Measure("contribution_margin", Unit.CURRENCY, "Gross contribution less cost to serve", "contribution_margin"),
    Measure("cost_completeness", Unit.SHARE, "Share of net sales with a known cost of goods", "contribution_margin"),
    Measure("days_beyond_terms", Unit.DAYS, "Amount-weighted days paid after the due day", "credit"),
    Measure("late_share", Unit.SHARE, "Share of invoiced amount paid late", "credit"),
    Measure("expected_loss", Unit.CURRENCY_PER_YEAR, "Open amount by ageing bucket at the provision matrix", "credit"),
)


@dataclass(frozen=True)
class _Solver:
    """The same selection written a second time, for SciPy's solver, so that the factory needs none of our own code."""

    utility: npt.NDArray[np.float64]
    limits: tuple[Limit, ...]
    pins: tuple[Pin, ...]
    conflicts: tuple[Pair, ...]

    def _rows(self, bounds: dict[str, float]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        rows, right = [], []
        for limit in self.limits:
            bound = bounds.get(limit.name, limit.bound)
            row = limit.numerator if limit.denominator is None else limit.numerator - bound * limit.denominator
            right_side = bound if limit.denominator is None else 0.0
            sign = 1.0 if limit.sense is Sense.AT_MOST else -1.0
            rows.append(sign * row)
            right.append(sign * right_side)
        for pair in self.conflicts:
            row = np.zeros(len(self.utility))
            row[[pair.first, pair.second]] = 1.0
            rows.append(row)
            right.append(1.0)
        return np.array(rows), np.array(right)

    def solve(self, forced: dict[int, int] | None = None, bounds: dict[str, float] | None = None) -> npt.NDArray[np.bool_] | None:
        """The best selection with some accounts held in (1) or out (0), or None where there is none."""
        low, high = np.zeros(len(self.utility)), np.ones(len(self.utility))
        for pin in self.pins:
            (low if pin.is_in else high)[pin.account] = float(pin.is_in)
        for account, is_in in (forced or {}).items():
            low[account] = high[account] = is_in
        rows, right = self._rows(bounds or {})
        answer = milp(
            -self.utility,
            integrality=np.ones(len(self.utility)),
            bounds=(low, high),
            constraints=LinearConstraint(rows, ub=right),
            options={"mip_rel_gap": 0.0},
        )
        return answer.x > 0.5 if answer.success else None

    def shadow_prices(self) -> tuple[float, dict[str, float]]:
        """Optimum of the relaxation and the worth of loosening each bound by one."""
        rows, right = self._rows({})
        answer = linprog(-self.utility, A_ub=rows, b_ub=right, bounds=(0.0, 1.0))
        duals = answer.ineqlin.marginals
        return -answer.fun, {limit.name: abs(float(duals[i])) for i, limit in enumerate(self.limits) if limit.denominator is None}


def _names(rng: np.random.Generator, count: int) -> tuple[list[str], list[str | None]]:
    names = [f"{group} · {area}" for group in ("Tailspin Toys", "Wingtip Toys") for area in AREAS]
    groups: list[str | None] = ["Tailspin Toys"] * 9 + ["Wingtip Toys"] * 9
    names.extend(AWKWARD)
    while len(names) < count:
        name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
        names.append(name if name not in names else f"{name} {len(names)}")
    return names, groups + [None] * (count - len(groups))


def _value(points: tuple[tuple[float, float], ...], values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    x, y = zip(*points, strict=True)
    return np.where(np.isnan(values), 0.0, np.interp(values, x, y))


def _facts() -> pa.Table:
    wwi, made = "wwi", f"{ILLUSTRATIVE_PREFIX}wwi"
    first = date(2013, 1, 1)
    rows = [
        ("customers", wwi, None, 663, None, None),
        ("interactions", made, None, 8_112, first, AS_OF),
        ("products", wwi, None, 227, None, None),
        ("receivables", wwi, "USD", 70_510, first, AS_OF),
        ("service_activities", made, None, 143_968, first, AS_OF),
        ("transactions", wwi, "EUR", 41, date(2015, 9, 1), AS_OF),
        ("transactions", wwi, "USD", 231_371, first, AS_OF),
    ]
    names = ("table", "source", "currency", "rows", "from_on", "to_on")
    return pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})


@cache
def make_review(seed: int = 7, count: int = 280) -> Review:
    """The review; equal arguments give the very same object."""
    rng = np.random.default_rng(seed)
    names, groups = _names(rng, count)
    keys = [f"A{i:04d}" for i in range(count)]
    is_big = np.array([group is not None for group in groups])
    is_prospect = rng.random(count) < 0.03
    is_prospect[:23] = False
    net_sales = np.where(is_big, rng.lognormal(14.2, 0.35, count), rng.lognormal(10.9, 0.75, count)).round(2)
    net_sales[18:21] = (412_000.5, 388_000.25, 240_000.0)
    net_sales[22] = 305_000.0
    net_sales[is_prospect] = np.nan
    gross = net_sales * np.where(is_big, rng.normal(0.44, 0.09, count), rng.normal(0.48, 0.05, count))
    served = 0.04 * net_sales + rng.lognormal(9.35, 0.7, count)
    margin = gross - served
    for row, share in ((19, -0.09), (2, 0.11), (11, 0.16)):
        margin[row] = share * net_sales[row]
    no_cost = (rng.random(count) < 0.05) & ~is_big
    gross[no_cost] = margin[no_cost] = np.nan
    growth = rng.normal(0.04, 0.13, count)
    growth[rng.random(count) < 0.08] = np.nan
    shape = rng.gamma(9.0, 0.2, count)
    late_days = np.where(rng.random(count) < 0.1, np.nan, rng.exponential(6.0, count))
    categories = np.where(is_big, rng.integers(6, 10, count), rng.integers(1, 8, count)).astype(float)
    strategic = np.where(is_big, rng.integers(1, 5, count), rng.integers(0, 4, count)).astype(float)
    unknown = is_prospect
    for column in (growth, shape, late_days, categories):
        column[unknown] = np.nan

    inputs = (margin, growth, shape, late_days, categories, strategic)
    value = np.column_stack([_value(c.points, column) for c, column in zip(CRITERIA, inputs, strict=True)])
    weight = np.array([c.weight for c in CRITERIA])
    utility = value @ weight
    region = rng.choice(REGIONS, count)
    industry = np.where(is_big, "Novelty Shop", rng.choice(INDUSTRIES, count))
    hours = np.round(30 + 95 * (net_sales / np.nanmax(net_sales)) ** 0.6 + rng.uniform(0, 12, count))
    hours = np.where(np.isnan(hours), 60.0, hours)
    cost = hours * 105.0
    is_gated = late_days > 28.0
    is_candidate = ~is_gated

    candidates = np.flatnonzero(is_candidate)
    problem = _problem(
        rows=candidates,
        keys=keys,
        names=names,
        utility=utility,
        value=value,
        weight=weight,
        hours=hours,
        cost=cost,
        net_sales=net_sales,
        region=region,
        groups=groups,
        is_prospect=is_prospect,
    )
    solution, explanations = _solved(problem)
    chosen = np.zeros(count, dtype=bool)
    chosen[candidates[solution.chosen]] = True
    manager: list[str | None] = [None] * count
    for row, index in zip(candidates, solution.manager, strict=True):
        if index >= 0:
            manager[row] = MANAGERS[index]

    rank = np.zeros(count, dtype=int)
    rank[candidates[np.lexsort((candidates, -utility[candidates]))]] = np.arange(1, len(candidates) + 1)
    opened = [date(2013, 1, 1) + timedelta(days=int(d)) for d in rng.integers(0, 900, count)]
    closed = [AS_OF - timedelta(days=int(d)) for d in rng.integers(0, 60, count)]

    def nullable(values: npt.NDArray[np.float64]) -> list[float | None]:
        return [None if np.isnan(v) else float(v) for v in values]

    orders = np.where(unknown, np.nan, rng.integers(4, 120, count).astype(float))
    columns: dict[str, object] = {
        "account": keys,
        "name": names,
        "region": list(region),
        "country": ["United States"] * count,
        "industry": list(industry),
        "category": list(industry),
        "group_name": groups,
        "current_manager": [MANAGERS[i % 4] for i in range(count)],
        "is_prospect": list(is_prospect),
        "customer_count": [27 if big else 1 for big in is_big],
        "net_sales": nullable(net_sales),
        "sales_share": nullable(net_sales / np.nansum(net_sales)),
        "order_count": pa.array([None if np.isnan(v) else int(v) for v in orders], pa.int64()),
        "active_months": nullable(np.where(unknown, np.nan, np.minimum(12, orders // 3 + 1))),
        "first_order_on": [None if unknown[i] else opened[i] for i in range(count)],
        "last_order_on": [None if unknown[i] else closed[i] for i in range(count)],
        "order_gap_days": nullable(365 / orders),
        "regularity_k": nullable(shape),
        "quarter_variation": nullable(np.where(unknown, np.nan, rng.gamma(4, 0.07, count))),
        "growth_per_year": nullable(growth),
        "category_count": nullable(categories),
        "returns_share": nullable(np.where(unknown, np.nan, rng.beta(1, 60, count))),
        "repeat_rate": nullable(np.where(unknown, np.nan, rng.beta(30, 2, count))),
        "is_reliable": [None if unknown[i] else bool(orders[i] > 8) for i in range(count)],
        "payment_class": [None if np.isnan(late_days[i]) else ("current", "1-30")[int(late_days[i] > 1)] for i in range(count)],
        "price_index": nullable(np.where(unknown, np.nan, rng.normal(1.0, 0.04, count))),
        "gross_contribution": nullable(gross),
        "cost_to_serve": nullable(np.where(unknown, np.nan, served)),
        "contribution_margin": nullable(margin),
        "cost_completeness": nullable(np.where(unknown, np.nan, np.where(no_cost, 0.0, 1.0))),
        "days_beyond_terms": nullable(late_days),
        "late_share": nullable(np.clip(late_days / 40, 0, 1)),
        "expected_loss": nullable(net_sales * 0.001 * (1 + late_days / 10)),
        "is_candidate": list(is_candidate),
        "problem_index": pa.array(
            [int(np.searchsorted(candidates, i)) if is_candidate[i] else None for i in range(count)], pa.int64()
        ),
        **{f"value_{c.name}": list(value[:, j]) for j, c in enumerate(CRITERIA)},
        "utility": list(utility),
        "rank": pa.array([int(r) if r else None for r in rank], pa.int64()),
        "is_selected": list(chosen),
        "manager": pa.array(manager, pa.string()),
        "hours": list(hours),
        "cost": list(cost),
        "excluded_because": pa.array(["Pays more than 28 days beyond terms" if g else None for g in is_gated], pa.string()),
    }
    table = pa.table(columns)
    order = sorted(range(count), key=lambda i: (-utility[i], keys[i]))
    return Review(
        as_of=AS_OF,
        period=Period(date(2015, 6, 1), AS_OF),
        currency="USD",
        engine="duckdb",
        ledger_version=128,
        code_version="0.1.0",
        programme_name="Key accounts 2016",
        programme_digest="b1946ac92492d2347c6235b4d2611184c0ffee00b1946ac92492d2347c6235b4",
        accounts=table.take(order),
        measures=MEASURES,
        criteria=CRITERIA,
        problem=problem,
        solution=solution,
        explanations=explanations,
        facts=_facts(),
        unassigned_net_sales=18_250.4,
        illustrative=("service_activities", "interactions", "strategic"),
        notes=(
            "41 invoice lines in EUR were converted at the rate of their day.",
            "3 accounts have fewer than four gaps between orders.",
        ),
    )


def _problem(
    *,
    rows: npt.NDArray[np.int64],
    keys: list[str],
    names: list[str],
    utility: npt.NDArray[np.float64],
    value: npt.NDArray[np.float64],
    weight: npt.NDArray[np.float64],
    hours: npt.NDArray[np.float64],
    cost: npt.NDArray[np.float64],
    net_sales: npt.NDArray[np.float64],
    region: npt.NDArray[np.str_],
    groups: list[str | None],
    is_prospect: npt.NDArray[np.bool_],
) -> SelectionProblem:
    ones = np.ones(len(rows))
    sales = np.nan_to_num(net_sales[rows])
    group = np.array([str(groups[row]) for row in rows])
    limits = (
        Limit("accounts_at_most", "Accounts at most", "accounts", Sense.AT_MOST, ones, 14.0, 1.0),
        Limit("hours", "Manager hours in all", "hours/year", Sense.AT_MOST, hours[rows], 1176.0, 1.0, own_label="its own hours"),
        Limit("budget", "Budget", "USD/year", Sense.AT_MOST, cost[rows], 150_000.0, 500.0, own_label="its own cost"),
        *(
            Limit(f"floor:region:{r}", f"Region {r} at least", "accounts", Sense.AT_LEAST, (region[rows] == r) * 1.0, 2.0, 1.0)
            for r in REGIONS
        ),
        Limit("prospects", "Prospects at least", "accounts", Sense.AT_LEAST, is_prospect[rows].astype(float), 1.0, 1.0),
        Limit(
            "cap:group",
            "Share of Wingtip Toys",
            "share of sales",
            Sense.AT_MOST,
            sales * (group == "Wingtip Toys"),
            0.55,
            0.01,
            sales,
        ),
    )
    fit = np.clip(np.random.default_rng(3).uniform(0.6, 1.0, (len(rows), 4)), 0, 1)
    by_name = {names[row]: i for i, row in enumerate(rows)}
    conflict = Pair(by_name["Wingtip Toys · Mountain"], by_name["Tailspin Toys · Mountain"], "Competing franchises in Mountain")
    return SelectionProblem(
        accounts=tuple(keys[row] for row in rows),
        utility=utility[rows],
        criteria=tuple(c.name for c in CRITERIA),
        weight=weight,
        value=value[rows],
        hours=hours[rows],
        limits=limits,
        managers=MANAGERS,
        manager_hours=np.array([340.0, 330.0, 330.0, 320.0]),
        fit=fit,
        conflicts=(conflict,),
        pins=(Pin(by_name[AWKWARD[0]], True, "Reference for the region"),),
    )


def _solved(problem: SelectionProblem) -> tuple[Solution, Explanations]:
    solver = _Solver(problem.utility, problem.limits, problem.pins, problem.conflicts)
    chosen = solver.solve()
    assert chosen is not None
    objective = float(problem.utility @ chosen)
    relaxation, prices = solver.shadow_prices()
    manager = np.full(len(chosen), -1)
    left = problem.manager_hours.copy()
    for account in np.flatnonzero(chosen):
        best = int(np.argmax(left))
        manager[account] = best
        left[best] -= problem.hours[account]
    solution = Solution("optimal", objective, objective, 0.0, chosen, manager, relaxation, prices, 0.1834)
    ins = []
    pinned = {pin.account for pin in problem.pins}
    for account in np.flatnonzero(chosen):
        other = solver.solve({int(account): 0}) if account not in pinned else None
        loss = np.nan if other is None else max(0.0, 100 * float(objective - problem.utility @ other) / objective)
        ins.append(WhyIn(int(account), _only(other, chosen) if other is not None else (), loss))
    outs = []
    promising = [int(i) for i in np.argsort(-problem.utility, kind="stable") if not chosen[i]][:24]
    for account in promising:
        other = solver.solve({account: 1})
        if other is None:
            outs.append(WhyOut(account, None, None, (), (), "No selection that keeps to the limits contains it", ("hours",), ()))
            continue
        regret = max(0.0, float(objective - problem.utility @ other))
        brings_in = tuple(i for i in _only(other, chosen) if i != account)
        is_paired = account in {pair.first for pair in problem.conflicts}
        binding = (
            "It excludes Tailspin Toys · Mountain"
            if is_paired
            else "Out because of hours, not merit: all 1,176 hours are given out"
        )
        outs.append(WhyOut(account, regret, 100 * regret / objective, _only(chosen, other), brings_in, binding, ("hours",), ()))
    outs.sort(key=lambda why: (why.regret is None, why.regret or 0.0, why.account))
    nearest = [
        replace(why, needs=_changes(solver, problem, why.account)) if rank < 2 else why for rank, why in enumerate(outs[:19])
    ]
    barred = WhyOut(outs[19].account, None, None, (), (), "No selection that keeps to the limits contains it", ("hours",), ())
    return solution, Explanations(tuple(ins), (*nearest, barred))


def _only(first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.flatnonzero(first & ~second))


def _changes(solver: _Solver, problem: SelectionProblem, account: int) -> tuple[Change, ...]:
    found = []
    for more in (1, 2, 4, 8):
        answer = solver.solve(bounds={"hours": 1176.0 + more})
        if answer is not None and answer[account]:
            after = solver.solve(bounds={"hours": 1176.0 + more + 2})
            is_stable = after is not None and bool(after[account])
            note = "" if is_stable else f"With {more + 2} more hours it is out again"
            found.append(Change("hours", "Manager hours in all", "hours/year", 1176.0, 1176.0 + more, is_stable, note))
            break
    own = float(problem.hours[account])
    found.append(Change("own:hours", "its own hours", "hours/year", own, own - 3.0, True))
    found.append(Change("criterion:growth", "Growth", "per year", 0.034, 0.058, True))
    return tuple(found)


def make_empty_review() -> Review:
    """The same review where margin, receivables and every explanation are missing, and nobody is chosen."""
    review = make_review()
    accounts = review.accounts
    blank = pa.nulls(accounts.num_rows, pa.float64())
    for name in ("contribution_margin", "gross_contribution", "cost_to_serve", "days_beyond_terms"):
        accounts = accounts.set_column(accounts.column_names.index(name), name, blank)
    nobody = pa.array([False] * accounts.num_rows)
    accounts = accounts.set_column(accounts.column_names.index("is_selected"), "is_selected", nobody)
    accounts = accounts.set_column(accounts.column_names.index("manager"), "manager", pa.nulls(accounts.num_rows, pa.string()))
    unmanaged = np.full_like(review.solution.manager, -1)
    solution = replace(
        review.solution, chosen=np.zeros_like(review.solution.chosen), manager=unmanaged, objective=0.0, shadow_price={}
    )
    return replace(
        review,
        accounts=accounts,
        problem=replace(review.problem, pins=()),
        solution=solution,
        explanations=Explanations((), ()),
        illustrative=(),
        notes=(),
        unassigned_net_sales=None,
    )
