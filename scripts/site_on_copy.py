"""The site on a copy of a workspace, for looking at it: served from this process, its people signed in, its addresses listed."""

import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from django.urls import NoReverseMatch, Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse

from openkam.app.people.terms import Role

LINK = re.compile(r'\bhref="(?P<path>/[^"#]*)')


class PageAddress(NamedTuple):
    """A page's name, good as a file's, and one address of it."""

    name: str
    path: str


class SiteOnCopy:
    """Serves a workspace's copy at `url` while it is entered. `roles` are those with somebody to sign in as, administrators first."""

    def __init__(self, workspace: Path, folder: Path) -> None:
        for held in workspace.resolve().iterdir():
            if not held.name.startswith("app.sqlite3") and held.name != "static":
                (folder / held.name).symlink_to(held)
        database = workspace / "app.sqlite3"
        if database.exists():
            with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(folder / "app.sqlite3")) as target:
                source.backup(target)
        os.environ.pop("DATABASE_URL", None)
        os.environ.update(OPENKAM_HOME=str(folder), DJANGO_SETTINGS_MODULE="openkam.config.settings", OPENKAM_LOG_LEVEL="ERROR")
        django.setup()
        (folder / "static").mkdir()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)

    def __enter__(self) -> "SiteOnCopy":
        self._server = ThreadedWSGIServer(("localhost", 0), QuietWSGIRequestHandler)
        self._server.set_app(get_wsgi_application())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://localhost:{self._server.server_port}"
        self.cookie_name = settings.SESSION_COOKIE_NAME
        self._clients = {role: self._client(role) for role in (*self._people(), "")}
        self.roles = tuple(role for role in self._clients if role)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def session_of(self, role: str) -> str:
        """The value of the session's cookie of the person with that role."""
        return self._clients[role].cookies[self.cookie_name].value

    def shows_a_page(self, role: str, path: str) -> bool:
        """Whether the address answers with a whole page, no part of one, to that role; the empty role is a stranger."""
        answer = self._clients[role].get(path, headers={"host": "localhost"})
        is_html = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
        return is_html and answer.content.lstrip().lower().startswith(b"<!doctype html>")

    def addresses_without_arguments(self) -> Iterator[PageAddress]:
        """Every page in the list of addresses that needs no argument."""

        def walk(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...]) -> Iterator[PageAddress]:
            for pattern in patterns:
                if isinstance(pattern, URLResolver):
                    yield from walk(pattern.url_patterns, (*spaces, pattern.namespace) if pattern.namespace else spaces)
                elif pattern.name:
                    try:
                        yield PageAddress("-".join((*spaces, pattern.name)), reverse(":".join((*spaces, pattern.name))))
                    except NoReverseMatch:
                        continue  # it needs an argument: found by a link to it

        yield from walk(get_resolver().url_patterns, ())

    def addresses_linked_from(self, role: str, path: str) -> Iterator[PageAddress]:
        """The pages of this site that a page links to."""
        text = self._clients[role].get(path, headers={"host": "localhost"}).content.decode()
        for link in LINK.finditer(text):
            try:
                found = resolve(link["path"].split("?")[0])
            except Resolver404:
                continue
            if found.url_name:
                yield PageAddress(found.view_name.replace(":", "-"), link["path"].replace("&amp;", "&"))

    def _people(self) -> list[str]:
        people = get_user_model().objects
        if not people.filter(role=Role.ADMINISTRATOR, is_active=True).exists():
            people.create(email="administrator@localhost", name="Ada Administrator", role=Role.ADMINISTRATOR)
        return [str(role) for role in Role if people.filter(role=role, is_active=True).exists()]

    def _client(self, role: str) -> Client:
        client = Client()
        if role:
            client.force_login(get_user_model().objects.filter(role=role, is_active=True).order_by("id")[0])
        return client
