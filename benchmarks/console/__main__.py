"""`make bench ARGS="console --leads 50000"`: list, search and conversation through the API and as pages, and news.

The time is the server's: from the request at the framework to its answer, without a network; of news, from the moment
a message is written to the line in the stream of a page that is open. p50 and p95 of each; a JSON line comes last.
"""

import argparse
import asyncio
import json
import random
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import uvloop
from pydantic import SecretStr

from benchmarks.console.house import fill, reference
from benchmarks.load.processes import mongod
from bot.domain.commands import Author
from bot.domain.ids import EffectId, LeadId
from bot.domain.users import Role
from bot.engine.account_links import LinkPurpose
from bot.engine.accounts import Stranger
from bot.store import driver
from bot.store.messages import DeliveryStatus
from bot.store.migrations import migrate
from webhooks.doorway import doors_of
from webhooks.edge.rates import RateLimits
from webhooks.edge.sessions import PLAIN_COOKIE
from webhooks.processes.web import create_app
from webhooks.settings import load
from webhooks.wiring import Process, opened

LIMITS_MS: Final = {"page_conversation": 200.0, "event": 1000.0, "counts": 300.0}
"""At the 95th percentile; `counts` are eight, of up to a thousand rows each, and no part of a page."""
LIMIT_MS: Final = 150.0
"""Of everything else."""
TOKEN: Final = "a-token-of-the-bench"
EVENT_WITHIN: Final = 30.0
WARM_UP: Final = 5
"""Rounds that count for nothing."""


