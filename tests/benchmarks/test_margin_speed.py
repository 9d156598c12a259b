import numpy as np
from benchmarks.margin_pandas import pandas_margin
from benchmarks.margin_speed import MINUTES, PARAMETERS, ladder_of, run
from benchmarks.measures_speed import generate

from openkam.analytics.engine import open_engine


def test_pandas_computes_the_same_ladder_as_the_engine(tmp_path):
    files = generate(6000, 150, tmp_path)
    with open_engine("duckdb", memory_gib=1, threads=2, temporary_folder=tmp_path) as engine:
        expected = ladder_of(engine, files).table().to_pandas().set_index("account")
    found = pandas_margin(files["transactions"], files["products"], PARAMETERS, MINUTES, 0.8)
    assert list(found.index) == list(expected.index)
    for name in found.columns:
        values = expected[name].astype(float)
        np.testing.assert_allclose(found[name].astype(float), values.fillna(0.0), rtol=1e-9, atol=1e-6, err_msg=name)


def test_the_benchmark_runs_and_names_its_promises():
    outcome = run(quick=True)
    assert {target["what"] for target in outcome["targets"]} == {"times faster than pandas", "GiB of memory"}
    assert all(row["seconds"] > 0 for row in outcome["rows"])
