"""A scripted customer: an async client of the control door, for tests and demos (docs/simulator.md)."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeAlias, assert_never

import httpx

Json = dict[str, Any]

PATIENCE = 30.0
"""Seconds that an answer may take on a busy machine."""
POLL_SECONDS = 10.0
ONE_BY_ONE = httpx.Limits(max_keepalive_connections=0)
"""No connection is used twice: the server ends idle ones, maybe at the very moment of the next request."""
"""How long one long poll lasts at most."""


class NothingCame(AssertionError):
    """No bubble answered in time."""


class Refused(Exception):
    """The control door says that the phone cannot do this."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A bubble as the customer sees it."""

    seq: int
    id: str
    kind: str
    text: str
    header: str
    footer: str
    choices: tuple[str, ...]
    choice_ids: tuple[str, ...]
    links: tuple[str, ...]
    tick: str
    monotonic: float
    effect_id: str | None
    quotes: str | None
    raw: Json

    def says(self, words: str) -> bool:
        """Whether the words stand anywhere in it, capitals or not."""
        everything = "\n".join((self.header, self.text, self.footer, *self.choices))
        return words.casefold() in everything.casefold()


def read_bubble(shown: Json) -> Seen:
    """A bubble out of the control door's JSON."""
    choices = shown["choices"]
    return Seen(
        seq=shown["seq"],
        id=shown["id"],
        kind=shown["kind"],
        text=shown["text"],
        header=shown["header"],
        footer=shown["footer"],
        choices=tuple(choice["title"] for choice in choices),
        choice_ids=tuple(choice["id"] for choice in choices),
        links=tuple(choice["url"] for choice in choices if choice["url"]),
        tick=shown["tick"],
        monotonic=shown["monotonic"],
        effect_id=shown["effect_id"],
        quotes=shown["quotes"],
        raw=shown,
    )


class Phone:
    """One customer's phone; joins the simulated world at its first use.

    `wait_for` looks at each bubble once: it begins behind the bubble it found last.
    """

    def __init__(
        self,
        sim_url: str,
        *,
        name: str = "Customer",
        wa_id: str = "",
        user_id: str = "",
        username: str = "",
        **more: Any,
    ) -> None:
        self._joining = {"name": name, "wa_id": wa_id, "user_id": user_id, "username": username, **more}
        self._client = httpx.AsyncClient(
            base_url=sim_url.rstrip("/") + "/sim", trust_env=False, timeout=POLL_SECONDS + 20, limits=ONE_BY_ONE
        )
        self._looked_at = 0
        self.customer: Json = {}

    async def __aenter__(self) -> Self:
        await self.join()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections; the customer stays in the world."""
        await self._client.aclose()

    async def join(self) -> str:
        """Makes the customer, once; its id."""
        if not self.customer:
            self.customer = await self._call("POST", "/customers", self._joining)
        return str(self.customer["id"])

    async def _call(self, method: str, path: str, body: Json | None = None) -> Json:
        response = await self._client.request(method, path, json=body)
        if response.status_code >= 400:
            raise Refused(response.text)
        answer: Json = response.json()
        return answer

    async def do(self, act: str, **body: Any) -> Json:
        """Any act of the control door: `await phone.do("location", latitude=…, longitude=…)`."""
        return await self._call("POST", f"/customers/{await self.join()}/{act}", body)

    async def change(self, **settings: Any) -> None:
        """Changes the phone itself: `online`, `name`, `shares_phone` …"""
        self.customer = await self._call("PATCH", f"/customers/{await self.join()}", settings)

    async def say(self, text: str, quote: str = "") -> str:
        """Writes a text; its message id."""
        return str((await self.do("say", text=text, quote=quote))["id"])

    async def tap(self, title_or_id: str, bubble: str = "") -> Json:
        """Taps a choice on the newest bubble that shows it; the choice."""
        answer: Json = (await self.do("tap", choice=title_or_id, bubble=bubble))["choice"]
        return answer

    async def fill(self, flow: Json, steps: Sequence[Json], bubble: str = "") -> Json:
        """Opens the newest form and plays the steps; raises `Refused` unless that sends it. What came of it."""
        told = await self.do("fill", flow=flow, steps=list(steps), bubble=bubble)
        if told["id"] is None:
            raise Refused(f"the form was not sent: {told['outcomes'][-1]}")
        return told

    async def bubbles(self, after: int = 0, wait: float = 0) -> tuple[Seen, ...]:
        """The bubbles in order of arrival; waits up to `wait` seconds for the first above `after`."""
        path = f"/customers/{await self.join()}/bubbles?after={after}&wait={wait}"
        return tuple(read_bubble(shown) for shown in (await self._call("GET", path))["items"])

    async def wait_for(self, predicate: Callable[[Seen], bool], timeout: float = PATIENCE) -> Seen:
        """The next bubble for which the predicate holds; raises `NothingCame` after `timeout` seconds."""
        seen: list[Seen] = []
        try:
            async with asyncio.timeout(timeout):
                while True:
                    for bubble in await self.bubbles(self._looked_at, wait=POLL_SECONDS):
                        self._looked_at = bubble.seq
                        seen.append(bubble)
                        if predicate(bubble):
                            return bubble
        except TimeoutError:
            came = "; ".join(f"{bubble.kind}: {bubble.text[:80]}" for bubble in seen) or "nothing"
            raise NothingCame(f"waited {timeout} s; what came: {came}") from None

    async def expect(self, words: str = "", kind: str = "", timeout: float = PATIENCE) -> Seen:
        """The next bubble with these words and of this kind."""
        return await self.wait_for(lambda bubble: (not kind or bubble.kind == kind) and bubble.says(words), timeout)


@dataclass(frozen=True, slots=True)
class Say:
    """The customer writes."""

    text: str


@dataclass(frozen=True, slots=True)
class Tap:
    """The customer taps a choice, by title or id."""

    choice: str


@dataclass(frozen=True, slots=True)
class Act:
    """Any other act of the control door, with its body."""

    name: str
    body: Json


SCRIPT_SECONDS = 40.0
"""A scripted customer only waits for what must come; a slow machine is no reason to give up."""


@dataclass(frozen=True, slots=True)
class Expect:
    """The customer waits for a bubble of this kind with these words (either may be empty)."""

    kind: str = ""
    words: str = ""
    timeout: float = SCRIPT_SECONDS


@dataclass(frozen=True, slots=True)
class Fill:
    """The customer opens the newest form, fills it screen by screen and sends it; `flow` is its Flow JSON."""

    flow: Json
    steps: tuple[Json, ...]


Step: TypeAlias = Say | Tap | Act | Expect | Fill


@dataclass(frozen=True, slots=True)
class Line:
    """A step that was played, and the bubble it found, if it was an expectation."""

    step: Step
    bubble: Seen | None = None


async def play(phone: Phone, script: Sequence[Step]) -> tuple[Line, ...]:
    """Plays a script to its end; raises `NothingCame` where an expectation fails."""
    return tuple([await _play_step(phone, step) for step in script])


async def _play_step(phone: Phone, step: Step) -> Line:
    match step:
        case Say(text):
            await phone.say(text)
            return Line(step)
        case Tap(choice):
            await phone.tap(choice)
            return Line(step)
        case Act(name, body):
            await phone.do(name, **body)
            return Line(step)
        case Fill(flow, steps):
            await phone.fill(flow, steps)
            return Line(step)
        case Expect(kind, words, timeout):
            return Line(step, await phone.expect(words, kind, timeout))
        case _:
            assert_never(step)
