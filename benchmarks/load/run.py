"""One run: every part of the plan in turn, the figures out of it."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.load import acks, bursts, forms, journeys, partners, rig, seeding
from benchmarks.load.acks import Acks
from benchmarks.load.bursts import Burst
from benchmarks.load.figures import Figures
from benchmarks.load.forms import Exchanges
from benchmarks.load.plan import Plan
from benchmarks.load.rig import Rig
from benchmarks.load.wire import Broken

DATABASE: Final = "bench"
ACK_DATABASE: Final = "bench_acks"
LOADED: Final = {"messages", "forms", "scale"}
"""Parts that want all processes over one database."""


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


@dataclass(slots=True)
class Found:
    """What a run found."""

    figures: Figures = field(default_factory=Figures)
    notes: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Parts that did not hold, each with what broke; their figures are missing."""


@contextmanager
def _may_break(found: Found, part: str) -> Iterator[None]:
    """A part that breaks is told of and costs no other part its figures."""
    try:
        yield
    except Broken as error:
        found.broken.append(f"{part}: {error}")
        _say(found.broken[-1])


async def measured(tree: Path, plan: Plan) -> Found:
    """The figures, and what else is worth telling."""
    found = Found()
    figures, parts = found.figures, set(plan.parts)
    few_acks: Acks | None = None
    few_bursts: list[Burst] = []
    few_exchanges: Exchanges | None = None
    async with rig.opened(tree, cache_gb=plan.cache_gb) as running:
        running.notes = found.notes
        if "journeys" in parts:
            with _may_break(found, "journeys"):
                await _journeys(running, figures)
            with _may_break(found, "partners"):
                _say("the partners of one booking are told of it until it is done")
                figures.templates_partner = await partners.measure(running)
        if {"acks", "scale"} & parts:
            with _may_break(found, "acknowledgements"):
                few_acks = await _acks(running, plan, figures)
            await running.product.stop()
        if LOADED & parts:
            await running.begin(DATABASE)
            await running.publish_forms(DATABASE)
            running.idle_rate = (await bursts.idle(running, min(3.0, plan.idle_seconds))).operations
            with _may_break(found, "messages"):
                few_bursts = await _messages(running, plan, figures)
            if {"forms", "scale"} & parts:
                with _may_break(found, "forms"):
                    few_exchanges = await _forms(running, plan, figures)
            if plan.soak_minutes:
                with _may_break(found, "soak"):
                    await _soak(running, plan, figures)
            if "scale" in parts:
                await _scale(running, plan, found, few_bursts, few_acks, few_exchanges)
    return found


async def _journeys(running: Rig, figures: Figures) -> None:
    _say("three customers book and pay")
    found = await journeys.measure(running)
    figures.messages_chat = max(found.service_only, found.with_time)
    figures.messages_flow = found.form
    running.notes.append(
        f"messages of the bot to paid by chat: service only {found.service_only}, with time {found.with_time}"
    )


async def _acks(running: Rig, plan: Plan, figures: Figures) -> Acks:
    _say("acknowledgements, ours and the peer's in turn")
    await running.begin(ACK_DATABASE, "web")
    found = await acks.measure(running, rounds=plan.ack_rounds, seconds=plan.ack_seconds)
    await running.product.stop()
    await running.drop(ACK_DATABASE)
    figures.ack_ratio, figures.ack_p99_ratio = found.ratio, found.p99_ratio
    running.notes.append(f"acknowledgements: {found.in_words()}")
    return found


async def _messages(running: Rig, plan: Plan, figures: Figures) -> list[Burst]:
    """Idle, a few at once, many at once, one alone; the bursts of many come back."""
    _say("a few customers to warm up, then nothing")
    await bursts.burst(running, bursts.new_phones(min(20, plan.small)))
    looked = await bursts.idle(running, plan.idle_seconds)
    running.idle_rate, figures.idle_cpu_percent = looked.operations, looked.cpu_percent
    running.notes.append(f"idle: {looked.operations:.1f} commands a second")
    _say(f"{plan.small} customers at once")
    few = [await bursts.burst(running, bursts.new_phones(plan.small))]
    many = []
    for _ in range(plan.large_rounds):
        _say(f"{plan.large} customers at once")
        phones = bursts.new_phones(plan.large)
        many.append(await bursts.burst(running, phones))
    again = await bursts.burst(running, phones[: plan.small], bursts.NEXT_WORDS)
    _say("one customer alone")
    alone = await bursts.waiting(running, phones[: plan.waits])
    figures.ops_while_waiting = alone.operations
    both = [median(one.operations for one in group) for group in (few, many)]
    figures.message_ops = max(both)
    figures.message_cpu_ms = max(median(one.cpu_ms for one in group) for group in (few, many))
    figures.answered_per_s = median(one.per_second for one in many)
    figures.burst_p99_s = median(one.p99 for one in many)
    for name, group in ((f"{plan.small} new", few), (f"{plan.large} new", many), (f"{plan.small} known", [again])):
        running.notes += [f"{name} customers at once: {one.in_words()}" for one in group]
    seen = ", ".join(f"{name} {count / alone.seconds:.1f}" for name, count in alone.counted.most_common(6))
    running.notes.append(f"while a burst waits: {alone.operations:.1f} commands a second ({seen})")
    running.notes.append(f"one customer alone, two bubbles: {median(alone.for_one):.0f} commands")
    _resident(running, figures, "after the messages")
    return many


