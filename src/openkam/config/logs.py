"""Structured logs with the request's id and without secrets."""

import logging
import logging.config
import re

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SECRET_NAMES = re.compile(
    r"pass(word|wd|phrase)|secret|token|cookie|authorization|api_?key|session|csrf|otp|recovery", re.IGNORECASE
)
SECRET_IN_URL = re.compile(r"(?P<before>[?&](?:token|key|code|password|secret)=)[^&\s'\"]+", re.IGNORECASE)
SECRET_IN_PATH = re.compile(r"(?P<before>/(?:arrive|password/reset/key|confirm-email)/)[^/\s'\"?]+")
CREDENTIALS_IN_URL = re.compile(r"(?P<before>\w+://)[^/@\s:]+:[^/@\s]+@")
HIDDEN = "[hidden]"
KEPT_TYPES = (bool, int, float, type(None))


def hide_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace the value of every key that names a secret, and secrets inside addresses, however deep."""
    # structlog's own keys and the exception under way are worked on by later processors, which end in text.
    kept = {key for key in event if key.startswith("_") or key in ("exc_info", "stack_info")}
    return {key: value if key in kept else _without_secrets(key, value) for key, value in event.items()}


def _without_secrets(key: object, value: object) -> object:
    if SECRET_NAMES.search(str(key)):
        return HIDDEN
    if isinstance(value, KEPT_TYPES):
        return value
    if isinstance(value, dict):
        return {inner: _without_secrets(inner, held) for inner, held in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without_secrets("", held) for held in value]
    text = value if isinstance(value, str) else repr(value)
    text = SECRET_IN_PATH.sub(rf"\g<before>{HIDDEN}", SECRET_IN_URL.sub(rf"\g<before>{HIDDEN}", text))
    return CREDENTIALS_IN_URL.sub(rf"\g<before>{HIDDEN}@", text)


def log_settings(*, level: str, as_json: bool) -> None:
    """Send Django's and our own records through one chain: context, time, secrets hidden, then JSON or readable lines."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        hide_secrets,
    ]
    renderer: Processor = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "structured": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.format_exc_info,
                        hide_secrets,
                        renderer,
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {"django.server": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
        }
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
