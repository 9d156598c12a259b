"""From a programme file to its limits, managers and decisions; every fault names its place."""

from openkam.analytics.selection.programme_document import Document
from openkam.analytics.selection.programme_schema import MANAGER_FIT
from openkam.analytics.selection.programme_terms import (
    AccountManager,
    Cap,
    Conflict,
    Floor,
    Gate,
    PinnedAccount,
    SelectionLimits,
)
from openkam.analytics.selection.table_reader import TableReader, read_single, readers_of, refuse_repeats


def read_limits(document: Document) -> SelectionLimits:
    """Limits over all chosen accounts, free of plain contradictions."""
    r = read_single(document, "limits")
    limits = SelectionLimits(
        r.optional_whole("accounts_at_least"),
        r.optional_whole("accounts_at_most"),
        r.optional_number("budget_per_year"),
        r.optional_number("hours_per_year"),
        r.optional_whole("prospects_at_least"),
        r.optional_number("mean_expected_loss_rate_at_most"),
        r.flag("group_coherence", False),
    )
    most = limits.accounts_at_most
    for key in ("accounts_at_least", "prospects_at_least"):
        least: int | None = getattr(limits, key)
        if least is not None and most is not None and least > most:
            raise r.fault(f"{key} is {least}, above accounts_at_most, {most}: lower the one or raise the other.", key)
    return limits


def read_managers(document: Document) -> tuple[AccountManager, ...]:
    """The key account managers, by unique names."""
    managers: list[AccountManager] = []
    for r in readers_of(document, "manager"):
        fit = TableReader(r.raw("fit") if r.has("fit") else {}, MANAGER_FIT, r.place, "fit")
        by = {key: fit.numbers_by_name(key) for key in ("region", "industry", "account")}
        managers.append(
            AccountManager(
                r.text("name"),
                r.number("hours_per_year"),
                r.texts("regions"),
                r.texts("industries"),
                by["region"],
                by["industry"],
                by["account"],
            )
        )
    refuse_repeats(document, "manager", [m.name for m in managers], "name")
    return tuple(managers)


def read_floors(document: Document) -> tuple[Floor, ...]:
    """Fewest accounts by attribute, no field and value twice."""
    floors = tuple(
        Floor(r.text("field"), r.optional_text("value"), r.whole("accounts_at_least")) for r in readers_of(document, "floor")
    )
    refuse_repeats(document, "floor", [f"{f.field} = {f.value or 'each'}" for f in floors], "value")
    return floors


def read_caps(document: Document) -> tuple[Cap, ...]:
    """Largest shares of sales by attribute, no field and value twice."""
    caps = tuple(
        Cap(r.text("field"), r.optional_text("value"), r.number("share_of_sales_at_most")) for r in readers_of(document, "cap")
    )
    refuse_repeats(document, "cap", [f"{c.field} = {c.value or 'each'}" for c in caps], "value")
    return caps


def read_gates(document: Document) -> tuple[Gate, ...]:
    """Hard rules, each with one bound."""
    gates: list[Gate] = []
    for r in readers_of(document, "gate"):
        at_most, at_least = r.optional_number("at_most"), r.optional_number("at_least")
        if (at_most is None) == (at_least is None):
            raise r.fault("needs either at_most or at_least, one of the two: say on which side of the bound an account passes.")
        gates.append(Gate(r.text("measure"), at_most, at_least, r.text("reason")))
    return tuple(gates)


def read_conflicts(document: Document) -> tuple[Conflict, ...]:
    """Accounts that exclude each other."""
    conflicts: list[Conflict] = []
    for r in readers_of(document, "conflict"):
        accounts = r.texts("accounts")
        if len(accounts) < 2:
            raise r.fault("accounts needs two or more accounts: add the one it conflicts with.", "accounts")
        conflicts.append(Conflict(accounts, r.text("reason")))
    return tuple(conflicts)


def read_pins(document: Document) -> tuple[PinnedAccount, ...]:
    """People's decisions, one per account."""
    pins = tuple(
        PinnedAccount(r.text("account"), r.text("decision") == "in", r.text("reason")) for r in readers_of(document, "pin")
    )
    refuse_repeats(document, "pin", [p.account for p in pins], "account")
    return pins
