"""Buttons as WhatsApp posts them, of whoever should not tap them or not any more: nothing changes, and each is told.

A phone taps what it shows; a webhook may name any button of anybody, twice, and a day late. So these are posted raw.
"""

import asyncio
import random
from datetime import timedelta
from typing import Any, Final

import pytest

from bot.domain.booking import Booking
from bot.domain.ids import BookingReference
from bot.domain.states import State
from bot.domain.task import Task
from bot.replies.words import say
from simulator.customer import Phone
from tests.faults.envelopes import tapped, taps
from tests.journeys import payments as p
from tests.journeys.test_dispatch import asked, bali, both, ordered, paid
from tests.journeys.test_offers import outcomes, partner, shown, task_of
from tests.journeys.test_partners import KETUT
from tests.journeys.world import World

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]
__all__ = ["bali"]

Json = dict[str, Any]
FORMS: Final = ("button_reply", "list_reply", "button")
OF_OFFERS: Final = ("work:accept:1:{task}", "work:decline:1:{task}", "work:show:{task}")
OF_JOBS: Final = (
    "work:way:{task}",
    "work:start:{task}",
    "work:done:{task}",
    "work:absent:{task}",
    "work:dropped:{task}",
    "work:show:{task}",
)


class Fingers:
    """Taps that nobody's screen shows, each with a name of its own."""

    def __init__(self, world: World) -> None:
        self.world, self.made = world, 0

    async def one(self, by: Phone, tap: str, form: str = "button_reply", quotes: str = "") -> tuple[Json, Json]:
        self.made += 1
        now = await self.world.process.parts.leads.server_now()
        wamid = f"wamid.tap{self.made:04}"
        return tapped(wamid, tap, by=by.customer, at=int(now.timestamp()), quotes=quotes, form=form)

    async def post(self, *made: tuple[Json, Json]) -> None:
        number = self.world.settings.whatsapp_phone_number_id
        answer = await self.world.raw(taps(str(number), *made))
        assert answer["status"] == 200, answer

    async def tap(self, by: Phone, tap: str, form: str = "button_reply") -> None:
        await self.post(await self.one(by, tap, form))


async def standing(world: World, reference: str) -> tuple[list[Task], Booking, list[Json]]:
    """All that a tap could change: the work, the booking and its money."""
    tasks = await world.process.parts.tasks.of_booking(BookingReference(reference))
    return tasks, await p.booking(world, reference), await p.links(world)


async def test_a_button_of_somebody_else_changes_nothing_and_each_hears_so_in_their_language(bali: World) -> None:
    phones, guest, finger = await both(bali), await bali.phone("Emma", wa_id="6281200000291"), Fingers(bali)
    cleaner = await partner(bali, KETUT, "Ketut Suarni")
    linh = await bali.phone("Linh", wa_id="84912345671")
    await linh.say("Xin chào")
    await linh.expect()
    sari = await bali.phone("Sari", wa_id="6281200000292")
    await sari.say("Halo")
    await sari.expect()
    reference = await ordered(bali, guest)
    await asked(phones)
    await bali.quiet()
    told = {
        id(cleaner): say("partner.job.not_yours", "id"),
        id(guest): say("talk.not_your_button", "en"),
        id(linh): say("talk.not_your_button", "vi"),
        id(sari): say("talk.not_your_button", "id"),
    }

    async def all_of_them(named: tuple[str, ...]) -> None:
        before = await standing(bali, reference)
        for number, one in enumerate(named):
            for by in (cleaner, guest, linh, sari):
                await finger.tap(by, one.format(task=task_of(reference)), FORMS[number % len(FORMS)])
                await by.expect(told[id(by)])
        await bali.quiet()
        assert await standing(bali, reference) == before

    await all_of_them(OF_OFFERS)
    await phones["ayu"].tap("Saya ambil")
    await paid(bali, guest, reference)
    await phones["ayu"].expect("Tamu: Emma", kind="list")
    await bali.quiet()
    await all_of_them(OF_JOBS)
    # nor is it anything to the one who was asked, and lost it
    before = await standing(bali, reference)
    for one in OF_JOBS:
        await finger.tap(phones["komang"], one.format(task=task_of(reference)), "list_reply")
        last = "Sudah diambil yang lain" if "dropped" in one else say("partner.job.not_yours", "id")
        await phones["komang"].expect(last)
    await bali.quiet()
    assert await standing(bali, reference) == before
    # nobody became a customer's or a partner's by it, and nobody is called
    assert len(await bali.leads()) == 3
    items: list[Json] = (await bali.api.get("/alarms")).json()["items"]
    assert {one["reason"] for one in items} <= {"partner_not_told"}


