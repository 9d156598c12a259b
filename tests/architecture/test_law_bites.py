"""The law is worth what it catches: each rule is broken once on a copy, and the named check must see it, and no other contract.

So a contract that has been loosened by accident fails here, not years later.
"""

from pathlib import Path

import pytest
from tests.architecture.skeleton import append, build_house, write
from tests.architecture.test_contracts import broken_contracts
from tests.architecture.test_file_length import over_long_files
from tests.architecture.test_names import banned_names
from tests.architecture.test_no_clock import clock_readers
from tests.architecture.test_no_dynamic_imports import dynamic_imports
from tests.architecture.test_no_switched_off_checks import excused_holes, import_linter_escapes, unexplained_skips
from tests.architecture.test_relations import reverse_accessors_across_rooms, upward_relations
from tests.architecture.test_templates import upward_links
from tests.architecture.test_tests_mirror_source import untested_modules

APP = "src/openkam/app"
ENGINE = "src/openkam/analytics"
ROOM_ORDER = "The rooms stand in the order of the KAM process"
ROOM_LAYERS = "Every room has the same layers, and no other file"
WINGS = "The wings: config above app above analytics"
NO_DJANGO = "The engine never heard of Django"
ENGINE_ORDER = "The engine's parts stand in order"
ONE_STAIR = "One stair to the engine: operations, queries, jobs"
DATA_ENGINES = "Data engines are imported in the engine only"
NO_CYCLES = "No cycles between siblings anywhere"

BROKEN_CONTRACTS = {
    "a lower room imports an upper one": (
        f"{APP}/accounts/queries.py",
        "import openkam.app.plans.queries\n",
        {ROOM_ORDER, NO_CYCLES},
    ),
    "under TYPE_CHECKING": (
        f"{APP}/accounts/models.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from openkam.app.plans.models import Plans\n",
        {ROOM_ORDER, NO_CYCLES},
    ),
    "inside a function": (
        f"{APP}/accounts/models.py",
        "def plan():\n    from openkam.app.plans.models import Plans\n",
        {ROOM_ORDER, NO_CYCLES},
    ),
    "models import operations": (
        f"{APP}/ledger/models.py",
        "from openkam.app.ledger.operations import approve\n",
        {ROOM_LAYERS, NO_CYCLES},
    ),
    "a file that is no layer": (f"{APP}/ledger/utils.py", "", {ROOM_LAYERS}),
    "a room that is not listed": (f"{APP}/drawer/__init__.py", "", {ROOM_ORDER}),
    "a wing that is not listed": ("src/openkam/tools.py", "", {WINGS}),
    "a part of the engine that is not listed": (f"{ENGINE}/drawer/__init__.py", "", {ENGINE_ORDER}),
    "a room imports the settings": (f"{APP}/plans/views.py", "from openkam.config import settings\n", {WINGS}),
    "Django in the engine": (f"{ENGINE}/selection/solve.py", "from django.db import models\n", {NO_DJANGO}),
    "the engine imports a room": (f"{ENGINE}/ledger/read.py", "from openkam.app.ledger import terms\n", {NO_DJANGO, WINGS}),
    "a view imports the engine": (f"{APP}/ledger/views.py", "from openkam.analytics.selection import solve\n", {ONE_STAIR}),
    "a model imports the engine's face": (f"{APP}/ledger/models.py", "import openkam.analytics\n", {ONE_STAIR}),
    "the settings import the engine": ("src/openkam/config/urls.py", "from openkam.analytics.terms import Period\n", {ONE_STAIR}),
    "an operation imports duckdb": (f"{APP}/ledger/operations/approve.py", "import duckdb\n", {DATA_ENGINES}),
    "the command imports polars": ("src/openkam/cli.py", "import polars\n", {DATA_ENGINES}),
    "a lower part of the engine imports an upper one": (
        f"{ENGINE}/ledger/read.py",
        "from openkam.analytics.selection import problem\n",
        {ENGINE_ORDER, NO_CYCLES},
    ),
    "two files import each other": (
        f"{ENGINE}/selection/problem.py",
        "from openkam.analytics.selection import solve\n",
        {NO_CYCLES},
    ),
}
"""What is broken: the file, what is added to it, and the contracts that must see it."""

