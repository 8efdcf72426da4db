"""What happens in each state on each event: one row a state, `STATES[state][trigger]` is the function that does it.

A pair that is not in the table stands in `IGNORES` with its reason (a test holds this complete), and changes nothing.
`docs/states.md` is drawn from here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.dialogue import abandonment, complaint_answers, forms, holds, money_events, ratings, staff_requests
from bot.dialogue.changes import asking, silence, slot_events, staff_money
from bot.dialogue.changes import money_events as change_money
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.states import (
    arrivals,
    attendance,
    awaiting_acceptance,
    awaiting_payment,
    closed,
    collecting,
    confirmed,
    offering,
    starting,
    staying,
)
from bot.dialogue.triggers import JOINED_BY_FORM, Handler, LeadHandler, Trigger
from bot.domain.events import (
    InvoiceClosed,
    InvoiceNotOpened,
    InvoiceOpened,
    SlotBooked,
    SlotLost,
    SlotMoved,
    SlotsFound,
    StaffAction,
)
from bot.domain.form_events import FormSubmitted
from bot.domain.money_news import PaymentNewsCame, RefundNewsCame
from bot.domain.states import CLOSED, State
from bot.domain.task_events import TaskNewsCame
from bot.domain.timers import APPOINTMENT_TIMERS, CHANGE_TIMERS, TimerKind

S = State

ANYWHERE: Final[Mapping[Trigger, Handler]] = {
    SlotsFound: holds.release_offers,
    SlotBooked: holds.release_booked,
    InvoiceClosed: money_events.return_part,
    PaymentNewsCame: money_events.paid_already,
    RefundNewsCame: money_events.refund_news,
    SlotMoved: slot_events.slot_moved,
    TimerKind.CHANGE_SILENCE: silence.silence,
    TimerKind.CHANGE_PAY_BY: change_money.deadline_passed,
    TimerKind.CHANGE_ANSWER_BY: asking.answer_late,
    TaskNewsCame: staying.task_news,
    **staff_requests.ANYWHERE,
    **staying.ASKED,
    **ratings.ASKED,
    **complaint_answers.ASKED,
}
"""What is done wherever a state says nothing else."""
_PROPOSE: Final[Mapping[Trigger, Handler]] = {StaffAction.PROPOSE: staff_requests.propose}
_CONFIRM: Final[Mapping[Trigger, Handler]] = {StaffAction.CONFIRM: staff_requests.confirm}

STATES: Final[Mapping[State, Mapping[Trigger, Handler]]] = {
    S.INQUIRY: {**ANYWHERE, **collecting.HANDLERS, **abandonment.ENDING},
    S.SERVICE_SELECTED: {
        **ANYWHERE,
        **collecting.HANDLERS,
        **offering.SEARCHING,
        **_PROPOSE,
        **abandonment.ENDING,
    },
    S.SLOT_PROPOSED: {
        **ANYWHERE,
        **collecting.HANDLERS,
        **offering.HANDLERS,
        **_PROPOSE,
        **_CONFIRM,
        **abandonment.ENDING,
    },
    S.SLOT_CONFIRMED: {**ANYWHERE, **confirmed.HANDLERS},
    S.PAYMENT_PENDING: {**ANYWHERE, **awaiting_payment.HANDLERS, **awaiting_acceptance.LATER},
    S.PAID: {**ANYWHERE, **confirmed.HANDLERS},
    S.PENDING_CONFIRMATION: {**ANYWHERE, **awaiting_acceptance.HANDLERS},
    S.CONFIRMED: {**ANYWHERE, **attendance.HANDLERS, **awaiting_acceptance.LATER},
    S.REMINDER_SENT: {**ANYWHERE, **attendance.HANDLERS, **awaiting_acceptance.LATER},
    S.CHECKED_IN: {**ANYWHERE, **confirmed.HANDLERS, **staying.HANDLERS, **arrivals.LEAVING, **attendance.STAYING},
    S.CHECKED_OUT: {**ANYWHERE, **confirmed.HANDLERS, **staying.HANDLERS},
    S.COMPLETED: {**ANYWHERE, **closed.HANDLERS},
    S.NO_SHOW: {**ANYWHERE, **closed.HANDLERS},
    S.RESCHEDULED: {**ANYWHERE, **collecting.HANDLERS, **offering.SEARCHING, **_PROPOSE},
    S.CANCELLED: {**ANYWHERE, **closed.HANDLERS},
    S.ABANDONED: {**ANYWHERE, **closed.HANDLERS, **abandonment.AFTER},
    S.ERROR: {**ANYWHERE, **confirmed.HANDLERS},
}

NO_BOOKING: Final[Mapping[Trigger, LeadHandler]] = {
    CustomerTurn: starting.customer_turn,
    FormSubmitted: forms.submitted_anew,
    SlotsFound: holds.release_forgotten_offers,
    SlotBooked: holds.release_forgotten_booked,
    SlotMoved: slot_events.moved_too_late,
    InvoiceClosed: closed.closed_link_of_forgotten,
    PaymentNewsCame: closed.payment_news_of_forgotten,
    RefundNewsCame: money_events.refund_told,
    TaskNewsCame: staying.task_news_of_ended,
    StaffAction.CREATE: staff_requests.create,
    StaffAction.REFUND_ACCOUNT: staff_money.account_of_forgotten,
}
"""The lead has no booking of that name, or none the conversation could be about."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Pairs that change nothing, and why."""

    triggers: frozenset[Trigger]
    states: frozenset[State | None]
    """None stands for the row without a booking."""
    reason: str


