import subprocess
import sys

SOLVE = """
from openkam.analytics.solver import SilentHighs
solver = SilentHighs()
one = solver.addVariable(lb=0.0, ub=3.0, obj=1.0)
solver.maximize(one)
print(solver.val(one))
"""


def test_the_first_solver_of_a_process_says_nothing() -> None:
    said = subprocess.run([sys.executable, "-c", SOLVE], capture_output=True, text=True, check=True)

    assert (said.stdout, said.stderr) == ("3.0\n", "")


def test_a_search_after_a_frontier_in_one_process_still_finds_its_answer() -> None:
    """HiGHS keeps its threads for the whole process, and refuses a later solver that asks for others."""
    both = """
import numpy as np
from benchmarks.selection_speed import speed_problem
from openkam.analytics.selection.solve import solve_selection
from openkam.analytics.valuation.risk_return import least_variance
least_variance(np.eye(3), np.ones(3), np.zeros(3), np.ones(3), None)
print(solve_selection(speed_problem(60, 3, 6, "loose", 1)).status)
"""
    said = subprocess.run([sys.executable, "-c", both], capture_output=True, text=True, check=True)

    assert said.stdout == "optimal\n"
