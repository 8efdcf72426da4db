"""The cashier in a world: a real database, the simulated provider served beside it, callbacks over real HTTP."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx

from payments.domain.errors import OutcomeUnknown, TemporaryError
from payments.domain.ledger import Posting, books_of
from payments.domain.news import News
from payments.gateways.xendit.adapter import Timeouts, XenditClient
from payments.services.cashier import Cashier, CashierSettings, money_check
from payments.services.invoices import Demand, OpenedLink
from payments.store.records import Database
from payments.store.store import Store
from simulator import server
from simulator.settings import Settings
from tests.payments import loopback
from tests.payments.makers import account, idr, terms
from tests.payments.sealing import TestCodec

MONDAY = "2027-03-01T02:00:00Z"
TOKEN = "simulated-xendit-webhook-token"
KEY = "xnd_development_simulated"


FAULTS = (
    "timeout_before",
    "timeout_after",
    "reset_before",
    "reset_after",
    "html_502_before",
    "html_502_after",
    "error_500_before",
    "error_500_after",
    "rate_limit",
    "cut",
)
"""What can go wrong with a call to the provider, as the simulator does it."""


@dataclass
class House:
    """Everything a test touches."""

    store: Store
    cashier: Cashier
    client: XenditClient
    control: httpx.AsyncClient
    told: list[News] = field(default_factory=list)
    heir: Cashier | None = None
    """Who takes over when the cashier dies."""

    async def now(self) -> datetime:
        """Business time, which here is the simulator's."""
        reply = await self.control.get("/sim/xendit/clock")
        return datetime.fromisoformat(reply.json()["now"])

    async def sim(self, door: str, **body: Any) -> Any:
        """One order to the world."""
        reply = await self.control.post(f"/sim/xendit/{door}", json=body)
        reply.raise_for_status()
        return reply.json()

    async def demand(self, due: int = 500_000, reference: str = "BK1", **changes: Any) -> Demand:
        """Two hours to pay."""
        now = await self.now()
        usual = Demand(reference, idr(due), now + timedelta(hours=2), terms(), "Massage, 60 minutes")
        return replace(usual, **changes)

    async def open(self, demand: Demand, attempt_no: int = 1, tries: int = 8) -> OpenedLink:
        """The link, however often it takes: as an effect that is put back and taken again."""
        for _ in range(tries):
            try:
                return await self.cashier.invoices.open(demand, attempt_no, await self.now())
            except TemporaryError as error:
                await self.pass_time(error.delay.total_seconds() + 1)
        raise AssertionError("no link")

    async def pay(self, link: OpenedLink, amount: int | None = None, channel: str = "QRIS") -> None:
        """A customer pays, and the callback has been answered."""
        order = {"invoice": link.external_id, "channel": channel, "wait": True}
        await self.sim("pay", **order, **({} if amount is None else {"amount": amount}))

    async def pass_time(self, seconds: float) -> None:
        """The clock moves on and what fell due has happened."""
        await self.sim("clock", advance_seconds=seconds)

    async def tick(self, times: int = 1) -> None:
        """The cashier's sweep; no record may have failed."""
        for _ in range(times):
            tick = await self.cashier.tick(await self.now())
            assert tick.troubles == (), tick.troubles
            for item in tick.news:
                self.told.append(item)
                await self.cashier.acknowledge(item)

    async def days(self, days: int, hours: int = 6) -> None:
        """Days go by with a sweep every few hours."""
        for _ in range(days * 24 // hours):
            await self.pass_time(hours * 3600)
            await self.tick()

    async def books(self) -> dict[str, Any]:
        """The world's own books in rupiah."""
        reply = (await self.control.get("/sim/xendit/books")).json()
        assert reply["holds"], reply
        found: dict[str, Any] = reply["currencies"].get("IDR", {})
        return found

    async def agrees(self) -> None:
        """Our money holds, and our ledger says of the provider's balances what the provider says."""
        await self.pass_time(600)  # nothing may still be on its way
        await self.tick()
        checked = await money_check(self.store)
        assert checked.holds, checked.differences
        found = await self.cashier.books.reconcile(await self.now())
        assert found.look.holds, (found.look.in_words, found.look.unmatched, found.look.moving)
        theirs, ours = await self.books(), await self.store.ledger.position("IDR")
        terms = [books for books in books_of(await self.postings()) if books.currency == "IDR"]
        assert theirs == theirs | {
            "captured": sum(one.captured for one in terms),
            "fees": sum(one.fees for one in terms),
            "pending": ours.pending,
            "cash": ours.cash,
            "payout_fees": ours.payout_fees,
            "topped_up": ours.topped_up,
            "withdrawn": ours.withdrawn,
            "adjusted": ours.adjusted,
            "other_fees": ours.other_fees,
        }, (ours, terms, theirs)
        # What goes back to a guest's account is a payout to the provider.
        gone = sum(theirs[way] for way in ("paid_out", "refunded", "charged_back"))
        assert gone == sum(one.paid_out + one.refunded for one in terms) + ours.disputed

    async def postings(self) -> tuple[Posting, ...]:
        """The whole ledger."""
        return (await self.store.ledger.page("", 10_000)).records


@asynccontextmanager
async def house(database: Database, settings: CashierSettings | None = None) -> AsyncIterator[House]:
    """A cashier with two payees in a world of its own."""
    async with AsyncExitStack() as stack:
        doors: list[House] = []

        async def callback(request: loopback.Request) -> bytes:
            if request.headers.get("x-callback-token") != TOKEN:
                return loopback.answer(401, b"{}")
            try:
                await doors[0].cashier.apply_callback(request.body, await doors[0].now())
            except (TemporaryError, OutcomeUnknown):
                return loopback.answer(503, b"{}")
            except BaseException:
                if doors[0].heir is None:
                    raise
                doors[0].cashier, doors[0].heir = doors[0].heir, None
                return b""  # the process died with the delivery in its hands
            return loopback.answer(200, b"{}")

        app_url = await stack.enter_async_context(loopback.serving(callback))
        # served here: a process of its own takes longer to import it than most tests take
        url = await stack.enter_async_context(server.serve(Settings(app_url=app_url)))
        client = await stack.enter_async_context(XenditClient(url, KEY, Timeouts(connect=2.0, read=1.5)))
        control = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=60))
        store = Store(database, TestCodec())
        await store.index()
        made = House(store, Cashier(store, client, settings), client, control)
        doors.append(made)
        await made.sim("clock", to=MONDAY)
        await made.cashier.payees.propose(account("provider-1"), await made.now())
        await made.cashier.payees.propose(account("villa-1", number="0987654321"), await made.now())
        yield made
