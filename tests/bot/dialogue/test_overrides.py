"""A booking by hand against the rules of the house: booked, on record with its reason, and for that one time alone."""

from dataclasses import replace

from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue.overrides import overriding
from bot.domain.commands import BookSlot, MoveSlot
from bot.domain.events import StaffAction
from bot.domain.overrides import RulesOverridden, TimeRule
from bot.domain.states import State
from bot.lifecycle import apply
from bot.lifecycle.checklist import checklist
from bot.lifecycle.verdicts import Actor
from bot.replies.plain_text import as_text
from payments.domain.money import Money
from tests.bot.business.makers import sample
from tests.bot.business.test_house_rules import WORDS, read
from tests.bot.dialogue.states.talk import NOW, Talk

TIME = "planning-call|concierge|20261103T1900Z|"
"""Three in the morning, when nobody calls."""
LATE = f"id: late, when: {{ outside_hours: true }}, block: true, text: {WORDS}"
LARGE = f"id: large, when: {{ guests_from: 2 }}, block: true, text: {WORDS}"
ASKS = f"id: visits, ask: visits, text: {WORDS}"


def by_hand(
    business: Business, override: RulesOverridden | None, service: str = "planning-call", guests: str = "1"
) -> Talk:
    slot_id = TIME if override is None else override.slot_id
    facts = {"service": service, "slot_id": slot_id, "guests": guests, "hold_id": "h1", "role": "operations"}
    return Talk(business=business).staff(
        StaffAction.CREATE, "BK-1", **facts, **({} if override is None else overriding(override))
    )


def moves(talk: Talk) -> dict[str, dict[str, str]]:
    facts = (dict(one.facts) for one in talk.records if one.what == "booking_moved")
    return {one["to"]: one for one in facts}


def test_what_was_overridden_is_on_the_move_with_who_in_which_role_and_why() -> None:
    talk = by_hand(sample(), RulesOverridden(TIME, "she flies at dawn", (TimeRule.NOTICE, TimeRule.HOURS)))
    assert talk.booking.state is State.CONFIRMED
    proposed = moves(talk)["SLOT_PROPOSED"]
    assert (proposed["verdict"], proposed["overridden"]) == ("overridden", "notice opening_hours")
    assert (proposed["reason"], proposed["override"]) == ("she flies at dawn", "she flies at dawn")
    assert proposed["role"] == "operations"
    assert set(proposed["overridden"].split()) < set(proposed["rules"].split())
    others = [move for name, move in moves(talk).items() if name != "SLOT_PROPOSED"]
    assert {(move["verdict"], move["overridden"], move["reason"]) for move in others} == {("allowed", "", "")}


def test_a_rule_of_the_file_that_forbids_is_overridden_where_it_says_no() -> None:
    business = read(LATE, LARGE)
    assert by_hand(business, None, guests="2").lead.bookings == ()
    talk = by_hand(business, RulesOverridden(TIME, "a friend", of_house=("late", "large")), guests="2")
    assert talk.booking.state is State.CONFIRMED
    known = moves(talk)
    assert [known[name]["overridden"] for name in ("SLOT_PROPOSED", "SLOT_CONFIRMED")] == ["large", "late"]
    assert known["SLOT_CONFIRMED"]["reason"] == "a friend"


def test_a_rule_that_was_not_named_refuses_as_ever() -> None:
    talk = by_hand(read(LATE, LARGE), RulesOverridden(TIME, "a friend", of_house=("late",)), guests="2")
    assert talk.lead.bookings == ()


def test_what_a_rule_asks_is_answered_and_not_overridden() -> None:
    talk = by_hand(read(ASKS), RulesOverridden(TIME, "a friend", of_house=("visits",)))
    assert talk.lead.bookings == ()


def test_another_time_is_judged_by_the_rules_again() -> None:
    talk = by_hand(read(LATE), RulesOverridden(TIME, "a friend", of_house=("late",)))
    context, chosen = Context(NOW, talk.business), talk.booking.chosen
    assert chosen is not None
    other = replace(chosen, slot_id="planning-call|concierge|20261104T1900Z|")
    for slot, allowed in ((chosen, True), (other, False)):
        before = replace(talk.booking, state=State.SLOT_PROPOSED, chosen=slot, booked_hold=None)
        verdict = apply.judged(talk.lead, before, State.SLOT_CONFIRMED, Actor.SYSTEM, context)
        assert (verdict.allowed, verdict.overridden) == (allowed, ("late",) if allowed else ())
        items = checklist(talk.lead, before, State.SLOT_CONFIRMED, context).items
        assert all(item.is_met for item in items) is allowed


def test_fewer_guests_than_the_house_takes_pay_what_so_few_pay() -> None:
    slot_id = "private-chef|nyoman|20261105T0900Z|villa-karang"
    override = RulesOverridden(slot_id, "a widower", (TimeRule.GUESTS,))
    talk = by_hand(sample(), override, "private-chef", "1")
    assert (talk.booking.guests, talk.booking.price) == (1, Money(425_000, "IDR"))


