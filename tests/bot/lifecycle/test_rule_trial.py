"""A rule tried over what was booked already: it says what it would have said then."""

from dataclasses import replace
from datetime import timedelta

from bot.business.context import Context
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.customer_fields import CustomerField
from bot.domain.ids import BookingReference
from bot.domain.states import State
from bot.domain.visits import Visit
from bot.lifecycle.rule_trial import would_act
from tests.bot.business.test_house_rules import WORDS, read
from tests.bot.makers import NOW, a_lead

SLOT = OfferedSlot("slot", NOW - timedelta(days=3), NOW - timedelta(days=3, hours=-2), "komang", "villa-karang")
STOOD = Booking(BookingReference("BK-1"), State.COMPLETED, service="private-chef", guests=9, chosen=SLOT)
LARGE = f"id: large, for: [private-chef], when: {{ guests_from: 8 }}, block: true, text: {WORDS}"
NEW = f"id: new, when: {{ first_visit: true }}, ask: diet, text: {WORDS}"


def test_a_booking_that_stands_is_judged_as_it_was_on_its_way() -> None:
    business = read(LARGE)
    (rule,), context = business.rules, Context(NOW, business)
    assert would_act(rule, a_lead(), STOOD, context)
    assert not would_act(rule, a_lead(), replace(STOOD, guests=4), context)
    assert not would_act(rule, a_lead(), replace(STOOD, service="day-tour"), context)


def test_who_had_not_been_here_then_was_new() -> None:
    business = read(NEW)
    (rule,), context = business.rules, Context(NOW, business)
    itself = Visit(STOOD.reference, "private-chef", "komang", "villa-karang", SLOT.end, None, None)
    later = replace(itself, reference=BookingReference("BK-2"), ended_at=NOW)
    earlier = replace(itself, reference=BookingReference("BK-0"), ended_at=NOW - timedelta(days=30))
    assert would_act(rule, replace(a_lead(), visits=(itself, later)), STOOD, context)
    assert not would_act(rule, replace(a_lead(), visits=(earlier, itself)), STOOD, context)
    answered = a_lead().with_answer(CustomerField("diet", "vegan", NOW))
    assert not would_act(rule, answered, STOOD, context)
