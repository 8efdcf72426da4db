"""Where the processor time of a process goes: by thread, and by function of its main thread."""

import asyncio
import contextlib
import json
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.load.processes import CLOCK_TICK, CannotRun, Child

INSIDE: Final = Path(__file__).parent / "inside.py"
WRITES_WITHIN: Final = 20.0
WAITS: Final = ("select (", "Runner.run (", "run_until_complete (")
"""Where a main thread stands that waits: what was sampled then is the time of another thread."""


@dataclass(slots=True)
class Profile:
    """Samples of one process, and the processor time of its threads meanwhile."""

    name: str
    main_seconds: float = 0.0
    other_seconds: float = 0.0
    samples: int = 0
    elsewhere: int = 0
    """Samples in which the main thread waited."""
    own: Counter[str] = field(default_factory=Counter)
    """By the innermost function."""
    within: Counter[str] = field(default_factory=Counter)
    """By every function of the product's own that was on the stack."""


def preamble() -> str:
    """What a process runs before its own code, so that it can be sampled."""
    return f"exec(compile(open({str(INSIDE)!r}).read(), {str(INSIDE)!r}, 'exec'), {{}}); "


@asynccontextmanager
async def sampled(children: Sequence[Child], directory: Path) -> AsyncIterator[dict[str, tuple[float, float]]]:
    """Sample these processes while inside; afterwards the dictionary has seconds of the main and of other threads."""
    before = {child.name: _seconds(child.pid) for child in children}
    spent: dict[str, tuple[float, float]] = {}
    for child in children:
        os.kill(child.pid, signal.SIGUSR2)
    yield spent
    for child in children:
        now, then = _seconds(child.pid), before[child.name]
        spent[child.name] = (now[0] - then[0], now[1] - then[1])
        os.kill(child.pid, signal.SIGUSR2)
        await _written(directory / f"{child.name}.speedscope.json", child)


async def _written(path: Path, child: Child) -> None:
    try:
        async with asyncio.timeout(WRITES_WITHIN):
            while not await asyncio.to_thread(path.exists):  # noqa: ASYNC110 - another process makes it
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise CannotRun(f"{child.name} wrote no samples: {child.last_words()}") from None


def _seconds(pid: int) -> tuple[float, float]:
    """Processor time of a process' main thread, and of all its others that live."""
    main, others = 0, 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/task/{task}/stat").read_text().rpartition(") ")[2].split()
            ticks = int(fields[11]) + int(fields[12])
            main, others = (main + ticks, others) if int(task) == pid else (main, others + ticks)
    return main / CLOCK_TICK, others / CLOCK_TICK


def read(path: Path, tree: Path, spent: tuple[float, float]) -> Profile:
    """The samples of one process."""
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    frames = [_named(frame, tree) for frame in told["shared"]["frames"]]
    found = Profile(path.name.partition(".")[0], *spent)
    for thread in told["profiles"]:
        for stack, weight in zip(thread["samples"], thread["weights"], strict=True):
            found.samples += weight
            innermost = frames[stack[-1]][0]
            if any(wait in innermost for wait in WAITS):
                found.elsewhere += weight
                continue
            found.own[innermost] += weight
            for name in {frames[place][0] for place in stack if frames[place][1]}:
                found.within[name] += weight
    return found


def _named(frame: dict[str, Any], tree: Path) -> tuple[str, bool]:
    """A function with its file, and whether it is the product's own."""
    file = str(frame["file"])
    ours = file.startswith(f"{tree}/") and "/site-packages/" not in file
    short = file.removeprefix(f"{tree}/").rpartition("site-packages/")[2].rpartition("/lib/python")[2]
    return f"{frame['name']} ({short})", ours


def table(found: Profile, messages: int, lines: int = 45) -> str:
    """As Markdown, in milliseconds of the main thread for each message."""
    seen = max(1, found.samples - found.elsewhere)
    each = 1000 * found.main_seconds / messages / seen
    main, others = 1000 * found.main_seconds / messages, 1000 * found.other_seconds / messages
    text = [
        f"### {found.name}: {main:.1f} ms a message in the main thread, {others:.1f} ms in other threads",
        "",
        f"{found.samples} samples, {found.elsewhere} of them while the main thread waited for others",
        "",
    ]
    for title, counted in (("in the function itself", found.own), ("in and below functions of ours", found.within)):
        text += [f"| {title} | % | ms a message |", "|---|---|---|"]
        text += [
            f"| {name} | {100 * count / seen:.1f} | {count * each:.2f} |" for name, count in counted.most_common(lines)
        ]
        text.append("")
    return "\n".join(text)
