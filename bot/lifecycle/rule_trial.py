"""What a rule of the house would have done to a booking that was made already: judged as it was on its way."""

from dataclasses import replace

from bot.business.context import Context
from bot.business.house_rules import HouseRule
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.states import State
from bot.lifecycle import apply
from bot.lifecycle.rules.rule import Reason


def would_say(rule: HouseRule, lead: Lead, booking: Booking, context: Context) -> Reason | None:
    """What the rule would have said; none where it would have let the booking pass, or is not about it. Of visits only
    those count that were over by then, and what a customer has answered since counts as answered."""
    then = context.now if booking.chosen is None else booking.chosen.start
    visits = tuple(one for one in lead.visits if one.reference != booking.reference and one.ended_at <= then)
    before = replace(lead, visits=visits, bookings=())
    on_its_way = replace(booking, state=State.SLOT_PROPOSED)
    facts = apply.known(before, on_its_way, context)
    found = (guard.check(on_its_way, facts) for guard in facts.house if guard.name == rule.id)
    return next((reason for reason in found if reason is not None), None)
