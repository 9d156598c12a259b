"""The embedded typeface."""

import base64
from pathlib import Path

import pytest

from openkam.analytics.report.font import FONT_FILE, font_data_uri
from openkam.analytics.terms import OpenKamError


def test_it_embeds_a_woff2() -> None:
    head, body = font_data_uri().split(",")
    assert head == "data:font/woff2;base64"
    assert base64.b64decode(body)[:4] == b"wOF2"


def test_the_first_place_wins(tmp_path: Path) -> None:
    (tmp_path / FONT_FILE).write_bytes(b"wOF2x")
    assert font_data_uri((tmp_path / "none", tmp_path)).endswith(base64.b64encode(b"wOF2x").decode())


def test_without_the_font_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(OpenKamError, match="make setup"):
        font_data_uri((tmp_path,))
