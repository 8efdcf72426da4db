"""Somebody looks at times and falls silent: let go after a week, written to after ten days, taken up again by a tap."""

from datetime import timedelta

import pytest

from bot.domain.states import State
from tests.journeys import payments as p
from tests.journeys.test_booking_by_chat import WHEN, WISHES, booking_of, held, said
from tests.journeys.test_outside_the_window import approved
from tests.journeys.world import World

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

ASKED = {
    "en": ("Would you still like it?", "Yes, show times", "No, thanks"),
    "id": ("Masih berminat?", "Ya, lihat jadwal", "Tidak, makasih"),
    "vi": ("Bạn còn muốn đặt không?", "Có, cho xem giờ", "Không, cảm ơn"),
}
A_WEEK = timedelta(days=7, minutes=1)


async def the_morning_comes(world: World) -> None:
    """From a week after their words to five past ten of the third day after that."""
    now = await world.process.parts.clock.business_now()
    local = now.astimezone(world.process.business.zone)
    morning = (local + timedelta(days=3)).replace(hour=10, minute=5)
    await p.everybodys_time_goes_on(world, morning - local)


@pytest.mark.parametrize("language", WISHES)
async def test_who_left_is_written_to_once_and_goes_on_by_one_tap(world: World, language: str) -> None:
    await approved(world)
    phone = await world.phone("Emma", wa_id="6281200000191")
    wish, choice, yes, done = WISHES[language]
    await said(world, phone, wish, WHEN[language])
    reference = str((await booking_of(world, phone)).reference)
    before = len(await phone.bubbles())
    await p.everybodys_time_goes_on(world, A_WEEK)
    await p.is_in(world, reference, State.ABANDONED)
    await world.quiet()
    assert len(await phone.bubbles()) == before
    assert not [claim for claim in await held(world) if claim.get("booking") == reference]
    question, again, _ = ASKED[language]
    await the_morning_comes(world)
    await phone.expect(question, kind="template")
    await phone.tap(again)
    going_on = await p.is_in(world, reference, State.SERVICE_SELECTED)
    assert going_on.service == "planning-call"
    await said(world, phone, WHEN[language], choice, yes)
    await p.is_in(world, reference, State.CONFIRMED)
    assert (await phone.bubbles())[-1].says(done)


async def test_who_does_not_want_it_any_more_is_asked_nothing_else(world: World) -> None:
    await approved(world)
    phone = await world.phone("Emma", wa_id="6281200000192")
    await said(world, phone, *[WISHES["en"][0], WHEN["en"]])
    reference = str((await booking_of(world, phone)).reference)
    await p.everybodys_time_goes_on(world, A_WEEK)
    await p.is_in(world, reference, State.ABANDONED)
    await the_morning_comes(world)
    await phone.expect("Would you still like it?", kind="template")
    await phone.tap("No, thanks")
    await phone.expect("we leave it at that")
    count = len(await phone.bubbles())
    await p.everybodys_time_goes_on(world, timedelta(days=40))
    await world.quiet()
    assert len(await phone.bubbles()) == count
