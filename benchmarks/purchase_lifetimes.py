"""One run of the benchmark of purchase models: `lifetimes`."""

import sys
import time

import pandas as pd
from benchmarks.purchase_result import bg_nbd, gamma_gamma, tell
from benchmarks.purchase_speed import DAYS, FIRST_DAY
from lifetimes import BetaGeoFitter, GammaGammaFitter
from lifetimes.utils import summary_data_from_transaction_data


def main(file: str) -> None:
    """Time it and tell what was found."""
    started = time.perf_counter()
    lines = pd.read_parquet(file)
    lines["day"] = pd.to_datetime(lines["day"])
    until = pd.Timestamp(FIRST_DAY) + pd.Timedelta(days=DAYS)
    found = summary_data_from_transaction_data(
        lines, "customer", "day", monetary_value_col="amount", observation_period_end=until, freq="D"
    )
    often = BetaGeoFitter().fit(found["frequency"], found["recency"], found["T"])
    repeated = found[found["frequency"] > 0]
    much = GammaGammaFitter().fit(repeated["frequency"], repeated["monetary_value"])
    seconds = time.perf_counter() - started
    tell(
        "lifetimes",
        seconds,
        bg_nbd((found["frequency"], found["recency"], found["T"]), **often.params_),
        gamma_gamma(repeated["frequency"], repeated["monetary_value"], **much.params_.rename({"v": "gamma"})),
    )


if __name__ == "__main__":
    main(sys.argv[1])
