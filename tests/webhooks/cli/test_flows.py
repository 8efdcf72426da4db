"""`janji flows`: what is built passes the lint, no key is overwritten, publishing lets the chat offer the form."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.store.driver import close, database, open_client
from bot.store.published_flows import PublishedFlows
from flows.keys import load_key, public_pem
from simulator import server
from tests.journeys.world import settings_for, simulated
from webhooks.cli.main import app
from webhooks.local.ports import free_port

RUN = CliRunner()


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` of this checkout."""
    monkeypatch.chdir(tmp_path)


def test_what_is_built_passes_the_lint(tmp_path: Path) -> None:
    built = RUN.invoke(app, ["flows", "build", "--out", str(tmp_path / "flows")])
    assert built.exit_code == 0
    files = sorted((tmp_path / "flows").iterdir())
    assert [path.name for path in files] == ["booking-en.json", "booking-id.json", "booking-vi.json"]
    assert RUN.invoke(app, ["flows", "lint", *map(str, files)]).exit_code == 0
    assert RUN.invoke(app, ["flows", "lint"]).exit_code == 0


def test_one_language_is_built_to_standard_output() -> None:
    built = RUN.invoke(app, ["flows", "build", "--language", "vi"])
    assert json.loads(built.stdout)["screens"][0]["title"] == "Đặt lịch"
    assert RUN.invoke(app, ["flows", "build", "--language", "xx"]).exit_code == 2


def test_a_wrong_flow_is_told_with_its_place(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"version": "7.3", "screens": []}')
    told = RUN.invoke(app, ["flows", "lint", str(broken), "--json"])
    assert told.exit_code == 1
    assert json.loads(told.stdout)["problems"]
    broken.write_text("{")
    assert RUN.invoke(app, ["flows", "lint", str(broken)]).exit_code == 1


@pytest.mark.parametrize("passphrase", ["", "correct horse"])
def test_a_new_key_is_for_this_user_only_and_never_over_an_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passphrase: str
) -> None:
    if passphrase:
        monkeypatch.setenv("FLOW_PRIVATE_KEY_PASSPHRASE", passphrase)
    path = tmp_path / "keys" / "flow.pem"
    made = RUN.invoke(app, ["flows", "keys", "--out", str(path)])
    assert made.exit_code == 0
    assert path.stat().st_mode & 0o077 == 0
    assert public_pem(load_key(path.read_text(), passphrase or None)) in made.stdout
    before = path.read_bytes()
    assert RUN.invoke(app, ["flows", "keys", "--out", str(path)]).exit_code == 1
    assert path.read_bytes() == before


def test_a_key_that_cannot_be_used_is_told_by_check_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOW_PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\\nc2VjcmV0\\n-----END PRIVATE KEY-----")
    told = RUN.invoke(app, ["check", "--json"])
    assert told.exit_code == 1
    assert any(one.startswith("FLOW_PRIVATE_KEY: not a PEM private key") for one in json.loads(told.stdout)["problems"])
    assert "c2VjcmV0" not in told.output


@pytest.mark.mongo
def test_publishing_uploads_the_key_and_lets_the_chat_offer_the_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mongodb_uri: str
) -> None:
    key = tmp_path / "flow.pem"
    assert RUN.invoke(app, ["flows", "keys", "--out", str(key)]).exit_code == 0
    name = f"publish_{tmp_path.name}"[:38]

    async def ids() -> tuple[dict[str, str], dict[str, str]]:
        client = open_client(mongodb_uri)
        try:
            published = PublishedFlows(database(client, name))
            return await published.ids(), await published.ids(drafts=True)
        finally:
            await close(client)

    async def published() -> tuple[str, str]:
        simulator = simulated("http://127.0.0.1:9")
        async with server.serve(simulator) as url:
            settings = settings_for(simulator, url, 9, name)
            for variable, value in {
                "MONGODB_URI": mongodb_uri,
                "MONGODB_DATABASE": name,
                "SECRET_KEY": "a-secret-key-of-tests-forty-characters-long",
                "FLOW_PRIVATE_KEY_FILE": str(key),
                "GRAPH_API_BASE_URL": url,
                "WHATSAPP_PHONE_NUMBER_ID": settings.whatsapp_phone_number_id or "",
                "WHATSAPP_WABA_ID": simulator.waba_id,
                "WHATSAPP_TOKEN": simulator.token,
                "WHATSAPP_APP_SECRET": simulator.app_secret,
                "WHATSAPP_VERIFY_TOKEN": simulator.verify_token,
            }.items():
                monkeypatch.setenv(variable, value)
            dry = await asyncio.to_thread(RUN.invoke, app, ["flows", "publish", "--dry-run"])
            assert dry.exit_code == 0, dry.output
            wet = await asyncio.to_thread(RUN.invoke, app, ["flows", "publish"])
            again = await asyncio.to_thread(RUN.invoke, app, ["flows", "publish", "--dry-run"])
            assert "create" not in again.output.splitlines()[1], "the draft is known and made no second time"
        monkeypatch.setenv("GRAPH_API_BASE_URL", f"http://127.0.0.1:{free_port()}")
        unreachable = await asyncio.to_thread(RUN.invoke, app, ["flows", "publish"])
        assert (unreachable.exit_code, "does not answer" in unreachable.output) == (1, True), unreachable.output
        return dry.output, wet.output

    dry, wet = asyncio.run(published())
    assert "would upload the public key" in dry
    # nobody answers the ping at that address, so Meta does not publish; the chat then offers no form
    assert "Meta:" in wet
    published_ids, drafts = asyncio.run(ids())
    assert published_ids == {}
    assert list(drafts) == ["en"]
