"""How it was, of what providers were asked for: kept for whoever came, though another one's time was held first."""

from datetime import timedelta
from typing import Any, Final

import pytest

from bot.domain.states import State
from bot.replies.words import say
from simulator.customer import Phone
from tests.journeys import payments as p
from tests.journeys.test_dispatch import asked, bali, both, ordered
from tests.journeys.test_jobs import alarms
from tests.journeys.world import World, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]
__all__ = ["bali"]

Json = dict[str, Any]
STARS: Final = "⭐⭐⭐⭐⭐"


async def done(world: World, guest: Phone, phones: dict[str, Phone], code: str) -> tuple[str, str]:
    """Ordered, taken by whoever's time was not held, paid and done; the reference, and who came."""
    reference = await ordered(world, guest, code)
    offers = await asked(phones)
    held = (await p.booking(world, reference)).chosen
    assert held is not None
    came = "komang" if held.provider == "ayu" else "ayu"
    await phones[came].tap("Saya ambil", offers[came].id)
    await guest.expect(kind="cta_url")
    await p.pay(world, f"{reference}.1")
    booking = await p.is_in(world, reference, State.CONFIRMED)
    card = await phones[came].expect("Bagian kakak", kind="list")
    assert booking.chosen is not None
    now = await world.process.parts.clock.business_now()
    await p.everybodys_time_goes_on(world, booking.chosen.end - now + timedelta(minutes=5))
    for phone in phones.values():
        # the next offer is no template
        await phone.say("halo")
    await world.quiet()
    await phones[came].tap("Selesai", card.id)
    await p.is_in(world, reference, State.COMPLETED)
    return reference, came


async def rated(world: World, reference: str) -> Json:
    async def there() -> Json | None:
        shown: Json | None = (await world.api.get(f"/bookings/{reference}")).json()["rating"]
        return shown

    found: Json = await until(there, what="the rating")
    return found


async def test_after_done_it_is_rated_by_tap_and_in_words_for_who_came_and_a_bad_one_is_a_persons(bali: World) -> None:
    phones, scores = await both(bali), bali.process.database["ratings"]
    emma = await bali.phone("Emma", wa_id="6281200000331")
    reference, came = await done(bali, emma, phones, "en")
    await emma.say("my booking")
    card = await emma.expect(STARS)
    await emma.tap(STARS, card.id)
    told = await rated(bali, reference)
    assert (told["score"], told["by"], told["words"]) == (5, "customer", None)
    assert await scores.find_one({"_id": reference}) == {"_id": reference, "provider": came, "score": 5}

    sari = await bali.phone("Sari", wa_id="6281200000332")
    reference, came = await done(bali, sari, phones, "id")
    await sari.say("bintang 5, terapisnya ramah")
    told = await rated(bali, reference)
    assert (told["score"], told["by"], told["words"]) == (5, "customer", "bintang 5, terapisnya ramah")
    assert await scores.find_one({"_id": reference}) == {"_id": reference, "provider": came, "score": 5}
    assert not [one for one in await alarms(bali) if one[0] == "rated_low"]

    linh = await bali.phone("Linh", wa_id="84912345672")
    reference, came = await done(bali, linh, phones, "vi")
    await linh.say("2 sao")
    told = await rated(bali, reference)
    assert (told["score"], told["by"]) == (2, "customer")
    assert await scores.find_one({"_id": reference}) == {"_id": reference, "provider": came, "score": 2}
    await linh.expect(say("rating.low", "vi"))
    assert ("rated_low", reference) in await alarms(bali)
    items: list[Json] = (await bali.api.get("/attention", params={"reason": "rated_low"})).json()["items"]
    assert [one["subject"]["id"] for one in items] == [reference]
    # better said again, the person has nothing to look at
    await linh.say("5 sao, mình bấm nhầm")

    async def is_over() -> bool:
        return ("rated_low", reference) not in await alarms(bali)

    await until(is_over, what="the end of the alarm")
    # it ranks by what was said last
    await bali.quiet()
    assert await scores.find_one({"_id": reference}) == {"_id": reference, "provider": came, "score": 5}
    assert await scores.count_documents({}) == 3
