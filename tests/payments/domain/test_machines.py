"""Every machine of money is a whole table, one function writes its field, and no history leaves the tables."""

import ast
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.domain import allocations, attempt, payables, payout, refund, transfer
from payments.domain.allocations import CHARGEBACK
from payments.domain.attempt import ATTEMPT, AttemptState
from payments.domain.events import PayoutChanged, TransferStatus
from payments.domain.fees import Tariff
from payments.domain.invoice import OBSERVABLE, InvoiceStatus
from payments.domain.machine import Machine, MoneyTransitionDenied, TableIncomplete
from payments.domain.payables import PAYABLE
from payments.domain.payout import PAYOUT, VOIDABLE, PayoutState
from payments.domain.refund import REFUND
from payments.domain.transfer import SENDING
from tests.payments.makers import NOON, invoice, terms
from tests.payments.test_laws import World, judge, steps, take

PAYMENTS = Path(payables.__file__).parents[1]
MACHINES: dict[str, Machine[Any]] = {"attempts": ATTEMPT, "payables": PAYABLE, "payouts": PAYOUT, "refunds": REFUND}
FIELDS = frozenset({"state", "status", "outcome"})


def test_only_the_machine_writes_a_state() -> None:
    found = []
    for path in sorted(PAYMENTS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or path.name == "machine.py":
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "replace" and {keyword.arg for keyword in node.keywords} & FIELDS:
                found.append(f"{path.name}:{node.lineno}")
    assert found == []


def test_every_machine_of_the_domain_is_known_here() -> None:
    modules = (allocations, attempt, payables, payout, refund, transfer)
    declared = {id(value) for module in modules for value in vars(module).values() if isinstance(value, Machine)}
    assert declared == {id(machine) for machine in (*MACHINES.values(), CHARGEBACK, SENDING)}


def test_a_table_with_a_hole_cannot_exist() -> None:
    whole: dict[AttemptState, frozenset[AttemptState]]
    whole = {state: frozenset(AttemptState) for state in AttemptState}
    Machine("state", frozenset({AttemptState.CREATING}), whole)
    missing = dict(whole)
    del missing[AttemptState.PAID]
    with pytest.raises(TableIncomplete):
        Machine("state", frozenset({AttemptState.CREATING}), missing)
    unreachable: dict[AttemptState, frozenset[AttemptState]]
    unreachable = {state: after - {AttemptState.PAID} for state, after in whole.items()}
    with pytest.raises(TableIncomplete):
        Machine("state", frozenset({AttemptState.CREATING}), unreachable)


def test_a_move_outside_the_table_is_denied() -> None:
    (link,) = invoice().attempts
    paid = ATTEMPT.move(link, AttemptState.PAID)
    with pytest.raises(MoneyTransitionDenied):
        ATTEMPT.move(paid, AttemptState.EXPIRED)


def test_what_may_be_on_its_way_is_not_void() -> None:
    waiting = {PayoutState.WAITING_RETRY, PayoutState.WAITING_FUNDS}
    assert {PayoutState.DRAFT, PayoutState.READY, PayoutState.PERSON} | waiting == VOIDABLE


@given(st.lists(steps, max_size=25), st.sampled_from(["TEMPORARY_TRANSFER_ERROR", "REFUND_NOT_SUPPORTED", None]))
def test_histories_take_rows_of_the_tables_only(history: list[tuple[str, int]], code: str | None) -> None:
    world = World(500_000, terms(), Tariff())
    before, status = states(world), InvoiceStatus.PENDING
    for number, (step, amount) in enumerate(history):
        take(world, step, amount, str(number), code)
        world.post()
        after = states(world)
        for (kind, name), state in after.items():
            was = before.get((kind, name))
            assert was is None or was is state or reaches(MACHINES[kind], was, state), (kind, was, state)
        assert world.invoice.status is status or world.invoice.status in OBSERVABLE[status]
        before, status = after, world.invoice.status


def reaches(machine: Machine[Any], was: StrEnum, state: StrEnum) -> bool:
    """Whether rows lead from one to the other: one step of the world may take several."""
    seen, waiting = {was}, [was]
    while waiting:
        new = machine.rows[waiting.pop()] - seen
        seen |= new
        waiting += new
    return state in seen


def states(world: World) -> dict[tuple[str, str], StrEnum]:
    """Where every record stands."""
    found: dict[tuple[str, str], StrEnum] = {}
    kinds: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("attempts", {link.external_id: link for link in world.invoice.attempts}),
        ("payables", world.payables),
        ("payouts", world.payouts),
        ("refunds", world.refunds),
    )
    for kind, records in kinds:
        for name, record in records.items():
            found[kind, name] = record.state
    return found


@pytest.mark.parametrize("is_retried", [False, True], ids=["while it waits", "after the next sending"])
def test_money_reported_as_failed_and_then_as_arrived_is_booked_as_it_went(is_retried: bool) -> None:
    world = World(500_000, terms(), Tariff())
    world.pay(500_000, "1")
    world.settle(3_500)
    world.post()
    world.now = NOON.replace(month=12)
    world.send()
    world.hear(TransferStatus.FAILED, "TEMPORARY_TRANSFER_ERROR")
    if is_retried:
        world.send()
    for name, sent in list(world.payouts.items()):
        for status in (TransferStatus.SUCCEEDED, TransferStatus.REVERSED):
            sent = sent.apply(PayoutChanged(sent.sends[0].key, "disb-1", status), world.now)  # noqa: PLW2901
            world.payouts[name] = sent
            world.post()
            judge(world)
