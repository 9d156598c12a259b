"""Background work of the room: valuing all accounts."""

from collections.abc import Mapping
from datetime import date

from openkam.app.people.permissions import Permission
from openkam.app.runs.jobs import Progress, acting_person, job
from openkam.app.valuation.operations.details import detail_valuation
from openkam.app.valuation.operations.valuations import Asked, conduct_valuation
from openkam.app.valuation.terms import VALUATION_KIND


@job(VALUATION_KIND, label="Valuation", permission=Permission.CONDUCT_REVIEW, is_schedulable=True)
def value(
    progress: Progress,
    *,
    as_of_on: str = "",
    annual_discount_rate: float | None = None,
    annual_capital_rate: float | None = None,
    holdout_days: int | None = None,
    currency: str | None = None,
) -> Mapping[str, object]:
    """Value all accounts, store what was found, and then what its pages show beside it."""
    asked = Asked(
        as_of_on=date.fromisoformat(as_of_on) if as_of_on else None,
        annual_discount_rate=annual_discount_rate,
        annual_capital_rate=annual_capital_rate,
        holdout_days=holdout_days,
        currency=currency,
    )
    made = conduct_valuation(actor=acting_person(progress), run_id=progress.run_id, asked=asked, tell=progress.report)
    progress.used_ledger_version(made.ledger_version)
    detail_valuation(actor=acting_person(progress), run_id=progress.run_id, valuation=made, tell=progress.report)
    is_known = made.run_id != progress.run_id
    return {
        "valuation": made.pk,
        "as of": made.as_of_on.isoformat(),
        "accounts": made.account_count,
        "note": "Nothing has changed since it was made." if is_known else "",
    }
