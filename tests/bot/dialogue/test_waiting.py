"""Who finds no time may wait: they join once, are told of the time that is kept for them, and wait no more once they
booked, left, said STOP, or the day is over."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.business.definition import Business
from bot.dialogue.decide import decide
from bot.domain.booking import Booking, BookingWish, SlotUnavailable
from bot.domain.commands import BookSlot, RecordAudit, ReleaseHolds, SendButtons, SendList, SendText
from bot.domain.contents import Tap, Text
from bot.domain.events import (
    Event,
    LeadsMerged,
    SlotBooked,
    SlotLost,
    SlotsFound,
    TimerFired,
    merge_event_id,
    timer_event_id,
)
from bot.domain.ids import EventId, LeadId
from bot.domain.lead import Lead
from bot.domain.offers import Fit
from bot.domain.outcome import Decision
from bot.domain.states import State
from bot.domain.timers import TimerKind, TimerName
from bot.domain.waiting import MOST_WAITING, RecordWaiting, TimeKept, WaitEnd, WaitingEntry
from bot.replies.waiting import JOIN_TAP, LEAVE_TAP, NO_TAP, YES_TAP
from intents.understanding import CommitmentVerdict, Confidence, ExpectedAnswer, Intent, Language
from tests.bot.makers import NOW, context, meaning, wrote
from tests.bot.paying import PRICE, REFERENCE, SLOT, a_booking, a_customer

DAY = (NOW + timedelta(days=2)).astimezone(context().business.zone).date()
WISH = BookingWish(DAY, DAY, 14 * 60, 17 * 60)
SEARCHING = a_booking(
    state=State.SERVICE_SELECTED,
    chosen=None,
    offered=(),
    explicitly_confirmed=False,
    price=None,
    due=None,
    wish=WISH,
    asked_when=True,
)
UNTIL = NOW + timedelta(hours=2)
OTHER = replace(SLOT, start=SLOT.start + timedelta(days=1), end=SLOT.end + timedelta(days=1), hold_id="hold-9")


def told(lead: Lead, event: Event, business: Business | None = None) -> Decision:
    here = context() if business is None else replace(context(), business=business)
    return decide(lead, event, replace(here, now=event.at))


def tapped(lead: Lead, tap: str, event: str = "m9", minutes: int = 1) -> Decision:
    at = NOW + timedelta(minutes=minutes)
    return told(lead, wrote(meaning(Intent.OOS), Tap(tap, "…"), at=at, event=event))


def typed(lead: Lead, text: str, intent: Intent = Intent.OOS, language: Language = Language.EN) -> Decision:
    return told(lead, wrote(meaning(intent, language), Text(text), at=NOW + timedelta(minutes=3), event="m8"))


def found(fit: Fit = Fit.NOTHING, *offers: object) -> SlotsFound:
    return SlotsFound(EventId("done:1:0"), NOW, REFERENCE, tuple(offers), fit)  # type: ignore[arg-type]


def joined(booking: Booking = SEARCHING) -> Lead:
    """Who found nothing and joined."""
    return tapped(told(a_customer(booking), found()).lead, f"{JOIN_TAP}{REFERENCE}").lead


def entry_of(lead: Lead) -> WaitingEntry:
    (entry,) = lead.waiting
    return entry


def news(lead: Lead, number: int = 1) -> TimeKept:
    entry = entry_of(lead)
    kept = replace(SLOT, slot_id=slot_id(), hold_id=f"waiting:{entry.id}:{number}", held_until=UNTIL)
    return TimeKept(EventId(f"internal:time_kept:{number}"), NOW + timedelta(minutes=2), entry.id, number, kept)


def slot_id() -> str:
    return f"balinese-massage|ayu|{SLOT.start:%Y%m%dT%H%MZ}|villa-melati"


def offered() -> Lead:
    """Who waits, and for whom a time is kept."""
    lead = joined()
    return told(lead, news(lead)).lead


def rings(lead: Lead, kind: TimerKind) -> Decision:
    name = TimerName(kind, entry_of(lead).id)
    due = lead.timers[str(name)]
    return told(lead, TimerFired(timer_event_id(str(name), due), due, str(name), due))


def bodies(decision: Decision) -> list[str]:
    orders = (effect.command for effect in decision.effects)
    return [order.body for order in orders if isinstance(order, SendText | SendButtons | SendList)]


def buttons(decision: Decision) -> list[str]:
    (order,) = [one.command for one in decision.effects if isinstance(one.command, SendButtons)]
    return [button.id for button in order.buttons]


def records(decision: Decision) -> list[RecordWaiting]:
    return [one.command for one in decision.effects if isinstance(one.command, RecordWaiting)]


def audit(decision: Decision) -> list[tuple[str, str]]:
    lines = [one.command for one in decision.effects if isinstance(one.command, RecordAudit)]
    return [(line.what, dict(line.facts).get("why", "")) for line in lines if line.what.startswith("waiting_")]


def released(decision: Decision) -> list[str]:
    return [hold for one in decision.effects if isinstance(one.command, ReleaseHolds) for hold in one.command.holds]


# Joining ------------------------------------------------------------------------------------------------------------


def test_where_nothing_is_free_the_answer_offers_the_list() -> None:
    decided = told(a_customer(SEARCHING), found())
    assert buttons(decided) == [f"{JOIN_TAP}{REFERENCE}"]


def test_the_nearest_other_times_stand_next_to_it() -> None:
    decided = told(a_customer(SEARCHING), found(Fit.OTHER_DAYS, OTHER, replace(OTHER, start=OTHER.end, hold_id="h8")))
    assert buttons(decided)[-1] == f"{JOIN_TAP}{REFERENCE}"
    assert len(buttons(decided)) == 3


def test_with_three_other_times_it_is_the_last_row_of_a_list() -> None:
    three = [replace(OTHER, start=OTHER.start + timedelta(hours=n), slot_id=f"s{n}") for n in range(3)]
    decided = told(a_customer(SEARCHING), found(Fit.OTHER_TIMES, *three))
    (order,) = [one.command for one in decided.effects if isinstance(one.command, SendList)]
    assert [row.id for row in order.rows][-1] == f"{JOIN_TAP}{REFERENCE}"
    assert len(order.rows) == 4


def test_who_is_offered_what_they_wished_is_not_asked_to_wait() -> None:
    decided = told(a_customer(SEARCHING), found(Fit.WISHED, SLOT, OTHER))
    assert not any(button.startswith(JOIN_TAP) for button in buttons(decided))


def test_a_house_without_a_list_offers_none() -> None:
    here = context().business
    without = replace(here, sop=replace(here.sop, waiting_list=replace(here.sop.waiting_list, enabled=False)))
    decided = told(a_customer(SEARCHING), found(), without)
    assert not any(isinstance(one.command, SendButtons) for one in decided.effects)


def test_an_entry_keeps_what_was_wished_and_its_rank_is_the_moment_of_joining() -> None:
    entry = entry_of(joined())
    assert (entry.service, entry.place, entry.guests, entry.wish) == ("balinese-massage", "villa-melati", 1, WISH)
    assert entry.joined_at == NOW + timedelta(minutes=1)
    decided = tapped(told(a_customer(SEARCHING), found()).lead, f"{JOIN_TAP}{REFERENCE}")
    assert [record.entry for record in records(decided)] == [entry]
    assert audit(decided) == [("waiting_joined", "")]
    assert "You are on the waiting list" in bodies(decided)[0]


def test_joined_twice_is_once() -> None:
    lead = joined()
    again = tapped(lead, f"{JOIN_TAP}{REFERENCE}", "m10", minutes=9)
    assert again.lead.waiting == lead.waiting
    assert records(again) == []
    assert "already" in bodies(again)[0]
    asked_again = told(lead, found())
    assert not any(isinstance(one.command, SendButtons) for one in asked_again.effects)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("put me on the waiting list", Language.EN),
        ("kabari kalau ada yang kosong", Language.ID),
        ("có chỗ thì báo mình nhé", Language.VI),
    ],
)
def test_they_join_by_words_too(text: str, language: Language) -> None:
    lead = told(a_customer(SEARCHING), found()).lead
    assert len(typed(lead, text, language=language).lead.waiting) == 1


def test_of_too_many_wishes_the_oldest_gives_way() -> None:
    lead = joined()
    first = entry_of(lead)
    for number in range(1, MOST_WAITING + 1):
        day = DAY + timedelta(days=number)
        booking = replace(lead.bookings[0], wish=BookingWish(day, day))
        decided = tapped(lead.with_booking(booking), f"{JOIN_TAP}{REFERENCE}", f"m{number}-more", minutes=2 + number)
        lead = decided.lead
    assert len(lead.waiting) == MOST_WAITING
    assert first.id not in {entry.id for entry in lead.waiting}
    assert audit(decided)[0] == ("waiting_left", "replaced")


# A time is kept -----------------------------------------------------------------------------------------------------


def test_a_kept_time_is_said_whole_with_its_hour_and_yes_no_and_leave() -> None:
    lead = joined()
    decided = told(lead, news(lead))
    entry = entry_of(decided.lead)
    assert buttons(decided) == [f"{YES_TAP}{entry.id}.1", f"{NO_TAP}{entry.id}.1", f"{LEAVE_TAP}{entry.id}"]
    (body,) = bodies(decided)
    assert "until Mon 2 Mar 19:00" in body
    assert "IDR 350,000" in body
    assert audit(decided) == [("waiting_offered", "")]
    assert decided.lead.due_at(TimerName(TimerKind.WAIT_ANSWER, entry.id)) == UNTIL
    (effect,) = [one for one in decided.effects if isinstance(one.command, SendButtons)]
    assert effect.not_after == UNTIL
    order = effect.command
    assert isinstance(order, SendButtons)
    assert order.outside is not None
    assert order.outside.taps == tuple(buttons(decided))


def test_told_twice_it_is_offered_once() -> None:
    lead = offered()
    again = told(lead, news(lead))
    assert again.lead == lead
    assert again.effects == ()


def test_a_time_for_somebody_who_left_meanwhile_goes_on() -> None:
    lead = joined()
    event = news(lead)
    gone = tapped(lead, f"{LEAVE_TAP}{entry_of(lead).id}", "m11").lead
    assert released(told(gone, event)) == [event.slot.hold_id]


@pytest.mark.parametrize("by_words", [True, False])
def test_a_yes_books_it_under_its_hold(by_words: bool) -> None:
    lead = offered()
    entry = entry_of(lead)
    if by_words:
        assert lead.conversation.expecting is ExpectedAnswer.CONFIRMATION
        decided = typed(lead, "yes", Intent.CONFIRM)
    else:
        decided = tapped(lead, f"{YES_TAP}{entry.id}.1")
    (order,) = [one.command for one in decided.effects if isinstance(one.command, BookSlot)]
    assert (order.hold_id, order.guests, order.booking) == (f"waiting:{entry.id}:1", 1, REFERENCE)
    assert decided.lead.bookings[0].price == PRICE
    twice = tapped(decided.lead, f"{YES_TAP}{entry.id}.1", "m12")
    assert not any(isinstance(one.command, BookSlot) for one in twice.effects)


def test_once_booked_it_is_served_and_its_money_is_asked_for() -> None:
    lead = offered()
    event = news(lead)
    waiting = tapped(lead, f"{YES_TAP}{entry_of(lead).id}.1").lead
    decided = told(waiting, SlotBooked(EventId("done:m9:0"), NOW + timedelta(minutes=4), REFERENCE, event.slot))
    assert decided.lead.waiting == ()
    assert decided.lead.bookings[0].state is State.PAYMENT_PENDING
    # tapped twice: what is theirs, and not that they wait no more
    (again,) = bodies(tapped(decided.lead, f"{YES_TAP}{entry_of(lead).id}.1", "m12", minutes=5))
    assert REFERENCE in again
    assert [record.entry.ended for record in records(decided)] == [WaitEnd.SERVED]
    assert audit(decided) == [("waiting_served", "")]
    assert released(decided) == []
    assert not [name for name in decided.lead.timers if name.startswith("wait_")]


def test_a_booking_of_its_own_is_begun_where_the_former_is_about_something_else() -> None:
    lead = offered()
    moved_on = lead.with_booking(replace(lead.bookings[0], service="airport-transfer"))
    decided = tapped(moved_on, f"{YES_TAP}{entry_of(lead).id}.1")
    (order,) = [one.command for one in decided.effects if isinstance(one.command, BookSlot)]
    assert order.booking != REFERENCE
    kept = decided.lead.booking(REFERENCE)
    assert kept is not None
    assert kept.service == "airport-transfer"


def test_a_price_that_changed_since_is_said_before_it_is_booked() -> None:
    lead = offered()
    entry = entry_of(lead)
    assert entry.kept is not None
    cheap = replace(entry, kept=replace(entry.kept, price=replace(PRICE, amount=1)))
    decided = tapped(lead.with_waiting(cheap), f"{YES_TAP}{entry.id}.1")
    assert not any(isinstance(one.command, BookSlot) for one in decided.effects)
    assert "Please confirm" in bodies(decided)[0]


def test_a_no_gives_it_to_the_next_and_they_wait_on() -> None:
    lead = offered()
    decided = tapped(lead, f"{NO_TAP}{entry_of(lead).id}.1")
    entry = entry_of(decided.lead)
    assert (entry.offer, entry.settled, entry.passed) == (None, 1, (SLOT.start,))
    assert released(decided) == [f"waiting:{entry.id}:1"]
    assert audit(decided) == [("waiting_passed", "declined")]
    assert decided.lead.due_at(TimerName(TimerKind.WAIT_ANSWER, entry.id)) is None


def test_no_answer_gives_it_to_the_next_without_a_word() -> None:
    decided = rings(offered(), TimerKind.WAIT_ANSWER)
    entry = entry_of(decided.lead)
    assert audit(decided) == [("waiting_passed", "late")]
    assert bodies(decided) == []
    assert released(decided) == [f"waiting:{entry.id}:1"]
    assert [record.entry.settled for record in records(decided)] == [1]


def test_a_late_yes_is_tried_all_the_same_and_hears_what_else_is_free_where_it_is_lost() -> None:
    late = rings(offered(), TimerKind.WAIT_ANSWER).lead
    entry = entry_of(late)
    tried = tapped(late, f"{YES_TAP}{entry.id}.1", minutes=150)
    (order,) = [one.command for one in tried.effects if isinstance(one.command, BookSlot)]
    lost = SlotLost(EventId("done:x:0"), NOW + timedelta(hours=3), REFERENCE, order.slot_id, SlotUnavailable.TAKEN)
    after = told(tried.lead, lost)
    assert after.lead.bookings[0].state is State.SLOT_PROPOSED
    assert len(after.lead.waiting) == 1


# It ends ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["take me off the waiting list", "leave the list please", "I'm not waiting any more"])
def test_they_leave_at_any_time_by_words(text: str) -> None:
    decided = typed(offered(), text)
    assert decided.lead.waiting == ()
    assert audit(decided) == [("waiting_left", "left")]
    assert "off the waiting list" in bodies(decided)[0]
    assert len(released(decided)) == 1


@pytest.mark.parametrize(
    ("text", "language"), [("keluar dari daftar tunggu", Language.ID), ("mình không chờ nữa", Language.VI)]
)
def test_they_leave_in_their_own_language(text: str, language: Language) -> None:
    assert typed(joined(), text, language=language).lead.waiting == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *[
            (Language.EN, text)
            for text in ("Leave the list", "remove me from the waitlist", "I don't want to wait anymore")
        ],
        *[(Language.ID, text) for text in ("Keluar dari daftar", "keluar daftar", "tidak jadi nunggu")],
        *[(Language.VI, text) for text in ("Rời danh sách", "khong cho nua", "xóa khỏi danh sách giúp mình")],
    ],
)
def test_leaving_in_the_words_of_the_button_is_no_wish_for_silence(language: Language, text: str) -> None:
    lead = joined().conversing(language=language)
    for intent in (Intent.OPT_OUT, Intent.CANCEL, Intent.OOS):
        unsure = replace(meaning(intent, language), confidence=Confidence.DID_YOU_MEAN)
        decided = told(lead, wrote(unsure, Text(text), at=NOW + timedelta(minutes=3), event="m8"))
        assert decided.lead.waiting == ()
        assert not decided.lead.conversation.opted_out


@pytest.mark.parametrize(
    ("language", "text"),
    [(Language.EN, "No, keep waiting"), (Language.ID, "tidak, tunggu lagi"), (Language.VI, "Không, chờ tiếp")],
)
def test_no_may_be_typed_as_it_stands_on_the_button(language: Language, text: str) -> None:
    unsure = replace(
        meaning(Intent.REPEAT, language), confidence=Confidence.DID_YOU_MEAN, verdict=CommitmentVerdict.WAIT
    )
    lead = offered().conversing(language=language)
    decided = told(lead, wrote(unsure, Text(text), at=NOW + timedelta(minutes=3), event="m8"))
    assert entry_of(decided.lead).offer is None
    assert len(released(decided)) == 1


def test_the_button_leaves_that_entry() -> None:
    lead = joined()
    assert tapped(lead, f"{LEAVE_TAP}{entry_of(lead).id}", "m13").lead.waiting == ()


def test_a_button_of_an_entry_that_is_gone_says_so() -> None:
    assert "not on that waiting list any more" in bodies(tapped(a_customer(), f"{YES_TAP}W-1.1"))[0]


def test_who_books_another_time_of_it_waits_no_more() -> None:
    lead = offered()
    booking = replace(lead.bookings[0], state=State.SLOT_PROPOSED, chosen=OTHER, explicitly_confirmed=True)
    decided = told(lead.with_booking(booking), SlotBooked(EventId("done:2:0"), NOW, REFERENCE, OTHER))
    assert decided.lead.waiting == ()
    assert audit(decided) == [("waiting_left", "booked")]
    assert released(decided) == [f"waiting:{entry_of(lead).id}:1"]


def test_who_books_something_else_waits_on_and_keeps_what_is_kept_for_them() -> None:
    lead = offered()
    call = replace(OTHER, slot_id="planning-call|concierge|20260305T0200Z|", provider="concierge", place=None)
    facts = {"service": "planning-call", "place": None, "chosen": call, "price": None, "due": None}
    booking = replace(lead.bookings[0], state=State.SLOT_PROPOSED, explicitly_confirmed=True, **facts)  # type: ignore[arg-type]
    decided = told(lead.with_booking(booking), SlotBooked(EventId("done:2:0"), NOW, REFERENCE, call))
    assert decided.lead.waiting == lead.waiting
    assert released(decided) == []
    # and the yes to it is a booking of its own
    entry = entry_of(decided.lead)
    taken = tapped(decided.lead, f"{YES_TAP}{entry.id}.1", minutes=5)
    (order,) = [one.command for one in taken.effects if isinstance(one.command, BookSlot)]
    assert (order.hold_id, order.booking == REFERENCE) == (f"waiting:{entry.id}:1", False)


def test_who_needs_time_reads_until_when_that_time_is_kept() -> None:
    lead = offered()
    waits = replace(meaning(Intent.OOS), verdict=CommitmentVerdict.WAIT)
    decided = told(lead, wrote(waits, Text("hmm let me think"), at=NOW + timedelta(minutes=3), event="m8"))
    assert f"{UNTIL.astimezone(context().business.zone):%H:%M}" in bodies(decided)[0]
    assert decided.lead.waiting == lead.waiting


def test_stop_leaves() -> None:
    decided = typed(offered(), "STOP", Intent.OPT_OUT)
    assert decided.lead.conversation.opted_out
    assert decided.lead.waiting == ()
    assert audit(decided) == [("waiting_left", "stopped")]
    assert len(released(decided)) == 1


def test_when_the_day_passes_without_a_time_they_are_told_by_day() -> None:
    lead = joined()
    entry = entry_of(lead)
    zone = context().business.zone
    # nothing on that day can fit once its notice is over
    assert entry.over_at <= NOW + timedelta(days=3)
    assert 9 <= entry.over_at.astimezone(zone).hour < 20
    decided = rings(lead, TimerKind.WAIT_OVER)
    assert decided.lead.waiting == ()
    assert "nothing became free" in bodies(decided)[0]
    assert audit(decided) == [("waiting_left", "over")]
    (order,) = [one.command for one in decided.effects if isinstance(one.command, SendText)]
    assert order.outside is not None
    assert date.fromisoformat("2026-03-04") == DAY


def test_two_of_one_person_wait_once_and_for_all_that_either_waits_for() -> None:
    older, younger = offered(), replace(joined(), id=LeadId("lead-2"))
    twin = replace(entry_of(younger), id="W-twin", joined_at=NOW + timedelta(minutes=8))
    day = DAY + timedelta(days=1)
    else_ = replace(twin, id="W-else", wish=BookingWish(day, day))
    younger = replace(younger, waiting=(twin, else_))
    decided = told(older, LeadsMerged(merge_event_id(younger.id), NOW + timedelta(minutes=9), younger))
    assert [entry.id for entry in decided.lead.waiting] == [entry_of(older).id, "W-else"]
    ended = {record.entry.id: (record.lead, record.entry.ended) for record in records(decided)}
    assert ended == {"W-twin": (older.id, WaitEnd.REPLACED), "W-else": (older.id, None)}
