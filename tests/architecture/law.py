"""What the checks of the law share: where a house stands and what its `pyproject.toml` says.

Every check is a function of a house's root that returns its violations, one readable line each. So it runs on this house, where
it must find nothing, and on a copy that breaks the rule on purpose, where it must find exactly that (`test_law_bites.py`).
"""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[2]


def settings(root: Path) -> dict[str, Any]:
    """The house's `pyproject.toml`."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def floors(root: Path) -> dict[str, int]:
    """Each room the contracts list, with its floor: 0 is the top, and rooms on one floor do not know each other."""
    contracts = settings(root)["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract.get("containers") == ["openkam.app"])
    return {room.strip(" ()"): floor for floor, layer in enumerate(layers) for room in layer.split("|")}


def stands_below(lower: str, upper: str, floor_of: dict[str, int]) -> bool:
    """Whether `upper` may know `lower`: it is the same room, or one on a lower floor."""
    return lower == upper or floor_of[lower] > floor_of[upper]


def python_files(root: Path, *folders: str) -> list[Path]:
    """All Python files below the named folders of a house, in a stable order; a folder that does not exist holds none."""
    return sorted(path for folder in folders for path in (root / folder).rglob("*.py") if "__pycache__" not in path.parts)


def syntax_trees(root: Path, *folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Each Python file below the folders as its path in the house and its syntax tree."""
    for path in python_files(root, *folders):
        yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def dotted(node: ast.expr) -> str:
    """`a.b.c` for an attribute chain, the empty string for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return ""
