"""Choosing three times: the wish first, spread over days, the nearest when the day is full."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.business.catalogue import PlaceId, ProviderId, ServiceId
from bot.business.sop import SlotRules
from bot.domain.offers import Fit
from bot.slots.choose import Proposal, Wish, choose, next_to, on_wished_days
from bot.slots.slot import Slot
from tests.bot.business.makers import sample

ZONE = sample().zone
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 23)


def at(day: date, hour: int, minute: int = 0, provider: str = "ayu") -> Slot:
    start = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)
    return Slot(ServiceId("massage"), ProviderId(provider), None, start, start + timedelta(hours=1))


def days(first: int, last: int, *hours: int) -> list[Slot]:
    return [at(MONDAY + timedelta(days=day), hour) for day in range(first, last) for hour in hours]


def told(proposal: Proposal) -> list[str]:
    return [offer.slot.start.astimezone(ZONE).strftime("%d %H:%M") for offer in proposal.offers]


def test_without_a_wish_the_next_three_days_are_offered() -> None:
    proposal = choose(days(0, 5, 9, 10, 15), Wish(), SlotRules(), ZONE, NOW)
    assert told(proposal) == ["23 09:00", "24 09:00", "25 09:00"]


def test_a_wished_time_is_offered_first_and_the_rest_lie_near_it() -> None:
    wish = Wish(MONDAY, MONDAY, 600, 600)
    proposal = choose(days(0, 3, 8, 9, 10, 11, 18), wish, SlotRules(), ZONE, NOW)
    assert (told(proposal), proposal.fit) == (["23 09:00", "23 10:00", "23 11:00"], Fit.WISHED)


def test_a_wished_time_without_a_day_is_offered_on_three_days() -> None:
    proposal = choose(days(0, 5, 9, 17), Wish(from_minute=960, until_minute=1200), SlotRules(), ZONE, NOW)
    assert told(proposal) == ["23 17:00", "24 17:00", "25 17:00"]


def test_a_full_day_gives_the_nearest_others() -> None:
    wish = Wish(MONDAY + timedelta(days=2), MONDAY + timedelta(days=2))
    proposal = choose(days(0, 2, 9) + days(3, 6, 9), wish, SlotRules(), ZONE, NOW)
    assert (told(proposal), proposal.fit) == (["23 09:00", "24 09:00", "26 09:00"], Fit.OTHER_DAYS)


def test_two_providers_at_one_time_are_one_offer() -> None:
    proposal = choose([at(MONDAY, 9), at(MONDAY, 9, provider="komang")], Wish(), SlotRules(), ZONE, NOW)
    assert [offer.slot.provider for offer in proposal.offers] == ["ayu"]
    assert not proposal.is_enough(SlotRules())


def test_one_provider_is_not_offered_at_one_time_for_two_places() -> None:
    here, there = replace(at(MONDAY, 9), place=PlaceId("ubud")), replace(at(MONDAY, 9), place=PlaceId("canggu"))
    assert len(choose([here, there], Wish(), SlotRules(), ZONE, NOW).offers) == 1


def test_a_day_with_little_left_is_offered_without_a_hold() -> None:
    proposal = choose(days(0, 1, 9, 10, 11, 12) + days(1, 2, 9), Wish(), SlotRules(), ZONE, NOW)
    assert {offer.slot.start.astimezone(ZONE).day: offer.held for offer in proposal.offers} == {23: True, 24: False}


def test_nothing_is_offered_too_far_away() -> None:
    assert choose(days(70, 75, 9), Wish(), SlotRules(), ZONE, NOW).fit is Fit.NOTHING


def test_at_least_two_are_proposed_where_two_exist() -> None:
    """One fits the wish: the nearest others stand next to it, as few as there are."""
    wish = Wish(MONDAY, MONDAY, 600, 600)
    one = [at(MONDAY, 10)]
    assert told(choose([*one, at(MONDAY, 16)], wish, SlotRules(), ZONE, NOW)) == ["23 10:00", "23 16:00"]
    far = at(MONDAY + timedelta(days=40), 9)
    assert len(told(choose([*one, far], wish, SlotRules(), ZONE, NOW))) == 2
    assert len(told(choose(one, wish, SlotRules(), ZONE, NOW))) == 1


def test_where_all_others_overlap_one_is_named_without_a_hold() -> None:
    proposal = choose([at(MONDAY, 10), at(MONDAY, 10, 30)], Wish(MONDAY, MONDAY), SlotRules(scarce_below=0), ZONE, NOW)
    assert [(told(proposal)[n], offer.held) for n, offer in enumerate(proposal.offers)] == [
        ("23 10:00", True),
        ("23 10:30", False),
    ]
    assert proposal.is_enough(SlotRules())


def test_the_least_to_propose_is_the_houses() -> None:
    free = [at(MONDAY, 10), at(MONDAY, 10, 30), at(MONDAY, 10, 45)]
    for least in (1, 2, 3):
        proposal = choose(free, Wish(MONDAY, MONDAY), SlotRules(proposal_min=least), ZONE, NOW)
        assert len(proposal.offers) == least


def test_without_a_time_of_theirs_on_the_day_their_next_stands_next_to_those_of_others() -> None:
    tuesday = MONDAY + timedelta(days=1)
    wish, rules = Wish(tuesday, tuesday), SlotRules()
    komangs = [at(MONDAY + timedelta(days=day), 9, provider="komang") for day in (0, 3, 4)]
    ayus = [at(tuesday, hour) for hour in (9, 12, 15)]
    theirs, others = (choose(free, wish, rules, ZONE, NOW) for free in (komangs, [*komangs, *ayus]))
    assert not on_wished_days(theirs)
    both = next_to(theirs, others, wish, rules, ZONE)
    assert (told(both), both.fit) == (["23 09:00", "24 09:00", "24 12:00"], Fit.WISHED)
    assert [offer.slot.provider for offer in both.offers] == ["komang", "ayu", "ayu"]


def test_with_nobody_else_their_next_times_are_all_and_with_none_of_theirs_those_of_others() -> None:
    tuesday = MONDAY + timedelta(days=1)
    wish, rules = Wish(tuesday, tuesday), SlotRules()
    some = choose(days(3, 6, 9), wish, rules, ZONE, NOW)
    nothing = Proposal((), Fit.NOTHING)
    assert next_to(some, nothing, wish, rules, ZONE) == next_to(nothing, some, wish, rules, ZONE) == some


def test_times_that_stand_next_to_each_other_never_overlap() -> None:
    tuesday = MONDAY + timedelta(days=1)
    wish, rules = Wish(tuesday, tuesday), SlotRules()
    theirs = choose([at(MONDAY, 9, provider="komang")], wish, rules, ZONE, NOW)
    others = choose([at(MONDAY, 9, 30), at(MONDAY, 12)], wish, rules, ZONE, NOW)
    assert told(next_to(theirs, others, wish, rules, ZONE)) == ["23 09:00", "23 12:00"]
