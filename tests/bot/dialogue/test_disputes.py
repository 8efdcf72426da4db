"""A bank took a payment back: the facet moves by its table, a person is called once, the customer hears nothing."""

from dataclasses import replace

import pytest

from bot.domain.lead import Lead
from bot.domain.outcome import Decision
from bot.domain.states import Dispute, State
from payments.domain.allocations import EVIDENCE_WITHIN, ChargebackOutcome
from tests.bot.paying import chat, money, paid, told, waiting


def disputed(lead: Lead, outcome: ChargebackOutcome, change: int = 7) -> Decision:
    """News of a paid invoice that a bank has touched."""
    return told(lead, paid(change, dispute=outcome))


def confirmed() -> Lead:
    """Paid, and nobody waits for a person."""
    return told(waiting(), paid()).lead


@pytest.mark.parametrize("end", [ChargebackOutcome.WON, ChargebackOutcome.LOST])
def test_a_dispute_is_opened_and_decided_and_leaves_the_booking_where_it_stands(end: ChargebackOutcome) -> None:
    opened = disputed(confirmed(), ChargebackOutcome.OPEN)
    (booking,) = opened.lead.bookings
    assert (booking.dispute, booking.state) == (Dispute.OPEN, State.CONFIRMED)
    assert opened.lead.waits_for_person
    (booking,) = disputed(opened.lead, end, 8).lead.bookings
    assert (booking.dispute, booking.state) == (Dispute(end.value), State.CONFIRMED)


def test_while_it_is_open_a_person_must_have_looked_by_a_day() -> None:
    (alarm,) = disputed(confirmed(), ChargebackOutcome.OPEN).lead.alarms
    assert alarm.due is not None
    assert alarm.due - alarm.since == EVIDENCE_WITHIN
    (lost,) = disputed(confirmed(), ChargebackOutcome.LOST).lead.alarms
    assert lost.due is None


def test_nothing_is_said_to_the_customer_and_no_money_is_ordered() -> None:
    for outcome in ChargebackOutcome:
        decision = disputed(confirmed(), outcome)
        assert (chat(decision), money(decision)) == ([], [])


def test_told_again_nobody_is_called_again() -> None:
    opened = replace(disputed(confirmed(), ChargebackOutcome.OPEN).lead, alarms=())
    again = disputed(opened, ChargebackOutcome.OPEN, 8)
    assert (again.lead, again.effects) == (opened, ())


def test_one_that_was_decided_before_we_heard_of_it_ends_where_it_ended() -> None:
    (booking,) = disputed(confirmed(), ChargebackOutcome.LOST).lead.bookings
    assert booking.dispute is Dispute.LOST


def test_a_booking_long_forgotten_calls_a_person_all_the_same() -> None:
    forgotten = disputed(Lead(confirmed().id), ChargebackOutcome.OPEN)
    assert forgotten.lead.waits_for_person
    assert chat(forgotten) == []
