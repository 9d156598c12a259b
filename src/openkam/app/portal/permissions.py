"""How often a guest may come: there is no sign-in, so whoever guesses links must be slowed down."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

MOST_PER_MINUTE = 40
"""Visits from one address: a whole office may sit behind it; guessing a link of 64 letters takes more."""


def may_visit(request: HttpRequest) -> bool:
    """False once an address has come too often this minute."""
    visitor = get_adapter(request).get_client_ip(request)
    key = f"guest:{visitor}:{timezone.now():%Y%m%d%H%M}"
    if cache.add(key, 1, timeout=120):
        return True
    try:
        return cache.incr(key) <= MOST_PER_MINUTE
    except ValueError:  # it ran out between the two
        return True
