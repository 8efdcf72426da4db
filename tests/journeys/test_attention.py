"""A guest asks for a person at night: whoever is on call hears of it in WhatsApp, one after the other, until taken."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from simulator.customer import Phone
from tests.bot.business.makers import SAMPLE
from tests.journeys import payments as p
from tests.journeys.test_outside_the_window import approved
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]

ON_CALL = """
on_call:
  - name: Ayu Pemilik
    phone: "+6281200000901"
    hours: { daily: ["00:00-24:00"] }
    language: id
  - name: Made Malam
    phone: "+6281200000902"
    hours: { daily: ["18:00-09:00"] }
    language: en
escalations:
  - on: [asked_for_person]
    severity: critical
    answer_within: 10
"""


@pytest.fixture
async def night(mongodb_uri: str, tmp_path: Path) -> AsyncIterator[World]:
    """The sample with two people on call, at half past eleven in the evening."""
    path = tmp_path / "on-call.yaml"
    path.write_text(SAMPLE + ON_CALL, encoding="utf-8")
    async with opened(mongodb_uri, ours={"business_file": path}, has_pager=True) as world:
        await approved(world)
        await until_local(world, 23, 30)
        yield world


async def until_local(world: World, hour: int, minute: int) -> None:
    """Everybody's time goes on to that hour on the wall."""
    clock, zone = world.process.parts.clock, world.process.business.zone
    now = (await clock.business_now()).astimezone(zone)
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    await p.everybodys_time_goes_on(world, (then - now) % timedelta(days=1))


async def owner_and_next(world: World) -> tuple[Phone, Phone]:
    return (
        await world.phone("Ayu Pemilik", wa_id="6281200000901"),
        await world.phone("Made Malam", wa_id="6281200000902"),
    )


async def asking(world: World, number: str = "6281200000181") -> Phone:
    guest = await world.phone("Emma", wa_id=number)
    await guest.say("I want to talk to a human")
    await guest.expect("I have called a person")
    return guest


async def queue(world: World, **query: Any) -> list[Json]:
    answer = await world.api.get("/attention", params=query)
    assert answer.status_code == 200, answer.text
    items: list[Json] = answer.json()["items"]
    return items


async def sweep(world: World) -> None:
    """A round, as the worker makes it."""
    await world.process.parts.on_call.sweep()
    await world.quiet()


async def told(world: World) -> list[str]:
    (row,) = await queue(world, reason="asked_for_person")
    return [one["name"] for one in row["told"]]


async def test_at_night_the_owner_is_told_takes_it_and_nobody_else_hears_of_it(night: World) -> None:
    owner, following = await owner_and_next(night)
    await asking(night)
    told_owner = await owner.expect("Pelanggan minta bicara dengan staf", kind="template")
    assert "Emma" in told_owner.text
    assert "6281200000181" not in told_owner.text
    (row,) = await queue(night)
    assert (row["reason"], row["severity"], row["owner"]) == ("asked_for_person", "critical", None)
    assert row["fix"]["path"] == f"/api/v1/conversations/{row['lead_id']}/takeover"
    await owner.tap("Saya tangani")
    assert "bagian kakak" in (await owner.expect("Terima kasih")).text
    (row,) = await queue(night, owner="Ayu Pemilik")
    assert row["owner"]["role"] == "on_call"
    assert await queue(night, owner="none") == []
    await p.everybodys_time_goes_on(night, timedelta(minutes=30))
    await sweep(night)
    assert await following.bubbles() == ()

    # the one button deals with it: the conversation is taken, the cause is gone, and so is the row
    path = row["fix"]["path"].removeprefix("/api/v1")
    assert (await night.api.post(path)).status_code == 200
    assert await queue(night) == []
    await sweep(night)
    await owner.expect("Selesai: Pelanggan minta bicara")
    shown = (await night.api.get(f"/attention/{row['id']}")).json()
    assert (shown["ended"], shown["owner"]["id"], shown["next_look_at"]) == ("gone", "Ayu Pemilik", None)


async def test_silence_tells_the_next_and_a_tap_on_what_is_taken_says_by_whom(night: World) -> None:
    owner, following = await owner_and_next(night)
    await asking(night)
    await owner.expect("Pelanggan minta bicara", kind="template")
    await p.everybodys_time_goes_on(night, timedelta(minutes=9))
    await sweep(night)
    assert await following.bubbles() == (), "not before the owner's time is over"
    await p.everybodys_time_goes_on(night, timedelta(minutes=2))
    await following.expect("A customer asks for a person", kind="template")
    assert await told(night) == ["Ayu Pemilik", "Made Malam"]
    await following.tap("I take it")
    await following.expect("it is yours")
    await owner.tap("Saya tangani")
    await owner.expect("Sudah ditangani Made Malam")
    (row,) = await queue(night)
    assert row["owner"]["id"] == "Made Malam"


