"""The checklist of a step: met items with what is known, missing ones with what to ask; advice does not count."""

from dataclasses import replace

import pytest

from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.customer_fields import CustomerField
from bot.domain.ids import BookingReference
from bot.domain.states import CLOSED, State
from bot.lifecycle import apply
from bot.lifecycle.checklist import checklist, next_state
from bot.lifecycle.tables import LIFECYCLE
from bot.lifecycle.verdicts import Actor
from bot.replies.checklist import rows
from payments.domain.money import Money
from tests.bot.business.makers import sample
from tests.bot.business.test_house_rules import read
from tests.bot.makers import HERE, NOW, a_lead

TEXTS = '{ en: "Any allergy?", id: "Ada alergi?", vi: "Bạn có dị ứng không?" }'
ASKS = f"id: medical, ask: medical-history, text: {TEXTS}"
WARNS = 'id: dog, warn: true, text: { en: "Mind the dog.", id: "Awas anjing.", vi: "Coi chừng chó." }'
BOOKING = Booking(BookingReference("BK-1"), State.SERVICE_SELECTED, service="planning-call", guests=1)


def test_what_is_met_shows_what_is_known_and_what_is_missing_what_to_ask() -> None:
    context = Context(NOW, read(ASKS, WARNS))
    lead = a_lead(language="vi")
    found = checklist(lead, BOOKING, State.SLOT_PROPOSED, context)
    assert (found.state, found.target, found.met, found.needed) == (State.SERVICE_SELECTED, State.SLOT_PROPOSED, 3, 4)
    shown = {row.rule: row for row in rows(found, lead, BOOKING, context, "en")}
    assert shown["service_type"].value == "Free planning call"
    assert (shown["customer_contact"].value, shown["customer_contact"].personal) == ("", HERE.wa_id)
    # staff read English; the customer is asked in Vietnamese
    assert (shown["medical"].is_met, shown["medical"].question) == (False, "Bạn có dị ứng không?")
    assert shown["medical"].field == "medical-history"
    assert (shown["dog"].is_met, shown["dog"].is_advice, shown["dog"].question) == (False, True, "")
    reason = shown["dog"].reason
    assert reason is not None
    assert reason.fact == "Mind the dog."


def test_an_answer_is_the_customers_own_and_nobody_else_may_see_it() -> None:
    context = Context(NOW, read(ASKS))
    lead = a_lead().with_answer(CustomerField("medical-history", "asthma", NOW))
    found = checklist(lead, BOOKING, State.SLOT_PROPOSED, context)
    (row,) = [row for row in rows(found, lead, BOOKING, context, "en") if row.rule == "medical"]
    assert (row.is_met, row.value, row.personal) == (True, "", "asthma")


def test_without_a_service_the_customer_is_asked_which() -> None:
    context, lead = Context(NOW, sample()), a_lead(language="en")
    bare = replace(BOOKING, state=State.INQUIRY, service=None)
    found = checklist(lead, bare, State.SERVICE_SELECTED, context)
    (row,) = [row for row in rows(found, lead, bare, context, "en") if not row.is_met]
    assert (row.rule, row.question) == ("service_type", "What would you like to book?")


@pytest.mark.parametrize("state", [state for state in State if state not in CLOSED and state is not State.ERROR])
def test_where_it_goes_next_is_a_way_it_may_go(state: State) -> None:
    booking = replace(BOOKING, state=state, previous_state=State.CONFIRMED)
    target = next_state(booking, Context(NOW, sample()))
    assert target in LIFECYCLE[state]


def test_money_that_is_owed_comes_before_the_confirmation() -> None:
    context = Context(NOW, sample())
    owes = replace(BOOKING, state=State.SLOT_CONFIRMED, due=Money(1, "IDR"))
    assert next_state(owes, context) is State.PAYMENT_PENDING
    assert next_state(replace(owes, due=None), context) is State.CONFIRMED
    assert next_state(replace(owes, service="kamboja-stay", state=State.CONFIRMED), context) is State.CHECKED_IN
    assert all(next_state(replace(owes, state=state), context) is None for state in CLOSED)


def test_the_checklist_misses_what_the_verdict_refuses() -> None:
    context, lead = Context(NOW, read(ASKS, WARNS)), a_lead()
    for state in State:
        for target in LIFECYCLE[state]:
            booking = replace(BOOKING, state=state, previous_state=State.CONFIRMED)
            found = checklist(lead, booking, target, context)
            verdict = apply.judged(lead, booking, target, Actor.ADMIN, context)
            missing = {item.rule for item in found.items if not item.is_met and not item.is_advice}
            of_rules = {why.rule for why in verdict.reasons} - {"transition", "permission"}
            assert of_rules <= missing
            assert not of_rules or found.met < found.needed