def test_why_is_for_staff_alone() -> None:
    override = RulesOverridden(TIME, "a friend", (TimeRule.NOTICE,), ("late", "large"))
    talk = by_hand(read(LATE, LARGE), override, guests="2")
    assert talk.booking.override == override
    assert talk.said
    assert not any("a friend" in as_text(one) for one in talk.said)


def test_the_time_is_asked_for_with_what_was_overridden_should_its_hold_have_run_out() -> None:
    for override, against in (
        (RulesOverridden(TIME, "a friend", (TimeRule.NOTICE, TimeRule.HOURS)), (TimeRule.NOTICE, TimeRule.HOURS)),
        (None, ()),
    ):
        orders = [order.against for order in by_hand(sample(), override).orders if isinstance(order, BookSlot)]
        assert orders == [against]


# Moved --------------------------------------------------------------------------------------------------------------

NIGHT = "planning-call|concierge|20261104T1900Z|"


def moved_to(slot_id: str, override: RulesOverridden | None, talk: Talk | None = None, **facts: str) -> Talk:
    """A booking by hand that somebody of the house moves."""
    begun = talk or by_hand(sample(), RulesOverridden(TIME, "a friend", (TimeRule.HOURS,)))
    given = {"slot_id": slot_id, "cause": "customer", "reason": "her wish", "person": "rina", "role": "operations"}
    overridden = {} if override is None else overriding(override)
    return begun.staff(StaffAction.RESCHEDULE, **{**given, **facts, **overridden})


def test_a_move_against_the_rules_is_on_record_with_who_in_which_role_and_why() -> None:
    talk = moved_to(NIGHT, RulesOverridden(NIGHT, "she flies at dawn", (TimeRule.HOURS,)))
    assert talk.booking.chosen is not None
    assert (talk.booking.state, talk.booking.chosen.slot_id) == (State.CONFIRMED, NIGHT)
    (record,) = [one for one in talk.records if dict(one.facts).get("to") == "RESCHEDULED"]
    facts = dict(record.facts)
    assert (record.by, facts["role"], facts["override"]) == ("rina", "operations", "she flies at dawn")
    assert (facts["verdict"], facts["overridden"]) == ("overridden", "opening_hours")
    assert "opening_hours" in facts["rules"].split()
    (asked,) = [dict(one.facts) for one in talk.records if one.what == "change_asked"]
    assert (asked["override"], asked["overridden"]) == ("she flies at dawn", "opening_hours")
    assert asked["reason"] == "her wish"
    assert talk.booking.override_of_time == RulesOverridden(NIGHT, "she flies at dawn", (TimeRule.HOURS,))
    assert not any("dawn" in as_text(one) for one in talk.said)


def test_a_move_that_the_rules_allow_overrides_none_and_names_who_moved_it() -> None:
    talk = moved_to("planning-call|concierge|20261105T0200Z|", None)
    (record,) = [one for one in talk.records if dict(one.facts).get("to") == "RESCHEDULED"]
    facts = dict(record.facts)
    assert (record.by, facts["role"], facts["verdict"], facts["overridden"]) == ("rina", "operations", "allowed", "")
    assert "override" not in facts
    assert talk.booking.override_of_time is None, "the time it was for is another one by now"


def test_the_time_of_a_move_is_asked_for_with_what_was_overridden_and_nothing_else() -> None:
    talk = moved_to(NIGHT, RulesOverridden(NIGHT, "a friend", (TimeRule.HOURS, TimeRule.NOTICE)))
    moved_to("planning-call|concierge|20261105T0200Z|", None, talk)
    orders = [order.against for order in talk.orders if isinstance(order, MoveSlot)]
    assert orders == [(TimeRule.HOURS, TimeRule.NOTICE), ()]


def test_fewer_guests_than_the_house_takes_move_at_the_price_of_so_few() -> None:
    first = "private-chef|nyoman|20261105T0900Z|villa-karang"
    begun = by_hand(sample(), RulesOverridden(first, "a widower", (TimeRule.GUESTS,)), "private-chef", "1")
    later = first.replace("1105", "1106")
    moved = moved_to(later, RulesOverridden(later, "a widower", (TimeRule.GUESTS,)), begun)
    assert moved.booking.chosen is not None
    assert (moved.booking.chosen.slot_id, moved.booking.guests) == (later, 1)
    assert (moved.booking.price, moved.booking.is_of_any_size) == (Money(425_000, "IDR"), True)


def test_other_guests_at_the_same_time_leave_what_was_overridden_for_it() -> None:
    first = "private-chef|nyoman|20261105T0900Z|villa-karang"
    begun = by_hand(sample(), RulesOverridden(first, "a friend", (TimeRule.NOTICE,)), "private-chef", "2")
    fewer = moved_to(first, RulesOverridden(first, "a widower", (TimeRule.GUESTS,)), begun, guests="1")
    assert fewer.booking.guests == 1
    assert fewer.booking.override_of_time == RulesOverridden(first, "a widower", (TimeRule.NOTICE, TimeRule.GUESTS))