async def test_twice_and_twice_delivered_is_once(bali: World) -> None:
    phones, guest, finger = await both(bali), await bali.phone("Emma", wa_id="6281200000294"), Fingers(bali)
    reference = await ordered(bali, guest)
    offers, task = await asked(phones), task_of(reference)
    ayu, komang = phones["ayu"], phones["komang"]
    await bali.quiet()
    # WhatsApp delivers one tap again and again, also two of them in one webhook
    no = await finger.one(komang, f"work:decline:1:{task}", quotes=offers["komang"].id)
    await asyncio.gather(*(finger.post(no, no) for _ in range(3)))
    await komang.expect("Kami tanya yang lain")
    yes = await finger.one(ayu, f"work:accept:1:{task}", quotes=offers["ayu"].id)
    again = await finger.one(ayu, f"work:accept:1:{task}", quotes=offers["ayu"].id)
    await asyncio.gather(*(finger.post(one) for one in (yes, again, yes, again)))
    await guest.expect("Please pay by", kind="cta_url")
    await bali.quiet()
    assert len(await p.texts(komang, "Kami tanya yang lain")) == 1
    # they tapped twice, and are told twice
    assert len(await p.texts(ayu, "tunggu pembayaran tamunya")) == 2
    before = await standing(bali, reference)
    await finger.tap(komang, f"work:decline:1:{task}")
    await komang.expect("Kami tanya yang lain")
    await finger.tap(komang, f"work:accept:1:{task}")
    await komang.expect("sudah bilang tidak")
    await finger.tap(ayu, f"work:decline:1:{task}")
    await ayu.expect("tunggu pembayaran tamunya")
    await bali.quiet()
    assert await standing(bali, reference) == before
    assert len(await p.links(bali)) == 1


async def test_after_twenty_five_hours_an_offer_is_over_and_what_was_done_stays_done(bali: World) -> None:
    phones, guest, finger = await both(bali), await bali.phone("Emma", wa_id="6281200000295"), Fingers(bali)
    reference = await ordered(bali, guest)
    await asked(phones)
    await bali.quiet()
    await p.everybodys_time_goes_on(bali, timedelta(hours=25))
    parts = bali.process.parts
    await parts.offers.sweep(await parts.clock.business_now())
    await bali.quiet()
    before = await standing(bali, reference)
    for phone in phones.values():
        # what is posted raw opens no window in the simulator
        await phone.say("halo")
        await phone.expect()
    for form, who in zip(FORMS, ("ayu", "komang", "ayu"), strict=True):
        for answer in ("accept", "decline"):
            await finger.tap(phones[who], f"work:{answer}:1:{task_of(reference)}", form)
            await phones[who].expect("sudah tidak dibuka lagi")
    await bali.quiet()
    assert await standing(bali, reference) == before
    assert await p.links(bali) == []

    second = await bali.phone("Mai", wa_id="6281200000296")
    reference = await ordered(bali, second)
    await phones["ayu"].expect("mau diambil", kind="buttons")
    await phones["ayu"].tap("Saya ambil")
    await paid(bali, second, reference)
    await phones["ayu"].expect("Tamu: Mai", kind="list")
    booking = await p.booking(bali, reference)
    assert booking.chosen is not None
    await p.everybodys_time_goes_on(bali, booking.chosen.end - await parts.clock.business_now() + timedelta(minutes=5))
    await phones["ayu"].say("halo")
    await phones["ayu"].expect()
    await finger.tap(phones["ayu"], f"work:done:{task_of(reference)}", "list_reply")
    await p.is_in(bali, reference, State.COMPLETED)
    await p.everybodys_time_goes_on(bali, timedelta(hours=25))
    await phones["ayu"].say("halo")
    await phones["ayu"].expect()
    await bali.quiet()
    tasks = (await standing(bali, reference))[0]
    for one in ("done", "absent", "start", "dropped"):
        await finger.tap(phones["ayu"], f"work:{one}:{task_of(reference)}", "list_reply")
        await phones["ayu"].expect("sudah tercatat selesai")
    await bali.quiet()
    assert (await standing(bali, reference))[0] == tasks
    assert (await p.booking(bali, reference)).state is State.COMPLETED
    await p.agrees(bali)


