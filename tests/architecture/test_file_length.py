"""A file that needs scrolling hides something: about 100 lines, think at 250, never above the limit."""

from pathlib import Path

from tests.architecture.law import HOUSE, python_files

LIMIT_LINES = {"src": 400, "tests": 500, "benchmarks": 400, "scripts": 400}


def over_long_files(root: Path) -> list[str]:
    violations: list[str] = []
    for folder, limit in LIMIT_LINES.items():
        for path in python_files(root, folder):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > limit and path.parent.name != "migrations":
                violations.append(
                    f"{path.relative_to(root).as_posix()} has {lines} lines, the limit is {limit}: split it by its nouns"
                )
    return violations


def test_no_file_is_over_long():
    assert over_long_files(HOUSE) == []
