"""An orderly exit: what is recovered, closed and owned."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.factories.stage_evidence import TODAY, days_ago

from openkam.analytics.relationship.lifecycle_stage.exit_plan import (
    ExitPlan,
    ExitRisk,
    PromiseToClose,
    ValueToRecover,
    exit_progress,
)
from openkam.analytics.terms import OpenKamError

INVOICES = ValueToRecover("open invoices", Decimal("1000.10"), "EUR", Decimal("600.10"))
TOOLS = ValueToRecover("tools", Decimal(500), "EUR", Decimal(200), "worn out")
DEPOSIT = ValueToRecover("deposit", Decimal(70), "USD", Decimal(70))
PLAN = ExitPlan(
    "sold to a competitor",
    "Ben",
    TODAY,
    (INVOICES, TOOLS, DEPOSIT),
    (
        PromiseToClose("last delivery", "Anna", days_ago(20), days_ago(21)),
        PromiseToClose("hand back drawings", "Ben", days_ago(3)),
        PromiseToClose("spare parts for two years", "Anna", TODAY),
    ),
    (ExitRisk("stock left over", "Anna", "sell on"), ExitRisk("talk among others of the group", "Ben")),
)


def test_progress_adds_up_by_currency_and_names_what_is_open():
    found = exit_progress(PLAN, TODAY)
    assert found.expected == {"EUR": Decimal("1500.10"), "USD": Decimal(70)}
    assert found.recovered == {"EUR": Decimal("800.10"), "USD": Decimal(70)}
    assert found.given_up == {"EUR": Decimal(300), "USD": Decimal(0)}
    assert found.recovered_share["USD"] == 1.0
    assert found.open_values == (INVOICES,)
    assert [one.text for one in found.open_promises] == ["hand back drawings", "spare parts for two years"]
    assert [one.text for one in found.overdue_promises] == ["hand back drawings"]
    assert [one.text for one in found.unowned_risks] == ["talk among others of the group"]
    assert (found.is_done, found.is_late) == (False, False)


def test_what_was_closed_later_was_open_then_and_late_is_late():
    assert len(exit_progress(PLAN, days_ago(30)).open_promises) == 3
    assert exit_progress(replace(PLAN, ends_on=days_ago(1)), TODAY).is_late


def test_all_settled_closed_and_owned_is_done():
    done = replace(
        PLAN,
        values=(replace(INVOICES, recovered=INVOICES.expected), TOOLS, ValueToRecover("data", Decimal(0), "CHF")),
        promises=PLAN.promises[:1],
        risks=PLAN.risks[:1],
    )
    found = exit_progress(done, TODAY)
    assert found.is_done
    assert found.recovered_share["CHF"] is None


def test_a_plan_says_why_and_who_and_no_amount_is_negative():
    with pytest.raises(OpenKamError, match="why we leave"):
        ExitPlan("", "Ben", TODAY)
    with pytest.raises(OpenKamError, match="below 0"):
        ValueToRecover("x", Decimal(-1), "EUR")
