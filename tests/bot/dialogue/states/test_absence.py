"""A provider finds nobody: the customer is asked at once, and what they answer, or their silence, reaches people."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.business.context import Context
from bot.dialogue.states.absence import AbsentAnswer
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.change import Requester
from bot.domain.events import AgentTookOver, StaffAction, StaffAsked, TimerFired, timer_event_id
from bot.domain.ids import AgentId, BookingReference, EventId
from bot.domain.money_orders import Settle
from bot.domain.passing import PassToProvider
from bot.domain.states import Absence, PaymentStatus, State
from bot.domain.task import TaskState
from bot.domain.task_events import TaskNewsCame
from bot.domain.timers import TimerKind
from bot.lifecycle.actions import ActionType, actions
from bot.replies.notices import as_text
from bot.replies.words import say
from payments.domain.money import Money
from tests.bot.dialogue.states.talk import NOW, Talk

REFERENCE = BookingReference("BK-1")
START = NOW + timedelta(hours=5)
TASK = f"{REFERENCE}:service:1"
PRICE = Money(350_000, "IDR")


class Visit(Talk):
    """A customer whose massage is about to begin; what their provider hears is kept."""

    @property
    def told(self) -> list[AbsentAnswer]:
        heard = [one for one in self.orders if isinstance(one, PassToProvider)]
        assert {one.task for one in heard} <= {TASK}
        # in the provider's language, whatever the customer's
        return [kind for one in heard for kind in AbsentAnswer if say(f"visit.answer_{kind.value}", "id") == one.words]


def visit(language: str = "en", **more: Any) -> Visit:
    slot = OfferedSlot("slot", START, START + timedelta(hours=1), "ayu", "villa-melati")
    booking = Booking(REFERENCE, State.CONFIRMED, service="balinese-massage", guests=1, chosen=slot, plan_no=1)
    booking = replace(booking, price=PRICE, due=PRICE, paid=PRICE, payment_status=PaymentStatus.PAID)
    talk = Visit()
    talk.lead = talk.lead.conversing(language=language, language_settled=True, greeted=True)
    talk.lead = talk.lead.with_booking(replace(booking, booked_hold="hold", **more))
    talk.now = START + timedelta(minutes=5)
    return talk


def nobody_there(talk: Visit, number: int = 1) -> Visit:
    """The provider taps that the guest is absent."""
    event = TaskNewsCame(
        EventId(f"task:{number}"), talk.now, REFERENCE, TASK, TaskState.PROBLEM, "partner:ayu", False, False, 1
    )
    talk.tell(replace(event, is_guest_absent=True))
    return talk


def goes_on(talk: Visit) -> Visit:
    event = TaskNewsCame(EventId("task:9"), talk.now, REFERENCE, TASK, TaskState.TAKEN, "partner:ayu", False, False, 1)
    talk.tell(event)
    return talk


def deadline(talk: Visit) -> Visit:
    name, due = next(one for one in talk.lead.timers.items() if one[0].startswith(TimerKind.ABSENT_ANSWER))
    talk.now = due
    talk.tell(TimerFired(timer_event_id(name, due), due, name, due))
    return talk


def alarms(talk: Visit) -> set[AlarmReason]:
    return {one.reason for one in talk.lead.alarms}


ASKED = {
    "en": "Ayu Spa is there for Balinese massage 60 min and does not find you",
    "id": "belum ketemu kakak",
    "vi": "chưa gặp bạn",
}
WORDS = {
    AbsentAnswer.HERE: {"en": "I'm here", "id": "saya di sini", "vi": "mình đang ở đây"},
    AbsentAnswer.LATE: {"en": "running late", "id": "agak telat", "vi": "đợi mình chút"},
    AbsentAnswer.CANNOT: {"en": "I can't come", "id": "saya tidak bisa datang", "vi": "mình không đến được"},
}


@pytest.mark.parametrize("language", ["en", "id", "vi"])
@pytest.mark.parametrize(("place", "answer"), list(enumerate(WORDS)))
def test_asked_at_once_each_answer_by_tap_or_in_words_reaches_who_waits(
    language: str, place: int, answer: AbsentAnswer
) -> None:
    tapped = nobody_there(visit(language))
    assert ASKED[language] in tapped.last
    tapped.taps_row(place)
    assert tapped.told == [answer]
    spoken = nobody_there(visit(language)).writes(WORDS[answer][language])
    assert isinstance(spoken, Visit)
    assert spoken.told == [answer]
    assert spoken.last == tapped.last


def test_nothing_is_ended_and_no_money_moves_by_itself() -> None:
    talk = deadline(nobody_there(visit()))
    assert alarms(talk) == {AlarmReason.TASK_PROBLEM, AlarmReason.NO_SHOW_PROPOSED}
    assert (talk.booking.state, talk.booking.absence) == (State.CONFIRMED, Absence.PROPOSED)
    # the usual question and the usual end of an unanswered one stay away
    for name, due in sorted(talk.lead.timers.items(), key=lambda one: one[1]):
        talk.now = max(talk.now, due)
        talk.tell(TimerFired(timer_event_id(name, due), talk.now, name, due))
    assert talk.booking.state is State.CONFIRMED
    assert not any(isinstance(one, Settle) for one in talk.orders)
    assert sum("Did you come?" in str(one) for one in talk.said) == 0


def test_the_person_sees_no_show_proposed_and_it_is_over_when_they_decide() -> None:
    talk = deadline(nobody_there(visit()))
    by = Requester("dewi", "operations")
    proposed = [one for one in actions(talk.booking, Context(talk.now, talk.business), by) if one.urgent]
    assert [one.type for one in proposed] == [ActionType.MARK_ABSENT]
    asked = StaffAsked(EventId("s"), talk.now, "operations", StaffAction.SHOW_UP, REFERENCE, (("came", "false"),))
    talk.tell(asked)
    assert talk.recorded[-1].booking.state is State.NO_SHOW
    assert AlarmReason.NO_SHOW_PROPOSED not in alarms(talk)


def test_who_is_there_is_not_proposed_and_who_runs_late_gets_half_an_hour() -> None:
    here = nobody_there(visit()).taps_row(0)
    assert not any(name.startswith(TimerKind.ABSENT_ANSWER) for name in here.lead.timers)
    assert isinstance(here, Visit)
    assert alarms(here) == {AlarmReason.TASK_PROBLEM}
    late = nobody_there(visit()).taps_row(1)
    assert isinstance(late, Visit)
    said_at = late.now
    assert AlarmReason.NO_SHOW_PROPOSED in alarms(deadline(late))
    assert late.now == said_at + timedelta(minutes=30)


def test_who_cannot_come_is_for_a_person_at_once() -> None:
    talk = nobody_there(visit()).taps_row(2)
    assert isinstance(talk, Visit)
    assert AlarmReason.NO_SHOW_PROPOSED in alarms(talk)
    assert talk.booking.state is State.CONFIRMED


def test_it_is_over_when_the_provider_goes_on_and_asked_again_when_they_say_so_again() -> None:
    talk = goes_on(deadline(nobody_there(visit())))
    assert alarms(talk) == set()
    assert (talk.booking.absence, talk.booking.open_question) == (Absence.NONE, None)
    assert "settled already" in talk.taps("absent_here:BK-1").last
    before = len(talk.said)
    nobody_there(talk, 2)
    assert len(talk.said) == before + 1


def test_hours_before_its_begin_or_after_its_end_nobody_is_asked() -> None:
    early = visit()
    early.now = START - timedelta(hours=2)
    assert nobody_there(early).said == []
    assert alarms(early) == {AlarmReason.TASK_PROBLEM}
    assert nobody_there(visit(state=State.PAYMENT_PENDING)).said == []


def test_a_person_in_charge_hears_the_proposal_and_a_tap_counts_all_the_same() -> None:
    talk = visit()
    talk.tell(AgentTookOver(EventId("take:1"), talk.now, AgentId("ayu")))
    assert nobody_there(talk).said == []
    assert AlarmReason.NO_SHOW_PROPOSED in alarms(deadline(talk))
    talk.taps("absent_here:BK-1")
    assert talk.told == [AbsentAnswer.HERE]
    assert talk.said == []


def test_outside_their_window_the_question_is_a_template_with_the_same_answers() -> None:
    order = nobody_there(visit()).said[-1]
    outside = getattr(order, "outside", None)
    assert outside is not None
    assert "does not find you" in as_text(outside)
    assert outside.taps == ("absent_here:BK-1", "absent_late:BK-1", "absent_cannot:BK-1")
