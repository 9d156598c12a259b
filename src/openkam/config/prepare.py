"""Everything between an empty folder and a site that can be served: tables, static files. Safe to run twice, and two at a time."""

import fcntl
import hashlib
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import django
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection

from openkam.config.environment import Environment, read_environment

PREPARE_LOCK = 0x6F6B_7372
"""The key under which PostgreSQL lets one server prepare at a time, wherever its workspace is."""
COLLECTED = ".collected"


def set_up_site(home: Path) -> Environment:
    """Load Django over a workspace; raises `ConfigurationError` for a wrong value in the environment."""
    os.environ["OPENKAM_HOME"] = str(home.absolute())
    os.environ["DJANGO_SETTINGS_MODULE"] = "openkam.config.settings"  # whatever another project left in the shell
    os.umask(0o077)  # what the site writes holds password hashes and customers' figures: nobody but its owner reads it
    environment = read_environment()
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
        call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
        call_command("createcachetable", verbosity=0, stdout=sys.stderr)


def collect_static_files(root: Path) -> None:
    """Bring the static files of this version together, unless that was done already: compressing them takes seconds."""
    digest = static_sources_digest()
    noted = root / COLLECTED
    if not noted.is_file() or noted.read_text(encoding="ascii") != digest:
        call_command("collectstatic", interactive=False, verbosity=0, stdout=sys.stderr)
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
    """Load Django and prepare: what a process does that was started for this alone."""
    set_up_site(home)
    prepare_site(home)


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
