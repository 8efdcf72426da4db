"""Many customers write at once: how soon they are answered, and what an answer costs."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.load import counters
from benchmarks.load.rig import Rig
from benchmarks.load.whatsapp import message, new_phone
from benchmarks.load.wire import Pool

CONNECTIONS: Final = 64
ANSWERED_WITHIN: Final = 240.0
ROUTED_AFTER: Final = 0.2
LOOKS: Final = (0.3, 0.85)
"""How long it is looked at after the first and after the second bubble; the burst is over 1.2 s after the second."""
FIRST_WORDS: Final = (
    "Hello there!",
    "Selamat pagi, bisa apa di sini?",
    "Xin chào bạn",
    "Hi, what are your opening hours?",
    "I would like to book something",
)
NEXT_WORDS: Final = (
    "what can I do here?",
    "jam buka berapa ya?",
    "mình muốn đặt lịch",
    "thanks, and where are you?",
    "What can you offer?",
)


@dataclass(slots=True)
class Burst:
    """So many customers, one message each, one answer each."""

    customers: int
    answered_after: list[float]
    """Seconds from the burst's beginning, in order."""
    said: int
    """Messages of the bot; more than customers when some were answered twice."""
    commands: Counter[str]
    processor: dict[str, float]
    seconds: float
    """Until nothing was left to do, the ticks of the answers included."""

    @property
    def per_second(self) -> float:
        """Answers a second until the last one."""
        return self.customers / self.answered_after[-1]

    @property
    def p99(self) -> float:
        """When 99 of 100 were answered."""
        return self.answered_after[min(self.customers - 1, int(0.99 * self.customers))]

    @property
    def operations(self) -> float:
        """Database commands for each answered message."""
        return self.commands.total() / self.customers

    @property
    def cpu_ms(self) -> float:
        """Processor time of all our processes and mongod for each answered message."""
        return 1000 * sum(self.processor.values()) / self.customers

    def in_words(self) -> str:
        """Everything of it in one line."""
        most = ", ".join(f"{name} {count / self.customers:.1f}" for name, count in self.commands.most_common(8))
        spent = ", ".join(f"{name} {1000 * used / self.customers:.1f}" for name, used in self.processor.items())
        return (
            f"{self.per_second:.0f} answered a second, last after {self.answered_after[-1]:.1f} s; "
            f"{self.operations:.1f} commands each ({most}); {self.cpu_ms:.1f} ms each ({spent}); "
            f"{self.said} messages said, quiet after {self.seconds:.1f} s"
        )


async def burst(rig: Rig, phones: Sequence[str], words: Sequence[str] = FIRST_WORDS) -> Burst:
    """Each of these customers writes once, all at the same moment; ends when nothing is left to do."""
    requests = [message(phone, words[place % len(words)]) for place, phone in enumerate(phones)]
    known = len(rig.graph.said)
    commands, processor = await rig.commands(), rig.processor_seconds()
    began = time.monotonic()
    async with Pool(rig.product.port, min(CONNECTIONS, len(phones))) as pool:
        (await pool.closed_loop(requests)).must_be(200)
        await rig.graph.until_said(known + len(phones), ANSWERED_WITHIN)
    await rig.graph.until_told()
    await rig.quiet()
    first: dict[str, float] = {}
    for said in rig.graph.said[known:]:
        first.setdefault(said.to, said.at - began)
    silent = set(phones) - set(first)
    if silent:
        rig.notes.append(f"{len(silent)} of {len(phones)} customers of a burst got no answer")
    used = {name: spent - processor.get(name, 0.0) for name, spent in rig.processor_seconds().items()}
    return Burst(
        customers=len(phones),
        answered_after=sorted(first[phone] for phone in phones if phone in first),
        said=len(rig.graph.said) - known,
        commands=counters.since(commands, await rig.commands()),
        processor=used,
        seconds=time.monotonic() - began,
    )


def new_phones(count: int) -> list[str]:
    """So many customers nobody has met."""
    return [new_phone() for _ in range(count)]


@dataclass(slots=True)
class Idle:
    """What nothing costs."""

    operations: float
    """Commands a second."""
    cpu_percent: float
    """Of one core: all our processes and mongod."""


async def idle(rig: Rig, seconds: float) -> Idle:
    """Look for so long while nothing happens."""
    before, processor, began = await rig.commands(), rig.processor_seconds(), time.monotonic()
    await asyncio.sleep(seconds)
    after, took = await rig.commands(), time.monotonic() - began
    used = sum(rig.processor_seconds().values()) - sum(processor.values())
    return Idle(counters.since(before, after).total() / took, 100 * used / took)


@dataclass(slots=True)
class Waiting:
    """What is asked of the database while one customer's burst waits to be over."""

    counted: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    for_one: list[int] = field(default_factory=list)
    """Commands for everything of one customer who is alone, from the first bubble until nothing is left to do."""

    @property
    def operations(self) -> float:
        """Commands a second."""
        return self.counted.total() / self.seconds if self.seconds else 0.0


async def waiting(rig: Rig, phones: Sequence[str]) -> Waiting:
    """One customer after the other writes two bubbles; counted is only what is asked once they are routed, before they
    are answered: nothing comes in then and nothing goes out."""
    found = Waiting()
    for phone in phones:
        known, first = len(rig.graph.said), await rig.commands()
        for look in LOOKS:
            async with Pool(rig.product.port, 1) as pool:
                (await pool.closed_loop([message(phone, "what can I do here?")])).must_be(200)
            await asyncio.sleep(ROUTED_AFTER)
            before, began = await rig.commands(), time.monotonic()
            await asyncio.sleep(look)
            after, took = await rig.commands(), time.monotonic() - began
            if len(rig.graph.said) == known:
                found.counted += counters.since(before, after)
                found.seconds += took
        await rig.graph.until_said(known + 1, ANSWERED_WITHIN)
        await rig.graph.until_told()
        await rig.quiet()
        found.for_one.append(counters.since(first, await rig.commands()).total())
    return found
