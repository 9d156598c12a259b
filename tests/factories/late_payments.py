"""Invoices with due and settled days in the shape of a collections department's export: American dates, disputes, days late."""

from datetime import date, timedelta
from random import Random

HEADING = (
    "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,PaperlessBill,"
    "DaysToSettle,DaysLate"
)

TERMS_DAYS = 30


def late_payments(seed: int, invoice_count: int, customer_count: int = 100) -> str:
    """CSV text of that many paid invoices; `DaysLate` is never negative, `DaysToSettle` counts from the invoice's day."""
    random = Random(seed)
    customers = [
        (f"{random.randint(0, 9999):04d}-{''.join(random.choices('ABCDEFGHIKLMNOPQRSTVXYZ', k=5))}", random.gauss(-4, 7))
        for _ in range(customer_count)
    ]
    lines = [HEADING]
    for number in range(invoice_count):
        customer, habit = random.choice(customers)
        invoiced = date(2012, 1, 3) + timedelta(days=random.randint(0, 697))
        due = invoiced + timedelta(days=TERMS_DAYS)
        is_disputed = random.random() < 0.23
        to_settle = max(0, round(random.gauss(TERMS_DAYS + habit + 8 * is_disputed, 6)))
        settled = invoiced + timedelta(days=to_settle)
        since = date(2012, 1, 1) + timedelta(days=random.randint(0, 700))
        amount = f"{max(5.26, random.gauss(60, 20)):.2f}".rstrip("0").rstrip(".")
        lines.append(
            f"{random.choice((391, 406, 770, 818, 897))},{customer},{_american(since)},{5_000_000 + 7919 * number:010d},"
            f"{_american(invoiced)},{_american(due)},{amount},{'Yes' if is_disputed else 'No'},{_american(settled)},"
            f"{random.choice(('Paper', 'Electronic'))},{to_settle},{max(0, (settled - due).days)}"
        )
    return "\n".join(lines) + "\n"


def _american(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"
