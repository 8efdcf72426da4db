"""Reserves money for transfers, so that together they never exceed what lies with the provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from payments.domain.balance import BalanceGuard
from payments.domain.money import Money
from payments.gateway import PaymentGateway
from payments.store.records import Stale
from payments.store.store import Store

_MOST_RACES = 20


@dataclass(frozen=True, slots=True)
class ReservePolicy:
    """What is kept back, in minor units by currency: a reserve never paid out, and what one transfer is
    expected to cost."""

    reserve: Mapping[str, int] = field(default_factory=dict)
    # Recorded: 5 000 rupiah and 11 % tax a payout (reference: xendit 5.3, 9.1).
    transfer_cost: Mapping[str, int] = field(default_factory=lambda: {"IDR": 5_550})


class BalanceReservations:
    """The balance guard of each currency."""

    def __init__(self, store: Store, gateway: PaymentGateway, keeping: ReservePolicy) -> None:
        self._store = store
        self._gateway = gateway
        self._keeping = keeping

    async def reserve(self, transfer: str, amount: Money) -> bool:
        """Whether this much is now kept for the transfer; cash is read after the guard and saved under its
        version."""
        currency = amount.currency
        wanted = amount.amount + self._keeping.transfer_cost.get(currency, 0)
        for _ in range(_MOST_RACES):
            guard = await self._store.guards.load(currency)
            if guard is None:
                await self._store.guards.insert(BalanceGuard(currency))
                continue
            if guard.holds(transfer):
                return True
            # Read after the guard: money that left in between makes the cash too small, never too large.
            cash = await self._gateway.balance(currency)
            if guard.available(cash, self._keeping.reserve.get(currency, 0)).amount < wanted:
                return False
            try:
                await self._store.guards.save(guard.reserve(transfer, wanted))
            except Stale:  # another transfer reserved in between: its sum counts, so all is read again
                continue
            return True
        # Only under steady contention: taken for too little money, and tried again a little later.
        return False

    async def release(self, transfer: str, currency: str) -> None:
        """Nothing is kept for this transfer any more."""
        await self._store.guards.change(currency, lambda guard: guard.release(transfer))
