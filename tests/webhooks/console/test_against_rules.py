"""A time that the rules of the house refuse, in the console: which rules are named, and who goes on past them."""

import html
from datetime import date, timedelta

import pytest

from bot.domain.overrides import RulesOverridden, TimeRule
from bot.domain.users import Role
from tests.bot.business.makers import sample
from tests.bot.business.test_house_rules import WORDS, read
from tests.journeys.world import World
from tests.webhooks.api.bookings.test_door import booked, customer, slots
from tests.webhooks.console.people import colleague
from webhooks.console.against_rules import rules_in_words, slot_of

CALLER = {"phone": "+62 812 0000 0077", "name": "Emma", "language": "en", "once": "one"}


@pytest.mark.parametrize("language", ["en", "id", "vi"])
def test_each_rule_that_refuses_is_named_once_in_the_readers_language(language: str) -> None:
    business = read(f"id: late, when: {{ outside_hours: true }}, block: true, text: {WORDS}")
    service = business.service("private-chef")
    assert service is not None
    override = RulesOverridden("", "", tuple(TimeRule), ("late",))
    said = rules_in_words(business, override, service, service.min_guests - 1, language)
    # hours and nights are both of the timetable
    assert len(said) == len(set(said)) == len(TimeRule)
    few, many = (
        rules_in_words(business, override, service, guests, language) for guests in (1, service.max_guests + 1)
    )
    assert few != many


def test_a_time_next_to_the_list_is_of_whoever_gives_it() -> None:
    business = sample()
    massage, stay = business.service("balinese-massage"), business.service("kamboja-stay")
    assert massage is not None
    assert stay is not None
    on, given = date(2026, 11, 24), {"other_at": "06:30", "other_provider": "komang"}
    assert (
        slot_of(business, massage, given, on, "villa-melati", 0)
        == "balinese-massage|komang|20261123T2230Z|villa-melati"
    )
    stranger = {**given, "other_provider": "nobody"}
    assert slot_of(business, massage, stranger, on, "villa-melati", 0).startswith("balinese-massage|ayu|")
    assert (
        slot_of(business, stay, {"other_at": "yes"}, on, "villa-kamboja", 1)
        == "kamboja-stay||20261124T0600Z|villa-kamboja|1"
    )
    for at in ("", "half past six", "25:00"):
        assert slot_of(business, massage, {**given, "other_at": at}, on, "villa-melati", 0) == ""


@pytest.mark.parametrize("day", [date.min, date(1999, 12, 31), date(2200, 1, 1), date.max])
@pytest.mark.parametrize("at", ["00:00", "24:00", "99:99", "10:00+07:00", "soon"])
def test_a_time_that_there_cannot_be_is_none(day: date, at: str) -> None:
    for service in sample().services:
        assert slot_of(sample(), service, {"other_at": at}, day, "villa-melati", 2) == ""


@pytest.mark.mongo
@pytest.mark.timeout(120)
async def test_who_may_not_goes_on_past_no_rule_whatever_the_page_sends(world: World) -> None:
    made = await booked(world, await customer(world), (await slots(world))[0])
    wish = {**CALLER, "service": "planning-call", "day": made["start"][:10], "other_at": "03:00"}
    move = {"other_day": made["start"][:10], "other_at": "03:00", "cause": "customer"}
    async with colleague(world.process, world.url, "Dewi", Role.SALES) as dewi:
        read_only = await dewi.post("/callers/quote", **wish)
        assert (read_only.status_code, "textarea" in read_only.text) == (409, False)
        for path, form in (
            ("/callers/quote", wish),
            ("/callers/book", wish),
            (f"/bookings/{made['reference']}/change_time", move),
        ):
            answer = await dewi.post(path, **form, override="because")
            assert answer.status_code == 403, path
    known = (await world.api.get("/bookings")).json()["items"]
    assert [(one["reference"], one["slot_id"]) for one in known] == [(made["reference"], made["slot_id"])]


@pytest.mark.mongo
@pytest.mark.timeout(120)
async def test_a_stay_of_fewer_nights_than_are_sold_is_booked_with_a_reason(world: World) -> None:
    day = (await world.process.parts.clock.business_now() + timedelta(days=9)).date().isoformat()
    wish = {**CALLER, "service": "kamboja-stay", "place": "villa-kamboja", "day": day, "nights": "1", "other_at": "yes"}
    async with colleague(world.process, world.url, "Komang", Role.OPERATIONS) as komang:
        refused = await komang.post("/callers/quote", **wish)
        assert refused.status_code == 409, refused.text
        assert "the timetable has no such time" in html.unescape(refused.text)
        quoted = await komang.post("/callers/quote", **wish, override="a honeymoon cut short")
        assert quoted.status_code == 200, quoted.text
        assert "a honeymoon cut short" in quoted.text
        booking = await komang.post("/callers/book", **wish, override="a honeymoon cut short")
        assert booking.status_code == 200, booking.text
    (made,) = (await world.api.get("/bookings")).json()["items"]
    proposed = next(move for move in made["history"] if move["to"] == "SLOT_PROPOSED")
    assert (made["nights"], proposed["overridden"], proposed["reason"]) == (1, ["nights"], "a honeymoon cut short")


@pytest.mark.mongo
@pytest.mark.timeout(120)
async def test_what_is_taken_is_refused_without_a_way_past_it(world: World) -> None:
    made = await booked(world, await customer(world), (await slots(world))[0])
    wish = {**CALLER, "service": "planning-call", "day": made["start"][:10], "other_at": made["start"][11:16]}
    async with colleague(world.process, world.url, "Komang", Role.OPERATIONS) as komang:
        refused = await komang.post("/callers/quote", **wish)
    assert refused.status_code == 409
    assert 'name="override"' not in refused.text
    assert "that time has just been taken" in html.unescape(refused.text)
