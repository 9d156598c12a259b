"""Icons as markup, kept once they were drawn: a page has forty, most of them those of the page before."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from openkam.app.ui.templatetags.assets import icon_shape

KEPT = 2_000


@lru_cache(maxsize=KEPT)
def icon_svg(name: str, classes: str = "", label: str = "") -> SafeString:
    """An outline icon of Tabler's set; raises `UnknownIconError` with the name that is wrong."""
    shape = mark_safe(icon_shape(name))  # noqa: S308 - from the carried set, never from a person
    naming = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="ti{}" viewBox="0 0 24 24" {}>{}</svg>', f" {classes}" if classes else "", naming, shape)
