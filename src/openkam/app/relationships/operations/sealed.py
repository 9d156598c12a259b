"""What must be read again and by nobody else: encrypted at rest with a key made of the site's secret."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from openkam.analytics.terms import OpenKamError

_MAILBOX = b"openkam.relationships.mailbox"
_ERASURE = b"openkam.relationships.erasure"


def seal(password: str) -> str:
    """The password encrypted and signed (Fernet); twice the same password gives two texts."""
    return _lock(_MAILBOX).encrypt(password.encode()).decode()


def unseal(sealed: str) -> str:
    """The password again. Raises `OpenKamError` where the site's secret is another one than when it was sealed."""
    try:
        return _lock(_MAILBOX).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise OpenKamError("The password cannot be read, since the site's secret key was changed: enter it again.") from error


def seal_words(words: str) -> str:
    """The words of somebody who is being erased, encrypted until the last of them is gone."""
    return _lock(_ERASURE).encrypt(words.encode()).decode()


def unseal_words(sealed: str) -> str:
    """The words again. Raises `OpenKamError` where the site's secret is another one than when they were sealed."""
    try:
        return _lock(_ERASURE).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        message = "The words to look for cannot be read, since the site's secret key was changed: put the old key back, then start again."
        raise OpenKamError(message) from error


def _lock(purpose: bytes) -> Fernet:
    """Each purpose has a key of its own: who finds one has found neither the site's secret nor another (HKDF, RFC 5869)."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
