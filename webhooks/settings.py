"""Settings from the environment, then `.env`; every problem at once, secrets never printed (docs/contract.md)."""

import contextlib
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Self

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

STATE_DIRECTORY: Final = Path(".janji")
LIVE_KEY_PREFIX: Final = "xnd_production_"
XENDIT_URL: Final = "https://api.xendit.co"
_FILE: Final = "_FILE"


class SettingsProblems(Exception):
    """What is wrong with the settings; each problem says how to put it right. `readable` has what can be
    read of them."""

    def __init__(self, problems: Iterable[str], readable: "Settings") -> None:
        self.problems = tuple(problems)
        self.readable = readable
        super().__init__("; ".join(self.problems))


class Settings(BaseSettings):
    """All settings; the table in docs/contract.md is this class."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    public_url: str = ""
    """Links in messages; http://HOST:PORT when unset."""
    secret_key: SecretStr | None = None
    secret_key_previous: SecretStr | None = None
    """Former keys, the newest first, parted by spaces."""
    mongodb_uri: SecretStr | None = None
    mongodb_database: Annotated[str, Field(min_length=1)] = "janji"
    business_file: Path | None = None
    whatsapp_phone_number_id: str | None = None
    whatsapp_waba_id: str | None = None
    whatsapp_token: SecretStr | None = None
    whatsapp_app_secret: SecretStr | None = None
    whatsapp_verify_token: SecretStr | None = None
    graph_api_base_url: str = "https://graph.facebook.com"
    graph_api_version: Annotated[str, Field(pattern=r"^v\d+\.\d+$")] = "v26.0"
    flow_private_key: SecretStr | None = None
    flow_private_key_passphrase: SecretStr | None = None
    flow_private_key_previous: SecretStr | None = None
    xendit_secret_key: SecretStr | None = None
    xendit_webhook_token: SecretStr | None = None
    xendit_base_url: str = XENDIT_URL
    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    openai_model: str = "gpt-4.1-mini"
    openai_audio_model: str = "whisper-1"
    openai_timeout_seconds: Annotated[float, Field(gt=0, le=30)] = 4.0
    openai_questions_a_day: Annotated[int, Field(ge=0, le=10_000)] = 40
    task_system_url: str | None = None
    """Where an outside task system takes the tasks; unset: none does."""
    task_system_secret: SecretStr | None = None
    """Signs what goes there and what comes from there."""
    escalation_url: str | None = None
    """Where what is critical and waits for a person is told; unset: nowhere."""
    escalation_secret: SecretStr | None = None
    """Signs what goes there."""
    janji_api_token: SecretStr | None = None
    admin_email: str | None = None
    admin_password: SecretStr | None = None
    clock_may_move: bool = False
    """Whether the API may move business time with a MongoDB that is not the embedded one: for tests."""
    log_level: Annotated[str, Field(pattern=r"^(debug|info|warning|error)$")] = "info"
    log_format: Annotated[str, Field(pattern=r"^(json|text|)$")] = ""

    @field_validator("flow_private_key", "flow_private_key_previous")
    @classmethod
    def _restore_newlines(cls, value: SecretStr | None) -> SecretStr | None:
        """A PEM in one line has its newlines written as two characters (reference: whatsapp 1.2)."""
        return None if value is None else SecretStr(value.get_secret_value().replace("\\n", "\n"))

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _in_lower_case(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @property
    def former_secrets(self) -> tuple[str, ...]:
        """The keys before this one, the newest first; what they sealed still opens."""
        former = self.secret_key_previous
        return () if former is None else tuple(former.get_secret_value().split())

    @property
    def link_base(self) -> str:
        """What links in messages begin with."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def has_live_key(self) -> bool:
        """Whether real money can move."""
        key = self.xendit_secret_key
        return key is not None and key.get_secret_value().startswith(LIVE_KEY_PREFIX)

    def with_changes(self, **changes: Any) -> Self:
        """The same settings with some set by the program (demo, tests)."""
        return self.model_copy(update=changes)


NEEDED_OUTSIDE_THE_DEMO: Final = (
    "whatsapp_phone_number_id",
    "whatsapp_waba_id",
    "whatsapp_token",
    "whatsapp_app_secret",
    "whatsapp_verify_token",
)
NEEDED_TO_SERVE: Final = ("secret_key", "mongodb_uri", *NEEDED_OUTSIDE_THE_DEMO)


_SAYS_HOW: Final = {
    "host": "an address to listen on, such as 127.0.0.1",
    "port": "a whole number from 0 to 65535",
    "graph_api_version": "a version such as v26.0",
    "clock_may_move": "true or false",
    "openai_timeout_seconds": "seconds, above 0 and at most 30",
    "openai_questions_a_day": "a whole number from 0 to 10000",
    "log_level": "debug, info, warning or error",
    "log_format": "json or text",
}
_ADDRESSES: Final = (
    "public_url",
    "graph_api_base_url",
    "xendit_base_url",
    "openai_base_url",
    "task_system_url",
    "escalation_url",
)


def load(needed: Iterable[str] = (), *, demo: bool = False, env_file: Path | None = Path(".env")) -> Settings:
    """The settings, or SettingsProblems with every problem at once; `needed` may not be unset."""
    # As pydantic reads it below: the environment wins over `.env`, and what is empty is not set.
    in_file = dotenv_values(env_file) if env_file and env_file.is_file() else {}
    environment = {name.upper(): value for name, value in {**in_file, **os.environ}.items() if value}
    values, problems = _mounted(environment)
    try:
        settings = Settings(**{"_env_file": env_file, **values})
    except ValidationError as error:
        wrong = {str(found["loc"][0]): found["msg"] for found in error.errors() if found["loc"]}
        problems += [f"{name.upper()}: must be {_SAYS_HOW.get(name, message)}" for name, message in wrong.items()]
        # Read once more without what is wrong, so that the other problems are named in the same run.
        defaults = {name: Settings.model_fields[name].default for name in wrong}
        settings = Settings(**{"_env_file": env_file, **values, **defaults})
    unset = [name.upper() for name in needed if not _text(getattr(settings, name))]
    problems += [f"{name}: is not set; set it in the environment, in .env, or {name}_FILE" for name in unset]
    problems += [
        f"{name.upper()}: must begin with http:// or https:// and name a host"
        for name in _ADDRESSES
        if (address := getattr(settings, name)) and not re.match(r"https?://[^/\s]+", address)
    ]
    if bool(settings.task_system_url) != bool(_text(settings.task_system_secret)):
        problems.append("TASK_SYSTEM_URL: goes with TASK_SYSTEM_SECRET; set both, or neither")
    if bool(settings.escalation_url) != bool(_text(settings.escalation_secret)):
        problems.append("ESCALATION_URL: goes with ESCALATION_SECRET; set both, or neither")
    uri = _text(settings.mongodb_uri)
    if uri and not uri.startswith(("mongodb://", "mongodb+srv://")):
        problems.append("MONGODB_URI: must begin with mongodb:// or mongodb+srv://")
    elif uri.startswith("mongodb://"):  # mongodb+srv would ask the network
        try:
            parse_uri(uri)
        except (ValueError, PyMongoError):  # the driver's own words may quote the password
            problems.append("MONGODB_URI: cannot be read; it is mongodb://USER:PASSWORD@HOST:PORT/?replicaSet=NAME")
    # Whoever could set the address could otherwise have the key that moves real money sent there.
    if settings.has_live_key and settings.xendit_base_url.rstrip("/") != XENDIT_URL:
        problems.append("XENDIT_BASE_URL: a live key is only ever sent to Xendit; use a development key elsewhere")
    if settings.has_live_key and demo:
        problems.append("XENDIT_SECRET_KEY: the demo runs with no live key; unset it")
    if problems:
        raise SettingsProblems(problems, settings)
    return settings


def _mounted(environment: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """`NAME_FILE` names a file that holds the value of NAME."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field in Settings.model_fields:
        name = field.upper()
        path = environment.get(name + _FILE)
        if path is None:
            continue
        # Two places for one secret: after a rotation one of them would be the old one.
        if name in environment:
            problems.append(f"{name}: is set twice, also by {name}{_FILE}; unset one of them")
        try:
            # Editors end a file with a newline, which no secret has.
            values[field] = Path(path).read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "not a text in UTF-8"
            problems.append(f"{name}{_FILE}: the file cannot be read ({why}); mount it or unset the name")
    return values, problems


def _text(value: Any) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value or "")


def kept_secret_key(directory: Path = STATE_DIRECTORY) -> SecretStr:
    """The secret key `demo` and `up` make once and keep, readable by this user only.

    Of two that make it at once the first wins, and both answer its key; no crash leaves half a key.
    """
    path = directory / "secret_key"
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        own = directory / f"secret_key.{secrets.token_hex(4)}"
        # Created for this user only, not opened to others first and closed later.
        with open(own, "x", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(48))
        # A link appears whole, and is refused where the name is taken; a rename would replace the winner's key.
        with contextlib.suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return SecretStr(path.read_text("utf-8").strip())
