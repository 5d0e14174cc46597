"""Structured logs: one line an event, with request and job ids, and no secrets."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from api.settings import Settings

SECRETS = re.compile(
    r"(antmill\.key-[0-9a-z]+\.)[\w-]+"  # API keys keep their id
    r"|((?i:bearer) )\S+"
    r"|(whsec_)[A-Za-z0-9+/=]+"
    r"|(://[^:/@\s]+:)[^@\s]+(?=@)"  # passwords in URLs
)


def configure(settings: Settings) -> None:
    """Send all logs of this process to standard error, in the form that the settings name."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Plain tracebacks: one with local variables would tell secrets, and take seconds to draw.
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    last: list[Any] = [structlog.processors.format_exc_info, _redact, renderer]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in ("httpx", "httpcore", "alembic", "numba"):
        logging.getLogger(name).setLevel(logging.WARNING)


def redacted(text: str) -> str:
    """Return ``text`` with keys, tokens and passwords made unreadable."""
    return SECRETS.sub(lambda found: "".join(part or "" for part in found.groups()) + "***", text)


def _redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = redacted(value)
    return event
