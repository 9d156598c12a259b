"""A drawer named after nothing collects everything. Files carry the field's terms."""

from pathlib import Path

from tests.architecture.law import HOUSE, python_files

BANNED = {
    "base",
    "common",
    "core",
    "handler",
    "handlers",
    "helper",
    "helpers",
    "manager",
    "managers",
    "misc",
    "service",
    "services",
}
BANNED |= {"util", "utils"}
BANNED_ENDINGS = ("_util", "_utils", "_helper", "_helpers", "_misc", "_handler", "_handlers")


def banned_names(root: Path) -> list[str]:
    violations: list[str] = []
    for path in python_files(root, "src", "tests", "benchmarks", "scripts"):
        inside = path.relative_to(root)
        for name in [*inside.parent.parts, inside.stem]:
            bare = name.lower().removeprefix("test_").strip("_")
            if bare in BANNED or bare.endswith(BANNED_ENDINGS):
                violations.append(f"{inside.as_posix()}: '{name}' says nothing; name it after what it holds")
    return violations


def test_no_module_or_package_has_a_banned_name():
    assert banned_names(HOUSE) == []
