"""Who uses the workspace of the benchmark of pages; to be imported once Django is set up."""

from benchmarks.pages_buyers import fill_buyers
from benchmarks.pages_details import fill_details
from django.conf import settings
from django.db import connection
from django.test import Client

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.review.conduct import conduct_review
from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.people.operations.users import create_user
from openkam.app.people.terms import Role
from openkam.app.selection.operations.rounds import store_review
from openkam.app.selection.queries.workspace import workspace_programme
from openkam.app.valuation.operations.valuations import Asked, conduct_valuation


def fill(ledger: Ledger, managers: int) -> dict[str, object]:
    """Make the people, their accounts and who buys there, a round and a valuation with its details.

    The session cookies of the head and of a manager, the round and some keys of accounts.
    """
    administrator = create_user(actor=None, email="admin@example.org", name="Ada Admin", role=Role.ADMINISTRATOR)
    head = create_user(actor=None, email="head@example.org", name="Hedy Head", role=Role.HEAD)
    for number in range(managers):
        create_user(actor=None, email=f"m{number}@example.org", name=f"Manager {number:02d}", role=Role.MANAGER, reports_to=head)
    text, programme = workspace_programme(administrator)
    made = store_review(
        actor=administrator, ledger=ledger, review=conduct_review(ledger, programme), text=text, programme=programme
    )
    fill_buyers(head)
    valued = conduct_valuation(actor=administrator, run_id=None, asked=Asked(), tell=lambda _: None, ledger=ledger)
    manager = User.objects.get(email="m0@example.org")
    detailed = fill_details(valued, manager)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # as the server does by itself a minute after a load
            cursor.execute("VACUUM ANALYZE")
    keys = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    return {
        "cookie": _cookie(head),
        "manager_cookie": _cookie(manager),
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "round": made.pk,
        "detailed": list(Account.objects.filter(manager=manager).order_by("pk").values_list("pk", flat=True)),
        "detailed_count": detailed,
        "accounts": keys[:: max(1, len(keys) // 500)],
    }


def _cookie(person: User) -> str:
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return f"{cookie.key}={cookie.value}"
