"""While the swap of its time is under way a booking begins no other change, and the swap counts when it is told."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.business.context import Context
from bot.dialogue.decide import decide
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, SlotUnavailable
from bot.domain.change import change_hold
from bot.domain.commands import MoveSlot, RecordAudit, ReleaseHolds, SendText
from bot.domain.events import Event, SlotLost, SlotMoved, StaffAction, StaffAsked
from bot.domain.ids import EventId
from bot.domain.lead import Lead
from bot.domain.outcome import Decision
from bot.domain.states import Modification, State
from tests.bot.business.makers import sample
from tests.bot.changing import START, a_paid_booking, slot
from tests.bot.makers import NOW
from tests.bot.paying import REFERENCE, a_customer

THERE = slot(START + timedelta(days=1))
FURTHER = slot(START + timedelta(days=2))


def told(lead: Lead, event: Event, now: datetime = NOW) -> Decision:
    return decide(lead, event, Context(now, sample()))


def asks(lead: Lead, action: StaffAction, number: int = 1, **facts: str) -> Decision:
    said = {"cause": "business", "reason": "ill", **facts}
    event = EventId(f"staff:{number}")
    return told(lead, StaffAsked(event, NOW, "operations", action, REFERENCE, tuple(said.items())))


def under_way() -> Lead:
    """Staff have moved it by a day; the claims are being swapped."""
    decision = asks(a_customer(a_paid_booking()), StaffAction.RESCHEDULE, slot_id=THERE.slot_id)
    assert [effect.command for effect in decision.effects if isinstance(effect.command, MoveSlot)]
    return decision.lead


def swapped(lead: Lead, now: datetime = NOW) -> Decision:
    there = replace(THERE, hold_id=change_hold(REFERENCE, "C1"))
    return told(lead, SlotMoved(EventId("done:staff:1:0"), now, REFERENCE, "C1", there), now)


def booking_of(lead: Lead) -> Booking:
    known = lead.booking(REFERENCE)
    assert known is not None
    return known


def test_another_move_waits_for_the_first_and_says_so() -> None:
    second = asks(under_way(), StaffAction.RESCHEDULE, 2, slot_id=FURTHER.slot_id)
    change = booking_of(second.lead).change
    assert change is not None
    assert change.id == "C1"
    assert not [effect for effect in second.effects if isinstance(effect.command, MoveSlot)]
    records = [effect.command for effect in second.effects if isinstance(effect.command, RecordAudit)]
    assert [dict(one.facts)["reason"] for one in records if one.what == "change_denied"] == ["another_open"]
    moved = booking_of(swapped(second.lead).lead)
    assert moved.chosen is not None
    assert (moved.chosen.start, moved.booked_hold) == (THERE.start, change_hold(REFERENCE, "C1"))


def test_a_quote_is_not_begun_either() -> None:
    second = asks(under_way(), StaffAction.CHANGE, 2, kind="time", slot_id=FURTHER.slot_id)
    change = booking_of(second.lead).change
    assert change is not None
    assert change.id == "C1"


def test_what_is_blocked_meanwhile_is_a_persons_to_see() -> None:
    known = booking_of(under_way())
    assert known.chosen is not None
    facts = {
        "block": "b1",
        "resource": f"provider:{known.chosen.provider}",
        "from": known.chosen.start.isoformat(),
        "to": known.chosen.end.isoformat(),
    }
    hit = asks(under_way(), StaffAction.BLOCK, 2, **facts).lead
    change = booking_of(hit).change
    assert change is not None
    assert change.id == "C1"
    assert AlarmReason.STEP_DENIED in {alarm.reason for alarm in hit.alarms}


def test_called_off_meanwhile_both_of_its_times_are_free() -> None:
    ended = asks(under_way(), StaffAction.CANCEL, 2)
    let_go = [effect.command.holds for effect in ended.effects if isinstance(effect.command, ReleaseHolds)]
    late = swapped(ended.lead)
    let_go += [effect.command.holds for effect in late.effects if isinstance(effect.command, ReleaseHolds)]
    assert {"hold-1", change_hold(REFERENCE, "C1")} <= {hold for holds in let_go for hold in holds}


def test_told_after_the_old_time_has_begun_it_is_moved_all_the_same() -> None:
    late = swapped(under_way(), START + timedelta(minutes=5))
    moved = booking_of(late.lead)
    assert (moved.state, moved.modification, moved.change) == (State.CONFIRMED, Modification.CONFIRMED, None)
    assert moved.chosen is not None
    assert moved.chosen.start == THERE.start
    assert any(isinstance(effect.command, SendText) for effect in late.effects)


def test_a_time_that_is_lost_leaves_the_old_one_and_the_next_change_may_begin() -> None:
    lost = told(
        under_way(),
        SlotLost(EventId("done:staff:1:0"), NOW, REFERENCE, THERE.slot_id, SlotUnavailable.TAKEN, "C1"),
    ).lead
    assert booking_of(lost).chosen == a_paid_booking().chosen
    second = asks(lost, StaffAction.RESCHEDULE, 2, slot_id=FURTHER.slot_id)
    assert [effect.command for effect in second.effects if isinstance(effect.command, MoveSlot)]
