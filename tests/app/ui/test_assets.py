"""The page's own files: none forgotten, none over-long, no inline style, and nothing that asks another host."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from openkam.app.ui.templatetags.assets import SCRIPTS, STYLES, VENDOR

STATIC = VENDOR.parents[1]
TEMPLATES = sorted(VENDOR.parents[3].glob("*/templates/**/*.html"))
OWN = sorted(path for path in (STATIC / "ui").rglob("*") if path.suffix in {".css", ".js"} and path.parent != VENDOR)
BEFORE_PAINT = "ui/js/theme.js"
WITH_THE_FRAME = (
    *STYLES,
    *SCRIPTS,
    BEFORE_PAINT,
    "ui/vendor/inter-latin.woff2",
    "ui/vendor/alpine.js",
    "django_htmx/htmx-2.min.js",
)
INLINE = re.compile(r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style|<script(?![^>]*\s(?:src=|type="application/json"))""")


def found(name: str) -> Path:
    path = finders.find(name)
    assert isinstance(path, str), f"{name} is not among the static files"
    return Path(path)


def test_no_file_of_ours_is_forgotten_and_every_named_one_is_there() -> None:
    own = {path.relative_to(STATIC).as_posix() for path in OWN}
    assert own == {name for name in (*STYLES, *SCRIPTS, BEFORE_PAINT) if "/vendor/" not in name}
    assert all(found(name).stat().st_size for name in WITH_THE_FRAME)


def test_the_frame_weighs_little() -> None:
    compressed = {name: len(gzip.compress(found(name).read_bytes(), 9)) for name in WITH_THE_FRAME}
    assert sum(compressed.values()) <= 260 * 1024, compressed


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_our_files_are_short_and_ask_nobody(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    assert re.findall(r"(?:https?:)?//[a-z]+\.[a-z.]+/", text.replace("http://www.w3.org/", "")) == []
    assert "innerHTML" not in text
    assert "eval(" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_template_of_any_room_has_inline_style_or_script(path: Path) -> None:
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []
