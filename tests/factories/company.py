"""A made-up company with every table of the ledger, several currencies and the faults of real ledgers, from a fixed seed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from tests.factories.facts import facts_table

AS_OF = date(2024, 6, 30)
CURRENCIES = {"north": "EUR", "south": "USD", "asia": "JPY"}
PRODUCT_COUNT = 25
ACTIVITIES = ("order", "delivery", "visit", "complaint")


def seeded_company(seed: int = 7, customer_count: int = 60) -> dict[str, pa.Table]:
    """All eight tables: three units in three currencies, keys that collide, prices, costs and customers missing at times."""
    draw = np.random.default_rng(seed)
    sources = list(CURRENCIES)
    customers = [_customer(draw, sources[i % 3], i // 2) for i in range(customer_count)]
    products = [_product(draw, source, i) for source in sources for i in range(PRODUCT_COUNT)]
    return {
        "customers": facts_table("customers", *customers[: customer_count * 9 // 10]),
        "products": facts_table("products", *products),
        "transactions": facts_table("transactions", *(line for c in customers for line in _lines(draw, c))),
        "receivables": facts_table("receivables", *(row for c in customers for row in _receivables(draw, c))),
        "service_activities": facts_table("service_activities", *(row for c in customers[::2] for row in _services(draw, c))),
        "interactions": facts_table(
            "interactions",
            {"customer_key": "only met", "occurred_at": datetime(2024, 6, 30, 23, 59, tzinfo=UTC), "source": "north"},
            {"customer_key": "met later", "occurred_at": datetime(2024, 7, 1, tzinfo=UTC), "source": "north"},
        ),
        "market_volumes": facts_table(
            "market_volumes",
            {"purchaser_key": "p", "category": "a", "period_start_on": AS_OF, "period_end_on": AS_OF, "volume": 1},
        ),
        "exchange_rates": facts_table("exchange_rates", *_rates(draw)),
    }


def money(value: float) -> Decimal:
    """A drawn amount with the ledger's four places."""
    return Decimal(repr(round(float(value), 4)))


def _customer(draw: np.random.Generator, source: str, number: int) -> dict[str, Any]:
    return {
        "source": source,
        "batch_id": f"2024010{1 + list(CURRENCIES).index(source)}",
        "source_row": number,
        "customer_key": f"{1000 + number}",
        "name": f"Firm {number} {source}",
        "account_key": f"Group {number % 5}" if draw.random() < 0.2 else None,
        "account_name": f"The group {number % 5}" if draw.random() < 0.1 else None,
        "parent_key": f"{1000 + number // 3}" if draw.random() < 0.3 else None,
        "region": draw.choice(["West", "East"]) if draw.random() < 0.8 else None,
        "industry": draw.choice(["Food", "Steel"]) if draw.random() < 0.5 else None,
        "manager": draw.choice(["Ada", "Ben"]) if draw.random() < 0.5 else None,
        "opened_on": date(2024, 7, 5) if draw.random() < 0.03 else None,
    }


def _product(draw: np.random.Generator, source: str, number: int) -> dict[str, Any]:
    return {
        "source": source,
        "batch_id": f"2024010{1 + list(CURRENCIES).index(source)}",
        "product_key": f"P{number}",
        "category": f"Category {number % 6}" if number % 7 else None,
        "unit_cost": money(3 + number / 3) if number % 3 else None,
        "unit_list_price": money(6 + number / 2) if number % 4 else None,
        "currency": CURRENCIES[source] if draw.random() < 0.9 else None,
    }


def _lines(draw: np.random.Generator, customer: dict[str, Any]) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    day = date(2021, 7, 1) + timedelta(days=int(draw.integers(0, 900)))
    shape, pace = draw.uniform(0.6, 6), draw.uniform(4, 70)
    while day <= AS_OF + timedelta(days=20):
        document = f"{customer['source']}-{customer['customer_key']}-{day:%y%m%d}"
        for number in range(1 + int(draw.integers(0, 3))):
            lines.append(_line(draw, customer, document, day, number))
        day += timedelta(days=int(draw.gamma(shape, pace / shape)))
    return lines


