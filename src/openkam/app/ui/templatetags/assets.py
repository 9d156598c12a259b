"""Which static files a page loads, and the shapes of the icons.

The storage that runs in production joins our own files to one of each kind (see `JOINED`); without it every file is linked.
"""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

VENDOR = Path(__file__).parents[1] / "static/ui/vendor"
STYLES = (
    "ui/vendor/tabler.css",
    "ui/css/tokens.css",
    "ui/css/text.css",
    "ui/css/shell.css",
    "ui/css/controls.css",
    "ui/css/card.css",
    "ui/css/table.css",
    "ui/css/form.css",
    "ui/css/floating.css",
    "ui/css/chart.css",
    "ui/css/process.css",
    "ui/css/surfaces.css",
    "ui/css/settings.css",
    "ui/css/people_map.css",
    "ui/css/narrow.css",
)
SCRIPTS = (
    "ui/js/menu.js",
    "ui/js/toasts.js",
    "ui/js/drawer.js",
    "ui/js/confirm.js",
    "ui/js/palette.js",
    "ui/js/keyboard.js",
    "ui/js/chart.js",
)
JOINED = {"ui/css/openkam.css": STYLES, "ui/js/openkam.js": SCRIPTS}
"""The order is the cascade's; a joined file stands in the folder of its parts, so that relative addresses keep their meaning."""


class UnknownIconError(ValueError):
    """A template asks for an icon that Tabler's outline set does not have."""


def linked(joined: str) -> tuple[str, ...]:
    """The addresses to link for a joined file: its own where the storage makes it, else those of its parts."""
    is_joined = bool(getattr(staticfiles_storage, "joins_files", False)) and not settings.DEBUG
    return tuple(staticfiles_storage.url(name) for name in ((joined,) if is_joined else JOINED[joined]))


@cache
def icon_shapes() -> dict[str, str]:
    """The inner SVG of every outline icon by its name."""
    shapes: dict[str, str] = json.loads((VENDOR / "tabler-icons.json").read_text(encoding="utf-8"))
    return shapes


def icon_shape(name: str) -> str:
    """The inner SVG of one icon; raises `UnknownIconError` with the name that is wrong."""
    try:
        return icon_shapes()[name]
    except KeyError:
        raise UnknownIconError(f"There is no outline icon {name!r} in Tabler's set.") from None
