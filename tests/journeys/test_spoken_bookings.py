"""As people type: slang, bursts, corrections, a question in between, no diacritics; in the right booking at the end."""

import json
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, Final

import pytest
from pydantic import SecretStr

from bot.domain.booking import Booking
from simulator.customer import Phone
from tests.journeys.world import World, opened
from tests.model_server import GOOD, Server, running

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]

TALKS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "en": (
        ("hey hey", "wanna get one of those free planning calls", "in 2 days in the mornin pls"),
        ("eh sry, 3 days from now i mean",),
        ("what if it rains btw?",),
        ("2nd one",),
        ("hmm no wait the first one after all",),
        ("yess",),
    ),
    "id": (
        ("haloo kak", "mau pesen telepon rencana gratis dong", "lusa pagi yaa"),
        ("eh maksudku 3 hari lagi",),
        ("klo hujan gmn kak?",),
        ("yg kedua aja",),
        ("eh yg pertama aja deh",),
        ("iya jadi",),
    ),
    "vi": (
        ("shop ơi", "mình muốn đặt gọi tư vấn miễn phí", "sáng ngày kia được hông?"),
        ("à nhầm, 3 ngày nữa nha",),
        ("trời mưa thì sao ạ",),
        ("cái thứ 2",),
        ("thôi lấy cái đầu tiên đi",),
        ("ok chốt luôn",),
    ),
    "vi without diacritics": (
        ("shop oi", "minh muon dat goi tu van mien phi", "sang ngay kia dc k"),
        ("a nham, 3 ngay nua nha",),
        ("troi mua thi sao a",),
        ("cai thu 2",),
        ("thoi lay cai dau tien di",),
        ("ok chot luon",),
    ),
}
RAIN: Final = {"en": "indoors", "id": "di dalam ruangan", "vi": "trong nhà"}


def sensible(text: str) -> str:
    """What a model that behaves says of such words."""
    asks = any(word in text for word in ("rain", "hujan", "mưa", "mua"))
    said: dict[str, Any] = {"intents": ["ask_info"], "topic": "rain"} if asks else {"intents": ["choose_slot"]}
    return json.dumps(GOOD | said | {"confidence": 0.9})


@pytest.mark.parametrize(
    "with_model", [False, pytest.param(True, marks=pytest.mark.prove)], ids=["without a model", "with a model"]
)
async def test_a_call_is_booked_on_the_corrected_day_at_the_time_chosen_last(
    mongodb_uri: str, with_model: bool
) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(running(Server(answers=sensible)))
        model = {"openai_api_key": SecretStr("test"), "openai_base_url": server.url}
        world = await stack.enter_async_context(opened(mongodb_uri, ours=model if with_model else None))
        for number, (language, turns) in enumerate(TALKS.items()):
            phone = await world.phone(wa_id=f"62812000000{number:02}")
            await _talks(world, phone, turns, language)
        assert bool(server.asked) is with_model


async def _talks(world: World, phone: Phone, turns: tuple[tuple[str, ...], ...], language: str) -> None:
    zone = world.process.business.zone
    begun = await world.process.parts.clock.business_now()
    for bubbles in turns[:-1]:
        for text in bubbles:
            await phone.say(text)
        await world.quiet(30)
    first = next(
        one for one in reversed(await phone.bubbles()) if len(one.choices) == 3 and "slot:" in one.choice_ids[0]
    )
    before = await booked(world, phone)
    assert before.state.value == "SLOT_PROPOSED", language
    await phone.say(turns[-1][0])
    await world.quiet(30)
    booking = await booked(world, phone)
    ended = await world.process.parts.clock.business_now()
    assert booking.chosen is not None
    assert (booking.service, booking.state.value) == ("planning-call", "CONFIRMED"), language
    in_three_days = {(one.astimezone(zone) + timedelta(days=3)).date() for one in (begun, ended)}
    assert booking.chosen.start.astimezone(zone).date() in in_three_days, language
    assert first.choice_ids[0] == f"slot:{booking.chosen.slot_id}", language
    lead = await world.lead_of(phone)
    assert lead["language"] == language[:2]
    assert any(one.says(RAIN[language[:2]]) for one in await phone.bubbles()), language


async def booked(world: World, phone: Phone) -> Booking:
    """The one booking of that customer."""
    lead = (await world.lead_of(phone))["id"]
    page = await world.process.parts.bookings.page(lead, None, 10, None)
    (recorded,) = page.bookings
    return recorded.booking
