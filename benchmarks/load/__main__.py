"""`make bench`: the product beside its peer in one run; a table, and one JSON line last.

`--quick` is for the daily work, `--tiny` only shows that it runs; what is published comes from neither. `--tree DIR`
measures another checkout. Nothing is written anywhere but with `--write "what was changed"`.
"""

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

import uvloop

from benchmarks.load import page
from benchmarks.load.figures import table
from benchmarks.load.plan import FULL, PARTS, QUICK, TINY
from benchmarks.load.processes import CannotRun
from benchmarks.load.run import measured

HERE: Final = Path(__file__).parent.parent.parent
BUSY_PERCENT: Final = 10.0

Result = TypeVar("Result")


def others_percent(seconds: float = 2.0) -> float:
    """How busy this machine is with other things, in per cent of all its cores."""
    before = _ticks()
    time.sleep(seconds)
    busy, all_ = (after - first for after, first in zip(_ticks(), before, strict=True))
    return 100 * busy / all_ if all_ else 0.0


def _ticks() -> tuple[int, int]:
    fields = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return sum(fields) - fields[3] - fields[4], sum(fields)


async def _until_stopped(running: Coroutine[None, None, Result]) -> Result:
    """SIGTERM ends it as Ctrl-C does: everything that was started is stopped."""
    task = asyncio.ensure_future(running)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def main() -> int:
    """Measure, show; 0 when every part ran, whatever the figures say."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--tree", type=Path, default=HERE, help="the checkout that is measured; this one when left out")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="50,000 leads and short loads, under four minutes")
    size.add_argument("--tiny", action="store_true", help="a handful of everything: shows that it runs")
    parser.add_argument("--leads", type=int, help="how many leads are seeded for the second half")
    parser.add_argument("--soak", type=float, default=0.0, metavar="MINUTES", help="load before memory is read")
    parser.add_argument("--cache-gb", type=float, default=0.25, help="mongod's cache; the embedded one has 0.25")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part; may be given several times")
    parser.add_argument("--write", metavar="STEP", default="", help="put the figures into benchmarks/README.md")
    wanted = parser.parse_args()
    plan = TINY if wanted.tiny else QUICK if wanted.quick else FULL
    plan = replace(
        plan,
        leads=plan.leads if wanted.leads is None else wanted.leads,
        soak_minutes=wanted.soak,
        cache_gb=wanted.cache_gb,
        parts=tuple(wanted.only or PARTS),
    )
    busy = others_percent(0.2 if wanted.tiny else 2.0)
    began = time.monotonic()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            found = runner.run(_until_stopped(measured(wanted.tree.resolve(), plan)))
    except asyncio.CancelledError:
        print("bench: stopped", file=sys.stderr)
        return 1
    except CannotRun as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 1
    quiet = busy <= BUSY_PERCENT
    found.notes.append(
        f"machine: {'quiet' if quiet else 'NOT QUIET'}, {busy:.0f} % busy with other things at the start"
    )
    found.notes.append(f"took {time.monotonic() - began:.0f} s")
    broken = [f"BROKEN {what}" for what in found.broken]
    print(table(found.figures), "", *(f"- {note}" for note in (*found.notes, *broken)), "", sep="\n")
    if wanted.write:
        page.write(wanted.write if quiet else f"{wanted.write} (not quiet)", found.figures)
    print(found.figures.as_json(), flush=True)
    return 1 if found.broken else 0


if __name__ == "__main__":
    sys.exit(main())
