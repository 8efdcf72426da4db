"""A verdict asks its questions in order, and says why not, how to mend it, and who can."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.booking import Booking, OfferedSlot
from bot.domain.ids import BookingReference
from bot.domain.states import PaymentStatus, State
from bot.lifecycle.rules.rule import Facts
from bot.lifecycle.tables import LIFECYCLE, NOT_BUILT, not_built
from bot.lifecycle.verdicts import MAY, Actor, evaluate
from payments.domain.money import Money

S = State
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FACTS = Facts(now=NOW, contact_known=True, free_slots=3, slot_is_free=True, in_catalogue=True)
SLOT = OfferedSlot("slot-1", NOW + timedelta(days=2), NOW + timedelta(days=2, hours=1))
READY = Booking(
    BookingReference("BK-1"),
    service="massage",
    chosen=SLOT,
    explicitly_confirmed=True,
    price=Money(350_000, "IDR"),
    due=Money(350_000, "IDR"),
    paid=Money(350_000, "IDR"),
    payment_method="invoice",
    payment_status=PaymentStatus.PAID,
    reschedule_reason="ill",
    cancellation_reason="ill",
)


def at(state: State, previous: State | None = None) -> Booking:
    return replace(READY, state=state, previous_state=previous)


def names(booking: Booking, target: State, actor: Actor = Actor.SYSTEM, facts: Facts = FACTS) -> list[str]:
    return [reason.rule for reason in evaluate(booking, target, actor, facts).reasons]


def test_an_allowed_move_has_no_reasons() -> None:
    verdict = evaluate(at(S.SLOT_PROPOSED), S.SLOT_CONFIRMED, Actor.CUSTOMER, FACTS)
    assert verdict.allowed
    assert verdict.reasons == ()
    assert verdict.target is S.SLOT_CONFIRMED


def test_the_table_is_asked_before_fields_facts_and_permissions() -> None:
    bare = Booking(BookingReference("BK-1"), state=S.INQUIRY)
    facts = Facts(now=NOW, contact_known=False, free_slots=0, slot_is_free=False)
    assert names(bare, S.SLOT_CONFIRMED, Actor.WEBHOOK, facts) == ["transition"]


def test_fields_are_asked_before_facts() -> None:
    bare = Booking(BookingReference("BK-1"), state=S.SLOT_PROPOSED)
    taken = replace(FACTS, slot_is_free=False)
    assert names(bare, S.SLOT_CONFIRMED, Actor.WEBHOOK, taken) == ["appointment_slot", "explicit_confirmation"]


def test_facts_are_asked_before_permissions() -> None:
    taken = replace(FACTS, slot_is_free=False)
    assert names(at(S.SLOT_PROPOSED), S.SLOT_CONFIRMED, Actor.WEBHOOK, taken) == ["slot_available"]


def test_permissions_are_asked_last() -> None:
    verdict = evaluate(at(S.SLOT_PROPOSED), S.SLOT_CONFIRMED, Actor.WEBHOOK, FACTS)
    assert [reason.rule for reason in verdict.reasons] == ["permission"]
    assert "customer" in verdict.reasons[0].who_can


@pytest.mark.parametrize("state", State)
def test_every_state_says_who_may_bring_a_booking_there(state: State) -> None:
    assert MAY[state]


@pytest.mark.parametrize("state", State)
def test_a_move_outside_the_table_is_never_allowed(state: State) -> None:
    for target in set(State) - LIFECYCLE[state]:
        for actor in Actor:
            assert names(at(state, target), target, actor) == ["transition"]


def moves_not_built() -> Iterator[tuple[State, State, str]]:
    for entry in NOT_BUILT:
        if isinstance(entry.what, tuple):
            yield (*entry.what, entry.reason)
        elif isinstance(entry.what, State):
            for origin, row in LIFECYCLE.items():
                if entry.what in row and not_built(origin) is None:
                    yield origin, entry.what, entry.reason


@pytest.mark.parametrize(("origin", "target", "why"), list(moves_not_built()))
def test_a_move_that_is_not_built_is_denied_with_the_reason(origin: State, target: State, why: str) -> None:
    for actor in Actor:
        (reason,) = evaluate(at(origin, target), target, actor, FACTS).reasons
        assert (reason.rule, reason.fact) == ("transition", "not_built")
        assert dict(reason.values) == {"state": origin.value, "target": target.value, "why": why}


@pytest.mark.parametrize("number", range(len(NOT_BUILT)))
def test_what_is_not_built_stands_in_a_table_and_says_why(number: int) -> None:
    entry = NOT_BUILT[number]
    assert entry.reason
    match entry.what:
        case (origin, target):
            assert target in LIFECYCLE[origin]
        case State():
            assert entry.what in LIFECYCLE
        case value:
            assert any(value is known for known in type(value))


def test_a_deposit_that_has_come_confirms_though_the_rest_is_open() -> None:
    deposit = replace(
        at(S.PAID),
        due=Money(100_000, "IDR"),
        paid=Money(100_000, "IDR"),
        payment_status=PaymentStatus.PARTIALLY_PAID,
    )
    assert evaluate(deposit, S.CONFIRMED, Actor.SYSTEM, FACTS).allowed


@pytest.mark.parametrize("state", [S.COMPLETED, S.CANCELLED])
def test_what_has_ended_cannot_be_cancelled(state: State) -> None:
    assert names(at(state), S.CANCELLED, Actor.CUSTOMER) == ["transition"]
