"""What accounts bought so far in the time of their rebate schedules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import polars as pl
import pyarrow as pa

from openkam.analytics.behaviour.facts import Facts, MeasureParameters
from openkam.analytics.engine import open_engine
from openkam.analytics.ledger.versions import Snapshot
from openkam.analytics.valuation.group_facts import group_facts


@dataclass(frozen=True, slots=True)
class RebateWindow:
    """The days of one schedule, `key` being its caller's own number, and the ledger accounts whose net sales count."""

    key: int
    accounts: tuple[str, ...]
    start_on: date
    end_on: date


def rebate_sales(facts: Facts, windows: Sequence[RebateWindow]) -> dict[int, float]:
    """Net sales (currency) of each window up to the as-of day, by its key; 0 where nothing was bought, absent where no account is known."""
    place = {name: number for number, name in enumerate(facts.directory.names)}
    rows = [
        (window.key, place[account], window.start_on, window.end_on)
        for window in windows
        # Each once: several customers of an account stand for the same ledger account.
        for account in dict.fromkeys(window.accounts)
        if account in place
    ]
    if not rows:
        return {}
    keys, ids, starts, ends = zip(*rows, strict=True)
    wanted = facts.engine.table(
        pa.table(
            {
                "key": pa.array(keys, pa.int64()),
                "account_id": pa.array(ids, pa.int32()),
                "start_on": pa.array(starts, pa.date32()),
                "end_on": pa.array(ends, pa.date32()),
            }
        )
    )
    days = facts.account_days.inner_join(wanted, "account_id")
    inside = days.filter((days.transacted_on >= days.start_on) & (days.transacted_on <= days.end_on))
    sums = pl.DataFrame(facts.engine.to_arrow(inside.group_by("key").agg(net=ibis._.net.sum())))
    found = {int(key): float(net or 0) for key, net in sums.iter_rows()}
    return {key: found.get(key, 0.0) for key in keys}


def ledger_rebate_sales(snapshot: Snapshot, parameters: MeasureParameters, windows: Sequence[RebateWindow]) -> dict[int, float]:
    """The same of a ledger, as a valuation reads it: what the firm sold to itself counts for nobody."""
    with open_engine("duckdb") as engine:
        return rebate_sales(group_facts(engine, snapshot, parameters).facts, windows)
