"""The inbox through the real doors: rows, drafts, notes, the guard at send, what is put off, what is found."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ids import AgentId, LeadId
from bot.domain.inbox_events import AssignedWhy
from bot.store.clock import BusinessClock
from tests.journeys.test_outside_the_window import approved
from tests.journeys.world import World, until
from webhooks.processes import housekeeping

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

Json = dict[str, Any]


async def got(world: World, path: str, **query: Any) -> Json:
    answer: Json = (await world.api.get(path, params=query)).raise_for_status().json()
    return answer


async def posted(world: World, path: str, status: int = 200, **body: Any) -> Json:
    answer = await world.api.post(path, json=body)
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


async def taken(world: World) -> tuple[Any, str]:
    """A customer who has written, and whose conversation is the caller's."""
    phone = await world.phone(name="Đặng Hồng", wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Đặng")
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    await posted(world, f"/conversations/{lead}/takeover", draft="Hello, I am")
    return phone, lead


async def hours_pass(world: World, hours: int) -> None:
    """Business time moves on, and every process knows it."""
    parts = world.process.parts
    then = await parts.clock.business_now() + timedelta(hours=hours)
    await BusinessClock(world.process.database).move(timedelta(hours=hours), live_key=False)

    async def is_then() -> bool:
        return await parts.clock.business_now() >= then

    await until(is_then, what="the time that was moved to")


async def test_a_row_says_what_waits_and_what_is_being_written(world: World) -> None:
    phone, lead = await taken(world)
    await phone.say("how much is the massage?")
    await world.quiet()
    (row,) = (await got(world, "/inbox", tab="mine", order="waiting"))["items"]
    assert (row["preview"], row["last_speaker"], row["unread"]) == ("how much is the massage?", "customer", 1)
    assert row["waiting_since"] is not None
    assert row["window_closes_at"] is not None
    assert (row["draft"]["text"], row["bot_draft"], row["owner"]) == ("Hello, I am", True, "api")
    counts = await got(world, "/inbox/counts")
    assert (counts["mine"], counts["waiting"], counts["unread"], counts["snoozed"]) == (1, 1, 1, 0)
    await posted(world, f"/conversations/{lead}/read")
    assert (await got(world, "/inbox/counts"))["unread"] == 0


async def test_a_send_that_crossed_is_refused_once_and_then_goes(world: World) -> None:
    phone, lead = await taken(world)
    seen = (await got(world, f"/conversations/{lead}/messages"))["turn"]
    await phone.say("wait, one more thing")
    await world.quiet()
    refused = await posted(world, f"/conversations/{lead}/messages", 409, text="It is 350", seen=seen)
    assert refused["type"] == "urn:janji:problem:not-read"
    seen = (await got(world, f"/conversations/{lead}/messages"))["turn"]
    await posted(world, f"/conversations/{lead}/messages", 202, text="It is 350", seen=seen)
    await phone.expect("It is 350")
    await world.quiet()
    entry = await got(world, f"/conversations/{lead}/inbox")
    # what was sent retires the reply's draft and the bot's own suggestion
    assert (entry["drafts"], entry["bot_draft"], entry["last_speaker"]) == ([], False, "api")


async def test_a_note_is_read_by_colleagues_and_never_by_the_customer(world: World) -> None:
    phone, lead = await taken(world)
    note = await posted(world, f"/conversations/{lead}/notes", 201, text="careful, allergic to nuts", mentions=["api"])
    lines = (await got(world, f"/conversations/{lead}/messages"))["items"]
    assert [(line["id"], line["by"]) for line in lines if line["author"] == "note"] == [(note["id"], "api")]
    (mention,) = (await got(world, "/mentions"))["items"]
    assert (mention["lead_id"], mention["line"]["text"]) == (lead, "careful, allergic to nuts")
    await posted(world, f"/conversations/{lead}/release", note="asked for twin beds")
    await world.quiet()
    lines = (await got(world, f"/conversations/{lead}/messages"))["items"]
    assert [line["what"] for line in lines if line["author"] == "note"] == ["", "handed_back"]
    assert not [bubble for bubble in await phone.bubbles() if "nuts" in bubble.text or "twin" in bubble.text]


async def test_a_draft_on_an_older_one_is_told_whose_the_newer_is(world: World) -> None:
    _, lead = await taken(world)
    kept = await posted(world, f"/conversations/{lead}/drafts", kind="reply", text="Hello, I am Ayu", base=1)
    assert kept["draft"]["revision"] == 2
    refused = await posted(world, f"/conversations/{lead}/drafts", 409, kind="reply", text="Hi", base=1)
    assert refused["type"] == "urn:janji:problem:draft-changed"
    assert refused["detail"].startswith("api saved another draft")


async def test_planned_words_go_at_their_time_whoever_was_killed_meanwhile(world: World) -> None:
    phone, lead = await taken(world)
    now = await world.process.parts.clock.business_now()
    at = (now + timedelta(hours=3)).isoformat()
    planned = await posted(world, f"/conversations/{lead}/later", 201, text="Did you decide?", at=at)
    entry = await got(world, f"/conversations/{lead}/inbox")
    assert [(one["id"], one["stopped"]) for one in entry["later"]] == [(planned["id"], None)]
    await hours_pass(world, 4)
    await phone.expect("Did you decide?", timeout=30)
    assert (await got(world, f"/conversations/{lead}/inbox"))["later"] == []


async def test_a_snooze_sleeps_through_thanks_and_ends_with_a_question(world: World) -> None:
    phone, lead = await taken(world)
    await posted(world, f"/conversations/{lead}/snooze", kind="answered")
    assert (await got(world, "/inbox"))["items"] == []
    await phone.say("thank you!")
    await world.quiet()
    (row,) = (await got(world, "/inbox", only="snoozed"))["items"]
    assert row["snooze"]["kind"] == "answered"
    await phone.say("how much is the massage?")
    await world.quiet()
    (row,) = (await got(world, "/inbox", order="deadline"))["items"]
    assert (row["id"], row["snooze"]) == (lead, None)
    refused = await posted(world, f"/conversations/{lead}/snooze", 409, kind="paid", booking="BK-none")
    assert refused["type"] == "urn:janji:problem:no-such-booking"


async def test_a_conversation_is_found_by_name_number_and_words_without_marks(world: World) -> None:
    phone, lead = await taken(world)
    await phone.say("mình muốn đặt phòng gia đình")
    await world.quiet()

    async def found(words: str) -> list[tuple[str, str]]:
        return [(one["why"], one["row"]["id"]) for one in (await got(world, "/search", q=words))["items"]]

    assert await found("dang") == [("name", lead)]
    assert await found("0001") == [("number", lead)]
    assert ("words", lead) in await found("dat phong")
    assert await found("nobody said this") == []
    first = await got(world, "/search", q="dat phong", limit=1)
    assert first["items"][0]["line"]["text"] == "mình muốn đặt phòng gia đình"


async def test_a_closed_window_offers_the_template_that_fits_and_sends_it(world: World) -> None:
    await approved(world)
    phone, lead = await taken(world)
    await hours_pass(world, 25)
    await world.quiet()
    # half a day of silence gives it back to the bot: it is taken again
    await posted(world, f"/conversations/{lead}/takeover")
    refused = await posted(world, f"/conversations/{lead}/messages", 409, text="Hello?")
    assert refused["type"] == "urn:janji:problem:window-closed"
    (template,) = (await got(world, f"/conversations/{lead}/templates"))["items"]
    assert "we have an answer for you" in template["text"]
    assert template["cost"] == {"amount": 357, "currency": "IDR"}
    await posted(world, f"/conversations/{lead}/templates", 202, name=template["name"])
    await phone.expect("we have an answer for you", timeout=30)


async def test_a_failed_message_says_why_and_retry_really_sends(world: World) -> None:
    phone, lead = await taken(world)
    await world.fault("error", status=400, code=131026)
    sent = await posted(world, f"/conversations/{lead}/messages", 202, text="Are you there?")

    async def failed() -> Any:
        lines = (await got(world, f"/conversations/{lead}/messages"))["items"]
        return [line for line in lines if line["status"] == "failed"]

    (line,) = await until(failed, what="the failure")
    assert (line["failure"], line["code"]) == ("unreachable", 131026)
    assert sent["id"] in line["id"]
    twice = [await posted(world, f"/conversations/{lead}/messages/{line['id']}/retry", 202) for _ in range(2)]
    assert twice[0] == twice[1]
    await phone.expect("Are you there?")
    await world.quiet()
    assert len([bubble for bubble in await phone.bubbles() if "Are you there?" in bubble.text]) == 1


async def test_who_goes_off_duty_gives_what_waits_back_to_the_queue(world: World) -> None:
    phone, lead = await taken(world)
    await posted(world, "/availability", on_duty=True, capacity=4)
    await phone.say("hello?? how much is it")
    await world.quiet()
    (mine,) = (await got(world, "/availability"))["items"]
    assert (mine["on_duty"], mine["waiting"]) == (True, 1)
    await posted(world, "/availability", on_duty=False)
    (row,) = (await got(world, "/inbox", tab="unassigned"))["items"]
    assert (row["id"], row["owner"]) == (lead, None)
    parts = world.process.parts
    now = await parts.clock.business_now()
    # who had it is off: the next goes to who is on duty
    await parts.availabilities.say(AgentId("rina"), now, on_duty=True, capacity=1)
    await housekeeping.tidy(parts, await parts.leads.server_now(), now)
    assert (await got(world, f"/conversations/{lead}/inbox"))["owner"] == "rina"
    assert not await parts.staff_inbox.assign_for(LeadId(lead), AgentId("x"), AgentId("x"), AssignedWhy.FAIR_SHARE)


async def test_presence_shows_who_looks_and_types(world: World) -> None:
    _, lead = await taken(world)
    await posted(world, f"/conversations/{lead}/presence", typing=True)
    (row,) = (await got(world, "/inbox"))["items"]
    assert row["present"] == [{"agent": "api", "typing": True}]
    (await world.api.delete(f"/conversations/{lead}/presence")).raise_for_status()
    (row,) = (await got(world, "/inbox"))["items"]
    assert row["present"] == []


async def test_ready_words_come_filled_with_blanks_named(world: World) -> None:
    _, lead = await taken(world)
    replies = {one["id"]: one for one in (await got(world, f"/conversations/{lead}/replies"))["items"]}
    assert replies["on-the-way"]["text"].startswith("Hi Đặng Hồng, we are on our way")
    assert replies["on-the-way"]["blanks"] == ["service", "time"]
