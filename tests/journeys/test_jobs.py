"""The job card after the money: told to the provider, tapped through, moved and called off, asked about, and proved."""

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ids import BookingReference, EffectId
from bot.domain.job import JobStep
from bot.domain.partner_events import JobStepped
from bot.domain.partner_orders import StepJob
from bot.domain.states import ShowUp, State
from bot.domain.task import PlannedTask
from bot.store.photos import LARGEST
from simulator.customer import Phone
from tests.journeys import payments as p
from tests.journeys.test_outside_the_window import approved
from tests.journeys.world import World, until
from tests.webhooks.api.bookings.test_changes import problem

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]


async def provider_of(world: World, reference: str, *, is_silent: bool = False) -> Phone:
    """The phone of whoever gives what was booked; they have written before unless they are silent."""
    slot = (await p.booking(world, reference)).chosen
    known = world.process.business.provider(None if slot is None else slot.provider)
    assert known is not None
    phone = await world.phone(known.contact.name, wa_id=known.contact.phone.removeprefix("+"))
    if not is_silent:
        await phone.say("halo")
        await phone.expect(known.contact.name)
    return phone


async def paid(world: World, reference: str) -> None:
    await p.pay(world, f"{reference}.1")
    await p.is_in(world, reference, State.CONFIRMED)


async def alarms(world: World) -> set[tuple[str, str]]:
    items: list[Json] = (await world.api.get("/alarms")).json()["items"]
    return {(item["reason"], item["subject"]) for item in items}


async def test_a_provider_who_never_wrote_gets_a_template_the_card_and_taps_to_the_end(world: World) -> None:
    await approved(world)
    guest = await world.phone("Emma", wa_id="6281200000071")
    reference = p.reference_in(await p.linked(guest))
    provider = await provider_of(world, reference, is_silent=True)
    await world.quiet()
    assert await provider.bubbles() == (), "nothing before the money"
    await paid(world, reference)
    offer = await provider.expect("ada pekerjaan untuk Anda", kind="template")
    assert "Emma" not in offer.text
    await provider.tap("Lihat pekerjaan")
    card = await provider.expect("Bagian kakak", kind="list")
    place = world.process.business.place("villa-melati")
    assert place is not None
    assert place.address in card.text
    assert "Tamu: Emma" in card.text
    assert "6281200000071" not in card.text
    await provider.tap("Selesai", card.id)
    await provider.expect("Belum waktunya")
    await provider.say("uang saya")
    await provider.expect("Belum dibayarkan: IDR ")

    booked = await p.booking(world, reference)
    assert booked.chosen is not None
    task = f"{reference}:service:1"
    book = world.process.parts.partner_worker.relay.partners
    assert book is not None
    now = await world.process.parts.clock.business_now()
    foreign = await book.perform(EffectId("x"), StepJob("+6281200000301", task, JobStep.DONE), now)
    assert isinstance(foreign, JobStepped)
    assert foreign.refusal == "no-such-task"

    await p.everybodys_time_goes_on(world, booked.chosen.start - now - timedelta(hours=1))
    await guest.say("thank you")
    await world.quiet()
    await provider.tap("Sedang di jalan", card.id)
    await provider.expect("kakak sedang di jalan")
    named = world.process.business.provider(booked.chosen.provider)
    assert named is not None
    heard = await guest.expect(f"{named.name.say('en')} is on the way to you")
    assert named.contact.phone.removeprefix("+") not in heard.text
    await provider.tap("Sudah mulai", card.id)
    await provider.expect("sudah mulai")
    shown: Json = (await world.api.get(f"/tasks/{task}")).json()
    assert (shown["state"], shown["kind"], shown["who"]["id"]) == ("taken", "service", booked.chosen.provider)
    assert shown["on_the_way_at"] < shown["started_at"]
    await p.everybodys_time_goes_on(world, timedelta(hours=2))
    await provider.tap("Selesai", card.id)
    await provider.expect("sudah selesai")
    ended = await p.is_in(world, reference, State.COMPLETED)
    assert ended.show_up is ShowUp.CAME
    await provider.tap("Selesai", card.id)
    await provider.expect("sudah tercatat selesai")
    await p.agrees(world)


