"""The tables are complete, and say what the requirements' T01 to T33 say."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from bot.domain.states import (
    ABANDONABLE,
    CLOSED,
    RESCHEDULABLE,
    Dispute,
    Documents,
    FollowUp,
    ItemStatus,
    LatePayment,
    Mode,
    Modification,
    PaymentStatus,
    ShowUp,
    State,
)
from bot.lifecycle.tables import (
    DISPUTE,
    DOCUMENTS,
    FOLLOW_UP,
    ITEM,
    LATE_PAYMENT,
    LIFECYCLE,
    MODE,
    MODIFICATION,
    PAYMENT,
    SHOW_UP,
    is_legal,
)

S = State
NOT_CLOSED = frozenset(State) - CLOSED
BEFORE_ERROR = NOT_CLOSED - {S.ERROR}

EDGES: Mapping[str, frozenset[tuple[State, State]]] = {
    "T02": frozenset({(S.INQUIRY, S.SERVICE_SELECTED)}),
    "T03": frozenset({(S.SERVICE_SELECTED, S.SLOT_PROPOSED)}),
    "T04": frozenset({(S.SLOT_PROPOSED, S.SLOT_PROPOSED)}),
    "T05": frozenset({(S.SLOT_PROPOSED, S.SERVICE_SELECTED)}),
    "T06": frozenset({(S.SLOT_PROPOSED, S.SLOT_CONFIRMED)}),
    "T07": frozenset({(one, S.PAYMENT_PENDING) for one in (S.SLOT_CONFIRMED, S.PENDING_CONFIRMATION)}),
    "T08": frozenset({(S.PAYMENT_PENDING, S.PAYMENT_PENDING)}),
    "T09": frozenset({(S.PAYMENT_PENDING, S.PAID)}),
    "T10": frozenset({(one, S.PENDING_CONFIRMATION) for one in (S.SLOT_CONFIRMED, S.PAID)}),
    "T11": frozenset({(one, S.CONFIRMED) for one in (S.SLOT_CONFIRMED, S.PAID, S.PENDING_CONFIRMATION)}),
    "T15": frozenset({(one, S.REMINDER_SENT) for one in (S.SLOT_CONFIRMED, S.PAID, S.CONFIRMED)}),
    "T16": frozenset({(one, S.CHECKED_IN) for one in (S.CONFIRMED, S.REMINDER_SENT)}),
    "T17": frozenset({(S.CHECKED_IN, S.CHECKED_OUT)}),
    "T18": frozenset({(S.CHECKED_OUT, S.COMPLETED)}),
    "T19": frozenset({(one, S.COMPLETED) for one in (S.REMINDER_SENT, S.CONFIRMED)}),
    "T20": frozenset({(one, S.NO_SHOW) for one in (S.REMINDER_SENT, S.CONFIRMED)}),
    "T21": frozenset({(S.NO_SHOW, S.COMPLETED)}),
    "T22": frozenset({(one, S.RESCHEDULED) for one in RESCHEDULABLE}),
    "T23": frozenset({(S.RESCHEDULED, S.SLOT_PROPOSED)}),
    "T24": frozenset({(S.RESCHEDULED, one) for one in RESCHEDULABLE}),
    "T26": frozenset({(one, S.CANCELLED) for one in NOT_CLOSED}),
    "T28": frozenset({(one, S.ABANDONED) for one in ABANDONABLE}),
    "T29": frozenset({(S.ABANDONED, one) for one in (S.INQUIRY, S.SERVICE_SELECTED, S.CANCELLED)}),
    "T32": frozenset({(one, S.ERROR) for one in BEFORE_ERROR}),
    "T33": frozenset({(S.ERROR, one) for one in BEFORE_ERROR | {S.CANCELLED}}),
}
"""Copied from the requirements by hand; T01 creates, T12 is left out on purpose.

T13, T14, T25, T27, T30 and T31 are facets."""

FACETS: tuple[tuple[type[StrEnum], Mapping[Any, frozenset[Any]]], ...] = (
    (PaymentStatus, PAYMENT),
    (LatePayment, LATE_PAYMENT),
    (Modification, MODIFICATION),
    (Dispute, DISPUTE),
    (FollowUp, FOLLOW_UP),
    (ShowUp, SHOW_UP),
    (ItemStatus, ITEM),
    (Documents, DOCUMENTS),
    (Mode, MODE),
)


def test_every_state_has_a_row() -> None:
    assert set(LIFECYCLE) == set(State)


@pytest.mark.parametrize("number", EDGES)
def test_every_numbered_edge_is_in_the_table(number: str) -> None:
    assert [edge for edge in sorted(EDGES[number]) if not is_legal(*edge)] == []


def test_the_table_has_no_edge_without_a_number() -> None:
    table = {(state, target) for state, row in LIFECYCLE.items() for target in row}
    assert sorted(table - frozenset().union(*EDGES.values())) == []


def test_closed_states_lead_nowhere_but_where_the_table_reopens_them() -> None:
    assert LIFECYCLE[S.COMPLETED] == LIFECYCLE[S.CANCELLED] == frozenset()
    assert LIFECYCLE[S.NO_SHOW] == {S.COMPLETED}
    assert LIFECYCLE[S.ABANDONED] == {S.INQUIRY, S.SERVICE_SELECTED, S.CANCELLED}


def test_paid_never_goes_back_to_slot_confirmed() -> None:
    assert not is_legal(S.PAID, S.SLOT_CONFIRMED)


def test_a_paid_booking_is_never_abandoned() -> None:
    paid = {S.PAID, S.PENDING_CONFIRMATION, S.CONFIRMED, S.REMINDER_SENT, S.CHECKED_IN, S.CHECKED_OUT}
    assert not any(is_legal(state, S.ABANDONED) for state in paid | CLOSED)


def test_every_state_can_be_reached_from_an_inquiry() -> None:
    reached, todo = {S.INQUIRY}, [S.INQUIRY]
    while todo:
        new = LIFECYCLE[todo.pop()] - reached
        reached |= new
        todo.extend(new)
    assert reached == set(State)


@pytest.mark.parametrize(("words", "table"), FACETS, ids=[words.__name__ for words, _ in FACETS])
def test_every_facet_has_a_complete_table(words: type[StrEnum], table: Mapping[Any, frozenset[Any]]) -> None:
    assert set(table) == set(words)
    assert frozenset().union(*table.values()) <= set(words)


def test_money_that_comes_after_expiry_is_never_refused() -> None:
    assert {PaymentStatus.PAID, PaymentStatus.PARTIALLY_PAID} <= PAYMENT[PaymentStatus.EXPIRED]


def test_a_refund_in_full_is_the_end_of_the_money() -> None:
    assert PAYMENT[PaymentStatus.REFUNDED] == frozenset()


def test_a_take_over_may_pass_from_one_agent_to_another() -> None:
    assert MODE[Mode.AGENT] == {Mode.AGENT, Mode.BOT}
