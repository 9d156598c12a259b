"""Hand out contacts as a file: every row that matches, with what the list says of each."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from openkam.app.accounts.operations.export import CONTENT_TYPES, ExportedFile, ExportFormat
from openkam.app.audit.operations import record_write
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Employment
from openkam.app.relationships.queries.contact_list import ContactLine, lines_of
from openkam.app.relationships.terms import PointKind
from openkam.app.ui.terms import csv_lines

HEADS = (
    "Name", "Post", "Function", "Level", "Site", "Account", "Roles", "E-mail", "Phone", "Since", "Until", "Last contact", "Known by",
)  # fmt: skip
ROWS_AT_ONCE = 2000


@transaction.atomic
def export_contacts(*, actor: User, posts: QuerySet[Employment]) -> ExportedFile:
    """Write all given posts (of `queries.visible_employments`) into a CSV file; that it was taken is recorded on the actor.

    A text that a spreadsheet could run as a formula is led by an apostrophe.
    """
    require(actor, Permission.EXPORT)
    keys = list(posts.values_list("pk", flat=True))
    content = "".join(csv_lines(HEADS, _rows(actor, keys))).encode()
    record_write(actor=actor, verb="exported contacts", record=actor, before={}, after={"rows": len(keys), "format": "csv"})
    return ExportedFile(f"contacts-{len(keys)}-rows.csv", CONTENT_TYPES[ExportFormat.CSV], content, len(keys))


def _rows(actor: User, keys: Sequence[int]) -> Iterator[Sequence[object]]:
    for start in range(0, len(keys), ROWS_AT_ONCE):
        yield from (_row(line) for line in lines_of(actor, keys[start : start + ROWS_AT_ONCE]))


def _row(line: ContactLine) -> Sequence[object]:
    post, person = line.post, line.post.contact
    points = list(person.points.all())
    last_at = line.touch.last_at
    last_on: date | None = timezone.localdate(last_at) if last_at else None
    return (
        person.name,
        post.job_title,
        post.get_function_display() if post.function else "",
        post.get_level_display() if post.level else "",
        post.site,
        post.account.name,
        ", ".join(str(role) for role in line.roles),
        *(", ".join(point.value for point in points if point.kind == kind) for kind in (PointKind.MAIL, PointKind.PHONE)),
        post.from_on,
        post.until_on,
        last_on,
        ", ".join(line.touch.held_by),
    )
