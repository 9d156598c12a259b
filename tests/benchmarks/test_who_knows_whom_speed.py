import numpy as np
from benchmarks.who_knows_whom_speed import AS_OF_AT, generate, pandas_dyads, run

from openkam.analytics.relationship.reciprocity.dyads import who_knows_whom


def test_pandas_finds_the_same_pairs_as_the_engine():
    mails = generate(5_000)
    found, peer = who_knows_whom(mails, AS_OF_AT), pandas_dyads(mails).reset_index()
    for name in ("first", "second", "out", "first_at", "last_at"):
        assert (getattr(found, name) == peer[name].to_numpy()).all(), name
    assert (found.back == (peer["mails"] - peer["out"]).to_numpy()).all()
    np.testing.assert_allclose(found.warmth, peer["warmth"], atol=1e-7)


def test_the_benchmark_runs_and_names_its_promises():
    outcome = run(quick=True)
    assert [(target["what"], target["limit"]) for target in outcome["targets"]] == [
        ("seconds for pairs", 2),
        ("GiB of memory", 4),
    ]
    assert all(row["seconds"] > 0 and row["pairs"] > 0 for row in outcome["rows"])
