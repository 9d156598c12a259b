"""Data of the papers, as the package `lifetimes` (MIT) brings them with it; read from there, nothing of them is kept here."""

import csv
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import numpy.typing as npt

Columns = dict[str, npt.NDArray[np.float64]]


def cdnow() -> Columns:
    """CDNOW: `frequency`, `recency`, `T` (weeks) of 2,357 customers."""
    return _columns("cdnow_customers_summary.csv")


def cdnow_spend() -> Columns:
    """The same customers' `x` repeat orders and their mean value `zbar` (dollars)."""
    return _columns("cdnow_customers_summary_with_transactions.csv")


def donations() -> Columns:
    """A charity's 11,104 supporters: `frequency`, `recency`, `periods` (years), and how many (`weights`) share them."""
    return _columns("donations.csv")


def _columns(name: str) -> Columns:
    path = Path(str(distribution("lifetimes").locate_file(f"lifetimes/datasets/{name}")))
    with path.open(encoding="utf-8", newline="") as file:
        heads, *rows = list(csv.reader(file))
    return {head: np.array([float(row[place]) for row in rows]) for place, head in enumerate(heads)}
