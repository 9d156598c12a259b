"""What every page's frame shows."""

from django.conf import settings
from django.http import HttpRequest

from openkam.config.navigation import address, navigation

PALETTE = "cockpit:palette"
"""The url that answers the palette's `?q=` with a list of `<a role="option">`; without it the palette lists the navigation."""


def shell(request: HttpRequest) -> dict[str, object]:
    """The navigation for the signed-in user; lazy, so that fragments and guests cost nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"sends_mail": not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")}
    return {"navigation": lambda: navigation(user, request.path), "palette_url": lambda: address(PALETTE)}