async def test_a_button_of_what_was_moved_or_called_off_says_so_and_moves_nothing(bali: World) -> None:
    phones, guest, finger = await both(bali), await bali.phone("Emma", wa_id="6281200000297"), Fingers(bali)
    reference = await ordered(bali, guest)
    await asked(phones)
    await guest.say("can we make it 17:00 instead?")
    await guest.expect("nothing to pay before somebody has said yes", kind="buttons")
    await guest.tap("Yes, change it")
    for phone in phones.values():
        await phone.expect("17.00", kind="buttons")
    await bali.quiet()
    task, before = task_of(reference), await standing(bali, reference)
    for who, answer in (("ayu", "accept"), ("komang", "decline")):
        # the arrangement of before, though the same person is asked about the new one
        await finger.tap(phones[who], f"work:{answer}:1:{task}")
        await phones[who].expect("sudah tidak dibuka lagi")
    await bali.quiet()
    assert await standing(bali, reference) == before
    await finger.tap(phones["ayu"], f"work:accept:2:{task}")
    await paid(bali, guest, reference)
    await phones["ayu"].expect("17.00", kind="list")
    body = {"cause": "customer", "reason": "ill"}
    assert (await bali.api.post(f"/bookings/{reference}/cancel", json=body)).is_success
    await phones["ayu"].expect("tidak jadi buat kakak")
    await bali.quiet()
    before = await standing(bali, reference)
    for one in OF_JOBS:
        await finger.tap(phones["ayu"], one.format(task=task), "list_reply")
        await phones["ayu"].expect("tidak jadi" if one != "work:show:{task}" else "")
    for answer in ("accept:1", "accept:2", "decline:2"):
        await finger.tap(phones["ayu"], f"work:{answer}:{task}")
        await phones["ayu"].expect("sudah tidak dibuka lagi")
    await bali.quiet()
    assert await standing(bali, reference) == before
    assert (await p.booking(bali, reference)).state is State.CANCELLED
    await p.agrees(bali)


async def test_of_two_taps_in_one_millisecond_one_has_it_the_other_is_told_and_the_guest_has_one_link(
    bali: World,
) -> None:
    phones, finger = await both(bali), Fingers(bali)
    for seed in range(4):
        chance = random.Random(seed)
        guest = await bali.phone("Emma", wa_id=f"628120000034{seed}")
        reference = await ordered(bali, guest)
        await asked(phones)
        await bali.quiet()
        made = [await finger.one(phone, f"work:accept:1:{task_of(reference)}") for phone in phones.values()]
        chance.shuffle(made)
        if seed % 2:
            # both in one webhook, delivered twice
            await asyncio.gather(finger.post(*made), finger.post(*made))
        else:
            await asyncio.gather(*(finger.post(one) for one in made))
        await guest.expect("Please pay by", kind="cta_url")
        await bali.quiet()
        task = await shown(bali, task_of(reference))
        assert sorted(outcomes(task).values()) == ["accepted", "lost"]
        first = task["who"]["id"]
        second = "komang" if first == "ayu" else "ayu"
        await phones[first].expect("tunggu pembayaran tamunya")
        await phones[second].expect("Sudah diambil yang lain")
        links = [one for one in await p.links(bali) if one["external_id"].startswith(reference)]
        assert len(links) == 1
        assert [one for one in await guest.bubbles() if one.kind == "cta_url"][1:] == []
        chosen = (await p.booking(bali, reference)).chosen
        assert chosen is not None
        assert chosen.provider == first
        # its time is anybody's again, for the next two
        assert (
            await bali.api.post(f"/bookings/{reference}/cancel", json={"cause": "customer", "reason": "x"})
        ).is_success
        await phones[first].expect("sudah tidak dibuka lagi")
