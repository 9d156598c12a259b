"""What every page's frame shows."""

from django.http import HttpRequest

from openkam.config.navigation import navigation


def shell(request: HttpRequest) -> dict[str, object]:
    """The navigation for the signed-in user; lazy, so that fragments and guests cost nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"navigation": lambda: navigation(user, request.path)}
