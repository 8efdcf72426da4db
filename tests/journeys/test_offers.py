"""Work that is offered, through the phones of those who are asked: one has it, the others hear so, once."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.booking import Booking
from bot.domain.ids import BookingReference, EffectId
from bot.domain.states import State
from bot.domain.task import SERVICE_TASK, PlannedTask, TaskKind
from bot.domain.task_orders import EnsureTasks, WithdrawTasks
from bot.lifecycle.task_steps import TaskRefusal, TaskRefused
from simulator.customer import Phone
from tests.bot.business.makers import SAMPLE
from tests.journeys import payments as p
from tests.journeys.test_jobs import alarms, paid
from tests.journeys.test_outside_the_window import approved
from tests.journeys.test_stays import a_tuesday, go_to, in_the_evening, paid_stay, tasks_of
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]
AYU, KOMANG = "6281200000201", "6281200000202"
KETUT, ILUH = "6281200000301", "6281200000302"
CLEANING = """
tasks:
  - id: pre-arrival-cleaning
    for: [kamboja-stay]
    role: cleaner
    due: { before: start, days: 1 }
    minutes: 180
    offer: { answer_within: 60 }
"""


async def partner(world: World, number: str, name: str) -> Phone:
    """The phone of somebody who delivers and has written before."""
    phone = await world.phone(name, wa_id=number)
    await phone.say("halo")
    await phone.expect(name)
    return phone


async def offered(world: World, number: str, *, plan_no: int = 1, minutes: int = 30, at_once: bool = True) -> str:
    """A booking of a guest whose time is held, and what its plan offers to both who could do it; its reference."""
    guest = await world.phone("Emma", wa_id=number)
    reference = p.reference_in(await p.linked(guest))
    await world.quiet()
    await planned(world, reference, plan_no, minutes, at_once=at_once)
    return reference


async def planned(world: World, reference: str, plan_no: int, minutes: int = 30, *, at_once: bool = True) -> None:
    """Its lead orders these offers."""
    parts, booking = world.process.parts, await p.booking(world, reference)
    now, slot = await parts.clock.business_now(), booking.chosen
    assert slot is not None
    wanted = PlannedTask(
        SERVICE_TASK,
        (("en", "Balinese massage 60 min"), ("id", "Pijat Bali 60 menit")),
        slot.end,
        int((slot.end - slot.start).total_seconds() // 60),
        place=slot.place or booking.place,
        kind=TaskKind.SERVICE,
        guests=booking.guests,
        candidates=("ayu", "komang"),
        answer_by=now + timedelta(hours=3),
        answer_minutes=minutes,
        at_once=at_once,
    )
    order = EnsureTasks(BookingReference(reference), plan_no, (wanted,), now)
    stored = await world.process.parts.bookings.find(BookingReference(reference))
    assert stored is not None
    await parts.relay.records.perform(stored.lead, EffectId("plan"), order)


def task_of(reference: str) -> str:
    return f"{reference}:{SERVICE_TASK}:1"


async def shown(world: World, task: str) -> Json:
    told: Json = (await world.api.get(f"/tasks/{task}")).raise_for_status().json()
    return told


def outcomes(task: Json) -> dict[str, str]:
    """By who was asked, what became of the last offer to them."""
    return {offer["who"]["id"]: offer["outcome"] for offer in task["offers"]}


async def providers_booked(world: World, booking: Booking) -> set[str]:
    """Whose time the booking has."""
    rows = world.process.database["claims"].find({"hold": booking.booked_hold, "booked": True})
    return {row["_id"].split("|")[0] async for row in rows if row["_id"].startswith("provider:")}


async def test_two_are_asked_the_first_who_accepts_has_it_and_the_other_is_told(world: World) -> None:
    await approved(world)
    ayu = await partner(world, AYU, "Ayu Pratiwi")
    komang = await world.phone("Komang Sri", wa_id=KOMANG)
    reference = await offered(world, "6281200000081")
    held = (await p.booking(world, reference)).chosen
    assert held is not None
    asked = await ayu.expect("mau diambil", kind="buttons")
    assert "Emma" not in asked.text
    assert "Bagian kakak: IDR" in asked.text
    await komang.expect("apakah Anda mau mengambilnya", kind="template")
    first, second = (ayu, komang) if held.provider == "ayu" else (komang, ayu)
    await first.tap("Saya ambil")
    await first.expect("tunggu pembayaran tamunya")
    if second is ayu:
        # outside their 24 hours no template is spent on it
        await second.expect("Sudah diambil yang lain")
    await second.tap("Saya ambil")
    await second.expect("Sudah diambil yang lain")
    await first.tap("Saya ambil")
    await first.expect("tunggu pembayaran tamunya")
    task = await shown(world, task_of(reference))
    assert (task["state"], task["who"]["id"]) == ("taken", held.provider)
    assert sorted(outcomes(task).values()) == ["accepted", "lost"]
    await first.say("pekerjaan saya")
    await first.expect("Pijat Bali")

    await paid(world, reference)
    card = await first.expect("Bagian kakak", kind="list")
    assert "Tamu: Emma" in card.text
    await first.tap("Saya tidak bisa", card.id)
    await first.expect("yakin tidak bisa", kind="buttons")
    await first.tap("Ya, tidak bisa")
    await first.expect("tidak jadi kakak kerjakan")
    task = await shown(world, task_of(reference))
    assert (task["state"], task["who"], task["note"]) == ("unfilled", None, None)

    async def is_unfilled() -> bool:
        # the contact of the place, who has no phone here, may be an alarm before
        return ("task_unfilled", task["id"]) in await alarms(world)

    await until(is_unfilled, what="the alarm")


async def test_what_only_one_could_do_is_their_guests_to_choose_when_they_give_it_back_or_are_ill(world: World) -> None:
    ayu, komang = await partner(world, AYU, "Ayu Pratiwi"), await partner(world, KOMANG, "Komang Sri")
    for number, words in (("6281200000091", ""), ("6281200000092", "besok saya sakit kak")):
        guest = await world.phone("Emma", wa_id=number)
        wish = p.WISH if not words else p.WISH.replace("in four weeks", "tomorrow")
        reference = p.reference_in(await p.linked(guest, wish))
        await paid(world, reference)
        booking = await p.booking(world, reference)
        assert booking.chosen is not None
        theirs = ayu if booking.chosen.provider == "ayu" else komang
        card = await theirs.expect("Tamu: Emma", kind="list")
        if words:
            await theirs.say(words)
            await theirs.expect("tidak bisa kerja?", kind="buttons")
            await theirs.tap("Ya, saya libur")
            await theirs.expect("tidak ada jadwal baru")
        else:
            await theirs.tap("Saya tidak bisa", card.id)
            await theirs.expect("yakin tidak bisa", kind="buttons")
            await theirs.tap("Ya, tidak bisa")
            await theirs.expect("tidak jadi kakak kerjakan")
        now = await world.process.parts.clock.business_now()
        await world.process.parts.blocks.sweep(now)
        await guest.expect("cannot take place")


async def test_another_than_whose_time_was_held_accepts_and_their_time_is_taken_and_not_the_others(
    world: World,
) -> None:
    reference = await offered(world, "6281200000082")
    booking = await p.booking(world, reference)
    assert booking.chosen is not None
    held = booking.chosen.provider
    other = "komang" if held == "ayu" else "ayu"
    assert await providers_booked(world, booking) == {f"provider:{held}"}
    assert (await world.process.parts.offers.accept(task_of(reference), other, 1)).assignee == other
    assert await providers_booked(world, booking) == {f"provider:{other}"}
    given = await world.api.post(f"/tasks/{task_of(reference)}/assign", json={"who": held})
    assert given.status_code == 200, given.text
    assert await providers_booked(world, booking) == {f"provider:{held}"}
    foreign = await world.api.post(f"/tasks/{task_of(reference)}/assign", json={"who": "nyoman"})
    assert (foreign.status_code, foreign.json()["type"]) == (409, "urn:janji:problem:not-a-candidate")


async def test_of_two_who_accept_in_the_same_moment_one_has_it(world: World) -> None:
    reference = await offered(world, "6281200000083")
    desk = world.process.parts.offers
    got = await asyncio.gather(
        *(desk.accept(task_of(reference), who, 1) for who in ("ayu", "komang")), return_exceptions=True
    )
    refused = [one for one in got if isinstance(one, TaskRefused)]
    assert [one.why for one in refused] == [TaskRefusal.OFFER_LOST]
    task = await shown(world, task_of(reference))
    assert await providers_booked(world, await p.booking(world, reference)) == {f"provider:{task['who']['id']}"}


async def test_silence_of_all_asks_one_after_the_other_and_then_a_person(world: World) -> None:
    ayu, komang = await partner(world, AYU, "Ayu Pratiwi"), await partner(world, KOMANG, "Komang Sri")
    reference = await offered(world, "6281200000084", at_once=False)
    parts = world.process.parts
    await ayu.expect("mau diambil", kind="buttons")
    assert outcomes(await shown(world, task_of(reference))) == {"ayu": "open"}
    for phone in (ayu, komang):
        await p.time_goes_on(world, timedelta(minutes=31))
        await parts.offers.sweep(await parts.clock.business_now())
        await phone.expect("Waktu menjawabnya sudah lewat")
        if phone is ayu:
            await komang.expect("mau diambil", kind="buttons")
    task = await shown(world, task_of(reference))
    assert (task["state"], outcomes(task)) == ("unfilled", {"ayu": "expired", "komang": "expired"})
    await until(lambda: alarms(world), what="the alarm")
    await ayu.tap("Saya ambil")
    await ayu.expect("sudah tidak dibuka lagi")
    given = await world.api.post(f"/tasks/{task_of(reference)}/assign", json={"who": "komang"})
    assert given.json()["state"] == "taken"


async def test_who_has_something_else_by_then_is_told_so_and_the_search_goes_on(world: World) -> None:
    ayu, komang = await partner(world, AYU, "Ayu Pratiwi"), await partner(world, KOMANG, "Komang Sri")
    reference = await offered(world, "6281200000085")
    booking = await p.booking(world, reference)
    assert booking.chosen is not None
    phones = {"ayu": ayu, "komang": komang}
    for phone in phones.values():
        await phone.expect("mau diambil", kind="buttons")
    # whose time is held has it free, and may have become ill all the same
    ill = str(booking.chosen.provider)
    other = next(who for who in phones if who != ill)
    body = {
        "resource": f"provider:{ill}",
        "from": booking.chosen.start.isoformat(),
        "to": booking.chosen.end.isoformat(),
        "reason": "fever",
    }
    assert (await world.api.post("/blocks", json=body)).status_code == 201
    await phones[ill].tap("Saya ambil")
    await phones[ill].expect("sudah ada jadwal lain")
    assert outcomes(await shown(world, task_of(reference))) == {other: "open", ill: "busy"}
    assert await providers_booked(world, booking) == {f"provider:{ill}"}


async def test_an_offer_that_cannot_be_said_goes_on_to_the_next_at_once(world: World) -> None:
    komang = await partner(world, KOMANG, "Komang Sri")
    reference = await offered(world, "6281200000086", at_once=False)
    # no template is approved, and ayu never wrote
    await komang.expect("mau diambil", kind="buttons")
    assert outcomes(await shown(world, task_of(reference))) == {"ayu": "unsent", "komang": "open"}
    assert "partner_not_told" in {reason for reason, _ in await alarms(world)}


async def test_called_off_while_offers_are_open_and_buttons_of_others_do_nothing(world: World) -> None:
    ayu, komang = await partner(world, AYU, "Ayu Pratiwi"), await partner(world, KOMANG, "Komang Sri")
    reference = await offered(world, "6281200000087")
    await ayu.expect("mau diambil", kind="buttons")
    await komang.expect("mau diambil", kind="buttons")
    parts = world.process.parts
    stored = await parts.bookings.find(BookingReference(reference))
    assert stored is not None
    order = WithdrawTasks(BookingReference(reference), 1, "cancelled", await parts.clock.business_now())
    await parts.relay.records.perform(stored.lead, EffectId("off"), order)
    for phone in (ayu, komang):
        await phone.expect("sudah tidak dibuka lagi")
        await phone.tap("Saya ambil")
        await phone.expect("sudah tidak dibuka lagi")
    with pytest.raises(TaskRefused):
        await parts.offers.accept(task_of(reference), "nyoman", 1)
    assert set(outcomes(await shown(world, task_of(reference))).values()) == {"withdrawn"}


async def test_a_cleaner_declines_the_next_takes_and_with_nobody_a_person_looks(
    mongodb_uri: str, tmp_path: Path
) -> None:
    path = tmp_path / "business.yaml"
    path.write_text(SAMPLE + CLEANING, "utf-8")
    async with opened(mongodb_uri, ours={"business_file": path}) as world:
        parts, zone = world.process.parts, world.process.business.zone
        guest = await world.phone("Emma", wa_id="6281200000089")
        await guest.say("Hello")
        await world.quiet()
        today = (await in_the_evening(world)).date()
        reference = await paid_stay(world, guest, a_tuesday(today + timedelta(days=20)))
        task = (await tasks_of(world, reference))["pre-arrival-cleaning"]["id"]
        now = (await parts.clock.business_now()).astimezone(zone)
        await go_to(world, (now + timedelta(days=1)).replace(hour=10))
        ketut, iluh = await partner(world, KETUT, "Ketut Suarni"), await partner(world, ILUH, "Iluh Ratna")
        await parts.offers.sweep(await parts.clock.business_now())
        asked = outcomes(await shown(world, task))
        phones = {"ketut": ketut, "iluh": iluh}
        assert set(asked.values()) == {"open"}
        (best,) = asked
        first, second = phones.pop(best), next(iter(phones.values()))
        await first.expect("mau diambil", kind="buttons")
        await first.tap("Tidak dulu")
        await first.expect("Kami tanya yang lain")
        await second.expect("mau diambil", kind="buttons")
        await second.tap("Saya ambil")
        card = await second.expect("Ada pekerjaan buat kakak", kind="list")
        assert (await shown(world, task))["state"] == "taken"
        await second.tap("Saya tidak bisa", card.id)
        await second.expect("yakin tidak bisa", kind="buttons")
        await second.tap("Ya, tidak bisa")
        await second.expect("tidak jadi kakak kerjakan")
        assert (await shown(world, task))["state"] == "unfilled"

        async def called() -> bool:
            return ("task_unfilled", task) in await alarms(world)

        await until(called, what="the alarm")
        assert (await p.booking(world, reference)).state is State.CONFIRMED
        given = await world.api.post(f"/tasks/{task}/assign", json={"who": "ketut"})
        assert given.json()["state"] == "taken"

        async def over() -> bool:
            return not await called()

        await until(over, what="the end of the alarm")