TOO_LONG = "'''\n" + "a line\n" * 400 + "'''\n"
UPWARD_KEY = "    plan = models.ForeignKey('plans.Plans', models.CASCADE, related_name='+')\n"
UPWARD_MANY = "    plans = models.ManyToManyField('plans.Plans', related_name='+')\n"
ACCESSOR = "    source = models.ForeignKey('ledger.Ledger', models.CASCADE)\n"
ACCESSOR_OF_MANY = "    sources = models.ManyToManyField('ledger.Ledger')\n"
DYNAMIC = "import importlib\n\nplans = importlib.import_module('openkam.app.plans')\n"
BY_APP_REGISTRY = "from django.apps import apps\n\nplan = apps.get_model('plans', 'Plan')\n"
BY_STRING = "from django.utils.module_loading import import_string\n\nplan = import_string('openkam.app.plans.models.Plan')\n"

BROKEN_CHECKS = {
    "over-long file": (over_long_files, f"{ENGINE}/terms.py", TOO_LONG, "terms.py has 402 lines"),
    "banned module": (banned_names, f"{ENGINE}/selection/helpers.py", "", "'helpers'"),
    "banned package": (banned_names, f"{ENGINE}/common/__init__.py", "", "'common'"),
    "banned ending": (banned_names, f"{ENGINE}/ledger/date_utils.py", "", "'date_utils'"),
    "module without a test": (lambda root: untested_modules(root, {}), f"{ENGINE}/selection/explain.py", "", "test_explain.py"),
    "import_module": (dynamic_imports, f"{APP}/accounts/queries.py", DYNAMIC, "importlib.import_module"),
    "apps.get_model": (dynamic_imports, f"{APP}/accounts/queries.py", BY_APP_REGISTRY, "get_model"),
    "import_string": (dynamic_imports, f"{APP}/accounts/queries.py", BY_STRING, "import_string"),
    "__import__": (dynamic_imports, f"{APP}/accounts/queries.py", "plan = __import__('openkam.app.plans')\n", "__import__"),
    "key to an upper room": (upward_relations, f"{APP}/accounts/models.py", UPWARD_KEY, "Accounts.plan points up"),
    "keys to an upper room": (upward_relations, f"{APP}/accounts/models.py", UPWARD_MANY, "Accounts.plans points up"),
    "accessor in a lower room": (reverse_accessors_across_rooms, f"{APP}/accounts/models.py", ACCESSOR, "Accounts.source"),
    "accessors in a lower room": (
        reverse_accessors_across_rooms,
        f"{APP}/accounts/models.py",
        ACCESSOR_OF_MANY,
        "Accounts.sources",
    ),
    "link to an upper room": (upward_links, f"{APP}/accounts/templates/accounts/a.html", "\n{% url 'plans:list' %}", "a.html:2"),
    "part of an upper room": (
        upward_links,
        f"{APP}/accounts/templates/accounts/a.html",
        "{% include 'plans/row.html' %}",
        "'plans'",
    ),
    "page of an upper room": (
        upward_links,
        f"{APP}/accounts/templates/accounts/a.html",
        '{% extends "plans/page.html" %}',
        "'plans'",
    ),
    "redirect to an upper room": (upward_links, f"{APP}/accounts/views.py", "go = reverse('plans:list')\n", "views.py"),
    "upper room's page rendered": (upward_links, f"{APP}/accounts/views.py", "page = 'plans/list.html'\n", "views.py"),
    "datetime.now": (clock_readers, f"{ENGINE}/terms.py", "import datetime as dt\nnow = dt.datetime.now(dt.UTC)\n", "terms.py:2"),
    "date.today": (clock_readers, f"{ENGINE}/terms.py", "from datetime import date\ntoday = date.today()\n", "date.today"),
    "time.time": (clock_readers, f"{ENGINE}/terms.py", "import time\nnow = time.time()\n", "time.time"),
    "imported clock": (clock_readers, f"{ENGINE}/terms.py", "from time import time as now\nn = now()\n", "time.time"),
    "clock in SQL": (clock_readers, f"{ENGINE}/terms.py", "query = 'SELECT current_date'\n", "current_date in SQL"),
    "unseeded generator": (
        clock_readers,
        f"{ENGINE}/terms.py",
        "import numpy as np\nr = np.random.default_rng()\n",
        "numpy.random.default_rng",
    ),
    "global generator": (
        clock_readers,
        f"{ENGINE}/terms.py",
        "import numpy as np\nr = np.random.normal()\n",
        "numpy.random.normal",
    ),
    "standard generator": (clock_readers, f"{ENGINE}/terms.py", "import random\nr = random.random()\n", "random.random"),
    "bare skip": (unexplained_skips, "tests/test_a.py", "import pytest\n\n@pytest.mark.skip\ndef test(): ...\n", "test_a.py:3"),
    "skip without a reason": (unexplained_skips, "tests/test_a.py", "import pytest\npytest.skip()\n", "pytest.skip"),
    "xfail without a reason": (
        unexplained_skips,
        "tests/test_a.py",
        "import pytest\nx = pytest.mark.xfail(strict=True)\n",
        "xfail",
    ),
    "silent importorskip": (
        unexplained_skips,
        "tests/test_a.py",
        "import pytest\npytest.importorskip('pyspark')\n",
        "importorskip",
    ),
    "excused dynamic import": (excused_holes, f"{APP}/plans/queries.py", "x = 1  # noqa: TID251\n", "TID251"),
    "excused everything": (excused_holes, f"{ENGINE}/terms.py", "x = 1  # noqa\n", "terms.py:1"),
    "excused late import": (excused_holes, f"{ENGINE}/terms.py", "x = 1  # noqa: PLC0415\n", "PLC0415"),
    "contract with exceptions": (import_linter_escapes, "pyproject.toml", "ignore_imports = ['a -> b']\n", "ignore_imports"),
}
"""What is broken: the check, the file, what is added to it, and what the one violation must name."""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    return build_house(tmp_path / "house")


