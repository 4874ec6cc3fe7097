"""Logs are JSON lines on standard error: event, time, level, request id. No personal data goes in."""

import re
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

MAIL_ADDRESS = re.compile(r"[^\s@<>\"'=(]+@[^\s@<>\"'),;]+")


def where_it_failed(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """Each error of the chain: its frames and the first line of its sentence. On the next ones PostgreSQL tells the
    whole refused row.
    """
    told: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        first_line = (str(error).splitlines() or [""])[0]
        told.append("".join(traceback.format_tb(error.__traceback__)) + f"{type(error).__qualname__}: {first_line}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(reversed(told))


def hide_mail_addresses(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A mail server names in its refusal the person who was written to."""
    return {key: MAIL_ADDRESS.sub("…@…", value) if isinstance(value, str) else value for key, value in event.items()}


def logging_settings(level: str) -> dict[str, Any]:
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.ExceptionRenderer(where_it_failed),
                    hide_mail_addresses,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "ERROR"},
        },
    }
