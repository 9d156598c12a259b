from pathlib import Path

from benchmarks.import_speed import generate, measure, run


def test_the_benchmark_runs_and_names_its_promises():
    outcome = run(quick=True)
    assert [(target["limit"], target["measured"] > 0) for target in outcome["targets"]] == [
        (500_000, True),
        (0.4, True),
        (3, True),
    ]
    assert all(row["seconds"] > 0 for row in outcome["rows"])


def test_the_file_is_the_same_each_time(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    lines = Path(generate(1000, str(first))).read_text(encoding="utf-8").splitlines()
    assert lines == Path(generate(1000, str(second))).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1001


def test_a_size_can_be_measured_alone():
    assert measure(1000)["rows"] == 1000
