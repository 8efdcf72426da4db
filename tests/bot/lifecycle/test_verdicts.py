"""A verdict asks its questions in order, and says why not, how to mend it, and who can."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.booking import Booking, OfferedSlot
from bot.domain.ids import BookingReference
from bot.domain.states import PaymentStatus, State
from bot.lifecycle.rules.rule import Facts
from bot.lifecycle.tables import LIFECYCLE
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


def test_an_error_leads_back_only_where_it_came_from() -> None:
    stuck = at(S.ERROR, S.PAID)
    assert evaluate(stuck, S.PAID, Actor.SUPPORT, FACTS).allowed
    assert names(stuck, S.SLOT_PROPOSED, Actor.SUPPORT) == ["transition"]
    assert names(stuck, S.CONFIRMED, Actor.ADMIN) == ["transition"]
    assert evaluate(stuck, S.CANCELLED, Actor.SUPPORT, FACTS).allowed


@pytest.mark.parametrize("actor", [Actor.CUSTOMER, Actor.SALES, Actor.SYSTEM, Actor.WEBHOOK])
def test_only_people_who_mend_things_end_an_error(actor: Actor) -> None:
    assert names(at(S.ERROR, S.INQUIRY), S.INQUIRY, actor) == ["permission"]


def test_a_customer_who_keeps_the_old_time_gets_it_back_while_it_is_free() -> None:
    moving = at(S.RESCHEDULED, S.PAID)
    assert evaluate(moving, S.PAID, Actor.CUSTOMER, FACTS).allowed
    assert names(moving, S.PAID, Actor.CUSTOMER, replace(FACTS, slot_is_free=False)) == ["slot_available"]
    assert names(moving, S.CONFIRMED, Actor.CUSTOMER) == ["transition"]


def test_a_confirmation_is_undone_by_the_system_alone() -> None:
    assert evaluate(at(S.CONFIRMED), S.PAID, Actor.SYSTEM, FACTS).allowed
    assert names(at(S.CONFIRMED), S.SLOT_CONFIRMED, Actor.CUSTOMER) == ["permission"]


def test_a_no_show_is_corrected_by_operations_and_not_by_the_system() -> None:
    past = replace(FACTS, now=SLOT.end)
    assert evaluate(at(S.NO_SHOW), S.COMPLETED, Actor.OPERATIONS, past).allowed
    assert names(at(S.NO_SHOW), S.COMPLETED, Actor.SYSTEM, past) == ["permission"]


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
