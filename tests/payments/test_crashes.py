"""A cashier that dies at any write, before or after it, and a new one that takes over: the same books."""

from typing import Any

import pytest

from payments.domain.payout import PayoutState
from payments.gateways.xendit.adapter import Timeouts, XenditClient
from payments.services.cashier import Cashier
from payments.store.records import Database
from payments.store.store import Store
from tests.conftest import sampled
from tests.payments.house import KEY, House, house
from tests.payments.sealing import TestCodec

pytestmark = [pytest.mark.mongo, pytest.mark.processes]

WRITES = frozenset({"insert_one", "insert_many", "update_one", "update_many"})


class Killed(BaseException):
    """The process is gone."""


class DyingDatabase:
    """A database whose user dies at its n-th write, just before or just after it reached the server."""

    def __init__(self, real: Database, at: int, after: bool) -> None:
        self.real, self.left, self.after = real, at, after

    def get_collection(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """A collection that counts its writes."""
        return DyingCollection(self, self.real.get_collection(name, *args, **kwargs))


class DyingCollection:
    """Passes everything on, until."""

    def __init__(self, owner: DyingDatabase, real: Any) -> None:
        self.owner, self.real = owner, real

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.real, name)
        if name not in WRITES:
            return method

        async def write(*args: Any, **kwargs: Any) -> Any:
            self.owner.left -= 1
            if self.owner.left == 0 and not self.owner.after:
                raise Killed
            try:
                return await method(*args, **kwargs)
            finally:  # also where the server refused it, as a doubled insert
                if self.owner.left == 0:
                    raise Killed

        return write


async def live(world: House) -> None:
    """From the link to the payouts, with all that moves money beside them; whoever dies is replaced by a cashier
    that remembers nothing."""
    demand = await world.demand()
    link = None
    while link is None:
        try:
            link = await world.open(demand)
        except Killed:
            revive(world)
    await world.sim("pay", invoice=link.external_id, channel="QRIS", wait=True)
    for turn in range(24):
        await world.pass_time(6 * 3600)
        await beside(world, turn)
        try:
            await world.tick()
        except Killed:
            revive(world)


async def beside(world: House, turn: int) -> None:
    """Early the owner's and the provider's own movements, late, when all is paid out, a chargeback that is lost."""
    if turn == 1:
        await world.sim("topup", amount=800_000)
        await world.sim("withdraw", amount=60_000, fee=2_500)
        await world.sim("adjust", amount=900, deduct=True)
    if turn == 14:
        await world.sim("chargebacks", payment="BK1.1", fee=15_000)
    if turn == 18:
        (row,) = (await world.control.get("/transactions", params={"types": "CHARGEBACK"}, auth=(KEY, ""))).json()[
            "data"
        ]
        await world.sim(f"chargebacks/{row['id']}/decide", won=False)


def revive(world: House) -> None:
    """A new process over the same database."""
    assert world.heir is not None
    world.cashier = world.heir
    world.heir = None


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", sampled([1, 2, 4, 6, 9, 12, 16, 21, 27, 34, 43, 54, 68, 86, 110, 140], every=5))
async def test_death_at_any_write_leaves_the_same_books(database: Database, at: int, after: bool) -> None:
    async with house(database) as world:
        url = str(world.control.base_url)
        async with XenditClient(url, KEY, Timeouts(2.0, 1.5)) as client:
            world.heir = world.cashier
            world.cashier = Cashier(Store(DyingDatabase(database, at, after), TestCodec()), client)
            await live(world)
        assert world.heir is None, "nobody died: the count is past the last write"
        await world.agrees()
        money = await world.cashier.money_of("BK1")
        assert sorted((p.amount.amount, p.state) for p in money.payouts) == [
            (100_000, PayoutState.SUCCEEDED),
            (350_000, PayoutState.SUCCEEDED),
        ]
        assert (await world.books())["paid_out"] == 450_000
        ours = await world.store.ledger.position("IDR")
        assert (ours.topped_up, ours.withdrawn, ours.adjusted, ours.other_fees) == (800_000, 60_000, -900, 17_500)
        assert money.books[0].refunded == 500_000
