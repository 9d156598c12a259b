"""Addresses of pages, kept once they were made: a page writes a hundred, most of them those of the page before."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse

KEPT = 20_000


def address(name: str, *args: object) -> str:
    """As Django's `reverse` by position, which writes every argument as text; raises `NoReverseMatch` as it does."""
    return _address(settings.ROOT_URLCONF, get_script_prefix(), str(name), tuple(str(arg) for arg in args))


@lru_cache(maxsize=KEPT)
def _address(_urlconf: str, _prefix: str, name: str, args: tuple[str, ...]) -> str:
    return reverse(name, args=args)
