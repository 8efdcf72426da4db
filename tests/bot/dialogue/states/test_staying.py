"""A stay lived in: who checks in and out, what ends it, and who is called when nobody says that it ended."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.business import file
from bot.business.catalogue import CompletionRule
from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue.decide import decide
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.commands import RecordAudit, RecordBooking, SendText
from bot.domain.events import Event, StaffAction, StaffAsked, TimerFired
from bot.domain.ids import BookingReference, EventId
from bot.domain.languages import spoken
from bot.domain.lead import Lead
from bot.domain.money_orders import ReleaseShares
from bot.domain.outcome import Decision
from bot.domain.states import PaymentStatus, ShowUp, State
from bot.domain.task import TaskState
from bot.domain.task_events import TaskNewsCame
from bot.domain.timers import TimerKind, TimerName
from payments.domain.money import Money
from tests.bot.business.makers import with_changes
from tests.bot.makers import NOW, a_lead

REFERENCE = BookingReference("BK-1")
SLOT = OfferedSlot("stay", NOW - timedelta(hours=1), NOW + timedelta(days=3), None, "villa-kamboja", nights=3)
OVER = TimerName(TimerKind.OVER, REFERENCE)
TERMS = "payment: { rule: full, window_days: 2, notice_minutes: 1440 }"


def ending(ends: CompletionRule | None = None, hours: float = 0) -> Context:
    """The sample, whose stay is over in that way and pays its owner then."""
    line = "" if ends is None else f"\n    completion: {ends.value}"
    text = with_changes((TERMS, TERMS.replace(" }", ", release: on_completed }") + line))
    business = file.parse(text, "sample.yaml")
    assert isinstance(business, Business), str(business)
    return Context(now=NOW + timedelta(hours=hours), business=business)


def staying(state: State = State.CONFIRMED, **more: Any) -> Lead:
    paid = Money(7_200_000, "IDR")
    stay = Booking(REFERENCE, state, service="kamboja-stay", guests=2, nights=3, chosen=SLOT, plan_no=1)
    stay = replace(stay, price=paid, due=paid, paid=paid, payment_status=PaymentStatus.PAID, booked_hold="hold")
    lead = a_lead(last_inbound_at=NOW).with_booking(replace(stay, **more))
    return lead.with_timer(OVER, SLOT.end)


def asks(lead: Lead, action: StaffAction, context: Context, by: str = "operations", **facts: str) -> Decision:
    return decide(lead, StaffAsked(EventId("s"), context.now, by, action, REFERENCE, tuple(facts.items())), context)


def news(state: TaskState, *, last: bool = False, late: bool = False, plan_no: int = 1) -> TaskNewsCame:
    task = f"{REFERENCE}:check-in-meeting:1"
    return TaskNewsCame(EventId("t"), NOW, REFERENCE, task, state, "dewi", late, last, plan_no)


def became(decision: Decision) -> Booking:
    (recorded,) = [one.command.booking for one in decision.effects if isinstance(one.command, RecordBooking)]
    return recorded


def said(decision: Decision) -> str:
    return "\n".join(one.command.body for one in decision.effects if isinstance(one.command, SendText))


def releases(decision: Decision) -> int:
    return sum(isinstance(one.command, ReleaseShares) for one in decision.effects)


def fired(hours: float) -> Event:
    return TimerFired(EventId("timer"), NOW + timedelta(hours=hours), str(OVER), SLOT.end)


AT_END = 73.0


def test_who_checks_in_has_come_and_is_welcomed() -> None:
    done = asks(staying(), StaffAction.CHECK_IN, ending())
    assert (became(done).state, became(done).show_up) == (State.CHECKED_IN, ShowUp.CAME)
    assert "Welcome to Villa Kamboja" in said(done)
    assert done.lead.due_at(OVER) == SLOT.end


def test_a_guest_who_came_to_stay_has_checked_in() -> None:
    assert became(asks(staying(), StaffAction.SHOW_UP, ending(), came="true")).state is State.CHECKED_IN
    assert became(asks(staying(), StaffAction.SHOW_UP, ending(), came="false")).state is State.NO_SHOW


def test_nobody_checks_in_the_day_before_nor_to_a_massage_nor_as_sales() -> None:
    early = replace(SLOT, start=NOW + timedelta(hours=13))
    for lead, by in (
        (staying(chosen=early), "operations"),
        (staying(service="balinese-massage"), "operations"),
        (staying(), "sales"),
    ):
        denied = asks(lead, StaffAction.CHECK_IN, ending(), by)
        booking = denied.lead.booking(REFERENCE)
        assert booking is not None
        assert booking.state is State.CONFIRMED


def test_kind_words_are_left_unsaid_where_they_cannot_be_read() -> None:
    silent = a_lead(last_inbound_at=NOW - timedelta(hours=25)).with_booking(staying().bookings[0])
    done = asks(silent, StaffAction.CHECK_IN, ending())
    assert (became(done).state, said(done), done.lead.alarms) == (State.CHECKED_IN, "", ())


def test_on_end_it_is_over_with_its_time_wherever_it_stands_and_its_owner_is_paid() -> None:
    for state in (State.CONFIRMED, State.REMINDER_SENT, State.CHECKED_IN, State.CHECKED_OUT):
        done = decide(staying(state), fired(AT_END), ending(hours=AT_END))
        assert (became(done).state, releases(done)) == (State.COMPLETED, 1)
    left = asks(staying(State.CHECKED_IN), StaffAction.CHECK_OUT, ending())
    assert (became(left).state, releases(left)) == (State.CHECKED_OUT, 0)
    assert "Thank you for staying at Villa Kamboja" in said(left)


@pytest.mark.parametrize("ends", [CompletionRule.BY_STAFF, CompletionRule.BY_TASK])
def test_where_somebody_has_to_say_so_a_person_is_called_until_it_ended(ends: CompletionRule) -> None:
    context = ending(ends, AT_END)
    waiting = decide(staying(State.CHECKED_IN), fired(AT_END), context)
    booking = waiting.lead.booking(REFERENCE)
    assert booking is not None
    assert booking.state is State.CHECKED_IN
    assert [(one.reason, one.subject) for one in waiting.lead.alarms] == [(AlarmReason.END_UNKNOWN, REFERENCE)]
    gone = asks(waiting.lead, StaffAction.CHECK_OUT, context)
    done = asks(gone.lead, StaffAction.COMPLETE, context)
    assert (became(done).state, releases(done), done.lead.alarms) == (State.COMPLETED, 1, ())


def test_by_task_the_last_one_is_the_end_once_the_guest_has_left() -> None:
    context = ending(CompletionRule.BY_TASK)
    done = decide(staying(State.CHECKED_OUT), news(TaskState.DONE, last=True), context)
    assert (became(done).state, releases(done)) == (State.COMPLETED, 1)
    # all done before they left: their leaving is the end
    early = decide(staying(State.CHECKED_IN), news(TaskState.DONE, last=True), context)
    assert became(early).state is State.CHECKED_IN
    assert became(asks(early.lead, StaffAction.CHECK_OUT, context)).state is State.COMPLETED
    # or the end of its time, where nobody said that they left
    assert became(decide(early.lead, fired(AT_END), ending(CompletionRule.BY_TASK, AT_END))).state is State.COMPLETED


@pytest.mark.parametrize("other", [news(TaskState.DONE), news(TaskState.DONE, last=True, plan_no=0)])
def test_a_task_that_is_not_the_last_or_of_an_older_plan_ends_nothing(other: TaskNewsCame) -> None:
    lead = decide(staying(State.CHECKED_OUT), other, ending(CompletionRule.BY_TASK)).lead
    booking = lead.booking(REFERENCE)
    assert booking is not None
    assert (booking.state, booking.tasks_done_no) == (State.CHECKED_OUT, 0)


def test_an_alarm_of_a_task_is_open_as_long_as_it_is_true() -> None:
    def alarms(lead: Lead) -> list[AlarmReason]:
        return [one.reason for one in lead.alarms]

    late = decide(staying(), news(TaskState.OPEN, late=True), ending()).lead
    assert alarms(late) == [AlarmReason.TASK_LATE]
    trouble = decide(late, replace(news(TaskState.PROBLEM), id=EventId("t2")), ending()).lead
    assert alarms(trouble) == [AlarmReason.TASK_PROBLEM]
    assert alarms(decide(trouble, replace(news(TaskState.TAKEN), id=EventId("t3")), ending()).lead) == []
    # withdrawn with its booking, which orders it itself and hears nothing of it
    called_off = asks(trouble, StaffAction.SHOW_UP, ending(), came="false")
    assert alarms(called_off.lead) == []
    # and of a booking that has left the lead it is told all the same
    forgotten = decide(a_lead(), news(TaskState.OPEN, late=True), ending()).lead
    assert alarms(forgotten) == [AlarmReason.TASK_LATE]
    assert alarms(decide(forgotten, replace(news(TaskState.DONE), id=EventId("t4")), ending()).lead) == []


# What is done, told (`tasks[].tell`) ----------------------------------------------------------------------------------

FLOWERS = """
tasks:
  - id: flowers
    for: [kamboja-stay]
    role: host
    due: { before: start, hours: 3 }
    title: { en: Flowers in the villa, id: Bunga di vila, vi: Hoa trong biệt thự }
    tell: [%s]
