"""Structured logs with the request's id and without secrets."""

import logging
import logging.config
import re

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SECRET_NAMES = re.compile(
    r"pass(word|wd|phrase)|secret|token|cookie|authorization|api_?key|session|csrf|otp|recovery", re.IGNORECASE
)
SECRET_IN_URL = re.compile(r"(?P<key>[?&](?:token|key|code|password|secret)=)[^&\s]+", re.IGNORECASE)
CREDENTIALS_IN_URL = re.compile(r"(?P<scheme>\w+://)[^/@\s:]+:[^/@\s]+@")
HIDDEN = "[hidden]"


def hide_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace the value of every key that names a secret, and secrets inside addresses."""
    for key, value in event.items():
        if SECRET_NAMES.search(key):
            event[key] = HIDDEN
        elif isinstance(value, str):
            event[key] = CREDENTIALS_IN_URL.sub(rf"\g<scheme>{HIDDEN}@", SECRET_IN_URL.sub(rf"\g<key>{HIDDEN}", value))
    return event


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
