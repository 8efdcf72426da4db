"""The secrets of the settings: read where they are used, by name, and how old each may become."""

from datetime import timedelta
from typing import Final

from pydantic import SecretStr

from flows.keys import FlowKeys, load_keys
from webhooks.settings import Settings

KEYS: Final = (
    "secret_key",
    "whatsapp_token",
    "whatsapp_app_secret",
    "whatsapp_verify_token",
    "flow_private_key",
    "flow_private_key_previous",
    "xendit_secret_key",
    "xendit_webhook_token",
    "openai_api_key",
    "task_system_secret",
    "escalation_secret",
    "janji_api_token",
)
"""The fields of `Settings`."""
YEAR: Final = timedelta(days=365)
OLDEST: Final = {
    # forms that were open when the key was changed are done within a day
    "flow_private_key_previous": timedelta(days=7),
}
"""How old a key may become where that is not a year."""


def keys_in_use(settings: Settings) -> dict[str, str]:
    """Those that are set, by the name they have in the environment."""
    values = {name.upper(): getattr(settings, name) for name in KEYS}
    return {name: value.get_secret_value() for name, value in values.items() if isinstance(value, SecretStr)}


def oldest(name: str) -> timedelta:
    """How old the key of that name may become."""
    return OLDEST.get(name.lower(), YEAR)


def flow_keys(settings: Settings) -> FlowKeys | None:
    """The keys of the Flow door, none when none is set; raises KeyUnreadable."""
    current = secret(settings.flow_private_key)
    if current is None:
        return None
    return load_keys(current, secret(settings.flow_private_key_passphrase), secret(settings.flow_private_key_previous))


def secret(value: object) -> str | None:
    """A secret's text; settings hold them so that they are never printed."""
    reveal = getattr(value, "get_secret_value", None)
    return str(reveal()) if reveal is not None else None if value is None else str(value)
