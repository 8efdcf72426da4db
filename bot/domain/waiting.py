"""The waiting list: what somebody waits for who found no time, and the time that is kept for them once there is one."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, Self

from bot.domain.ids import BookingReference, EventId, LeadId
from bot.domain.offers import BookingWish, OfferedSlot, ProviderWish
from payments.domain.money import Money

MOST_WAITING: Final = 5
"""So many things one customer may wait for at a time; another one takes the place of the oldest."""


class WaitEnd(StrEnum):
    """Why somebody waits no more."""

    SERVED = "served"
    """The time that was kept for them is theirs."""
    BOOKED = "booked"
    """They booked another time in its place."""
    LEFT = "left"
    STOPPED = "stopped"
    """They want no messages."""
    OVER = "over"
    """The day has passed without one."""
    REPLACED = "replaced"
    """They wait for the same thing, or for enough others, already."""


class WhyPassed(StrEnum):
    """Why a time that was kept for somebody went to the next."""

    DECLINED = "declined"
    LATE = "late"
    """They did not answer in time."""


@dataclass(frozen=True, slots=True)
class KeptTime:
    """A time that became free, kept for one who waits, until `slot.held_until`."""

    number: int
    """Of the times that were kept for this entry, from 1 on."""
    slot: OfferedSlot
    price: Money | None = None
    """What it was said to cost."""


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """One wish that somebody waits for; their rank is the moment they joined."""

    id: str
    booking: BookingReference
    """The booking that was in progress when nothing was free."""
    service: str
    guests: int
    wish: BookingWish
    joined_at: datetime
    over_at: datetime
    """From then on no time could fit any more, and they are told."""
    place: str | None = None
    nights: int = 0
    who: ProviderWish = field(default_factory=ProviderWish)
    """Whose times alone are kept for them, or whose are not."""
    kept: KeptTime | None = None
    """The last time that was kept for them."""
    settled: int = 0
    """The number of the last kept time that was answered, or not in time."""
    why_passed: WhyPassed | None = None
    """How that one was passed on."""
    passed: tuple[datetime, ...] = ()
    """When the times begin that they did not take: these are not kept for them again."""
    revision: int = 1
    """Grows with each change; of two words the higher one counts."""
    ended: WaitEnd | None = None
    """In the decision that ends it; a stored lead has only those that go on."""

    @property
    def offer(self) -> KeptTime | None:
        """The time that waits for their answer."""
        return self.kept if self.kept is not None and self.kept.number > self.settled else None

    def waits_for(self, other: Self) -> bool:
        """Whether both wait for the same, of the same people."""
        return self.who == other.who and self.waits_whoever_gives(other)

    def waits_whoever_gives(self, other: Self) -> bool:
        """Whether both wait for the same, be it of others."""
        mine, theirs = ((one.service, one.place, one.guests, one.nights, one.wish) for one in (self, other))
        return mine == theirs

    def passing(self, why: WhyPassed) -> Self:
        """The entry once its kept time goes to the next."""
        if self.offer is None:
            return self
        passed = (*self.passed, self.offer.slot.start)[-MOST_PASSED:]
        return replace(self, settled=self.offer.number, why_passed=why, passed=passed)


MOST_PASSED: Final = 20


@dataclass(frozen=True, slots=True)
class RecordWaiting:
    """Write how an entry stands where all who wait stand by rank; an older word never undoes a newer one."""

    lead: LeadId
    entry: WaitingEntry
    at: datetime
    kind: Literal["record_waiting"] = "record_waiting"


@dataclass(frozen=True, slots=True)
class TimeKept:
    """A time became free that fits what somebody waits for, and is kept for them. Id: the same for each number."""

    id: EventId
    at: datetime
    entry: str
    number: int
    slot: OfferedSlot
    kind: Literal["time_kept"] = "time_kept"


@dataclass(frozen=True, slots=True)
class TakenOffList:
    """A person takes somebody off the list who asked for it."""

    id: EventId
    at: datetime
    entry: str
    by: str
    role: str
    kind: Literal["taken_off_list"] = "taken_off_list"
