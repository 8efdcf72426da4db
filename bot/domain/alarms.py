"""What waits for a person, each with its reason: kept open in the lead, and closed when its cause is gone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from pydantic import model_validator
from pydantic_core import ArgsKwargs

MOST_ALARMS: Final = 20
"""So many a lead has open at most; the last place stands for all that found none."""
BEFORE_ALARMS: Final = datetime(2026, 11, 28, tzinfo=UTC)
"""Since when somebody waits of whom no moment is known: the day of the last version that kept none."""


class AlarmReason(StrEnum):
    """Why a person has to look. The words are stored and shown: a value never changes its meaning."""

    # what somebody said or did not hear: over as soon as a person is there
    BEFORE = "before 0.2"
    """Waited already when only a yes or no was kept about it."""
    ASKED_FOR_PERSON = "asked_for_person"
    UNKNOWN_QUESTION = "unknown_question"
    """The business file has no answer, or only a guess."""
    WISH_PASSED_ON = "wish_passed_on"
    """The customer was told that our team does it."""
    CONTENT_TO_SEE = "content_to_see"
    """A picture, a place, a contact: sent, and not for a machine to read."""
    NOTES_TO_READ = "notes_to_read"
    """The form came with words of the customer's own."""
    LATE_ANSWER = "late_answer"
    """They answered a question that was closed meanwhile."""
    HALF_ANSWER = "half_answer"
    """Half a yes or half a no to the question whether they came."""
    WROTE_AFTER_STOP = "wrote_after_stop"
    STEP_DENIED = "step_denied"
    """A rule said no to what was asked for; the audit has the rule."""
    CHANGE_DENIED = "change_denied"
    """A change that our team may find a way for."""
    CHANGE_FAILED = "change_failed"
    """The customer has said yes to a change, and it could not be made."""
    MOVED_OFTEN = "moved_often"
    """Moved more often than `sop.reschedule_limit`: will they come at all?"""
    PRICE_MISSING = "price_missing"
    """What was asked for has no price, or two rows of the price book fit alike; the audit has the row."""
    DRAFTS_WAIT = "drafts_wait"
    """Something happened while a person has the conversation; the bot's words about it are drafts."""
    EFFECT_FAILED = "effect_failed"
    """A message or another order that will not be done."""
    DELIVERY_FAILED = "delivery_failed"
    """Something that came in and that our own code could not digest."""
    OWNER_LEFT = "owner_left"
    """Whoever had the conversation went off duty or gave it back to the queue."""
    MANY = "many"
    """More alarms than a lead keeps."""

    # facts: over when they are no longer so
    LINK_NOT_OPENED = "link_not_opened"
    PAYMENTS_FAILED = "payments_failed"
    """Three payments of theirs did not go through."""
    NO_TIME_TO_PAY = "no_time_to_pay"
    """Booked so late that no link was opened: a person decides about the money."""
    PRICE_DIFFERS = "price_differs"
    """Moved after it was paid, to a time of another price."""
    PAID_TOO_MUCH = "paid_too_much"
    """More came in while an old link was being closed: the new one asks too much."""
    ODD_MONEY = "odd_money"
    """More than was due, or in another currency."""
    PAID_AND_CLOSED = "paid_and_closed"
    """Paid in time and called off at the same moment."""
    PAID_WITHOUT_TIME = "paid_without_time"
    """There is money for it, and no time is booked."""
    REFUND_FAILED = "refund_failed"
    REFUND_NEEDS_ACCOUNT = "refund_needs_account"
    """It cannot go back where it came from, and the customer cannot be asked for an account in chat."""
    PAYOUT_STUCK = "payout_stuck"
    CHARGEBACK = "chargeback"
    CHARGEBACK_LOST = "chargeback_lost"
    REMINDER_MISSED = "reminder_missed"
    """We were too late to remind of it."""
    SHOW_UP_UNKNOWN = "show_up_unknown"
    NO_SHOW_PROPOSED = "no_show_proposed"
    """Whoever came to them found nobody, and they do not answer or cannot come: a person says whether they came."""
    TASK_LATE = "task_late"
    """Work that nobody had begun when it had to be, or that was not done in time; the subject is the task."""
    TASK_PROBLEM = "task_problem"
    """Whoever has a task cannot do it as it is; the subject is the task."""
    TASK_UNFILLED = "task_unfilled"
    """Nobody whom a task was offered to has accepted; the subject is the task."""
    END_UNKNOWN = "end_unknown"
    """Its time is over, and nobody has said that it ended."""
    RATED_LOW = "rated_low"
    """They were not happy with what was delivered; the subject is the booking, the audit has the score."""
    WORDS_WAIT = "words_wait"
    """Words between a provider and their guest that a person has to pass on; the subject is the task."""
    COMPLAINT = "complaint"
    """They say what was wrong with a visit, and wait for an answer; the subject is the booking."""
    COMPLAINT_LATE = "complaint_late"
    """They were promised an answer by now and have none; the subject is the booking."""
    LATER_NOT_SENT = "later_not_sent"
    """A person's words that were to go at a time did not; the subject is the planned message, which has them."""
    NUMBER_LOST = "number_lost"
    """Their number is another person's now, and they have something booked."""

    PARTNER_NUMBER = "partner_number"
    """A partner's number is another person's, or has changed: the business file has to have the right one; the subject
    is their id there."""
    PARTNER_NOT_TOLD = "partner_not_told"
    """Something was not said to a partner, who has to be called; over as soon as they write."""

    OF_LATER_VERSION = "of_later_version"
    """A reason that this version does not know: kept as it is, for the version that closes it."""


