"""A covariance that few periods can bear: the sample's own, shrunk toward equal variances (Ledoit and Wolf 2004).

Σ = (1 − λ) S + λ (tr S / p) I with S the maximum likelihood covariance of n periods and p segments. With
d² = ‖S − (tr S / p) I‖² and b² = min(d², n⁻² Σ_t ‖x_t x_tᵀ − S‖²), λ = b² / d² (Journal of Multivariate Analysis 88, 365-411).
"""

import numpy as np

from openkam.analytics.terms import OpenKamError
from openkam.analytics.valuation.time_driven_costing import Matrix


def shrunk_covariance(values: Matrix) -> tuple[Matrix, float]:
    """Covariance of the columns of `values` (periods × segments, in its unit squared), and λ between 0 and 1.

    Raises `OpenKamError` below two periods.
    """
    periods, segments = values.shape
    if periods < 2:
        raise OpenKamError(f"There are {periods} periods: a covariance needs at least 2.")
    centred = values - values.mean(axis=0)
    sample = centred.T @ centred / periods
    level = float(np.trace(sample)) / segments
    target = level * np.eye(segments)
    distance = float(((sample - target) ** 2).sum())
    # Σ_t ‖x_t x_tᵀ − S‖² = Σ_t ‖x_t‖⁴ − n ‖S‖²
    spread = (float((np.square(centred).sum(axis=1) ** 2).sum()) / periods - float((sample**2).sum())) / periods
    shrinkage = min(max(spread, 0.0) / distance, 1.0) if distance > 0 else 0.0
    return (1 - shrinkage) * sample + shrinkage * target, shrinkage
