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
