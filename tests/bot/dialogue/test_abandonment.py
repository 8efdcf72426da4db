"""What is never booked ends by silence, is asked about once, and is taken up again where it was left."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.definition import Business
from bot.dialogue.abandonment import SILENT
from bot.dialogue.decide import decide
from bot.domain.booking import Booking
from bot.domain.commands import ReleaseHolds, SendButtons, SendText, Urgency
from bot.domain.contents import Tap, Text
from bot.domain.events import Event, SlotsFound, TimerFired, timer_event_id
from bot.domain.ids import BookingReference, EventId
from bot.domain.lead import Lead
from bot.domain.offers import Fit
from bot.domain.outcome import Decision
from bot.domain.states import CLOSED, Mode, PaymentStatus, State
from bot.domain.timers import TimerKind, TimerName
from bot.replies.abandonment import GO_ON_TAP, LEAVE_TAP
from intents.understanding import Entities, Intent, Language
from tests.bot.makers import NOW, context, conversing, meaning, wrote
from tests.bot.paying import REFERENCE, a_booking, a_customer

DAY = timedelta(days=1)
END = TimerName(TimerKind.ABANDON, REFERENCE)
AGAIN = TimerName(TimerKind.WRITE_AGAIN, REFERENCE)
MEMORY = TimerName(TimerKind.LATE, REFERENCE)
PROPOSED = a_booking(explicitly_confirmed=False, last_activity_at=NOW)


def told(lead: Lead, event: Event, business: Business | None = None) -> Decision:
    here = context() if business is None else replace(context(), business=business)
    return decide(lead, event, replace(here, now=event.at))


def rings(lead: Lead, name: TimerName, business: Business | None = None) -> Decision:
    """That timer, at its hour."""
    due = lead.timers[str(name)]
    return told(lead, TimerFired(timer_event_id(str(name), due), due, str(name), due), business)


def asking(booking: Booking = PROPOSED) -> Lead:
    """Who has just asked something beside the booking."""
    return told(a_customer(booking), wrote(meaning(Intent.THANKS))).lead


def left(lead: Lead | None = None) -> Lead:
    return rings(lead or asking(), END).lead


def asked_again() -> Lead:
    return rings(left(), AGAIN).lead


def bodies(decision: Decision) -> list[str]:
    orders = (effect.command for effect in decision.effects)
    return [order.body for order in orders if isinstance(order, SendText | SendButtons)]


def test_after_seven_days_of_silence_it_is_let_go_and_nothing_is_said() -> None:
    waiting = asking()
    assert waiting.due_at(END) == NOW + 7 * DAY
    ended = rings(waiting, END)
    assert ended.lead.bookings[0].state is State.ABANDONED
    assert bodies(ended) == []
    assert [effect.command for effect in ended.effects if isinstance(effect.command, ReleaseHolds)] == [
        ReleaseHolds(("hold-1",))
    ]
    assert ended.lead.bookings[0].offered == ()


def test_each_word_begins_the_silence_again() -> None:
    spoke = told(asking(), wrote(meaning(Intent.THANKS), at=NOW + 3 * DAY, event="m2")).lead
    assert spoke.due_at(END) == NOW + 10 * DAY


def test_the_days_are_the_business_files() -> None:
    here = context().business
    patient = replace(here, sop=replace(here.sop, abandon_days=20, write_again_days=0))
    waiting = told(a_customer(PROPOSED), wrote(meaning(Intent.THANKS)), patient).lead
    assert waiting.due_at(END) == NOW + 20 * DAY
    gone = rings(waiting, END, patient).lead
    assert gone.bookings[0].state is State.ABANDONED
    assert gone.due_at(AGAIN) is None


@pytest.mark.parametrize("state", sorted(set(State) - SILENT))
def test_what_waits_for_money_or_has_a_time_is_never_let_go(state: State) -> None:
    standing = a_customer(replace(PROPOSED, state=state, booked_hold="hold-1"))
    after = told(standing, wrote(meaning(Intent.THANKS))).lead
    assert after.due_at(END) is None


def test_who_has_paid_something_is_never_let_go() -> None:
    assert asking(replace(PROPOSED, payment_status=PaymentStatus.PARTIALLY_PAID)).due_at(END) is None


def test_while_a_person_has_the_conversation_the_person_decides() -> None:
    waiting = asking()
    held = rings(conversing(waiting, mode=Mode.AGENT, epoch=2), END).lead
    assert held.bookings[0].state is State.SLOT_PROPOSED
    assert held.due_at(END) == NOW + 8 * DAY


def test_ten_days_after_their_last_word_they_are_asked_once_at_ten_in_the_morning() -> None:
    gone = left()
    due = gone.timers[str(AGAIN)]
    local = due.astimezone(context().business.zone)
    assert (local.hour, (local.date() - NOW.astimezone(context().business.zone).date()).days) == (10, 10)
    asked = rings(gone, AGAIN)
    (effect,) = [one for one in asked.effects if isinstance(one.command, SendButtons)]
    order = effect.command
    assert isinstance(order, SendButtons)
    assert [button.id for button in order.buttons] == [f"{GO_ON_TAP}{REFERENCE}", f"{LEAVE_TAP}{REFERENCE}"]
    assert order.outside is not None
    assert order.outside.taps == (f"{GO_ON_TAP}{REFERENCE}", f"{LEAVE_TAP}{REFERENCE}")
    assert effect.urgency is Urgency.MARKETING
    assert asked.lead.due_at(AGAIN) is None


def test_who_wants_no_messages_spoke_since_or_has_something_else_is_not_asked() -> None:
    gone = left()
    assert bodies(rings(conversing(gone, opted_out=True), AGAIN)) == []
    assert bodies(rings(conversing(gone, last_inbound_at=NOW + 8 * DAY), AGAIN)) == []
    another = BookingReference("BK-26030209-BBBBBB")
    other = replace(a_booking(state=State.CONFIRMED, booked_hold="hold-2"), reference=another)
    assert bodies(rings(gone.with_booking(other), AGAIN)) == []


def test_an_enquiry_without_a_service_is_let_go_and_not_asked_about() -> None:
    nothing = Booking(REFERENCE, state=State.INQUIRY, last_activity_at=NOW)
    gone = left(asking(nothing))
    assert gone.bookings[0].state is State.ABANDONED
    assert gone.due_at(AGAIN) is None


@pytest.mark.parametrize("language", Language)
def test_a_tap_takes_it_up_again_and_asks_only_for_the_day(language: Language) -> None:
    asked = conversing(asked_again(), language=language)
    tap = wrote(meaning(Intent.OOS, language), Tap(f"{GO_ON_TAP}{REFERENCE}", "Yes"), at=NOW + 10 * DAY, event="m3")
    going_on = told(asked, tap)
    booking = going_on.lead.bookings[0]
    assert (booking.state, booking.service, booking.guests) == (State.SERVICE_SELECTED, "balinese-massage", 1)
    assert booking.place == "villa-melati"
    assert len(bodies(going_on)) == 1
    assert going_on.lead.due_at(MEMORY) is None
    assert going_on.lead.due_at(END) == NOW + 17 * DAY


def test_a_no_is_answered_and_forgets_it() -> None:
    tap = wrote(meaning(Intent.OOS), Tap(f"{LEAVE_TAP}{REFERENCE}", "No"), at=NOW + 10 * DAY, event="m3")
    said_no = told(asked_again(), tap)
    assert said_no.lead.bookings == ()
    assert said_no.lead.timers == {}
    assert len(bodies(said_no)) == 1
    words = told(asked_again(), wrote(meaning(Intent.REJECT), Text("no thanks"), at=NOW + 10 * DAY, event="m3"))
    assert words.lead.bookings == ()


def test_who_names_the_same_service_comes_back_to_what_they_left() -> None:
    wish = replace(meaning(Intent.BOOK), entities=Entities(service="balinese-massage"))
    back = told(left(), wrote(wish, Text("a balinese massage please"), at=NOW + 9 * DAY, event="m3"))
    (booking,) = back.lead.bookings
    assert (booking.reference, booking.state) == (REFERENCE, State.SERVICE_SELECTED)
    assert back.lead.due_at(AGAIN) is None


def test_who_names_another_service_begins_a_booking_of_its_own() -> None:
    wish = replace(meaning(Intent.BOOK), entities=Entities(service="vinyasa-yoga"))
    other = told(left(), wrote(wish, Text("yoga"), at=NOW + 9 * DAY, event="m3"))
    assert REFERENCE not in {one.reference for one in other.lead.bookings if one.state not in CLOSED}


def test_it_is_remembered_for_thirty_days() -> None:
    gone = left()
    assert gone.due_at(MEMORY) == NOW + 37 * DAY
    assert rings(gone, MEMORY).lead.bookings == ()
    late = wrote(meaning(Intent.OOS), Tap(f"{GO_ON_TAP}{REFERENCE}", "Yes"), at=NOW + 60 * DAY, event="m3")
    after = told(rings(gone, MEMORY).lead, late)
    assert len(bodies(after)) == 1


def test_what_staff_offer_begins_the_silence_again() -> None:
    waiting = asking(replace(PROPOSED, offered=(), chosen=None, state=State.SERVICE_SELECTED))
    at = NOW + 6 * DAY
    found = SlotsFound(EventId("done:staff:1:0"), at, REFERENCE, a_booking().offered, Fit.WISHED)
    proposed = told(waiting, found).lead
    assert proposed.bookings[0].state is State.SLOT_PROPOSED
    assert proposed.due_at(END) == at + 7 * DAY


def test_late_at_night_nobody_is_asked_but_the_next_morning() -> None:
    gone = left()
    due = gone.timers[str(AGAIN)]
    late = TimerFired(timer_event_id(str(AGAIN), due), due + timedelta(hours=15), str(AGAIN), due)
    waits = told(gone, late)
    assert bodies(waits) == []
    assert waits.lead.due_at(AGAIN) == due + 2 * DAY
    assert len(bodies(rings(waits.lead, AGAIN))) == 1
