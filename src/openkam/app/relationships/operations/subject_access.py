"""Handing out what is held of a person: one ZIP to read, to open in a spreadsheet, and for a program."""

import io
import json
import zipfile
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from openkam.app.audit.operations import record_write
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.relationships.models import Contact
from openkam.app.relationships.queries.person_traces import hidden_in_words, known_person
from openkam.app.relationships.queries.subject_access import HeldOfPerson, held_of
from openkam.app.ui.terms import csv_lines

PAGE = "relationships/held.html"


@dataclass(frozen=True, slots=True)
class SubjectAccess:
    """The file, and what is in it."""

    name: str
    content: bytes
    held: HeldOfPerson


@transaction.atomic
def export_held(*, actor: User, contact: Contact) -> SubjectAccess:
    """Everything that is held of a person, for the person: a page, a table of each kind, and JSON. That it was taken is recorded.

    Raises `PermissionDenied`, and `ValidationError` where an account that the actor does not see holds something: half of it is no answer.
    """
    require(actor, Permission.ANSWER_RIGHTS)
    person = known_person(contact)
    if refusal := hidden_in_words(actor, person):
        raise ValidationError(refusal)
    held = held_of(person)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        shown = {"contact": contact, "held": held, "now": timezone.now()}
        archive.writestr("what-is-held.html", render_to_string(PAGE, shown))
        document = {
            "private_entries_about_others_left_out": held.private_left_out,
            "sections": {
                section.name: [dict(zip(section.columns, row, strict=True)) for row in section.rows] for section in held.sections
            },
        }
        archive.writestr("what-is-held.json", json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        for section in held.sections:
            archive.writestr(f"{section.name}.csv", "".join(csv_lines(section.columns, section.rows)))
    told: dict[str, object] = {"rows": sum(held.counts.values()), "private_left_out": held.private_left_out}
    record_write(actor=actor, verb="handed out what is held", record=contact, before={}, after=told)
    return SubjectAccess(f"what-is-held-{contact.pk}.zip", content.getvalue(), held)
