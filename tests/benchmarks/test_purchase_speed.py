import numpy as np
import pyarrow.parquet as pq
from benchmarks.purchase_result import bg_nbd, gamma_gamma
from benchmarks.purchase_speed import generate, run
from tests.factories.buyers import beta_geometric_buyers, spenders

from openkam.analytics.valuation.purchase_model import fit_bg_nbd
from openkam.analytics.valuation.spend_model import fit_gamma_gamma


def test_the_benchmark_runs_beside_a_peer_and_names_its_promises():
    outcome = run(quick=True)
    assert [row["what"] for row in outcome["rows"]] == ["OpenKAM", "lifetimes", "OpenKAM"]
    assert [target["limit"] for target in outcome["targets"]] == [8, 1e-6, 40, 6]
    assert outcome["targets"][1]["measured"] <= 1e-6
    assert all(row["seconds"] > 0 for row in outcome["rows"])


def test_the_transactions_are_the_same_each_time(tmp_path):
    count = generate(500, tmp_path / "a.parquet")
    generate(500, tmp_path / "b.parquet")
    first, second = pq.read_table(tmp_path / "a.parquet"), pq.read_table(tmp_path / "b.parquet")
    assert first.equals(second)
    assert len(first) == count
    assert len(np.unique(first["customer"])) == 500
    assert len(first.group_by(["customer", "day"]).aggregate([])) == count


def test_the_plain_likelihoods_are_ours():
    bought = beta_geometric_buyers(91, 500, 0.8, 5.0, 0.9, 2.5)
    history = (bought.frequency, bought.recency, bought.age)
    often = fit_bg_nbd(*history)
    np.testing.assert_allclose(bg_nbd(history, **often.estimate.parameters), often.log_likelihood, rtol=1e-10)
    x, z = spenders(92, 500, 3.0, 4.0, 60.0)
    much = fit_gamma_gamma(x, z)
    np.testing.assert_allclose(gamma_gamma(x, z, **much.estimate.parameters), much.log_likelihood, rtol=1e-10)
