"""The booking Flow walked by the simulator's strict client, over sealed requests."""

import json
from datetime import date

import pytest

from flows.completion import parse_completion
from flows.words import Closing, ScreenNotice, languages, words_in
from simulator.flow_client.client import Disabled, Failed, Finished, FlowClient, Outcome, Shown
from tests.flows.shop import HOLD_LIFE, TOKEN, Shop, slot_of

DAY = "2026-11-24"
SLOT = slot_of("balinese", date(2026, 11, 24), "12:00")
OTHER = slot_of("balinese", date(2026, 11, 24), "14:00")
EN = words_in("en")


async def walk(phone: FlowClient, upto: str) -> Outcome:
    """Open the form and fill it until a screen is on top."""
    outcome = await phone.open()
    fills: dict[str, dict[str, str]] = {
        "SERVICE": {"service": "balinese"},
        "DAY": {"day": DAY},
        "TIME": {"time": SLOT},
        "DETAILS": {"guests": "2", "name": "Ánh"},
    }
    for screen, typed in fills.items():
        if screen == upto:
            return outcome
        assert isinstance(outcome, Shown), outcome
        assert outcome.screen == screen
        outcome = await phone.submit(**typed)
    return outcome


def shown(outcome: Outcome) -> Shown:
    """The outcome, which must be a screen."""
    assert isinstance(outcome, Shown), outcome
    return outcome


@pytest.mark.parametrize("language", languages())
async def test_a_form_is_filled_and_sent_in_each_language(language: str) -> None:
    shop = Shop(language)
    async with shop.line() as http:
        phone = shop.phone(http)
        assert shown(await walk(phone, "REVIEW")).data["summary"] == SLOT
        finished = await phone.submit()
    assert isinstance(finished, Finished)
    assert parse_completion(finished.response_json).token == TOKEN
    assert shop.submissions == [TOKEN]
    answers = shop.sessions[TOKEN].answers
    assert (answers.slot_id, answers.guests, answers.name) == (SLOT, 2, "Ánh")
    assert shop.held_by_forms() == {SLOT: shop.sessions[TOKEN].hold_id}


async def test_a_picked_time_is_held_at_once() -> None:
    shop = Shop()
    async with shop.line() as http:
        await walk(shop.phone(http), "DETAILS")
    assert list(shop.held_by_forms()) == [SLOT]


async def test_a_time_taken_while_the_form_was_open_is_told_and_not_offered_again() -> None:
    shop = Shop()
    async with shop.line() as http:
        phone = shop.phone(http)
        await walk(phone, "TIME")
        shop.rival_takes = SLOT
        again = shown(await phone.submit(time=SLOT))
    assert (again.screen, again.notice) == ("TIME", EN.notices[ScreenNotice.TIME_TAKEN])
    assert SLOT not in {option["id"] for option in again.data["times"]}


async def test_another_pick_replaces_the_held_one() -> None:
    shop = Shop()
    async with shop.line() as http:
        phone = shop.phone(http)
        await walk(phone, "DETAILS")
        assert shown(await phone.back()).screen == "TIME"
        await phone.submit(time=OTHER)
    assert list(shop.held_by_forms()) == [OTHER]


async def test_another_day_lets_the_held_time_go() -> None:
    shop = Shop()
    async with shop.line() as http:
        phone = shop.phone(http)
        await walk(phone, "DETAILS")
        await phone.back()
        await phone.back()
        await phone.submit(day="2026-11-26")
    assert shop.held_by_forms() == {}


async def test_going_back_to_look_keeps_the_hold() -> None:
    shop = Shop()
    async with shop.line() as http:
        phone = shop.phone(http)
        await walk(phone, "REVIEW")
        for screen in ("DETAILS", "TIME", "DAY", "SERVICE"):
            assert shown(await phone.back()).screen == screen
    assert list(shop.held_by_forms()) == [SLOT]


async def test_a_resent_screen_gets_the_stored_answer() -> None:
    shop = Shop()
    async with shop.line() as http:
        phone = shop.phone(http)
        await walk(phone, "TIME")
        shop.lose_answer = True
        assert await phone.submit(time=SLOT) == Failed("timeout_error")
        shop.lose_answer = False
        stored = shop.sessions[TOKEN].last_answer
        again = shown(await phone.submit(time=SLOT))
    assert json.loads(stored) == {"screen": again.screen, "data": dict(again.data)}


