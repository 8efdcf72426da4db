"""Any path of any client, back and forth, resent, timed out, crashed: at most one submission and no orphan
hold."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum, auto

from hypothesis import event, given, settings
from hypothesis import strategies as st

from flows.session import FlowSession
from simulator.flow_client.client import Failed, Finished, FlowClient, Outcome
from simulator.flow_client.inputs import CannotTap
from tests.flows.shop import HOLD_LIFE, HOURS, PEOPLE, PLACES, SERVICES, TOKEN, Shop, slot_of


class Act(StrEnum):
    """What may happen next."""

    ON = auto()
    ON_OTHERWISE = auto()
    BACK = auto()
    REOPEN = auto()
    LOSE_ANSWER = auto()
    CRASH_BEFORE_SAVE = auto()
    CRASH_AFTER_SAVE = auto()
    OLD_REQUEST = auto()
    SECOND_PHONE = auto()
    RIVAL = auto()
    TIME_PASSES = auto()


ACTS = st.lists(st.tuples(st.one_of(st.just(Act.ON), st.sampled_from(Act)), st.integers(0, 2)), min_size=1, max_size=40)
DAYS = ("2026-11-23", "2026-11-24", "2026-11-26")


async def on(phone: FlowClient, choice: int) -> Outcome | None:
    """Fill the screen on top somehow and tap its button."""
    try:
        top = phone.top
        match top.screen:
            case "SERVICE":
                return await phone.submit(service=SERVICES[choice % 2].id)
            case "PLACE":
                return await phone.submit(place=PLACES[choice % 2].id)
            case "DAY":
                whom = {"who": PEOPLE[choice].id} if top.data["asks_who"] else {}
                return await phone.submit(day=DAYS[choice], **whom)
            case "TIME":
                times = top.data["times"]
                return await phone.submit(time=times[choice % len(times)]["id"])
            case "DETAILS":
                return await phone.submit(guests=str(choice + 1), name="Ayu")
            case _:
                return await phone.submit()
    except CannotTap:
        return None


async def back(phone: FlowClient) -> Outcome | None:
    """Tap back, if there is a form."""
    try:
        return await phone.back()
    except CannotTap:
        return None


async def play(acts: Sequence[tuple[Act, int]]) -> tuple[Shop, list[Outcome | None]]:
    """Let it all happen, and look at the laws after each act."""
    shop, outcomes = Shop(places=PLACES, people=PEOPLE), list[Outcome | None]()
    async with shop.line() as http:
        phone, second = shop.phone(http), shop.phone(http)
        await phone.open()
        for act, choice in acts:
            outcomes.append(await _act(shop, phone, second, act, choice))
            _check(shop)
    return shop, outcomes


async def _act(shop: Shop, phone: FlowClient, second: FlowClient, act: Act, choice: int) -> Outcome | None:
    match act:
        case Act.ON | Act.ON_OTHERWISE:
            return await on(phone, choice if act is Act.ON_OTHERWISE else 0)
        case Act.BACK:
            return await back(phone)
        case Act.REOPEN:
            return await phone.open()
        case Act.LOSE_ANSWER | Act.CRASH_BEFORE_SAVE | Act.CRASH_AFTER_SAVE:
            setattr(shop, act.value, True)
            outcome = await (back(phone) if choice == 2 else on(phone, choice))
            setattr(shop, act.value, False)
            return outcome
        case Act.OLD_REQUEST:
            shop.door(shop.bodies[-1 - choice * 2 % len(shop.bodies)])
        case Act.SECOND_PHONE:
            return await (on(second, choice) if second.stack else second.open())
        case Act.RIVAL:
            shop.take_by_others(slot_of(SERVICES[0].id, date(2026, 11, 23), HOURS[choice]))
        case Act.TIME_PASSES:
            shop.now += timedelta(minutes=4)
    return None


def _check(shop: Shop) -> None:
    session = shop.sessions[TOKEN]
    held = shop.held_by_forms()
    assert len(held) <= 1
    assert set(held.values()) <= {session.hold_id}
    assert set(shop.submissions) <= {TOKEN}
    assert not shop.errors, "the strict client refused an answer"
    assert shop.submissions == ([TOKEN] if session.is_submitted else [])
    if session.is_submitted:
        _check_submitted(shop, session)


def _check_submitted(shop: Shop, session: FlowSession) -> None:
    assert session.answers.slot_id is not None
    assert session.answers.guests is not None
    assert session.answers.name
    assert set(shop.held_by_forms()) <= {session.answers.slot_id}


@given(ACTS)
@settings(max_examples=100, deadline=None)
def test_any_path_ends_in_at_most_one_submission_and_no_orphan_hold(acts: list[tuple[Act, int]]) -> None:
    shop, outcomes = asyncio.run(play(acts))
    session = shop.sessions[TOKEN]
    event("submitted" if session.is_submitted else "not submitted")
    refusals = {outcome.alert for outcome in outcomes if isinstance(outcome, Failed)}
    assert refusals <= {"timeout_error", "unexpected_http_status_code", "closed"}
    if any(isinstance(outcome, Finished) for outcome in outcomes):
        assert session.is_submitted
        assert shop.submissions
    shop.now += HOLD_LIFE * 2
    assert shop.held_by_forms() == {}, "an unadopted hold ends by itself"


@given(ACTS)
@settings(max_examples=40, deadline=None)
def test_from_wherever_it_got_a_form_can_still_be_finished_or_says_why_not(
    acts: list[tuple[Act, int]],
) -> None:
    async def finish() -> None:
        shop, _ = await play([act for act in acts if act[0] is not Act.RIVAL])
        async with shop.line() as http:
            phone = shop.phone(http)
            await phone.open()
            for _ in range(6):
                outcome = await on(phone, 0)
                if isinstance(outcome, Finished):
                    break
            assert shop.sessions[TOKEN].is_submitted
            assert set(shop.submissions) <= {TOKEN}

    asyncio.run(finish())
