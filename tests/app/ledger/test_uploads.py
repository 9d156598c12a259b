"""What strangers, spreadsheets and attackers send."""

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from tests.factories.people import user
from tests.factories.site_imports import MESSY, SOUND, draft, file, send, source, work_off

from openkam.app.audit.models import Entry
from openkam.app.ledger.models import ImportDraft, Upload
from openkam.app.ledger.operations.drafts import begin_import, discard_import
from openkam.app.ledger.operations.uploads import clean_name, receive_upload, remove_expired_uploads, remove_upload
from openkam.app.ledger.queries.drafts import path_of
from openkam.app.ledger.terms import SWEEP_KIND, RefusedError
from openkam.app.people.models import User
from openkam.app.people.terms import Role
from openkam.app.runs.models import Run, Schedule
from openkam.app.runs.operations import fire_due_schedules
from openkam.app.runs.terms import RunStatus

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def stored(home: Path) -> list[Path]:
    return [path for path in (home / "files").rglob("*") if path.is_file()]


def received(actor: User, content: bytes, name: str = "sales.csv") -> Upload:
    begun = begin_import(actor=actor, source=source(), table="transactions")
    return receive_upload(actor=actor, draft=begun, name=name, chunks=[content[:10], content[10:]], size=len(content))


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/absolute/sales.csv", "sales.csv"),
        ("..", "file"),
        ("", "file"),
        (".csv", "csv"),
        ("a\x00b\nc\u202e.csv", "a_b_c_.csv"),
        ('<script>alert("x")</script>.csv', "script_.csv"),
        ("<img src=x>.csv", "_img src=x_.csv"),
        ("Umsätze März.csv", "Umsätze März.csv"),
        ("Umsa\u0308tze.csv", "Umsätze.csv"),
        ("ä" * 300 + ".csv", "ä" * 88 + ".csv"),
        ("x" * 300, "x" * 180),
        ("sales.csv.", "sales.csv"),
    ],
)
def test_names_are_cleaned(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


def test_a_file_is_kept_below_a_random_name_with_its_digest(analyst: User, home: Path) -> None:
    upload = received(analyst, MESSY, "../../Umsätze.csv")
    assert path_of(upload).read_bytes() == MESSY
    assert path_of(upload).is_relative_to(home / "files" / "uploads")
    assert (upload.name, upload.bytes, len(upload.sha256)) == ("Umsätze.csv", len(MESSY), 64)
    entry = Entry.objects.get(verb="sent file")
    assert entry.after["sha256"] == upload.sha256
    assert "François" not in str(list(Entry.objects.values("before", "after")))


def zip_of(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\n ", "empty"),
        (b"\x00\x01\x02\x03binary" * 50, "no text, workbook or Parquet file"),
        (b"PK\x03\x04not a zip", "damaged"),
        (b"PAR1 not parquet", "damaged"),
        (gzip.compress(SOUND.encode())[:-10], "damaged"),
        (zip_of(readme__md=b"hello"), "no file to import"),
        (zip_of(bomb__csv=b"0" * 70 * 1024**2), "1,000 times its size"),
        (gzip.compress(b"0" * 70 * 1024**2), "1,000 times its size"),
        (gzip.compress(b"\0" * 70 * 1024**2), "1,000 times its size"),
        ("a,b\nüü\n".encode() + b"\xff\xfe,\n", "not UTF-8"),
    ],
    ids=["empty", "blank", "binary", "zip", "parquet", "gzip", "no member", "zip bomb", "gzip bomb", "zero bomb", "mixed"],
)
def test_what_cannot_be_imported_is_refused_in_words_and_not_kept(analyst: User, home: Path, content: bytes, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        received(analyst, content)
    assert stored(home) == []
    assert not Upload.objects.exists()


def test_archives_and_workbook_formulas_are_looked_into(analyst: User) -> None:
    upload = received(analyst, zip_of(may__csv=SOUND.encode(), june__csv=SOUND.replace("A1", "B1").encode()), "q2.zip")
    assert [found["name"] for found in upload.detection] == ["q2.zip/june.csv", "q2.zip/may.csv"]


def test_the_limit_holds_while_bytes_stream(analyst: User, home: Path, settings: Settings) -> None:
    settings.OPENKAM_UPLOAD_LIMIT_BYTES = 30
    begun = begin_import(actor=analyst, source=source(), table="transactions")
    for size in (10**12, 5):  # what the browser says, and what it then sends
        with pytest.raises(RefusedError, match="larger than 0 MiB"):
            receive_upload(actor=analyst, draft=begun, name="big.csv", chunks=[b"x" * 20] * 3, size=size)
    assert stored(home) == []


def test_a_request_is_stopped_at_the_limit_and_the_page_says_so(
    signed_in: SignIn, analyst: User, home: Path, settings: Settings
) -> None:
    settings.OPENKAM_UPLOAD_LIMIT_BYTES = 1000
    client = signed_in(analyst)
    answer = send(client, [file(b"x" * 5000, "<b>big</b>.csv")], begun_from=source())
    assert answer.status_code == 422
    assert "larger than 0 MiB" in answer.text
    assert "<b>big" not in answer.text
    assert not ImportDraft.objects.exists()
    assert stored(home) == []


def test_large_files_stream_to_the_workspace_and_are_gone_with_the_request(
    signed_in: SignIn, analyst: User, home: Path, settings: Settings
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = send(signed_in(analyst), [file(SOUND)], begun_from=source())
    assert answer.status_code == 302
    assert len(stored(home)) == 1
    assert (home / "files" / "incoming").is_dir()


def test_others_may_not_fill_the_disk(signed_in: SignIn, settings: Settings) -> None:
    client = signed_in(user(Role.READ_ONLY))
    answer = client.post(reverse("ledger:import-start"), {"uploads": [file(b"x" * 6 * 1024**2)]})
    assert answer.status_code == 403


def test_a_full_disk_is_said_before_anything_is_written(analyst: User, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = begin_import(actor=analyst, source=source(), table="transactions")
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=10))
    with pytest.raises(RefusedError, match="free disk"):
        receive_upload(actor=analyst, draft=begun, name="a.csv", chunks=[b"a,b\n1,2\n"], size=1000)
    assert stored(home) == []


def test_the_same_content_twice_and_the_same_name_twice(analyst: User) -> None:
    made = draft(analyst, SOUND)
    with pytest.raises(RefusedError, match=r"same content as sales\.csv"):
        receive_upload(actor=analyst, draft=made, name="copy.csv", chunks=[SOUND.encode()], size=1)
    other = SOUND.replace("A1", "B1").encode()
    assert receive_upload(actor=analyst, draft=made, name="sales.csv", chunks=[other], size=1).name == "sales (2).csv"


def test_files_are_taken_out_and_drafts_discarded_with_their_files(analyst: User, home: Path) -> None:
    made = draft(analyst, SOUND)
    other = receive_upload(actor=analyst, draft=made, name="b.csv", chunks=[SOUND.replace("A1", "B1").encode()], size=1)
    remove_upload(actor=analyst, upload=other)
    assert [path.name for path in stored(home)] == ["sales.csv"]
    discard_import(actor=analyst, draft=made)
    assert stored(home) == []
    assert Entry.objects.get(verb="discarded import").before["files"] == ["sales.csv"]


def test_old_uploads_are_cleared_away(analyst: User, home: Path) -> None:
    made = draft(analyst, SOUND)
    orphan = home / "files" / "uploads" / ("0" * 32)
    orphan.mkdir()
    (orphan / "left.csv").write_text("x")
    assert remove_expired_uploads(now=timezone.now()) == 0
    assert len(stored(home)) == 2
    assert remove_expired_uploads(now=timezone.now() + timedelta(days=15)) == 1
    assert stored(home) == []
    assert not made.uploads.exists()


def test_who_may_only_read_sends_nothing(home: Path) -> None:
    begun = begin_import(actor=user(Role.ANALYST), source=source(), table="transactions")
    with pytest.raises(PermissionDenied):
        receive_upload(actor=user(Role.READ_ONLY), draft=begun, name="a.csv", chunks=[b"a"], size=1)
    assert stored(home) == []


def test_markup_in_names_and_headers_is_text(signed_in: SignIn, analyst: User) -> None:
    attack = "<script>alert(1)</script>"
    content = f'Invoice,"{attack}",Customer ID,Invoice Date,Net Sales,Currency\nA1,"{attack}",C,{attack},1,EUR\n'
    client = signed_in(analyst)
    answer = send(client, [file(content, "<svg onload=alert(1)>.csv")], begun_from=source(name="<b>shop</b>"))
    made = ImportDraft.objects.get()
    assert answer.status_code == 302
    for name in ("files", "detect", "map", "preview", "run"):
        shown = client.get(reverse(f"ledger:import-{name}", args=[made.pk])).text
        assert attack not in shown
        assert "<svg onload" not in shown
        assert "<b>shop" not in shown
    assert "&lt;script&gt;" in client.get(reverse("ledger:import-map", args=[made.pk])).text


@pytest.mark.django_db(transaction=True)
def test_clearing_away_is_scheduled_when_the_site_is_prepared() -> None:
    call_command("schedule_clearing")
    call_command("schedule_clearing")
    schedule = Schedule.objects.get()
    assert (schedule.kind, schedule.is_enabled) == (SWEEP_KIND, True)
    Schedule.objects.update(next_at=timezone.now())
    assert fire_due_schedules(timezone.now()) == 1
    work_off()
    assert Run.objects.get(kind=SWEEP_KIND).status == RunStatus.DONE
