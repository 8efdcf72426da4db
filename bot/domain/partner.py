"""A partner: whoever delivers (provider, contact of a place, staff of the business file) as one small frozen value.

Who they are to the house is read in the business file, by their number, whenever something is decided; only what was
said between the two of us is kept here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from bot.domain.alarms import AlarmReason, LeadAlarm, with_alarm, without_alarms
from bot.domain.ids import AgentId, LeadId
from bot.domain.job import Job
from bot.domain.lead import Address
from payments.domain.money import Money

PartnerId = NewType("PartnerId", LeadId)
"""Made of the keyed hash of their number: the same person, whatever they are in the business file."""
_PREFIX: Final = "partner-"
_AT_PLACE: Final = "place:"
_NEW: Final = "new:"
_AHEAD: Final = "ahead:"
MOST_SHOWN: Final = 20
"""So many jobs a partner is remembered to have been shown."""
KNOWN_FOR: Final = timedelta(days=7)
"""So long somebody knows what they were shown: their own work is told again the evening before only after that."""


ANSWERS_WITHIN: Final = timedelta(hours=24)
"""So long a question to a partner is open: what they send later is no answer to it."""


class Consent(StrEnum):
    """Whether they want their work told here."""

    UNASKED = "unasked"
    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"


class PartnerAsk(StrEnum):
    """What a partner was asked for, in words or pictures of their own."""

    PICTURE = "picture"
    TROUBLE = "trouble"
    """What is in the way."""
    WORDS = "words"
    """What the guest is to be told."""
    SUM = "sum"
    """What is wrong about their money; the question's task is the payout they mean, or nothing."""


@dataclass(frozen=True, slots=True)
class PartnerQuestion:
    """The question that is open: what they send next answers it."""

    about: PartnerAsk
    task: str
    at: datetime | None = None
    """When it was asked."""

    def is_open(self, now: datetime) -> bool:
        """Whether what they send now may answer it."""
        return self.at is None or now - self.at <= ANSWERS_WITHIN


@dataclass(frozen=True, slots=True)
class Letter:
    """Words of a guest that could not be said yet, with the job they are about."""

    job: Job
    words: str


@dataclass(frozen=True, slots=True)
class PaidOut:
    """A payout of theirs that has arrived, or has come back, as they are told of it."""

    payout: str
    amount: Money
    ending: str
    """The last four digits of the account; empty where nobody knows."""
    came_back: bool = False


@dataclass(frozen=True, slots=True)
class AskedJob:
    """A job they were asked about, until they have heard how that ended."""

    task: str
    number: int
    """Which arrangement of it."""
    telling: str
    """The event whose message asked them."""
    at: datetime | None = None
    """When they were asked."""