async def test_moved_and_called_off_the_provider_hears_of_it_and_old_buttons_say_so(world: World) -> None:
    guest = await world.phone("Emma", wa_id="6281200000072")
    reference = p.reference_in(await p.linked(guest))
    provider = await provider_of(world, reference)
    await paid(world, reference)
    card = await provider.expect("Ada pekerjaan buat kakak", kind="list")
    booked = await p.booking(world, reference)
    assert booked.chosen is not None
    day = (booked.chosen.start + timedelta(days=1)).date().isoformat()
    query = {"from": day, "to": day, "provider": booked.chosen.provider, "place": "villa-melati", "guests": "1"}
    free: list[Json] = (await world.api.get("/services/balinese-massage/slots", params=query)).json()["items"]
    body = {"slot_id": free[0]["slot_id"], "cause": "customer", "reason": "flight"}
    moved = await world.api.post(f"/bookings/{reference}/reschedule", json=body)
    assert moved.status_code < 300, moved.text
    changed = await provider.expect("Ada perubahan di pekerjaan kakak", kind="list")
    assert changed.text != card.text
    body = {"cause": "customer", "reason": "ill"}
    assert (await world.api.post(f"/bookings/{reference}/cancel", json=body)).status_code < 300
    await provider.expect("tidak jadi buat kakak")
    await provider.tap("Sedang di jalan", card.id)
    await provider.expect("tidak jadi buat kakak")
    await provider.say("pekerjaan saya")
    await provider.expect("belum ada pekerjaan")


async def test_without_a_template_a_person_calls_and_silence_after_the_end_asks_once(world: World) -> None:
    guest = await world.phone("Emma", wa_id="6281200000073")
    reference = p.reference_in(await p.linked(guest))
    provider = await provider_of(world, reference, is_silent=True)
    await paid(world, reference)

    async def not_told() -> bool:
        return ("partner_not_told", f"{reference}:service:1") in await alarms(world)

    await until(not_told, what="the alarm of what could not be told")
    await provider.say("halo")
    await provider.expect("Pekerjaan kakak")
    assert not await not_told()

    booked = await p.booking(world, reference)
    assert booked.chosen is not None
    parts = world.process.parts
    await p.everybodys_time_goes_on(world, booked.chosen.end - await parts.clock.business_now() - timedelta(hours=2))
    await provider.say("pekerjaan saya")
    await provider.expect("Pekerjaan kakak")
    await p.everybodys_time_goes_on(world, timedelta(hours=2, minutes=5))
    await parts.task_desk.sweep(await parts.clock.business_now())
    asked = await provider.expect("Bagaimana hasilnya", kind="buttons")
    assert ("task_late", f"{reference}:service:1") not in await alarms(world)
    await p.everybodys_time_goes_on(world, timedelta(hours=3, minutes=5))
    await parts.task_desk.sweep(await parts.clock.business_now())

    async def late() -> bool:
        return ("task_late", f"{reference}:service:1") in await alarms(world)

    await until(late, what="the alarm of silence")
    await provider.tap("Tamu tidak ada", asked.id)
    await provider.expect("hubungi tamu")

    async def problem() -> bool:
        return ("task_problem", f"{reference}:service:1") in await alarms(world)

    await until(problem, what="the alarm of the absent guest")


