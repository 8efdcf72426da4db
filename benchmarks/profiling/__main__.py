"""`make profile`: where the time of a message goes; files for speedscope and lists, in `.janji/profile/`."""

import argparse
import asyncio
import shutil
import sys
from pathlib import Path
from typing import Any, Final

import uvloop

from benchmarks.load import bursts, rig
from benchmarks.load.processes import CannotRun
from benchmarks.load.run import DATABASE
from benchmarks.load.wire import Broken
from benchmarks.profiling import functions, operations

HERE: Final = Path(__file__).parent.parent.parent
OUT: Final = HERE / ".janji" / "profile"
"""Ignored by git; a run replaces what the last one left."""


async def profiled(tree: Path, customers: int, rounds: int) -> str:
    """The lists as text; beside them the samples of each process are in OUT."""
    OUT.mkdir(parents=True, exist_ok=True)
    async with rig.opened(tree, cache_gb=0.25, with_peer=False) as running:
        running.product.preamble = functions.preamble()
        await running.begin(DATABASE)
        await running.publish_forms(DATABASE)
        running.idle_rate = (await bursts.idle(running, 3.0)).operations
        phones = bursts.new_phones(customers)
        await bursts.burst(running, bursts.new_phones(20))
        client: Any = running.mongod.client
        # apart from the samples: profiling makes mongod slower
        await asyncio.to_thread(operations.begin, client, DATABASE)
        new = await bursts.burst(running, phones)
        seen = await asyncio.to_thread(operations.end, client, DATABASE)
        await asyncio.to_thread(operations.begin, client, DATABASE)
        known = await bursts.burst(running, phones, bursts.NEXT_WORDS)
        seen_of_known = await asyncio.to_thread(operations.end, client, DATABASE)
        children = tuple(running.product.running)
        async with functions.sampled(children, running.directory) as spent:
            for _ in range(rounds):
                await bursts.burst(running, bursts.new_phones(customers))
        for child in children:
            shutil.copy(running.product.samples(child.name), OUT)
    text = []
    for title, one, found in (("new", new, seen), ("known", known, seen_of_known)):
        text += [f"## {customers} {title} customers at once, one message each", "", one.in_words(), ""]
        text += [operations.by_collection(found, customers), "", operations.table(found, customers), ""]
    for name, seconds in spent.items():
        profile = await asyncio.to_thread(functions.read, OUT / f"{name}.speedscope.json", tree, seconds)
        text.append(functions.table(profile, customers * rounds))
    return "\n".join(text)


def main() -> int:
    """Profile, print, write."""
    parser = argparse.ArgumentParser(prog="make profile", description=__doc__)
    parser.add_argument("--tree", type=Path, default=HERE, help="the checkout that is profiled; this one when left out")
    parser.add_argument("--customers", type=int, default=120, help="who write at once")
    parser.add_argument("--rounds", type=int, default=3, help="bursts while the processes are sampled")
    wanted = parser.parse_args()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            text = runner.run(profiled(wanted.tree.resolve(), wanted.customers, wanted.rounds))
    except (CannotRun, Broken) as problem:
        print(f"profile: {problem}", file=sys.stderr)
        return 1
    (OUT / "message.md").write_text(text, "utf-8")
    print(text)
    print(
        f"profile: {OUT.relative_to(HERE)}/ has this as message.md, and *.speedscope.json for https://www.speedscope.app"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
