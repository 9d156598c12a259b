"""`DATABASE_URL` and `OPENKAM_MAIL_URL` taken apart. Messages never repeat the address: it holds a password."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from openkam.config.refusal import ConfigurationError

Encryption = Literal["none", "starttls", "tls"]
MAIL_SCHEMES: dict[str, tuple[Encryption, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}

PREPARED_AFTER = 5
"""So many times a connection asks the same before PostgreSQL keeps its plan: pages ask the same again and again."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over, and how the way there is encrypted."""

    host: str
    port: int
    user: str
    password: str
    encryption: Encryption


def embedded_database(home: Path) -> dict[str, object]:
    """SQLite in the workspace, as Django's setting: writers queue, readers never wait."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / "app.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536;"
            ),
        },
    }


def database_at(url: str) -> dict[str, object]:
    """A PostgreSQL address as Django's setting; raises `ConfigurationError` for any other."""
    parts = _split("DATABASE_URL", url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ConfigurationError(
            f"DATABASE_URL starts with {parts.scheme!r}://: use postgres://user:password@host:5432/name, "
            "or leave it unset for SQLite."
        )
    if not parts.path.strip("/"):
        raise ConfigurationError("DATABASE_URL names no database: end it with /name.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": _prepare_threshold(options)} | options,
    }


def _prepare_threshold(options: dict[str, str]) -> int | None:
    """Taken out of the address's options: a number, or `none` for a pooler that hands connections round between transactions."""
    said = options.pop("prepare_threshold", str(PREPARED_AFTER))
    if said == "none":
        return None
    if not said.isdecimal():
        raise ConfigurationError("DATABASE_URL says prepare_threshold: give it a whole number, or none to prepare no statement.")
    return int(said)


def mail_server_at(url: str) -> MailServer:
    """A mail server's address, for example smtp+starttls://user:password@mail.example.org:587; raises `ConfigurationError`."""
    parts = _split("OPENKAM_MAIL_URL", url)
    if parts.scheme not in MAIL_SCHEMES:
        raise ConfigurationError(
            f"OPENKAM_MAIL_URL starts with {parts.scheme!r}://: use smtp+starttls://user:password@host:587, smtps:// for TLS from "
            "the start, or smtp:// without encryption."
        )
    if not parts.hostname:
        raise ConfigurationError("OPENKAM_MAIL_URL names no host: write smtp+starttls://user:password@host:587.")
    encryption, port = MAIL_SCHEMES[parts.scheme]
    if parts.username and encryption == "none" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ConfigurationError(
            "OPENKAM_MAIL_URL would send the password unencrypted: use smtp+starttls:// or smtps://, or leave the user out."
        )
    return MailServer(
        host=parts.hostname,
        port=parts.port or port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        encryption=encryption,
    )


def _split(name: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # read here because only then it is checked
    except ValueError as error:
        raise ConfigurationError(
            f"{name} is no address: check the host and the port, and write special characters of the password as %40 (for @)."
        ) from error
    return parts
