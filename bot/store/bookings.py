"""`bookings`: the read model, written from the record lane of the lead a booking belongs to; never deleted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from pydantic import TypeAdapter

from bot.domain.booking import Booking
from bot.domain.complaints import Complaint
from bot.domain.ids import BookingReference, LeadId
from bot.domain.states import CLOSED
from bot.domain.visits import Visit
from bot.lifecycle import apply
from bot.lifecycle.projection import status_word
from bot.store.driver import Collection, Database, Document
from bot.store.gathered import GatheredWrite, GatheredWrites
from bot.store.paging import newest_first, soonest_first
from payments.domain.money import Money

log = structlog.get_logger(__name__)

_BOOKINGS: TypeAdapter[Booking] = TypeAdapter(Booking)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A booking as it stood at its last change."""

    booking: Booking
    lead: LeadId
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class BookingPage:
    """Some bookings of a long list, and where the next ones begin."""

    bookings: tuple[Recorded, ...]
    next_cursor: str | None


class Bookings:
    """The collection `bookings`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["bookings"]
        self._writes = GatheredWrites(self._collection)

    async def record(self, booking: Booking, lead: LeadId, at: datetime) -> None:
        """How it stands now; the lane keeps the order, so the last word is the newest."""
        slot = booking.chosen
        document: Document = {
            "lead": lead,
            "state": booking.state.value,
            "status": status_word(booking),
            "payment_status": booking.payment_status.value,
            "service": booking.service,
            "start": None if slot is None else slot.start,
            # Only where it differs: late money that books again keeps its name and gets another booking.
            "money_account": booking.money_account,
            "amount": None if booking.price is None else booking.price.amount,
            "updated_at": at,
            "packed": _BOOKINGS.dump_json(booking, by_alias=True),
        }
        await self._writes.write(GatheredWrite({"_id": booking.reference}, {"$set": document}, upsert=True))

    async def refunded(self, reference: BookingReference, amount: Money, at: datetime) -> None:
        """Its money went back after it had ended; a second time changes nothing."""
        found = await self.find(reference)
        if found is not None and apply.refunded(found.booking, amount) != found.booking:
            await self.record(apply.refunded(found.booking, amount), found.lead, at)

    async def rated(self, visit: Visit, at: datetime) -> None:
        """How it was; the words stay with its customer."""
        found = await self.find(visit.reference)
        rating = None if visit.rating is None else visit.rating.without_words()
        if found is not None and found.booking.rating != rating:
            await self.record(replace(found.booking, rating=rating), found.lead, at)

    async def complained(self, complaint: Complaint, at: datetime) -> None:
        """What was wrong with it; the words stay with its customer."""
        found = await self.find(complaint.reference)
        if found is not None and found.booking.complaint != complaint:
            await self.record(replace(found.booking, complaint=complaint), found.lead, at)

    async def find(self, reference: BookingReference) -> Recorded | None:
        """One booking."""
        row = await self._collection.find_one({"_id": reference})
        return None if row is None else _read(row)

    async def standing_between(self, first: datetime, last: datetime) -> tuple[Recorded, ...]:
        """Bookings that have not ended and begin then, the first to begin first; one that cannot be read hides none of
        the others."""
        query = {"state": {"$nin": [state.value for state in CLOSED]}, "start": {"$gt": first, "$lt": last}}
        rows = await self._collection.find(query).sort([("start", 1), ("_id", 1)]).to_list(None)
        return tuple(recorded for row in rows if (recorded := listed(row)) is not None)

    async def of_services_since(
        self, services: Sequence[str], first: datetime
    ) -> tuple[tuple[Recorded, ...], frozenset[datetime]]:
        """Bookings of these services that begin after that moment, ended or not; and when those begin that cannot be
        read."""
        query = {"start": {"$gt": first}, "service": {"$in": sorted(services)}}
        rows = [(row, listed(row)) for row in await self._collection.find(query).sort("start", 1).to_list(None)]
        unread = frozenset(row["start"] for row, recorded in rows if recorded is None)
        return tuple(recorded for _, recorded in rows if recorded is not None), unread

    async def taken_over(self, accounts: Sequence[str]) -> dict[str, BookingReference]:
        """Of these money accounts those that another booking than the first one has now: late money booked again."""
        # its type too: the index has only the few that say so, and is used by who says so
        query = {"money_account": {"$in": sorted(accounts), "$type": "string"}}
        rows = await self._collection.find(query, {"money_account": 1}).sort("updated_at", 1).to_list(None)
        return {row["money_account"]: BookingReference(row["_id"]) for row in rows}

    async def page(self, lead: str | None, state: str | None, limit: int, cursor: str | None) -> BookingPage:
        """Bookings, the last changed first; BadCursor."""
        query = {key: value for key, value in (("lead", lead), ("state", state)) if value is not None}
        rows, following = await newest_first(self._collection, query, "updated_at", cursor, limit)
        return BookingPage(tuple(recorded for row in rows if (recorded := listed(row)) is not None), following)

    async def of_amount(
        self, amount: int, limit: int, cursor: str | None
    ) -> tuple[list[tuple[BookingReference, LeadId]], str | None]:
        """Bookings of that price, the last changed first, each with its customer; BadCursor."""
        query: Document = {"amount": {"$eq": amount, "$type": "number"}}
        rows, following = await newest_first(self._collection, query, "updated_at", cursor, limit)
        return [(BookingReference(row["_id"]), LeadId(row["lead"])) for row in rows], following

    async def of_day(
        self, begin: datetime, end: datetime, limit: int, cursor: str | None
    ) -> tuple[list[tuple[BookingReference, LeadId]], str | None]:
        """Bookings that begin then, the earliest first, each with its customer; BadCursor."""
        query: Document = {"start": {"$gte": begin, "$lt": end}}
        rows, following = await soonest_first(self._collection, query, "start", cursor, limit)
        return [(BookingReference(row["_id"]), LeadId(row["lead"])) for row in rows], following

    async def reassign(self, younger: LeadId, older: LeadId) -> None:
        """Bookings of a merged lead are the older one's."""
        await self._collection.update_many({"lead": younger}, {"$set": {"lead": older}})


def listed(row: Document) -> Recorded | None:
    """A row of a list; one that cannot be read hides none of the others."""
    try:
        return _read(row)
    except (KeyError, ValueError, TypeError) as error:
        log.error("booking_unreadable", booking=str(row["_id"]), problem=type(error).__name__)
        return None


def _read(row: Document) -> Recorded:
    if not isinstance(row["lead"], str) or not isinstance(row["updated_at"], datetime):
        raise TypeError("a column of another kind")
    return Recorded(_BOOKINGS.validate_json(bytes(row["packed"])), LeadId(row["lead"]), row["updated_at"])
