"""What may happen to a partner's thread; counterpart of `bot.domain.partner_orders`. Stored events are a schema."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from bot.domain.arrival import Arrival, PlaceNews
from bot.domain.attention_news import AttentionNews
from bot.domain.contents import Bubble
from bot.domain.events import BotStumbled, EffectFailed, Event, TimerFired
from bot.domain.front_desk import DeskGuest, DeskStep
from bot.domain.ids import EventId
from bot.domain.job import Job, JobNews, JobStep
from bot.domain.lead import Address
from bot.domain.partner import PaidOut
from payments.domain.money import Money


@dataclass(frozen=True, slots=True)
class PartnerWrote:
    """One message of theirs for the house they work for."""

    id: EventId
    at: datetime
    bubble: Bubble
    address: Address
    kind: Literal["partner_wrote"] = "partner_wrote"


@dataclass(frozen=True, slots=True)
class SpokeAsGuest:
    """They wrote to their thread as a customer: the window of the number is open for both."""

    id: EventId
    at: datetime
    kind: Literal["spoke_as_guest"] = "spoke_as_guest"


@dataclass(frozen=True, slots=True)
class PartnerNumberDoubted:
    """Their number is somebody else's now, or WhatsApp says that it changed: the business file has to say which."""

    id: EventId
    at: datetime
    is_anothers: bool
    kind: Literal["partner_number_doubted"] = "partner_number_doubted"


@dataclass(frozen=True, slots=True)
class PartnerNumberConfirmed:
    """A person says that the number of the business file is theirs, whoever has it in WhatsApp now."""

    id: EventId
    at: datetime
    kind: Literal["partner_number_confirmed"] = "partner_number_confirmed"


@dataclass(frozen=True, slots=True)
class JobsFound:
    """What they have to do, the first due first. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    jobs: tuple[Job, ...]
    kind: Literal["jobs_found"] = "jobs_found"


@dataclass(frozen=True, slots=True)
class JobTold:
    """A job of theirs is new, changed, gone or overdue. Id: by task, revision and person."""

    id: EventId
    at: datetime
    news: JobNews
    job: Job
    kind: Literal["job_told"] = "job_told"


@dataclass(frozen=True, slots=True)
class EarningsFound:
    """What is theirs and has not arrived, a sum a currency. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    waiting: tuple[Money, ...]
    on_its_way: tuple[Money, ...]
    kind: Literal["earnings_found"] = "earnings_found"


@dataclass(frozen=True, slots=True)
class WorkDone:
    """Work of somebody else is done, and the file says that they hear of it. Id: by task and thread."""

    id: EventId
    at: datetime
    job: Job
    by: str
    """Who did it, by name; empty where nobody of the file did."""
    kind: Literal["work_done"] = "work_done"


@dataclass(frozen=True, slots=True)
class PayoutTold:
    """A payout of theirs has arrived, or has come back. Id: by payout and state."""

    id: EventId
    at: datetime
    payee: str
    """As whom they are paid."""
    paid: PaidOut
    kind: Literal["payout_told"] = "payout_told"


@dataclass(frozen=True, slots=True)
class MoneyDisputed:
    """A person was called about their money; what it is about, a sum a currency. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    sums: tuple[Money, ...]
    kind: Literal["money_disputed"] = "money_disputed"


@dataclass(frozen=True, slots=True)
class JobShown:
    """What they asked about a job of theirs; none where it is not, or there is none. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    job: Job | None
    is_for_picture: bool = False
    """Whether a picture of it is waited for, and they sent something else."""
    kind: Literal["job_shown"] = "job_shown"


@dataclass(frozen=True, slots=True)
class JobStepped:
    """What came of a step of theirs; `refusal` says why nothing did. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    step: JobStep
    task: str
    refusal: str | None = None
    job: Job | None = None
    offer: int | None = None
    """Which arrangement they answered."""
    then: tuple[Job, ...] = ()
    """Of what is done: what else is theirs in the days after it."""
    kind: Literal["job_stepped"] = "job_stepped"


class PassResult(StrEnum):
    """What became of their words to a guest; the words stand in the keys of what is said of it."""

    PASSED = "passed"
    TO_PERSON = "to_person"
    """The guest cannot be written to now, or a person has the conversation: that person passes them on."""
    OVER = "over"
    """The job has ended."""
    NOT_THEIRS = "not_theirs"


@dataclass(frozen=True, slots=True)
class WordsPassed:
    """What became of their words to a guest. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    task: str
    result: PassResult
    kind: Literal["words_passed"] = "words_passed"


@dataclass(frozen=True, slots=True)
class GuestWrote:
    """The guest of a job of theirs writes to them. Id: by the order of the guest's lead."""

    id: EventId
    at: datetime
    job: Job
    words: str
    kind: Literal["guest_wrote"] = "guest_wrote"


@dataclass(frozen=True, slots=True)
class PlaceTold:
    """A booking at a place of theirs is confirmed, moved or called off. Id: by the order of its lead."""

    id: EventId
    at: datetime
    news: PlaceNews
    arrival: Arrival
    kind: Literal["place_told"] = "place_told"


@dataclass(frozen=True, slots=True)
class ArrivalsFound:
    """What is booked at places of theirs, the first to begin first. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    arrivals: tuple[Arrival, ...]
    kind: Literal["arrivals_found"] = "arrivals_found"


@dataclass(frozen=True, slots=True)
class DigestTold:
    """The evening before: what there is to do that day, and what waited to be told. Id: by day and person."""

    id: EventId
    at: datetime
    day: date
    jobs: tuple[Job, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    held_jobs: tuple[Job, ...] = ()
    """New or changed for another day, and held back by the budget of templates; as they stand now."""
    held_arrivals: tuple[Arrival, ...] = ()
    kind: Literal["digest_told"] = "digest_told"


@dataclass(frozen=True, slots=True)
class JobsLookedAt:
    """Which of the tasks that were looked up are over, and whether anything of theirs is still to come. Id:
    `done:<effect>`."""

    id: EventId
    at: datetime
    over: tuple[str, ...]
    has_more: bool
    kind: Literal["jobs_looked_at"] = "jobs_looked_at"


@dataclass(frozen=True, slots=True)
class GuestsFound:
    """Who comes to their places today, who leaves, and how many stay on. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    guests: tuple[DeskGuest, ...]
    staying: int = 0
    kind: Literal["guests_found"] = "guests_found"


@dataclass(frozen=True, slots=True)
class GuestStepped:
    """What came of a step of theirs; `refusal` says which rule did not allow it. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    step: DeskStep
    booking: str
    guest: DeskGuest | None = None
    refusal: str | None = None
    kind: Literal["guest_stepped"] = "guest_stepped"


@dataclass(frozen=True, slots=True)
class DayOffNoted:
    """Their day off stands: their time is blocked, and what they had is offered to others. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    day: date
    given_back: int
    """How many jobs of theirs were given back."""
    kind: Literal["day_off_noted"] = "day_off_noted"


PartnerEvent = (
    PartnerWrote
    | SpokeAsGuest
    | PartnerNumberDoubted
    | PartnerNumberConfirmed
    | JobsFound
    | EarningsFound
    | PayoutTold
    | WorkDone
    | MoneyDisputed
    | JobTold
    | JobShown
    | JobStepped
    | PlaceTold
    | ArrivalsFound
    | DigestTold
    | WordsPassed
    | GuestWrote
    | JobsLookedAt
    | GuestsFound
    | GuestStepped
    | DayOffNoted
    | AttentionNews
    | TimerFired
    | EffectFailed
    | BotStumbled
)
AnyEvent = Event | PartnerEvent
"""What may happen to some thread."""
