"""What may happen to a partner's thread; counterpart of `bot.domain.partner_orders`. Stored events are a schema."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.contents import Bubble
from bot.domain.events import BotStumbled, EffectFailed, Event, TimerFired
from bot.domain.ids import EventId
from bot.domain.job import Job, JobNews, JobStep
from bot.domain.lead import Address
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
class JobShown:
    """What they asked about a job of theirs; none where it is not, or there is none. Id: `done:<effect>`."""

    id: EventId
    at: datetime
    job: Job | None
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
    kind: Literal["job_stepped"] = "job_stepped"


PartnerEvent = (
    PartnerWrote
    | SpokeAsGuest
    | PartnerNumberDoubted
    | JobsFound
    | EarningsFound
    | JobTold
    | JobShown
    | JobStepped
    | TimerFired
    | EffectFailed
    | BotStumbled
)
AnyEvent = Event | PartnerEvent
"""What may happen to some thread."""
