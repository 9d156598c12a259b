"""One run of the benchmark of purchase models: `pymc-marketing` (`uv sync --inexact --group peers`)."""

import sys
import time

import pandas as pd
from benchmarks.purchase_result import bg_nbd, gamma_gamma, tell
from benchmarks.purchase_speed import DAYS, FIRST_DAY
from pymc_extras.prior import Prior
from pymc_marketing.clv import BetaGeoModel, GammaGammaModel, rfm_summary


def main(file: str) -> None:
    """Time it and tell what was found."""
    started = time.perf_counter()
    lines = pd.read_parquet(file)
    lines["day"] = pd.to_datetime(lines["day"])
    until = pd.Timestamp(FIRST_DAY) + pd.Timedelta(days=DAYS)
    found = rfm_summary(lines, "customer", "day", "amount", observation_period_end=until, time_unit="D")
    flat = {name: Prior("HalfFlat") for name in ("r", "alpha", "a", "b")}
    often = BetaGeoModel(data=found, model_config=flat)
    often.fit(method="map", progressbar=False)
    repeated = found[found["frequency"] > 0]
    much = GammaGammaModel(data=repeated)
    much.fit(method="map", progressbar=False)
    seconds = time.perf_counter() - started
    sizes = {name: float(often.fit_result[name].mean()) for name in flat}
    p, q, v = (float(much.fit_result[name].mean()) for name in ("p", "q", "v"))
    tell(
        "pymc-marketing",
        seconds,
        bg_nbd((found["frequency"], found["recency"], found["T"]), **sizes),
        gamma_gamma(repeated["frequency"], repeated["monetary_value"], p, q, v),
    )


if __name__ == "__main__":
    main(sys.argv[1])