def _except(*states: State | None) -> frozenset[State | None]:
    return frozenset({*State, None}) - frozenset(states)


def _ignored(reason: str, states: Iterable[State | None], *triggers: Trigger) -> Ignored:
    return Ignored(frozenset(triggers), frozenset(states), reason)


_STILL_TIMED: Final = (S.SERVICE_SELECTED, S.SLOT_PROPOSED, S.RESCHEDULED, S.PAYMENT_PENDING)

IGNORES: Final[tuple[Ignored, ...]] = (
    _ignored("A closed booking is spoken of no more: a new one begins.", CLOSED, CustomerTurn),
    _ignored(
        "A form gives a time to a booking without one; else it begins a booking of its own.",
        _except(None, *JOINED_BY_FORM),
        FormSubmitted,
    ),
    _ignored("Nothing is being booked for it any more.", _except(S.SLOT_PROPOSED), SlotLost),
    _ignored(
        "It waits for no money: the link is closed with the move that led here.",
        _except(S.PAYMENT_PENDING),
        InvoiceOpened,
        InvoiceNotOpened,
    ),
    _ignored(
        "Payment timers are taken back when it leaves PAYMENT_PENDING.",
        _except(S.PAYMENT_PENDING),
        TimerKind.PAY_BY,
        TimerKind.NUDGE,
    ),
    _ignored(
        "Somebody has said yes, or the booking is another by now.", _except(S.PENDING_CONFIRMATION), TimerKind.ANSWER_BY
    ),
    _ignored(
        "No late money waits for a choice; where the booking is closed, it is forgotten now.",
        _except(*_STILL_TIMED),
        TimerKind.LATE,
    ),
    _ignored(
        "Silence ends what only waits for its customer; what waits for money or has a time ends by its own hour.",
        _except(S.INQUIRY, S.SERVICE_SELECTED, S.SLOT_PROPOSED),
        TimerKind.ABANDON,
    ),
    _ignored(
        "It is taken up again, or forgotten: nobody has to be asked.", _except(S.ABANDONED), TimerKind.WRITE_AGAIN
    ),
    _ignored("It only remembers that a person was called, and is forgotten now.", _except(), TimerKind.CALLED_OFF),
    _ignored(
        "Timers of an appointment are set for one that will take place, and taken back when it does not.",
        _except(S.CONFIRMED, S.REMINDER_SENT),
        *(APPOINTMENT_TIMERS - {TimerKind.DEPARTURE, TimerKind.OVER, TimerKind.REMIND}),
    ),
    _ignored(
        "It is said of what is still to come, and taken back when it does not take place or is over.",
        _except(S.CONFIRMED, S.REMINDER_SENT, S.CHECKED_IN),
        TimerKind.REMIND,
    ),
    _ignored(
        "It is set for a guest who has checked in, and taken back when they have left.",
        _except(S.CHECKED_IN),
        TimerKind.DEPARTURE,
    ),
    _ignored(
        "It is set for a stay or a journey that takes place, and taken back when that is over.",
        _except(S.CONFIRMED, S.REMINDER_SENT, S.CHECKED_IN, S.CHECKED_OUT),
        TimerKind.OVER,
    ),
    _ignored("A booking of this reference exists: the request was told again.", _except(None), StaffAction.CREATE),
    _ignored(
        "The lifecycle has no way from here to SLOT_PROPOSED; the API has said so.",
        _except(S.SERVICE_SELECTED, S.SLOT_PROPOSED, S.RESCHEDULED),
        StaffAction.PROPOSE,
    ),
    _ignored("Only an offered time is confirmed; the API has said so.", _except(S.SLOT_PROPOSED), StaffAction.CONFIRM),
    _ignored(
        "The lead has no such booking; the API has answered that it is not found.",
        (None,),
        StaffAction.RESCHEDULE,
        StaffAction.CANCEL,
        StaffAction.SHOW_UP,
        StaffAction.CHECK_IN,
        StaffAction.CHECK_OUT,
        StaffAction.COMPLETE,
        StaffAction.CHANGE,
        StaffAction.CONFIRM_CHANGE,
        StaffAction.WITHDRAW_CHANGE,
        StaffAction.BLOCK,
        StaffAction.LIFT_BLOCK,
        StaffAction.REFUND,
        StaffAction.RECEIVE,
        StaffAction.RATE,
        StaffAction.COMPLAIN,
        StaffAction.ANSWER_COMPLAINT,
    ),
    _ignored("A change ends with its booking.", (None,), *CHANGE_TIMERS),
)


def why_ignored(state: State | None, trigger: Trigger) -> str | None:
    """Why that pair changes nothing; none where it is handled."""
    reasons = (entry.reason for entry in IGNORES if trigger in entry.triggers and state in entry.states)
    return next(reasons, None)
