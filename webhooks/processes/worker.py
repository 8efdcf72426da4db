"""The worker: finds leads with something due, visits each, sleeps until something changes or is due.

Waking: a change stream on what means work, and the next moment at which something is due; the poll is the net
(architecture 5.2).
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from pymongo.errors import PyMongoError

from bot.domain.ids import LeadId
from bot.engine.parts import Parts
from bot.engine.resting import Resting
from bot.engine.routing import XENDIT
from bot.engine.visits import Visits
from bot.store.clock import CACHED_FOR
from bot.store.delivery import DeliveryState
from bot.store.driver import Database, Document, is_outage, watching
from bot.store.next_due import NextDue
from webhooks.doors.metrics import WORK
from webhooks.processes import housekeeping
from webhooks.processes.payments import CashierRounds
from webhooks.processes.shares import Shares

log = structlog.get_logger(__name__)

POLL: Final = timedelta(seconds=1)
"""Longest sleep after something came in, and as long as the change stream cannot be heard."""
CALM_POLL: Final = timedelta(seconds=5)
"""Longest sleep when nothing came in: what is due is known, and whoever brings something wakes us."""
OVERDUE: Final = timedelta(milliseconds=200)
AT_ONCE: Final = 24
"""Leads worked on at the same time by one process; who waits for the outside world does not count."""
BEAT: Final = timedelta(seconds=1.5)
"""Three of them before others hold the process for dead."""
LOOKS_ROUND_EVERY: Final = 6
"""Beats between two looks at who else works."""
SHUTDOWN_WITHIN: Final = 20.0
RESTART_AFTER: Final = 1.0
"""Seconds until a part of the worker that failed is started again."""
ROLE: Final = "worker"

# Only what means work: heartbeats and leases are written every second, and would wake every worker each time.
_WAKES: Final[list[Document]] = [
    {
        "$match": {
            "$or": [
                {"ns.coll": "received", "operationType": "insert"},
                # replayed by a person; what our own sweeps and visits write there is nobody's news
                {"ns.coll": "received", "updateDescription.updatedFields.state": DeliveryState.NEW.value},
                {"ns.coll": "leads", "updateDescription.updatedFields.version": {"$exists": True}},
                # business time was moved: what was due tomorrow may be due now
                {"ns.coll": "house", "documentKey._id": "clock"},
            ]
        }
    },
    # what is woken for needs no body: the stream carries a name, not the documents
    {"$project": {"ns.coll": 1, "operationType": 1, "fullDocument.source": 1}},
]


def is_of_money(change: Document) -> bool:
    """Whether the cashier has to look: at a callback, or at what a person brought back, whose source is not told."""
    if change["ns"]["coll"] != "received":
        return False
    return bool(change["operationType"] != "insert" or change.get("fullDocument", {}).get("source") == XENDIT)


async def kept_up(name: str, part: Callable[[], Awaitable[None]]) -> None:
    """Run a part that never ends, until cancelled: one that fails or ends is logged and started again."""
    while True:
        try:
            await part()
            log.error("worker_part_ended", part=name)
        except Exception as error:
            log.exception("worker_part_failed", part=name, problem=type(error).__name__)
        await asyncio.sleep(RESTART_AFTER)


class Worker:
    """One process' worth of visits."""

    def __init__(self, parts: Parts, database: Database, process: str, cashier: CashierRounds | None = None) -> None:
        self._parts = parts
        self._cashier = cashier
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

    async def run(self) -> None:
        """Work until `stop`; then finish what is begun and release every lease."""
        rounds: dict[str, Callable[[], Awaitable[None]]] = {
            "listen": self._listen,
            "beat": self._beat,
            "housekeeping": partial(housekeeping.run, self._parts, self._resting.count),
        }
        if self._cashier is not None:
            rounds["cashier"] = self._cashier.run
        helpers = [asyncio.create_task(kept_up(name, round_)) for name, round_ in rounds.items()]
        try:
            while not self._stopping.is_set():
                # Cleared before the sweep: what comes in while it runs is not slept through.
                was_woken = self._wake.is_set()
                self._wake.clear()
                try:
                    await self.sweep()
                except Exception as error:
                    # whatever it was, the worker lives on: what waits is found again by the next sweep
                    log.exception("sweep_failed", problem=type(error).__name__)
                    was_woken = True
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(await self._until_next(is_calm=not was_woken)):
                        await self._wake.wait()
        finally:
            pending = set(helpers)
            while pending:
                # told until they end: a driver that is closing a connection may swallow the first word
                for task in pending:
                    task.cancel()
                _, pending = await asyncio.wait(pending, timeout=1)
            # A visit that is cut off leaves its lease behind, and its customer waits until that has run out.
            if self._visits:
                await asyncio.wait(self._visits.values(), timeout=SHUTDOWN_WITHIN)
            with contextlib.suppress(PyMongoError):
                await self._parts.heartbeats.stops(ROLE, self._process)

    def stop(self) -> None:
        """End after the visits under way."""
        self._stopping.set()
        self._wake.set()

    async def _until_next(self, *, is_calm: bool) -> float:
        """Seconds to the next moment at which something is due, at most the poll."""
        calmly = is_calm and self._is_listening and not self._visits
        longest = (CALM_POLL if calmly else POLL).total_seconds()
        try:
            now = await self._parts.leads.server_now()
            due = [(await self._parts.received.next_due_at(), now)]
            if calmly:
                # the short poll finds these by itself
                business_now = await self._parts.clock.business_now()
                due.append((await self._next_due.effect(now), now))
                due.append((await self._next_due.timer(business_now), business_now))
        except PyMongoError:
            return POLL.total_seconds()
        waits = [(moment - then).total_seconds() for moment, then in due if moment is not None]
        # what is overdue is under way here, or leased elsewhere: looking again at once would only be busy
        return min(wait if wait > 0 else OVERDUE.total_seconds() for wait in (*waits, longest))

    async def sweep(self) -> None:
        """Start a visit to every lead that has something due."""
        parts = self._parts
        # a page at a time: what one sender floods us with keeps nobody's visit waiting for its end
        if await parts.router.route_all():
            self._wake.set()
        # Leads that failed are left out of the query: at the head of a page they would hide those behind them.
        resting = self._resting.now()
        due = [
            *await parts.received.leads_with_work(await parts.leads.server_now(), besides=resting),
            *await parts.leads.with_effects_to_look_at(besides=resting),
            *await parts.leads.with_timers_due(await parts.clock.business_now(), besides=resting),
        ]
        for lead in self._shares.mine(list(dict.fromkeys(due))):
            # Under a visit already: it may have read before this came, so the end of the visit wakes the worker.
            if lead in self._visits:
                self._again.add(lead)
            else:
                self._visits[lead] = asyncio.create_task(self._visit(lead))

    async def _visit(self, lead: LeadId) -> None:
        try:
            async with self._visit_places.place():
                done = await self._parts.lead_worker.work(lead)
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
            if lead in self._again:
                self._again.discard(lead)
                self._wake.set()

    async def _listen(self) -> None:
        """Wake at news; when the stream breaks the poll goes on and the stream is opened again."""
        while True:
            try:
                async with watching(self._database, _WAKES) as stream:
                    # from here on nothing is missed; what came before is found by a look
                    self._is_listening = True
                    self._wake.set()
                    while True:
                        change = await stream.next()
                        self._wake.set()
                        if change["ns"]["coll"] == "house":
                            # once more when this process has forgotten the time it read last; news go on meanwhile
                            asyncio.get_running_loop().call_later(CACHED_FOR, self._wake.set)
                        if self._cashier is not None and is_of_money(change):
                            self._cashier.wake()
            except StopAsyncIteration:
                # the server closed it: what was watched is gone or made again
                log.info("change_stream_ended")
            except PyMongoError as error:
                log.warning("change_stream_broken", problem=type(error).__name__)
            finally:
                self._is_listening = False
            await asyncio.sleep(1)

    async def _beat(self) -> None:
        heartbeats, beats = self._parts.heartbeats, 0
        while True:
            with contextlib.suppress(PyMongoError):
                await heartbeats.beat(ROLE, self._process)
                if beats % LOOKS_ROUND_EVERY == 0:
                    self._shares.told(await heartbeats.alive(ROLE))
            beats += 1
            await asyncio.sleep(BEAT.total_seconds())