def calls(leads: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """What the staff ask, by the name of its figure."""
    number = chance.randrange(leads)
    lists = (
        "order=waiting",
        "order=newest",
        "order=deadline",
        "only=unread",
        "tab=mine",
        "tab=unassigned&order=waiting",
    )
    yield "list", f"/inbox?{chance.choice(lists)}"
    yield "counts", "/inbox/counts"
    asked = {
        "reference": reference(number),
        "digits": f"{number:09d}"[-6:],
        "name": chance.choice(("dang hong", "sari", "nguyen")),
        "amount": f"{100 + number % 900}.000",
        "words": chance.choice(("dat phong", "pool", "pindah jam")),
        "nothing": f"nobody said {number}",
    }
    for kind, words in asked.items():
        yield f"search_{kind}", f"/search?q={quote(words)}"
    yield "conversation", f"/conversations/{number:011x}-lead/messages?limit=50"
    yield "row", f"/conversations/{number:011x}-lead/inbox"


def pages(leads: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """What a browser asks for, by the name of its figure."""
    number = chance.randrange(leads)
    yield "page_list", f"/inbox/rows?tab={chance.choice(('mine', 'unassigned', 'all'))}"
    yield "page_search", f"/inbox/rows?q={chance.choice((reference(number), f'{number:09d}'[-6:], 'sari'))}"
    yield "page_conversation", f"/inbox/{number:011x}-lead"


async def cookie_of(process: Process) -> str:
    """Of somebody who sells and is signed in."""
    accounts, now = process.accounts, await driver.server_now(process.database)
    email, password = "bench@example.com", secrets.token_urlsafe(24)
    _, link = await accounts.add(email, "Bench", (Role.SALES,), now)
    await accounts.set_password(link, LinkPurpose.INVITE, password, now)
    _, token = await accounts.sign_in(email, password, Stranger("127.0.0.1", "127.0.0.*", "bench"), now)
    return f"{PLAIN_COOKIE}={token}"


class Unlimited(RateLimits):
    """One who asks all at once stands for many."""

    def take(self, caller: str, rate: Any) -> None:
        """Never too much."""


@asynccontextmanager
async def open_page(client: Any, cookie: str) -> AsyncIterator[Any]:
    """The stream of a page that is open and hears what changes."""
    async with client.request("/console/events", headers={"Cookie": cookie}) as stream:
        await stream.send_complete()
        said = b""
        async with asyncio.timeout(EVENT_WITHIN):
            # the first word to hear is that from here on nothing is missed
            while b"event: refresh" not in said:
                said += await stream.receive()
        yield stream
        await stream.disconnect()


async def news(process: Process, stream: Any, leads: int, turn: int) -> float:
    """Milliseconds from a message that is written to the line which says whose conversation it is in."""
    lead = LeadId(f"{turn % leads:011x}-lead")
    before, heard = time.perf_counter(), b""
    await process.parts.messages.record_outbound(
        lead,
        EffectId(f"bench:event:{turn}"),
        Author.BOT,
        "One moment.",
        await process.parts.clock.business_now(),
        DeliveryStatus.READ,
        None,
    )
    async with asyncio.timeout(EVENT_WITHIN):
        while f'"lead":"{lead}"'.encode() not in heard:
            heard += await stream.receive()
    return 1000 * (time.perf_counter() - before)


async def measured(leads: int, rounds: int, seed: int, cache_gb: float) -> dict[str, dict[str, float]]:
    """Milliseconds of each kind of call."""
    with tempfile.TemporaryDirectory() as directory:
        async with mongod(Path(directory), cache_gb) as server:
            settings = load(env_file=None).with_changes(
                mongodb_database=f"console_{secrets.token_hex(4)}",
                clock_may_move=True,
                secret_key=SecretStr("a-secret-key-of-the-bench-forty-characters-long"),
                janji_api_token=SecretStr(TOKEN),
            )
            async with opened(settings, server.uri) as process:
                await migrate(process.database)
                began = time.monotonic()
                await fill(process.parts, leads, await process.parts.clock.business_now(), seed)
                print(f"bench: {leads} leads in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
                app = create_app(doors_of(process, Unlimited()))
                async with app.test_app() as running:
                    times = await _asked_of(process, running.test_client(), leads, rounds, seed)
    return {name: _figures(sorted(each)) for name, each in times.items()}


async def _asked_of(process: Process, client: Any, leads: int, rounds: int, seed: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {}
    chance, cookie = random.Random(seed), await cookie_of(process)
    bearer, browser = {"Authorization": f"Bearer {TOKEN}"}, {"Cookie": cookie, "Accept": "text/html"}
    asked = (("/api/v1", calls, bearer), ("/console", pages, browser))
    async with open_page(client, cookie) as stream:
        for turn in range(-WARM_UP, rounds):
            found = {}
            for prefix, kind, headers in asked:
                for name, path in kind(leads, chance):
                    before = time.perf_counter()
                    answer = await client.get(f"{prefix}{path}", headers=headers)
                    found[name] = 1000 * (time.perf_counter() - before)
                    assert answer.status_code == 200, (path, answer.status_code)
            found["event"] = await news(process, stream, leads, turn + WARM_UP)
            if turn >= 0:
                for name, took in found.items():
                    times.setdefault(name, []).append(took)
    return times


def _figures(ordered: list[float]) -> dict[str, float]:
    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)

    return {"p50": at(0.5), "p95": at(0.95), "worst": round(ordered[-1], 1)}


def main() -> int:
    """Measure and show; 1 where a 95th percentile is over the limit."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=console", description=__doc__)
    parser.add_argument("--leads", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache-gb", type=float, default=0.25, help="mongod's cache; the embedded one has 0.25")
    asked = parser.parse_args()
    found = uvloop.run(measured(asked.leads, asked.rounds, asked.seed, asked.cache_gb))
    for name, figures in found.items():
        print(
            f"{name:18} p50 {figures['p50']:7.1f} ms   p95 {figures['p95']:7.1f} ms   worst {figures['worst']:7.1f} ms"
        )
    print(json.dumps({"leads": asked.leads, "rounds": asked.rounds, "milliseconds": found}))
    return int(any(figures["p95"] > LIMITS_MS.get(name, LIMIT_MS) for name, figures in found.items()))


if __name__ == "__main__":
    sys.exit(main())
