"""How uploaded bytes come in: counted while they stream, stopped at the limit, and kept on the workspace's own disk.

These run before any view, for every request with files: the limit of imports is for who may import facts or the mails of accounts,
everybody else gets little.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from openkam.app.ledger.operations.uploads import clean_name, too_large
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may

OTHERS_LIMIT_BYTES = 5 * 1024 * 1024
IMPORTING = (Permission.IMPORT_FACTS, Permission.EDIT_ACCOUNTS)
REFUSED = "openkam_upload_refused"


def refusal(request: HttpRequest) -> str:
    """Why the files of a request were stopped on their way; empty when they were not."""
    return str(request.META.get(REFUSED, ""))


class UploadLimit(FileUploadHandler):
    """Stops a request whose files are larger than the user may send; its other fields are kept, and the page can say so."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        user = getattr(self.request, "user", None)
        # What the middleware gives stands for the person without being of their class.
        is_importer = user is not None and user.is_authenticated and any(may(cast("User", user), act) for act in IMPORTING)
        self.limit = settings.OPENKAM_UPLOAD_LIMIT_BYTES if is_importer else OTHERS_LIMIT_BYTES
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > self.limit and self.request is not None:
            self.request.META[REFUSED] = too_large(clean_name(self.file_name or ""), self.limit)
            # The rest is read and dropped: a browser shows the answer only once it has sent everything.
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        return None


class IncomingFile(TemporaryUploadedFile):
    """A file that streams to the workspace's disk and is gone with the request unless it is taken over."""

    def __init__(self, name: str, content_type: str, charset: str | None, extra: dict[str, bytes] | None) -> None:
        folder = Path(settings.OPENKAM_HOME) / "files" / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        file = tempfile.NamedTemporaryFile(suffix=".upload", dir=folder)  # noqa: SIM115 - closed with the request
        UploadedFile.__init__(self, file, name, content_type, 0, charset, extra)


class WorkspaceUpload(TemporaryFileUploadHandler):
    """Keeps files too large for memory on the workspace's disk: the system's own temporary folder may be memory itself."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = IncomingFile(self.file_name or "", self.content_type or "", self.charset, self.content_type_extra)
