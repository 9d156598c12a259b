"""A page that would fetch anything from elsewhere is seen; a link that a reader clicks is not counted."""

from pathlib import Path

import pytest
from scripts.check_offline import outside_fetches


@pytest.mark.parametrize(
    "page",
    [
        '<script src="https://elsewhere.example/a.js"></script>',
        '<link rel="stylesheet" href="//elsewhere.example/a.css">',
        '<img src="http://elsewhere.example/a.png">',
        '<iframe src="https://elsewhere.example/"></iframe>',
    ],
)
def test_a_fetch_from_elsewhere_is_seen(tmp_path: Path, page: str):
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert len(outside_fetches(tmp_path)) == 1


def test_a_style_sheet_that_fetches_is_seen(tmp_path: Path):
    (tmp_path / "a.css").write_text("body { background: url(https://elsewhere.example/a.png) }", encoding="utf-8")
    assert len(outside_fetches(tmp_path)) == 1


def test_links_and_own_files_are_fine(tmp_path: Path):
    page = '<a href="https://elsewhere.example/">x</a><script src="a.js"></script><link rel="canonical" href="https://here.example/">'
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert outside_fetches(tmp_path) == []
