"""Addresses that never come back: told by a digest that only this site can make."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.crypto import salted_hmac

from openkam.app.accounts.terms.names import folded
from openkam.app.relationships.models import ErasedAddress, Erasure

_SALT = "openkam.relationships.erased"


def address_digest(address: str) -> str:
    """HMAC-SHA-256 of an address with the site's secret: whoever has the database alone cannot try addresses against it."""
    return _digest(f"address:{address.strip().lower()}")


def name_digest(name: str) -> str:
    """The same of a name, folded."""
    return _digest(f"name:{folded(name)}")


def erased_digests() -> frozenset[str]:
    """The digests of all erased addresses."""
    return frozenset(ErasedAddress.objects.values_list("digest", flat=True))


def erased_since(instant: datetime) -> bool:
    """Whether anybody was erased since."""
    return Erasure.objects.filter(erased_at__gte=instant).exists()


def erased_among(addresses: Iterable[str], digests: frozenset[str]) -> frozenset[str]:
    """Which of the addresses were erased."""
    return frozenset(address for address in addresses if address_digest(address) in digests) if digests else frozenset()


def _digest(text: str) -> str:
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()