"""


def telling(who: str = "guest") -> Context:
    found = file.parse(with_changes() + FLOWERS % who, "sample.yaml")
    assert isinstance(found, Business), str(found)
    return Context(now=NOW, business=found)


def flowers(state: TaskState = TaskState.DONE) -> TaskNewsCame:
    return replace(news(state), task=f"{REFERENCE}:flowers:1")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "Done for your"), ("id", "Sudah beres untuk"), ("vi", "Đã xong cho")],
)
def test_who_is_to_hear_that_work_is_done_hears_it_once_in_their_language(language: str, expected: str) -> None:
    lead = staying().conversing(language=spoken(language))
    told = decide(lead, flowers(), telling())
    assert expected in said(told)
    assert {"en": "Flowers", "id": "Bunga", "vi": "Hoa"}[language] in said(told)
    assert "task_told" in recorded_in(told)
    assert said(decide(told.lead, replace(flowers(), id=EventId("t2")), telling())) == ""


def test_what_is_not_done_not_to_be_told_or_could_not_be_read_is_left_unsaid() -> None:
    assert said(decide(staying(), flowers(TaskState.TAKEN), telling())) == ""
    assert said(decide(staying(), flowers(), telling("host"))) == ""
    assert said(decide(staying(), news(TaskState.DONE), telling())) == ""
    much_later = NOW + timedelta(hours=30)
    assert said(decide(staying(), replace(flowers(), at=much_later), replace(telling(), now=much_later))) == ""


def recorded_in(decision: Decision) -> set[str]:
    return {one.command.what for one in decision.effects if isinstance(one.command, RecordAudit)}
