"""A template that Meta pauses or moves to another category: another goes in its place, or a person is told, and a row
says so until it is well again."""

from datetime import timedelta
from typing import Any

import pytest

from simulator.customer import Phone
from tests.journeys import payments as p
from tests.journeys.test_outside_the_window import A_DAY_AND_MORE, approved, stay_linked
from tests.journeys.world import World, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

NUDGE, REOPEN, REOPEN_BOOKING = "janji_pay_nudge", "janji_reopen", "janji_reopen_booking"


async def rows(world: World, reason: str = "template_stopped") -> list[dict[str, Any]]:
    answer = await world.api.get("/attention", params={"reason": reason})
    items: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
    return items


async def reviewed(world: World, name: str, **how: Any) -> None:
    await world.told("POST", "/templates/review", {"name": name, "language": "en", "tell": True, **how})


async def one_row(world: World) -> dict[str, Any]:
    async def found() -> Any:
        return await rows(world)

    (row,) = await until(found)
    return dict(row)


async def no_row(world: World) -> None:
    async def gone() -> bool:
        return await rows(world) == []

    await until(gone)


async def waiting_for_money(world: World) -> tuple[Phone, str]:
    phone = await world.phone("Emma", wa_id="6281200000071")
    return phone, p.reference_in(await stay_linked(world, phone))


async def test_a_paused_template_is_a_row_that_ends_when_it_is_approved_again(world: World) -> None:
    await approved(world)
    await reviewed(world, NUDGE, status="PAUSED")
    row = await one_row(world)
    assert (row["severity"], row["facts"]["template"], row["facts"]["status"]) == ("mild", NUDGE, "PAUSED")
    assert row["fix"]["command"] == "janji templates status"
    # it is one thing to look at, not two
    assert await rows(world, "account_warning") == []
    await reviewed(world, NUDGE, status="APPROVED")
    await no_row(world)
    # that it may soon be paused is a warning to look at, and it is sent until then
    await reviewed(world, NUDGE, status="FLAGGED")

    async def warned() -> bool:
        return len(await rows(world, "account_warning")) == 1

    await until(warned)
    assert await rows(world) == []


async def test_another_category_is_a_row_too(world: World) -> None:
    await approved(world)
    await reviewed(world, NUDGE, category="MARKETING")
    assert (await one_row(world))["facts"]["category"] == "MARKETING"
    await reviewed(world, NUDGE, category="UTILITY")
    await no_row(world)


async def test_in_the_place_of_a_paused_one_another_asks_to_write_to_us(world: World) -> None:
    await approved(world)
    phone, reference = await waiting_for_money(world)
    await reviewed(world, NUDGE, status="PAUSED")
    await one_row(world)
    await p.everybodys_time_goes_on(world, A_DAY_AND_MORE)
    instead = await phone.expect(f"about your booking {reference}: we have an answer", kind="template")
    lead = await world.lead_of(phone)
    said = [line.text for line in await world.transcript(lead["id"])]
    assert any(instead.text in line for line in said), "the transcript has what the customer reads"


async def test_with_none_that_could_go_instead_a_person_is_told(world: World) -> None:
    await approved(world)
    phone, _ = await waiting_for_money(world)
    for name in (NUDGE, REOPEN, REOPEN_BOOKING):
        await reviewed(world, name, status="PAUSED")

    async def all_three() -> bool:
        return len(await rows(world)) == 3

    await until(all_three)
    before = len(await phone.bubbles())
    await p.everybodys_time_goes_on(world, A_DAY_AND_MORE)

    async def told() -> bool:
        return bool(await rows(world, "effect_failed"))

    await until(told)
    assert len(await phone.bubbles()) == before


async def test_a_refused_send_says_it_where_the_news_were_lost(world: World) -> None:
    await approved(world)
    phone, reference = await waiting_for_money(world)
    await reviewed(world, NUDGE, status="PAUSED", tell=False)
    await p.everybodys_time_goes_on(world, A_DAY_AND_MORE + timedelta(minutes=1))
    await phone.expect(f"about your booking {reference}: we have an answer", kind="template")
    assert (await one_row(world))["facts"]["status"] == "PAUSED"