async def _forms(running: Rig, plan: Plan, figures: Figures) -> Exchanges | None:
    if "forms" not in plan.parts and "scale" not in plan.parts:
        return None
    _say(f"{plan.forms} forms, ours and the peer's in turn")
    tokens = await forms.tokens(running, plan.forms)
    found = await forms.measure(running, tokens, rounds=plan.form_rounds)
    figures.flow_read_ratio, figures.flow_write_ratio = found.read_ratio, found.write_ratio
    figures.flow_p99_ms = found.p99_ms
    running.notes.append(f"forms: {found.in_words()}")
    _resident(running, figures, "after the forms")
    return found


async def _soak(running: Rig, plan: Plan, figures: Figures) -> None:
    """Wave after wave; the resident memory on the way says whether it is flat."""
    ends, told = time.monotonic() + plan.soak_minutes * 60, 0.0
    while time.monotonic() < ends:
        await bursts.burst(running, bursts.new_phones(plan.small))
        if time.monotonic() - told > 300:
            told = time.monotonic()
            _resident(running, figures, "under load")
    _resident(running, figures, "after the soak")


async def _scale(
    running: Rig,
    plan: Plan,
    found: Found,
    few_bursts: list[Burst],
    few_acks: Acks | None,
    few_exchanges: Exchanges | None,
) -> None:
    """The same once more among many leads; the figure that suffers most counts, and what breaks there counts 0."""
    _say(f"seeding up to {plan.leads} leads")
    among = f"among {plan.leads} leads"
    # stopped meanwhile: a million documents in the change stream are no load anybody has
    await running.product.stop()
    held = await seeding.seed(running, DATABASE, plan.leads)
    await running.product.start(MONGODB_DATABASE=DATABASE)
    await running.quiet()
    running.notes.append("seeded: " + ", ".join(f"{name} {count}" for name, count in sorted(held.items()) if count))
    kept: dict[str, float] = {}
    with _may_break(found, f"messages {among}"):
        kept["answers"] = 0.0
        await bursts.burst(running, bursts.new_phones(min(20, plan.small)))
        many = []
        for _ in range(plan.large_rounds):
            _say(f"{plan.large} customers at once {among}")
            many.append(await bursts.burst(running, bursts.new_phones(plan.large)))
        running.notes += [f"{plan.large} new customers {among}: {one.in_words()}" for one in many]
        kept["answers"] = _share(_per_second(many), _per_second(few_bursts))
    with _may_break(found, f"forms {among}"):
        kept |= {"forms opened": 0.0, "screens sent": 0.0}
        exchanges = await forms.measure(running, await forms.tokens(running, plan.forms), rounds=plan.form_rounds)
        running.notes.append(f"forms {among}: {exchanges.in_words()}")
        # beside the peer of the same minute: a busy machine slows both
        kept["forms opened"] = _share(exchanges.read_ratio, few_exchanges.read_ratio if few_exchanges else 0.0)
        kept["screens sent"] = _share(exchanges.write_ratio, few_exchanges.write_ratio if few_exchanges else 0.0)
    _resident(running, found.figures, f"after the load {among}")
    await running.product.stop(*(child.name for child in running.product.running if child.name != "web"))
    with _may_break(found, f"acknowledgements {among}"):
        kept["acknowledgements"] = 0.0
        acknowledged = await acks.measure(running, rounds=plan.ack_rounds, seconds=plan.ack_seconds)
        running.notes.append(f"acknowledgements {among}: {acknowledged.in_words()}")
        kept["acknowledgements"] = _share(acknowledged.ratio, few_acks.ratio if few_acks else 0.0)
    found.figures.scale_ratio = min(kept.values())
    running.notes.append("many leads for few: " + ", ".join(f"{name} {share:.2f}" for name, share in kept.items()))


def _per_second(found: list[Burst]) -> float:
    return median(one.per_second for one in found) if found else 0.0


def _share(many: float, few: float) -> float:
    """What is left of a figure; Broken where there is nothing to hold it against."""
    if not few:
        raise Broken("there is no figure among few leads")
    return many / few


def _resident(running: Rig, figures: Figures, when: str) -> None:
    sizes = {child.name: child.resident_mb() for child in running.product.running}
    figures.rss_web_mb = max(figures.rss_web_mb or 0.0, sizes["web"])
    figures.rss_worker_mb = max(figures.rss_worker_mb or 0.0, sizes["worker"])
    running.notes.append(f"resident {when}: {', '.join(f'{name} {size:.0f} MB' for name, size in sizes.items())}")
