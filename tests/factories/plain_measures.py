"""The measures once more, slowly: row by row, in exact fractions, written from their definitions and not from the code."""

import math
import statistics
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.stats import theilslopes
from tests.factories.plain_accounts import Rows, account_names, group, newest, rate_on

from openkam.analytics.behaviour.facts import MeasureParameters

NET = ("sale", "return", "cancellation")
Measures = dict[str, Any]


def plain_measures(tables: dict[str, pa.Table], parameters: MeasureParameters) -> dict[str, Measures]:
    """Every measure except regularity, by account."""
    rows = {name: table.to_pylist() for name, table in tables.items()}
    as_of, names = parameters.as_of, account_names(rows)
    quotes, reporting = rows["exchange_rates"], parameters.reporting_currency

    @cache
    def rate(code: str | None, day: date) -> Fraction:
        return rate_on(quotes, code, reporting, day)

    def converted(name: str, day: str, *amounts: str) -> Rows:
        kept = [dict(row) for row in rows[name] if row.get(day, as_of) <= as_of]
        for row in kept:
            for amount in amounts:
                if row[amount] is not None:
                    row[amount] = Fraction(row[amount]) * rate(row["currency"], row.get(day, as_of))
        return kept

    lines = converted("transactions", "transacted_on", "net_amount", "list_amount", "rebate_amount", "cost_amount")
    invoices = converted("receivables", "invoiced_on", "amount", "open_amount")
    services = converted("service_activities", "performed_on", "cost_amount")
    products = newest(converted("products", "", "unit_cost", "unit_list_price"), "source", "product_key")
    met = [row for row in rows["interactions"] if row["occurred_at"].date() <= as_of]
    records = [row for row in rows["customers"] if row["opened_on"] is None or row["opened_on"] <= as_of]
    present = group(records + lines + invoices + services + met, names)
    accounts = sorted(present)
    sources = {account: {row["source"] for row in found} for account, found in present.items()}
    start = parameters.period.start_on
    period = [line for line in lines if line["transacted_on"] >= start and line["line_type"] in NET]
    for line in period:
        _complete(line, products)
    firm = sum((line["net_amount"] for line in period), Fraction(0))
    prices = _average_prices([line for line in period if line["customer_key"] is not None], names, parameters)
    categories = {line["category"] for line in period if line["line_type"] == "sale"} - {None}
    costed = {row["source"] for row in services if row["performed_on"] >= start and _cost(row, parameters) is not None}
    by = {"lines": group(lines, names), "period": group(period, names)}
    by |= {"invoices": group(invoices, names), "services": group([r for r in services if r["performed_on"] >= start], names)}
    result: dict[str, Measures] = {}
    for account in accounts:
        own = {kind: grouped.get(account, []) for kind, grouped in by.items()}
        found = _history(own["lines"], own["period"], parameters, bool(lines))
        found["share_of_firm_sales"] = _ratio(found["net_sales"], firm)
        found |= _breadth(found, own["period"], len(categories)) | _price(own["period"], prices, parameters)
        keeps = bool(sources[account] & {row["source"] for row in invoices})
        found |= _credit(own["invoices"], parameters, keeps, found["net_sales"])
        serves = bool(sources[account] & {row["source"] for row in services if row["performed_on"] >= start})
        found |= _service(own["services"], parameters, serves, bool(sources[account] & costed))
        found["cost_to_serve_share"] = _ratio(found["cost_to_serve"], found["net_sales"])
        knows_cost = any(line["cost"] is not None and line["net_amount"] for line in period if line["customer_key"] is not None)
        found |= _contribution(own["period"], found["cost_to_serve"], knows_cost)
        result[account] = found
    earned = sum(
        (found["contribution_margin"] for found in result.values() if found["contribution_margin"] is not None), Fraction(0)
    )
    for found in result.values():
        found["share_of_firm_contribution"] = _ratio(found["contribution_margin"], earned)
    return {
        account: {name: float(value) if isinstance(value, Fraction) else value for name, value in found.items()}
        for account, found in result.items()
    }