def break_it(house: Path, name: str, text: str) -> None:
    if (house / name).exists():
        append(house, name, text)
    else:
        write(house, name, text)


@pytest.mark.parametrize("case", BROKEN_CONTRACTS.values(), ids=BROKEN_CONTRACTS)
def test_a_broken_contract_is_seen(house: Path, case):
    name, text, expected = case
    break_it(house, name, text)
    assert set(broken_contracts(house)) == expected


@pytest.mark.parametrize("case", BROKEN_CHECKS.values(), ids=BROKEN_CHECKS)
def test_a_broken_rule_is_seen(house: Path, case):
    check, name, text, named = case
    break_it(house, name, text)
    violations = check(house)
    assert len(violations) == 1, violations
    assert named in violations[0]


def test_the_unbroken_house_passes_every_check(house: Path):
    checks = {check for check, *_ in BROKEN_CHECKS.values()}
    assert broken_contracts(house) == []
    assert {check: check(house) for check in checks} == {check: [] for check in checks}


def test_a_house_without_rooms_passes(tmp_path: Path):
    house = build_house(tmp_path / "house")
    for room in (house / APP).iterdir():
        if room.is_dir():
            room.rename(house / room.name)
    write(house, "src/openkam/config/urls.py", "")
    assert broken_contracts(house) == []
    assert upward_relations(house) == []


def test_stopwatches_and_seeded_generators_are_allowed(house: Path):
    fine = "import time\nimport numpy as np\nseconds = time.perf_counter()\n"
    fine += "random = np.random.default_rng(seed)\nx = random.beta(1, 2)\n"
    break_it(house, f"{ENGINE}/terms.py", '"""Nothing here calls now() or random()."""\n' + fine)
    assert clock_readers(house) == []


def test_a_cover_that_does_not_exist_is_seen(house: Path):
    write(house, f"{ENGINE}/selection/explain.py", "")
    assert len(untested_modules(house, {"selection/explain.py": "tests/analytics/nowhere.py"})) == 1