async def test_who_cannot_passes_it_on_at_once(night: World) -> None:
    owner, following = await owner_and_next(night)
    await asking(night)
    await owner.expect("Pelanggan minta bicara", kind="template")
    await owner.tap("Saya tidak bisa")
    await owner.expect("saya kabari orang berikutnya")
    await following.expect("A customer asks for a person", kind="template")


async def test_what_is_over_by_then_is_told_to_nobody_and_a_tap_says_how_it_ended(night: World) -> None:
    owner, following = await owner_and_next(night)
    await asking(night)
    await owner.expect("Pelanggan minta bicara", kind="template")
    (row,) = await queue(night)
    assert (await night.api.post(f"/conversations/{row['lead_id']}/takeover")).status_code == 200
    await p.everybodys_time_goes_on(night, timedelta(minutes=30))
    await sweep(night)
    assert await following.bubbles() == (), "its cause is gone: no late nag"
    # what the day brings together names the reason too
    calls = [bubble for bubble in await owner.bubbles() if bubble.says("Mohon dijawab sebelum")]
    assert len(calls) == 1
    await owner.tap("Saya tangani")
    await owner.expect("Yang ini sudah selesai")
    refused = await night.api.post(f"/attention/{row['id']}/take", json={"by": "wayan"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:janji:problem:attention-closed")


async def test_an_owner_who_cannot_be_told_here_is_passed_over(mongodb_uri: str, tmp_path: Path) -> None:
    path = tmp_path / "on-call.yaml"
    path.write_text(SAMPLE + ON_CALL, encoding="utf-8")
    async with opened(mongodb_uri, ours={"business_file": path}) as world:
        # no template is approved: outside their window nobody can be told, but for who has written
        following = await world.phone("Made Malam", wa_id="6281200000902")
        await until_local(world, 23, 0)
        await following.say("hello")
        await following.expect("Made Malam")
        await asking(world)
        await following.expect("A customer asks for a person")
        await following.say("queue")
        assert "A partner could not be told" in (await following.expect("What waits")).text


async def test_the_address_of_the_business_hears_each_change_until_it_is_over(night: World) -> None:
    owner, _ = await owner_and_next(night)
    await night.told("POST", "/escalations/answers", {"answers": [500]})
    await asking(night)
    await owner.expect("Pelanggan minta bicara", kind="template")
    (row,) = await queue(night)
    await owner.tap("Saya tangani")
    await owner.expect("Terima kasih")

    async def heard() -> Json | None:
        parts = night.process.parts
        rows = parts.attention.rows
        # in place of waiting for the next try
        await rows._collection.update_many({"carry_at": {"$type": "date"}}, [{"$set": {"carry_at": "$$NOW"}}])
        await parts.escalations.sweep(await parts.clock.business_now())
        known: Json | None = (await night.told("GET", "/escalations"))["rows"].get(row["id"])
        return known if known is not None and known["state"] == state else None

    state = "taken"
    known = await until(heard, what="the message that it is taken")
    assert (known["reason"], known["owner"], known["severity"]) == ("asked_for_person", "Ayu Pemilik", "critical")
    assert known["sentence"]["vi"] == "Khách muốn nói chuyện với nhân viên"
    assert "Emma" not in str(known)
    assert (await night.api.post(f"/conversations/{row['lead_id']}/takeover")).status_code == 200
    await queue(night)
    state = "closed"
    await until(heard, what="the message that it is over")
    calls = (await night.told("GET", "/escalations"))["calls"]
    assert calls[0] == {"status": 500}
    assert {call["status"] for call in calls[1:]} == {202}


async def test_the_owners_morning_says_what_waits_once_and_nothing_where_there_is_nothing(night: World) -> None:
    owner, following = await owner_and_next(night)
    await until_local(night, 8, 1)
    parts = night.process.parts
    await parts.owner_digests.sweep(await parts.clock.business_now())
    await night.quiet()
    assert await owner.bubbles() == (), "nothing waits, nothing is booked, nothing was paid"
    # however long it was on its way, no morning is told at night
    now = await parts.clock.business_now()
    day = now.astimezone(night.process.business.zone).date().isoformat().encode()
    assert await parts.owner_digests.event_of("told", day, now) is not None
    assert await parts.owner_digests.event_of("told", day, now + timedelta(hours=5)) is None

    guest = await night.phone("Emma", wa_id="6281200000182")
    reference = p.reference_in(await p.linked(guest))
    await p.pay(night, f"{reference}.1")
    await guest.expect("Received")
    await guest.say("what is the wifi password of the neighbours?")
    await night.quiet()
    await p.everybodys_time_goes_on(night, timedelta(hours=24))
    morning = await owner.expect("ringkasan hari ini", kind="template")
    assert "Uang masuk kemarin: IDR" in morning.text
    await parts.owner_digests.sweep(await parts.clock.business_now())
    await night.quiet()
    assert len([one for one in await owner.bubbles() if "ringkasan" in one.text]) == 1
    assert await following.bubbles() == ()
