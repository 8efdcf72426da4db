"""Whoever is paid says that a sum is wrong: one alarm for a person, with the sum, the bookings and what they say.

What the books say does not change by it; a person answers, corrects what is wrong, and says that they have seen to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from payments.domain.alarm import IN_THEIR_WORDS, AlarmKind, Fact
from payments.domain.money import Money, total
from payments.domain.payables import PayableState
from payments.services.alarms import AlarmService
from payments.store.store import Store

MOST_BOOKINGS: Final = 20
"""So many are named; there are hardly more in a week."""


@dataclass(frozen=True, slots=True)
class PayoutDispute:
    """What somebody says of their money."""

    name: str
    """Said again under the same name it is the same."""
    payees: tuple[str, ...]
    """As whom they are paid."""
    said: str
    payout: str | None = None
    """Which payout they mean; none: what has not arrived yet."""
    thread: str | None = None
    """Whose conversation it is."""


@dataclass(frozen=True, slots=True)
class DisputedMoney:
    """What it is about."""

    sums: tuple[Money, ...]
    """One a currency."""
    bookings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PayoutDisputeService:
    """Reads what is theirs, and calls a person."""

    store: Store

    async def open(self, dispute: PayoutDispute, now: datetime) -> DisputedMoney:
        """A person is called, once for each name."""
        money = await self._about(dispute)
        facts: list[Fact] = [
            ("payee", ", ".join(dispute.payees)),
            ("bookings", ", ".join(money.bookings[:MOST_BOOKINGS])),
        ]
        facts += [] if dispute.payout is None else [("payout", dispute.payout)]
        facts += [(IN_THEIR_WORDS, dispute.said), ("thread", dispute.thread)]
        facts += [fact for one in money.sums[:1] for fact in (("amount", one.amount), ("currency", one.currency))]
        await AlarmService(self.store).open(AlarmKind.PAYOUT_DISPUTED, dispute.name, now, *facts)
        return money

    async def _about(self, dispute: PayoutDispute) -> DisputedMoney:
        payout = None if dispute.payout is None else await self.store.payouts.load(dispute.payout)
        if payout is not None and payout.payee in dispute.payees:
            return DisputedMoney((payout.amount,), tuple(sorted({_booking(line.reference) for line in payout.lines})))
        states = {"$in": [PayableState.OPEN, PayableState.TAKEN]}
        found = await self.store.payables.every({"state": states, "payee": {"$in": list(dispute.payees)}})
        nets = [one.net for one in found]
        sums = [_total(nets, currency) for currency in sorted({net.currency for net in nets})]
        return DisputedMoney(
            tuple(one for one in sums if one), tuple(sorted({_booking(one.reference) for one in found if one.net}))
        )


def _total(nets: Sequence[Money], currency: str) -> Money:
    return total((net for net in nets if net.currency == currency), currency)


def _booking(account: str) -> str:
    """The booking of that account, whichever of its links it was."""
    return account.partition("~")[0]
