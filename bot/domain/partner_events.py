"""What may happen to a partner's thread; counterpart of `bot.domain.partner_orders`. Stored events are a schema."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.contents import Bubble
from bot.domain.events import BotStumbled, EffectFailed, Event, TimerFired
from bot.domain.ids import EventId
from bot.domain.job import Job
from bot.domain.lead import Address


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


PartnerEvent = PartnerWrote | SpokeAsGuest | PartnerNumberDoubted | JobsFound | TimerFired | EffectFailed | BotStumbled

AnyEvent = Event | PartnerEvent
"""What may happen to some thread."""
