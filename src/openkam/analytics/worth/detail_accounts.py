"""What takes longer than a valuation may and no other figure waits for: usage, months ahead, how invoices are paid, past alerts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from openkam.analytics.behaviour.facts import Facts
from openkam.analytics.behaviour.orders import order_days, read_history
from openkam.analytics.behaviour.usage_patterns import usage_patterns
from openkam.analytics.engine import Engine, open_engine
from openkam.analytics.forecast.order_alerts import read_day_sales
from openkam.analytics.ledger.ledger import Ledger
from openkam.analytics.ledger.schema import TABLES
from openkam.analytics.ledger.versions import Snapshot
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.days_to_pay import read_payments
from openkam.analytics.valuation.group_facts import group_facts
from openkam.analytics.worth.account_worth import NotComputed
from openkam.analytics.worth.alert_watch import AlertBackTest, alert_back_test, managers_of
from openkam.analytics.worth.outlook import FirmOutlook, Outlook, SeriesAhead, months_ahead
from openkam.analytics.worth.payment_curves import PaymentCurve, payment_curves
from openkam.analytics.worth.usage_columns import Usage, usage_of
from openkam.analytics.worth.worth_settings import WorthSettings, measure_parameters

Progress = Callable[[str], None]
"""Called with the step that begins, in words; raises to end the work."""


@dataclass(frozen=True, slots=True)
class AccountDetail:
    """One account: `ahead` are its whole and its product groups, empty where nothing could be foretold; None is not known."""

    account: str
    name: str
    usage: Usage | None
    ahead: tuple[SeriesAhead, ...]
    payments: PaymentCurve | None


@dataclass(frozen=True, slots=True)
class Details:
    """What a valuation's pages show beside its figures. `not_computed` are parts that cannot be told, each with its reason."""

    accounts: tuple[AccountDetail, ...]
    outlook: FirmOutlook | None
    payments: PaymentCurve | None
    alerts: AlertBackTest | None
    not_computed: tuple[NotComputed, ...]


def detail_accounts(
    ledger: Ledger,
    settings: WorthSettings,
    *,
    as_of: date,
    currency: str,
    version: int,
    progress: Progress = lambda _: None,
) -> Details:
    """Read the same facts as the valuation of that ledger version, day and currency did, and look at them account by account.

    Raises `OpenKamError` where an amount has no exchange rate, and where units of ours sell in a circle.
    """
    snapshot = ledger.at(version)
    with open_engine("duckdb") as engine:
        progress("Reading facts for what lies ahead")
        facts = group_facts(engine, snapshot, measure_parameters(as_of, currency, settings)).facts
        progress("Looking at what accounts buy")
        keys = facts.directory.attributes["account"].to_pylist()
        patterns, sites = usage_patterns(facts, keys), _site_names(engine, snapshot)
        progress("Foretelling the months ahead")
        outlook, no_outlook = _outlook(facts)
        progress("Following invoices to their payment")
        firm, of_accounts = payment_curves(read_payments(facts))
        progress("Judging the alerts of the year before")
        alerts, no_alerts = _alerts(facts, settings)
    ahead = outlook.accounts if outlook else ((),) * len(keys)
    names = facts.directory.attributes["name"].to_pylist()
    return Details(
        accounts=tuple(
            AccountDetail(key, name or key, usage_of(patterns[key], sites), series, curve)
            for key, name, series, curve in zip(keys, names, ahead, of_accounts, strict=True)
        ),
        outlook=outlook.firm if outlook else None,
        payments=firm,
        alerts=alerts,
        not_computed=(*no_outlook, *no_alerts),
    )


def _outlook(facts: Facts) -> tuple[Outlook | None, list[NotComputed]]:
    try:
        return months_ahead(facts), []
    except OpenKamError as error:
        return None, [NotComputed("months ahead", str(error))]


def _alerts(facts: Facts, settings: WorthSettings) -> tuple[AlertBackTest | None, list[NotComputed]]:
    orders = order_days(read_history(facts), facts.account_count)
    budget, as_of = settings.alerts_per_manager_week, facts.parameters.as_of
    try:
        return alert_back_test(orders, read_day_sales(facts), managers_of(facts), as_of, budget), []
    except OpenKamError as error:
        return None, [NotComputed("back-test of alerts", str(error))]


def _site_names(engine: Engine, snapshot: Snapshot) -> Mapping[str, str]:
    """Customers by key: a site is one of them, and its name tells more than its number. A key that two names bear is left out."""
    customers = engine.read(snapshot.uris("customers"), TABLES["customers"].arrow)
    table = engine.to_arrow(customers.filter(customers.name.notnull()).select("customer_key", "name").distinct())
    found: dict[str, str] = {}
    twice: set[str] = set()
    for key, name in zip(table["customer_key"].to_pylist(), table["name"].to_pylist(), strict=True):
        if found.setdefault(key, name) != name:
            twice.add(key)
    return {key: name for key, name in found.items() if key not in twice}
