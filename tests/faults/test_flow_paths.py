"""Any path of any phone against the real store: at most one submission, and no hold that its form does not know."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.store import driver
from simulator.flow_client.client import Disabled, Finished, FlowClient, Shown
from simulator.flow_client.inputs import CannotTap
from tests.conftest import Database
from tests.faults.flow_house import FlowHouse, go_to, later, opened, step, together

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(170)]


@pytest.fixture
async def house(database: Database) -> AsyncIterator[FlowHouse]:
    """A house over a fresh database."""
    async with opened(driver.database(database.client, database.name)) as one:
        yield one


async def check_laws(house: FlowHouse) -> None:
    """What is sent is told, once; what is held alive is what the session says, and it says so only of one time."""
    form = await house.form()
    held = await house.held()
    assert await house.told() == int(form.session.is_submitted)
    assert set(held) <= {form.session.hold_id}
    if held:
        assert form.session.held_slot is not None
        row = await house.db["claims"].find_one({"hold": form.session.hold_id})
        assert f":{form.session.held_slot.split('|')[0]}@" in row["_id"]
        start = form.session.held_slot.split("|")[2]
        keys = [one["_id"] for one in await house.db["claims"].find({"hold": form.session.hold_id}).to_list(None)]
        first = min(key.split("|")[1] for key in keys)
        assert first.replace("-", "").replace(":", "") == start


async def test_a_form_walked_to_its_end_tells_the_lead_once(house: FlowHouse) -> None:
    phone = house.phone()
    await go_to(phone, "REVIEW")
    assert isinstance(await step(phone), Finished)
    assert await house.told() == 1
    form = await house.form()
    assert form.session.answers.guests == 2
    assert (await house.held())[form.session.hold_id] == 2 * 15, "two seats of a session of 75 minutes"


async def test_a_picked_time_is_held_at_once_and_another_pick_lets_it_go(house: FlowHouse) -> None:
    phone = house.phone()
    await go_to(phone, "DETAILS")
    first = (await house.form()).session.held_slot
    assert len(await house.held()) == 1
    await phone.back()
    await phone.back()
    await step(phone, day="#2")
    await check_laws(house)
    await step(phone)
    assert (await house.form()).session.held_slot != first
    await check_laws(house)


async def test_another_place_has_times_of_its_own_and_lets_the_held_one_go(house: FlowHouse) -> None:
    phone = house.phone()
    await phone.open()
    await step(phone, service="balinese-massage")
    for place in ("villa-melati", "villa-padi"):
        assert phone.top.screen == "PLACE"
        await step(phone, place=place)
        assert await house.held() == {}
        await step(phone)
        assert {one["id"].split("|")[3] for one in phone.top.data["times"]} == {place}
        await step(phone)
        assert phone.top.screen == "DETAILS"
        assert len(await house.held()) == 1
        for _ in range(3):
            await phone.back()


async def test_a_time_taken_while_the_form_was_open_is_said_and_nothing_is_held(house: FlowHouse) -> None:
    phone = house.phone()
    await go_to(phone, "TIME")
    slot = phone.top.data["times"][0]["id"]
    assert await house.take(slot)
    answer = await phone.submit(time=slot)
    assert isinstance(answer, Shown)
    assert answer.notice
    assert slot not in [one["id"] for one in answer.data.get("times", [])]
    assert await house.held() == {}
    assert await house.told() == 0


async def test_a_time_lost_before_the_last_screen_is_said_there(house: FlowHouse) -> None:
    phone = house.phone()
    await go_to(phone, "REVIEW")
    slot = (await house.form()).session.held_slot
    assert slot is not None
    later(house, 31)
    assert await house.take(slot)
    answer = await step(phone)
    assert isinstance(answer, Shown)
    assert answer.notice
    assert await house.told() == 0
    await check_laws(house)


async def test_a_hold_that_ran_out_unnoticed_is_renewed_by_the_confirmation(house: FlowHouse) -> None:
    phone = house.phone()
    await go_to(phone, "REVIEW")
    later(house, 31)
    assert await house.held() == {}
    assert isinstance(await step(phone), Finished)
    assert len(await house.held()) == 1


async def test_more_guests_than_seats_are_left_at_the_end_is_said(house: FlowHouse) -> None:
    phone = house.phone()
    await go_to(phone, "REVIEW")
    slot = (await house.form()).session.held_slot
    assert slot is not None
    for seats in range(12, 0, -1):
        if await house.take(slot, seats):
            break
    assert isinstance(await step(phone), Shown)
    assert await house.told() == 0
    await check_laws(house)


async def test_a_form_sent_twice_is_one_submission(house: FlowHouse) -> None:
    phone = house.phone()
    await go_to(phone, "REVIEW")
    assert isinstance(await step(phone), Finished)
    for _ in range(3):
        assert (await house.again(-1)).status_code == 200
    assert isinstance(await phone.open(), Disabled)
    assert await house.told() == 1


@pytest.mark.parametrize("dies", ["before", "after"])
async def test_a_process_that_died_while_saving_has_neither_sent_the_form_nor_told_of_it(
    house: FlowHouse, dies: str
) -> None:
    phone = house.phone()
    await go_to(phone, "REVIEW")
    house.sessions.dies = dies
    await step(phone)
    assert not (await house.form()).session.is_submitted, "the save rides in the transaction that died"
    assert await house.told() == 0
    assert isinstance(await step(phone), Finished)
    assert await house.told() == 1


async def test_a_process_that_died_right_after_the_save_has_told_the_lead_though_nobody_tries_again(
    house: FlowHouse,
) -> None:
    phone = house.phone()
    await go_to(phone, "REVIEW")
    house.claims.dies = True
    assert not isinstance(await step(phone), Finished)
    assert (await house.form()).session.is_submitted
    assert await house.told() == 1
    assert isinstance(await step(phone), Finished)
    assert await house.told() == 1


async def test_a_form_past_its_days_is_closed(house: FlowHouse) -> None:
    phone = house.phone()
    await go_to(phone, "DAY")
    house.clock.now += timedelta(days=2)
    assert isinstance(await step(phone), Disabled)


@pytest.mark.parametrize("times", [2, 5])
async def test_the_last_button_pressed_many_times_at_once_is_one_submission(house: FlowHouse, times: int) -> None:
    phone = house.phone()
    await go_to(phone, "REVIEW")
    house.bodies.clear()
    await step(phone)
    last = house.bodies[0]
    await house.db["received"].delete_many({})
    await house.db["flow_sessions"].drop()
    house.token = await house.invite()
    await go_to(house.phone(), "REVIEW")
    house.bodies[:] = [last]
    answers = await together(*(house.again(0) for _ in range(times)))
    assert {answer.status_code for answer in answers} == {200}
    assert await house.told() == 1
    await check_laws(house)


async def test_two_phones_of_one_form_at_once_hold_one_time(house: FlowHouse) -> None:
    for number in range(4):
        token = house.token = await house.invite(f"two-phones:{number}")
        phones = [house.phone(token), house.phone(token)]
        for phone in phones:
            await go_to(phone, "DAY")
        await together(*(step(phone, day=f"#{place}") for place, phone in enumerate(phones, 1)))
        for _ in range(3):
            await together(*(step(phone) for phone in phones))
            form, held = await house.form(), await house.held()
            assert len([one for one in held if one == form.session.hold_id]) <= 1
        told = await house.db["received"].count_documents({"_id": f"internal:form:{token}"})
        assert told <= 1


async def test_the_last_button_among_all_earlier_requests_at_once_sends_what_was_confirmed(house: FlowHouse) -> None:
    phone = house.phone()
    await go_to(phone, "REVIEW")
    confirmed = (await house.form()).session.answers
    earlier = range(len(house.bodies))
    answer, *_ = await together(step(phone), *(house.again(index) for index in earlier))
    while not isinstance(answer, Finished):
        await go_to(phone, "REVIEW")
        answer = await step(phone)
    form = await house.form()
    assert await house.told() == 1
    assert form.session.held_slot == form.session.answers.slot_id == confirmed.slot_id
    await house.again(earlier[-1])
    await check_laws(house)
    assert list(await house.held()) == [form.session.hold_id]


async def test_an_exchange_that_slept_never_moves_the_time_another_one_has_sent(house: FlowHouse) -> None:
    phone, slow = house.phone(), house.phone()
    await go_to(phone, "TIME")
    slow.stack = list(phone.stack)
    gate = house.sessions.frozen = asyncio.Event()
    asleep = house.sessions.asleep = asyncio.Event()
    late = asyncio.create_task(step(slow))
    await asleep.wait()
    await phone.back()
    await step(phone, day="#2")
    for _ in range(3):
        answer = await step(phone)
    assert isinstance(answer, Finished)
    sent = (await house.form()).session
    gate.set()
    assert isinstance(await late, Disabled)
    assert (await house.form()).session == sent
    assert sent.held_slot == sent.answers.slot_id
    assert await house.told() == 1
    await check_laws(house)


@pytest.mark.parametrize("seed", range(6))
async def test_any_path_ends_in_at_most_one_submission_and_no_orphan_hold(house: FlowHouse, seed: int) -> None:
    chance = random.Random(seed)
    phone, second = house.phone(), house.phone()
    await phone.open()
    for _ in range(22):
        await _act(house, phone, second, chance)
        await check_laws(house)
    later(house, 31)
    assert await house.held() == {}, "what is not sent, or not booked, ends by itself"


async def _act(house: FlowHouse, phone: FlowClient, second: FlowClient, chance: random.Random) -> None:
    acts = ["on"] * 4 + ["back", "open", "die", "die_late", "die_saved", "resend", "both", "rival", "wait"]
    match chance.choice(acts):
        case "on":
            await step(phone, **_otherwise(phone, chance))
        case "back":
            await _back(phone)
        case "open":
            await phone.open()
        case "die":
            house.sessions.dies = "before"
            await step(phone)
            house.sessions.dies = ""
        case "die_late":
            house.sessions.dies = "after"
            await step(phone)
            house.sessions.dies = ""
        case "die_saved":
            house.claims.dies = True
            await step(phone)
            house.claims.dies = False
        case "resend":
            await house.again(chance.randrange(len(house.bodies)))
        case "both":
            second.stack, second.is_closed = list(phone.stack), phone.is_closed
            await together(step(phone), step(second, **_otherwise(second, chance)), house.again(-1))
        case "rival":
            slot = (await house.form()).session.answers.slot_id
            if slot is not None:
                await house.take(slot, chance.randint(1, 12), f"rival-{chance.random()}")
        case "wait":
            later(house, chance.choice([1, 12, 31]))
        case _:
            pass


def _otherwise(phone: FlowClient, chance: random.Random) -> dict[str, str]:
    """Another day now and then."""
    on_day = bool(phone.stack) and not phone.is_closed and phone.top.screen == "DAY"
    return {"day": f"#{chance.randint(1, 4)}"} if on_day else {}


async def _back(phone: FlowClient) -> None:
    try:
        await phone.back()
    except CannotTap:
        return
