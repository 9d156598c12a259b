"""All pictures on one page: a row for each page, a column for each width and scheme."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 24px; background: #f6f6f2; color: #1a2124 }
h1 { font-size: 20px } h2 { font-size: 15px; margin: 32px 0 8px } h3 { font-size: 13px; margin: 16px 0 4px; font-weight: 500 }
.row { display: flex; gap: 12px; align-items: flex-start; overflow-x: auto }
a img { display: block; border: 1px solid #d3d2ca; border-radius: 6px; background: #fff; object-fit: cover; object-position: top }
.wide img { width: 420px; height: 300px } .narrow img { width: 140px; height: 300px } li { color: #ab2e27 }
"""


class Shot(NamedTuple):
    """One picture: who looks at which page, how wide, in which scheme, and its file beside the sheet."""

    role: str
    page: str
    width_px: int
    scheme: str
    file: str


def write_contact_sheet(path: Path, shots: Sequence[Shot], problems: Sequence[str]) -> None:
    """Write the page; pictures are linked, and loaded when they come into sight."""
    head = f"<!doctype html><html lang=en><meta charset=utf-8><title>Pictures</title><style>{STYLE}</style>"
    parts = [head, f"<h1>{len(shots)} pictures</h1>"]
    parts.append(
        "<ul>" + "".join(f"<li>{escape(problem)}" for problem in problems) + "</ul>" if problems else "<p>No problems.</p>"
    )
    for role in dict.fromkeys(shot.role for shot in shots):
        parts.append(f"<h2>{escape(role or 'nobody signed in')}</h2>")
        for page in dict.fromkeys(shot.page for shot in shots if shot.role == role):
            pictures = [shot for shot in shots if (shot.role, shot.page) == (role, page)]
            parts.append(f"<h3>{escape(page)}</h3><div class=row>{''.join(_picture(shot) for shot in pictures)}</div>")
    path.write_text("\n".join(parts), encoding="utf-8")


def _picture(shot: Shot) -> str:
    words = f"{shot.page}, {shot.width_px} px, {shot.scheme}"
    kind = "wide" if shot.width_px > 600 else "narrow"
    return f'<a class={kind} href="{escape(shot.file)}"><img loading=lazy src="{escape(shot.file)}" alt="{escape(words)}"></a>'
