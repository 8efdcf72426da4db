"""A bank took a payment back, or has decided about it: a person's business, and nothing is said to the customer.

The dispute is a facet: it moves no lifecycle state, and a booking long completed may have one.
"""

from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.money_news import PaymentNewsCame
from bot.domain.outcome import Outcome
from bot.domain.states import CLOSED, Dispute
from bot.lifecycle import apply
from bot.lifecycle.tables import DISPUTE
from bot.lifecycle.verdicts import Actor
from payments.domain.allocations import EVIDENCE_WITHIN


def noted(lead: Lead, booking: Booking | None, event: PaymentNewsCame) -> Outcome | None:
    """The facet moves and a person is called, once for each turn; none where the news is about something else."""
    news = event.news
    if news.dispute is None:
        return None
    wanted = Dispute(news.dispute.value)
    if booking is None:
        return None if news.open_cases else _call_person(lead, event, wanted)
    if booking.dispute is wanted:
        is_about_more = bool(news.open_cases) or booking.state not in CLOSED
        return None if is_about_more else Outcome(lead)
    if wanted not in DISPUTE[booking.dispute] and Dispute.OPEN in DISPUTE[booking.dispute]:
        # decided before anybody heard of it: it was open in between
        booking = apply.set_facet(booking, Dispute.OPEN, Actor.WEBHOOK)
    if wanted in DISPUTE[booking.dispute]:
        booking = apply.set_facet(booking, wanted, Actor.WEBHOOK)
    return _call_person(lead.with_booking(booking), event, wanted)


def _call_person(lead: Lead, event: PaymentNewsCame, wanted: Dispute) -> Outcome:
    reference = event.news.reference.partition("~")[0]
    if wanted is not Dispute.WON:
        # won, the money stays, and nothing is left to look at
        reason = AlarmReason.CHARGEBACK if wanted is Dispute.OPEN else AlarmReason.CHARGEBACK_LOST
        due = event.at + EVIDENCE_WITHIN if wanted is Dispute.OPEN else None
        lead = lead.alarmed(reason, event.at, event.news.reference, due)
    outcome = Outcome(lead)
    return outcome.recording("chargeback", "system", event.at, booking=reference, outcome=wanted.value)
