"""A provider and their guest write to each other through us: no numbers, no accidents, and the agent's fence holds."""

from datetime import timedelta

import pytest

from bot.domain.ids import EffectId
from bot.domain.outbox import Status
from bot.domain.partner_events import PassResult, WordsPassed
from bot.domain.partner_orders import PassToGuest
from tests.journeys import payments as p
from tests.journeys.test_jobs import alarms, paid, provider_of
from tests.journeys.world import World, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]


async def test_words_go_both_ways_without_numbers_until_the_job_ends(world: World) -> None:
    guest = await world.phone("Emma", wa_id="6281200000181")
    reference = p.reference_in(await p.linked(guest))
    provider = await provider_of(world, reference)
    await paid(world, reference)
    card = await provider.expect("Ada pekerjaan buat kakak", kind="list")
    await guest.expect("Paid and confirmed")

    await provider.tap("Tulis ke tamu", card.id)
    await provider.expect("Mau sampaikan apa ke tamu")
    await provider.say("Saya bawa minyak kelapa, WA saya 0812-9999-8888 ya")
    await provider.expect("Sudah kami teruskan ke tamu")
    heard = await guest.expect("Saya bawa minyak kelapa, WA saya ••• ya", kind="buttons")
    booked = await p.booking(world, reference)
    assert booked.chosen is not None
    named = world.process.business.provider(booked.chosen.provider)
    assert named is not None
    assert named.name.say("en") in heard.text

    await guest.tap("Answer", heard.id)
    await guest.expect("What should")
    await guest.say("Gate code 4021, or see wa.me/6281200000181")
    await guest.expect("I pass it on to")
    told = await provider.expect("Gate code 4021, or see •••", kind="buttons")
    assert "Emma" in told.text
    await guest.say("thank you")
    await world.quiet()
    assert not await p.texts(provider, "thank you"), "the next words alone"

    # a provider whose job it is not
    task, now = f"{reference}:service:1", await world.process.parts.clock.business_now()
    book = world.process.parts.partner_worker.relay.partners
    assert book is not None
    foreign = await book.perform(EffectId("x"), PassToGuest("+6281200000301", task, "psst"), now)
    assert isinstance(foreign, WordsPassed)
    assert foreign.result is PassResult.NOT_THEIRS

    body = {"cause": "customer", "reason": "ill"}
    assert (await world.api.post(f"/bookings/{reference}/cancel", json=body)).status_code < 300
    await provider.expect("tidak jadi buat kakak")
    await provider.tap("Balas", told.id)
    await provider.expect("Mau sampaikan apa ke tamu")
    await provider.say("Kenapa batal?")
    await provider.expect("pesan tidak kami teruskan lagi")
    await guest.tap("Answer", heard.id)
    await guest.expect("That visit is over")


async def test_while_an_agent_has_the_guest_and_after_their_24_hours_a_person_has_the_words(world: World) -> None:
    guest = await world.phone("Emma", wa_id="6281200000182")
    reference = p.reference_in(await p.linked(guest))
    provider = await provider_of(world, reference)
    await paid(world, reference)
    card = await provider.expect("Ada pekerjaan buat kakak", kind="list")
    lead = (await world.lead_of(guest))["id"]
    taken = await world.api.post(f"/conversations/{lead}/takeover", json={"agent": "rina"})
    assert taken.status_code < 300, taken.text
    await provider.tap("Tulis ke tamu", card.id)
    await provider.expect("Mau sampaikan apa ke tamu")
    await provider.say("Saya sudah di depan")
    await provider.expect("sudah ada di tim kami")
    await world.quiet()
    assert not await p.texts(guest, "Saya sudah di depan")

    async def drafts() -> bool:
        stored = await world.stored(lead)
        said = [queued.effect.command for queued in stored.outbox if queued.status is Status.DRAFT]
        return any("Saya sudah di depan" in getattr(command, "body", "") for command in said)

    await until(drafts, what="the draft for the agent")
    assert (await world.api.post(f"/conversations/{lead}/release", json={"agent": "rina"})).status_code < 300
    await guest.expect("Saya sudah di depan")

    await p.everybodys_time_goes_on(world, timedelta(hours=25))
    await provider.tap("Tulis ke tamu", card.id)
    await provider.expect("Mau sampaikan apa ke tamu")
    await provider.say("Boleh mulai jam 16:00?")
    await provider.expect("sudah ada di tim kami")

    async def called() -> bool:
        return ("words_wait", f"{reference}:service:1") in await alarms(world)

    await until(called, what="the alarm of the words that wait")
    assert not await p.texts(guest, "Boleh mulai")
