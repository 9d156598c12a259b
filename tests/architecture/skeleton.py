"""A small house under this house's own contracts: every wing, three rooms, every part of the engine.

It keeps the law until a test breaks it.
"""

import shutil
from pathlib import Path

from tests.architecture.law import HOUSE, settings

ROOMS = ("ledger", "accounts", "plans")  # in the order of the process: a plan knows its account
LINE_OF_A_ROOM = {
    "apps.py": "from django.apps import AppConfig\n\n\nclass {Room}Config(AppConfig):\n    name = 'openkam.app.{room}'\n",
    "terms.py": "",
    "signals.py": "",
    "models.py": "from django.db import models\n\n\nclass {Room}(models.Model):\n    name = models.TextField()\n",
    "permissions.py": "from openkam.app.{room} import models\n",
    "queries.py": "from openkam.analytics import review\nfrom openkam.app.{room} import models, permissions\n",
    "operations/__init__.py": "",
    "operations/approve.py": "from openkam.analytics.selection import solve\nfrom openkam.app.{room} import queries\n",
    "forms.py": "from openkam.app.{room} import models\n",
    "views.py": "from openkam.app.{room} import forms, queries\nfrom openkam.app.{room}.operations import approve\n",
    "jobs.py": "from openkam.analytics.review import review\nfrom openkam.app.{room}.operations import approve\n",
    "urls.py": "from openkam.app.{room} import views\n",
    "templates/{room}/list.html": "{{% extends 'ui/page.html' %}}{{% url '{room}:list' %}}{{% include '{room}/row.html' %}}\n",
}


def build_house(root: Path) -> Path:
    """Write the skeleton below `root`, with this house's `pyproject.toml`, and return its root."""
    root.mkdir(parents=True)
    shutil.copy(HOUSE / "pyproject.toml", root)
    openkam = "src/openkam"
    write(root, f"{openkam}/__init__.py", "from openkam.analytics.review import review\n")
    write(root, f"{openkam}/cli.py", "from openkam.analytics.review import review\nfrom openkam.config import urls\n")
    write(root, f"{openkam}/config/__init__.py", "")
    write(root, f"{openkam}/config/urls.py", "from openkam.app.plans import urls\n")
    write(root, f"{openkam}/app/__init__.py", "")
    _build_engine(root)
    for room in ROOMS:
        write(root, f"{openkam}/app/{room}/__init__.py", "")
        for name, text in LINE_OF_A_ROOM.items():
            write(root, f"{openkam}/app/{room}/{name.format(room=room)}", text.format(room=room, Room=room.title()))
    account_of_plan = "    account = models.ForeignKey('accounts.Accounts', models.CASCADE, related_name='+')\n"
    append(root, f"{openkam}/app/plans/models.py", account_of_plan)
    append(root, f"{openkam}/app/plans/queries.py", "from openkam.app.accounts import queries\n")
    write(
        root,
        "tests/test_nothing_is_skipped.py",
        "import pytest\n\n\n@pytest.mark.skipif(False, reason='never')\ndef test(): ...\n",
    )
    return root


def _build_engine(root: Path) -> None:
    contracts = settings(root)["tool"]["importlinter"]["contracts"]
    order = next(contract["layers"] for contract in contracts if contract.get("containers") == ["openkam.analytics"])
    write(root, "src/openkam/analytics/__init__.py", "")
    for part in [name.strip() for layer in order for name in layer.split("|")]:
        if part in {"engine", "shares", "solver", "terms"}:
            write(root, f"src/openkam/analytics/{part}.py", "import pyarrow\n" if part == "engine" else "")
            write(root, f"tests/analytics/test_{part}.py", "")
        elif not part.startswith("("):
            write(root, f"src/openkam/analytics/{part}/__init__.py", "")
    for module, imports in {
        "ledger/read": "import duckdb\nfrom openkam.analytics import engine, terms\n",
        "selection/problem": "from openkam.analytics import terms\n",
        "selection/solve": "from openkam.analytics.ledger import read\nfrom openkam.analytics.selection import problem\n",
        "review/review": "from openkam.analytics.selection import solve\n",
    }.items():
        write(root, f"src/openkam/analytics/{module}.py", imports)
        folder, name = module.split("/")
        write(root, f"tests/analytics/{folder}/test_{name}.py", "")


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def append(root: Path, name: str, text: str) -> None:
    path = root / name
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
