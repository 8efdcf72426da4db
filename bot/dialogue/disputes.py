"""A bank took a payment back, or has decided about it: a person's business, and nothing is said to the customer.

The dispute is a facet: it moves no lifecycle state, and a booking long completed may have one (DESIGN 3).
"""

from dataclasses import replace

from bot.domain.booking import Booking
from bot.domain.events import PaymentNewsCame
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import CLOSED, Dispute, State
from bot.lifecycle.tables import DISPUTE


def heard(lead: Lead, booking: Booking | None, event: PaymentNewsCame) -> Outcome | None:
    """The facet moves and a person is called, once for each turn; none where the news is about something else."""
    news = event.news
    if news.dispute is None or (booking is not None and booking.state is State.PAYMENT_PENDING):
        return None
    wanted = Dispute(news.dispute.value)
    if booking is None:
        return None if news.open_cases else _called(lead, event, wanted)
    if booking.dispute is wanted:
        is_about_more = bool(news.open_cases) or booking.state not in CLOSED
        return None if is_about_more else Outcome(lead)
    return _called(lead.with_booking(replace(booking, dispute=_turned(booking.dispute, wanted))), event, wanted)


def _called(lead: Lead, event: PaymentNewsCame, wanted: Dispute) -> Outcome:
    reference = event.news.reference.partition("~")[0]
    step = Outcome(lead.conversing(waits_for_person=True))
    return step.recording("chargeback", "system", event.at, booking=reference, outcome=wanted.value)


def _turned(now: Dispute, wanted: Dispute) -> Dispute:
    """By the table; one that was decided before anybody heard of it was open in between."""
    if wanted in DISPUTE[now] or (Dispute.OPEN in DISPUTE[now] and wanted in DISPUTE[Dispute.OPEN]):
        return wanted
    return now
