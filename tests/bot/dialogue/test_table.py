"""One table says what happens in each state on each event: it is whole, and its page says the same."""

import inspect
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.decide import CONVERSATION
from bot.dialogue.states import page
from bot.dialogue.states.table import IGNORES, NO_BOOKING, STATES, Ignored
from bot.dialogue.triggers import BOOKING_TRIGGERS, Trigger
from bot.domain.events import CustomerWrote, Event, StaffAction, StaffAsked, TimerFired
from bot.domain.states import State
from bot.domain.timers import TimerKind

ROWS: dict[State | None, Mapping[Trigger, Callable[..., Any]]] = {None: NO_BOOKING}
ROWS.update(STATES.items())


def entries(state: State | None, trigger: Trigger) -> list[Ignored]:
    return [entry for entry in IGNORES if trigger in entry.triggers and state in entry.states]


@pytest.mark.parametrize("state", [*State, None])
@pytest.mark.parametrize("trigger", BOOKING_TRIGGERS, ids=str)
def test_each_pair_is_handled_or_ignored_for_one_reason(state: State | None, trigger: Trigger) -> None:
    ignored = entries(state, trigger)
    assert len(ignored) == (0 if trigger in ROWS[state] else 1)
    assert all(entry.reason.endswith(".") for entry in ignored)


def test_every_event_concerns_a_booking_or_the_conversation() -> None:
    by_kind: dict[Any, set[Trigger]] = {TimerFired: set(TimerKind), StaffAsked: set(StaffAction)}
    for event in typing.get_args(Event):
        triggers = by_kind.get(event, {event})
        in_conversation, of_booking = triggers & set(CONVERSATION), triggers & set(BOOKING_TRIGGERS)
        assert in_conversation | of_booking == triggers
        assert not in_conversation & of_booking
    # words reach a state as a turn, once it is known what they mean
    assert CustomerWrote in CONVERSATION
    assert CustomerTurn in BOOKING_TRIGGERS


@pytest.mark.parametrize("state", [*State, None])
def test_each_handler_takes_the_event_it_stands_for(state: State | None) -> None:
    for trigger, handler in ROWS[state].items():
        parameters = list(inspect.signature(handler).parameters.values())
        annotated = inspect.get_annotations(handler, eval_str=True)[parameters[-2].name]
        match trigger:
            case TimerKind():
                assert annotated is TimerFired
            case StaffAction():
                assert annotated is StaffAsked
            case _:
                assert annotated is trigger
        assert len(parameters) == (3 if state is None else 4)


def test_no_two_triggers_are_the_same_key() -> None:
    assert len(set(BOOKING_TRIGGERS)) == len(BOOKING_TRIGGERS)
    assert not set(TimerKind) & set(StaffAction)


def test_the_page_says_what_the_tables_say() -> None:
    written = (Path(bot.__file__).parents[1] / "docs" / "states.md").read_text("utf-8")
    assert written == page.page(), "make docs"