async def test_after_a_lost_answer_a_changed_pick_counts() -> None:
    shop = Shop()
    async with shop.line() as http:
        phone = shop.phone(http)
        await walk(phone, "TIME")
        shop.lose_answer = True
        await phone.submit(time=SLOT)
        shop.lose_answer = False
        assert shown(await phone.submit(time=OTHER)).screen == "DETAILS"
    assert list(shop.held_by_forms()) == [OTHER]


async def test_a_form_sent_twice_is_sent_once() -> None:
    shop = Shop()
    async with shop.line() as http:
        phone = shop.phone(http)
        await walk(phone, "REVIEW")
        shop.lose_answer = True
        await phone.submit()
        shop.lose_answer = False
        assert isinstance(await phone.submit(), Finished)
        assert await phone.open() == Disabled(EN.closings[Closing.USED])
    assert set(shop.submissions) == {TOKEN}
    assert shop.sessions[TOKEN].is_submitted


async def test_a_submission_is_told_by_its_save_whether_or_not_the_phone_hears_of_it() -> None:
    shop = Shop()
    async with shop.line() as http:
        phone = shop.phone(http)
        await walk(phone, "REVIEW")
        shop.crash_after_save = True
        assert await phone.submit() == Failed("unexpected_http_status_code")
        shop.crash_after_save = False
        assert shop.submissions == [TOKEN]
        assert isinstance(await phone.submit(), Finished)
    assert shop.submissions == [TOKEN]


async def test_a_hold_that_ran_out_is_claimed_again_when_the_form_is_sent() -> None:
    shop = Shop()
    async with shop.line() as http:
        phone = shop.phone(http)
        await walk(phone, "REVIEW")
        shop.now += HOLD_LIFE * 2
        assert isinstance(await phone.submit(), Finished)
    assert list(shop.held_by_forms()) == [SLOT]


async def test_a_hold_that_ran_out_and_was_taken_sends_nothing() -> None:
    shop = Shop()
    async with shop.line() as http:
        phone = shop.phone(http)
        await walk(phone, "REVIEW")
        shop.now += HOLD_LIFE * 2
        shop.take_by_others(SLOT)
        again = shown(await phone.submit())
        assert (again.screen, again.notice) == ("TIME", EN.notices[ScreenNotice.TIME_TAKEN])
        assert shop.submissions == []
        await phone.submit(time=OTHER)
        await phone.submit(guests="1")
        assert isinstance(await phone.submit(), Finished)
    assert shop.sessions[TOKEN].answers.slot_id == OTHER


async def test_a_day_that_filled_up_leads_back_to_the_calendar() -> None:
    shop = Shop()
    async with shop.line() as http:
        phone = shop.phone(http)
        await walk(phone, "DAY")
        for hour in ("10:00", "12:00", "14:00"):
            shop.take_by_others(slot_of("balinese", date(2026, 11, 24), hour))
        again = shown(await phone.submit(day=DAY))
    assert (again.screen, again.notice) == ("DAY", EN.notices[ScreenNotice.NONE_FREE])


async def test_an_unknown_token_closes_the_form_with_words() -> None:
    shop = Shop("vi")
    async with shop.line() as http:
        closed = await shop.phone(http, "somebody-elses").open()
    assert isinstance(closed, Disabled)
    assert "không còn hiệu lực" in closed.message


async def test_an_expired_form_closes() -> None:
    shop = Shop()
    shop.now = shop.sessions[TOKEN].expires_at
    async with shop.line() as http:
        assert isinstance(await shop.phone(http).open(), Disabled)


async def test_nothing_on_offer_closes_the_form() -> None:
    shop = Shop(services=())
    async with shop.line() as http:
        assert isinstance(await shop.phone(http).open(), Disabled)


async def test_two_phones_with_one_form_hold_one_slot() -> None:
    shop = Shop()
    async with shop.line() as http:
        one, two = shop.phone(http), shop.phone(http)
        await walk(one, "DETAILS")
        await walk(two, "TIME")
        moved = shown(await one.submit(guests="1"))
        assert (moved.screen, moved.notice) == ("TIME", EN.notices[ScreenNotice.MOVED_ON])
        await one.submit(time=OTHER)
    assert list(shop.held_by_forms()) == [OTHER]


async def test_the_health_check_needs_no_session() -> None:
    shop = Shop(sessions={})
    async with shop.line() as http:
        assert await shop.phone(http).health_check()
