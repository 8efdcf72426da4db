"""The worker: finds leads with something due, visits each, sleeps until something changes or is due.

Waking: a change stream on what means work, and the next moment at which something is due; the poll is the net
(architecture 5.2).
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from pymongo.errors import PyMongoError

from bot.domain.ids import LeadId
from bot.domain.partner import is_partner
from bot.engine.parts import Parts
from bot.engine.resting import Resting
from bot.engine.routing import ROUTED_AT_ONCE, XENDIT
from bot.engine.visits import Visits
from bot.store.clock import CACHED_FOR
from bot.store.delivery import DeliveryState
from bot.store.driver import Database, Document, ended, is_outage, watching
from bot.store.heartbeats import BEAT_SECONDS
from bot.store.next_due import NextDue
from payments.store.store import MEANS_WORK
from webhooks.doors.metrics import WORK
from webhooks.processes import housekeeping
from webhooks.processes.attention import AttentionRounds
from webhooks.processes.payments import CashierRounds
from webhooks.processes.shares import Shares
from webhooks.processes.waiting import WaitingRounds

log = structlog.get_logger(__name__)

POLL: Final = timedelta(seconds=1)
"""Longest sleep after a lead was changed or visited, and as long as the change stream cannot be heard."""
CALM_POLL: Final = timedelta(seconds=20)
"""Longest sleep when no lead was: what is due next is known, and whoever brings something wakes us. It finds what a
worker left that was killed before anybody could know of it."""
OVERDUE: Final = timedelta(milliseconds=200)
AT_ONCE: Final = 24
"""Leads worked on at the same time by one process; who waits for the outside world does not count."""
LOOKS_ROUND_EVERY: Final = 3
"""Beats between two looks at who else works."""
SHUTDOWN_WITHIN: Final = 20.0
RESTART_AFTER: Final = 1.0
"""Seconds until a part of the worker that failed is started again."""
ROLE: Final = "worker"

# Only what means work: heartbeats and leases are written every second, and would wake every worker each time.
_WAKES: Final[list[Document]] = [
    {"ns.coll": "received", "operationType": "insert"},
    # replayed by a person; what our own sweeps and visits write there is nobody's news
    {"ns.coll": "received", "updateDescription.updatedFields.state": DeliveryState.NEW.value},
    {"ns.coll": "leads", "updateDescription.updatedFields.version": {"$exists": True}},
    {"ns.coll": "partners", "updateDescription.updatedFields.version": {"$exists": True}},
    # business time was moved: what was due tomorrow may be due now
    {"ns.coll": "house", "documentKey._id": "clock"},
]
_STIRS_MONEY: Final[Document] = {"ns.coll": {"$in": list(MEANS_WORK)}}
"""For the cashier: what is written there may be due at once, or later."""
# what is woken for needs no body: the stream carries a name, not the documents
_NAMED: Final[Document] = {"$project": {"ns.coll": 1, "operationType": 1, "fullDocument.source": 1}}


def is_of_money(change: Document) -> bool:
    """Whether the cashier has to look: at a callback, or at what a person brought back, whose source is not told."""
    if change["ns"]["coll"] != "received":
        return False
    return change["operationType"] != "insert" or is_callback(change)


def is_callback(change: Document) -> bool:
    """Whether it came in from the payment provider: the cashier's, and nothing that a lead is visited for."""
    return change["operationType"] == "insert" and bool(change.get("fullDocument", {}).get("source") == XENDIT)


async def kept_up(name: str, part: Callable[[], Awaitable[None]]) -> None:
    """Run a part that never ends, until cancelled: one that fails or ends is logged and started again."""
    while True:
        try:
            await part()
            log.error("worker_part_ended", part=name)
        except Exception as error:
            log.exception("worker_part_failed", part=name, problem=type(error).__name__)
        await asyncio.sleep(RESTART_AFTER)


@dataclass(frozen=True, slots=True)
class _Coming:
    """When the next order and the next timer of any lead are due."""

    effect: datetime | None
    timer: datetime | None

    def is_past(self, now: datetime, business_now: datetime) -> bool:
        """Whether one of them is due, so that another one is next."""
        is_due = self.effect is not None and self.effect <= now
        return is_due or (self.timer is not None and self.timer <= business_now)


