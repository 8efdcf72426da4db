"""Every built-in rule both ways: it lets pass what it should, and names rule, fact, fix and who can otherwise."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.acceptance import Acceptance
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.ids import BookingReference
from bot.domain.states import PaymentStatus, ShowUp, State
from bot.domain.task import TaskState
from bot.lifecycle.rules import built_in
from bot.lifecycle.rules.registry import RULES
from bot.lifecycle.rules.rule import Facts, Reason
from payments.domain.money import Money

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
Changes = dict[str, Any]


def slot_in(hours: float) -> OfferedSlot:
    start = NOW + timedelta(hours=hours)
    return OfferedSlot("slot", start, start + timedelta(hours=1))


@dataclass(frozen=True)
class Case:
    rule: Callable[[Booking, Facts], Reason | None]
    passes: Changes = field(default_factory=dict)
    blocks: Changes = field(default_factory=dict)
    facts_pass: Changes = field(default_factory=dict)
    facts_block: Changes = field(default_factory=dict)
    blocked_as: str = ""


IDR = Money(100_000, "IDR")
LESS = Money(99_999, "IDR")
OWED: Changes = {"due": IDR, "paid": IDR}

CASES = {
    "service": Case(built_in.service_is_chosen, {"service": "massage"}, {}, {}, {}, "service_type"),
    "service not in the catalogue": Case(
        built_in.service_is_chosen,
        {"service": "massage"},
        {"service": "massage"},
        {"in_catalogue": True},
        {"in_catalogue": False},
        "service_type",
    ),
    "contact": Case(built_in.contact_is_known, facts_block={"contact_known": False}, blocked_as="customer_contact"),
    "a free time to offer": Case(
        built_in.times_are_free,
        facts_pass={"free_slots": 1},
        facts_block={"free_slots": 0},
        blocked_as="slot_available",
    ),
    "an explicit yes": Case(
        built_in.confirmation_is_explicit, {"explicitly_confirmed": True}, {}, blocked_as="explicit_confirmation"
    ),
    "a chosen time": Case(built_in.slot_is_chosen, {"chosen": slot_in(1)}, {}, blocked_as="appointment_slot"),
    "a free time": Case(
        built_in.slot_is_free,
        facts_pass={"slot_is_free": True},
        facts_block={"slot_is_free": False},
        blocked_as="slot_available",
    ),
    "a time ahead": Case(
        built_in.slot_is_ahead, {"chosen": slot_in(0.1)}, {"chosen": slot_in(0)}, blocked_as="appointment_date"
    ),
    "something is due": Case(
        built_in.payment_is_needed, {"due": IDR}, {"due": Money(0, "IDR")}, blocked_as="payment_required"
    ),
    "a way to pay": Case(
        built_in.payment_method_is_known, {"payment_method": "invoice"}, {}, blocked_as="payment_method"
    ),
    "the whole sum": Case(built_in.money_has_come, OWED, {**OWED, "paid": LESS}, blocked_as="payment_received"),
    "a surplus is enough": Case(
        built_in.money_has_come,
        {**OWED, "paid": Money(100_001, "IDR")},
        {"due": IDR},
        blocked_as="payment_received",
    ),
    "the same currency": Case(
        built_in.money_has_come, OWED, {**OWED, "paid": Money(100_000, "VND")}, blocked_as="payment_received"
    ),
    "nothing owed": Case(built_in.nothing_is_due, {}, {"due": IDR}, blocked_as="payment_received"),
    "owed and paid": Case(
        built_in.nothing_is_due,
        {"due": IDR, "payment_status": PaymentStatus.PAID},
        {"due": IDR, "payment_status": PaymentStatus.PENDING},
        blocked_as="payment_received",
    ),
    "somebody's yes": Case(
        built_in.somebody_accepted,
        {"acceptance": Acceptance("service", NOW, 1, TaskState.TAKEN, ("ayu",), "ayu")},
        {"acceptance": Acceptance("service", NOW, 1, candidates=("ayu",))},
        blocked_as="acceptance",
    ),
    "the house's yes": Case(
        built_in.somebody_accepted,
        {"acceptance": Acceptance("approval", NOW, 1, TaskState.DONE, who="dewi")},
        {"acceptance": Acceptance("approval", NOW, 1, TaskState.UNFILLED)},
        blocked_as="acceptance",
    ),
    "a day before": Case(
        built_in.reminder_is_due,
        {"chosen": slot_in(24)},
        {"chosen": slot_in(24.01)},
        blocked_as="reminder_too_early",
    ),
    "after the time": Case(
        built_in.time_has_passed, {"chosen": slot_in(0)}, {"chosen": slot_in(0.1)}, blocked_as="appointment_passed"
    ),
    "a stay": Case(
        built_in.is_a_stay,
        facts_pass={"is_stay": True},
        facts_block={"is_stay": False},
        blocked_as="stay",
    ),
    "arrival": Case(built_in.arrival_is_near, {"chosen": slot_in(12)}, {"chosen": slot_in(12.1)}, blocked_as="arrival"),
    "came": Case(
        built_in.customer_came,
        {"show_up": ShowUp.CAME},
        {"show_up": ShowUp.DID_NOT_COME},
        blocked_as="show_up",
    ),
    "did not come": Case(
        built_in.customer_did_not_come,
        {"show_up": ShowUp.DID_NOT_COME},
        {"show_up": ShowUp.CAME},
        blocked_as="show_up",
    ),
    "a correction": Case(
        built_in.correction_is_in_time,
        {"state": State.NO_SHOW, "no_show_at": NOW - timedelta(hours=23)},
        {"state": State.NO_SHOW, "no_show_at": NOW - timedelta(hours=24)},
        blocked_as="correction",
    ),
    "why another time": Case(
        built_in.reschedule_has_reason, {"reschedule_reason": "ill"}, {}, blocked_as="reschedule_reason"
    ),
    "why called off": Case(
        built_in.cancellation_has_reason, {"cancellation_reason": "ill"}, {}, blocked_as="cancellation_reason"
    ),
    "seven silent days": Case(
        built_in.customer_is_silent,
        {"last_activity_at": NOW - timedelta(days=7)},
        {"last_activity_at": NOW - timedelta(days=6, hours=23)},
        blocked_as="inactivity",
    ),
}

FACTS = Facts(now=NOW, contact_known=True)
BOOKING = Booking(BookingReference("BK-1"))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_rule_lets_pass(case: Case) -> None:
    assert case.rule(replace(BOOKING, **case.passes), replace(FACTS, **case.facts_pass)) is None


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_rule_blocks_and_names_rule_fact_fix_and_who_can(case: Case) -> None:
    reason = case.rule(replace(BOOKING, **case.blocks), replace(FACTS, **case.facts_block))
    assert reason is not None
    assert reason.rule == case.blocked_as
    assert reason.fact
    assert reason.fix.replace("_", "").isalnum()
    # nobody can hurry these: they wait for a time
    assert reason.who_can or case.rule in {built_in.time_has_passed, built_in.arrival_is_near}


def test_every_rule_of_the_registry_is_tried_here_and_named_as_its_reason_is() -> None:
    tried = {case.rule: case.blocked_as for case in CASES.values()}
    assert {rule.check for rule in RULES} <= set(tried)
    assert [rule.name for rule in RULES] == [tried[rule.check] for rule in RULES]
