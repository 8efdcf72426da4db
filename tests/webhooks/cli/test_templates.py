"""`janji templates`: built and linted without an account, pushed once, changed when words change, told by status."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from bot.replies.notices import ALL
from simulator import server
from tests.bot.business.makers import SAMPLE_PATH
from tests.journeys.world import settings_for, simulated
from webhooks.cli.main import app

RUN = CliRunner()

LINKS = sum(notice.button is not None for notice in ALL)
"""Notices with a link button."""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` of this checkout."""
    monkeypatch.chdir(tmp_path)


def test_what_is_built_passes_the_lint(tmp_path: Path) -> None:
    built = RUN.invoke(app, ["templates", "build", "--out", str(tmp_path / "out")])
    assert built.exit_code == 0, built.output
    files = sorted((tmp_path / "out").iterdir())
    assert len(files) == 3 * len(ALL)
    assert json.loads(files[0].read_text("utf-8"))["category"] == "UTILITY"
    assert RUN.invoke(app, ["templates", "lint"]).exit_code == 0
    assert json.loads(RUN.invoke(app, ["templates", "lint", "--json"]).stdout) == {"ok": True, "problems": []}


def test_without_an_account_push_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    told = RUN.invoke(app, ["templates", "push"])
    assert told.exit_code == 1
    assert "WHATSAPP_TOKEN" in told.output


@asynccontextmanager
async def account(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A simulated WhatsApp account in the environment; its control door."""
    simulator = simulated("http://127.0.0.1:9")
    async with server.serve(simulator) as url:
        settings = settings_for(simulator, url, 9, "unused")
        for variable, value in {
            "PUBLIC_URL": "https://janji.example.com",
            "GRAPH_API_BASE_URL": url,
            "WHATSAPP_PHONE_NUMBER_ID": settings.whatsapp_phone_number_id or "",
            "WHATSAPP_WABA_ID": simulator.waba_id,
            "WHATSAPP_TOKEN": simulator.token,
            "WHATSAPP_APP_SECRET": simulator.app_secret,
            "WHATSAPP_VERIFY_TOKEN": simulator.verify_token,
        }.items():
            monkeypatch.setenv(variable, value)
        async with httpx.AsyncClient(base_url=f"{url}/sim", trust_env=False) as control:
            yield control


async def janji(*arguments: str) -> Any:
    return await asyncio.to_thread(RUN.invoke, app, ["templates", *arguments])


async def test_what_is_missing_is_pushed_once_and_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    async with account(monkeypatch) as control:
        dry = await janji("push", "--dry-run")
        assert dry.output.count("would create janji_") == 3 * len(ALL)
        before = await janji("status")
        assert before.exit_code == 1
        assert before.output.count("MISSING") == 3 * len(ALL)
        assert (await janji("push")).exit_code == 0
        assert (await janji("push")).output.strip() == "nothing to do"
        assert (await janji("status")).output.count("PENDING") == 3 * len(ALL)
        await control.post("/templates/review", json={})
        after = await janji("status", "--json")
        assert after.exit_code == 0
        assert {row["status"] for row in json.loads(after.stdout)["items"]} == {"APPROVED"}


async def test_another_public_address_is_another_button_and_is_pushed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with account(monkeypatch) as control:
        await janji("push")
        await control.post("/templates/review", json={})
        monkeypatch.setenv("PUBLIC_URL", "https://moved.example.com")
        told = await janji("status")
        assert (told.exit_code, told.output.count("CHANGED")) == (1, 3 * LINKS)
        pushed = await janji("push")
        assert pushed.output.count("change janji_") == 3 * LINKS
        assert (await janji("status")).output.count("PENDING") == 3 * LINKS


async def test_status_says_what_meta_paused_turned_down_or_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    async with account(monkeypatch) as control:
        await janji("push")
        await control.post("/templates/review", json={})
        for name, how in {
            "janji_pay_nudge": {"status": "PAUSED"},
            "janji_cancelled": {"status": "REJECTED"},
            "janji_reopen": {"category": "MARKETING"},
        }.items():
            await control.post("/templates/review", json={"name": name, "language": "en", **how})
        told = await janji("status", "--json")
        assert told.exit_code == 1
        rows = {(row["name"], row["language"]): row for row in json.loads(told.stdout)["items"]}
        assert rows["janji_pay_nudge", "en"]["status"] == "PAUSED"
        assert rows["janji_cancelled", "en"]["status"] == "REJECTED"
        assert rows["janji_reopen", "en"] | {"name": "", "language": ""} == {
            "name": "",
            "language": "",
            "status": "RECATEGORISED",
            "category": "MARKETING",
        }
        assert rows["janji_reopen", "id"]["status"] == "APPROVED"
        assert "RECATEGORISED  en  janji_reopen  as MARKETING" in (await janji("status")).output


async def test_a_wrong_token_is_told_in_metas_words(monkeypatch: pytest.MonkeyPatch) -> None:
    async with account(monkeypatch):
        monkeypatch.setenv("WHATSAPP_TOKEN", "another")
        refused = await janji("push")
        assert refused.exit_code == 1
        assert "Meta: 190" in refused.output


BRING = """
rules:
  - id: bring
    for: [virtual]
    remind: true
    text: {en: Bring your passport., id: Bawa paspor., vi: Mang hộ chiếu.}
"""


def built_names(file: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("BUSINESS_FILE", str(file))
    assert RUN.invoke(app, ["templates", "lint"]).exit_code == 0
    return [one["name"] for one in json.loads(RUN.invoke(app, ["templates", "build"]).stdout)]


def test_only_a_house_with_rules_that_remind_needs_the_templates_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "house.yaml"
    file.write_text(SAMPLE_PATH.read_text("utf-8") + BRING, "utf-8")
    names = built_names(file, monkeypatch)
    assert [name for name in names if name.endswith("_also")] == [
        *["janji_remind_day_before_also"] * 3,
        *["janji_remind_asking_also"] * 3,
    ]
    file.write_text(SAMPLE_PATH.read_text("utf-8") + BRING.replace("remind", "warn"), "utf-8")
    assert not [name for name in built_names(file, monkeypatch) if name.endswith("_also")]
    # of what takes place online with the link
    file.write_text(SAMPLE_PATH.with_name("sample_consultant.yaml").read_text("utf-8") + BRING, "utf-8")
    assert set(built_names(file, monkeypatch)) >= {"janji_remind_asking_online_also"}


def test_check_tells_what_is_wrong_with_templates() -> None:
    told = json.loads(RUN.invoke(app, ["check", "--json"]).stdout)
    assert not [one for one in told["problems"] if one.startswith("template ")]
