import numpy as np
import pytest

from openkam.analytics.selection.problem import Limit, SelectionProblem, Sense


@pytest.fixture
def knapsack() -> SelectionProblem:
    """Five accounts and one limit of 21 hours: the first is out, in at 22 and 23, out at 24, in again from 25."""
    utility = np.array([0.73, 0.78, 0.65, 0.26, 0.87])
    hours = np.array([11.0, 4.0, 10.0, 3.0, 7.0])
    return SelectionProblem(
        accounts=("Wingtip", "Tailspin", "Fabrikam", "Contoso", "Litware"),
        utility=utility,
        criteria=("one", "two"),
        weight=np.array([0.5, 0.5]),
        value=np.stack([utility, utility], axis=1),
        hours=hours,
        limits=(Limit("hours", "Hours in all", "hours/year", Sense.AT_MOST, hours, 21.0, 1.0, own_label="its own hours"),),
    )
