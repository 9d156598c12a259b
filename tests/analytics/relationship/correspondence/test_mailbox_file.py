"""Mails out of a file, without holding it."""

import tracemalloc
from datetime import UTC, datetime

import pytest

from openkam.analytics.relationship.correspondence.items import Correspondence, LeftOut, LeftOutReason
from openkam.analytics.relationship.correspondence.mailbox_file import read_mailbox, refuse_packed
from openkam.analytics.terms import OpenKamError

NOW = datetime(2016, 6, 1, tzinfo=UTC)
HEADER = "Message-ID: <{0}@x>\nDate: Mon, 2 May 2016 11:30:00 +0200\nFrom: a@x.example\nTo: b@y.example\n"
FROM_LINE = "From a@x.example Mon May  2 11:30:00 2016\n"


def keys(path):
    return [found.item.key for found in read_mailbox(path, NOW)]


def test_an_mbox_in_its_order_whatever_the_texts_say(tmp_path):
    path = tmp_path / "all.mbox"
    bodies = ["Hello\n\nFrom Monday 2 May 2016\nwe deliver\n", "From: not@a.header\n\n>From a quote 2016\n", ""]
    path.write_text("\n".join(f"{FROM_LINE}{HEADER.format(n)}\n{body}" for n, body in enumerate(bodies)), "utf-8")
    assert keys(path) == ["0@x", "1@x", "2@x"]
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert keys(path) == ["0@x", "1@x", "2@x"]
    assert [found.place for found in read_mailbox(path, NOW)] == [1, 2, 3]


def test_one_mail_without_a_separator_and_files_that_are_none(tmp_path):
    path = tmp_path / "one.eml"
    path.write_text("﻿" + HEADER.format(7) + "\nText\n", "utf-8")
    assert keys(path) == ["7@x"]
    path.write_text("", "utf-8")
    assert keys(path) == []
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 100)
    assert [found.item for found in read_mailbox(path, NOW)] == [LeftOut(LeftOutReason.NO_HEADER)]


def test_a_large_attachment_passes_by(tmp_path):
    path = tmp_path / "large.mbox"
    with path.open("wb") as file:
        file.write((FROM_LINE + HEADER.format(1) + "\n").encode())
        file.write(b"A" * 5_000_000)  # one line, as a broken program writes it
        for _ in range(60_000):
            file.write(b"A" * 76 + b"\n")
        file.write(("\n" + FROM_LINE + HEADER.format(2) + "\n").encode())
    tracemalloc.start()
    found = [one.item for one in read_mailbox(path, NOW)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [one.key for one in found if isinstance(one, Correspondence)] == ["1@x", "2@x"]
    assert peak < 1_000_000


def test_a_packed_file_is_refused(tmp_path):
    path = tmp_path / "all.mbox"
    path.write_bytes(b"PK\x03\x04rest")
    with pytest.raises(OpenKamError, match="is packed: unpack it"):
        refuse_packed("all.mbox", path)
    path.write_bytes(b"!BDNrest")
    with pytest.raises(OpenKamError, match="Outlook's own kind"):
        refuse_packed("all.pst", path)
