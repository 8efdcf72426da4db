"""What a person of the house may override about a time, and what is so whoever decides it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.business.catalogue import ServiceId
from bot.business.definition import Business
from bot.domain.booking import SlotUnavailable
from bot.domain.overrides import TimeRule
from bot.slots import claims
from bot.slots.claims import NOTHING_TAKEN, Taken
from bot.slots.overrides import UnruledSlot, unruled
from bot.slots.recheck import recheck
from bot.slots.slot import Slot, read_slot_id
from tests.bot.business.makers import sample

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
"""A Saturday, ten in the morning in Bali."""
MASSAGE = "balinese-massage|ayu|{}|villa-melati"


def asked(
    text: str, guests: int = 1, taken: Taken = NOTHING_TAKEN, business: Business | None = None
) -> UnruledSlot | SlotUnavailable:
    name = read_slot_id(text)
    assert name is not None
    return unruled(business or sample(), name, guests, NOW, taken)


def had(text: str, guests: int = 1) -> UnruledSlot:
    found = asked(text, guests)
    assert isinstance(found, UnruledSlot), found
    return found


def claimed(slot: Slot, guests: int = 1) -> Taken:
    service = sample().service(slot.service)
    assert service is not None
    needs = claims.needs_of(sample(), service, slot, guests)
    return Taken.of(key for need in needs for seat in range(need.seats) for key in need.keys(seat))


@pytest.mark.parametrize(
    ("text", "guests", "rules"),
    [
        (MASSAGE.format("20261121T0300Z"), 1, (TimeRule.NOTICE,)),
        (MASSAGE.format("20280103T0200Z"), 1, (TimeRule.ADVANCE,)),
        (MASSAGE.format("20261123T0207Z"), 1, (TimeRule.HOURS,)),
        (MASSAGE.format("20261122T2200Z"), 1, (TimeRule.HOURS,)),
        (MASSAGE.format("20261123T0500Z"), 1, (TimeRule.HOURS,)),
        (MASSAGE.format("20261123T0200Z"), 2, (TimeRule.GUESTS,)),
        (MASSAGE.format("20261121T0215Z"), 2, (TimeRule.NOTICE, TimeRule.GUESTS, TimeRule.HOURS)),
        ("private-chef|nyoman|20261124T0900Z|villa-padi", 1, (TimeRule.GUESTS,)),
        ("sunrise-yoga|{yogi}|20261123T2230Z|bale-sari", 7, (TimeRule.GUESTS,)),
        ("kamboja-stay||20261123T0600Z|villa-kamboja|1", 1, (TimeRule.NIGHTS,)),
        ("kamboja-stay||20261123T0600Z|villa-kamboja|25", 1, (TimeRule.NIGHTS,)),
    ],
)
def test_each_rule_of_the_house_that_refuses_it_may_be_overridden(
    text: str, guests: int, rules: tuple[TimeRule, ...]
) -> None:
    (yogi,) = sample().providers_of(ServiceId("sunrise-yoga"), None)
    text = text.format(yogi=yogi.id)
    name = read_slot_id(text)
    assert name is not None
    assert isinstance(recheck(sample(), name, guests, NOW, NOTHING_TAKEN), SlotUnavailable), "the rules refuse it"
    found = had(text, guests)
    assert (found.slot.id, found.against) == (text, rules)


def test_what_the_rules_allow_overrides_none() -> None:
    assert had(MASSAGE.format("20261123T0200Z")).against == ()


def test_a_time_outside_the_hours_ends_as_one_inside_them() -> None:
    inside, outside = (had(MASSAGE.format(start)).slot for start in ("20261123T0200Z", "20261122T2200Z"))
    assert inside.end - inside.start == outside.end - outside.start
    stay = had("kamboja-stay||20261123T0600Z|villa-kamboja|1").slot
    assert stay.end.astimezone(sample().zone).isoformat() == "2026-11-24T11:00:00+08:00"


@pytest.mark.parametrize(
    ("text", "guests", "refusal"),
    [
        (MASSAGE.format("20261121T0200Z"), 1, SlotUnavailable.PAST),
        (MASSAGE.format("20261225T0200Z"), 1, SlotUnavailable.DAY_OFF),
        (MASSAGE.format("20270308T0200Z"), 1, SlotUnavailable.DAY_OFF),
        # it would end on the day off
        (MASSAGE.format("20261224T1530Z"), 1, SlotUnavailable.DAY_OFF),
        (MASSAGE.format("20261123T0200Z"), 40, SlotUnavailable.TOO_MANY_GUESTS),
        ("sunrise-yoga|{yogi}|20261123T2230Z|bale-sari", 11, SlotUnavailable.TOO_MANY_GUESTS),
        ("kamboja-stay||20261123T0600Z|villa-kamboja|2", 5, SlotUnavailable.TOO_MANY_GUESTS),
        ("balinese-massage|ayu|20261123T0200Z|villa-padi", 1, SlotUnavailable.NOT_OFFERED),
        ("balinese-massage|nyoman|20261123T0200Z|villa-melati", 1, SlotUnavailable.NOT_OFFERED),
        ("balinese-massage||20261123T0200Z|villa-melati", 1, SlotUnavailable.NOT_OFFERED),
        ("sunrise-yoga|{yogi}|20261123T2300Z|bale-sari", 1, SlotUnavailable.NOT_OFFERED),
        ("kamboja-stay||20261123T0700Z|villa-kamboja|2", 1, SlotUnavailable.NOT_OFFERED),
        ("kamboja-stay||20261123T0600Z|villa-melati|2", 1, SlotUnavailable.NOT_OFFERED),
        ("planning-call|concierge|20261122T1900Z|villa-melati", 1, SlotUnavailable.NOT_OFFERED),
        ("thai-massage|ayu|20261123T0200Z|villa-melati", 1, SlotUnavailable.UNKNOWN_SERVICE),
    ],
)
def test_what_is_so_whoever_decides_it_is_refused(text: str, guests: int, refusal: SlotUnavailable) -> None:
    (yogi,) = sample().providers_of(ServiceId("sunrise-yoga"), None)
    assert asked(text.format(yogi=yogi.id), guests) is refusal


def test_nobody_is_booked_twice_also_outside_the_hours() -> None:
    early = had(MASSAGE.format("20261122T2200Z")).slot
    assert asked(MASSAGE.format("20261122T2230Z"), 1, claimed(early)) is SlotUnavailable.TAKEN
    stay = had("kamboja-stay||20261123T0600Z|villa-kamboja|1").slot
    assert asked("kamboja-stay||20261123T0600Z|villa-kamboja|2", 1, claimed(stay)) is SlotUnavailable.TAKEN


def test_a_session_that_is_full_stays_full() -> None:
    (yogi,) = sample().providers_of(ServiceId("sunrise-yoga"), None)
    text = f"sunrise-yoga|{yogi.id}|20261123T2230Z|bale-sari"
    session = had(text).slot
    assert asked(text, 5, claimed(session, 6)) is SlotUnavailable.TAKEN
    assert isinstance(asked(text, 4, claimed(session, 6)), UnruledSlot)


def test_who_gives_a_session_gives_nothing_else_meanwhile() -> None:
    services = {ServiceId("sunrise-yoga"), ServiceId("balinese-massage")}
    (yogi,) = sample().providers_of(ServiceId("sunrise-yoga"), None)
    both = replace(yogi, services=tuple(sorted(services)), areas=())
    business = replace(sample(), providers=tuple(both if one.id == yogi.id else one for one in sample().providers))
    # Tuesday: the session begins at 06:30, and a massage of an hour at 05:45 runs into it
    text = f"balinese-massage|{yogi.id}|{{}}|villa-melati"
    assert asked(text.format("20261123T2145Z"), 1, business=business) is SlotUnavailable.TAKEN
    assert isinstance(asked(text.format("20261123T2000Z"), 1, business=business), UnruledSlot)
