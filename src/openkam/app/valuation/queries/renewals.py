"""How long customers under contract stay: the shifted beta-geometric model of counts that somebody gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.contract_model import fit_shifted_beta_geometric
from openkam.app.ui.templatetags.charts import Chart, framed, percent_axis
from openkam.app.ui.templatetags.ui import fixed, share
from openkam.app.valuation.terms import RefusedError

AHEAD = 12
"""Renewals that the curve is drawn for, at least."""


@dataclass(frozen=True, slots=True)
class Renewals:
    """The fitted model: its parameters, the periods that a new customer is worth, and its curve.

    `lifetime` counts discounted contract periods of a new customer, the first one whole.
    """

    alpha: float
    beta: float
    log_likelihood: float
    lifetime: float
    chart: Chart


def renewals(cohorts: Sequence[Sequence[float]], discount_per_period: float) -> Renewals:
    """Fit the counts. Raises `RefusedError` where they cannot tell the model, with the reason."""
    try:
        model = fit_shifted_beta_geometric([np.array(cohort) for cohort in cohorts])
    except OpenKamError as error:
        raise RefusedError.of(error) from error
    seen = max(len(cohort) for cohort in cohorts)
    times = np.arange(max(seen, AHEAD) + 1)
    survival, retention = model.survival(times).tolist(), model.retention_rate(times).tolist()
    ahead = model.discounted_expected_residual_lifetime(times, discount_per_period).tolist()
    first = cohorts[0]
    rows = [
        (
            str(time),
            share(first[time] / first[0]) if time < len(first) and first[0] else share(None),
            share(survival[time]),
            share(retention[time]),
            fixed(ahead[time], 2),
        )
        for time in times.tolist()
    ]
    return Renewals(
        alpha=model.alpha,
        beta=model.beta,
        log_likelihood=model.log_likelihood,
        lifetime=model.discounted_expected_lifetime(discount_per_period),
        chart=_chart(first, survival, rows),
    )


def _chart(first: Sequence[float], survival: Sequence[float], rows: Sequence[Sequence[object]]) -> Chart:
    x = {"field": "time", "type": "quantitative", "title": "renewals", "scale": {"nice": False}}
    y = {"field": "share", "type": "quantitative", "title": None, "axis": percent_axis(), "scale": {"domain": [0, 1]}}
    seen = [{"time": time, "share": count / first[0]} for time, count in enumerate(first) if first[0]]
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": [{"time": time, "share": one} for time, one in enumerate(survival)]},
            "mark": {"type": "line"},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": seen},
            "mark": {"type": "point", "filled": True, "size": 60, "style": "comparison", "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
    ]
    return Chart(
        spec=framed(layer=layers),
        text=f"Of new customers {100 * survival[1]:.1f} % renew once and {100 * survival[-1]:.1f} % are left after {len(survival) - 1}.",
        columns=("Renewals made", "Counted", "By the model", "Renews the next time", "Discounted periods ahead"),
        rows=rows,
        note="line: model, points: the first cohort",
    )
