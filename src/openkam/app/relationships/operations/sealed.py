"""Passwords that must be read again: encrypted at rest with a key made of the site's secret."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from openkam.analytics.terms import OpenKamError

_PURPOSE = b"openkam.relationships.mailbox"


def seal(password: str) -> str:
    """The password encrypted and signed (Fernet); twice the same password gives two texts."""
    return _lock().encrypt(password.encode()).decode()


def unseal(sealed: str) -> str:
    """The password again. Raises `OpenKamError` where the site's secret is another one than when it was sealed."""
    try:
        return _lock().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise OpenKamError("The password cannot be read, since the site's secret key was changed: enter it again.") from error


def _lock() -> Fernet:
    """The key is used for nothing else: who finds it has not found the site's secret (HKDF, RFC 5869)."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
