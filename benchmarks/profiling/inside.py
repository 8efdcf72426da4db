"""Run inside a process of the product, before its own code: samples its main thread while it is told to.

By the processor time of the process, not by the clock: a process that waits is not sampled. Samplers from outside
(py-spy) were tried and left: on some kernels they stop a process at its system calls only, and show little else.
SIGUSR2 begins, the next one ends and writes the samples where JANJI_SAMPLES says, as speedscope reads them.
"""

import json
import os
import signal
from types import FrameType

EVERY = 0.002
"""Seconds of processor time between two samples; kernels make some milliseconds of it."""

stacks: dict[tuple[tuple[str, str, int], ...], int] = {}
running = False


def sample(_: int, frame: FrameType | None) -> None:
    """One look at the main thread; when it waits, another thread had the processor."""
    stack = []
    while frame is not None:
        code = frame.f_code
        stack.append((code.co_qualname, code.co_filename, code.co_firstlineno))
        frame = frame.f_back
    key = tuple(reversed(stack))
    stacks[key] = stacks.get(key, 0) + 1


def toggle(*_: object) -> None:
    """Begin, or end and write."""
    global running  # noqa: PLW0603 - a signal handler has nowhere else to keep it
    running = not running
    signal.setitimer(signal.ITIMER_PROF, EVERY if running else 0, EVERY if running else 0)
    if not running:
        write(os.environ["JANJI_SAMPLES"])


def write(path: str) -> None:
    """The samples as a speedscope file, whole or not at all."""
    places = {frame: place for place, frame in enumerate(dict.fromkeys(frame for stack in stacks for frame in stack))}
    told = {
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "shared": {"frames": [{"name": name, "file": file, "line": line} for name, file, line in places]},
        "profiles": [
            {
                "type": "sampled",
                "name": "main thread",
                "unit": "none",
                "startValue": 0,
                "endValue": sum(stacks.values()),
                "samples": [[places[frame] for frame in stack] for stack in stacks],
                "weights": list(stacks.values()),
            }
        ],
    }
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(told, file)
    os.replace(path + ".new", path)


signal.signal(signal.SIGPROF, sample)
signal.signal(signal.SIGUSR2, toggle)
