"""Is the site up, and can it work? For probes, the command `openkam doctor`, and nobody's secrets."""

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

tables_are_current = threading.Event()
"""Set once this process has seen every migration applied: reading them all takes longer than all other checks together."""


def database_problem() -> str:
    """What is wrong with the database; empty when it answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        return f"The database does not answer: {error}"
    return ""


def migrations_problem() -> str:
    """Which changes of the database's tables are still to be made; empty when none."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"The database does not answer: {error}"
    if not missing:
        return ""
    first = missing[0][0]
    return f"The database is {len(missing)} migrations behind, the first is {first.app_label} {first.name}."


def workspace_problem(home: Path) -> str:
    """Why the workspace cannot be written; empty when it can."""
    try:
        with tempfile.TemporaryFile(dir=home):
            return ""
    except OSError as error:
        return f"{home} cannot be written: {error.strerror or error}"


@never_cache
@login_not_required
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


@never_cache
@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """The site can work: 200, or 503 with the names of what is wrong. The reasons are told by `openkam doctor` alone."""
    checks: dict[str, Callable[[], str]] = {
        "database": database_problem,
        "migrations": lambda: "" if tables_are_current.is_set() else migrations_problem(),
        "workspace": lambda: workspace_problem(settings.OPENKAM_HOME),
    }
    results = {name: "problem" if problem() else "ok" for name, problem in checks.items()}
    if results["migrations"] == "ok":
        tables_are_current.set()
    is_ready = set(results.values()) == {"ok"}
    return JsonResponse({"status": "ready" if is_ready else "not ready", "checks": results}, status=200 if is_ready else 503)
