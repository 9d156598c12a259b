"""What the environment sets, read once and checked: a wrong value is named in one line, with what is expected."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class ConfigurationError(Exception):
    """A setting that cannot be used; the message names the variable, the value (never a secret) and what is expected."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything the deployment decides. Variables are named in `docs/reference/configuration.md`."""

    home: Path
    debug: bool
    allowed_hosts: tuple[str, ...]
    trusted_origins: tuple[str, ...]
    https: bool
    database: dict[str, object]
    time_zone: str
    mail_url: str
    mail_from: str
    log_level: str
    log_json: bool
    upload_limit_mib: int
    secret_key: str


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """Read and check the environment; raises `ConfigurationError` for the first wrong value."""
    home = Path(variables.get("OPENKAM_HOME") or "openkam-data").expanduser().absolute()
    https = _flag(variables, "OPENKAM_HTTPS", default=False)
    return Environment(
        home=home,
        debug=_flag(variables, "OPENKAM_DEBUG", default=False),
        allowed_hosts=_words(variables, "OPENKAM_HOSTS", default=("localhost", "127.0.0.1", "[::1]")),
        trusted_origins=_origins(variables),
        https=https,
        database=_database(variables, home),
        time_zone=_time_zone(variables),
        mail_url=variables.get("OPENKAM_MAIL_URL", ""),
        mail_from=variables.get("OPENKAM_MAIL_FROM", "openkam@localhost"),
        log_level=_choice(variables, "OPENKAM_LOG_LEVEL", LOG_LEVELS, default="INFO"),
        log_json=_flag(variables, "OPENKAM_LOG_JSON", default=False),
        upload_limit_mib=_whole(variables, "OPENKAM_UPLOAD_LIMIT_MIB", default=2048, at_least=1),
        secret_key=variables.get("OPENKAM_SECRET_KEY") or _kept_secret(home),
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
        if not origin.startswith(("http://", "https://")):
            raise ConfigurationError(
                f"OPENKAM_ORIGINS has {origin!r}: write it with its scheme, for example https://kam.example.org."
            )
    return origins


def _time_zone(variables: Mapping[str, str]) -> str:
    name = variables.get("OPENKAM_TIME_ZONE") or "UTC"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(f"OPENKAM_TIME_ZONE={name!r} is no time zone: use a name such as Europe/Berlin.") from error
    return name


def _database(variables: Mapping[str, str], home: Path) -> dict[str, object]:
    url = variables.get("DATABASE_URL", "").strip()
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": home / "app.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ConfigurationError(
            f"DATABASE_URL starts with {parts.scheme!r}://: use postgres://user:password@host:5432/name, or leave it unset for SQLite."
        )
    if not parts.path.strip("/"):
        raise ConfigurationError("DATABASE_URL names no database: end it with /name.")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def _kept_secret(home: Path) -> str:
    """The workspace's own secret, made at first use and readable by its owner only."""
    kept = home / "secret.key"
    if not kept.exists():
        home.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return kept.read_text(encoding="ascii").strip()
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
    secret = kept.read_text(encoding="ascii").strip()
    if len(secret) < 50:
        raise ConfigurationError(
            f"{kept} is too short to be a secret key: delete it to have a new one made (everybody signs in again)."
        )
    return secret
