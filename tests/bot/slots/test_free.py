"""Free times: hours, breaks, days off, notice, capacity, claims, and clocks that jump."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.business.catalogue import PlaceId, ServiceId
from bot.business.definition import Business
from bot.domain.booking import SlotUnavailable
from bot.slots import claims
from bot.slots.claims import NOTHING_TAKEN, Resource, Taken
from bot.slots.free import Search, free_slots, last_claimed
from bot.slots.recheck import recheck
from bot.slots.slot import Slot, read_slot_id
from tests.bot.business.makers import sample

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
MASSAGE, YOGA, STAY = ServiceId("balinese-massage"), ServiceId("sunrise-yoga"), ServiceId("kamboja-stay")


def search(service: ServiceId = MASSAGE, day: date = MONDAY, place: str | None = "villa-melati") -> Search:
    return Search(service, day, day, PlaceId(place) if place else None)


def wall(slots: tuple[Slot, ...], business: Business | None = None) -> list[str]:
    zone = (business or sample()).zone
    return [slot.start.astimezone(zone).strftime("%H:%M") for slot in slots]


def claimed(slot: Slot, guests: int = 1) -> Taken:
    business = sample()
    service = business.service(slot.service)
    assert service
    needs = claims.needs_of(business, service, slot, guests)
    return Taken.of(key for need in needs for seat in range(need.seats) for key in need.keys(seat))


def test_a_day_offers_the_hours_less_the_break() -> None:
    times = wall(free_slots(sample(), search(), NOW, NOTHING_TAKEN))
    assert times[:8] == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00", "14:00"]
    assert times[-1] == "20:00"


def test_nothing_is_offered_on_a_day_off_nor_when_the_house_rests() -> None:
    christmas = search(day=date(2026, 12, 25))
    assert free_slots(sample(), christmas, datetime(2026, 12, 20, tzinfo=UTC), NOTHING_TAKEN) == ()
    nyepi = search(STAY, date(2027, 3, 8), None)
    assert free_slots(sample(), nyepi, datetime(2027, 3, 1, tzinfo=UTC), NOTHING_TAKEN) == ()


def test_notice_hides_what_is_too_near() -> None:
    now = datetime(2026, 11, 23, 3, 10, tzinfo=UTC)  # 11:10 in Bali, notice three hours
    assert wall(free_slots(sample(), search(), now, NOTHING_TAKEN))[0] == "14:30"


def test_a_claim_hides_every_time_that_would_touch_it_or_its_buffer() -> None:
    free = free_slots(sample(), search(), NOW, NOTHING_TAKEN)
    ten = next(slot for slot in free if wall((slot,)) == ["10:00"])
    left = wall(free_slots(sample(), search(), NOW, claimed(ten)))
    assert left[:3] == ["11:30", "12:00", "14:00"]


def test_a_session_counts_its_seats() -> None:
    day = date(2026, 11, 24)
    (session,) = free_slots(sample(), search(YOGA, day, None), NOW, NOTHING_TAKEN)
    assert (wall((session,)), session.left) == (["06:30"], 10)
    (after,) = free_slots(sample(), search(YOGA, day, None), NOW, claimed(session, 6))
    assert after.left == 4
    assert free_slots(sample(), replace(search(YOGA, day, None), guests=5), NOW, claimed(session, 6)) == ()


def test_a_stay_claims_nights_and_the_day_of_departure_is_free_again() -> None:
    stay = replace(search(STAY, MONDAY, None), nights=2)
    (first,) = free_slots(sample(), stay, NOW, NOTHING_TAKEN)
    assert (first.end - first.start) == timedelta(days=2, hours=-3)
    next_days = replace(stay, last_day=MONDAY + timedelta(days=3))
    left = free_slots(sample(), next_days, NOW, claimed(first))
    assert [slot.start.astimezone(sample().zone).day for slot in left] == [25, 26]


def test_the_gap_of_a_stay_is_nobodys_before_it_and_after_it() -> None:
    stays = [replace(one, nights=replace(one.nights, gap=1)) if one.nights else one for one in sample().services]
    tidied = replace(sample(), services=tuple(stays))
    saturday = MONDAY + timedelta(days=5)
    stay = replace(search(STAY, saturday, None), nights=2)
    (first,) = free_slots(tidied, stay, NOW, NOTHING_TAKEN)
    service = tidied.service(STAY)
    assert service is not None
    (need,) = claims.needs_of(tidied, service, first, 1)
    assert need.quanta == ("2026-11-28", "2026-11-29", "2026-11-30")
    around = replace(stay, first_day=MONDAY, last_day=MONDAY + timedelta(days=8))
    left = free_slots(tidied, around, NOW, Taken.of(need.keys(0)))
    # from the 25th on for two nights and a gap ends the day before; the next guest comes after the gap
    assert [slot.start.astimezone(tidied.zone).day for slot in left] == [23, 24, 25, 1]
    assert last_claimed(tidied, around) == MONDAY + timedelta(days=8 + 2 + 1)


@pytest.mark.parametrize(("day", "count"), [(date(2027, 3, 28), 23), (date(2026, 10, 25), 24)])
def test_hours_that_the_clock_skips_are_not_offered_and_none_is_offered_twice(day: date, count: int) -> None:
    business = replace(sample(), timezone="Europe/Berlin")
    driver = replace(business.services[4], step_minutes=60, duration_minutes=60, notice_hours=0)
    business = replace(business, services=(driver,), closed=())
    found = Search(driver.id, day, day, PlaceId("villa-senja"), business.providers[3].id)
    slots = free_slots(
        business, found, datetime.combine(day, datetime.min.time(), UTC) - timedelta(days=3), NOTHING_TAKEN
    )
    assert len(slots) == count
    assert len({slot.start for slot in slots}) == count
    assert all(slot.end - slot.start == timedelta(hours=1) for slot in slots)


@pytest.mark.parametrize(
    "text",
    [
        "balinese-massage|ayu|99991231T2359Z|villa-melati",
        "balinese-massage|ayu|00010101T0000Z|villa-melati",
        "balinese-massage|ayu|20260230T0200Z|villa-melati",
        "balinese-massage|ayu|20261123T0200Z|villa-melati\n",
        "balinese-massage|ayu|٢0261123T0200Z|villa-melati",
        "balinese-massage|ayu|20261123T0200Z",
        "",
    ],
)
def test_what_can_be_no_time_names_none(text: str) -> None:
    assert read_slot_id(text) is None


def test_every_offered_time_survives_its_own_id() -> None:
    for service in sample().services:
        wanted = Search(service.id, MONDAY, MONDAY + timedelta(days=3), None, None, service.min_guests, 2)
        for slot in free_slots(sample(), wanted, NOW, NOTHING_TAKEN):
            name = read_slot_id(slot.id)
            assert name is not None
            again = recheck(sample(), name, service.min_guests, NOW, NOTHING_TAKEN)
            assert isinstance(again, Slot)
            assert again.id == slot.id


@pytest.mark.parametrize(
    ("text", "guests", "refusal"),
    [
        ("balinese-massage|ayu|20261123T0200Z|villa-melati", 2, SlotUnavailable.TOO_MANY_GUESTS),
        ("balinese-massage|ayu|20261114T0200Z|villa-melati", 1, SlotUnavailable.PAST),
        ("balinese-massage|ayu|20261121T0300Z|villa-melati", 1, SlotUnavailable.TOO_SOON),
        ("balinese-massage|ayu|20280101T0200Z|villa-melati", 1, SlotUnavailable.TOO_FAR),
        ("balinese-massage|ayu|20261123T0207Z|villa-melati", 1, SlotUnavailable.NOT_OFFERED),
        ("balinese-massage|ayu|20261123T0200Z|villa-padi", 1, SlotUnavailable.NOT_OFFERED),
        ("thai-massage|ayu|20261123T0200Z|villa-melati", 1, SlotUnavailable.UNKNOWN_SERVICE),
    ],
)
def test_a_choice_that_cannot_be_had_is_told_why(text: str, guests: int, refusal: SlotUnavailable) -> None:
    name = read_slot_id(text)
    assert name is not None
    assert recheck(sample(), name, guests, NOW, NOTHING_TAKEN) is refusal


def test_a_taken_choice_is_told_taken() -> None:
    slot = free_slots(sample(), search(), NOW, NOTHING_TAKEN)[0]
    name = read_slot_id(slot.id)
    assert name is not None
    assert recheck(sample(), name, 1, NOW, claimed(slot)) is SlotUnavailable.TAKEN


@pytest.mark.parametrize("text", ["", "yes", "a|b|20261399T0200Z|c", "a|b|20261123T0200Z|c|0", "|" * 300])
def test_other_texts_are_no_slot(text: str) -> None:
    assert read_slot_id(text) is None


def test_what_takes_nothing_for_oneself_stays_taken_for_everybody_else() -> None:
    keys = ["provider:ayu|q1|000", "provider:ayu|q2|000", "session:yoga@|q1|000", "session:yoga@|q1|001"]
    taken = Taken.of(keys)
    left = taken.without(["provider:ayu|q1|000", "session:yoga@|q1|001", "provider:nobody|q1|000"])
    assert left.seats(Resource("provider:ayu"), ["q1"]) == frozenset()
    assert left.seats(Resource("provider:ayu"), ["q2"]) == {0}
    assert left.seats(Resource("session:yoga@"), ["q1"]) == {0}
    assert taken == Taken.of(keys), "the whole is everybody's and stays as it was"
