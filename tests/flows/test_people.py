"""Who is to give it can be chosen with the day, where several do: anybody to begin with, or whom the chat knew."""

import json
from dataclasses import replace
from typing import Any

import pytest

from flows.limits import FlowOverLimit
from flows.lint import lint
from flows.screens.day import DAY as DAY_SCREEN
from flows.session import Answers, Wished
from flows.view import ANYONE, BookingView, Choice, ProviderId, ServiceId
from flows.words import ScreenNotice, languages, words_in
from simulator.flow_client.client import Finished, FlowClient, Shown
from simulator.flow_client.inputs import CannotTap
from tests.flows.shop import DAYS, KOMANG_IS_AWAY, PEOPLE, PLACES, SERVICES, TOKEN, Shop, session_of, slot_of
from tests.flows.vectors import PAYLOADS

FREE = "2026-11-26"
AWAY = KOMANG_IS_AWAY.isoformat()


def shop_of(people: tuple[Choice, ...] = PEOPLE, wished: Wished | None = None, **more: Any) -> Shop:
    sent = replace(session_of(), answers=Answers(wished=wished or Wished()))
    return Shop(sessions={TOKEN: sent}, people=people, **more)


async def go_on(phone: FlowClient, **typed: str) -> Shown:
    """The next screen."""
    outcome = await phone.submit(**typed)
    assert isinstance(outcome, Shown), outcome
    return outcome


def hours(shown: Shown) -> list[str]:
    return [time["title"] for time in shown.data["times"]]


async def test_anybody_is_chosen_to_begin_with_and_who_chooses_nobody_sees_every_time() -> None:
    shop = shop_of()
    async with shop.line() as http:
        phone = shop.phone(http)
        await phone.open()
        shown = await go_on(phone, service="balinese")
        assert (shown.data["asks_who"], shown.data["known"]) == (True, {"who": ANYONE})
        assert [one["title"] for one in shown.data["people"]] == ["Anyone", "Ayu Spa", "Komang Wellness"]
        assert hours(await go_on(phone, day=AWAY)) == ["10:00", "12:00", "14:00"]
    assert shop.sessions[TOKEN].answers.provider_id == ANYONE


async def test_whoever_is_chosen_has_their_times_alone_and_stays_chosen() -> None:
    shop = shop_of()
    async with shop.line() as http:
        phone = shop.phone(http)
        await phone.open()
        await go_on(phone, service="balinese")
        assert hours(await go_on(phone, who="komang", day=FREE)) == ["14:00"]
        await go_on(phone, time=slot_of("balinese", DAYS.first.replace(day=26), "14:00"))
        await go_on(phone, guests="1", name="Ayu")
        assert isinstance(await phone.submit(), Finished)
    assert shop.sessions[TOKEN].answers.provider_id == "komang"


async def test_a_day_on_which_they_are_not_free_is_said_and_the_calendar_is_theirs() -> None:
    shop = shop_of()
    async with shop.line() as http:
        phone = shop.phone(http)
        await phone.open()
        shown = await go_on(phone, service="balinese")
        assert AWAY not in shown.data["full_days"]
        again = await go_on(phone, who="komang", day=AWAY)
        assert (again.screen, again.notice) == ("DAY", words_in("en").notices[ScreenNotice.WHO_NOT_FREE])
        assert again.data["known"] == {"who": "komang"}
        assert AWAY in again.data["full_days"]
        # rather that day, whoever it is; the phone has the calendar of Komang until it asks again
        assert (await go_on(phone, who=ANYONE, day=FREE)).screen == "TIME"


