"""A people map on paper: SVG, PNG and PDF of the very drawing that the reader sees, made on this machine."""

import re
from html import escape

import vl_convert

from openkam.app.relationships.queries.map_drawing import LEAST_WIDTH, heading_of, map_drawing
from openkam.app.relationships.queries.map_people import PeopleMapPage

FONT = "Inter, Liberation Sans, Arial, Helvetica, sans-serif"
INK, QUIET, ACCENT, LINE = "#1a2124", "#626d73", "#0b6570", "#d3d2ca"
PAINT = {
    "pm-box": f'fill="#fff" stroke="{LINE}"',
    "pm-ours": 'fill="#e4f0f0"',
    "pm-face": f'fill="#f1f1ec" stroke="{LINE}"',
    "pm-our-face": f'fill="{ACCENT}"',
    "pm-initials": f'font-size="10.5" text-anchor="middle" fill="{QUIET}"',
    "pm-our-initials": 'font-size="10.5" font-weight="600" text-anchor="middle" fill="#fff"',
    "pm-name": f'font-size="12.5" font-weight="600" fill="{INK}"',
    "pm-title": f'font-size="11" fill="{QUIET}"',
    "pm-does": f'font-size="11" fill="{INK}"',
    "pm-asked": 'font-size="11" text-anchor="end" fill="#855000"',
    "pm-foot": f'stroke="{LINE}" fill="none"',
    "pm-foot-word": f'font-size="11" text-anchor="end" fill="{QUIET}"',
    "pm-head": f'fill="{ACCENT}"',
    "pm-reports": f'fill="none" stroke="{LINE}" stroke-width="1.5"',
    **{f"pm-sways pm-sways-{size}": f'fill="none" stroke="{ACCENT}" stroke-width="{size}"' for size in (1, 2, 3)},
    **{
        f"pm-tie pm-tie-{size}": f'fill="none" stroke="#4796a0" stroke-width="{0.6 + 0.4 * size:.1f}" stroke-dasharray="3 3"'
        for size in (1, 2, 3)
    },
    "pm-for": 'fill="#28694a"',
    "pm-neutral": 'fill="#868b8c"',
    "pm-against": 'fill="#ab2e27"',
    "pm-power": 'fill="#465157"',
    "pm-access": f'fill="{ACCENT}"',
    "pm-empty": f'fill="none" stroke="{LINE}"',
    "pm-old": 'fill-opacity="0.4" stroke-opacity="0.4"',
}
"""What each class of the drawing is in print: the colours of the light theme, since paper is light."""
_CLASS = re.compile(r'class="([^"]*)"')
_BOX = re.compile(r'viewBox="(\S+) (\S+) (\S+) (\S+)"')


def map_as_svg(page: PeopleMapPage) -> str:
    """The drawing with its colours, account, map and day above it; as wide and high as it is drawn (points)."""
    drawn = _CLASS.sub(_painted, map_drawing(page))
    left, top, width, height = _bounds(drawn)
    top, height = top - 24, height + 24
    head = (
        f'width="{width:.0f}" height="{height:.0f}" viewBox="{left:.0f} {top:.0f} {width:.0f} {height:.0f}" font-family="{FONT}"'
    )
    sheet = f'<rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{height:.0f}" fill="#fff"/>'
    title = f'<text x="{left + 28:.0f}" y="{top + 30:.0f}" font-size="14" font-weight="600" fill="{INK}">{escape(heading_of(page))}</text>'
    begin, rest = _BOX.sub(head, drawn, count=1).split(">", 1)
    return f"{begin}>{sheet}{title}{rest}"


def map_as_png(page: PeopleMapPage) -> bytes:
    """The same as a picture, at twice its size as far as it stays below 8,000 points across."""
    svg = map_as_svg(page)
    width = max(_bounds(svg)[2], LEAST_WIDTH)
    return vl_convert.svg_to_png(svg, scale=min(2.0, 8000 / width))


def map_as_pdf(page: PeopleMapPage) -> bytes:
    """The same on one page whose text is text."""
    return vl_convert.svg_to_pdf(map_as_svg(page))


def _bounds(drawn: str) -> tuple[float, float, float, float]:
    """Left, top, width and height, as the drawing says them."""
    left, top, width, height = (float(number) for number in _BOX.findall(drawn)[0])
    return left, top, width, height


def _painted(found: re.Match[str]) -> str:
    classes = found[1].split()
    if classes and classes[0] == "pm-card":
        return 'opacity="0.6"' if "pm-faded" in classes else ""
    if found[1] in PAINT:
        return PAINT[found[1]]
    return " ".join(PAINT[name] for name in classes if name in PAINT)
