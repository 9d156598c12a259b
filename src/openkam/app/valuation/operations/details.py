"""Details of a valuation: computed after it and stored beside it, once."""

from collections.abc import Callable
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.worth.detail_accounts import AccountDetail as Found
from openkam.analytics.worth.detail_accounts import detail_accounts
from openkam.analytics.worth.worth_settings import WorthSettings
from openkam.app.audit.operations import insert_rows, recorded
from openkam.app.ledger.queries.facts import workspace_ledger
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.valuation.models import AccountDetail, Valuation, ValuationDetail
from openkam.app.valuation.operations.worths import account_of_ledger

FIELDS = ("valuation", "account", "ledger_account", "name", "usage", "ahead", "payments")


def detail_valuation(
    *, actor: User, run_id: int | None, valuation: Valuation, tell: Callable[[str], None], ledger: Ledger | None = None
) -> ValuationDetail:
    """Compute and store what stands beside a valuation's figures; where that is there already, it is the answer.

    Raises `OpenKamError` in the engine's words: then nothing is stored, and the valuation stays as it is.
    """
    require(actor, Permission.CONDUCT_REVIEW)
    if known := ValuationDetail.objects.filter(valuation=valuation).first():
        return known
    fields = WorthSettings.__dataclass_fields__
    settings = {name: _tuples(value) for name, value in valuation.settings.items() if name in fields}
    found = detail_accounts(
        ledger or workspace_ledger(actor),
        WorthSettings(**settings),  # pyright: ignore[reportArgumentType] - checked by the engine
        as_of=valuation.as_of_on,
        currency=valuation.currency,
        version=valuation.ledger_version,
        progress=tell,
    )
    tell("Storing what lies ahead")
    made = ValuationDetail(
        valuation=valuation,
        outlook=found.outlook.kept() if found.outlook else None,
        payments=found.payments.kept() if found.payments else None,
        alerts=found.alerts.kept() if found.alerts else None,
        not_computed=[asdict(one) for one in found.not_computed],
        run_id=run_id,
        made_at=timezone.now(),
    )
    ours = account_of_ledger()
    with transaction.atomic(), recorded(actor=actor, verb="looked ahead", record=made):
        made.save()
        insert_rows(AccountDetail, FIELDS, [_row(valuation, one, ours.get(one.account)) for one in found.accounts])
    return made


def _row(valuation: Valuation, one: Found, account: int | None) -> list[object]:
    return [
        valuation.pk,
        account,
        one.account[:400],
        one.name[:300],
        one.usage.kept() if one.usage else None,
        [asdict(series) for series in one.ahead],
        one.payments.kept() if one.payments else None,
    ]


def _tuples(value: object) -> object:
    """Lists as the tuples that they were before they were stored."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
