"""`docs/states.md`: what happens in each state on each event, drawn from the tables that are executed."""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from bot.dialogue import decide
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.followers import FOLLOWERS
from bot.dialogue.states.table import ANYWHERE, IGNORES, NO_BOOKING, STATES
from bot.dialogue.triggers import BOOKING_TRIGGERS, Trigger
from bot.domain import states
from bot.domain.events import StaffAction
from bot.domain.states import CLOSED, State
from bot.domain.timers import TimerKind
from bot.lifecycle.complaints import COMPLAINT
from bot.lifecycle.tables import (
    DISPUTE,
    FOLLOW_UP,
    LATE_PAYMENT,
    LIFECYCLE,
    MODE,
    MODIFICATION,
    NOT_BUILT,
    PAYMENT,
    SHOW_UP,
    not_built,
)

_FACETS: Final[Mapping[str, Mapping[Any, frozenset[Any]]]] = {
    "Payment status, of one account": PAYMENT,
    "Late payment": LATE_PAYMENT,
    "Change of a booking": MODIFICATION,
    "Dispute": DISPUTE,
    "Show-up": SHOW_UP,
    "Follow-up": FOLLOW_UP,
    "Mode of the conversation": MODE,
    "Complaint about a visit": COMPLAINT,
}
_BUILT: Final = tuple(state for state in State if not_built(state) is None)
_NO_BOOKING: Final = "no booking"


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What happens in each state on each event"
    yield ""
    yield "Made by `make docs` from the tables that are executed: `bot/lifecycle/tables.py` says which moves are legal,"
    yield "`bot/dialogue/states/table.py` which function deals with an event. A test holds this page to them."
    yield ""
    yield "## The lifecycle of a booking"
    yield ""
    yield from _diagram(LIFECYCLE, start=State.INQUIRY)
    yield ""
    yield "Whether a legal move is allowed (fields, facts, permissions) is `bot.lifecycle.verdicts.evaluate`."
    yield ""
    yield "## Facets"
    for name, table in _FACETS.items():
        yield from ("", f"### {name}", "")
        yield from _diagram(table, start=next(iter(table)))
    yield from ("", "## Before any state", "")
    yield "Words of a customer pass through these first: STOP and START, whether a person has the conversation, an open"
    yield '"did you mean", the wish for a person or another language, an answer that is owed (an account for a refund,'
    yield "another time for late money, whether they came), questions that the business file answers, and words we are"
    yield "not sure of (`bot/dialogue/conversation.py`, `bot/dialogue/dispatch.py`). Some events concern the"
    yield "conversation and no single booking:"
    yield ""
    yield from _handled(decide.CONVERSATION, tuple(decide.CONVERSATION))
    yield from ("", "## In every state that says nothing else", "")
    yield from _handled(ANYWHERE, BOOKING_TRIGGERS)
    for state in _BUILT:
        yield from ("", f"## {state}", "", _meaning(state))
        own = {trigger: handler for trigger, handler in STATES[state].items() if handler is not ANYWHERE.get(trigger)}
        if own:
            yield ""
            yield from _handled(own, BOOKING_TRIGGERS)
    yield from ("", f"## With {_NO_BOOKING}", "")
    yield "The lead has no booking of that name, or none the conversation could be about."
    yield ""
    yield from _handled(NO_BOOKING, BOOKING_TRIGGERS)
    yield from ("", "## What changes nothing, and why", "", "| event | in | because |", "|---|---|---|")
    for entry in IGNORES:
        events = ", ".join(_event(trigger) for trigger in BOOKING_TRIGGERS if trigger in entry.triggers)
        yield f"| {events} | {_where(entry.states)} | {entry.reason} |"
    yield from ("", "## After every decision", "")
    yield from (f"{number}. {_sentence(follow)}" for number, follow in enumerate(FOLLOWERS, 1))
    yield from ("", "## Not built yet", "")
    yield "These stand in a table; the verdict denies them with the reason, and they are not drawn above."
    yield from ("", "| what | why not |", "|---|---|")
    reasons: dict[str, list[str]] = {}
    for missing in NOT_BUILT:
        reasons.setdefault(missing.reason, []).append(_name(missing.what))
    yield from (f"| {', '.join(names)} | {reason} |" for reason, names in reasons.items())


def _diagram(table: Mapping[Any, frozenset[Any]], start: StrEnum) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {start}"
    for origin, row in table.items():
        for target in type(origin):
            if target in row and not_built(origin) is None and not_built(target, origin) is None:
                yield f"    {origin} --> {target}"
    yield "```"


def _handled(row: Mapping[Trigger, Callable[..., Any]], order: tuple[Trigger, ...]) -> Iterator[str]:
    yield "| on | what is done | by |"
    yield "|---|---|---|"
    for trigger in order:
        handler = row.get(trigger)
        if handler is not None:
            module = handler.__module__.removeprefix("bot.dialogue.")
            yield f"| {_event(trigger)} | {_sentence(handler)} | `{module}.{handler.__name__.lstrip('_')}` |"


def _event(trigger: Trigger) -> str:
    match trigger:
        case TimerKind():
            return f"timer `{trigger}`"
        case StaffAction():
            return f"staff: {trigger}"
        case _ if trigger is CustomerTurn:
            return "the customer's words"
        case _:
            return f"`{trigger.__name__}`"


def _where(rows: frozenset[State | None]) -> str:
    """The built states of a row, or all but the few that are missing."""
    inside = [state for state in _BUILT if state in rows]
    outside = [state for state in _BUILT if state not in rows]
    without = [_NO_BOOKING] if None in rows else []
    if not outside:
        return "every state" + (f" and {_NO_BOOKING}" if without else "")
    if set(inside) == set(CLOSED) & set(_BUILT):
        return "closed states"
    if len(outside) < len(inside):
        return "every state but " + ", ".join(outside) + ("" if without else ", with a booking")
    return ", ".join([*inside, *without])


def _sentence(function: Callable[..., Any]) -> str:
    """What its docstring says, in one line."""
    return " ".join(inspect.cleandoc(function.__doc__ or "").split()).replace("|", "\\|")


def _meaning(state: State) -> str:
    """The words under that state in `bot/domain/states.py`."""
    body = next(
        node.body
        for node in ast.parse(inspect.getsource(states)).body
        if isinstance(node, ast.ClassDef) and node.name == "State"
    )
    for assigned, words in pairwise(body):
        is_meant = isinstance(assigned, ast.Assign) and ast.unparse(assigned.targets[0]) == state.name
        if is_meant and isinstance(words, ast.Expr) and isinstance(words.value, ast.Constant):
            return str(words.value.value)
    return ""


def _name(what: object) -> str:
    if isinstance(what, tuple):
        return f"{what[0]} → {what[1]}"
    return str(what) if isinstance(what, State) else f"{type(what).__name__} `{what}`"
