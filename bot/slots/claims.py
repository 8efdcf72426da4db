"""Which claims keep a slot for one booking: `resource|quantum|seat`, five minutes of UTC or one local night.

The quantum is a constant of the store: two bookings collide exactly when they want the same claim. Keys of
one resource sort by time, so that what is taken is one range.

A session of a group event claims seats of the *session*; its provider and its place are kept by the timetable
itself (`free` offers nothing else then), because a seat claim could not exclude an exclusive one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NewType, Self

from bot.business.catalogue import PlaceId, ProviderId, Service, ServiceId, Venue
from bot.business.definition import Business
from bot.slots.slot import Slot

ClaimKey = NewType("ClaimKey", str)
Resource = NewType("Resource", str)

QUANTUM = timedelta(minutes=5)
PIECE = "%Y-%m-%dT%H:%MZ"
"""How the beginning of a quantum is written; they sort by time."""
FORM_HOLD = "form:"
"""Holds of open forms begin with this: a proposal in the chat leaves them alone."""
WAITING_HOLD = "waiting:"
"""So do those of times that are kept for somebody of the waiting list; nobody is offered them anywhere else."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """`seats` free seats, out of `capacity`, of one resource in every one of these quanta."""

    resource: Resource
    quanta: tuple[str, ...]
    seats: int = 1
    capacity: int = 1

    def keys(self, seat: int) -> tuple[ClaimKey, ...]:
        """The claims of one seat."""
        return tuple(ClaimKey(f"{self.resource}|{quantum}|{seat:03d}") for quantum in self.quanta)

    def every_key(self) -> tuple[ClaimKey, ...]:
        """The claims of all seats, whoever has them, sorted."""
        return tuple(sorted(key for seat in range(self.capacity) for key in self.keys(seat)))

    def seats_left(self, taken: "Taken") -> tuple[int, ...]:
        """The seats that are free in every quantum, lowest first."""
        gone = taken.seats(self.resource, self.quanta)
        return tuple(seat for seat in range(self.capacity) if seat not in gone)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is already claimed, by resource, quantum and seat."""

    by_resource: Mapping[str, Mapping[str, frozenset[int]]]

    @classmethod
    def of(cls, keys: Iterable[str]) -> Self:
        """Taken as the store's keys tell it."""
        found: dict[str, dict[str, frozenset[int]]] = {}
        for key in keys:
            resource, quantum, seat = key.rsplit("|", 2)
            quanta = found.setdefault(resource, {})
            quanta[quantum] = quanta.get(quantum, frozenset()) | {int(seat)}
        return cls(found)

    def without(self, keys: Iterable[str]) -> Self:
        """The same, where these claims take nothing; what they have nothing of is shared with it."""
        left = dict(self.by_resource)
        copied: dict[str, dict[str, frozenset[int]]] = {}
        for key in keys:
            resource, quantum, seat = key.rsplit("|", 2)
            quanta = copied.setdefault(resource, dict(left.get(resource, {})))
            quanta[quantum] = quanta.get(quantum, frozenset()) - {int(seat)}
        return type(self)(left | copied)

    def seats(self, resource: Resource, quanta: Iterable[str]) -> frozenset[int]:
        """The seats taken in at least one of `quanta`."""
        known = self.by_resource.get(resource)
        if not known:
            return frozenset()
        return frozenset().union(*(known.get(quantum, frozenset()) for quantum in quanta))


NOTHING_TAKEN = Taken({})


def provider_resource(provider: ProviderId) -> Resource:
    """The provider as something only one booking has at a time."""
    return Resource(f"provider:{provider}")


def place_resource(place: PlaceId) -> Resource:
    """The place as something only one booking has at a time."""
    return Resource(f"place:{place}")


def session_resource(service: ServiceId, provider: ProviderId | None) -> Resource:
    """The seats of the sessions one provider gives of a group event."""
    return Resource(f"session:{service}@{provider or ''}")


def quanta(start: datetime, end: datetime) -> tuple[str, ...]:
    """The five-minute pieces of UTC that [start, end) touches."""
    return _quanta((start - _EPOCH) // QUANTUM, -((_EPOCH - end) // QUANTUM))


def nights(first: date, count: int) -> tuple[str, ...]:
    """The local nights of a stay; the day of departure is free for the next guest."""
    return tuple((first + timedelta(days=day)).isoformat() for day in range(count))


# a search asks for the same pieces for every provider and place that has the time
@lru_cache(maxsize=4096)
def _quanta(first: int, last: int) -> tuple[str, ...]:
    return tuple(_quantum(index) for index in range(first, last))


@lru_cache(maxsize=16384)
def _quantum(index: int) -> str:
    return (_EPOCH + index * QUANTUM).strftime(PIECE)


def needs_of(business: Business, service: Service, slot: Slot, guests: int) -> tuple[Need, ...]:
    """Everything a booking of `slot` for `guests` people must have for itself, sorted by resource."""
    if service.is_stay and slot.place:
        local = slot.start.astimezone(business.zone).date()
        gap = 0 if service.nights is None else service.nights.gap
        # whoever comes next needs the gap of this stay, and this stay the one of whoever was there before
        return (Need(place_resource(slot.place), nights(local, slot.nights + gap)),)
    if service.is_group:
        resource = session_resource(service.id, slot.provider)
        return (Need(resource, quanta(slot.start, slot.end), guests, service.capacity),)
    busy = quanta(slot.start, slot.end + service.buffer)
    needs = [Need(provider_resource(slot.provider), busy)] if slot.provider else []
    if service.venue is Venue.OWN_PLACE and slot.place:
        needs.append(Need(place_resource(slot.place), busy))
    for wanted in service.equipment:
        equipment = business.equipment_of(wanted)
        needs.append(Need(Resource(f"equipment:{wanted}"), busy, 1, equipment.count if equipment else 1))
    return tuple(sorted(needs))
