"""The queue's page through its door: listed, filtered, taken, given back, dealt with, and refused with a sentence."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.change import Requester
from bot.domain.users import Role
from bot.store.operator_notices import OperatorNotice
from tests.bot.business.makers import SAMPLE
from tests.journeys.test_attention import ON_CALL
from tests.journeys.test_outside_the_window import approved
from tests.journeys.world import World, opened
from tests.webhooks.api.bookings.test_door import booked, customer, slots
from tests.webhooks.console.people import Colleague, colleague
from webhooks.api.attention.fixes import FIXES, AttentionFix
from webhooks.console.queue.rows import ASKS

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(180)]

NASTY = "<script>alert(1)</script>"


@pytest.fixture
async def dewi(world: World) -> AsyncIterator[Colleague]:
    """A colleague who writes."""
    async with colleague(world.process, world.url) as one:
        yield one


async def asks_for_a_person(world: World, name: str = "Sari") -> str:
    """A customer waits; their row."""
    phone = await world.phone(name)
    await phone.say("I want to talk to a human please")
    lead = (await world.lead_of(phone))["id"]
    await world.quiet()
    items = (await world.api.get("/attention", params={"reason": "asked_for_person"})).json()["items"]
    return str(next(one["id"] for one in items if one["lead_id"] == lead))


async def a_notice(world: World, name: str = "n1") -> None:
    now = await world.process.parts.clock.business_now()
    facts = (("event", "PAUSED"), ("message_template_name", NASTY))
    await world.process.parts.notices.record(OperatorNotice(name, "template_status", "warning", facts, now))


def rows_in(page: str) -> list[str]:
    return re.findall(r'data-queue-row="([^"]+)"', page)


@pytest.mark.parametrize("fix", FIXES, ids=lambda fix: fix.key)
def test_whatever_a_button_needs_is_asked_or_done_in_the_conversation(fix: AttentionFix) -> None:
    needs = {one for one in fix.needs if one != "by"}
    assert needs <= set(ASKS.get(fix.key, ())) or fix.key in {"propose", "answer_complaint"}


async def test_a_row_says_reason_deadline_and_who_and_has_one_button(world: World, dewi: Colleague) -> None:
    wanted = await asks_for_a_person(world)
    page = await dewi.get("/queue")
    assert page.status_code == 200
    assert rows_in(page.text) == [wanted]
    assert all(words in page.text for words in ("A customer asks for a person", "Sari", "By ", "critical"))
    assert page.text.count("data-does") == 1
    assert re.search(r'data-api="/api/v1/conversations/[^"]+/takeover"', page.text)
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert not re.search(r"\son[a-z]+=|\sstyle=|<script>", page.text)
    part = await dewi.get("/queue/rows", part=True)
    assert "<html" not in part.text


async def test_it_is_taken_by_one_told_to_the_other_and_given_back(world: World, dewi: Colleague) -> None:
    wanted = await asks_for_a_person(world)
    async with colleague(world.process, world.url, "Ayu", Role.SUPPORT) as ayu:
        taken = await dewi.post(f"/queue/{wanted}/take?owner=nobody")
        assert (taken.status_code, rows_in(taken.text)) == (200, [])
        assert rows_in((await dewi.get("/queue?owner=mine")).text) == [wanted]
        late = await ayu.post(f"/queue/{wanted}/take")
        assert (late.status_code, "Dewi has it already." in late.text) == (409, True)
        assert (await dewi.post(f"/queue/{wanted}/release")).status_code == 200
        assert (await ayu.post(f"/queue/{wanted}/take")).status_code == 200
        api = (await world.api.get(f"/attention/{wanted}")).json()
        assert (api["owner"]["id"], api["owner"]["role"]) == (ayu.id, "support")
    lines = await world.process.parts.audit.of(api["lead_id"])
    steps = [(line.what, line.by, line.role) for line in lines if line.what.startswith("attention")]
    assert steps == [
        ("attention_taken", dewi.id, "sales"),
        ("attention_released", dewi.id, "sales"),
        ("attention_taken", ayu.id, "support"),
    ]


async def test_a_write_without_the_token_of_the_session_takes_nothing(world: World, dewi: Colleague) -> None:
    wanted = await asks_for_a_person(world)
    answer = await dewi.browser.post(f"/console/queue/{wanted}/take")
    assert answer.status_code == 403
    assert (await world.api.get(f"/attention/{wanted}")).json()["owner"] is None
    assert (await dewi.post("/queue/at-nothing/take")).status_code == 409


async def test_filters_and_pages_show_their_own_earliest_deadline_first(world: World, dewi: Colleague) -> None:
    urgent = await asks_for_a_person(world)
    await a_notice(world)
    (mild,) = rows_in((await dewi.get("/queue?severity=mild")).text)
    assert rows_in((await dewi.get("/queue")).text) == [urgent, mild]
    assert rows_in((await dewi.get("/queue?reason=asked_for_person")).text) == [urgent]
    assert rows_in((await dewi.get("/queue?owner=mine")).text) == []
    first = (await dewi.get("/queue?limit=1")).text
    assert rows_in(first) == [urgent]
    following = re.search(r'class="more" hx-get="/console([^"]+)"', first)
    assert following
    assert rows_in((await dewi.get(following[1].replace("&amp;", "&"), part=True)).text) == [mild]
    assert (await dewi.get("/queue/rows?cursor=nonsense", part=True)).status_code == 200
    assert (await dewi.get("/queue?severity=loud&owner=x&limit=-3")).status_code == 200


async def test_what_is_late_is_red_and_what_a_customer_named_is_no_markup(world: World, dewi: Colleague) -> None:
    wanted = await asks_for_a_person(world, NASTY)
    page = (await dewi.get("/queue")).text
    assert "is-late" not in page
    assert NASTY not in page
    rows = world.process.parts.attention.rows
    await rows.change(wanted, lambda row: replace(row, due_by=row.cause.since - timedelta(minutes=1)))
    page = (await dewi.get("/queue")).text
    assert "is-late" in page
    assert "Late since" in page


async def test_what_only_a_person_ends_is_ended_from_the_page_and_nothing_else_is(
    world: World, dewi: Colleague
) -> None:
    await a_notice(world)
    (notice,) = rows_in((await dewi.get("/queue")).text)
    assert f"/console/queue/{notice}/seen" in (await dewi.get("/queue")).text
    answer = await dewi.post(f"/queue/{notice}/seen")
    assert (answer.status_code, rows_in(answer.text)) == (200, [])
    waiting = await asks_for_a_person(world)
    refused = await dewi.post(f"/queue/{waiting}/seen")
    assert (refused.status_code, "It ends by itself" in refused.text) == (409, True)


async def test_who_may_not_see_contacts_or_do_it_reads_a_letter_and_no_button(world: World) -> None:
    wanted = await asks_for_a_person(world, "Sari Dewi")
    async with colleague(world.process, world.url, "Fina", Role.FINANCE) as fina:
        page = (await fina.get("/queue")).text
        assert rows_in(page) == [wanted]
        assert "Sari Dewi" not in page
        assert "S•••" in page
        assert "data-does" not in page
        api = await fina.browser.get("/api/v1/attention")
        assert api.json()["items"][0]["subject"]["name"] == "S•••"


async def test_where_nobody_waits_the_next_booking_is_named(world: World, dewi: Colleague) -> None:
    # whoever gives it can be told of it
    await approved(world)
    for provider in world.process.business.providers:
        await world.phone("Partner", wa_id=provider.contact.phone.removeprefix("+"))
    assert "Nobody waits." in (await dewi.get("/queue")).text
    await booked(world, await customer(world), (await slots(world))[0])
    await world.quiet()
    page = (await dewi.get("/queue")).text
    assert rows_in(page) == []
    assert "Next: Sari" in page


async def test_the_bell_rings_for_mine_and_for_what_is_urgent_and_nobodys(world: World, dewi: Colleague) -> None:
    wanted = await asks_for_a_person(world)
    await a_notice(world)
    bell = (await dewi.get("/queue/bell", part=True)).text
    assert re.findall(r'data-rings="(\w+)" data-row="([^"]+)"', bell) == [("critical", wanted)]
    await dewi.post(f"/queue/{wanted}/take")
    bell = (await dewi.get("/queue/bell", part=True)).text
    assert re.findall(r'data-rings="(\w+)" data-row="([^"]+)"', bell) == [("mine", wanted)]


async def test_what_somebody_on_call_took_in_whatsapp_is_theirs_by_their_account_alone(
    mongodb_uri: str, tmp_path: Path
) -> None:
    path = tmp_path / "on-call.yaml"
    named = ON_CALL.replace("    language: id\n", "    language: id\n    account: Ayu@example.com\n", 1)
    path.write_text(SAMPLE + named, encoding="utf-8")
    async with opened(mongodb_uri, ours={"business_file": path}) as world:
        # at night they are told, by a template: one that does not arrive would give it to the next
        await approved(world)
        wanted = await asks_for_a_person(world)
        # as a tap of theirs takes it (`bot.engine.on_call`)
        await world.process.parts.attention.take(wanted, "Ayu Pemilik", Requester("Ayu Pemilik", "on_call"))
        async with (
            colleague(world.process, world.url, "Ayu", Role.ADMIN) as ayu,
            colleague(world.process, world.url, "Made") as made,
        ):
            mine = (await ayu.get("/queue?owner=mine")).text
            assert rows_in(mine) == [wanted]
            assert "data-release" in mine
            assert 'data-rings="mine"' in (await ayu.get("/queue/bell", part=True)).text
            assert rows_in((await made.get("/queue?owner=mine")).text) == []
            assert wanted not in (await made.get("/queue/bell", part=True)).text
            assert (await ayu.post(f"/queue/{wanted}/release")).status_code == 200
            assert 'data-rings="critical"' in (await made.get("/queue/bell", part=True)).text
