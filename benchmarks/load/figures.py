"""The figures of one run: their names, what must be reached, and how they are shown."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Final


@dataclass(slots=True)
class Figures:
    """One run; none where a part was not run. The names are the keys of the JSON line."""

    ack_ratio: float | None = None
    ack_p99_ratio: float | None = None
    flow_read_ratio: float | None = None
    flow_write_ratio: float | None = None
    flow_p99_ms: float | None = None
    message_ops: float | None = None
    message_cpu_ms: float | None = None
    answered_per_s: float | None = None
    burst_p99_s: float | None = None
    scale_ratio: float | None = None
    messages_chat: int | None = None
    messages_flow: int | None = None
    templates_partner: int | None = None
    rss_web_mb: float | None = None
    rss_worker_mb: float | None = None
    idle_cpu_percent: float | None = None
    ops_while_waiting: float | None = None

    def as_json(self) -> str:
        """The one JSON line."""
        return json.dumps({name: _rounded(value) for name, value in asdict(self).items()})


NAMES: Final = tuple(field.name for field in fields(Figures))


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure is, and what it must reach."""

    name: str
    what: str
    must: float | None
    aim: str
    at_least: bool = False

    def is_reached(self, value: float) -> bool | None:
        """Whether the value is good enough; none when nothing is asked of it."""
        if self.must is None:
            return None
        return value >= self.must if self.at_least else value <= self.must

    @property
    def must_in_words(self) -> str:
        """`≥ 3`, `≤ 14`."""
        return "" if self.must is None else f"{'≥' if self.at_least else '≤'} {self.must:g}"


GOALS: Final = (
    Goal("ack_ratio", "durable acknowledgements for one of the peer's in memory, worker stopped", 3, "5", True),
    Goal("ack_p99_ratio", "99th percentile of an acknowledgement for the peer's", 1, ""),
    Goal("flow_read_ratio", "forms opened (INIT) for one stateless exchange of the peer", 0.65, "0.8", True),
    Goal("flow_write_ratio", "screens sent for one stateless exchange of the peer", 0.42, "0.55", True),
    Goal("flow_p99_ms", "99th percentile of an exchange at half load, ms", 50, ""),
    Goal("message_ops", "database commands for each answered message", 14, "9"),
    Goal("message_cpu_ms", "processor time for each answered message, all processes and mongod, ms", 16, "8"),
    Goal("answered_per_s", "400 write at once: answered a second", 80, "150", True),
    Goal("burst_p99_s", "400 write at once: 99 of 100 answered after, s", 6, ""),
    Goal("scale_ratio", "the worst figure with many leads for the same with few", 0.9, "1", True),
    Goal("messages_chat", "messages of the bot from the first word to paid: chat", 5, "4"),
    Goal("messages_flow", "messages of the bot from the first word to paid: form", 3, "2"),
    Goal("templates_partner", "templates to all partners of one booking, from paid to done", 3, ""),
    Goal("rss_web_mb", "resident after the load: web, MB", 120, "90"),
    Goal("rss_worker_mb", "resident after the load: worker, MB", 120, "90"),
    Goal("idle_cpu_percent", "processor time while nothing happens, % of one core", None, ""),
    Goal("ops_while_waiting", "commands a second while a burst waits, heartbeats and all", 2, "0"),
)


def table(figures: Figures) -> str:
    """The figures as a Markdown table, with what they must reach."""
    lines = ["| figure | value | must | aim | |", "|---|---|---|---|---|"]
    for goal in GOALS:
        value = getattr(figures, goal.name)
        mark = {True: "reached", False: "missed", None: ""}[None if value is None else goal.is_reached(value)]
        lines.append(f"| `{goal.name}`: {goal.what} | {shown(value)} | {goal.must_in_words} | {goal.aim} | {mark} |")
    return "\n".join(lines)


def shown(value: float | None) -> str:
    """A figure for people."""
    return "–" if value is None else f"{_rounded(value):g}"


def _rounded(value: float | None) -> float | int | None:
    if value is None or isinstance(value, int):
        return value
    return round(value, 3) if value < 1 else round(value, 2) if value < 10 else round(value, 1)
