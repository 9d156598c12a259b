import numpy as np
from benchmarks.next_order_speed import generate, run


def test_the_benchmark_runs_and_names_its_promises():
    outcome = run(quick=True)
    assert [(target["limit"], target["measured"] > 0) for target in outcome["targets"]] == [(20, True), (3, True)]
    assert outcome["rows"][0]["accounts"] == 500


def test_the_orders_are_sorted_different_and_the_same_each_time():
    made, again = generate(50, 1000), generate(50, 1000)
    keys = made.account * 10_000 + made.day
    assert (np.diff(keys) > 0).all()
    assert len(np.unique(made.account)) == 50
    assert np.array_equal(keys, again.account * 10_000 + again.day)
