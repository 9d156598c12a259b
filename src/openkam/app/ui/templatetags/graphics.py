"""Small pictures drawn on the server as SVG with classes only: bars, stacks and sparklines need no script and no inline style."""

from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from openkam.app.ui.templatetags.figures import as_decimal

SPARK_WIDTH, SPARK_HEIGHT = 112, 26
SERIES = ("f1", "f2", "f3", "f4", "f5", "f6")


def bar_svg(share: object, tone: str, label: str) -> SafeString:
    """A share of one as a filled track; a missing share leaves the track empty and dashed."""
    known = as_decimal(share)
    filled = f"{100 * min(max(known, 0), 1):.1f}" if known is not None else "0"
    return format_html(
        '<svg class="bar{}" viewBox="0 0 100 6" preserveAspectRatio="none" {}>'
        '<rect class="fsk" width="100" height="6" rx="3"/><rect class="{}" width="{}" height="6" rx="3"/></svg>',
        "" if known is not None else " unknown",
        _name(label),
        tone,
        filled,
    )


def stack_svg(parts: Iterable[object], label: str) -> SafeString:
    """Parts of a whole side by side, in the order of the series; what is missing takes no room."""
    widths = [max(float(known), 0.0) if (known := as_decimal(part)) is not None else 0.0 for part in parts]
    whole = max(sum(widths), 1.0)
    starts = [sum(widths[:position]) for position in range(len(widths))]
    rectangles = format_html_join(
        "",
        '<rect class="{}" x="{}" width="{}" height="10"/>',
        (
            (SERIES[position % len(SERIES)], f"{100 * start / whole:.2f}", f"{max(100 * width / whole - 0.6, 0):.2f}")
            for position, (start, width) in enumerate(zip(starts, widths, strict=True))
        ),
    )
    return format_html('<svg class="comp" viewBox="0 0 100 10" preserveAspectRatio="none" {}>{}</svg>', _name(label), rectangles)


def spark_svg(values: Sequence[object], label: str, tone: str) -> SafeString:
    """A line over time with a dot at its end; a gap where a value is missing; no axis, so it shows shape and no size."""
    known = [as_decimal(value) for value in values]
    present = [float(value) for value in known if value is not None]
    if len(present) < 2:
        return format_html('<span class="missing" title="too few values for a line">—<span class="sr">{}</span></span>', label)
    low, high = min(present), max(present)
    span = (high - low) or 1.0
    step = (SPARK_WIDTH - 6) / (len(known) - 1)
    points = [
        None if value is None else (2 + step * position, 3 + (SPARK_HEIGHT - 6) * (1 - (float(value) - low) / span))
        for position, value in enumerate(known)
    ]
    path, pen_is_down = [], False
    for point in points:
        if point is not None:
            path.append(f"{'L' if pen_is_down else 'M'}{point[0]:.1f} {point[1]:.1f}")
        pen_is_down = point is not None
    end = next(point for point in reversed(points) if point is not None)
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" {}><path class="fn k{} w15 rj" d="{}"/><circle class="f{}" cx="{}" cy="{}" r="2"/></svg>',
        SPARK_WIDTH,
        SPARK_HEIGHT,
        _name(label),
        tone,
        "".join(path),
        tone,
        f"{end[0]:.1f}",
        f"{end[1]:.1f}",
    )


def _name(label: str) -> SafeString:
    return format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
