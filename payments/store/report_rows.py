"""What reports of money read, each of one period: from its first moment on, before its last one."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime

from payments.domain.invoice import Invoice
from payments.domain.ledger import Posting
from payments.domain.payout import Payout, PayoutState
from payments.domain.refund import Refund
from payments.store.store import Store


class MoneyReads:
    """Reads the ledger, invoices, payouts and refunds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def postings(self, first: datetime, last: datetime) -> tuple[Posting, ...]:
        """Oldest first, and of one moment by key: the same order always."""
        return tuple([posting async for posting in self._store.ledger.between(first, last)])

    def journal(self, first: datetime, last: datetime) -> AsyncIterator[Posting]:
        """The same, one at a time: a year of them need not lie in memory."""
        return self._store.ledger.between(first, last)

    async def invoices(self, first: datetime, last: datetime) -> tuple[Invoice, ...]:
        """Those with a link that was made then."""
        return await self._store.invoices.every({"record.attempts": {"$elemMatch": {"created_at": _in(first, last)}}})

    async def payouts(self, first: datetime, last: datetime) -> tuple[Payout, ...]:
        """Those that arrived, and that the provider took then."""
        taken = {"record.sends": {"$elemMatch": {"accepted_at": _in(first, last)}}}
        return await self._store.payouts.every({**taken, "state": PayoutState.SUCCEEDED})

    async def refunds(self, first: datetime, last: datetime) -> tuple[Refund, ...]:
        """Those that were made then."""
        return await self._store.refunds.every({"record.made_at": _in(first, last)})

    async def captured(self, references: Collection[str]) -> tuple[Posting, ...]:
        """What came in for these bookings, whenever."""
        found = await self._store.ledger.of_all(references)
        return tuple(posting for posting in found if posting.key.startswith("captured:"))


def _in(first: datetime, last: datetime) -> dict[str, datetime]:
    return {"$gte": first, "$lt": last}
