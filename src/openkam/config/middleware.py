"""Request-wide concerns: an id for every request, one structured line for it, and the user's time zone."""

import re
import time
import uuid
from collections.abc import Callable
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openkam.app.people.queries import any_administrator

GetResponse = Callable[[HttpRequest], HttpResponse]
PLAIN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
log = structlog.get_logger("openkam.request")


class RequestIdMiddleware:
    """Give every request an id (a proxy's `X-Request-ID` if it is plain), send it back, and log method, path, status and time."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if PLAIN_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        begun = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        milliseconds = round(1000 * (time.perf_counter() - begun), 1)
        log.info("request", method=request.method, path=request.path, status=response.status_code, milliseconds=milliseconds)
        return response


class FirstRunMiddleware:
    """Send every visitor to the first-run page until there is an administrator.

    A signed-in visitor is proof that the site is set up, and so is one administrator seen once: both save the question.
    """

    ALWAYS_OPEN = ("/welcome/", "/health/", settings.STATIC_URL)

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.is_set_up = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.is_set_up and not request.path.startswith(self.ALWAYS_OPEN) and not request.user.is_authenticated:
            self.is_set_up = any_administrator()
            if not self.is_set_up:
                return redirect("people:welcome")
        return self.get_response(request)


class PersonalTimeZoneMiddleware:
    """Show instants in the signed-in user's own time zone, else the organisation's, else the server's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = getattr(request.user, "time_zone", "") or getattr(request.user, "organisation_time_zone", None)
        with timezone.override(ZoneInfo(zone) if zone else None):
            return self.get_response(request)