def _complete(line: dict[str, Any], products: dict[tuple[Any, ...], dict[str, Any]]) -> None:
    """Category, cost and list value of a line: its own, else the product's times the quantity."""
    product = products.get((line["source"], line["product_key"]), {})
    line["category"] = product.get("category")
    quantity = line["quantity"]
    for name, own, unit in (("cost", "cost_amount", "unit_cost"), ("list", "list_amount", "unit_list_price")):
        line[name] = line[own]
        if line[name] is None and quantity is not None and product.get(unit) is not None:
            line[name] = Fraction(quantity) * Fraction(product[unit])


def _ratio(numerator: Any, denominator: Any) -> Any:
    return None if numerator is None or denominator is None or denominator <= 0 else numerator / denominator


def _months_back(day: date, as_of: date) -> int:
    """Months of which the as-of day is the last day, counted back to the one that holds the day."""
    months = 0
    while day <= _back(as_of, months + 1):
        months += 1
    return months


def _back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError


def _history(lines: Rows, period: Rows, parameters: MeasureParameters, has_transactions: bool) -> Measures:
    as_of, quarters = parameters.as_of, parameters.growth_quarters
    start = parameters.period.start_on
    days = sorted({line["transacted_on"] for line in lines if line["line_type"] == "sale"})
    gaps = [(b - a).days for a, b in pairwise(days)]
    sold = [line for line in period if line["line_type"] == "sale"]
    gross = sum((line["net_amount"] for line in sold), Fraction(0))
    net = sum((line["net_amount"] for line in period), Fraction(0))
    by_quarter: dict[int, Fraction] = defaultdict(Fraction)
    for line in lines:
        if line["line_type"] in NET:
            by_quarter[_months_back(line["transacted_on"], as_of) // 3] += line["net_amount"]
    active = {_months_back(day, as_of) // 3 for day in days}
    full = [q for q in reversed(range(quarters)) if days and days[0] <= _back(as_of, 3 * (q + 1)) + timedelta(days=1)]
    mean = statistics.fmean(gaps) if gaps else None
    found: Measures = {
        "order_count": sum(day >= start for day in days),
        "order_document_count": len({(line["source"], line["transaction_key"]) for line in sold}),
        "net_sales": net,
        "net_sales_history": sum((line["net_amount"] for line in lines if line["line_type"] in NET), Fraction(0)),
        "order_count_history": len(days),
        "active_months": len({_months_back(day, as_of) for day in days} & set(range(parameters.period_months))),
        "product_count": len({(line["source"], line["product_key"]) for line in sold if line["product_key"] is not None}),
    }
    if not has_transactions:
        found = dict.fromkeys(found)
    since, until = _back(as_of, 12 + parameters.period_months) + timedelta(days=1), _back(as_of, 12)
    before = sum((n["net_amount"] for n in lines if n["line_type"] in NET and since <= n["transacted_on"] <= until), Fraction(0))
    compared = _ratio(net, before) if days and days[0] <= since + timedelta(days=31) else None
    returned = -sum((line["net_amount"] for line in period if line["line_type"] != "sale"), Fraction(0))
    followable = [q for q in active if 1 <= q < quarters]
    return found | {
        "first_order_on": days[0] if days else None,
        "last_order_on": days[-1] if days else None,
        "gap_count": len(gaps) if days else None,
        "gap_mean_days": mean,
        "gap_cv": statistics.stdev(gaps) / mean if len(gaps) > 1 else None,
        "quarterly_value_cv": _detrended_cv([float(by_quarter[q]) for q in full]),
        "active_quarter_share": len(active & set(full)) / len(full) if full else None,
        "returns_share": _ratio(abs(returned), gross),
        "sales_change_year_on_year": None if compared is None else compared - 1,
        "tenure_months": (as_of - days[0]).days * 12 / 365.2425 if days else None,
        "repeat_rate": sum(q - 1 in active for q in followable) / len(followable) if followable else None,
        **_growth([(-q, float(by_quarter[q])) for q in full if by_quarter[q] > 0], bool(days)),
    }


def _detrended_cv(values: list[float]) -> float | None:
    if len(values) < 4 or sum(values) <= 0:
        return None
    time = np.arange(len(values))
    residual = np.array(values) - np.polyval(np.polyfit(time, values, 1), time)
    return math.sqrt(float(residual @ residual) / (len(values) - 2)) / statistics.fmean(values)


def _growth(points: list[tuple[int, float]], has_orders: bool) -> Measures:
    names = ("growth_per_year", "growth_per_year_lower", "growth_per_year_upper")
    count = {"growth_quarter_count": len(points) if has_orders else None}
    if len(points) < 4:
        return dict.fromkeys(names) | count
    slope = theilslopes(np.log([value for _, value in points]), [time for time, _ in points], 0.9)
    values = (slope.slope, slope.low_slope, slope.high_slope)
    return {name: math.expm1(4 * value) for name, value in zip(names, values, strict=True)} | count


def _breadth(found: Measures, period: Rows, firm_categories: int) -> Measures:
    sold = [line for line in period if line["line_type"] == "sale"]
    bought = {line["category"] for line in sold} - {None}
    unknown = found["first_order_on"] is None or not firm_categories or (bool(sold) and not bought)
    return {"category_breadth": None if unknown else len(bought) / firm_categories}


def _band(line: dict[str, Any], parameters: MeasureParameters) -> int:
    return sum(line["quantity"] >= edge for edge in parameters.quantity_band_edges)


def _is_priced(line: dict[str, Any]) -> bool:
    has_both = line["product_key"] is not None and line["quantity"] is not None
    return line["line_type"] == "sale" and has_both and line["quantity"] > 0


def _average_prices(period: Rows, names: dict[tuple[str, str], str], parameters: MeasureParameters) -> dict[Any, Fraction]:
    sums: dict[Any, list[Any]] = defaultdict(lambda: [Fraction(0), Fraction(0), set()])
    for line in filter(_is_priced, period):
        entry = sums[line["source"], line["product_key"], _band(line, parameters)]
        entry[0] += line["net_amount"]
        entry[1] += Fraction(line["quantity"])
        entry[2].add(names[line["source"], line["customer_key"]])
    return {key: net / quantity for key, (net, quantity, buyers) in sums.items() if len(buyers) > 1 and net > 0}


def _price(period: Rows, prices: dict[Any, Fraction], parameters: MeasureParameters) -> Measures:
    paid = reference = Fraction(0)
    for line in filter(_is_priced, period):
        price = prices.get((line["source"], line["product_key"], _band(line, parameters)))
        if price is not None:
            paid += line["net_amount"]
            reference += price * Fraction(line["quantity"])
    sold = sum((line["net_amount"] for line in period if line["line_type"] == "sale"), Fraction(0))
    listed = [line for line in period if line["list"] is not None]
    return {
        "realised_price_index": _ratio(paid, reference),
        "price_index_coverage": _ratio(paid, sold),
        "realised_list_ratio": _ratio(sum(line["net_amount"] for line in listed), sum(line["list"] for line in listed)),
    }


def _credit(invoices: Rows, parameters: MeasureParameters, keeps: bool, net_sales: Any) -> Measures:
    as_of = parameters.as_of
    buckets = dict.fromkeys(
        ("not_due_amount", "overdue_1_30_amount", "overdue_31_60_amount", "overdue_61_90_amount", "overdue_over_90_amount"),
        Fraction(0),
    )
    weight = late = days = owed = invoiced = Fraction(0)
    by_rate = [Fraction(0)] * len(parameters.provision_rates)
    for row in invoices:
        invoiced += row["amount"] if row["invoiced_on"] >= parameters.period.start_on else 0
        settled = row["settled_on"] is not None and row["settled_on"] <= as_of
        overdue = ((row["settled_on"] if settled else as_of) - row["due_on"]).days
        amount = row["amount"]
        if not settled:
            amount = row["open_amount"] if row["settled_on"] is None and row["open_amount"] is not None else amount
            owed += amount
            step = 0 if overdue <= 0 else 1 if overdue <= 30 else 2 if overdue <= 60 else 3 if overdue <= 90 else 4
            buckets[list(buckets)[step]] += amount
            by_rate[next(i for i, (end, _) in enumerate(parameters.provision_rates) if end is None or overdue <= end)] += amount
        if amount > 0 and (settled or overdue > 0):
            weight += amount
            late += amount if overdue > 0 else 0
            days += amount * max(overdue, 0)
    loss = sum(
        (max(a, Fraction(0)) * Fraction(r) for a, (_, r) in zip(by_rate, parameters.provision_rates, strict=True)), Fraction(0)
    )
    kept = {"open_amount": owed, **buckets, "expected_loss": loss, "receivable_count": len(invoices)}
    return (kept if keeps else dict.fromkeys(kept)) | {
        "days_beyond_terms": _ratio(days, weight),
        "late_share": _ratio(late, weight),
        "days_sales_outstanding": _ratio(owed * parameters.period.days, invoiced),
        "expected_loss_rate": _ratio(loss, net_sales) if keeps else None,
    }


def _minutes(row: dict[str, Any], parameters: MeasureParameters) -> Fraction | None:
    if row["minutes"] is not None:
        return Fraction(row["minutes"])
    known = parameters.service_rates.get(row["activity"])
    return None if known is None else Fraction(row["quantity"]) * Fraction(known[0])


def _cost(row: dict[str, Any], parameters: MeasureParameters) -> Fraction | None:
    if row["cost_amount"] is not None:
        return row["cost_amount"]
    minutes, known = _minutes(row, parameters), parameters.service_rates.get(row["activity"])
    return None if minutes is None or known is None else minutes * Fraction(known[1])


def _service(rows: Rows, parameters: MeasureParameters, serves: bool, costs: bool) -> Measures:
    minutes = [value for row in rows if (value := _minutes(row, parameters)) is not None]
    cost = [value for row in rows if (value := _cost(row, parameters)) is not None]
    uncosted = sum(Fraction(row["quantity"]) for row in rows if _cost(row, parameters) is None)
    return {
        "service_activity_count": round(sum(Fraction(row["quantity"]) for row in rows)) if serves else None,
        "service_minutes": sum(minutes, Fraction(0)) if minutes or (serves and not rows) else None,
        "cost_to_serve": sum(cost, Fraction(0)) if cost or (costs and not rows) else None,
        "service_uncosted_count": round(uncosted) if serves else None,
    }


def _contribution(period: Rows, cost_to_serve: Any, knows_any_cost: bool) -> Measures:
    def total(name: str, rows: Rows) -> Fraction | None:
        values = [row[name] for row in rows if row[name] is not None]
        return sum(values, Fraction(0)) if values else None

    known = [line for line in period if line["cost"] is not None]
    listed = [line for line in period if line["list"] is not None]
    weight = sum((abs(line["net_amount"]) for line in period), Fraction(0))
    cost, cost_net = total("cost", known), total("net_amount", known)
    if not period and knows_any_cost:
        cost = cost_net = Fraction(0)
    gross = None if cost is None or cost_net is None else cost_net - (total("rebate_amount", known) or 0) - cost
    margin = gross if gross is None or cost_to_serve is None else gross - cost_to_serve
    list_sales, list_net, rebate = total("list", listed), total("net_amount", listed), total("rebate_amount", period)
    basis = "gross contribution" if cost_to_serve is None else "after cost to serve"
    net = total("net_amount", period)
    return {
        "list_sales": list_sales,
        "list_completeness": _ratio(sum((abs(line["net_amount"]) for line in listed), Fraction(0)), weight),
        "invoice_reduction_amount": None if list_sales is None or list_net is None else list_sales - list_net,
        "rebate_amount": rebate,
        "pocket_sales": None if rebate is None or net is None else net - rebate,
        "cost_of_goods": cost,
        "gross_contribution": gross,
        "contribution_margin": margin,
        "contribution_basis": None if gross is None else basis,
        "contribution_completeness": _ratio(sum((abs(line["net_amount"]) for line in known), Fraction(0)), weight),
        "contribution_margin_ratio": _ratio(margin, cost_net),
    }
