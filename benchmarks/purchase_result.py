"""What one run of the benchmark of purchase models tells: its time, its memory, and how likely its parameters make its histories.

The likelihoods are the papers' plain formulas, the same for every library, evaluated outside the time.
"""

import json
from typing import Any

import numpy as np
from benchmarks.measuring import peak_memory_gib
from scipy.special import betaln, gammaln


def tell(what: str, seconds: float, bg_nbd: float, gamma_gamma: float) -> None:
    """Print the run's figures as a line of JSON."""
    figures = {"what": what, "seconds": seconds, "memory GiB": peak_memory_gib()}
    print(json.dumps({**figures, "BG/NBD log-likelihood": bg_nbd, "Gamma-Gamma log-likelihood": gamma_gamma}))


def bg_nbd(histories: tuple[Any, Any, Any], r: float, alpha: float, a: float, b: float) -> float:
    """Log-likelihood of frequency, recency and age."""
    x, recency, age = (np.asarray(column, dtype=np.float64) for column in histories)
    alive = betaln(a, b + x) - (r + x) * np.log(alpha + age)
    stopped = np.where(x > 0, betaln(a + 1, b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + recency), -np.inf)
    return float((gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b) + np.logaddexp(alive, stopped)).sum())


def gamma_gamma(frequency: Any, mean_value: Any, p: float, q: float, gamma: float) -> float:
    """Log-likelihood of mean values of customers with a repeat order."""
    x, z = (np.asarray(column, dtype=np.float64) for column in (frequency, mean_value))
    x, z = x[x > 0], z[x > 0]
    shape = p * x
    value = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(gamma)
    return float((value + (shape - 1) * np.log(z) + shape * np.log(x) - (shape + q) * np.log(gamma + x * z)).sum())
