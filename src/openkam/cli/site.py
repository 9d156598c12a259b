"""Django over a workspace, for the subcommands of the site: what goes wrong is one line."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from openkam.analytics.terms import OpenKamError
from openkam.config.environment import Environment
from openkam.config.prepare import set_up_site
from openkam.config.refusal import ConfigurationError


@contextmanager
def site(home: Path) -> Generator[Environment]:
    """Load Django; raises `OpenKamError` for a wrong environment and for a database that does not answer."""
    try:
        yield set_up_site(home)
    except (ConfigurationError, ImproperlyConfigured) as error:
        raise OpenKamError(str(error)) from error
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise OpenKamError(f"The database does not do its work ({reason}): run `openkam doctor`.") from error
