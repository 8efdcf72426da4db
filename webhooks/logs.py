"""Logs as events with fields; at info and above no personal data and no secret leaves this process.

Fields with personal names are blanked, and anything in any value that looks like a phone number or a key is masked,
whoever logged it: our code, uvicorn, or a library.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

Event = MutableMapping[str, Any]

PERSONAL: Final = frozenset(
    {"phone", "wa_id", "user_id", "username", "name", "text", "body", "email", "address", "wamid", "answers"}
)
SECRET: Final = frozenset({"token", "secret", "password", "api_key", "authorization", "uri", "mongodb_uri"})
BLANK: Final = "***"

# Seven digits and more, with the separators people write in phone numbers; dots are left to addresses of machines.
_NUMBER: Final = re.compile(r"\+?\d[\d\s()-]{5,}\d")
_KEY: Final = re.compile(r"(xnd_\w+|EAA\w{8,}|sk-[\w-]{8,}|Bearer\s+\S+|mongodb(?:\+srv)?://\S+|wamid\.\S+)")
_PLAIN: Final = frozenset({"timestamp", "level", "logger", "event"})


def set_up(level: str = "info", style: str = "") -> None:
    """Our logs and everybody else's through one chain; json unless a terminal or LOG_FORMAT says otherwise."""
    as_json = style == "json" or (style == "" and not sys.stderr.isatty())
    last: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        blank_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[_strip, last]))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("httpx", "httpcore", "pymongo", "asyncio", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _strip(logger: Any, method: str, event: Event) -> Event:
    return structlog.stdlib.ProcessorFormatter.remove_processors_meta(logger, method, event)


def blank_personal_data(logger: Any, method: str, event: Event) -> Event:
    """Blank personal fields and mask what looks personal; only debug shows more."""
    if method == "debug":
        return event
    for key, value in list(event.items()):
        if key in PERSONAL or key in SECRET:
            event[key] = BLANK
        elif key == "event" or (key not in _PLAIN and not key.startswith("_")):
            event[key] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _NUMBER.sub(BLANK, _KEY.sub(BLANK, value))
    if isinstance(value, dict):
        return {key: BLANK if key in PERSONAL | SECRET else _masked(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(held) for held in value]
    return value
