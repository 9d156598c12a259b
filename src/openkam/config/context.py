"""What every page's frame shows."""

from django.conf import settings
from django.http import HttpRequest

from openkam.config.navigation import navigation, personal_links


def shell(request: HttpRequest) -> dict[str, object]:
    """The navigation for the signed-in user; lazy, so that fragments and guests cost nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"sends_mail": not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")}
    return {"navigation": lambda: navigation(user, request.path), "personal_links": lambda: personal_links(request.path)}
