"""Timers of a lead by name: what is due, and for which booking; stored as text, `<kind>:<reference>[:<which>]`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class TimerKind(StrEnum):
    """What is due."""

    AGENT_IDLE = "agent_idle"
    """The person who has the conversation was silent for long; of the lead, not of a booking."""
    PAY_BY = "pay_by"
    """The time was kept for its money until now."""
    ANSWER_BY = "answer_by"
    """Somebody's yes to its time was waited for until now."""
    NUDGE = "nudge"
    """Half way to `pay_by`."""
    LATE = "late"
    """A released booking is remembered until now, or late money waited for another choice until now."""
    CALLED_OFF = "called_off"
    """So long it is remembered that a person was called about money for a cancelled booking; named by its account."""
    CHANGE_SILENCE = "change_silence"
    """Nobody answered about a change: asked once more, then the booking stays as it is."""
    CHANGE_PAY_BY = "change_pay_by"
    """The new time was kept for the difference until now."""
    CHANGE_ANSWER_BY = "change_answer_by"
    """Somebody's yes to the new time of a change was waited for until now."""
    DAY_BEFORE = "day_before"
    HOURS_BEFORE = "hours_before"
    REMIND = "remind"
    """Any other timer of the business file, named by it; the two above have the names that earlier versions know."""
    ASK_AGAIN = "ask_again"
    """They did not answer whether they come: asked once more, or counted."""
    SHOW_UP = "show_up"
    """Nobody said whether the customer came: the customer is asked; a guest of a stay, whether they have arrived."""
    NO_SHOW = "no_show"
    """Nobody answered either."""
    ABSENT_ANSWER = "absent_answer"
    """Their provider found nobody, and they did not answer until now."""
    DEPARTURE = "departure"
    """A guest of a stay is about to leave: they are asked to say so."""
    COMPLAINT = "complaint"
    """Until when a complaint about a visit has to be answered; of the lead, whose booking is long over."""
    SNOOZE = "snooze"
    """The conversation is shown again to who put it off; of the lead."""
    SEND_LATER = "send_later"
    """A person's words are to go now; of the lead, named by the message."""
    ABANDON = "abandon"
    """Its customer owed the next step and was silent until now."""
    WRITE_AGAIN = "write_again"
    """They are asked once whether they still want what they left."""
    FOLLOW_UP = "follow_up"
    """Some days after a visit they are asked once whether they would like to come again; of the lead, whose booking is
    over."""
    OVER = "over"
    """The time of a stay or a journey is over."""
    WAIT_ANSWER = "wait_answer"
    """A time is kept until now for the first in line; of the lead, named by what they wait for."""
    WAIT_OVER = "wait_over"
    """Nothing became free of what they wait for; of the lead, named likewise."""


APPOINTMENT_TIMERS: Final = frozenset(
    {
        TimerKind.DAY_BEFORE,
        TimerKind.HOURS_BEFORE,
        TimerKind.REMIND,
        TimerKind.ASK_AGAIN,
        TimerKind.SHOW_UP,
        TimerKind.NO_SHOW,
        TimerKind.ABSENT_ANSWER,
        TimerKind.DEPARTURE,
        TimerKind.OVER,
    }
)
"""Planned from the time of an upcoming booking (`bot.dialogue.timers`)."""


CHANGE_TIMERS: Final = frozenset({TimerKind.CHANGE_SILENCE, TimerKind.CHANGE_PAY_BY, TimerKind.CHANGE_ANSWER_BY})
"""Set while a change of the booking is open, and taken back with it."""


AFTER_THE_END: Final = frozenset(
    {TimerKind.LATE, TimerKind.CALLED_OFF, TimerKind.WRITE_AGAIN, TimerKind.COMPLAINT, TimerKind.FOLLOW_UP}
)
"""What may still be due of a booking that has ended: nothing else is."""


OF_THE_LEAD: Final = frozenset({TimerKind.AGENT_IDLE, TimerKind.SNOOZE, TimerKind.SEND_LATER})
"""Of the conversation, whatever bookings there are."""


@dataclass(frozen=True, slots=True)
class TimerName:
    """One timer of one lead."""

    kind: TimerKind
    reference: str = ""
    """Of the booking, or of its account; empty where it is the lead's own."""
    which: str = ""
    """Of the business file, where the kind stands for several."""

    def __str__(self) -> str:
        """As it is stored."""
        return ":".join(part for part in (self.kind.value, self.reference, self.which) if part)


_KINDS_OF_OWN: Final = {kind.value.replace("_", "-"): kind for kind in (TimerKind.DAY_BEFORE, TimerKind.HOURS_BEFORE)}
REMINDERS: Final = frozenset({*_KINDS_OF_OWN.values(), TimerKind.REMIND})
"""What stands in `timers` of the business file."""


def reminder_name(which: str, reference: str) -> TimerName:
    """The name of that timer of the business file, for that booking."""
    kind = _KINDS_OF_OWN.get(which)
    return TimerName(TimerKind.REMIND, reference, which) if kind is None else TimerName(kind, reference)


def which_reminder(timer: TimerName) -> str:
    """The id that it has in the business file."""
    return next((which for which, kind in _KINDS_OF_OWN.items() if kind is timer.kind), timer.which)


def read_timer(text: str) -> TimerName | None:
    """The name that text stands for; none when another version wrote it."""
    kind, _, rest = text.partition(":")
    if kind not in set(TimerKind):
        return None
    if kind != TimerKind.REMIND:
        return TimerName(TimerKind(kind), rest)
    reference, _, which = rest.partition(":")
    return TimerName(TimerKind.REMIND, reference, which)
