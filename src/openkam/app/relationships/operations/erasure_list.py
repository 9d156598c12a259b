"""Who was erased, kept beside the database as well: an older copy of it that comes back is told, and erases them again.

The file holds digests and days, no name and no address. It is only added to: a copy of the database that knows less removes nothing.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from openkam.app.relationships.models import ErasedAddress, Erasure
from openkam.app.relationships.terms import ERASURES_FILE


def erasures_file() -> Path:
    """Where it lies."""
    return Path(settings.OPENKAM_HOME) / ERASURES_FILE


def keep_erasures(path: Path | None = None) -> int:
    """Add to the file what the database knows and the file does not; returns how many lines were added."""
    target = path or erasures_file()
    known = {_key(line) for line in read_erasures(target)}
    lines = [line for line in map(_line, Erasure.objects.order_by("pk").prefetch_related("addresses")) if _key(line) not in known]
    if lines:
        with target.open("a", encoding="utf-8") as out:
            out.writelines(json.dumps(line, sort_keys=True) + "\n" for line in lines)
            out.flush()
            os.fsync(out.fileno())
        target.chmod(0o600)
    return len(lines)


def read_erasures(path: Path) -> list[dict[str, Any]]:
    """The lines of a file; empty without one. Raises `ValueError` for a line that is none of ours."""
    if not path.is_file():
        return []
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        if not isinstance(line, dict) or not {"contact", "name", "addresses", "erased_at"} <= line.keys():
            raise ValueError(f"Line {number} of {path} is no erasure: take the file as OpenKAM wrote it.")
    return lines


def block_addresses(line: Mapping[str, Any]) -> None:
    """Have the addresses of a line known as erased, whether the person is found or not."""
    ErasedAddress.objects.bulk_create((ErasedAddress(digest=digest) for digest in line["addresses"]), ignore_conflicts=True)


def _line(made: Erasure) -> dict[str, Any]:
    return {
        "contact": made.contact_id,
        "name": made.name_digest,
        "addresses": sorted(one.digest for one in made.addresses.all()),
        "erased_at": made.erased_at.isoformat(),
    }


def _key(line: Mapping[str, Any]) -> tuple[int, str]:
    return line["contact"], line["name"]