OF_CONVERSATION: Final = frozenset(
    {
        AlarmReason.BEFORE,
        AlarmReason.ASKED_FOR_PERSON,
        AlarmReason.UNKNOWN_QUESTION,
        AlarmReason.WISH_PASSED_ON,
        AlarmReason.CONTENT_TO_SEE,
        AlarmReason.NOTES_TO_READ,
        AlarmReason.LATE_ANSWER,
        AlarmReason.HALF_ANSWER,
        AlarmReason.WROTE_AFTER_STOP,
        AlarmReason.STEP_DENIED,
        AlarmReason.CHANGE_DENIED,
        AlarmReason.CHANGE_FAILED,
        AlarmReason.MOVED_OFTEN,
        AlarmReason.PRICE_MISSING,
        AlarmReason.DRAFTS_WAIT,
        AlarmReason.OWNER_LEFT,
        AlarmReason.EFFECT_FAILED,
        AlarmReason.DELIVERY_FAILED,
        AlarmReason.MANY,
        AlarmReason.CHARGEBACK_LOST,
        AlarmReason.RATED_LOW,
        AlarmReason.WORDS_WAIT,
    }
)
"""What is over when a person takes the conversation or writes in it: they see it then. A lost dispute is of them,
because nothing that happens later ends it."""


@dataclass(frozen=True, slots=True)
class LeadAlarm:
    """One thing of this customer that a person has to look at."""

    reason: AlarmReason
    subject: str
    """What it is about: a booking, an account, a refund, an effect; empty where it is the conversation."""
    since: datetime
    named: str = ""
    """What a later version calls the reason."""
    due: datetime | None = None
    """Until when somebody must have looked, where a day counts; none where sooner is better and no day is known."""

    @model_validator(mode="before")
    @classmethod
    def read_later(cls, stored: Any) -> Any:
        """A reason that another version wrote, kept under its own name until a version that knows it comes back."""
        fields = stored.kwargs if isinstance(stored, ArgsKwargs) else stored
        if not isinstance(fields, dict):
            return stored
        known = set(AlarmReason)
        if fields.get("reason") not in known:
            return fields | {"reason": AlarmReason.OF_LATER_VERSION, "named": fields.get("reason")}
        return fields | {"reason": fields["named"], "named": ""} if fields.get("named") in known else stored


def with_alarm(alarms: tuple[LeadAlarm, ...], new: LeadAlarm) -> tuple[LeadAlarm, ...]:
    """The alarms with that one open; raised again while it is open it stays as it is."""
    if any((known.reason, known.named, known.subject) == (new.reason, new.named, new.subject) for known in alarms):
        return alarms
    if len(alarms) < MOST_ALARMS - 1 or (len(alarms) < MOST_ALARMS and new.reason is AlarmReason.MANY):
        return (*alarms, new)
    # none is dropped in silence: a person who sees this one looks through all of the customer's
    return alarms if len(alarms) == MOST_ALARMS else (*alarms, LeadAlarm(AlarmReason.MANY, "", new.since))


def without_alarms(
    alarms: tuple[LeadAlarm, ...], reasons: Collection[AlarmReason], subject: str | None = None
) -> tuple[LeadAlarm, ...]:
    """The alarms without those of these reasons, about that subject where one is named."""
    return tuple(
        alarm for alarm in alarms if alarm.reason not in reasons or (subject is not None and alarm.subject != subject)
    )
