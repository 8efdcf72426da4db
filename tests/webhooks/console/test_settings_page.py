"""Settings: how old each key is, and how templates and forms stand with Meta, also when Meta does not answer."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot.domain.users import Role
from bot.store.driver import server_now
from simulator import server
from tests.bot.business.makers import sample
from tests.journeys.world import World, opened, settings_for, simulated
from tests.webhooks.console.people import colleague
from webhooks.console.settings.keys import keys_shown
from webhooks.keys import KEYS, keys_in_use
from webhooks.local.ports import free_port
from webhooks.meta import template_push
from webhooks.meta.standing import MetaLook
from webhooks.upgrade import bring_up

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)


def row_of(page: str, name: str) -> str:
    """The row of a table that begins with that name, as words."""
    found = re.search(rf"<tr><th scope=\"row\"><code>{name}</code></th>(.*?)</tr>", page, re.DOTALL)
    assert found, name
    return found[1]


def test_a_key_is_overdue_after_a_year_and_a_former_form_key_after_a_week() -> None:
    every = {name.upper(): "a value" for name in KEYS}
    young = {name: NOW - timedelta(days=7) for name in every}
    assert [key.name for key in keys_shown(every, young, NOW) if key.is_overdue] == []
    week = dict.fromkeys(every, NOW - timedelta(days=8))
    assert [key.name for key in keys_shown(every, week, NOW) if key.is_overdue] == ["FLOW_PRIVATE_KEY_PREVIOUS"]
    old = dict.fromkeys(every, NOW - timedelta(days=366))
    assert all(key.is_overdue and key.days == 366 for key in keys_shown(every, old, NOW))
    # what is not set has no age, whatever was seen once
    assert not any(key.is_overdue or key.since for key in keys_shown({}, old, NOW))


async def test_the_page_says_how_old_each_key_is_and_another_one_is_new(world: World) -> None:
    house, name = world.process.database["house"], "WHATSAPP_TOKEN"
    today = (await server_now(world.process.database)).date().isoformat()
    async with colleague(world.process, world.url, "Nyoman", Role.ADMIN) as admin:
        await bring_up(world.process)
        fresh = row_of((await admin.get("/settings")).text, name)
        assert today in fresh
        assert "0 days" in fresh
        stored = str(await house.find_one({"_id": "keys"}))
        for value in keys_in_use(world.settings).values():
            assert value not in stored
        # first seen long ago, and by every process that begins since
        row: dict[str, Any] = await house.find_one({"_id": "keys"}) or {}
        (seen,) = row["seen"][name]
        then = await server_now(world.process.database) - timedelta(days=400)
        await house.update_one({"_id": "keys"}, {"$set": {f"seen.{name}.{seen}": then}})
        await bring_up(world.process)
        page = (await admin.get("/settings")).text
        old = row_of(page, name)
        assert then.date().isoformat() in old
        assert "400 days" in old
        assert "badge due" in old
        assert "badge due" not in row_of(page, "SECRET_KEY")
        assert "not set" in row_of(page, "OPENAI_API_KEY") or "days" not in row_of(page, "OPENAI_API_KEY")
    # another value is another key; the one before keeps its day, should it come back
    ages, both = world.process.key_ages, {name: "another token"}
    await ages.saw(both, NOW)
    assert (await ages.since(both))[name].date() == NOW.date()
    before = {name: (world.settings.whatsapp_token or SecretStr("")).get_secret_value()}
    await ages.saw(before, NOW)
    assert (await ages.since(before))[name].date() == then.date()


async def test_templates_and_forms_stand_there_as_meta_has_them(world: World) -> None:
    async with colleague(world.process, world.url, "Nyoman", Role.ADMIN) as admin:
        assert 'hx-get="/console/settings/meta"' in (await admin.get("/settings")).text
        nothing = (await admin.get("/settings/meta", part=True)).text
        assert "not at Meta: push it" in nothing
        await template_push.push(world.settings, world.process.business)
        await world.told("POST", "/templates/review", {})
        # remembered for a while, and asked for again by a press
        assert "not at Meta: push it" in (await admin.get("/settings/meta", part=True)).text
        approved = (await admin.get("/settings/meta?again=yes", part=True)).text
        found = re.search(r"(\d+) of (\d+) templates approved", approved)
        assert found
        assert found[1] == found[2]
        assert "<table" not in approved.split("<h3>")[0]
        ours = next(template_push.wanted(world.process.business, world.settings.link_base))["name"]
        for language, status, category in (
            ("en", "PAUSED", "UTILITY"),
            ("id", "REJECTED", "UTILITY"),
            ("vi", "APPROVED", "MARKETING"),
        ):
            body = {"name": ours, "language": language, "status": status, "category": category}
            await world.told("POST", "/templates/review", body)
        page = (await admin.get("/settings/meta?again=yes", part=True)).text
        for words in ("paused", "rejected", "Meta charges it as: Marketing template"):
            assert words in page
        assert page.count(f"<code>{ours}</code>") == 3
    async with colleague(world.process, world.url, "Sari", Role.SALES) as sales:
        assert (await sales.get("/settings/meta", part=True)).status_code == 403


async def test_meta_away_is_said_and_what_was_heard_last_stays() -> None:
    business, outside = sample(), simulated("http://127.0.0.1:9")
    async with server.serve(outside) as url:
        settings = settings_for(outside, url, 9, "unused")
        await template_push.push(settings, business)
        look = MetaLook(settings)
        heard = await look.look(business, NOW)
        assert heard.standing is not None
        assert (heard.problem, heard.standing.at) == ("", NOW)
        # a token that was taken away is Meta's own word
        refused = await MetaLook(settings.with_changes(whatsapp_token=SecretStr("old"))).look(business, NOW)
        assert refused.standing is None
        assert "access token" in refused.problem
    later = NOW + timedelta(hours=1)
    # within some minutes nobody is asked again; then it is said that nobody answers
    assert await look.look(business, later) == heard
    away = await look.look(business, later, again=True)
    assert (away.standing, away.problem) == (heard.standing, "ConnectError")


async def test_the_page_opens_whether_meta_answers_or_not(mongodb_uri: str) -> None:
    nowhere = {"graph_api_base_url": f"http://127.0.0.1:{free_port()}"}
    async with (
        opened(mongodb_uri, ours=nowhere) as world,
        colleague(world.process, world.url, "Nyoman", Role.ADMIN) as admin,
    ):
        assert (await admin.get("/settings")).status_code == 200
        page = await admin.get("/settings/meta", part=True)
        assert (page.status_code, "Meta did not answer (ConnectError)." in page.text) == (200, True), page.text
        # what nobody could be asked about is neither good nor bad
        assert "badge due" not in page.text
