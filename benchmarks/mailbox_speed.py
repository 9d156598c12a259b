"""How long a large mailbox takes to come to the timelines, as a file and over IMAP, and what memory it takes."""

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.pages_speed import database
from tests.factories.mail_server import MailServer, mail_server

FILE_MAILS, SERVER_MAILS, QUICK_MAILS = 20_000, 5_000, 300
CONTACTS = 400
TEXT_BYTES = 6_000
LEAST_RATIO = 0.2
MOST_MEMORY_MIB = 400.0
MOST_GROWTH = 2.0
"""What a file of four times as many mails may add to the memory: it would be 4 if it grew with them."""
TWIN = "Twin"


def run(quick: bool) -> dict[str, Any]:
    """A mailbox file, another of a quarter of its mails, and a folder of a mail server."""
    in_file, on_server = (QUICK_MAILS, QUICK_MAILS) if quick else (FILE_MAILS, SERVER_MAILS)
    rows: list[dict[str, Any]] = []
    with (
        tempfile.TemporaryDirectory(prefix="openkam-mailbox-") as folder,
        database(Path(folder)) as url,
        mail_server() as server,
    ):
        files = [write_mailbox(Path(folder), count) for count in (QUICK_MAILS // 2, in_file // 4, in_file)]
        deliver(server, on_server)
        environment = os.environ | {
            "DATABASE_URL": url,
            "OPENKAM_LOG_LEVEL": "WARNING",
            "OPENKAM_MAILBOX_ANY_HOST": "true",
            "SSL_CERT_FILE": str(server.certificate),
        }
        home = Path(folder) / "home"
        home.mkdir()
        # Each in a process of its own, for its memory. The first one fills the workspace as well and is not recorded.
        for what in (*map(str, files), f"imap:{server.port}"):
            command = [sys.executable, "-m", "benchmarks.mailbox_workspace", str(home), str(CONTACTS), what]
            told = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
            rows.append(json.loads(told.splitlines()[-1]))
    quarter, whole, _ = rows = rows[1:]
    grown = round(whole["added MiB"] / quarter["added MiB"], 2)
    return {
        "title": f"Mailboxes: a file of {in_file:,} mails, and {on_server:,} mails of a mail server",
        "method": (
            f"Mails with texts of {TEXT_BYTES:,} bytes between one of ours and {CONTACTS:,} contacts of each of ten accounts, on "
            "PostgreSQL. Beside each import stands what it cannot be faster than, in the same process: Python's own `mailbox` and "
            "`email` going through the headers of the same file, and `imaplib` with `email` fetching the same headers over the same "
            "line, from a folder that like the other was never read before. The mails of the server come in slices that are written whole. "
            "Memory is the peak of the process, with Django and the engine in it, and beside it what the import added to what was "
            "there before."
        ),
        "rows": rows,
        "targets": [
            *(_target(row, "headers alone ÷ import", row["ratio"], LEAST_RATIO, at_most=False) for row in rows[1:]),
            *(_target(row, "peak memory, MiB", row["peak MiB"], MOST_MEMORY_MIB, at_most=True) for row in rows[1:]),
            _target(whole, "memory added ÷ that of a quarter of the mails", grown, MOST_GROWTH, at_most=True),
        ],
    }


def _target(row: dict[str, Any], what: str, measured: float, limit: float, *, at_most: bool) -> dict[str, Any]:
    return {"what": f"{row['what']}: {what}", "measured": measured, "limit": limit, "at_most": at_most}


def write_mailbox(folder: Path, count: int) -> Path:
    """A mailbox file of so many mails."""
    path = folder / f"mails-{count}.mbox"
    with path.open("w", encoding="ascii") as file:
        for mail in mails(count, path.stem):
            file.write(f"From x@mail.example Mon May  2 11:30:00 2016\n{mail}\n")
    return path


def deliver(server: MailServer, count: int) -> None:
    """The same mails, in the inbox and once more in another folder."""
    with server.session() as session:
        session.create(TWIN)
    for folder in ("INBOX", TWIN):
        server.deliver(*mails(count, "server"), folder=folder)


def mails(count: int, source: str) -> list[str]:
    """Mails of the last year, every other one ours, each twentieth from somebody who is not known."""
    draw, now = Random(5), datetime.now(UTC)
    text = "\n".join(["The text of a mail that nobody may keep."] * (TEXT_BYTES // 41))
    made: list[str] = []
    for number in range(count):
        theirs = f"buyer{draw.randrange(CONTACTS)}@firm{number % 10}.example" if number % 20 else f"new{number}@firm0.example"
        ends = ("manager@ours.example", theirs) if number % 2 else (theirs, "manager@ours.example")
        at = format_datetime(now - timedelta(minutes=draw.uniform(1, 500_000)))
        head = f"Message-ID: <{number}@{source}.example>\nDate: {at}\nFrom: {ends[0]}\nTo: {ends[1]}\nSubject: Prices {number}\n"
        made.append(f"{head}MIME-Version: 1.0\nContent-Type: text/plain\n\n{text}\n")
    return made
