"""Does every booking's money stand as the booking says? Read from the read model and the cashier's records, page by
page; what is on its way at this moment is left for the next look."""

from dataclasses import dataclass
from typing import Final

from bot.dialogue.changes import accounts, money_laws
from bot.domain.commands import Lane
from bot.engine.living import living
from bot.store.bookings import Bookings, Recorded
from bot.store.leads import Leads
from bot.store.sealing import KeyDestroyed
from payments.domain.check import Difference, MoneyCheck
from payments.services.cashier import money_check
from payments.store.store import Store

_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class BookingCheck:
    """The bookings in one hand, their money in the other."""

    bookings: Bookings
    leads: Leads
    store: Store

    async def whole(self) -> MoneyCheck:
        """The books against the records, and the records against the bookings."""
        books, found = await money_check(self.store), list[Difference]()
        cursor: str | None = None
        while True:
            page = await self.bookings.page(None, None, _PAGE, cursor)
            for recorded in page.bookings:
                found += await self._of(recorded)
            cursor = page.next_cursor
            if cursor is None:
                break
        differences = (*books.differences, *found)
        return MoneyCheck(not differences, books.bookings, differences)

    async def _of(self, recorded: Recorded) -> tuple[Difference, ...]:
        booking, names = recorded.booking, accounts.names_of(recorded.booking)
        invoices = await self.store.invoices.these(names)
        if not invoices:
            return ()
        owners = await self.bookings.taken_over(names)
        if any(owner != booking.reference for owner in owners.values()):
            # money that came late and was booked again: it is the new booking's
            return ()
        payables = await self.store.payables.every({"reference": {"$in": list(names)}})
        broken = money_laws.broken(booking, invoices, payables)
        # Looked at once more only where it seems wrong: what was ordered may be on its way.
        return () if broken and await self._is_moving(recorded, names) else broken

    async def _is_moving(self, recorded: Recorded, names: tuple[str, ...]) -> bool:
        order = await self.store.orders.load(names[0])
        if order is not None and order.next_at is not None:
            return True
        fresh = await self.store.invoices.these(names)
        if any(invoice.dirty for invoice in fresh):
            return True
        try:
            stored = await living(self.leads, recorded.lead)
        except KeyDestroyed:
            return False
        if stored is None:
            return False
        known = stored.lead.booking(recorded.booking.reference)
        waits = bool(stored.in_lane(Lane.MONEY) or stored.in_lane(Lane.RECORD))
        return waits or (known is not None and known != recorded.booking)
