"""Static files under names that carry their digest, so that a browser may keep them for good, and our own joined to one of each kind."""

from collections.abc import Generator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from openkam.app.ui.templatetags.assets import JOINED


class StaticFiles(CompressedManifestStaticFilesStorage):
    """As whitenoise's; a file that is missing is an error instead of a broken page, and a page loads one style and one script."""

    manifest_strict = True
    joins_files = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Generator[Any, Any, None]:
        """Join, then give every file its digest and its compressed twins."""
        if not dry_run:
            for joined, parts in JOINED.items():
                text = "\n".join(self._collected(part) for part in parts)
                self.delete(joined)
                self.save(joined, ContentFile(text.encode()))
                paths[joined] = (self, joined)
        yield from super().post_process(paths, dry_run, **options)

    def _collected(self, name: str) -> str:
        with self.open(name) as file:
            return file.read().decode()
