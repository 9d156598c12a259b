"""Sessions in the database, read by SQL that is kept: every page begins with this question."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session

from openkam.app.people.queries import live_session


class SessionStore(DatabaseStore):
    """Django's own store; only the question for a session is another."""

    def _get_session_from_db(self) -> Session | None:  # pyright: ignore[reportIncompatibleMethodOverride] - has no type there
        found = live_session(self.session_key) if self.session_key else None
        if found is None:
            self._session_key = None
        return found
