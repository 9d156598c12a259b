"""What every page's frame shows."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest

from openkam.config.navigation import address, navigation
from openkam.config.settings_area import settings_area

FRAME_KEPT_SECONDS = 24 * 60 * 60
"""How long the parts of the frame are kept that depend on nothing but what they are kept under, as this version draws them."""
PALETTE = "cockpit:palette"
"""The url that answers the palette's `?q=` with a list of `<a role="option">`; without it the palette lists the navigation."""


def shell(request: HttpRequest) -> dict[str, object]:
    """The navigation for the signed-in user, lazy, so that fragments and guests cost nothing, and whose workspace it is."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"sends_mail": not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")}
    area = cache(lambda: settings_area(user, request.path))

    @cache
    def links() -> object:
        """A setting, wherever its room keeps it, stands under Settings."""
        found = area()
        return navigation(user, found.landing if found else request.path)

    return {
        "navigation": links,
        "settings_area": area,
        "palette_url": lambda: address(PALETTE),
        "frame_kept_seconds": FRAME_KEPT_SECONDS,
        "organisation_name": getattr(user, "organisation_name", None) or "",
    }
