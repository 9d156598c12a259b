"""Who uses the workspace of the benchmark of pages; to be imported once Django is set up."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db import connection
from django.test import Client

from openkam.app.accounts.models import Account
from openkam.app.accounts.operations.adoption import adopt_ledger_accounts
from openkam.app.accounts.operations.ledger_customers import LedgerCustomer
from openkam.app.people.operations.users import create_user
from openkam.app.people.terms import Role


def fill(customers: Sequence[dict[str, str]], managers: int) -> dict[str, object]:
    """Make the people and their accounts; the head's session cookie and some keys of accounts."""
    administrator = create_user(actor=None, email="admin@example.org", name="Ada Admin", role=Role.ADMINISTRATOR)
    head = create_user(actor=None, email="head@example.org", name="Hedy Head", role=Role.HEAD)
    for number in range(managers):
        create_user(actor=None, email=f"m{number}@example.org", name=f"Manager {number:02d}", role=Role.MANAGER, reports_to=head)
    adopt_ledger_accounts(
        actor=administrator,
        customers=[LedgerCustomer(**customer) for customer in customers],  # pyright: ignore[reportArgumentType] - words all
        as_of_on=date(2026, 1, 31),
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # as the server does by itself a minute after a load
            cursor.execute("VACUUM ANALYZE")
    client = Client()
    client.force_login(head)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    keys = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    return {
        "cookie": f"{cookie.key}={cookie.value}",
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "accounts": keys[:: max(1, len(keys) // 500)],
    }
