"""Settings: the table of docs/contract.md, every problem at once, no secret ever shown."""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from webhooks.settings import NEEDED_TO_SERVE, Settings, SettingsProblems, kept_secret_key, load

ROOT = Path(__file__).parents[2]
LIVE = "xnd_production_abc"
Set = Callable[..., None]


@pytest.fixture(autouse=True)
def set_env(monkeypatch: pytest.MonkeyPatch) -> Set:
    """An environment without any of our names, and a way to set some."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)

    def put(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


def problems(*needed: str, demo: bool = False, env_file: Path | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsProblems) as refused:
        load(needed, demo=demo, env_file=env_file)
    return refused.value.problems


def test_an_empty_environment_has_the_defaults_of_the_contract() -> None:
    settings = load(env_file=None)
    assert (settings.host, settings.port, settings.link_base) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert (settings.graph_api_base_url, settings.graph_api_version) == ("https://graph.facebook.com", "v26.0")
    assert settings.xendit_base_url == "https://api.xendit.co"
    assert (settings.mongodb_database, settings.log_level) == ("janji", "info")


def test_every_problem_is_told_at_once(set_env: Set) -> None:
    set_env(
        PORT="eighty", LOG_LEVEL="loud", GRAPH_API_VERSION="26", PUBLIC_URL="shop.example", MONGODB_URI="postgres://x"
    )
    told = problems(*NEEDED_TO_SERVE)
    wanted = {"PORT", "LOG_LEVEL", "GRAPH_API_VERSION", "PUBLIC_URL", "MONGODB_URI", "SECRET_KEY", "WHATSAPP_TOKEN"}
    assert wanted <= {problem.partition(":")[0] for problem in told}


def test_a_problem_says_how_to_mend_it_and_shows_no_value(set_env: Set) -> None:
    set_env(PORT="hunter2", MONGODB_URI="hunter2")
    told = " ".join(problems())
    assert "a whole number from 0 to 65535" in told
    assert "hunter2" not in told


def test_an_empty_value_is_no_value(set_env: Set) -> None:
    set_env(MONGODB_URI="", PORT="", OPENAI_API_KEY="")
    settings = load(env_file=None)
    assert settings.mongodb_uri is None
    assert settings.openai_api_key is None
    assert settings.port == 8000


def test_the_environment_wins_over_the_file(set_env: Set, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9001\nHOST=0.0.0.0\n")
    set_env(PORT="9002")
    settings = load(env_file=tmp_path / ".env")
    assert (settings.host, settings.port) == ("0.0.0.0", 9002)


@pytest.mark.parametrize("where", ["environment", "file"])
def test_a_mounted_secret_is_read(set_env: Set, tmp_path: Path, where: str) -> None:
    (tmp_path / "token").write_text("EAAsecret\n")
    (tmp_path / ".env").write_text(f"WHATSAPP_TOKEN_FILE={tmp_path / 'token'}\n" if where == "file" else "")
    if where == "environment":
        set_env(WHATSAPP_TOKEN_FILE=str(tmp_path / "token"))
    settings = load(("whatsapp_token",), env_file=tmp_path / ".env")
    assert settings.whatsapp_token == SecretStr("EAAsecret")


def test_a_mounted_secret_that_is_missing_or_given_twice_is_told(set_env: Set, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k")
    set_env(WHATSAPP_TOKEN_FILE=str(tmp_path / "none"), SECRET_KEY_FILE=str(tmp_path / "key"), SECRET_KEY="k2")
    told = problems()
    assert any(problem.startswith("WHATSAPP_TOKEN_FILE: the file cannot be read") for problem in told)
    assert any(problem.startswith("SECRET_KEY: is set twice") for problem in told)


def test_secrets_are_never_shown(set_env: Set) -> None:
    secret = [name for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)]
    value = {name: f"mongodb://shown-{name}" for name in secret}
    # an address alone or a secret alone is refused
    addresses = dict.fromkeys(("TASK_SYSTEM_URL", "ESCALATION_URL"), "https://tasks.example")
    set_env(**{name.upper(): text for name, text in value.items()}, **addresses)
    settings = load(env_file=None)
    assert len(secret) == 16
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "shown-" not in shown


def test_every_name_that_sounds_secret_is_held_as_one() -> None:
    words = ("secret", "token", "password", "passphrase", "api_key", "private_key", "mongodb_uri")
    for name, field in Settings.model_fields.items():
        if any(word in name for word in words):
            assert "SecretStr" in str(field.annotation), name


def test_the_newlines_of_a_key_are_restored(set_env: Set) -> None:
    set_env(FLOW_PRIVATE_KEY=r"-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n")
    key = load(env_file=None).flow_private_key
    assert key is not None
    assert key.get_secret_value().splitlines()[1] == "abc"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://127.0.0.1:9",
        "http://api.xendit.co",
        "https://api.xendit.co.evil.example",
        "https://api.xendit.co@evil.example",
    ],
)
def test_a_live_key_is_sent_to_nobody_but_xendit(set_env: Set, elsewhere: str) -> None:
    set_env(XENDIT_SECRET_KEY=LIVE, XENDIT_BASE_URL=elsewhere)
    assert [problem.partition(":")[0] for problem in problems()] == ["XENDIT_BASE_URL"]


def test_a_live_key_with_xendit_is_right_and_the_demo_refuses_it(set_env: Set) -> None:
    set_env(XENDIT_SECRET_KEY=LIVE, XENDIT_BASE_URL="https://api.xendit.co/")
    assert load(env_file=None).has_live_key
    assert [problem.partition(":")[0] for problem in problems(demo=True)] == ["XENDIT_SECRET_KEY"]


def test_a_task_system_needs_its_address_and_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASK_SYSTEM_URL", "https://tasks.example/in")
    assert [problem.partition(":")[0] for problem in problems()] == ["TASK_SYSTEM_URL"]
    monkeypatch.setenv("TASK_SYSTEM_SECRET", "shared")
    assert load(env_file=None).task_system_url == "https://tasks.example/in"


def test_escalations_need_their_address_and_their_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATION_SECRET", "shared")
    assert [problem.partition(":")[0] for problem in problems()] == ["ESCALATION_URL"]
    monkeypatch.setenv("ESCALATION_URL", "pager.example")
    assert [problem.partition(":")[0] for problem in problems()] == ["ESCALATION_URL"]
    monkeypatch.setenv("ESCALATION_URL", "https://pager.example/in")
    assert load(env_file=None).escalation_url == "https://pager.example/in"


def test_the_example_names_every_setting_with_its_default_and_nothing_else() -> None:
    shown = {}
    for line in (ROOT / ".env.example").read_text("utf-8").splitlines():
        if line and not line.startswith("# "):
            name, _, value = line.removeprefix("#").partition("=")
            shown[name] = value
    defaults = {name.upper(): str(field.default or "") for name, field in Settings.model_fields.items()}
    assert shown == defaults


def test_the_example_as_it_is_makes_good_settings() -> None:
    assert load(env_file=ROOT / ".env.example") == load(env_file=None)


def test_the_page_on_settings_names_every_setting() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert [name for name in Settings.model_fields if f"`{name.upper()}`" not in page] == []


def test_the_secret_key_is_made_once_and_is_ours_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = {key.get_secret_value() for key in pool.map(lambda _: kept_secret_key(tmp_path / "s"), range(16))}
    assert len(keys) == 1
    assert len(keys.pop()) >= 48
    assert [path.name for path in (tmp_path / "s").iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "s" / "secret_key").stat().st_mode) == 0o600
