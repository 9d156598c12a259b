"""What the environment sets, read once and checked: a wrong value is named in one line, with what is expected."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from openkam.config.addresses import MailServer, database_at, embedded_database, mail_server_at
from openkam.config.refusal import ConfigurationError

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})
SECRET_CHARACTERS = 50
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything the deployment decides. Variables are named in `docs/reference/configuration.md`."""

    home: Path
    debug: bool
    allowed_hosts: tuple[str, ...]
    trusted_origins: tuple[str, ...]
    https: bool
    tls: tuple[Path, Path] | None
    proxies: int
    database: dict[str, object]
    time_zone: str
    mail: MailServer | None
    mail_from: str
    log_level: str
    log_json: bool
    upload_limit_mib: int
    mailbox_any_host: bool
    secret_key: str


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """Read and check the environment; raises `ConfigurationError` for the first wrong value."""
    home = Path(variables.get("OPENKAM_HOME") or "openkam-data").expanduser().absolute()
    tls = _tls(variables)
    https = _flag(variables, "OPENKAM_HTTPS", default=tls is not None)
    database_url = variables.get("DATABASE_URL", "").strip()
    mail_url = variables.get("OPENKAM_MAIL_URL", "").strip()
    return Environment(
        home=home,
        debug=_flag(variables, "OPENKAM_DEBUG", default=False),
        allowed_hosts=_words(variables, "OPENKAM_HOSTS", default=("localhost", "127.0.0.1", "[::1]")),
        trusted_origins=_origins(variables),
        https=https,
        tls=tls,
        proxies=_proxies(variables, https=https, own_tls=tls is not None),
        database=database_at(database_url) if database_url else embedded_database(home),
        time_zone=_time_zone(variables),
        mail=mail_server_at(mail_url) if mail_url else None,
        mail_from=variables.get("OPENKAM_MAIL_FROM", "openkam@localhost"),
        log_level=_choice(variables, "OPENKAM_LOG_LEVEL", LOG_LEVELS, default="INFO"),
        log_json=_flag(variables, "OPENKAM_LOG_JSON", default=False),
        upload_limit_mib=_whole(variables, "OPENKAM_UPLOAD_LIMIT_MIB", default=2048, at_least=1),
        mailbox_any_host=_flag(variables, "OPENKAM_MAILBOX_ANY_HOST", default=False),
        secret_key=_given_secret(variables) or _kept_secret(home),
    )


def _flag(variables: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = variables.get(name, "").strip().lower()
    if not value:
        return default
    if value in TRUE_WORDS:
        return True
    if value in FALSE_WORDS:
        return False
    raise ConfigurationError(f"{name}={value!r} is neither yes nor no: set it to 1 or 0.")


def _whole(variables: Mapping[str, str], name: str, *, default: int, at_least: int) -> int:
    value = variables.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal() or int(value) < at_least:
        raise ConfigurationError(f"{name}={value!r} must be a whole number of at least {at_least}.")
    return int(value)


def _words(variables: Mapping[str, str], name: str, *, default: tuple[str, ...]) -> tuple[str, ...]:
    words = tuple(word.strip() for word in variables.get(name, "").split(",") if word.strip())
    return words or default


def _choice(variables: Mapping[str, str], name: str, choices: tuple[str, ...], *, default: str) -> str:
    value = variables.get(name, "").strip().upper() or default
    if value not in choices:
        raise ConfigurationError(f"{name}={value!r} is not one of {', '.join(choices)}.")
    return value


def _origins(variables: Mapping[str, str]) -> tuple[str, ...]:
    origins = _words(variables, "OPENKAM_ORIGINS", default=())
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
            raise ConfigurationError(
                f"OPENKAM_ORIGINS has {origin!r}: write it with its scheme and without a path, as https://kam.example.org."
            )
    return tuple(origin.rstrip("/") for origin in origins)


def _time_zone(variables: Mapping[str, str]) -> str:
    name = variables.get("OPENKAM_TIME_ZONE") or "UTC"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(f"OPENKAM_TIME_ZONE={name!r} is no time zone: use a name such as Europe/Berlin.") from error
    return name


def _given_secret(variables: Mapping[str, str]) -> str:
    secret = variables.get("OPENKAM_SECRET_KEY", "")
    if secret and len(secret) < SECRET_CHARACTERS:
        raise ConfigurationError(f"OPENKAM_SECRET_KEY is too short: at least {SECRET_CHARACTERS} characters, made by chance.")
    return secret


def _proxies(variables: Mapping[str, str], *, https: bool, own_tls: bool) -> int:
    """How many reverse proxies stand in front: their headers are believed, nobody else's. HTTPS without our own TLS means one."""
    return _whole(variables, "OPENKAM_PROXIES", default=int(https and not own_tls), at_least=0)


def _tls(variables: Mapping[str, str]) -> tuple[Path, Path] | None:
    """Certificate and key when the site itself speaks HTTPS."""
    names = ("OPENKAM_TLS_CERTIFICATE", "OPENKAM_TLS_KEY")
    given = {name: Path(variables[name]).expanduser() for name in names if variables.get(name)}
    if not given:
        return None
    if len(given) < len(names):
        missing = next(name for name in names if name not in given)
        raise ConfigurationError(f"{missing} is missing: certificate and key are needed together, each as a PEM file.")
    for name, path in given.items():
        if not path.is_file() or not os.access(path, os.R_OK):
            raise ConfigurationError(f"{name}={str(path)!r} is no file that can be read.")
    return given[names[0]], given[names[1]]


def _kept_secret(home: Path) -> str:
    """The workspace's own secret, made at first use and readable by its owner only."""
    kept = home / "secret.key"
    try:
        if not kept.exists():
            home.mkdir(parents=True, exist_ok=True)
            _make_secret(kept)
        secret = kept.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigurationError(
            f"{kept} cannot be made or read ({error.strerror}): check OPENKAM_HOME and its rights."
        ) from error
    except UnicodeDecodeError:
        secret = ""
    if len(secret) < SECRET_CHARACTERS:
        raise ConfigurationError(f"{kept} is no secret key: delete it to have a new one made (everybody signs in again).")
    return secret


def _make_secret(kept: Path) -> None:
    """Write the secret beside its place and link it there, so that two starts agree on one and none reads half of it."""
    descriptor, beside = tempfile.mkstemp(prefix=".secret-", dir=kept.parent)  # readable by its owner only
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            os.link(beside, kept)
    finally:
        Path(beside).unlink()