async def test_somebody_else_lets_the_held_time_go() -> None:
    shop = shop_of()
    async with shop.line() as http:
        phone = shop.phone(http)
        await phone.open()
        await go_on(phone, service="balinese")
        await go_on(phone, who="ayu", day=FREE)
        held = slot_of("balinese", DAYS.first.replace(day=26), "10:00")
        await go_on(phone, time=held)
        assert list(shop.held_by_forms()) == [held]
        await phone.back()
        await phone.back()
        assert phone.top.data["known"] == {"day": FREE, "who": "ayu"}
        await go_on(phone, who="komang", day=FREE)
    assert shop.held_by_forms() == {}


async def test_whom_the_chat_knew_is_chosen_to_begin_with_and_another_choice_wins() -> None:
    shop = shop_of(wished=Wished(ServiceId("balinese"), provider_id=ProviderId("komang")), places=PLACES)
    async with shop.line() as http:
        phone = shop.phone(http)
        await phone.open()
        await go_on(phone)
        shown = await go_on(phone, place="padi")
        assert shown.data["known"] == {"who": "komang"}
        assert AWAY in shown.data["full_days"]
        await go_on(phone, who=ANYONE, day=FREE)
        await phone.back()
        assert phone.top.data["known"] == {"day": FREE, "who": ANYONE}
        # another place has other people; the choice is wished there, too
        await phone.back()
        assert (await go_on(phone, place="melati")).data["known"]["who"] == ANYONE


async def test_where_there_is_nobody_to_choose_between_nothing_is_asked() -> None:
    shop = shop_of()
    async with shop.line() as http:
        phone = shop.phone(http)
        await phone.open()
        shown = await go_on(phone, service="facial")
        assert (shown.data["asks_who"], shown.data["known"]) == (False, {})
        with pytest.raises(CannotTap, match="has no who"):
            await phone.submit(day=FREE, who="ayu")
        assert hours(await go_on(phone, day=FREE)) == ["10:00", "12:00", "14:00"]
    assert shop.sessions[TOKEN].answers.provider_id is None


def of_yesterday() -> dict[str, Any]:
    """The booking form as it was published before it could be chosen who gives it."""
    return dict(json.loads((PAYLOADS / "edition_2_booking.json").read_text()))


async def test_a_form_of_the_second_edition_gets_the_fields_it_has_and_books() -> None:
    assert lint(of_yesterday()) == ()
    declared = {screen["id"]: set(screen["data"]) for screen in of_yesterday()["screens"]}
    # what the chat knew does not narrow a form in which it can be neither seen nor changed
    shop = shop_of(wished=Wished(provider_id=ProviderId("komang")), places=PLACES, edition=2)
    fills: dict[str, dict[str, str]] = {
        "SERVICE": {"service": "balinese"},
        "PLACE": {"place": "padi"},
        "DAY": {"day": AWAY},
        "TIME": {"time": slot_of("balinese", KOMANG_IS_AWAY, "10:00")},
        "DETAILS": {"guests": "2", "name": "Ayu"},
    }
    async with shop.line() as http:
        phone = shop.phone(http, flow=of_yesterday())
        await phone.open()
        for screen, typed in fills.items():
            assert (phone.top.screen, set(phone.top.data)) == (screen, declared[screen])
            if screen == "DAY":
                assert phone.top.data["known"] == {}
            await go_on(phone, **typed)
        assert isinstance(await phone.submit(), Finished)
    assert shop.errors == []


@pytest.mark.parametrize("language", languages())
def test_what_is_said_of_a_day_without_them_is_there_in_every_language(language: str) -> None:
    view = BookingView(language, SERVICES, DAYS, providers=PEOPLE)
    answers = Answers(ServiceId("balinese"), DAYS.first, provider_id=ProviderId("komang"))
    assert DAY_SCREEN.objection(answers, view) is ScreenNotice.WHO_NOT_FREE
    assert words_in(language).notices[ScreenNotice.WHO_NOT_FREE]
    assert words_in(language).who_label


def test_a_view_with_one_person_twice_is_refused() -> None:
    with pytest.raises(FlowOverLimit):
        BookingView("en", SERVICES, providers=(PEOPLE[1], PEOPLE[1]))
