"""Credits as the cashier keeps them: given by an order, asked by invoices, given back, and booked when nobody used
them. Whoever asks saves over the version it read, so that no unit is used twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from payments.domain import postings
from payments.domain.allocations import ChargebackOutcome, RefundMark
from payments.domain.corrections import Credited, CreditWanted
from payments.domain.credit import Credit, CreditUse, granted
from payments.domain.invoice import Invoice
from payments.domain.money import zero
from payments.store.store import Store


class CreditService:
    """Everything that changes a credit."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def grant(self, origin: tuple[str, ...], given: Credited) -> None:
        """The credit of that order, once."""
        await self._store.credits.insert(granted(origin, given))
        stored = await self._store.credits.load(given.id)
        if stored is not None:
            await self.post(stored)

    async def pay(self, account: str, wanted: CreditWanted) -> CreditUse:
        """What it pays of that account: as much as is left, nothing while a bank has the money it was given out of."""
        is_usable = not await self._disputes_of(wanted.credit)
        changed = await self._change(
            wanted.credit, lambda one: one.taken(account, wanted.amount, wanted.at, is_usable=is_usable)
        )
        use = None if changed is None else changed.use_of(account)
        return use or CreditUse(account, zero(wanted.amount.currency), wanted.at)

    async def give_back(self, invoice: Invoice) -> None:
        """What is marked to go back of what credits paid of it, each mark once."""
        by_key = {payment.key: payment.credit for payment in invoice.payments if payment.credit is not None}
        for mark in invoice.refunds:
            credit = by_key.get(mark.payment)
            if credit is None:
                continue
            step = partial(_given_back, account=invoice.reference, mark=mark)
            await self._change(credit, step)

    async def end_disputed(self, credit: str, now: datetime) -> None:
        """Lost to a bank, the money it was given out of is the guest's again: what is left of it cannot be used."""
        if ChargebackOutcome.LOST in await self._disputes_of(credit):
            await self._change(credit, lambda one: one.ended(now))

    async def is_covered(self, credit: str) -> bool:
        """Whether all the money it was given out of is in the provider's account."""
        payments = [payment for invoice in await self._origin(credit) for payment in invoice.payments]
        return bool(payments) and all(payment.settled_at is not None for payment in payments)

    async def advance(self, credit: Credit, now: datetime) -> None:
        """Expired, once its day is over."""
        await self._change(credit.id, lambda one: one.looked_at(now))

    async def post(self, credit: Credit) -> Credit:
        """Writes what a changed credit stands for; safe to do again."""
        if not credit.dirty:
            return credit
        await self._store.ledger.post(postings.of_credit(credit))
        seen = credit.version
        clean = await self._store.credits.change(
            credit.id, lambda one: replace(one, dirty=False) if one.version == seen else one
        )
        assert clean is not None, "a credit is never deleted"
        return clean

    async def _disputes_of(self, credit: str) -> frozenset[ChargebackOutcome]:
        found = {one.outcome for invoice in await self._origin(credit) for one in invoice.chargebacks}
        return frozenset(found - {ChargebackOutcome.WON})

    async def _origin(self, credit: str) -> tuple[Invoice, ...]:
        known = await self._store.credits.load(credit)
        return () if known is None else await self._store.invoices.these(known.origin)

    async def _change(self, credit: str, step: Callable[[Credit], Credit]) -> Credit | None:
        changed = await self._store.credits.change(credit, step)
        return None if changed is None else await self.post(changed)


def _given_back(credit: Credit, account: str, mark: RefundMark) -> Credit:
    return credit.given_back(account, mark.refund, mark.amount, mark.wanted_at)
