"""One bookable time, and the text that names it for ever: `service|provider|start|place|nights`."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NewType

from bot.business.catalogue import PlaceId, ProviderId, ServiceId

SlotId = NewType("SlotId", str)

_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
# A year near the calendar's ends cannot be turned into another zone.
_SLOT_ID = re.compile(rf"({_SLUG})\|({_SLUG})?\|(2[01][0-9]{{6}}T[0-9]{{4}}Z)\|({_SLUG})?(?:\|([1-9][0-9]?))?")
_START = "%Y%m%dT%H%MZ"
MOST_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of one service with one provider at one place; `left` is how many guests it still takes.

    Start and end are aware UTC; `nights` is 0 for what is not sold by night.
    """

    service: ServiceId
    provider: ProviderId | None
    place: PlaceId | None
    start: datetime
    end: datetime
    left: int = 1
    nights: int = 0

    @property
    def id(self) -> SlotId:
        """The text a button carries; `read_slot_id` understands it later, `recheck` judges it."""
        parts = [
            self.service,
            self.provider or "",
            self.start.astimezone(UTC).strftime(_START),
            self.place or "",
        ]
        return SlotId("|".join(parts + ([str(self.nights)] if self.nights else [])))


@dataclass(frozen=True, slots=True)
class SlotName:
    """What a slot's id says; whether there is such a time is another question."""

    service: ServiceId
    provider: ProviderId | None
    place: PlaceId | None
    start: datetime
    nights: int


def read_slot_id(text: str) -> SlotName | None:
    """What `text` names, or nothing when it is no slot's id."""
    found = _SLOT_ID.fullmatch(text) if len(text) <= MOST_CHARACTERS and text.isascii() else None
    if not found:
        return None
    service, provider, start, place, nights = found.groups()
    try:
        start_at = datetime.strptime(start, _START).replace(tzinfo=UTC)
    except ValueError:
        return None
    return SlotName(
        ServiceId(service),
        ProviderId(provider) if provider else None,
        PlaceId(place) if place else None,
        start_at,
        int(nights or 0),
    )


def at_place(text: str, place: PlaceId) -> str:
    """The id of the same time at that place, where it names none; any other text stays as it is."""
    name = read_slot_id(text)
    if name is None or name.place is not None:
        return text
    return Slot(name.service, name.provider, place, name.start, name.start, nights=name.nights).id
