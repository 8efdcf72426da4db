"""Signed webhooks on their way to the tested backend: in lanes, in copies, again and again until 200."""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from typing import Any, assert_never

import httpx

from simulator import signing
from simulator.clock import Chance
from simulator.feed import Feed, Pulse
from simulator.settings import Settings
from simulator.whatsapp import limits
from simulator.whatsapp.envelopes import Account, Packing, Stream, Update, envelopes
from simulator.whatsapp.manners import DEFAULTS, Manner, Mode, Order

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 3600.0
GIVEN_UP_AFTER = 7 * 24 * 3600.0


def ladder(scale: float) -> Iterator[float]:
    """Pauses between tries: seconds, doubling to an hour, for seven days (reference: whatsapp 4.1)."""
    pause, total = FIRST_PAUSE, 0.0
    while total < GIVEN_UP_AFTER:
        yield pause * scale
        total += pause
        pause = min(pause * 2, LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the backend answered; status 0 when nothing came."""

    status: int
    body: str


class Relay:
    """Posts updates to the backend in the manner each stream is set to."""

    def __init__(self, settings: Settings, chance: Chance, pulse: Pulse, journal: Feed) -> None:
        self.settings = settings
        self._chance = chance
        self._pulse = pulse
        self._journal = journal
        self._client: httpx.AsyncClient | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._lanes: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._told: dict[Stream, int] = dict.fromkeys(Stream, 0)
        self.manners: dict[Stream, Manner] = dict(DEFAULTS)
        self.held: list[Update] = []
        self.retrying = 0

    @property
    def in_flight(self) -> int:
        """Updates that wait, are being posted, or will be tried again."""
        return len(self._tasks)

    def start(self) -> None:
        """Opens the connections' pool."""
        self._client = httpx.AsyncClient(
            timeout=self.settings.webhook_timeout,
            trust_env=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
        )

    async def stop(self) -> None:
        """Drops what is on its way and closes the pool."""
        await self._drop_all()
        if self._client is not None:
            await self._client.aclose()

    async def reset(self) -> None:
        """Default manners, nothing held, nothing on its way."""
        await self._drop_all()
        self.manners = dict(DEFAULTS)
        self.held.clear()
        self._lanes.clear()
        self._told = dict.fromkeys(Stream, 0)

    async def _drop_all(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def idle(self, seconds: float) -> bool:
        """Whether nothing is on its way, waiting for that if need be."""
        return await self._pulse.until(lambda: not self._tasks, seconds)

    def submit(self, updates: Sequence[Update]) -> None:
        """Takes updates that belong together; they leave in their stream's manner."""
        if not updates:
            return
        manner = self.manners[updates[0].stream]
        match manner.mode:
            case Mode.OFF:
                for update in updates:
                    self._note("dropped", update.ids, {})
            case Mode.HELD:
                self.held.extend(updates)
                self._pulse.beat()
            case Mode.ON:
                for update in self._ordered(updates, manner.order):
                    self._spawn(self._leave([update], Packing.ALONE, self._copies(update.stream), manner.delay))
            case _:
                assert_never(manner.mode)

    def _ordered(self, updates: Sequence[Update], order: Order) -> tuple[Update, ...]:
        match order:
            case Order.FIFO:
                return tuple(updates)
            case Order.REVERSED:
                return tuple(reversed(updates))
            case Order.SHUFFLED:
                return self._chance.shuffled(updates)
            case _:
                assert_never(order)

    def _copies(self, stream: Stream) -> int:
        manner = self.manners[stream]
        self._told[stream] += 1
        doubled = manner.double_every and self._told[stream] % manner.double_every == 0
        return max(manner.copies, 2) if doubled else manner.copies

    def release(self, order: Order, packing: Packing, copies: int, count: int | None, drop: int) -> int:
        """Lets held updates go (the first `count`, less the first `drop`); answers how many went."""
        taken = self.held if count is None else self.held[:count]
        self.held = self.held[len(taken) :]
        for update in taken[:drop]:
            self._note("dropped", update.ids, {})
        going = self._ordered(taken[drop:], order)
        if packing is Packing.ALONE:
            for update in going:
                self._spawn(self._leave([update], packing, copies, 0.0))
            return len(going)
        for start in range(0, len(going), limits.UPDATES_PER_POST):
            part = going[start : start + limits.UPDATES_PER_POST]
            self._spawn(self._leave(part, packing, copies, 0.0))
        return len(going)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._gone)

    def _gone(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._pulse.beat()

    async def _leave(self, updates: Sequence[Update], packing: Packing, copies: int, delay: float) -> None:
        await asyncio.sleep(delay)
        ids = [wamid for update in updates for wamid in update.ids]
        for payload in envelopes(self._account(), updates, packing):
            body = signing.wire(payload)
            async with self._lanes[updates[0].lane if packing is Packing.ALONE else ""]:
                answers = await asyncio.gather(*(self._post(body, ids, payload, 1) for _ in range(copies)))
            for answer in answers:
                if answer.status != 200:
                    self._spawn(self._again(body, ids, payload))

    def _account(self) -> Account:
        known = self.settings
        return Account(known.waba_id, known.phone_number_id, known.display_phone_number)

    async def _again(self, body: bytes, ids: Sequence[str], payload: dict[str, Any]) -> None:
        self.retrying += 1
        try:
            for attempt, pause in enumerate(ladder(self.settings.retry_scale), start=2):
                await asyncio.sleep(pause)
                if (await self._post(body, ids, payload, attempt)).status == 200:
                    return
            self._note("given_up", ids, payload)
        finally:
            self.retrying -= 1

    async def _post(self, body: bytes, ids: Sequence[str], payload: dict[str, Any], attempt: int) -> Answer:
        headers = {signing.HEADER: signing.sign(self.settings.app_secret, body)}
        answer = await self.post_raw(body, headers)
        self._note("webhook", ids, payload, attempt=attempt, status=answer.status, answer=answer.body[:500])
        return answer

    async def post_raw(self, body: bytes, headers: dict[str, str], path: str = "") -> Answer:
        """One POST of any bytes to the backend, as they are."""
        url = self.settings.app_url.rstrip("/") + (path or self.settings.whatsapp_path)
        return await self.post_to(url, body, headers, self.settings.webhook_timeout)

    async def post_to(self, url: str, body: bytes, headers: dict[str, str], seconds: float) -> Answer:
        """One POST of JSON to any address; status 0 and the trouble's name where no whole answer came in time."""
        assert self._client is not None, "the relay is started with the app"
        typed = {"Content-Type": "application/json", **headers}
        try:
            async with asyncio.timeout(seconds):
                response = await self._client.post(url, content=body, headers=typed, timeout=seconds)
        except TimeoutError:
            return Answer(0, "ReadTimeout")
        except httpx.HTTPError as error:
            return Answer(0, type(error).__name__)
        return Answer(response.status_code, response.text)

    async def verify(self, challenge: str, token: str) -> Answer:
        """Meta's handshake (reference: whatsapp 4.1)."""
        assert self._client is not None, "the relay is started with the app"
        query = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": challenge}
        url = self.settings.app_url.rstrip("/") + self.settings.whatsapp_path
        try:
            response = await self._client.get(url, params=query)
        except httpx.HTTPError as error:
            return Answer(0, type(error).__name__)
        return Answer(response.status_code, response.text)

    def point_at(self, app_url: str) -> None:
        """Webhooks go to this backend from now on."""
        self.settings = changed(self.settings, app_url=app_url)

    def _note(self, kind: str, ids: Sequence[str], payload: dict[str, Any], **more: Any) -> None:
        self._journal.add(kind, {"direction": "out", "ids": list(ids), **more, "body": payload})
