"""Fitting the beta-geometric family: BG/NBD, MBG/NBD, MBG/CNBD-k."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.maximum_likelihood import Search, UnidentifiedModelError, maximise
from openkam.analytics.valuation.purchase_model.beta_geometric import BetaGeometricModel
from openkam.analytics.valuation.purchase_model.beta_geometric_likelihood import Family, log_gap_factor, mean_log_likelihood
from openkam.analytics.valuation.purchase_model.histories import Histories, group, purchase_histories, refuse_single_orders

MOST_STAGES = 12
"""Largest k that is tried: an account with k = 12 misses its mean gap by 29 %, regular enough for any."""

ADVICE = "Give more customers or a longer time of observation, or take a model with fewer assumptions about stopping."


def fit_bg_nbd(
    frequency: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike, *, customers: npt.ArrayLike | None = None
) -> BetaGeometricModel:
    """BG/NBD: buys at random, may stop after any repeat order. An account without a repeat order counts as alive for certain.

    See `purchase_histories` for the arguments. Raises `UnidentifiedModelError` where the histories cannot tell the parameters.
    """
    return _fit("BG/NBD", Family(1, may_stop_at_once=False), purchase_histories(frequency, recency, age, customers))


def fit_mbg_nbd(
    frequency: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike, *, customers: npt.ArrayLike | None = None
) -> BetaGeometricModel:
    """MBG/NBD: buys at random, may stop after any order, the first included. See `fit_bg_nbd`."""
    return _fit("MBG/NBD", Family(1, may_stop_at_once=True), purchase_histories(frequency, recency, age, customers))


def fit_mbg_cnbd_k(
    frequency: npt.ArrayLike,
    recency: npt.ArrayLike,
    age: npt.ArrayLike,
    k: int | None = None,
    *,
    log_gaps: npt.ArrayLike | None = None,
    customers: npt.ArrayLike | None = None,
) -> BetaGeometricModel:
    """MBG/CNBD-k: buys in gaps of k stages, may stop after any order. For regular buyers, the usual case between firms.

    `log_gaps` are the sums of the logarithms of each account's gaps. With them and without `k`, k is the whole number from 1 on
    with the best likelihood. See `fit_bg_nbd` for the rest.
    """
    histories = purchase_histories(frequency, recency, age, customers)
    gaps = None if log_gaps is None else np.broadcast_to(np.asarray(log_gaps, dtype=np.float64), histories.frequency.shape)
    if gaps is not None and not np.isfinite(gaps).all():
        raise OpenKamError("log_gaps holds something that is no finite number: give 0 for an account without a repeat order.")
    if k is not None:
        return _fit_regular(histories, k, gaps)
    if gaps is None:
        raise OpenKamError(
            "Without the sums of log gaps the histories do not tell how regular the orders are: give k or log_gaps."
        )
    return _most_likely(histories, gaps)


def _most_likely(histories: Histories, log_gaps: Vector) -> BetaGeometricModel:
    """The model of the first k after which the likelihood falls; a k that cannot be told is passed over."""
    best: BetaGeometricModel | None = None
    failures: list[UnidentifiedModelError] = []
    for k in range(1, MOST_STAGES + 1):
        try:
            model = _fit_regular(histories, k, log_gaps)
        except UnidentifiedModelError as unidentified:
            failures.append(unidentified)
            continue
        if best is not None and model.log_likelihood <= best.log_likelihood:
            break
        best = model
    if best is None:
        raise failures[0]
    return best


def _fit_regular(histories: Histories, k: int, log_gaps: Vector | None) -> BetaGeometricModel:
    if not 1 <= k <= MOST_STAGES or k != int(k):
        raise OpenKamError(f"A regularity k of {k}: give a whole number from 1 (random) to {MOST_STAGES}.")
    model = _fit(f"MBG/CNBD-{int(k)}", Family(int(k), may_stop_at_once=True), histories)
    if log_gaps is None:
        return model
    total = model.log_likelihood + log_gap_factor(histories, model.family, log_gaps)
    return replace(model, estimate=replace(model.estimate, log_likelihood=total))


def _fit(name: str, family: Family, histories: Histories) -> BetaGeometricModel:
    grouped = group(histories)
    refuse_single_orders(name, grouped)
    sample = grouped.rehearsal()
    search = Search(
        model=name,
        scales={"r": 1.0, "alpha": grouped.mean_age, "a": 1.0, "b": 2.0},
        log_likelihood=lambda point: mean_log_likelihood(grouped, family, point),
        observations=grouped.total,
        advice=ADVICE,
        rehearsal=None if sample is None else lambda point: mean_log_likelihood(sample, family, point),
    )
    return BetaGeometricModel(maximise(search), histories, family, name)