def _line(draw: np.random.Generator, customer: dict[str, Any], document: str, day: date, number: int) -> dict[str, Any]:
    kind = str(draw.choice(["sale", "return", "cancellation", "freight", "bad_debt"], p=[0.85, 0.06, 0.03, 0.04, 0.02]))
    sign = -1 if kind in {"return", "cancellation"} else 1
    product = int(draw.integers(0, PRODUCT_COUNT))
    quantity = float(np.ceil(draw.exponential(12))) * sign
    price = (6 + product / 2) * draw.uniform(0.7, 1.0)
    has = draw.random(6)
    return {
        "source": customer["source"],
        "batch_id": f"2024020{1 + list(CURRENCIES).index(customer['source'])}",
        "transaction_key": document if has[0] < 0.9 else document + "b",
        "line_number": number + 1,
        "customer_key": customer["customer_key"] if has[5] < 0.97 else None,
        "transacted_on": day,
        "product_key": f"P{product}" if has[1] < 0.95 else None,
        "line_type": kind,
        "quantity": money(quantity) if has[2] < 0.95 else None,
        "net_amount": money(quantity * price),
        "list_amount": money(quantity * (6 + product / 2)) if has[3] < 0.5 else None,
        "rebate_amount": money(abs(quantity) * 0.1) if has[3] < 0.3 else None,
        "cost_amount": money(quantity * (3 + product / 3) * draw.uniform(0.9, 1.3)) if has[4] < 0.4 else None,
        "currency": CURRENCIES[customer["source"]],
    }


def _receivables(draw: np.random.Generator, customer: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    if customer["source"] == "asia":
        return rows
    for number in range(int(draw.integers(0, 25))):
        invoiced = date(2023, 1, 1) + timedelta(days=int(draw.integers(0, 560)))
        due = invoiced + timedelta(days=30)
        settled = due + timedelta(days=int(draw.normal(5, 20)))
        amount = draw.uniform(-50, 900)
        is_open = draw.random() < 0.25
        rows.append(
            {
                "source": customer["source"],
                "invoice_key": f"{customer['customer_key']}-{number}",
                "customer_key": customer["customer_key"],
                "invoiced_on": invoiced,
                "due_on": due,
                "settled_on": None if is_open else max(settled, invoiced),
                "amount": money(amount),
                "open_amount": money(amount * draw.uniform(0, 1)) if is_open and draw.random() < 0.5 else None,
                "currency": CURRENCIES[customer["source"]],
            }
        )
    return rows


def _services(draw: np.random.Generator, customer: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "source": customer["source"],
            "customer_key": customer["customer_key"],
            "performed_on": date(2023, 1, 1) + timedelta(days=int(draw.integers(0, 560))),
            "activity": str(draw.choice(ACTIVITIES)),
            "quantity": money(float(draw.integers(1, 5))),
            "minutes": money(draw.uniform(5, 90)) if draw.random() < 0.4 else None,
            "cost_amount": money(draw.uniform(5, 90)) if draw.random() < 0.2 else None,
            "currency": CURRENCIES[customer["source"]] if draw.random() < 0.9 else None,
        }
        for _ in range(int(draw.integers(0, 12)))
    ]


def _rates(draw: np.random.Generator) -> list[dict[str, Any]]:
    """Euros per dollar directly, yen only through the dollar and only as dollars per yen's inverse."""
    rows: list[dict[str, Any]] = []
    for month in range(48):
        day = date(2021 + month // 12, 1 + month % 12, 1)
        usd, jpy = 0.9 + 0.1 * draw.random(), 130 + 20 * draw.random()
        pairs = (("USD", "EUR", usd), ("USD", "JPY", jpy))
        rows += [
            {"source": "bank", "rated_on": day, "from_currency": a, "to_currency": b, "rate": Decimal(f"{rate:.8f}")}
            for a, b, rate in pairs
        ]
    return rows
