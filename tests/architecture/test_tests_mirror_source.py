"""Who opens a module of the engine finds its tests at the same path under `tests`."""

from pathlib import Path

from tests.architecture.law import HOUSE, python_files

COVERED_ELSEWHERE: dict[str, str] = {
    # Frozen dataclasses without behaviour of their own: the tests of what fills them are their tests.
    "selection/problem.py": "tests/analytics/selection/test_solve.py",
    "review/review.py": "tests/analytics/review",
    "relationship/correspondence/items.py": "tests/analytics/relationship/correspondence/test_mail_headers.py",
    "selection/questions.py": "tests/analytics/selection/test_hands.py",
    # Steps of one search, held as a whole against trying everything: one of them alone has no answer of its own to check.
    **dict.fromkeys(
        (
            "selection/column_optimum.py",
            "selection/exhaustive.py",
            "selection/infeasible.py",
            "selection/load_master.py",
            "selection/load_optimum.py",
            "selection/loads.py",
            "selection/loosening.py",
            "selection/model.py",
            "selection/optimum.py",
            "selection/relaxation.py",
            "selection/requirement.py",
            "selection/restricted.py",
            "selection/search.py",
            "selection/words.py",
        ),
        "tests/analytics/selection/test_solve.py",
    ),
    **dict.fromkeys(
        (
            "selection/binding.py",
            "selection/bound_walk.py",
            "selection/displacement.py",
            "selection/nearest.py",
            "selection/variants.py",
        ),
        "tests/analytics/selection/test_explain.py",
    ),
    # Steps of one import, tested through the whole job with the files that need them.
    **dict.fromkeys(
        (
            "ledger/check.py",
            "ledger/column_matching.py",
            "ledger/currencies.py",
            "ledger/duplicates.py",
            "ledger/import_report.py",
            "ledger/import_result.py",
            "ledger/plan.py",
            "ledger/read.py",
            "ledger/stage_file.py",
        ),
        "tests/analytics/ledger/test_import_files.py",
    ),
    # Steps of one ladder and of one costing, tested through the whole.
    "valuation/ladder_amounts.py": "tests/analytics/valuation/test_margin_ladder.py",
    "valuation/service_drivers.py": "tests/analytics/valuation/test_time_driven_costing.py",
    # Steps of one valuation, tested through the whole.
    **dict.fromkeys(
        (
            "worth/account_worth.py",
            "worth/credit_columns.py",
            "worth/ladder_columns.py",
            "worth/lever_columns.py",
            "worth/lifetime_columns.py",
            "worth/rhythm_columns.py",
        ),
        "tests/analytics/worth/test_value_accounts.py",
    ),
    # Sums that every family of measures stands on, held against plain arithmetic on random ledgers.
    **dict.fromkeys(
        ("behaviour/account_columns.py", "behaviour/orders.py", "behaviour/product_sales.py", "behaviour/sales.py"),
        "tests/analytics/valuation/test_invariance.py",
    ),
}


def untested_modules(root: Path, covered_elsewhere: dict[str, str]) -> list[str]:
    violations: list[str] = []
    engine = root / "src/openkam/analytics"
    for path in python_files(root, "src/openkam/analytics"):
        inside = path.relative_to(engine)
        if inside.name == "__init__.py":
            continue
        elsewhere = covered_elsewhere.get(inside.as_posix())
        folder = root / "tests/analytics" / inside.parent
        # `test_read.py`, or when that grew too long its siblings by act: `test_read_dates.py`
        mirrored = [*folder.glob(f"test_{inside.stem}.py"), *folder.glob(f"test_{inside.stem}_*.py")]
        if elsewhere is not None and not (root / elsewhere).exists():
            violations.append(f"{inside.as_posix()} is said to be covered by {elsewhere}, which does not exist")
        if elsewhere is None and not mirrored:
            violations.append(f"{inside.as_posix()} has no {(folder / f'test_{inside.stem}.py').relative_to(root).as_posix()}")
    return violations


def test_every_module_of_the_engine_has_its_tests():
    assert untested_modules(HOUSE, COVERED_ELSEWHERE) == []
