"""The credit granted to every account, from its customers' records."""

import numpy as np
import polars as pl
import pyarrow as pa

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.behaviour.exchange_rates import daily_rates
from openkam.analytics.behaviour.facts import Facts


def credit_limits(facts: Facts, customers: pa.Table, quotes: pa.Table) -> Vector:
    """Credit limit of every account (reporting currency at the rate of the as-of day), NaN where no record gives one.

    `customers` and `quotes` have the columns of the ledger's `customers` and `exchange_rates`. The newest record of a customer
    counts, and the limits of an account's customers add up. A limit without a currency is taken as the reporting currency. Raises
    `MissingRateError` where a currency has no rate.
    """
    parameters = facts.parameters
    newest = (
        pl.DataFrame(customers)
        .sort("batch_id", "source_row")
        .unique(["source", "customer_key"], keep="last", maintain_order=True)
        .filter(pl.col("credit_limit").is_not_null())
        .with_columns(pl.col("currency").fill_null(parameters.reporting_currency))
        .join(pl.DataFrame(facts.directory.customers), on=["source", "customer_key"])
    )
    first_days = dict.fromkeys(newest["currency"].unique().to_list(), parameters.as_of)
    rates = pl.DataFrame(daily_rates(quotes, first_days, parameters.reporting_currency, parameters.as_of))
    converted = newest.join(rates.select("currency", pl.col("rate").cast(pl.Float64)), on="currency")
    limits = np.full(facts.account_count, np.nan)
    sums = converted.group_by("account_id").agg((pl.col("credit_limit").cast(pl.Float64) * pl.col("rate")).sum().alias("limit"))
    limits[sums["account_id"].to_numpy()] = sums["limit"].to_numpy()
    return limits
