"""A people map as SVG: classes only, so that themes switch and the policy holds; on paper the same drawing with colours of its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple
from unicodedata import combining, east_asian_width

from django.utils.safestring import SafeString, mark_safe

from openkam.analytics.relationship.people_layout import CARD_HEIGHT, CARD_WIDTH
from openkam.app.people.terms import Role
from openkam.app.relationships.queries.map_people import OUR_HEIGHT, OUR_WIDTH, MapPerson, Mark, OurPerson, PeopleMapPage
from openkam.app.relationships.terms import Strength
from openkam.app.ui.templatetags.figures import day_text

MARGIN = 28
LEAST_WIDTH, LEAST_HEIGHT = 900, 460
"""Points of the smallest drawing: two cards are not blown up to fill a page."""
FRAME_WIDTH, FRAME_HEIGHT = 900, 600
"""Pixels that a page of the usual width gives to a map; the script looks at the real one."""
LEGIBLE = 0.45
"""Scale below which a card shows initials alone: words of so few pixels run into each other, and nobody could read them."""
NARROW, WIDE = frozenset("iljtfrI.,:;'|!()[] "), frozenset("mwMWOQGDHNUAÖÄÜ@%&")
MARKER = (
    '<marker id="pm-head-1" markerUnits="userSpaceOnUse" markerWidth="12" markerHeight="12" refX="9" refY="5" orient="auto">'
    '<path class="pm-head" d="M0 0.5L10 5L0 9.5Z"/></marker>'
)
STANCES = {
    -2: ("pm-against", "M0 0H8L4 8ZM0 -5H8L4 3Z"),
    -1: ("pm-against", "M0 0H8L4 8Z"),
    0: ("pm-neutral", "M4 0A4 4 0 1 1 4 8A4 4 0 1 1 4 0Z"),
    1: ("pm-for", "M0 8L4 0L8 8Z"),
    2: ("pm-for", "M0 8L4 0L8 8ZM0 3L4 -5L8 3Z"),
}
"""By the grade of a stance: its class and its sign, doubled at either end."""
SQUARES = tuple(f"M{place * 8.5 + 1:g} 0h4.5l1 1v4.5l-1 1h-4.5l-1-1v-4.5z" for place in range(4))
STEPS = tuple(f"M{place * 7} {6 - place * 3}h5v{3 + place * 3}h-5z" for place in range(3))


@dataclass(frozen=True, slots=True)
class Box:
    """The rectangle of a card."""

    x: float
    y: float
    width: float
    height: float


def map_drawing(page: PeopleMapPage, *, address: str = "", selected: str = "") -> SafeString:
    """The map as one `<svg>`. Cards are links to `address` and their key, or no links where there is no address.

    On a page whose map is drawn so small that cards show initials alone, what nobody sees yet follows in a `<template>`, from which the
    script puts it into the cards at the first step nearer: a browser would have to style a thousand words before it painted anything.
    """
    boxes = {one.key: Box(one.x, one.y, CARD_WIDTH, CARD_HEIGHT) for one in page.theirs}
    boxes |= {one.key: Box(one.x, one.y, OUR_WIDTH, OUR_HEIGHT) for one in page.ours}
    left, top, width, height = bounds(list(boxes.values()))
    is_far = min(FRAME_WIDTH / width, FRAME_HEIGHT / height) < LEGIBLE
    classes = "pm pm-far" if is_far else "pm"
    head = (
        f'<svg class="{classes}" id="people-map" viewBox="{left:.0f} {top:.0f} {width:.0f} {height:.0f}" role="group" '
        f'aria-label="People map of {escape(page.view.account.name)}" xmlns="http://www.w3.org/2000/svg">'
    )
    parts = [
        head,
        f"<defs>{MARKER}</defs>",
        '<g class="pm-lines" aria-hidden="true">',
        *_lines(page, boxes),
        "</g>",
    ]
    if page.ours:
        first = min(one.y for one in page.ours)
        parts.append(
            f'<path class="pm-foot" d="M{left + MARGIN:.0f} {first - 20:.1f}H{left + width - MARGIN:.0f}"/>'
            f'<text class="pm-foot-word" x="{left + width - MARGIN:.0f}" y="{first - 27:.1f}">our team</text>'
        )
    cards = [_card(person, selected) for person in page.theirs] + [_our_card(one, selected) for one in page.ours]
    waits = is_far and bool(address)
    parts += [_linked(card, address, "" if waits else card.near) for card in cards]
    parts.append("</svg>")
    if waits:
        near = "".join([f'<g data-near="{card.key}">{card.near}</g>' for card in cards])
        parts.append(f"<template data-map-near><svg>{near}</svg></template>")
    return mark_safe("".join(parts))  # noqa: S308 - every word of a user is escaped where it is put in


def bounds(boxes: Sequence[Box]) -> tuple[float, float, float, float]:
    """Left, top, width and height of a drawing around all cards, never smaller than the smallest."""
    left = min((box.x for box in boxes), default=0.0) - MARGIN
    top = min((box.y for box in boxes), default=0.0) - MARGIN
    width = max((box.x + box.width for box in boxes), default=0.0) + MARGIN - left
    height = max((box.y + box.height for box in boxes), default=0.0) + MARGIN - top
    wider, higher = max(0.0, LEAST_WIDTH - width), max(0.0, LEAST_HEIGHT - height)
    return left - wider / 2, top - higher / 2, width + wider, height + higher


def elbow(superior: Box, report: Box, *, from_side: bool = False, via: tuple[float, float] | None = None) -> str:
    """A reporting line: down from the superior, across, and down to the card, or into its side where other cards lie above it.

    `via` is where it turns on its way round earlier rows.
    """
    x, y = superior.x + superior.width / 2, superior.y + superior.height
    start = f"M{x:.1f} {y:.1f}"
    if via is not None:
        start += f"V{y + 16:.1f}H{via[0]:.1f}V{via[1]:.1f}"
    if from_side:
        down = "" if via is not None else f"V{y + 32:.1f}"
        return f"{start}{down}H{report.x - 14:.1f}V{report.y + report.height / 2:.1f}H{report.x:.1f}"
    if via is not None:
        return f"{start}H{report.x + report.width / 2:.1f}V{report.y:.1f}"
    across = (y + report.y) / 2 if report.y > y else y + 16
    return f"{start}V{across:.1f}H{report.x + report.width / 2:.1f}V{report.y:.1f}"


def influence_path(one: Box, other: Box) -> str:
    """A curve from the side of a card that faces the other to the side of the other that faces it."""
    x1, y1 = one.x + one.width / 2, one.y + one.height / 2
    x2, y2 = other.x + other.width / 2, other.y + other.height / 2
    if abs(x2 - x1) >= one.width:
        way = 1 if x2 > x1 else -1
        x1, x2 = x1 + way * one.width / 2, x2 - way * (other.width / 2 + 3)
        middle = (x1 + x2) / 2
        return f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    way = 1 if y2 > y1 else -1
    y1, y2 = y1 + way * one.height / 2, y2 - way * (other.height / 2 + 3)
    x1, x2 = x1 + one.width / 4, x2 + other.width / 4
    return f"M{x1:.1f} {y1:.1f}C{x1 + 24:.1f} {y1 + way * 24:.1f} {x2 + 24:.1f} {y2 - way * 24:.1f} {x2:.1f} {y2:.1f}"


def tie_path(theirs: Box, ours: Box) -> str:
    """A dashed curve from below a card of theirs to above one of ours."""
    x1, y1, x2, y2 = theirs.x + theirs.width / 2, theirs.y + theirs.height, ours.x + ours.width / 2, ours.y
    dx, dy = x2 - x1, y2 - y1
    return f"M{_short(x1)} {_short(y1)}c0 40 {_short(dx)} {_short(dy - 60)} {_short(dx)} {_short(dy)}"


def _short(points: float) -> str:
    """Tenths of a point, and none where it is whole: a large map has thousands of these."""
    return f"{points:.1f}".removesuffix(".0")


def fitted(text: str, width: float, size: float) -> str:
    """As much of a text as fits into a width (points) at a size, by the usual widths of letters; what is cut ends in three dots."""
    widths = list(map(_LETTERS.__getitem__, text))
    if sum(widths) * size <= width:
        return text
    room, taken, kept = width / size - 0.6, 0.0, len(text)
    for place, letter in enumerate(widths):
        taken += letter
        if taken <= room:
            kept = place + 1
    return text[:kept].rstrip() + "…"


class _LetterWidths(dict[str, float]):
    """Widths of letters in parts of the size, each told once."""

    def __missing__(self, letter: str) -> float:
        if combining(letter):
            width = 0.0
        elif east_asian_width(letter) in "WF":
            width = 1.0
        else:
            width = 0.3 if letter in NARROW else 0.85 if letter in WIDE else 0.58
        self[letter] = width
        return width


_LETTERS = _LetterWidths()


def _lines(page: PeopleMapPage, boxes: Mapping[str, Box]) -> Iterator[str]:
    """The lines of each kind in a group, which says once for all how they look and whether they are seen at all."""
    ties: dict[int, list[str]] = {1: [], 2: [], 3: []}
    for person in page.theirs:
        # One element for all of somebody's ties that look alike: most of a large map would be ties, and each has its cost in a browser.
        alike: dict[int, list[str]] = {}
        for tie in person.known_by:
            alike.setdefault(1 + min(2, int(tie.strength * 3)), []).append(tie.ours.key)
        for size, ours in alike.items():
            path = "".join([tie_path(boxes[person.key], boxes[key]) for key in ours])
            ties[size].append(_line(person.key, " ".join(ours), path))
    reports = [
        _line(person.key, person.superior.key, _reporting(person, person.superior, boxes))
        for person in page.theirs
        if person.superior
    ]
    sways: dict[int, list[str]] = {strength.value: [] for strength in Strength}
    for person in page.theirs:
        for sway in person.sways:
            path = influence_path(boxes[person.key], boxes[sway.target.key])
            sways[sway.line.strength].append(_line(person.key, sway.target.key, path))
    yield from (_group(f"pm-tie pm-tie-{size}", lines) for size, lines in ties.items())
    yield _group("pm-reports", reports)
    yield from (_group(f"pm-sways pm-sways-{size}", lines, ' marker-end="url(#pm-head-1)"') for size, lines in sways.items())


def _reporting(person: MapPerson, superior: MapPerson, boxes: Mapping[str, Box]) -> str:
    is_free = person.is_moved or superior.is_moved
    return elbow(
        boxes[superior.key],
        boxes[person.key],
        from_side=person.hangs and not is_free,
        via=None if is_free else person.via,
    )


def _group(kind: str, lines: Sequence[str], end: str = "") -> str:
    return f'<g class="{kind}"{end}>{"".join(lines)}</g>' if lines else ""


def _line(one: str, other: str, path: str) -> str:
    return f'<path data-from="{one}" data-to="{other}" d="{path}"/>'


class _Card(NamedTuple):
    """A card in pieces: its shape, what is seen from near alone, and what is seen from far too; `words` say all of it."""

    key: str
    classes: str
    words: str
    x: float
    y: float
    shape: str
    near: str
    far: str


def _linked(card: _Card, address: str, near: str) -> str:
    x, y, drawn = card.x, card.y, f"{card.shape}{near}{card.far}"
    where = f'data-key="{card.key}" data-x="{x:.0f}" data-y="{y:.0f}" transform="translate({_short(x)} {_short(y)})"'
    if not address:
        return f'<g class="{card.classes}" {where}><title>{escape(card.words)}</title>{drawn}</g>'
    # A title and no label: what is drawn is cut to the card's width, and a label must hold the very words that are seen.
    return f'<a class="{card.classes}" href="{escape(address)}{card.key}" {where}><title>{escape(card.words)}</title>{drawn}</a>'


def _card(person: MapPerson, selected: str) -> _Card:
    faded = " pm-faded" if person.months_ago is not None else ""
    chosen = " pm-chosen" if person.key == selected else ""
    asked = f'<text class="pm-asked" x="{CARD_WIDTH}" y="{CARD_HEIGHT + 15}">{last_confirmed(person)}</text>' if faded else ""
    return _Card(
        key=person.key,
        classes=f"pm-card{faded}{chosen}",
        words=in_words(person),
        x=person.x,
        y=person.y,
        shape=f'<rect class="pm-box" width="{CARD_WIDTH}" height="{CARD_HEIGHT}" rx="7"/>',
        near='<circle class="pm-face" cx="22" cy="22" r="13"/>'
        f"{_text('pm-name', 42, 20, fitted(person.contact.name, 146, 12.5))}{_text('pm-title', 42, 35, fitted(_title(person), 146, 11))}"
        f"{_text('pm-does', 26, 58, fitted(person.does, 92, 11))}{asked}",
        far=f"{_text('pm-initials', 22, 25.5, person.contact.initials[:2])}{_stance(person.stance)}"
        f"{_grade(person.power, SQUARES, 'pm-power', '124 51')}{_grade(person.access, STEPS, 'pm-access', '166 49')}",
    )


def _our_card(one: OurPerson, selected: str) -> _Card:
    chosen = " pm-chosen" if one.key == selected else ""
    role = "key account" if one.is_manager else str(Role(one.user.role).label).lower()
    return _Card(
        key=one.key,
        classes=f"pm-card pm-our-card{chosen}",
        words=f"{one.user.name}, our team",
        x=one.x,
        y=one.y,
        shape=f'<rect class="pm-ours" width="{OUR_WIDTH}" height="{OUR_HEIGHT}" rx="20"/>',
        near='<circle class="pm-our-face" cx="20" cy="20" r="13"/>'
        f"{_text('pm-name', 40, 18, fitted(one.user.name, 126, 12.5))}{_text('pm-title', 40, 31, fitted(role, 126, 11))}",
        far=_text("pm-our-initials", 20, 23.5, one.user.initials),
    )


def _text(kind: str, x: float, y: float, words: str) -> str:
    """A line of words, and no element where there are none."""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(words)}</text>' if words else ""


def _title(person: MapPerson) -> str:
    named = person.post.in_words if person.post.job_title or person.post.function else ""
    return ", ".join(part for part in (named, person.post.site) if part)


def _stance(mark: Mark | None) -> str:
    if mark is None:
        return ""
    kind, sign = STANCES[mark.value]
    return _sign(kind, mark, "12 50", sign)


def _grade(mark: Mark | None, signs: Sequence[str], kind: str, place: str) -> str:
    """As many signs as the grade says filled, the others empty. Paths of their own: a drawing to refer to is copied for each card."""
    if mark is None:
        return ""
    filled, empty = "".join(signs[: mark.value]), "".join(signs[mark.value :])
    return (_sign(kind, mark, place, filled) if filled else "") + (_sign("pm-empty", mark, place, empty) if empty else "")


def _sign(kind: str, mark: Mark, place: str, path: str) -> str:
    return f'<path class="{kind} {"pm-old" if mark.is_faded else "pm-fresh"}" transform="translate({place})" d="{path}"/>'


def last_confirmed(person: MapPerson) -> str:
    """When anything was last said about somebody whose claims have all faded."""
    months = person.months_ago or 0
    if not months:
        return "last confirmed this month"
    return f"last confirmed {months} months ago" if months > 1 else "last confirmed a month ago"


def in_words(person: MapPerson) -> str:
    """A card as it is read aloud: everything that it shows."""
    marks = (("stance", person.stance), ("power", person.power), ("our access", person.access))
    told = [
        person.contact.name,
        _title(person),
        person.does,
        *(f"{name}: {mark.words}{' (to ask again)' if mark.is_faded else ''}" for name, mark in marks if mark),
        f"reports to {person.superior.contact.name}" if person.superior else "",
        *(f"sways {sway.target.contact.name} {sway.words}" for sway in person.sways),
        f"known by {', '.join(tie.ours.user.name for tie in person.known_by)}" if person.known_by else "",
        last_confirmed(person) if person.months_ago is not None else "",
    ]
    return ", ".join(part for part in told if part)


def heading_of(page: PeopleMapPage) -> str:
    """Account, map and day, as they stand on paper."""
    return f"{page.view.account.name} · {page.view.title} · as of {day_text(page.view.as_of_on)}"