class Worker:
    """One process' worth of visits."""

    def __init__(self, parts: Parts, database: Database, process: str, cashier: CashierRounds | None = None) -> None:
        self._parts = parts
        self._cashier = cashier
        self._attention = AttentionRounds(parts)
        self._waiting = WaitingRounds(parts)
        self._database = database
        self._process = process
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self._visits: dict[LeadId, asyncio.Task[None]] = {}
        self._again: set[LeadId] = set()
        self._visit_places = Visits(AT_ONCE)
        self._resting = Resting()
        self._shares = Shares(process)
        self._next_due = NextDue(database)
        self._is_listening = False
        self._is_stirred = True
        """Whether a lead may have got another order or timer, by a commit, a visit or a clock that was moved, since the
        last sweep began; or one was left to be visited a moment later."""
        self._known: _Coming | None = None
        """What is known to come while no lead is stirred."""

    async def run(self) -> None:
        """Work until `stop`; then finish what is begun and release every lease."""
        rounds: dict[str, Callable[[], Awaitable[None]]] = {
            "listen": self._listen,
            "beat": self._beat,
            "attention": self._attention.run,
            "waiting": self._waiting.run,
            "housekeeping": partial(housekeeping.run, self._parts, self._resting.count),
        }
        if self._cashier is not None:
            # each a task of its own, which is told to end until it does
            rounds |= {"callbacks": self._cashier.callbacks, "cashier": self._cashier.sweeps}
        helpers = [asyncio.create_task(kept_up(name, round_)) for name, round_ in rounds.items()]
        try:
            while not self._stopping.is_set():
                # Cleared before the sweep: what comes in while it runs is not slept through.
                was_stirred, self._is_stirred = self._is_stirred, False
                self._wake.clear()
                try:
                    await self.sweep()
                except Exception as error:
                    # whatever it was, the worker lives on: what waits is found again by the next sweep
                    log.exception("sweep_failed", problem=type(error).__name__)
                    was_stirred = True
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(await self._until_next(was_stirred=was_stirred)):
                        await self._wake.wait()
        finally:
            await ended(*helpers)
            # A visit that is cut off leaves its lease behind, and its customer waits until that has run out.
            if self._visits:
                await asyncio.wait(self._visits.values(), timeout=SHUTDOWN_WITHIN)
            with contextlib.suppress(PyMongoError):
                await self._parts.heartbeats.stops(ROLE, self._process)

    def stop(self) -> None:
        """End after the visits under way."""
        self._stopping.set()
        self._wake.set()

    async def _until_next(self, *, was_stirred: bool) -> float:
        """Seconds to the next moment at which something is due, at most the poll."""
        is_calm = self._is_listening and not (was_stirred or self._is_stirred or self._visits)
        longest = (CALM_POLL if is_calm else POLL).total_seconds()
        try:
            now = await self._parts.leads.server_now()
            due = [(await self._parts.received.next_due_at(), now)]
            if is_calm:
                business_now = await self._parts.clock.business_now()
                coming = await self._coming(now, business_now)
                due += [(coming.effect, now), (coming.timer, business_now)]
            else:
                # the short poll finds what it would tell
                self._known = None
        except Exception as error:
            # what is next cannot be told: the worker looks again, and lives on
            if not is_outage(error):
                log.exception("next_due_unknown", problem=type(error).__name__)
            return POLL.total_seconds()
        waits = [(moment - then).total_seconds() for moment, then in due if moment is not None]
        if (rested := self._resting.ends_in()) is not None:
            waits.append(rested)
        # what is overdue is under way here, or leased elsewhere: looking again at once would only be busy
        return min(wait if wait > 0 else OVERDUE.total_seconds() for wait in (*waits, longest))

    async def _coming(self, now: datetime, business_now: datetime) -> "_Coming":
        """The next order and the next timer, looked up once for as long as no lead is stirred."""
        known = self._known
        if known is None or known.is_past(now, business_now):
            known = _Coming(await self._next_due.effect(now), await self._next_due.timer(business_now))
            # a lead that was stirred meanwhile is not in it
            self._known = None if self._is_stirred else known
        return known

    async def sweep(self) -> None:
        """Start a visit to every lead that has something due."""
        parts = self._parts
        # a page at a time: what one sender floods us with keeps nobody's visit waiting for its end
        if await parts.router.route_all() == ROUTED_AT_ONCE:
            self._wake.set()
        # Leads that failed are left out of the query: at the head of a page they would hide those behind them.
        resting = self._resting.now()
        now, business_now = await parts.leads.server_now(), await parts.clock.business_now()
        due = [
            *await parts.received.leads_with_work(now, besides=resting),
            *await self._next_due.visits(now, business_now, besides=resting),
        ]
        mine = self._shares.mine(list(dict.fromkeys(due)))
        # what is left to another worker is looked at again in a moment
        self._is_stirred = self._is_stirred or self._shares.leaves_some()
        for lead in mine:
            # Under a visit already: it may have read before this came, so the end of the visit wakes the worker.
            if lead in self._visits:
                self._again.add(lead)
            else:
                self._visits[lead] = asyncio.create_task(self._visit(lead))

    async def _visit(self, lead: LeadId) -> None:
        try:
            async with self._visit_places.place():
                parts = self._parts
                done = await (parts.partner_worker if is_partner(lead) else parts.lead_worker).work(lead)
            WORK.labels(result="done" if done else "leased").inc()
            if done:
                self._resting.forget(lead)
        except Exception as error:
            # the lead is found again by a later sweep; nothing of it is lost, and it heads no page meanwhile
            WORK.labels(result="failed").inc()
            log.exception("visit_failed", lead=lead, problem=type(error).__name__)
            # The database is away for all of them: no fault of this lead, and no reason to let it rest.
            if is_outage(error):
                await asyncio.sleep(1)
            else:
                self._resting.add(lead)
        finally:
            # Whatever happened, or the lead could never be visited by this process again.
            self._visits.pop(lead, None)
            self._is_stirred = True
            if lead in self._again:
                self._again.discard(lead)
                self._wake.set()

    async def _listen(self) -> None:
        """Wake at news; when the stream breaks the poll goes on and the stream is opened again."""
        while True:
            try:
                wakes = _WAKES if self._cashier is None else [*_WAKES, _STIRS_MONEY]
                async with watching(self._database, [{"$match": {"$or": wakes}}, _NAMED]) as stream:
                    # from here on nothing is missed; what came before is found by a look
                    self._hears(is_listening=True)
                    self._stir()
                    while True:
                        self._hear(await stream.next())
            except StopAsyncIteration:
                # the server closed it: what was watched is gone or made again
                log.info("change_stream_ended")
            except PyMongoError as error:
                log.warning("change_stream_broken", problem=type(error).__name__)
            finally:
                self._hears(is_listening=False)
            await asyncio.sleep(1)

    def _hears(self, *, is_listening: bool) -> None:
        self._is_listening = is_listening
        if self._cashier is not None:
            self._cashier.listens(is_listening=is_listening)

    def _hear(self, change: Document) -> None:
        """Wake whom it concerns."""
        collection = change["ns"]["coll"]
        if self._cashier is not None and is_of_money(change):
            self._cashier.wake()
        if collection == "house":
            self._stir_all()
            # once more when this process has forgotten the time it read last; news go on meanwhile
            asyncio.get_running_loop().call_later(CACHED_FOR, self._stir_all)
        elif collection in {"leads", "partners"}:
            self._stir()
        elif collection in MEANS_WORK:
            if self._cashier is not None:
                self._cashier.stir()
        elif not is_callback(change):
            # no lead is another one for it until it is visited: what else is to come is known as before
            self._wake.set()

    def _stir(self) -> None:
        """Look now, and at what is to come as well."""
        self._attention.wake()
        self._waiting.wake()
        self._is_stirred = True
        self._wake.set()

    def _stir_all(self) -> None:
        self._stir()
        if self._cashier is not None:
            self._cashier.stir()

    async def _beat(self) -> None:
        heartbeats, beats = self._parts.heartbeats, 0
        while True:
            with contextlib.suppress(PyMongoError):
                await heartbeats.beat(ROLE, self._process)
                if beats % LOOKS_ROUND_EVERY == 0:
                    self._shares.told(await heartbeats.alive(ROLE))
            beats += 1
            await asyncio.sleep(BEAT_SECONDS)
