"""The lead: one customer's conversation, open bookings and timers, as one small frozen value."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypedDict, Unpack

from pydantic import model_validator
from pydantic_core import ArgsKwargs

from bot.domain.account_question import AccountQuestion
from bot.domain.alarms import BEFORE_ALARMS, OF_CONVERSATION, AlarmReason, LeadAlarm, with_alarm, without_alarms
from bot.domain.booking import Booking
from bot.domain.complaints import Complaint, Picture, with_complaint
from bot.domain.credits import CustomerCredit, with_credit
from bot.domain.customer_fields import CustomerField, with_field
from bot.domain.ids import AgentId, LeadId
from bot.domain.inbox import InboxEntry
from bot.domain.languages import spoken
from bot.domain.passing import WritingTo
from bot.domain.place_codes import BoundPlace
from bot.domain.slips import Slip
from bot.domain.states import CLOSED, IN_PROGRESS, Mode
from bot.domain.timers import TimerName
from bot.domain.visits import MOST_VISITS, AskedAboutVisit, Visit
from bot.domain.waiting import WaitingEntry
from intents.understanding import ExpectedAnswer, Understanding


@dataclass(frozen=True, slots=True)
class Address:
    """Where the customer can be written to; at least one of the two is known."""

    wa_id: str | None = None
    """WhatsApp's phone number without plus; absent for customers who hide it."""
    user_id: str | None = None
    """Meta's business-scoped user id (`CC.` and letters); never to be read as a phone number."""

    def updated(self, newer: "Address") -> "Address":
        """What is known of the address, the newer word winning where it says something."""
        return Address(wa_id=newer.wa_id or self.wa_id, user_id=newer.user_id or self.user_id)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Who may speak, and what was said last."""

    mode: Mode = Mode.BOT
    epoch: int = 0
    """Grows at each take-over and release; a chat effect of an older epoch is never sent."""
    agent: AgentId | None = None
    language: str | None = None
    """A code; also one whose file has gone since (`Lead.language` is always one that can be spoken)."""
    language_chosen: bool = False
    """Chosen by word or tap, so no later message changes it silently."""
    language_settled: bool = False
    """Heard in a real message; a mere "hi" settles nothing."""
    expecting: ExpectedAnswer = ExpectedAnswer.NOTHING
    misunderstood: int = 0
    """Messages in a row that made no sense to us."""
    doubted: Understanding | None = None
    """What we asked "did you mean" about; the next words or tap decide it."""
    doubted_text: str = ""
    """The words themselves."""
    about: tuple[str, ...] = ()
    """The services that were asked about last, so that "tomorrow at ten, then" is about them."""
    greeted: bool = False
    opted_out: bool = False
    reminded_of_opt_out_at: datetime | None = None
    last_inbound_at: datetime | None = None
    """Opens the customer service window of 24 h."""
    unanswered: Understanding | None = None
    """What the customer said last in mode agent and nobody answered; decided again at release."""


class ConversationChanges(TypedDict, total=False):
    """What may be changed of a conversation, field by field (`Lead.conversing`); mode and epoch move by table
    (`bot.lifecycle.apply.set_mode`)."""

    agent: AgentId | None
    language: str | None
    language_chosen: bool
    language_settled: bool
    expecting: ExpectedAnswer
    misunderstood: int
    doubted: Understanding | None
    doubted_text: str
    about: tuple[str, ...]
    greeted: bool
    opted_out: bool
    reminded_of_opt_out_at: datetime | None
    last_inbound_at: datetime | None
    unanswered: Understanding | None


WINDOW: Final = timedelta(hours=24)
"""How long after their last word a customer may be written to freely (`bot.domain.window`)."""
MOST_REMEMBERED: Final = 20
"""So many bookings and accounts that are over a lead remembers something of."""


@dataclass(frozen=True, slots=True)
class Lead:
    """One customer. Only customers are leads."""

    id: LeadId
    address: Address = Address()
    name: str | None = None
    conversation: Conversation = Conversation()
    inbox: InboxEntry = field(default_factory=InboxEntry)
    """How the staff work on it."""
    bookings: tuple[Booking, ...] = ()
    """The open ones; closed bookings stay in the read model under their reference."""
    referrer: str | None = None
    """Who sent them: an id of the business file, from the code in their first message."""
    bound_place: BoundPlace | None = None
    """Where they are, from the code of a place."""
    account_questions: tuple[AccountQuestion, ...] = ()
    """Refunds that wait for an account of the customer's; the first is asked about."""
    alarms: tuple[LeadAlarm, ...] = ()
    """What a person has to look at, as it was raised; each closes when its cause is gone (`bot.dialogue.alarms`)."""
    goodwill_counts: tuple[tuple[str, int], ...] = ()
    """Bookings that have ended and left: how often money was given back for each since. Two people who give it at the
    same moment both read the older record; the second is told so. The last twenty are kept."""
    told_back: tuple[tuple[str, int], ...] = ()
    """Accounts of changes that are over: up to which sum, in minor units, the customer was told that it goes back; all
    later news of an account repeats what is there. The last twenty are kept."""
    visits: tuple[Visit, ...] = ()
    """What was delivered to them, the last ten, with what they said of it."""
    complaints: tuple[Complaint, ...] = ()
    """What they said was wrong with a visit, the open ones last."""
    credits: tuple[CustomerCredit, ...] = ()
    """What they may use in place of money, those with something left last."""
    fields: tuple[CustomerField, ...] = ()
    """What they answered to questions of the house, the newest last."""
    recent_pictures: tuple[Picture, ...] = ()
    """The last that came after a visit: who sends a picture first and says then what was wrong means both."""
    asked_about_visit: AskedAboutVisit | None = None
    """A question about one of them that the next words may answer."""
    waiting: tuple[WaitingEntry, ...] = ()
    """What they wait for to become free, the oldest first."""
    writing_to: WritingTo | None = None
    """Whom the next words are for, once they tapped it."""
    slips: tuple[Slip, ...] = ()
    """What they moved, called off or did not come to, the last twenty."""
    unstable_since: datetime | None = None
    """Since when that is too often for the house (`sop.unstable`); none where it is not."""
    timers: Mapping[str, datetime] = field(default_factory=dict)
    """`TimerName` as text → business time; the stored `next_due_at` is their minimum. Text, because a timer that
    another version set has to survive a round through this one."""

    @model_validator(mode="before")
    @classmethod
    def read_older(cls, stored: Any) -> Any:
        """A stored lead of before there were alarms: that it waited for a person is one of them."""
        fields = stored.kwargs if isinstance(stored, ArgsKwargs) else stored
        if not isinstance(fields, dict) or "alarms" in fields:
            return stored
        talk = fields.get("conversation")
        if not isinstance(talk, dict) or not talk.get("waits_for_person"):
            return stored
        since = talk.get("last_inbound_at") or BEFORE_ALARMS
        return fields | {"alarms": [{"reason": AlarmReason.BEFORE, "subject": "", "since": since}]}

    @property
    def waits_for_person(self) -> bool:
        """Whether anything of theirs has to be looked at by a person."""
        return bool(self.alarms)

    @property
    def is_with_agent(self) -> bool:
        """Whether a person has taken the conversation."""
        return self.conversation.mode is Mode.AGENT

    @property
    def waiting_since(self) -> datetime | None:
        """Since when they wait for a person: with their words, or for what the conversation called one for."""
        called = (alarm.since for alarm in self.alarms if alarm.reason in OF_CONVERSATION)
        return min((at for at in (self.inbox.waiting_since, *called) if at is not None), default=None)

    @property
    def deadline_at(self) -> datetime | None:
        """By when a person has to look: what an alarm is due by, the end of the window while they wait in it, and at
        once what was put off until now."""
        dues = [alarm.due for alarm in self.alarms]
        waits, last = self.waiting_since, self.last_inbound_at
        window = None if waits is None or last is None else last + WINDOW
        return min((at for at in (self.inbox.woke_at, window, *dues) if at is not None), default=None)

    @property
    def epoch(self) -> int:
        """The conversation's."""
        return self.conversation.epoch

    @property
    def last_inbound_at(self) -> datetime | None:
        """The conversation's."""
        return self.conversation.last_inbound_at

    @property
    def language(self) -> str:
        """The code of the language to answer in; English until we know better, and where a code has no file."""
        return spoken(self.conversation.language)

    @property
    def next_due_at(self) -> datetime | None:
        """When the earliest timer wants to be heard."""
        return min(self.timers.values(), default=None)

    @property
    def open_booking(self) -> Booking | None:
        """The booking the conversation is about: the one in progress, else the last one that is not closed."""
        alive = [booking for booking in self.bookings if booking.state not in CLOSED]
        return next(
            (booking for booking in reversed(alive) if booking.state in IN_PROGRESS), alive[-1] if alive else None
        )

    def booking(self, reference: str) -> Booking | None:
        """That booking, if it is open."""
        return next((booking for booking in self.bookings if booking.reference == reference), None)

    def visit(self, reference: str) -> Visit | None:
        """That visit, if it is remembered."""
        return next((visit for visit in self.visits if visit.reference == reference), None)

    def complaint(self, reference: str) -> Complaint | None:
        """What was wrong with that visit, if it is remembered."""
        return next((one for one in self.complaints if one.reference == reference), None)

    def credit(self, name: str) -> CustomerCredit | None:
        """That credit, if it is remembered."""
        return next((one for one in self.credits if one.id == name), None)

    def with_credit(self, credit: CustomerCredit) -> "Lead":
        """The lead with that credit put in, or put in the place of its former self."""
        return replace(self, credits=with_credit(self.credits, credit))

    def answer_to(self, name: str) -> CustomerField | None:
        """What they answered to that question of the house, if they did."""
        return next((one for one in self.fields if one.name == name), None)

    def with_answer(self, given: CustomerField) -> "Lead":
        """The lead with that answer put in, or put in the place of the former one."""
        return replace(self, fields=with_field(self.fields, given))

    def with_complaint(self, complaint: Complaint) -> "Lead":
        """The lead with that complaint put in, or put in the place of its former self."""
        return replace(self, complaints=with_complaint(self.complaints, complaint))

    def rated(self, booking: Booking) -> Booking:
        """That booking of theirs with what they said of it last, as far as it is remembered."""
        visit, complaint = self.visit(booking.reference), self.complaint(booking.reference)
        rating = booking.rating if visit is None else visit.rating
        return replace(booking, rating=rating, complaint=complaint or booking.complaint)

    def with_visit(self, visit: Visit) -> "Lead":
        """The lead with that visit put in, or put in the place of its former self; the oldest is forgotten."""
        others = tuple(other for other in self.visits if other.reference != visit.reference)
        kept = sorted((*others, visit), key=lambda one: (one.ended_at, one.reference))
        return replace(self, visits=tuple(kept[-MOST_VISITS:]))

    def without_questions(self) -> "Lead":
        """The lead with no yes-or-no question open: somebody has begun to speak of something else."""
        return replace(self, bookings=tuple(replace(booking, open_question=None) for booking in self.bookings))

    def conversing(self, **changes: Unpack[ConversationChanges]) -> "Lead":
        """The lead with its conversation changed."""
        return replace(self, conversation=replace(self.conversation, **changes))

    def alarmed(self, reason: AlarmReason, at: datetime, subject: str = "", due: datetime | None = None) -> "Lead":
        """The lead with that alarm open; raised again while it is open it stays as it is."""
        return replace(self, alarms=with_alarm(self.alarms, LeadAlarm(reason, subject, at, due=due)))

    def without_alarms(self, reasons: Collection[AlarmReason], subject: str | None = None) -> "Lead":
        """The lead without the alarms of these reasons, about that subject where one is named."""
        return replace(self, alarms=without_alarms(self.alarms, reasons, subject))

    def having_told_back(self, account: str, amount: int) -> "Lead":
        """The lead with it noted that the customer knows of so much on its way back from that account."""
        known = dict(self.told_back)
        known[account] = max(amount, known.pop(account, 0))
        return replace(self, told_back=tuple(known.items())[-MOST_REMEMBERED:])

    def due_at(self, name: TimerName) -> datetime | None:
        """When that timer fires; none when it is not set."""
        return self.timers.get(str(name))

    def with_timer(self, name: TimerName | str, due_at: datetime) -> "Lead":
        """The lead with that timer set or moved."""
        return replace(self, timers={**self.timers, str(name): due_at})

    def without_timer(self, name: TimerName | str) -> "Lead":
        """The lead with that timer gone, if it was there."""
        return replace(self, timers={key: due for key, due in self.timers.items() if key != str(name)})

    def with_waiting(self, entry: WaitingEntry) -> "Lead":
        """The lead with that entry put in, or put in the place of its former self."""
        others = tuple(other for other in self.waiting if other.id != entry.id)
        return replace(self, waiting=tuple(sorted((*others, entry), key=lambda one: (one.joined_at, one.id))))

    def with_booking(self, booking: Booking) -> "Lead":
        """The lead with that booking put in, or put in the place of its former self."""
        others = tuple(other for other in self.bookings if other.reference != booking.reference)
        return replace(self, bookings=(*others, booking))
