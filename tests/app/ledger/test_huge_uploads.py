"""Files of two gibibytes, which are never in memory: refused at the limit while they stream in, with an answer in words."""

import io
from collections.abc import Callable
from resource import RUSAGE_SELF, getrusage

import pytest
from django.test import Client
from pytest_django import Settings
from tests.factories.site_imports import source

from openkam.app.ledger.models import ImportDraft
from openkam.app.people.models import User

pytestmark = pytest.mark.django_db
TWO_GIB = 2 * 1024**3
TOKEN = "a" * 32
"""A browser's, sent as its cookie and beside the form."""


class Sparse(io.RawIOBase):
    """A request's body with a file of zeros between its head and its end; nothing of it is kept."""

    def __init__(self, head: bytes, zeros: int, end: bytes) -> None:
        self.head, self.end, self.zeros = head, end, zeros
        self.length = len(head) + zeros + len(end)
        self.read_so_far = 0

    def read(self, size: int = -1) -> bytes:
        at, left = self.read_so_far, self.length - self.read_so_far
        wanted = min(left, 65536 if size < 0 else size)
        if at < len(self.head):
            piece = self.head[at : at + wanted]
        elif at < len(self.head) + self.zeros:
            piece = bytes(min(wanted, len(self.head) + self.zeros - at))
        else:
            piece = self.end[at - len(self.head) - self.zeros :][:wanted]
        self.read_so_far += len(piece)
        return piece

    def readline(self, size: int | None = -1, /) -> bytes:
        """As a socket's: up to the end of a line, at most one piece; the inherited one asks for a byte at a time."""
        began = self.read_so_far
        line, end, _ = self.read(-1 if size is None else size).partition(b"\n")
        self.read_so_far = began + len(line) + len(end)
        return line + end


def test_two_gibibytes_are_refused_without_being_read_into_memory(
    signed_in: Callable[[User], Client], analyst: User, settings: Settings
) -> None:
    settings.OPENKAM_UPLOAD_LIMIT_BYTES = 1024 * 1024
    client = signed_in(analyst)
    client.cookies["openkam_csrf"] = TOKEN
    shop = source()
    fields = "".join(
        f'--sparse\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("source", shop.pk), ("table", "transactions"))
    )
    file = '--sparse\r\nContent-Disposition: form-data; name="uploads"; filename="huge.csv"\r\nContent-Type: text/csv\r\n\r\n'
    body = Sparse((fields + file).encode(), TWO_GIB, b"\r\n--sparse--\r\n")
    request = client._base_environ(
        PATH_INFO="/data/import/",
        REQUEST_METHOD="POST",
        CONTENT_TYPE="multipart/form-data; boundary=sparse",
        CONTENT_LENGTH=str(body.length),
    )
    request |= {"wsgi.input": body, "HTTP_X_CSRFTOKEN": TOKEN}
    before_kib = getrusage(RUSAGE_SELF).ru_maxrss
    answer = client.request(**request)
    grown_kib = getrusage(RUSAGE_SELF).ru_maxrss - before_kib
    assert answer.status_code == 422
    assert "huge.csv: larger than 1 MiB" in answer.content.decode()
    assert grown_kib < 64 * 1024
    assert body.read_so_far > TWO_GIB  # read and dropped: a browser shows the answer only once it has sent everything
    assert not ImportDraft.objects.exists()
