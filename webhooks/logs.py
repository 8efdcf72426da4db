"""Logs as events with fields; at info and above no personal data and no secret leaves this process.

Fields with personal names are blanked, and anything in any value that looks like a phone number or a key is masked,
whoever logged it: our code, uvicorn, or a library.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Final

import structlog

Event = MutableMapping[str, Any]

PERSONAL: Final = frozenset(
    {"phone", "wa_id", "user_id", "username", "name", "text", "body", "email", "address", "wamid", "answers"}
    | {"caption", "payload", "profile", "contact", "contacts", "message", "messages", "recipient"}
)
SECRET: Final = frozenset(
    {"token", "secret", "password", "passphrase", "api_key", "secret_key", "private_key", "authorization", "cookie"}
    | {"uri", "mongodb_uri", "signature"}
)
BLANK: Final = "***"
_PERSONAL_ENDINGS: Final = (
    *("_phone", "_phone_number", "_wa_id", "_user_id", "_text", "_body", "_email"),
    *("customer_name", "guest_name", "profile_name", "display_name", "first_name", "last_name", "full_name"),
)
_SECRET_ENDINGS: Final = ("_token", "_secret", "_password", "_passphrase", "_api_key", "_secret_key", "_private_key")

# Seven digits and more with what people write between them; days and addresses of machines stay readable.
_NUMBER: Final = re.compile(
    r"(?!\d{4}-\d{2}-\d{2}(?!\d))(?!\d{1,3}(?:\.\d{1,3}){3}(?![\d.]))(?<![\d.-])(?<!\d:)\+?\d(?:[\s().-]*\d){6,}"
)
# Our own name of a lead (eleven hex digits of a moment between 2004 and 2039, sixteen letters of chance) has runs of
# digits too, and is what an operator looks for. A number of a phone has no hex letter in front of its dash.
_LEAD: Final = r"(?<![\w-])1(?=[0-9]*[a-f])[0-9a-f]{10}-[A-Za-z0-9_-]{16}(?![\w-])"
_PERSONAL: Final = re.compile(f"(?P<ours>{_LEAD})|{_NUMBER.pattern}")
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{8,16}")
_FINGERPRINTED: Final = frozenset({"delivery", "process", "token_hash"})
"""Fields of ours that hold a hash, in which digits say nothing of anybody."""
_KEY: Final = re.compile(
    r"(xnd_\w+|EAA\w{8,}|sk-[\w-]{8,}|(?:Bearer|Basic)\s+\S+|mongodb(?:\+srv)?://\S+|wamid\.\S+"
    r"|-----BEGIN[\s\S]+?(?:-----END[^-]*-----|$))"
)
# What could draw over a terminal, turn a line around or end it: foreign text must not look like a line of ours.
_UNPRINTABLE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
LONGEST: Final = 500
"""Characters of one value; who needs more looks at what is stored."""
LONGEST_TRACEBACK: Final = 20_000
_OWN_LINES: Final = frozenset({"exception", "stack"})
"""What we write ourselves, line by line."""
_PLAIN: Final = frozenset({"timestamp", "level", "logger"})
# Whose exceptions speak in our words; those of others may quote what a customer wrote, so only their kind is logged.
_SPEAKS_PLAINLY: Final = ("bot.", "flows.", "intents.", "payments.", "webhooks.", "pymongo.", "httpx.", "httpcore.")


def set_up(level: str = "info", style: str = "") -> None:
    """Our logs and everybody else's through one chain; json unless a terminal or LOG_FORMAT says otherwise."""
    as_json = style == "json" or (style == "" and not sys.stderr.isatty())
    last: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_traceback),
        blank_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[strip, last]))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # Their lines name the address of each call, and with it ids and numbers.
    for noisy in ("httpx", "httpcore", "pymongo", "asyncio", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def blank_personal_data(logger: Any, method: str, event: Event) -> Event:
    """Blank personal fields and mask what looks personal; debug shows what is personal, and never a secret."""
    masked = _without_secrets if method == "debug" else _masked
    for key, value in list(event.items()):
        if key in _FINGERPRINTED and isinstance(value, str) and _FINGERPRINT.fullmatch(value):
            continue
        if key not in _PLAIN and not key.startswith("_"):
            shown = BLANK if _is_blank(key, method) else masked(value)
            if key in _OWN_LINES and isinstance(shown, str):
                # Ours to break into lines; within each of them foreign text is made harmless all the same.
                lines = [_UNPRINTABLE.sub(_escaped, line) for line in shown.split("\n")]
                event[key] = _cut("\n".join(lines), LONGEST_TRACEBACK)
            else:
                event[key] = shown if key in _OWN_LINES else _presentable(shown)
    return event


def _presentable(value: Any) -> Any:
    """The value without what could forge or flood a log, however deep that stands."""
    if isinstance(value, Mapping):
        return {_presentable(str(key)): _presentable(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_presentable(held) for held in value]
    return _cut(_UNPRINTABLE.sub(_escaped, value), LONGEST) if isinstance(value, str) else value


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"


def _is_blank(key: object, method: str) -> bool:
    name = str(key).lower()
    if name in SECRET or name.endswith(_SECRET_ENDINGS):
        return True
    return method != "debug" and (name in PERSONAL or name.endswith(_PERSONAL_ENDINGS))


def _masked(value: Any) -> Any:
    """A value at info and above: no number of a phone, no key, no personal field however deep."""
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int):
        # A phone number may come as a number; a sum that long is hidden with it.
        return BLANK if len(str(abs(value))) >= 10 else value
    return _each(
        value, "info", _masked, lambda text: _PERSONAL.sub(lambda found: found["ours"] or BLANK, _KEY.sub(BLANK, text))
    )


def _without_secrets(value: Any) -> Any:
    """A value at debug: no key."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    return _each(value, "debug", _without_secrets, lambda text: _KEY.sub(BLANK, text))


def _each(value: Any, method: str, inside: Callable[[Any], Any], mask: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return {mask(str(key)): BLANK if _is_blank(key, method) else inside(held) for key, held in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [inside(held) for held in value]
    return mask(value if isinstance(value, str) else str(value))


def _traceback(exc_info: Any) -> str:
    """Where it failed and what kind of error; its words only where they are ours."""
    parts = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        plainly = isinstance(error, OSError) or kind.startswith(_SPEAKS_PLAINLY)
        frames = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"{frames}{kind}: {error}" if plainly else f"{frames}{kind}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(reversed(parts))