async def test_a_guest_whom_nobody_finds_is_asked_at_once_and_the_answer_reaches_who_waits(world: World) -> None:
    guest = await world.phone("Emma", wa_id="6281200000074")
    reference = p.reference_in(await p.linked(guest))
    provider = await provider_of(world, reference)
    await paid(world, reference)
    card = await provider.expect("Ada pekerjaan buat kakak", kind="list")
    booked = await p.booking(world, reference)
    assert booked.chosen is not None
    now = await world.process.parts.clock.business_now()
    await p.everybodys_time_goes_on(world, booked.chosen.start - now + timedelta(minutes=3))
    await guest.say("thank you")
    await provider.say("pekerjaan saya")
    await world.quiet()
    await provider.tap("Tamu tidak ada", card.id)
    asked = await guest.expect("does not find you", kind="buttons")
    await guest.tap("Running late", asked.id)
    await guest.expect("that you are on your way")
    heard = await provider.expect("Saya agak telat")
    assert "6281200000074" not in heard.text
    assert ("task_problem", f"{reference}:service:1") in await alarms(world)

    # half an hour later nobody has come: a person sees it proposed, and nothing was moved
    await p.everybodys_time_goes_on(world, timedelta(minutes=31))

    async def proposed() -> bool:
        return ("no_show_proposed", reference) in await alarms(world)

    await until(proposed, what="the proposal")
    assert (await p.booking(world, reference)).state is State.CONFIRMED
    items: list[Json] = (await world.api.get(f"/bookings/{reference}/actions")).json()["items"]
    assert next(one for one in items if one["type"] == "mark_absent")["urgent"]

    # they come after all
    await provider.tap("Sudah mulai", card.id)
    await provider.expect("sudah mulai")

    async def over() -> bool:
        return not await proposed()

    await until(over, what="the end of the proposal")
    await p.agrees(world)


async def test_work_that_needs_a_photo_is_done_with_one_alone(world: World) -> None:
    cleaner = await world.phone("Ketut", wa_id="6281200000301")
    await cleaner.say("halo")
    await cleaner.expect("Halo Ketut Suarni")
    parts = world.process.parts
    due = await parts.clock.business_now() + timedelta(hours=1)
    title = (("en", "Clean the pool"), ("id", "Bersihkan kolam"))
    wanted = PlannedTask("", title, due, 60, place="villa-padi", wants_photo=True)
    made = await parts.task_desk.add(wanted, None, "ketut", "dewi", "pool")
    card = await cleaner.expect("Bersihkan kolam", kind="list")
    await cleaner.tap("Selesai", card.id)
    await cleaner.expect("Tolong kirim foto")
    await cleaner.do("file", content_base64=base64.b64encode(b"no picture at all").decode())
    await cleaner.expect("tidak bisa dibuka sebagai foto")
    await cleaner.do("file")
    await cleaner.expect("sudah selesai")
    shown: Json = (await world.api.get(f"/tasks/{made.id}")).json()
    assert (shown["state"], shown["done_by"]) == ("done", "ketut")
    assert shown["photo"]
    # nobody's but the house's
    row = await world.process.database["complaint_photos"].find_one({"media_id": shown["photo"]})
    assert row is not None
    assert row["lead"] is None
    assert await kept(world, made.id)
    assert problem(await world.api.get("/tasks/house:nothing:1/photo")) == (404, "no-such-task")


async def test_a_picture_that_does_not_come_is_fetched_again_and_then_asked_for_and_so_is_one_too_large(
    world: World,
) -> None:
    cleaner = await world.phone("Ketut", wa_id="6281200000301")
    await cleaner.say("halo")
    await cleaner.expect("Halo Ketut Suarni")
    parts = world.process.parts
    due = await parts.clock.business_now() + timedelta(hours=1)

    async def wants(title: str) -> str:
        planned = PlannedTask("", (("id", title),), due, 60, place="villa-padi", wants_photo=True)
        made = await parts.task_desk.add(planned, None, "ketut", "dewi", title.rsplit(maxsplit=1)[-1].lower())
        card = await cleaner.expect(title, kind="list")
        await cleaner.tap("Selesai", card.id)
        await cleaner.expect("Tolong kirim foto")
        return made.id

    # WhatsApp does not give it twice, and then does: nobody hears of that
    task = await wants("Bersihkan kolam")
    await world.fault("error", call="media", times=2)
    await cleaner.do("file")
    await cleaner.expect("sudah selesai")
    assert (await world.api.get(f"/tasks/{task}")).json()["state"] == "done"
    assert await p.texts(cleaner, "belum sampai") == []

    # it does not give it at all
    task = await wants("Sapu teras")
    await world.fault("error", call="media", stays=True)
    await cleaner.do("file")
    await cleaner.expect("Fotonya belum sampai ke kami")
    assert await p.texts(cleaner, "tidak bisa dibuka") == [], "nobody has seen what it is"
    await world.told("DELETE", "/faults")
    beginning = b"\xff\xd8\xff\xe0"
    await cleaner.do("file", content_base64=base64.b64encode(beginning).decode())
    await cleaner.expect("tidak bisa dibuka sebagai foto")
    await cleaner.do("file", content_base64=base64.b64encode(beginning + bytes(LARGEST)).decode())
    await cleaner.expect("terlalu besar")
    assert (await world.api.get(f"/tasks/{task}")).json()["state"] == "taken"
    assert await world.process.database["complaint_photos"].count_documents({"_id": {"$regex": f"^{task}"}}) == 0
    await cleaner.do("file")
    await until_done(world, task)
    assert await kept(world, task)


