import numpy as np
import pandas as pd
import pytest
from benchmarks.measures_pandas import pandas_measures
from benchmarks.measures_speed import PARAMETERS, Files, generate, run

from openkam.analytics.engine import open_engine
from openkam.analytics.valuation.account_measures import account_measures


@pytest.mark.parametrize("reads_by_arrow", [False, True])
def test_pandas_computes_the_same_measures_as_the_engine(tmp_path, reads_by_arrow):
    files = generate(6000, 150, tmp_path)
    with open_engine("duckdb", memory_gib=1, threads=2, temporary_folder=tmp_path) as engine:
        table = account_measures(engine, Files(files), PARAMETERS).table
    expected = table.to_pandas().set_index("account")
    found = pandas_measures(files["transactions"], files["products"], PARAMETERS, reads_by_arrow=reads_by_arrow)
    assert list(found.index) == list(expected.index)
    without_facts = {name for name in table.column_names if table[name].null_count == len(table)}
    attributes = {"name", "sources", "is_prospect", "customer_count", "contribution_basis", "account"}
    services = {"service_activity_count", "receivable_count"}
    assert set(found.columns) == set(table.column_names) - without_facts - attributes - services
    for name in found.columns:
        values = expected[name]
        if name.endswith("_on"):
            values = (pd.to_datetime(values) - pd.Timestamp(0)).dt.days
        np.testing.assert_allclose(found[name].astype(float), values.astype(float), rtol=1e-9, atol=1e-7, err_msg=name)


def test_the_benchmark_runs_and_names_its_promises():
    outcome = run(quick=True)
    assert {target["what"] for target in outcome["targets"]} == {
        "times the bare query",
        "times faster than pandas",
        "GiB of memory",
    }
    assert all(row["seconds"] > 0 for row in outcome["rows"])
