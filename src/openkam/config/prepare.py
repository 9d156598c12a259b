"""Everything between an empty folder and a site that can be served: tables, static files. Safe to run twice, and two at a time."""

import fcntl
import hashlib
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from openkam.config.environment import Environment, read_environment
from openkam.config.refusal import ConfigurationError

PREPARE_LOCK = 0x6F6B_7372
"""The key under which PostgreSQL lets one server prepare at a time, wherever its workspace is."""
COLLECTED = ".collected"
ICONS = "tabler-icons.json"
"""Icons are drawn into pages by the server; no browser asks for all of them."""


def set_up_site(home: Path, *, connected: bool = True) -> Environment:
    """Load Django over a workspace; raises `ConfigurationError` for a wrong value in the environment.

    Not `connected`, the rooms' receivers and jobs stay out, and with them the engine, which takes longer to load than tables to make.
    """
    os.environ["OPENKAM_HOME"] = str(home.absolute())
    os.environ["DJANGO_SETTINGS_MODULE"] = "openkam.config.settings"  # whatever another project left in the shell
    os.umask(0o077)  # what the site writes holds password hashes and customers' figures: nobody but its owner reads it
    environment = read_environment()
    if not connected:
        settings.INSTALLED_APPS = [name for name in settings.INSTALLED_APPS if name != "openkam.config"]
    django.setup()
    return environment


def prepare_site(home: Path) -> None:
    """Make the tables, the static files and the schedules that this version needs. Another start waits until this one is done."""
    prepare_tables(home)
    with _alone(home):
        collect_static_files(home / "static")
        call_command("schedule_clearing")
        call_command("schedule_relations")


def prepare_tables(home: Path) -> None:
    """Make the tables that this version needs, one start at a time."""
    with _alone(home):
        refuse_half_way()
        call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
        call_command("createcachetable", verbosity=0, stdout=sys.stderr)


def refuse_half_way() -> None:
    """Raise `ConfigurationError` where a database took some of the steps that one step replaces now, and not all of them.

    Django would take it for whole or say nothing that helps: the steps between are no longer there.
    """
    taken = MigrationRecorder(connection).applied_migrations()
    for step in MigrationLoader(None).replacements.values():
        missing = [name for room, name in step.replaces if (room, name) not in taken]
        if step.__module__.startswith("openkam.") and 0 < len(missing) < len(step.replaces):
            raise ConfigurationError(
                f"The database's tables of {step.app_label} are older than this version can bring up to date: {missing[0]} was never "
                "made. Start the workspace once with the last version that has this step, then with this one."
            )


def collect_static_files(root: Path) -> None:
    """Bring the static files of this version together, unless that was done already: compressing them takes seconds."""
    digest = static_sources_digest()
    noted = root / COLLECTED
    if not noted.is_file() or noted.read_text(encoding="ascii") != digest:
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=[ICONS], stdout=sys.stderr)
        noted.write_text(digest, encoding="ascii")


def static_sources_digest() -> str:
    """Changes whenever a static file does: over the place, size and time of each."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{storage.path(name)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


@contextmanager
def _alone(home: Path) -> Generator[None]:
    """Hold the workspace's lock and, on PostgreSQL, the database's."""
    with (home / ".prepare.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARE_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARE_LOCK])


def prepare(home: Path) -> None:
    """Make tables and static files: what a process does that was started for this alone. Schedules wait for the site."""
    set_up_site(home, connected=False)
    prepare_tables(home)
    with _alone(home):
        collect_static_files(home / "static")


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
