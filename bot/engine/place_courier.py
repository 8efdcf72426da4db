"""The contact of a place hears of bookings there: told to their thread through `received`, once each.

A lead orders it in its record lane, so what a dying process did not come to tell is told by the next visit of that
lead, under the order's own name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.domain.arrival import Arrival, TellPlace
from bot.domain.commands import Lane
from bot.domain.ids import BookingReference, EffectId, EventId
from bot.domain.partner_events import PlaceTold
from bot.engine.internal import internal
from bot.engine.living import living
from bot.engine.partner_directory import PartnerDirectory
from bot.lifecycle.place_notices import STANDS, arrival_of
from bot.store.bookings import Bookings, Recorded
from bot.store.leads import Leads
from bot.store.received import Received
from bot.store.shapes import UnknownKind, pack_order, unpack_order
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

PLACE_NEWS: Final = "place_news"
EXPECTED_FOR: Final = timedelta(days=60)
"""So far ahead somebody is told who is expected …"""
MOST_EXPECTED: Final = 20
"""… and so many of them."""


@dataclass(frozen=True, slots=True)
class PlaceCourier:
    """Bookings in one hand, the threads of those who look after places in the other."""

    bookings: Bookings
    leads: Leads
    received: Received
    vault: Vault
    directory: PartnerDirectory

    async def tell(self, effect: EffectId, order: TellPlace) -> None:
        """The contact is told, once however often it is asked."""
        business = self.directory.business()
        place, provider = business.place(order.arrival.place), business.provider(order.arrival.provider)
        if place is None:
            # gone from the file: nobody looks after it for us
            log.warning("place_of_nobody", booking=order.arrival.booking)
            return
        if provider is not None and provider.contact.phone == place.contact.phone:
            # whoever gives it there knows by their own job card
            return
        partner = await self.directory.thread_of(place.contact.phone)
        now, text = await self.leads.server_now(), pack_order(order).decode()
        await self.received.record([await internal(self.vault, PLACE_NEWS, text, partner, now, str(effect))])

    async def event_of(self, delivery: str, body: bytes, now: datetime) -> PlaceTold:
        """The news back out of its delivery, with who is coming."""
        order = unpack_order(body, PLACE_NEWS, Lane.RECORD)
        if not isinstance(order, TellPlace):
            raise UnknownKind(PLACE_NEWS)
        return PlaceTold(EventId(delivery), now, order.news, await self._named(order.arrival))

    async def between(self, places: Sequence[str], first: datetime, last: datetime) -> tuple[Arrival, ...]:
        """What is booked at these places and begins then, the first to begin first."""
        # the query leaves both ends out
        found = await self.bookings.standing_between(first - timedelta(microseconds=1), last)
        arrivals = [arrival_of(recorded.booking) for recorded in found]
        wanted = [one for one in arrivals if one is not None and one.place in places]
        return tuple([await self._named(one) for one in wanted[:MOST_EXPECTED]])

    async def expected(self, places: Sequence[str], now: datetime) -> tuple[Arrival, ...]:
        """Who is expected at these places from now on."""
        return await self.between(places, now, now + EXPECTED_FOR)

    async def of(self, reference: str, places: Sequence[str]) -> Arrival | None:
        """That booking as it stands; none where it stands no more, or not there."""
        recorded = await self.bookings.find(BookingReference(reference))
        arrival = None if recorded is None or recorded.booking.state not in STANDS else arrival_of(recorded.booking)
        return None if arrival is None or arrival.place not in places else await self._named(arrival)

    async def _named(self, arrival: Arrival) -> Arrival:
        """With the name its guest goes by, and their room."""
        recorded: Recorded | None = await self.bookings.find(arrival.booking)
        stored = None if recorded is None else await living(self.leads, recorded.lead)
        if stored is None:
            return arrival
        bound = stored.lead.bound_place
        room = None if bound is None else bound.room_at(arrival.place, arrival.starts_at)
        return replace(arrival, guest=stored.lead.name, room=room)
