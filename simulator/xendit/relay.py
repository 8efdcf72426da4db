"""Sends callbacks to the app, in order of their moments on the simulator's clock (reference: xendit 3.2)."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import httpx

from simulator.xendit.account import Account
from simulator.xendit.clock import Clock
from simulator.xendit.deliveries import Delivery, DeliveryState, planned
from simulator.xendit.faults import Faults
from simulator.xendit.ids import Ids
from simulator.xendit.settings import XenditSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.xendit.notices import Notice


_LONGEST_PAUSE = 1.0
"""Seconds of real time between two looks at the clock."""


class Relay:
    """The queue of callbacks and its sender; one try at a time, except copies asked for in parallel."""

    def __init__(self, settings: XenditSettings, clock: Clock, faults: Faults, ids: Ids) -> None:
        self._settings = settings
        self._clock = clock
        self._faults = faults
        self._ids = ids
        self._lock = asyncio.Lock()
        self._wake = asyncio.Event()
        self._http: httpx.AsyncClient | None = None
        self.is_paused = False
        self.deliveries: dict[str, Delivery] = {}

    def wake(self) -> None:
        """Has the background sender look again."""
        self._wake.set()

    def collect(self, account: Account) -> None:
        """Lets what is due happen, and puts its notices in line."""
        for notice in account.advance(self._clock.now()):
            self._enqueue(notice)

    async def pump(self, account: Account) -> int:
        """Sends everything that is due, retries included, and says how many tries that took."""
        tries = 0
        async with self._lock:
            self.collect(account)
            while (delivery := self._next()) is not None and delivery.due_at <= self._clock.now():
                await self._try(delivery, max(delivery.due_at, delivery.notice.at))
                tries += 1
                self.collect(account)
        return tries

    async def send_about(self, account: Account, subject: str) -> None:
        """Sends what there is to tell about one thing, past the queue: before the API's own answer."""
        self.collect(account)
        now = self._clock.now()
        for delivery in list(self.deliveries.values()):
            if delivery.notice.subject == subject and delivery.state is DeliveryState.WAITING:
                await self._try(delivery, now)

    async def resend(self, webhook_id: str) -> Delivery:
        """Sends one again by hand, under its id, whatever had become of it."""
        delivery = self.deliveries[webhook_id]
        resent = delivery.resent(await self._post(delivery), self._clock.now())
        self.deliveries[webhook_id] = resent
        return resent

    async def run(self, account_of: "Callable[[], Account]") -> None:
        """The background sender: until cancelled."""
        while True:
            self._wake.clear()
            account = account_of()
            await self.pump(account)
            # Not wait_for: on Python 3.11 that swallows a cancellation that meets a wake-up.
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause(account)):
                    await self._wake.wait()

    async def close(self) -> None:
        """Lets go of the connections."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    def _pause(self, account: Account) -> float:
        delivery = None if self.is_paused else self._next()
        due_at = None if delivery is None else delivery.due_at
        moments = [at for at in (account.vault.next_due(), due_at) if at is not None]
        left = (min(moments) - self._clock.now()).total_seconds() if moments else _LONGEST_PAUSE
        # Never long: an injected clock may be moved without a word to us.
        return min(max(left, 0.005), _LONGEST_PAUSE)

    def _enqueue(self, notice: "Notice") -> None:
        fault = self._faults.strike_callback(notice.event)
        delivery = planned(self._ids.uuid(), notice, fault)
        self.deliveries[delivery.webhook_id] = delivery
        if delivery.state is DeliveryState.WAITING and not delivery.is_held:
            self._release_held_behind(delivery)

    def _release_held_behind(self, newer: Delivery) -> None:
        for held in list(self.deliveries.values()):
            if held.is_held and held.state is DeliveryState.WAITING:
                # Last in the dictionary is last among equals in time.
                del self.deliveries[held.webhook_id]
                self.deliveries[held.webhook_id] = replace(
                    held, is_held=False, first_at=newer.due_at, due_at=newer.due_at
                )

    def _next(self) -> Delivery | None:
        if self.is_paused:
            return None
        waiting = [item for item in self.deliveries.values() if item.state is DeliveryState.WAITING]
        return min(waiting, key=lambda item: item.due_at, default=None)

    async def _try(self, delivery: Delivery, at: datetime) -> None:
        if delivery.is_parallel:
            outcomes = await asyncio.gather(*(self._post(delivery) for _ in range(delivery.copies)))
        else:
            outcomes = [await self._post(delivery) for _ in range(delivery.copies)]
        self.deliveries[delivery.webhook_id] = delivery.after(tuple(outcomes), at)

    async def _post(self, delivery: Delivery) -> str:
        if self._http is None:
            self._http = httpx.AsyncClient(timeout=None, trust_env=False)
        headers = {
            "content-type": "application/json",
            "x-callback-token": self._settings.xendit_callback_token,
            "webhook-id": delivery.webhook_id,
        }
        url = f"{self._settings.app_url.rstrip('/')}/webhooks/xendit"
        try:
            async with asyncio.timeout(self._settings.callback_timeout.total_seconds()):
                answer = await self._http.post(url, content=delivery.notice.body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as failure:
            return type(failure).__name__
        return str(answer.status_code)