@dataclass(frozen=True, slots=True)
class Partner:
    """One person who delivers."""

    id: PartnerId
    phone: str
    """As the business file has it."""
    address: Address
    consent: Consent = Consent.UNASKED
    last_inbound_at: datetime | None = None
    """Their last word to either thread of theirs: opens the customer service window of 24 h."""
    spoke_at: datetime | None = None
    """Their last word as a partner."""
    guest_at: datetime | None = None
    """Their last word as a customer."""
    shown: tuple[str, ...] = ()
    """The tasks they were shown last, the newest last."""
    shown_at: Mapping[str, datetime] = field(default_factory=dict)
    """When each of these was shown last; not known of what was shown before this was kept."""
    asked: tuple[AskedJob, ...] = ()
    """What they were offered and have not heard the end of, the newest last."""
    question: PartnerQuestion | None = None
    is_locked: bool = False
    """Whether their number was seen under another user id: nothing is sent there any more."""
    alarms: tuple[LeadAlarm, ...] = ()
    """What a person has to look at."""
    timers: Mapping[str, datetime] = field(default_factory=dict)
    templates_on: date | None = None
    """The local day of their last template."""
    templates: int = 0
    """How many they got that day; each costs money."""
    held: tuple[str, ...] = ()
    """What waits for the digest or their next word: tasks, and bookings at their places (`held_booking`); marked where
    they have never heard of it (`held_new`), and where it waits until it is near (`held_ahead`)."""
    letters: tuple[Letter, ...] = ()
    """Words of guests that wait for their next word."""
    paid_out: tuple[PaidOut, ...] = ()
    """Payouts that wait for the digest or their next word: no reason for a template of their own."""
    agent: AgentId | None = None
    """Who of the staff has this thread; the customer's of the same person is another matter."""
    takeovers: int = 0
    """How often it went to a person or back."""

    @property
    def epoch(self) -> int:
        """Grows with each change of who may speak; what the bot would say under an older one is never sent."""
        return self.takeovers

    @property
    def is_doubted(self) -> bool:
        """Whether a person has to say whether their number is right."""
        return self.is_locked or any(one.reason is AlarmReason.PARTNER_NUMBER for one in self.alarms)

    def at_their_number(self) -> "Partner":
        """The partner, reached at the number of the business file, whoever had it before: of whose word that opened
        the window nobody can say."""
        calm = self.without_alarms({AlarmReason.PARTNER_NUMBER})
        return replace(calm, is_locked=False, address=Address(wa_id=self.phone.removeprefix("+")), last_inbound_at=None)

    @property
    def is_with_agent(self) -> bool:
        """Whether a person has taken it."""
        return self.agent is not None

    def open_question(self, now: datetime) -> PartnerQuestion | None:
        """The question that is open to them now."""
        return self.question if self.question is not None and self.question.is_open(now) else None

    @property
    def next_due_at(self) -> datetime | None:
        """When the earliest timer wants to be heard."""
        return min(self.timers.values(), default=None)

    def with_timer(self, name: str, due_at: datetime) -> "Partner":
        """The partner with that timer set or moved."""
        return replace(self, timers={**self.timers, name: due_at})

    def without_timer(self, name: str) -> "Partner":
        """The partner with that timer gone, if it was there."""
        return replace(self, timers={key: due for key, due in self.timers.items() if key != name})

    def having_seen(self, at: datetime, *tasks: str) -> "Partner":
        """The partner with it noted that they were shown these tasks at that moment."""
        others = [task for task in self.shown if task not in tasks]
        shown = (*others, *tasks)[-MOST_SHOWN:]
        moments = {**self.shown_at, **dict.fromkeys(tasks, at)}
        return replace(self, shown=shown, shown_at={task: moments[task] for task in shown if task in moments})

    def knows(self, task: str, now: datetime) -> bool:
        """Whether they were shown it so lately that they know it at that moment."""
        shown_at = self.shown_at.get(task)
        return shown_at is not None and now - shown_at <= KNOWN_FOR

    @property
    def is_behind(self) -> bool:
        """Whether something waits that the next digest has to say, whatever there is to do on its day."""
        return any(not name.startswith(_AHEAD) for name in self.held)

    def holding(self, name: str) -> "Partner":
        """The partner with that waiting to be told; when so much waits, all of it is looked up anyway."""
        others = [one for one in self.held if one != name]
        return replace(self, held=(*others, name)[-MOST_SHOWN:])

    def waiting_to_hear(self, paid: PaidOut) -> "Partner":
        """The partner with that payout waiting to be told, as it is now."""
        others = [one for one in self.paid_out if one.payout != paid.payout]
        return replace(self, paid_out=(*others, paid)[-MOST_SHOWN:])

    def without_held(self, *names: str) -> "Partner":
        """The partner with these not waiting any more."""
        return replace(self, held=tuple(one for one in self.held if one not in names))

    def having_been_asked(self, job: AskedJob) -> "Partner":
        """The partner with it noted that they were offered that."""
        others = self.having_heard_the_end(job.task, job.number).asked
        return replace(self, asked=(*others, job)[-MOST_SHOWN:])

    def having_heard_the_end(self, task: str, number: int) -> "Partner":
        """The partner, who waits for no further word about that offer."""
        return replace(self, asked=tuple(one for one in self.asked if (one.task, one.number) != (task, number)))

    def was_asked(self, task: str, number: int) -> bool:
        """Whether they were offered that, and have not heard the end of it."""
        return any((one.task, one.number) == (task, number) for one in self.asked)

    @property
    def asked_at(self) -> datetime | None:
        """When they were last asked about a job that waits for their answer."""
        return max((one.at for one in self.asked if one.at is not None), default=None)

    def alarmed(self, reason: AlarmReason, at: datetime, subject: str = "") -> "Partner":
        """The partner with that alarm open; raised again while it is open it stays as it is."""
        return replace(self, alarms=with_alarm(self.alarms, LeadAlarm(reason, subject, at)))

    def without_alarms(self, reasons: Collection[AlarmReason], subject: str | None = None) -> "Partner":
        """The partner without the alarms of these reasons, about that subject where one is named."""
        return replace(self, alarms=without_alarms(self.alarms, reasons, subject))


def held_booking(reference: str) -> str:
    """How a booking at a place of theirs is named in what waits."""
    return f"{_AT_PLACE}{reference}"


def booking_held(name: str) -> str | None:
    """The booking of that name in what waits; none where it is a task."""
    name = unmarked(name)
    return name.removeprefix(_AT_PLACE) if name.startswith(_AT_PLACE) else None


def held_ahead(task: str) -> str:
    """How work that lies days ahead is named in what waits: it is told with what comes next, and in time for itself."""
    return f"{_AHEAD}{task}"


def held_new(name: str) -> str:
    """How a task or booking that they have never heard of is named in what waits."""
    return f"{_NEW}{name}"


def unmarked(name: str) -> str:
    """That name in what waits, whether they have heard of it or not."""
    return name.removeprefix(_NEW).removeprefix(_AHEAD)


def partner_id(alias: str) -> PartnerId:
    """The thread of whoever has the number of that alias."""
    return PartnerId(LeadId(f"{_PREFIX}{alias.rpartition(':')[2]}"))


def is_partner(thread: str) -> bool:
    """Whether a thread of that id is a partner's."""
    return thread.startswith(_PREFIX)
