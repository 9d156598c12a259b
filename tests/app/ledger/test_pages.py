"""Pages of batches, rejects and versions, the reading step, and a ledger that cannot be read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.site_imports import AMBIGUOUS, MESSY, SOUND, as_sent, draft, file, imported, send, source, work_off

from openkam.app.ledger.models import ImportDraft
from openkam.app.ledger.operations.imports import request_import
from openkam.app.ledger.operations.uploads import receive_upload
from openkam.app.ledger.queries.columns import detected_files
from openkam.app.people.models import User
from openkam.app.runs.terms import RunStatus

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)


def test_detection_can_be_overruled(signed_in: SignIn, analyst: User) -> None:
    made = draft(analyst, "# exported\n" + SOUND)
    client = signed_in(analyst)
    url = reverse("ledger:import-detect", args=[made.pk])
    sent = as_sent(client.get(url).context["form"])
    assert client.post(url, {**sent, "skip_lines": "1", "missing": "NULL, n/a", "again": "1"}).url == url
    found = detected_files(ImportDraft.objects.get())[0]
    assert [column["name"] for column in found["columns"]][:2] == ["Invoice", "Customer ID"]
    made.refresh_from_db()
    assert 'missing = ["NULL", "n/a"]' in made.mapping
    assert client.get(url).context["form"]["skip_lines"].value() == 1
    wrong = client.post(url, {**sent, "encoding": "utf-16", "skip_lines": "1"})
    assert (wrong.status_code, "utf-16" in wrong.text) == (422, True)


def test_a_file_is_taken_in_beside_one_that_is_refused(signed_in: SignIn, analyst: User) -> None:
    client = signed_in(analyst)
    answer = send(client, [file(SOUND, "good.csv"), file("", "empty.csv")], begun_from=source())
    made = ImportDraft.objects.get()
    assert "empty.csv: the file is empty" in client.get(answer.url).text
    assert [upload.name for upload in made.uploads.all()] == ["good.csv"]
    more = reverse("ledger:import-files", args=[made.pk])
    assert client.post(more, {"uploads": [file(SOUND, "again.csv")]}).status_code == 422
    assert client.post(more, {"uploads": [file(SOUND.replace("A1", "Z1"), "more.csv")]}).status_code == 302
    assert client.post(more, {}).status_code == 422
    client.post(reverse("ledger:import-remove-file", args=[made.pk, made.uploads.first().pk]))
    assert [upload.name for upload in made.uploads.all()] == ["more.csv"]
    assert client.post(reverse("ledger:import-discard", args=[made.pk])).url == reverse("ledger:sources")
    assert not ImportDraft.objects.exists()


def test_without_a_source_the_wizard_begins_with_one(signed_in: SignIn, analyst: User) -> None:
    assert signed_in(analyst).get(reverse("ledger:import-start")).url == reverse("ledger:source-create")


def test_files_that_were_cleared_away_are_asked_for_again(signed_in: SignIn, analyst: User, home: Path) -> None:
    made = draft(analyst)
    next((home / "files" / "uploads").rglob("*.csv")).unlink()
    client = signed_in(analyst)
    for name in ("import-detect", "import-preview", "import-run"):
        assert client.get(reverse(f"ledger:{name}", args=[made.pk])).url == reverse("ledger:import-files", args=[made.pk])
    answer = client.post(reverse("ledger:import-run", args=[made.pk]), {"act": "import"})
    assert (answer.status_code, "send them again" in answer.text) == (422, True)


def test_the_mapping_can_be_written_as_text(signed_in: SignIn, analyst: User) -> None:
    made = draft(analyst)
    client = signed_in(analyst)
    url = reverse("ledger:import-map-text", args=[made.pk])
    assert "transaction_key" in client.get(url).text
    wrong = client.post(url, {"text": 'table = "transactions"\n[colums]\n'})
    assert (wrong.status_code, "colums" in wrong.text) == (422, True)
    rule = made.mapping + '\n[line_types]\nfreight = \'col("Stock Code") == "P2"\'\n'
    assert client.post(url, {"text": rule}).url == reverse("ledger:import-preview", args=[made.pk])
    form = client.get(reverse("ledger:import-map", args=[made.pk])).context["form"]
    client.post(reverse("ledger:import-map", args=[made.pk]), as_sent(form))
    made.refresh_from_db()
    assert "freight" in made.mapping


def test_only_rows_held_back_and_their_neighbours(signed_in: SignIn, analyst: User) -> None:
    made = draft(analyst, SOUND + "".join(f"B{n},C,2025-01-01,P,1,1,EUR\n" for n in range(20)) + "C1,C,2025-01-01,P,x,1,EUR\n")
    client = signed_in(analyst)
    url = reverse("ledger:import-preview", args=[made.pk])
    assert len(client.get(url).context["previews"][0].rows) == 23
    assert [row.row_number for row in client.get(url, {"rows": "held"}).context["previews"][0].rows] == [23, 24]


def test_a_run_is_cancelled_and_the_draft_goes_on(signed_in: SignIn, analyst: User) -> None:
    made = draft(analyst)
    run = request_import(actor=analyst, draft=made, is_dry_run=False)
    client = signed_in(analyst)
    assert client.post(reverse("ledger:import-discard", args=[made.pk])).url == reverse("ledger:import-run", args=[made.pk])
    client.post(reverse("ledger:import-cancel", args=[made.pk]))
    run.refresh_from_db()
    assert run.status == RunStatus.CANCELLED
    shown = client.get(reverse("ledger:import-run", args=[made.pk]))
    assert "Cancelled: nothing was changed" in shown.text
    client.post(reverse("ledger:import-cancel", args=[made.pk]))


def test_what_the_run_refused_stands_on_the_page(signed_in: SignIn, analyst: User) -> None:
    made = draft(analyst, AMBIGUOUS)
    request_import(actor=analyst, draft=made, is_dry_run=True)
    work_off()
    shown = signed_in(analyst).get(reverse("ledger:import-run", args=[made.pk]))
    assert "day and month can be swapped" in shown.text


def test_files_of_several_kinds_make_one_batch(analyst: User) -> None:
    made = draft(analyst, SOUND)
    receive_upload(
        actor=analyst, draft=made, name="b.csv", chunks=[SOUND.replace("A1", "B1").replace("A2", "B2").encode()], size=1
    )
    request_import(actor=analyst, draft=made, is_dry_run=False)
    work_off()
    made.refresh_from_db()
    assert made.import_run.outcome["rows"]["accepted"] == 4
    assert [found["name"] for found in made.import_run.outcome["files"]] == ["sales.csv", "b.csv"]


def test_batches_are_filtered_and_opened(signed_in: SignIn, analyst: User) -> None:
    client = signed_in(analyst)
    assert "Nothing was imported yet" in client.get(reverse("ledger:batches")).text
    made = imported(analyst, MESSY)
    assert client.get(reverse("ledger:batches"), {"table": "transactions", "state": "live"}).context["count"] == 1
    for wanted in ({"table": "customers"}, {"state": "undone"}):
        assert client.get(reverse("ledger:batches"), wanted).context["count"] == 0
    assert client.get(reverse("ledger:batches"), {"source": "no such"}).context["count"] == 1
    shown = client.get(reverse("ledger:batch", args=[made.batch_id]))
    assert (shown.context["batch"].rows_read, "2 rows are held back" in shown.text.replace("</span>", "").split("<b")[-1]) == (
        3,
        False,
    )
    assert client.get(reverse("ledger:versions")).context["table"].rows[0].record.rows == 1


def test_the_rejects_desk_filters_by_what_is_wrong(signed_in: SignIn, analyst: User) -> None:
    client = signed_in(analyst)
    url = reverse("ledger:rejects")
    assert "No row is held back" in client.get(url).text
    made = imported(analyst, MESSY)
    imported(analyst, MESSY.replace(b"A2", b"B2"))
    shown = client.get(url)
    assert len(shown.context["rows"]) == 4
    assert dict(shown.context["shown_totals"][0][2])["missing"] == 2
    for wanted, rows in (
        ({"batch": made.batch_id}, 2),
        ({"column": "Quantity"}, 2),
        ({"reason": "missing", "file": "sales.csv"}, 2),
        ({"source": made.source.name}, 2),
        ({"table": "customers"}, 0),
        ({"page": "2"}, 0),
        ({"page": "nonsense"}, 4),
        ({"reason": "' OR 1=1 --"}, 0),
    ):
        assert len(client.get(url, wanted).context["rows"]) == rows, wanted


def test_a_ledger_that_cannot_be_read_is_told_on_every_page(signed_in: SignIn, analyst: User, home: Path) -> None:
    (home / "ledger").mkdir()
    (home / "ledger" / "holiday.jpg").write_text("no ledger")
    client = signed_in(analyst)
    for name in ("sources", "batches", "rejects", "versions", "verify"):
        shown = client.get(reverse(f"ledger:{name}"))
        assert (shown.status_code, "is not empty and not a ledger" in shown.text) == (200, True), name
