"""What stands beside the figures of a valuation in the benchmark of pages, made up; to be imported once Django is set up.

The product's own operation looks at every account and takes minutes over 50,000 of them. These rows are written by the engine's own
classes, so they have the shape of the product's.
"""

from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from openkam.analytics.worth.outlook import ClassQuality, FirmOutlook, SeriesAhead
from openkam.analytics.worth.payment_curves import PaymentCurve
from openkam.analytics.worth.usage_columns import Usage, UsageLine, UsageTable
from openkam.app.people.models import User
from openkam.app.valuation.models import AccountDetail, AccountWorth, Valuation, ValuationDetail

LARGEST = 1_000
GROUPS = ("Packaging", "Clothing", "Toys", "Novelties", "Computing")
LINES = 8
DAYS = 60
BATCH = 500


def fill_details(valuation: Valuation, manager: User) -> int:
    """Details of the firm, of its largest accounts and of all of one manager's; how many accounts have them."""
    ahead, payments = (_ahead(""), *map(_ahead, GROUPS)), _payments()
    quality = (ClassQuality("smooth", "Croston-SBA", 5, 0.9, 1.1, 0.8),)
    months = [date(2023 + month // 12, month % 12 + 1, 28) for month in range(15)]
    outlook = FirmOutlook(
        ends_on=tuple(months[12:]),
        past_ends_on=tuple(months[:12]),
        level=0.8,
        firm=ahead[0],
        categories=ahead[1:],
        firm_quality=quality,
        account_quality=quality,
        has_account_categories=True,
    )
    ValuationDetail.objects.create(valuation=valuation, outlook=outlook.kept(), payments=payments.kept(), made_at=timezone.now())
    series, curve, usage = [asdict(one) for one in ahead], payments.kept(), _usage().kept()
    of = Q(sales_rank__lte=LARGEST) | Q(account__manager=manager)
    rows = AccountWorth.objects.filter(of, valuation=valuation).order_by("pk").values_list("account", "ledger_account", "name")
    made = AccountDetail.objects.bulk_create(
        (
            AccountDetail(
                valuation=valuation, account_id=account, ledger_account=key, name=name, usage=usage, ahead=series, payments=curve
            )
            for account, key, name in rows
        ),
        batch_size=BATCH,
    )
    return len(made)


def _ahead(name: str) -> SeriesAhead:
    past = tuple(1000.0 + 10 * month for month in range(12))
    return SeriesAhead(
        name=name,
        past=past,
        expected=(1100.0, 1120.0, 1130.0),
        lower=(900.0, 910.0, 920.0),
        upper=(1300.0, 1310.0, 1330.0),
        seasonal_naive=past[:3],
        method="Croston-SBA",
        demand_class="smooth",
    )


def _payments() -> PaymentCurve:
    days = tuple(float(day) for day in range(1, DAYS + 1))
    unpaid = tuple(1 - day / (DAYS + 1) for day in days)
    lower, upper = (tuple(min(max(share + by, 0.0), 1.0) for share in unpaid) for by in (-0.05, 0.05))
    return PaymentCurve(days, unpaid, lower, upper, invoice_count=500, open_count=9, median_days=DAYS / 2, confidence=0.95)


def _usage() -> Usage:
    line = UsageLine("", Decimal(5000), Decimal(20), Decimal(4000), Decimal(10))
    lines = tuple(replace(line, name=f"Article {number}") for number in range(LINES))
    table = UsageTable(lines, 200, line)
    return Usage(table, table, table, (1 / 12,) * 12)
