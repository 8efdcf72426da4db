"""Who is asked for work and is a guest as well, and who has another number by the time they accept."""

from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import BookingReference
from bot.domain.states import State
from bot.engine.job_news import JobCourier
from bot.replies.words import say
from tests.bot.business.makers import with_changes
from tests.journeys import payments as p
from tests.journeys.test_dispatch import MASSAGE, asked, both, ordered, paid
from tests.journeys.test_dispatched_tour import TAKE, WISH, drivers
from tests.journeys.test_offers import AYU, outcomes, providers_booked, shown, task_of
from tests.journeys.test_outside_the_window import approved
from tests.journeys.test_taps import Fingers
from tests.journeys.world import opened

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]
DISPATCHED = (MASSAGE, f"confirmation: dispatch\n    {MASSAGE}")
NEW = "6281200000298"


def dispatched(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The sample that asks both therapists for each massage in Canggu."""
    path = tmp_path / f"dispatch-{len(changes)}.yaml"
    path.write_text(with_changes(DISPATCHED, *changes), "utf-8")
    return path


async def test_a_provider_whose_number_changed_is_asked_and_accepts_at_the_new_one_alone(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": dispatched(tmp_path)}) as world:
        await approved(world)
        phones, guest = await both(world), await world.phone("Emma", wa_id="6281200000281")
        reference = await ordered(world, guest)
        await asked(phones)
        await world.quiet()
        new = await world.phone("Ayu Pratiwi", wa_id=NEW)
        await world.restart(business_file=dispatched(tmp_path, (f"+{AYU}", f"+{NEW}")))
        parts, finger = world.process.parts, Fingers(world)
        await parts.task_desk.sweep(await parts.clock.business_now())
        await new.expect("apakah Anda mau mengambilnya", kind="template")
        await world.quiet()
        # once, also by a process that begins now
        directory = parts.task_desk.courier.directory
        for _ in range(2):
            another = JobCourier(parts.tasks, parts.received, parts.vault, directory)
            assert await another.sweep(await parts.clock.business_now()) == 0
        await world.quiet()
        assert len(await new.bubbles()) == 1
        assert await p.texts(phones["komang"], "mau mengambilnya") == []

        # the former number is nobody's of the file: whoever has it changes nothing
        before = await parts.tasks.of_booking(BookingReference(reference))
        for answer in ("accept", "decline"):
            await finger.tap(phones["ayu"], f"work:{answer}:1:{task_of(reference)}")
            await phones["ayu"].expect(say("partner.unknown", "en", business="Rumah Senja"))
        await world.quiet()
        assert await parts.tasks.of_booking(BookingReference(reference)) == before

        await new.tap("Saya ambil")
        await new.expect("tunggu pembayaran tamunya")
        await phones["komang"].expect("Sudah diambil yang lain")
        assert outcomes(await shown(world, task_of(reference))) == {"ayu": "accepted", "komang": "lost"}
        assert await providers_booked(world, await p.booking(world, reference)) == {"provider:ayu"}
        await paid(world, guest, reference)
        await new.expect("Tamu: Emma", kind="list")
        await world.quiet()
        assert await p.texts(phones["ayu"], "Emma") == []
        await p.agrees(world)


async def test_a_provider_who_is_a_guest_answers_as_both_and_neither_is_taken_for_the_other(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": dispatched(tmp_path)}) as world:
        theirs, cars = await both(world), await drivers(world)
        emma, ayu = await world.phone("Emma", wa_id="6281200000282"), theirs["ayu"]
        # as a guest she orders a tour, which the drivers are asked for
        await ayu.tap("Pesan buat sendiri")
        await world.quiet()
        await ayu.say(WISH)
        await ayu.expect("Please confirm")
        await ayu.tap("Yes, book it")
        tour = p.reference_in(await ayu.expect("Nothing to pay before that"))
        await cars["made"].expect("mau diambil", kind="buttons")
        # as a therapist she is asked for a massage, and a plain yes answers that
        massage = await ordered(world, emma)
        await ayu.expect("mau diambil", kind="buttons")
        finger = Fingers(world)
        await finger.tap(ayu, f"work:accept:1:{task_of(tour)}")
        await ayu.expect(say("partner.job.not_yours", "id"))
        assert (await shown(world, task_of(tour)))["who"] is None
        await ayu.tap("Saya ambil")
        await ayu.expect("tunggu pembayaran tamunya")
        await emma.expect("Please pay by", kind="cta_url")
        await world.quiet()
        assert (await p.booking(world, tour)).state is State.PENDING_CONFIRMATION
        await cars["made"].tap(TAKE["made"])
        await ayu.expect("Please pay by", kind="cta_url")
        await p.pay(world, f"{tour}.1")
        await ayu.expect("Paid and confirmed")
        await p.pay(world, f"{massage}.1")
        card = await ayu.expect("Tamu: Emma", kind="list")
        await cars["made"].expect("Ada pekerjaan buat kakak", kind="list")
        assert [(await shown(world, task_of(one)))["who"]["id"] for one in (massage, tour)] == ["ayu", "made"]
        # as a guest she has no say in what she does as a therapist, and the other way round
        for tap in ("work:way:", "work:done:"):
            await finger.tap(ayu, f"{tap}{task_of(tour)}", "list_reply")
            await ayu.expect(say("partner.job.not_yours", "id"))
        await ayu.tap("Saya tidak bisa", card.id)
        await ayu.expect("yakin tidak bisa", kind="buttons")
        await ayu.tap("Ya, tidak bisa")
        await ayu.expect("tidak jadi kakak kerjakan")
        await world.quiet()
        assert (await p.booking(world, tour)).state is State.CONFIRMED
        assert (await shown(world, task_of(tour)))["who"]["id"] == "made"
        assert len(await world.leads()) == 2
        await p.agrees(world)
