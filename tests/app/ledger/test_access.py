"""Nobody but who may import facts opens a page of the room or writes anything in it."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import URLPattern, reverse
from tests.factories.people import user
from tests.factories.site_imports import MESSY, draft, imported, source

from openkam.app.ledger.models import ImportDraft, MappingTemplate, Source
from openkam.app.ledger.operations import drafts, imports, mapping, mending, rejects, sources, uploads
from openkam.app.ledger.queries import history
from openkam.app.ledger.queries import rejects as rejected
from openkam.app.ledger.queries.preview import preview
from openkam.app.ledger.queries.rejects import RejectSearch
from openkam.app.ledger.urls import urlpatterns
from openkam.app.people.models import User
from openkam.app.people.terms import Role

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)
OUTSIDERS = [Role.MANAGER, Role.TEAM_MEMBER, Role.READ_ONLY]


@pytest.fixture
def made(analyst: User) -> ImportDraft:
    """An import with rows held back, whose secrets must not leak, and a template."""
    user(Role.ADMINISTRATOR)  # without one every visitor is led to the first run's page
    done = imported(analyst, MESSY, name="secret.csv")
    MappingTemplate.objects.create(name="kept", source=done.source, table="transactions", mapping=done.mapping)
    return done


def address(pattern: URLPattern, made: ImportDraft) -> str:
    """The pattern's address for the records there are."""
    upload = made.uploads.get()
    pk = made.pk
    if "source-" in pattern.name:
        pk = made.source_id
    elif "template-" in pattern.name:
        pk = MappingTemplate.objects.get().pk
    known = {"pk": pk, "upload_pk": upload.pk, "batch_id": made.batch_id}
    return reverse(f"ledger:{pattern.name}", kwargs={name: known[name] for name in pattern.pattern.converters})


def test_every_address_is_closed_to_others(signed_in: SignIn, made: ImportDraft) -> None:
    visitor = Client()
    clients = [signed_in(user(role)) for role in OUTSIDERS]
    for url in [address(pattern, made) for pattern in urlpatterns]:
        for answer in (visitor.get(url), visitor.post(url)):
            assert answer.status_code == 302, url
            assert "/sign-in/" in answer.url
        for client in clients:
            for answer in (client.get(url), client.post(url)):
                assert answer.status_code in (403, 405), url
                assert "secret.csv" not in answer.text
                assert "François" not in answer.text
    assert made.uploads.exists()
    assert history.batches(made.begun_by)[0].is_live


def test_every_address_answers_who_may(signed_in: SignIn, made: ImportDraft) -> None:
    client = signed_in(user(Role.HEAD))
    for pattern in urlpatterns:
        answer = client.get(address(pattern, made))
        assert answer.status_code in (200, 204, 302, 404, 405), pattern.name
        answer.close()


def test_no_address_writes_without_the_token(made: ImportDraft) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(made.begun_by)
    for pattern in urlpatterns:
        assert client.post(address(pattern, made), {"reason": "because"}).status_code in (403, 405), pattern.name
    assert history.batches(made.begun_by)[0].is_live


def test_numbers_that_are_nobodys_are_not_found(signed_in: SignIn, analyst: User) -> None:
    client = signed_in(analyst)
    for pattern in urlpatterns:
        if pattern.pattern.converters:
            known = {"pk": 999, "upload_pk": 999, "batch_id": "none"}
            url = reverse(f"ledger:{pattern.name}", kwargs={name: known[name] for name in pattern.pattern.converters})
            answers = {client.get(url).status_code, client.post(url).status_code}
            assert answers <= {404, 405}, (pattern.name, answers)


WRITES: list[tuple[str, Callable[[User, ImportDraft], object]]] = [
    ("create source", lambda actor, made: sources.create_source(actor=actor, values=sources.SourceValues("x"))),
    (
        "change source",
        lambda actor, made: sources.change_source(actor=actor, source=made.source, values=sources.SourceValues("x")),
    ),
    ("remove source", lambda actor, made: sources.remove_source(actor=actor, source=made.source)),
    ("save template", lambda actor, made: sources.save_template(actor=actor, source=made.source, name="x", mapping=made.mapping)),
    ("keep mapping", lambda actor, made: sources.keep_mapping_of(actor=actor, draft=made, name="x")),
    ("remove template", lambda actor, made: sources.remove_template(actor=actor, template=MappingTemplate.objects.get())),
    ("begin", lambda actor, made: drafts.begin_import(actor=actor, source=made.source, table="customers")),
    ("discard", lambda actor, made: drafts.discard_import(actor=actor, draft=made)),
    ("remove file", lambda actor, made: uploads.remove_upload(actor=actor, upload=made.uploads.get())),
    ("detect", lambda actor, made: uploads.detect_again(actor=actor, draft=made)),
    ("format", lambda actor, made: mapping.set_format(actor=actor, draft=made, choice=mapping.FormatChoice())),
    ("suggest", lambda actor, made: mapping.suggest_mapping(actor=actor, draft=made)),
    ("mapping", lambda actor, made: mapping.save_mapping(actor=actor, draft=made, choice=mapping.MappingChoice({}, {}, {}, {}))),
    ("text", lambda actor, made: mapping.save_mapping_text(actor=actor, draft=made, text=made.mapping)),
    ("template", lambda actor, made: mapping.use_template(actor=actor, draft=made, template=MappingTemplate.objects.get())),
    ("request", lambda actor, made: imports.request_import(actor=actor, draft=made, is_dry_run=True)),
    ("carry out", lambda actor, made: imports.carry_out(actor=actor, draft_id=made.pk, run_id=1, is_dry_run=True, tell=print)),
    ("undo", lambda actor, made: imports.undo_batch(actor=actor, batch_id=made.batch_id, reason="x")),
    ("reopen", lambda actor, made: imports.reopen_import(actor=actor, draft=made)),
    ("export", lambda actor, made: rejects.export_rejects(actor=actor, wanted=RejectSearch())),
    ("begin mending", lambda actor, made: mending.begin_mending(actor=actor, batch_id=made.batch_id)),
    ("mend", lambda actor, made: mending.mend_rows(actor=actor, batch_id=made.batch_id, cells={}, left_out=())),
    ("read batches", lambda actor, made: history.batches(actor)),
    ("read versions", lambda actor, made: history.versions(actor)),
    ("read rejects", lambda actor, made: rejected.rejected_rows(actor, RejectSearch(), most=1)),
    ("preview", preview),
]


def test_every_operation_and_read_asks_for_the_permission(made: ImportDraft) -> None:
    reader = user(Role.READ_ONLY)
    before = (Source.objects.count(), ImportDraft.objects.count(), MappingTemplate.objects.count())
    for name, act in WRITES:
        with pytest.raises(PermissionDenied):
            act(reader, made)
        assert made.uploads.exists(), name
    assert (Source.objects.count(), ImportDraft.objects.count(), MappingTemplate.objects.count()) == before
    assert history.batches(made.begun_by)[0].is_live


def test_a_person_who_may_no_longer_sign_in_may_do_nothing(analyst: User) -> None:
    made = draft(analyst)
    analyst.is_active = False
    with pytest.raises(PermissionDenied):
        imports.request_import(actor=analyst, draft=made, is_dry_run=True)


def test_an_upload_of_another_import_is_not_found(signed_in: SignIn, analyst: User) -> None:
    one, other = draft(analyst, source=source()), draft(analyst, source=source())
    url = reverse("ledger:import-remove-file", args=[one.pk, other.uploads.get().pk])
    assert signed_in(analyst).post(url).status_code == 404
    assert other.uploads.exists()
