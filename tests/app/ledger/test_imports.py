"""Dry runs, imports and what follows: the ledger is the truth, and every write is in the audit."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories.site_imports import AMBIGUOUS, MESSY, SOUND, draft, imported, source, work_off

from openkam.app.audit.models import Entry
from openkam.app.ledger.models import ImportDraft, Source
from openkam.app.ledger.operations.drafts import discard_import
from openkam.app.ledger.operations.imports import reopen_import, request_import, undo_batch
from openkam.app.ledger.operations.mapping import save_mapping_text, suggest_mapping
from openkam.app.ledger.operations.mending import begin_mending, mend_rows
from openkam.app.ledger.operations.rejects import export_rejects
from openkam.app.ledger.operations.uploads import receive_upload
from openkam.app.ledger.queries.drafts import imported_before
from openkam.app.ledger.queries.facts import open_ledger
from openkam.app.ledger.queries.history import BatchSearch, batch, batches, brought_by, problems, versions
from openkam.app.ledger.queries.rejects import RejectSearch, rejected_rows, rows_to_mend
from openkam.app.ledger.terms import RefusedError
from openkam.app.people.models import User
from openkam.app.runs.models import Run
from openkam.app.runs.operations import start_again
from openkam.app.runs.terms import RunStatus

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)


def asked(actor: User, made: ImportDraft, **options: bool) -> Run:
    """The run that the worker has ended."""
    run = request_import(actor=actor, draft=made, **{"is_dry_run": False, **options})
    work_off()
    made.refresh_from_db()
    run.refresh_from_db()
    return run


def test_a_dry_run_changes_nothing_and_says_what_an_import_would_do(analyst: User) -> None:
    made = draft(analyst, MESSY)
    run = asked(analyst, made, is_dry_run=True)
    assert (run.status, run.outcome["rows"]) == (RunStatus.DONE, {"read": 3, "accepted": 1, "rejected": 2})
    assert (made.dry_run_id, made.batch_id, batches(analyst)) == (run.pk, "", ())
    run = asked(analyst, made)
    assert run.outcome["rows"] == {"read": 3, "accepted": 1, "rejected": 2}
    assert run.outcome["files"][0]["encoding"] == "cp1252"
    assert run.outcome["line_types"] == {"sale": 1}
    assert run.ledger_version == 1


def test_an_import_is_in_the_audit_with_its_counts_and_no_row(analyst: User) -> None:
    made = imported(analyst, MESSY)
    entry = Entry.objects.get(verb="imported facts")
    assert (entry.actor, entry.record_type, entry.record_key) == (analyst, "ledger.ledgerbatch", made.batch_id)
    assert entry.after["rows_rejected"] == 2
    assert "François" not in str(list(Entry.objects.values("before", "after")))


def test_a_changed_mapping_makes_the_dry_run_old(analyst: User) -> None:
    made = draft(analyst, MESSY)
    asked(analyst, made, is_dry_run=True)
    save_mapping_text(actor=analyst, draft=made, text=made.mapping + "\n# looked at\n")
    made.refresh_from_db()
    assert made.dry_run_id is None


def test_the_engine_refuses_in_its_own_words(analyst: User) -> None:
    made = draft(analyst, AMBIGUOUS)
    run = asked(analyst, made)
    assert run.status == RunStatus.FAILED
    assert "day and month can be swapped" in run.failure
    assert (made.batch_id, made.carried_out_since) == ("", None)


def test_the_same_file_twice_is_refused_until_it_is_to_be_counted_again(analyst: User) -> None:
    shop = source()
    first = imported(analyst, SOUND, source=shop)
    again = draft(analyst, SOUND, source=shop)
    assert imported_before(analyst, again) == (("sales.csv", first.batch_id),)
    assert f"in batch {first.batch_id}" in asked(analyst, again).failure
    assert asked(analyst, again, counts_again=True).status == RunStatus.DONE
    assert len(batches(analyst)) == 2
    assert imported_before(analyst, draft(analyst, SOUND, source=source())) == ()


def test_two_imports_at_once_both_come_in_and_one_draft_only_once(analyst: User) -> None:
    one, other = draft(analyst, SOUND), draft(analyst, SOUND)
    request_import(actor=analyst, draft=one, is_dry_run=False)
    request_import(actor=analyst, draft=other, is_dry_run=False)
    with pytest.raises(RefusedError, match="at work"):
        request_import(actor=analyst, draft=one, is_dry_run=False)
    with pytest.raises(RefusedError, match="at work"):
        discard_import(actor=analyst, draft=one)
    work_off()
    assert [line.ledger_version for line in batches(analyst)] == [2, 1]
    one.refresh_from_db()
    with pytest.raises(RefusedError, match="in the ledger already"):
        request_import(actor=analyst, draft=one, is_dry_run=False)


def test_a_run_that_is_started_again_elsewhere_is_the_drafts_run(analyst: User) -> None:
    made = draft(analyst, AMBIGUOUS)
    failed = asked(analyst, made)
    save_mapping_text(actor=analyst, draft=made, text=made.mapping + '\n[dates]\n"Invoice Date" = "%d/%m/%Y"\n')
    again = start_again(actor=analyst, run=failed)
    work_off()
    made.refresh_from_db()
    assert (made.import_run_id, bool(made.batch_id)) == (again.pk, True)
    third = start_again(actor=analyst, run=again)
    work_off()
    third.refresh_from_db()
    assert "in the ledger already" in third.failure


def test_rows_that_a_dying_worker_brought_in_are_not_imported_twice(analyst: User) -> None:
    made = imported(analyst, SOUND)
    at = batches(analyst)[0].imported_at
    # As the worker left it that committed to the ledger and was killed before it could say so.
    ImportDraft.objects.filter(pk=made.pk).update(batch_id="", import_run=None, carried_out_since=at)
    made.refresh_from_db()
    run = asked(analyst, made)
    assert run.outcome["rows"] == {"read": 2, "accepted": 2, "rejected": 0}
    assert "not imported twice" in run.outcome["notes"][0]
    assert (made.batch_id, len(batches(analyst))) == (batches(analyst)[0].batch_id, 1)
    assert Entry.objects.filter(verb="imported facts").count() == 2


def test_another_import_of_the_same_file_is_not_taken_for_ones_own(analyst: User) -> None:
    shop = source()
    imported(analyst, SOUND, source=shop)
    made = draft(analyst, SOUND, source=shop)
    ImportDraft.objects.filter(pk=made.pk).update(carried_out_since=timezone.now())
    assert "was imported before" in asked(analyst, made).failure


def test_a_batch_is_undone_with_its_reason_and_taken_up_again(analyst: User, signed_in: SignIn) -> None:
    made = imported(analyst, SOUND)
    with pytest.raises(RefusedError, match="undo the batch first"):
        reopen_import(actor=analyst, draft=made)
    client = signed_in(analyst)
    url = reverse("ledger:batch-undo", args=[made.batch_id])
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "wrong month"}).status_code == 302
    line = batch(analyst, made.batch_id)
    assert line is not None
    assert line.undone_in_version == 2
    entry = Entry.objects.get(verb="undid import")
    assert (entry.reason, entry.record_key, entry.after["undone_in_version"]) == ("wrong month", made.batch_id, 2)
    with pytest.raises(RefusedError, match="was undone in version 2"):
        undo_batch(actor=analyst, batch_id=made.batch_id, reason="again")
    assert Entry.objects.filter(verb="undid import").count() == 1
    assert "was undone in version 2" in client.post(url, {"reason": "again"}).text
    client.post(reverse("ledger:import-reopen", args=[made.pk]))
    made.refresh_from_db()
    assert asked(analyst, made).status == RunStatus.DONE
    assert len(batches(analyst, BatchSearch(state="live"))) == 1


def test_the_ledger_tells_its_own_history(analyst: User) -> None:
    made = imported(analyst, SOUND)
    imported(analyst, MESSY)
    undo_batch(actor=analyst, batch_id=made.batch_id, reason="x")
    assert [(v.ledger_version, v.kind, v.rows_change, v.rows) for v in versions(analyst)] == [
        (3, "Undo", -2, 1),
        (2, "Import", 1, 3),
        (1, "Import", 2, 2),
    ]
    assert [(name, tables[0].rows, tables[0].rejected) for name, tables in brought_by(analyst).items()] == [
        (ImportDraft.objects.first().source.name, 1, 2)
    ]
    assert problems(analyst) == ()
    next((open_ledger(analyst).path / "transactions").glob("*.parquet")).unlink()
    assert "is missing" in problems(analyst)[0].what


def test_held_back_rows_are_mended_on_the_page(analyst: User, signed_in: SignIn) -> None:
    made = imported(analyst, MESSY)
    client = signed_in(analyst)
    url = reverse("ledger:mend", args=[made.batch_id])
    rows = client.get(url).context["rows"]
    columns = list(rows[0].row)
    answer = client.post(url, {f"cell-0-{columns.index('Quantity')}": "3", "leave-1": "on"})
    mended = ImportDraft.objects.exclude(pk=made.pk).get()
    assert answer.url == reverse("ledger:import-preview", args=[mended.pk])
    shown = client.get(answer.url)
    assert shown.context["previews"][0].held_back == 0
    run = asked(analyst, mended)
    assert run.outcome["rows"] == {"read": 1, "accepted": 1, "rejected": 0}
    assert [line.source for line in batches(analyst)] == [made.source.name] * 2
    everything = {f"leave-{index}": "on" for index in range(len(rows))}
    assert client.post(url, everything).status_code == 422


def test_mended_rows_keep_the_dates_and_marks_of_the_whole_file(analyst: User) -> None:
    lines = "".join(f"A{n};C{n};{n:02}/05/2025;1;1.010,50;EUR\n" for n in range(1, 29))
    text = "Invoice;Customer ID;Invoice Date;Quantity;Net Sales;Currency\n" + lines + "B1;C1;03/04/2025;x;1.234;EUR\n"
    made = imported(analyst, text)
    mended = mend_rows(actor=analyst, batch_id=made.batch_id, cells={(0, 3): "1"}, left_out=())
    assert asked(analyst, mended).outcome["rows"]["accepted"] == 1
    assert '"Invoice Date" = "%d/%m/%Y"' in mended.mapping
    assert 'decimal = ","' in mended.mapping


def test_a_reject_file_is_mended_in_a_spreadsheet_and_sent_again(analyst: User, signed_in: SignIn) -> None:
    made = imported(analyst, MESSY)
    client = signed_in(analyst)
    answer = client.get(reverse("ledger:rejects-download"), {"batch": made.batch_id})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["_row"] for row in rows] == ["3", "4"]
    assert Entry.objects.get(verb="downloaded rejects").after == {"rows": 2}
    for row in rows:
        row |= {"Quantity": "1", "Customer ID": "C", "Invoice Date": "01.04.2025", "Net Sales": "1,50", "Currency": "EUR"}
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    client.post(reverse("ledger:import-mended", args=[made.batch_id]))
    again = ImportDraft.objects.exclude(pk=made.pk).get()
    receive_upload(actor=analyst, draft=again, name="mended.csv", chunks=[out.getvalue().encode()], size=1)
    suggest_mapping(actor=analyst, draft=again)
    assert asked(analyst, again).outcome["rows"]["accepted"] == 2


def test_a_batch_of_the_command_can_be_mended_too(analyst: User) -> None:
    made = imported(analyst, MESSY, source=source(name="legacy"))
    ImportDraft.objects.filter(pk=made.pk).update(batch_id="", source=source(name="other"))
    Source.objects.filter(name="legacy").delete()
    begun = begin_mending(actor=analyst, batch_id=made.batch_id)
    assert (begun.source.name, begun.table, begun.mapping) == ("legacy", "transactions", "")
    mended = mend_rows(actor=analyst, batch_id=made.batch_id, cells={}, left_out={1})
    assert 'customer_key = "Customer ID"' in mended.mapping


def test_lines_that_are_no_rows_get_the_columns_of_their_file_to_be_mended(analyst: User) -> None:
    made = imported(analyst, SOUND + "A3,C3\n" + "A4,C4,2025-01-01,P,x,1,EUR\n")
    rows = rows_to_mend(analyst, made.batch_id)
    assert [list(row.row) for row in rows] == [list(rows[1].row)] * 2
    assert rows[0].row["Currency"] is None


def test_formulas_stay_text_on_their_way_out_and_in(analyst: User) -> None:
    attack = "=HYPERLINK(http://x)"
    made = imported(analyst, SOUND + f"A3,{attack},2025-01-01,P,x,1,EUR\n")
    with export_rejects(actor=analyst, wanted=RejectSearch(batch_id=made.batch_id)) as opened:
        assert f"'{attack}".encode() in opened.read()
    mended = mend_rows(actor=analyst, batch_id=made.batch_id, cells={(0, 4): "1"}, left_out=())
    asked(analyst, mended)
    assert mended.batch_id
    assert rejected_rows(analyst, RejectSearch(batch_id=mended.batch_id), most=5) == ()


def test_nothing_to_write_is_said(analyst: User, signed_in: SignIn) -> None:
    with pytest.raises(RefusedError, match="nothing to write"):
        export_rejects(actor=analyst, wanted=RejectSearch())
    assert signed_in(analyst).get(reverse("ledger:rejects-download")).url == reverse("ledger:rejects")
