"""What the chat knows stands in the form: a beginning that can be changed, and nothing where it cannot be had."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from flows.lint import lint
from flows.screens.place import PLACE
from flows.session import Answers, FlowSession, Wished
from flows.view import BookingView, PlaceId, ServiceId, SlotId
from flows.words import ScreenNotice, words_in
from simulator.flow_client.client import Finished, FlowClient, Shown
from simulator.flow_client.inputs import CannotTap
from tests.flows.shop import PLACES, SERVICES, TOKEN, Shop, session_of, slot_of
from tests.flows.vectors import PAYLOADS

DAY = date(2026, 11, 24)
NOON = slot_of("balinese", DAY, "12:00")
KNOWN = Wished(ServiceId("balinese"), PlaceId("padi"), DAY, 12 * 60, guests=3)


def sent_with(known: Wished) -> FlowSession:
    """A form sent by a chat that knew this much."""
    return replace(session_of(), answers=Answers(wished=known))


def knowing(known: Wished, **more: Any) -> Shop:
    """A shop with one such form."""
    return Shop(sessions={TOKEN: sent_with(known)}, places=PLACES, **more)


async def go_on(phone: FlowClient, **typed: str) -> Shown:
    """The next screen."""
    outcome = await phone.submit(**typed)
    assert isinstance(outcome, Shown), outcome
    return outcome


async def test_who_said_it_all_in_the_chat_only_taps_through_the_form() -> None:
    shop = knowing(KNOWN)
    async with shop.line() as http:
        phone = shop.phone(http)
        await phone.open()
        for screen in ("PLACE", "DAY", "TIME", "DETAILS", "REVIEW"):
            assert (await go_on(phone)).screen == screen
        assert isinstance(await phone.submit(), Finished)
    answers = shop.sessions[TOKEN].answers
    assert (answers.service_id, answers.place_id, answers.day) == ("balinese", "padi", DAY)
    assert (answers.slot_id, answers.guests, answers.name) == (NOON, 3, "Ayu")


async def test_what_is_changed_in_the_form_wins_and_goes_on_winning() -> None:
    shop = knowing(KNOWN)
    async with shop.line() as http:
        phone = shop.phone(http)
        await phone.open()
        await go_on(phone)
        await go_on(phone, place="melati")
        await go_on(phone, day="2026-11-26")
        await phone.back()
        for screen, field, mine in (("DAY", "known", {"day": "2026-11-26"}), ("PLACE", "known_place", "melati")):
            assert phone.top.screen == screen
            assert phone.top.data[field] == mine
            await phone.back()
        # another service, and the first one once more: what hung on it is gone as a pick, and still wished
        await go_on(phone, service="facial")
        await phone.back()
        assert (await go_on(phone, service="balinese")).data["known_place"] == "melati"
        assert (await go_on(phone)).data["known"] == {"day": "2026-11-26"}


async def test_a_number_that_was_changed_is_not_overwritten_by_another_time() -> None:
    shop = knowing(KNOWN)
    async with shop.line() as http:
        phone = shop.phone(http)
        await phone.open()
        for _ in range(4):
            shown = await go_on(phone)
        assert (shown.screen, shown.data["known_guests"]) == ("DETAILS", "3")
        await go_on(phone, guests="1", name="Ayu")
        await phone.back()
        await phone.back()
        assert (await go_on(phone, time=slot_of("balinese", DAY, "14:00"))).data["known_guests"] == "1"


@pytest.mark.parametrize(
    ("known", "screen", "field", "empty"),
    [
        (Wished(ServiceId("gone")), "SERVICE", "known_service", ""),
        (Wished(place_id=PlaceId("sold")), "PLACE", "known_place", ""),
        (Wished(day=date(2026, 11, 25)), "DAY", "known", {}),
        (Wished(day=date(2020, 1, 1)), "DAY", "known", {}),
        (Wished(minute=3 * 60), "TIME", "known_time", ""),
        (Wished(guests=40), "DETAILS", "known_guests", ""),
        (Wished(), "DETAILS", "known_guests", ""),
    ],
)
async def test_what_cannot_be_had_or_was_not_said_is_left_empty(
    known: Wished, screen: str, field: str, empty: object
) -> None:
    shop = knowing(known)
    fills: dict[str, dict[str, str]] = {
        "SERVICE": {"service": "balinese"},
        "PLACE": {"place": "padi"},
        "DAY": {"day": DAY.isoformat()},
        "TIME": {"time": NOON},
    }
    async with shop.line() as http:
        phone = shop.phone(http)
        await phone.open()
        while phone.top.screen != screen:
            await go_on(phone, **fills[phone.top.screen])
        assert phone.top.data[field] == empty
        # nothing is chosen for the customer in place of it
        with pytest.raises(CannotTap, match="is required"):
            await phone.submit()


async def test_the_place_is_asked_where_there_are_several_and_only_there() -> None:
    shop = Shop(places=PLACES)
    async with shop.line() as http:
        phone = shop.phone(http)
        await phone.open()
        assert (await go_on(phone, service="facial")).screen == "DAY"
        back = await phone.back()
        assert isinstance(back, Shown)
        assert (back.screen, back.notice) == ("SERVICE", "")
        asked = await go_on(phone, service="balinese")
        assert asked.screen == "PLACE"
        assert [one["title"] for one in asked.data["places"]] == ["Villa Melati", "Villa Padi"]


async def test_another_place_lets_the_held_time_go() -> None:
    shop = knowing(KNOWN)
    async with shop.line() as http:
        phone = shop.phone(http)
        await phone.open()
        for _ in range(4):
            await go_on(phone)
        assert list(shop.held_by_forms()) == [NOON]
        for _ in range(3):
            await phone.back()
        await go_on(phone, place="melati")
    assert shop.held_by_forms() == {}


@pytest.mark.parametrize("language", ["en", "id", "vi"])
def test_a_place_that_is_not_offered_is_asked_again_and_a_closed_question_is_passed(language: str) -> None:
    answers = Answers(ServiceId("balinese"), place_id=PlaceId("sold"))
    view = BookingView(language, SERVICES, places=PLACES)
    notice = PLACE.objection(answers, view)
    assert notice is ScreenNotice.PICK_PLACE
    assert words_in(language).notices[notice]
    assert PLACE.objection(answers, replace(view, places=())) is None


def of_yesterday() -> dict[str, Any]:
    """The booking form as version 0.2 published it."""
    return dict(json.loads((PAYLOADS / "edition_1_booking.json").read_text()))


async def test_a_form_published_by_an_earlier_version_gets_the_screens_and_fields_it_has() -> None:
    assert lint(of_yesterday()) == ()
    declared = {screen["id"]: set(screen["data"]) for screen in of_yesterday()["screens"]}
    shop = knowing(KNOWN, edition=1)
    fills: dict[str, dict[str, str]] = {
        "SERVICE": {"service": "balinese"},
        "DAY": {"day": DAY.isoformat()},
        "TIME": {"time": NOON},
        "DETAILS": {"guests": "2"},
    }
    async with shop.line() as http:
        phone = shop.phone(http, flow=of_yesterday())
        await phone.open()
        for screen, typed in fills.items():
            assert (phone.top.screen, set(phone.top.data)) == (screen, declared[screen])
            await go_on(phone, **typed)
        assert set(phone.top.data) == declared["REVIEW"]
        assert isinstance(await phone.submit(), Finished)
    assert shop.errors == []


async def test_a_form_that_was_open_when_another_edition_was_published_goes_on_in_its_own() -> None:
    shop = knowing(KNOWN, edition=1)
    async with shop.line() as http:
        phone = shop.phone(http, flow=of_yesterday())
        await phone.open()
        shop.edition = 2
        assert (await go_on(phone, service="balinese")).screen == "DAY"
        # opened once more it is the form of today, for the phone has that one then
        again = shop.phone(http)
        await again.open()
        assert (await go_on(again)).screen == "PLACE"


def test_a_time_that_is_picked_is_wished_on_another_day_too() -> None:
    answers = Answers(wished=KNOWN).with_slot(SlotId("balinese|x"))
    assert answers.with_day(DAY).wished.slot_id == "balinese|x"
    assert answers.with_slot(None).wished.slot_id == "balinese|x"