async def kept(world: World, task: str) -> bool:
    """Whether the picture that task was done with comes to be kept, and is one."""
    parts = world.process.parts

    async def fetched() -> bool:
        await parts.photos.sweep(await parts.clock.business_now())
        return (await world.api.get(f"/tasks/{task}/photo")).status_code == 200

    await until(fetched, what="the picture")
    shown: Json = (await world.api.get(f"/tasks/{task}/photo")).json()
    return base64.b64decode(shown["content"])[:3] in {b"\xff\xd8\xff", b"\x89PN"}


async def test_the_picture_of_work_for_a_booking_is_its_guests_and_ends_with_them(world: World) -> None:
    guest = await world.phone("Emma", wa_id="6281200000077")
    reference = p.reference_in(await p.linked(guest))
    await paid(world, reference)
    cleaner = await world.phone("Ketut", wa_id="6281200000301")
    await cleaner.say("halo")
    await cleaner.expect("Halo Ketut Suarni")
    parts = world.process.parts
    due = await parts.clock.business_now() + timedelta(hours=1)
    wanted = PlannedTask("", (("id", "Rapikan kamar"),), due, 60, place="villa-padi", wants_photo=True)
    made = await parts.task_desk.add(wanted, BookingReference(reference), "ketut", "dewi", "room")
    card = await cleaner.expect("Rapikan kamar", kind="list")
    assert problem(await world.api.get(f"/tasks/{made.id}/photo")) == (404, "no-such-photo")
    await cleaner.tap("Selesai", card.id)
    await cleaner.expect("Tolong kirim foto")
    await cleaner.do("file")
    await cleaner.expect("sudah selesai")
    assert await kept(world, made.id)
    recorded = await parts.bookings.find(BookingReference(reference))
    assert recorded is not None
    assert [one.subject for one in await parts.photos.photos.of(recorded.lead)] == [made.id]
    await parts.photos.photos.erase(recorded.lead)
    assert problem(await world.api.get(f"/tasks/{made.id}/photo")) == (409, "photo-gone")
    # and of work that is done after they were erased none is kept
    later = replace(wanted, title=(("id", "Cuci handuk"),))
    made = await parts.task_desk.add(later, BookingReference(reference), "ketut", "dewi", "towels")
    card = await cleaner.expect("Cuci handuk", kind="list")
    await parts.leads.erase(recorded.lead)
    await cleaner.tap("Selesai", card.id)
    await world.quiet()
    await cleaner.do("file")
    await until_done(world, made.id)
    assert problem(await world.api.get(f"/tasks/{made.id}/photo")) == (409, "photo-gone")
    assert await world.process.database["complaint_photos"].count_documents({}) == 0


async def until_done(world: World, task: str) -> None:
    async def done() -> bool:
        return bool((await world.api.get(f"/tasks/{task}")).json()["state"] == "done")

    await until(done, what="the end of the work")
