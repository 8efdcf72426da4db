"""The running simulator: account, clock, faults, relay, journal, and its background task."""

import asyncio
from dataclasses import replace
from datetime import datetime

from simulator.xendit.account import Account, new_account
from simulator.xendit.clock import Clock
from simulator.xendit.faults import Faults
from simulator.xendit.ids import Ids
from simulator.xendit.journal import Journal
from simulator.xendit.limits import Limits
from simulator.xendit.relay import Relay
from simulator.xendit.settings import Habits, XenditSettings


class Engine:
    """One simulated Xendit; everything in memory, reset brings it back to nothing."""

    def __init__(self, settings: XenditSettings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self._task: asyncio.Task[None] | None = None
        self.stopping = asyncio.Event()
        self._begin()

    def _begin(self) -> None:
        seed = None if self.settings.seed is None else f"{self.settings.seed}@{self.clock.now().isoformat()}"
        # Callbacks and requests have a source of their own: how often is asked never shifts money's ids.
        self.tags = Ids(seed and f"tags {seed}")
        self.faults = Faults()
        self.limits = Limits()
        self.journal = Journal()
        self.account: Account = new_account(self.settings.public_url, Ids(seed))
        self.relay = Relay(self.settings, self.clock, self.faults, self.tags)

    @property
    def habits(self) -> Habits:
        """How the outside world behaves now."""
        return self.account.vault.habits

    def change_habits(self, habits: Habits) -> None:
        """From now on it behaves so."""
        self.account.vault.habits = replace(habits)

    def now(self) -> datetime:
        """The simulated moment, with everything due by then done."""
        now = self.clock.now()
        self.relay.collect(self.account)
        return now

    async def start(self) -> None:
        """Begins to send callbacks in the background."""
        if self._task is None:
            self.stopping.clear()
            self._task = asyncio.create_task(self._send_for_ever(), name="xendit-callbacks")

    async def stop(self) -> None:
        """Ends the background task and lets hanging calls go."""
        self.stopping.set()
        if self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            # Not `await task`: whoever waits for us must still be able to stop waiting.
            await asyncio.wait({task})
            if not task.cancelled():
                task.result()
        await self.relay.close()

    async def reset(self) -> None:
        """Forgets everything: money, faults, habits, journal, and the clock's offset."""
        is_running = self._task is not None
        await self.stop()
        self.clock.reset()
        self._begin()
        self.stopping.clear()
        if is_running:
            await self.start()

    async def pump(self) -> int:
        """Sends everything that is due by now."""
        return await self.relay.pump(self.account)

    async def _send_for_ever(self) -> None:
        await self.relay.run(lambda: self.account)
