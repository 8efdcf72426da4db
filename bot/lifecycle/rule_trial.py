"""What a rule of the house would have done to a booking that was made already: judged as it was on its way."""

from dataclasses import replace

from bot.business.context import Context
from bot.business.house_rules import HouseRule
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.states import State
from bot.lifecycle import apply
from bot.lifecycle.rules import house


def would_act(rule: HouseRule, lead: Lead, booking: Booking, context: Context) -> bool:
    """Whether the rule would have refused, asked, warned, reminded or brought work. Of visits only those count that
    were over by then, and what a customer has answered since counts as answered."""
    then = context.now if booking.chosen is None else booking.chosen.start
    visits = tuple(one for one in lead.visits if one.reference != booking.reference and one.ended_at <= then)
    before = replace(lead, visits=visits, bookings=())
    if not rule.is_judged:
        service = context.business.service(booking.service or "")
        return service is not None and rule.is_for(service) and house.are_so(rule.when, before, booking, context)
    if booking.is_rebooked_by_late_payment or booking.redo is not None:
        # promised to its customer: let through then as well
        return False
    on_its_way = Booking(
        booking.reference,
        State.SLOT_PROPOSED,
        service=booking.service,
        guests=booking.guests,
        nights=booking.nights,
        place=booking.place,
        chosen=booking.chosen,
        price=booking.price,
    )
    facts = apply.known(before, on_its_way, context)
    return any(guard.check(on_its_way, facts) for guard in facts.house if guard.name == rule.id)
