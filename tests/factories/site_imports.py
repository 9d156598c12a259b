"""Imports through the site: sources, messy files, drafts at any step, and a worker that finishes them."""

from itertools import count
from threading import Event

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from openkam.app.ledger.models import ImportDraft, Source
from openkam.app.ledger.operations.drafts import begin_import
from openkam.app.ledger.operations.imports import request_import
from openkam.app.ledger.operations.mapping import suggest_mapping
from openkam.app.ledger.operations.uploads import receive_upload
from openkam.app.people.models import User
from openkam.app.runs.jobs import run_worker

_numbers = count(1)

SOUND = (
    "Invoice,Customer ID,Invoice Date,Stock Code,Quantity,Net Sales,Currency\n"
    "A1,C1,2025-03-31,P1,2,10.50,EUR\n"
    "A2,C2,2025-04-01,P2,1,99.00,EUR\n"
)
"""Two sales whose columns are all known by name."""

MESSY = (
    "Invoice;Customer ID;Invoice Date;Stock Code;Quantity;Net Sales;Currency\n"
    "A1;François;31.03.2025;P1;2;1.010,50;EUR\n"
    "A2;Müller;01.04.2025;P2;x;99,00;EUR\n"
    "A3;;32.04.2025;P2;1;abc;EURO\n"
).encode("cp1252")
"""A Windows file with semicolons and decimal commas; the second and third row are wrong."""

AMBIGUOUS = (
    "Invoice,Customer ID,Invoice Date,Quantity,Net Sales,Currency\nA1,C1,03/04/2025,2,10.50,EUR\nA2,C2,05/04/2025,1,99.00,EUR\n"
)
"""Dates that can be read both ways."""


def source(name: str = "", **values: str) -> Source:
    """A saved source."""
    return Source.objects.create(name=name or f"shop-{next(_numbers)}", **values)


def file(content: str | bytes, name: str = "sales.csv") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content, "text/csv")


def draft(
    actor: User, content: str | bytes = SOUND, *, name: str = "sales.csv", table: str = "transactions", **options: object
) -> ImportDraft:
    """A draft with one file and the suggested mapping."""
    begun = begin_import(actor=actor, source=options.get("source") or source(), table=table)
    data = content.encode() if isinstance(content, str) else content
    receive_upload(actor=actor, draft=begun, name=name, chunks=[data], size=len(data))
    suggest_mapping(actor=actor, draft=begun)
    return ImportDraft.objects.get(pk=begun.pk)


def work_off() -> None:
    """One worker takes whatever is ready."""
    run_worker(Event(), until_idle=True)


def imported(actor: User, content: str | bytes = SOUND, **options: object) -> ImportDraft:
    """A draft whose rows are in the ledger."""
    made = draft(actor, content, **options)
    request_import(actor=actor, draft=made, is_dry_run=False)
    work_off()
    made.refresh_from_db()
    assert made.batch_id, made.import_run and made.import_run.failure
    return made


def send(client: Client, files: list[SimpleUploadedFile], *, begun_from: Source, table: str = "transactions"):
    """The wizard's first step, as a browser sends it."""
    return client.post(reverse("ledger:import-start"), {"source": begun_from.pk, "table": table, "uploads": files})


def as_sent(form: object) -> dict[str, str]:
    """What a browser sends of a form that nobody touched."""
    sent: dict[str, str] = {}
    for field in form:
        value = field.value()
        if value is True:
            sent[field.html_name] = "on"
        elif value not in (None, False):
            sent[field.html_name] = str(value)
    return sent
