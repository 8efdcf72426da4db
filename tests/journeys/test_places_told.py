"""The contact of a place hears of bookings there, once each, and in the evening of tomorrow; all of it costs little."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.arrival import PlaceNews, TellPlace
from bot.domain.ids import EffectId, LeadId
from bot.domain.passing import PassToProvider
from bot.domain.states import State
from bot.engine.digest import SETTLES, DigestCourier
from bot.lifecycle.place_notices import arrival_of
from simulator.customer import Phone
from tests.bot.business.makers import with_changes, with_tasks
from tests.journeys import payments as p
from tests.journeys.test_changes import FIVE_DAYS
from tests.journeys.test_jobs import alarms, paid, provider_of
from tests.journeys.test_outside_the_window import approved
from tests.journeys.test_stays import FOUR, a_tuesday, asks, by_task, paid_stay, step, tasks_of
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]


async def manager_of(world: World, place: str = "villa-melati", *, is_silent: bool = True) -> Phone:
    """The phone of whoever looks after that place."""
    known = world.process.business.place(place)
    assert known is not None
    phone = await world.phone(known.contact.name, wa_id=known.contact.phone.removeprefix("+"))
    if not is_silent:
        await phone.say("halo")
        await phone.expect(known.contact.name)
    return phone


async def evening_before(world: World, start: datetime) -> datetime:
    """The clocks stand at the hour of the digest on the day before."""
    zone, rules = world.process.business.zone, world.process.business.sop.partner
    local = start.astimezone(zone) - timedelta(days=1)
    at = local.replace(hour=rules.digest_at // 60, minute=rules.digest_at % 60) + SETTLES
    clock = world.process.parts.clock
    await p.everybodys_time_goes_on(world, at - await clock.business_now() + timedelta(seconds=5))
    await world.quiet()
    return await clock.business_now()


async def test_confirmed_moved_and_called_off_the_place_hears_once_each_and_never_before(world: World) -> None:
    await approved(world)
    manager = await manager_of(world)
    guest = await world.phone("Emma", wa_id="6281200000171")
    reference = p.reference_in(await p.linked(guest))
    await world.quiet()
    assert await manager.bubbles() == (), "nothing before it is confirmed"
    await paid(world, reference)
    told = await manager.expect("ada pesanan di tempat Anda", kind="template")
    assert "Emma" not in told.text
    assert "Villa Melati" in told.text
    await manager.tap("Lihat jadwal tamu")
    expected = await manager.expect("Jadwal di tempat kakak")
    assert "Emma" in expected.text
    assert "6281200000171" not in expected.text

    booked = await p.booking(world, reference)
    assert booked.chosen is not None
    day = (booked.chosen.start + timedelta(days=1)).date().isoformat()
    query = {"from": day, "to": day, "provider": booked.chosen.provider, "place": "villa-melati", "guests": "1"}
    free: list[Json] = (await world.api.get("/services/balinese-massage/slots", params=query)).json()["items"]
    body = {"slot_id": free[0]["slot_id"], "cause": "customer", "reason": "flight"}
    assert (await world.api.post(f"/bookings/{reference}/reschedule", json=body)).status_code < 300
    moved = await manager.expect("Ada perubahan pesanan di Villa Melati")
    assert "Tamu: Emma" in moved.text
    body = {"cause": "customer", "reason": "ill"}
    assert (await world.api.post(f"/bookings/{reference}/cancel", json=body)).status_code < 300
    await manager.expect("Dibatalkan")
    await world.quiet()
    said = [bubble.text for bubble in await manager.bubbles()]
    assert [sum(words in text for text in said) for words in ("ada pesanan di", "Ada perubahan", "Dibatalkan")] == [
        1,
        1,
        1,
    ]


async def test_ordered_again_after_a_death_a_notice_and_words_are_told_once(world: World) -> None:
    manager = await manager_of(world, "villa-senja", is_silent=False)
    guest = await world.phone("Emma", wa_id="6281200000177")
    reference = p.reference_in(await p.linked(guest, FIVE_DAYS))
    provider = await provider_of(world, reference)
    await paid(world, reference)
    await manager.expect("Ada pesanan di Villa Senja")
    await provider.expect("Ada pekerjaan buat kakak", kind="list")
    booking = await p.booking(world, reference)
    arrival = arrival_of(booking)
    assert arrival is not None
    records, lead = world.process.parts.relay.records, LeadId((await world.lead_of(guest))["id"])
    moved = TellPlace(PlaceNews.MOVED, arrival)
    words = PassToProvider(booking.reference, f"{reference}:service:1", "Gate code 4021")
    for _ in range(3):
        # as a process does that died before the order left the outbox
        await records.perform(lead, EffectId("e:0"), moved)
        await records.perform(lead, EffectId("e:1"), words)
    await manager.expect("Ada perubahan pesanan di Villa Senja")
    await provider.expect("Gate code 4021")
    await world.quiet()
    assert len(await p.texts(manager, "Ada perubahan pesanan")) == 1
    assert len(await p.texts(provider, "Gate code 4021")) == 1


async def test_without_an_approved_template_a_person_calls_the_place(world: World) -> None:
    manager = await manager_of(world)
    guest = await world.phone("Emma", wa_id="6281200000172")
    reference = p.reference_in(await p.linked(guest))
    await paid(world, reference)

    async def not_told() -> bool:
        return ("partner_not_told", "villa-melati") in await alarms(world)

    await until(not_told, what="the alarm of what could not be told")
    await manager.say("halo")
    await manager.expect("Jadwal di tempat kakak")
    assert not await not_told()


async def test_the_digest_comes_once_though_two_processes_send_it_and_one_dies(world: World) -> None:
    guest = await world.phone("Emma", wa_id="6281200000173")
    reference = p.reference_in(await p.linked(guest, FIVE_DAYS))
    await paid(world, reference)
    booked = await p.booking(world, reference)
    assert booked.chosen is not None
    now = await evening_before(world, booked.chosen.start)
    provider = await provider_of(world, reference)
    await world.quiet()
    parts = world.process.parts
    courier = parts.digests
    assert await courier.sweep(now - timedelta(minutes=10)) == 0, "not before its hour"

    class Dying:
        """Whoever dies before it has told the first."""

        async def record(self, deliveries: object) -> None:
            raise asyncio.CancelledError

    dying = replace(courier, received=Dying())  # type: ignore[arg-type]
    with pytest.raises(asyncio.CancelledError):
        await dying.sweep(now)
    others = [DigestCourier(courier.book, courier.directory, courier.received, courier.vault) for _ in range(2)]
    for one in (*others, courier, *others):
        await one.sweep(now)
    # of two at the same moment, too
    again = [replace(courier) for _ in range(2)]
    await asyncio.gather(*(one.sweep(now) for one in again))
    await provider.expect("Jadwal kakak untuk")
    await world.quiet()
    assert len(await p.texts(provider, "Jadwal kakak untuk")) == 1


def with_digest(folder: Path) -> Path:
    """The sample with a villa that wants a digest."""
    path = folder / "digest.yaml"
    contact = 'contact: { name: Kadek Ariani, phone: "+6281200000102", language: id }'
    path.write_text(with_changes((contact, f"{contact}\n    notices: digest")), encoding="utf-8")
    return path


async def test_a_place_that_wants_a_digest_hears_in_the_evening_and_at_once_of_what_changes_then(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": with_digest(tmp_path)}) as world:
        guest = await world.phone("Emma", wa_id="6281200000174")
        reference = p.reference_in(await p.linked(guest, FIVE_DAYS))
        await paid(world, reference)
        booked = await p.booking(world, reference)
        assert booked.chosen is not None
        now = await evening_before(world, booked.chosen.start)
        manager = await manager_of(world, "villa-senja", is_silent=False)
        await world.quiet()
        assert not await p.texts(manager, "Emma"), "nothing of its own when it was confirmed"
        await world.process.parts.digests.sweep(now)
        told = await manager.expect("Jadwal kakak untuk")
        assert "Emma" in told.text
        body = {"cause": "customer", "reason": "ill"}
        assert (await world.api.post(f"/bookings/{reference}/cancel", json=body)).status_code < 300
        await manager.expect("Dibatalkan")


def with_room(folder: Path) -> Path:
    """The sample with a villa of two rooms."""
    path = folder / "rooms.yaml"
    contact = 'contact: { name: Kadek Ariani, phone: "+6281200000102", language: id }'
    path.write_text(with_changes((contact, f'{contact}\n    rooms: ["12", Lotus]')), encoding="utf-8")
    return path


async def test_the_code_of_a_room_brings_the_room_on_the_job_card_and_in_the_notice(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": with_room(tmp_path)}) as world:
        codes = await world.process.parts.place_codes.codes()
        manager = await manager_of(world, "villa-senja", is_silent=False)
        guest = await world.phone("Emma", wa_id="6281200000176")
        await guest.say(f"Hello! place:{codes['villa-senja/Lotus']}")
        await guest.expect("Villa Senja")
        reference = p.reference_in(await p.linked(guest, FIVE_DAYS.replace(" at Villa Senja", "")))
        provider = await provider_of(world, reference)
        await paid(world, reference)
        assert "Kamar: Lotus" in (await manager.expect("Ada pesanan di Villa Senja")).text
        assert "Kamar: Lotus" in (await provider.expect("Ada pekerjaan buat kakak", kind="list")).text


async def test_on_the_straight_way_partners_get_three_templates_for_a_booking_at_most(world: World) -> None:
    await approved(world)
    manager = await manager_of(world, "villa-senja")
    guest = await world.phone("Emma", wa_id="6281200000175")
    reference = p.reference_in(await p.linked(guest, FIVE_DAYS))
    provider = await provider_of(world, reference, is_silent=True)
    await paid(world, reference)
    await provider.expect("ada pekerjaan untuk Anda", kind="template")
    await manager.expect("ada pesanan di tempat Anda", kind="template")
    await provider.tap("Lihat pekerjaan")
    card = await provider.expect("Bagian kakak", kind="list")
    booked = await p.booking(world, reference)
    assert booked.chosen is not None
    now = await evening_before(world, booked.chosen.start)
    await world.process.parts.digests.sweep(now)
    await provider.expect("berikut jadwal Anda", kind="template")
    await provider.tap("Pekerjaan saya")
    await provider.expect("Pekerjaan kakak")
    await p.everybodys_time_goes_on(world, booked.chosen.start - now + timedelta(minutes=5))
    await provider.tap("Selesai", card.id)
    await provider.expect("sudah selesai")
    await p.is_in(world, reference, State.COMPLETED)
    assert await templates(manager, provider) == 3, "the job, the booking at the place, tomorrow's work"


async def test_a_stay_with_four_tasks_of_which_one_is_offered_costs_three_templates_at_most(
    mongodb_uri: str, tmp_path: Path
) -> None:
    path = by_task(tmp_path)
    asked_near = FOUR.replace("{ answer_within: 60 }", "{ answer_within: 60, days_ahead: 6 }")
    path.write_text(with_tasks(path.read_text("utf-8"), asked_near), "utf-8")
    async with opened(mongodb_uri, ours={"business_file": path}) as world:
        await approved(world)
        manager = await manager_of(world, "villa-kamboja")
        numbers = {"ketut": "6281200000301", "iluh": "6281200000302"}
        cleaners = {who: await world.phone(who, wa_id=number) for who, number in numbers.items()}
        host = await world.phone("Dewi Lestari", wa_id="6281200000303")
        guest = await world.phone("Emma", wa_id="6281200000178")
        await guest.say("Hello")
        await world.quiet()
        parts = world.process.parts
        today = (await parts.clock.business_now()).date()
        reference = await paid_stay(world, guest, a_tuesday(today + timedelta(days=20)))
        tasks = await tasks_of(world, reference)
        for meeting in ("check-in-meeting", "check-out-meeting"):
            await step(world, tasks[meeting]["id"], "take", who="dewi")
        await manager.expect("ada pesanan di tempat Anda", kind="template")
        await parts.offers.sweep(await parts.clock.business_now())
        await world.quiet()
        assert await templates(host, *cleaners.values()) == 0, "weeks ahead nothing of it is a message of its own"
        starts = {name: datetime.fromisoformat(task["begin"]) for name, task in tasks.items()}

        async def comes_to(moment: datetime) -> None:
            now = await parts.clock.business_now()
            await p.everybodys_time_goes_on(world, moment + timedelta(minutes=5) - now)

        # asked when it is near, who says yes is shown it, and given the other cleaning they are shown that too
        cleaning = tasks["pre-arrival-cleaning"]["id"]
        await comes_to(starts["pre-arrival-cleaning"] - timedelta(days=6))
        await parts.offers.sweep(await parts.clock.business_now())
        (asked,) = (await world.api.get(f"/tasks/{cleaning}")).json()["offers"]
        who = asked["who"]["id"]
        cleaner = cleaners[who]
        await cleaner.expect("ada pekerjaan", kind="template")
        await cleaner.tap("Saya ambil")
        card = await cleaner.expect("Ada pekerjaan buat kakak", kind="list")
        await step(world, tasks["post-departure-cleaning"]["id"], "take", who=who)
        await cleaner.expect("Ada pekerjaan buat kakak", kind="list")

        # told of it so lately they need no second template, and with their "done" they are told what is next
        await parts.digests.sweep(await evening_before(world, starts["pre-arrival-cleaning"]))
        await comes_to(starts["pre-arrival-cleaning"])
        await cleaner.tap("Selesai", card.id)
        await cleaner.expect("Tolong kirim foto")
        await cleaner.do("file")
        done = await cleaner.expect("sudah selesai")
        assert "Berikutnya" in done.text
        assert "Villa Kamboja" in done.text.partition("Berikutnya")[2]
        # the evening before the first of it the host hears of all that is theirs
        await parts.digests.sweep(await evening_before(world, starts["check-in-meeting"]))
        told = await host.expect("Villa Kamboja", kind="template")
        assert told.text.count("Villa Kamboja") == 2
        await comes_to(starts["check-in-meeting"])
        await step(world, tasks["check-in-meeting"]["id"], "done")
        await comes_to(datetime.fromisoformat(tasks["check-in-meeting"]["due"]))
        assert (await asks(world, reference, "check-in"))["state"] == "CHECKED_IN"
        await parts.digests.sweep(await evening_before(world, starts["check-out-meeting"]))
        await comes_to(starts["check-out-meeting"])
        await step(world, tasks["check-out-meeting"]["id"], "done")
        assert (await asks(world, reference, "check-out"))["state"] == "CHECKED_OUT"
        await comes_to(starts["post-departure-cleaning"])
        await step(world, tasks["post-departure-cleaning"]["id"], "done")
        await p.is_in(world, reference, State.COMPLETED)
        await world.quiet()
        assert await templates(manager, host, *cleaners.values()) == 3, "place, offer, and the host's evening"


async def templates(*phones: Phone) -> int:
    """How many templates these people got."""
    return sum([sum(bubble.kind == "template" for bubble in await phone.bubbles()) for phone in phones])
