"""Settles the money of a booking that ended or changed, now and for every unit that arrives later."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from payments.domain.corrections import Credited, Holding, Plan, Redone, SettleOrder, plan
from payments.domain.invoice import Invoice
from payments.domain.settled_invoices import holdings_of, settled_to
from payments.services.credits import CreditService
from payments.services.invoices import InvoiceService
from payments.services.queues import AFTER_TROUBLE
from payments.store.records import Stale
from payments.store.store import Store


class CorrectionService:
    """Everything that changes an order over a booking's money."""

    def __init__(self, store: Store, invoices: InvoiceService) -> None:
        self._credits = CreditService(store)
        self._store = store
        self._invoices = invoices

    async def settle(self, order: SettleOrder, now: datetime) -> None:
        """Refund what is not kept and share what is; ordered again under the same change, it does nothing. Raises
        SharesDoNotFit before anything is stored."""
        order.terms.shares_of(order.price)
        if not await self._store.orders.insert(order.woken()):
            await self._store.orders.change(order.id, lambda known: known.ordered(order.woken()))
        stored = await self._store.orders.load(order.id)
        if stored is not None and stored.next_at is not None:
            await self.advance(stored, now)

    async def redo(self, order: SettleOrder, one: Redone, now: datetime) -> None:
        """Who delivered it once more is paid out of that booking's money; `order` stands for it where nothing was
        ordered over it before. Told again, it does nothing."""
        await self._store.orders.insert(replace(order, redone=(one,)).woken())
        await self._store.orders.change(order.id, lambda known: known.redoing(one, now))
        stored = await self._store.orders.load(order.id)
        if stored is not None and stored.next_at is not None:
            await self.advance(stored, now)

    async def grant(self, order: SettleOrder, one: Credited, now: datetime) -> None:
        """So much of that booking's money is the customer's to use later; `order` stands for it where nothing was
        ordered over it before. Told again, it does nothing."""
        await self._store.orders.insert(replace(order, credited=(one,)).woken())
        await self._store.orders.change(order.id, lambda known: known.crediting(one, now))
        stored = await self._store.orders.load(order.id)
        if stored is not None and stored.next_at is not None:
            await self.advance(stored, now)

    async def release(self, accounts: tuple[str, ...], at: datetime) -> None:
        """The shares of all of a booking's money may leave from that moment on."""
        for account in accounts:
            # nothing may ever have been asked for under that name
            with suppress(KeyError):
                await self._invoices.release(account, at)

    async def advance(self, order: SettleOrder, now: datetime) -> None:
        """What the order means for the money as it is at this moment."""
        try:
            # A version of its own for each look: whoever looked before this applies nothing after it. Dying on the
            # way, it is due again.
            order = await self._store.orders.save(replace(order, next_at=now + AFTER_TROUBLE))
        except Stale:  # somebody else looks at this moment, with the newer order
            return
        for given in order.credited:
            await self._credits.grant(order.accounts, given)
            await self._credits.end_disputed(given.id, now)
        # Marked before it is read: money that comes from here on wakes the order, and is shared by nobody else.
        for account in order.accounts:
            await self._store.invoices.change(account, lambda i: i.under_order(order))
        seen = [i for account in order.accounts if (i := await self._store.invoices.load(account)) is not None]
        holdings: list[Holding] = [holding for invoice in seen for holding in holdings_of(invoice)]
        planned, is_whole = plan(order, holdings), True
        for invoice in seen:
            step = partial(_settled, seen=invoice.version, order=order, planned=planned, now=now)
            after = await self._store.invoices.change(invoice.reference, step)
            is_whole = is_whole and after is not None and after.settled_version == order.version
            if after is not None:
                await self._invoices.post(after)
        # Money came while it was planned: due at once, and planned again with it.
        if is_whole:
            version = order.version
            await self._store.orders.change(
                order.id, lambda known: replace(known, next_at=None) if known.version == version else known
            )
        else:
            await self._store.orders.change(order.id, lambda known: replace(known, next_at=now))


def _settled(invoice: Invoice, seen: int, order: SettleOrder, planned: Plan, now: datetime) -> Invoice:
    """Only what the plan was made for: money that came since is planned again."""
    return settled_to(invoice, order, planned, now) if invoice.version == seen else invoice
