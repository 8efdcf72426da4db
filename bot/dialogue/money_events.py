"""What several states do about news of money: a person is called, a refund is told, odd money is kept apart."""

from dataclasses import replace
from datetime import datetime

from bot.business.context import Context
from bot.dialogue import disputes, payment_links, refund_account
from bot.domain.account_question import AccountQuestion
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.commands import RecordRefund, RefundLateMoney
from bot.domain.events import InvoiceClosed
from bot.domain.ids import BookingReference
from bot.domain.lead import Lead
from bot.domain.money_news import PaymentNewsCame, PayoutStuck, RefundNewsCame
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import CLOSED, PaymentStatus
from bot.lifecycle import apply
from bot.replies import payment as money_words
from bot.replies import times
from payments.domain import bank_accounts
from payments.domain.allocations import CaseKind
from payments.domain.news import PaymentNews
from payments.domain.refund import ACCOUNT_REFUSED, RefundState


def for_agent(lead: Lead, outcome: Outcome, now: datetime) -> Outcome:
    """With a person in charge the state moves all the same, and the person is called; the words become drafts by
    themselves (`outcome.conclude`)."""
    if not lead.is_with_agent or not outcome.requests:
        return outcome
    return replace(outcome, lead=outcome.lead.alarmed(AlarmReason.DRAFTS_WAIT, now))


def has_surplus(news: PaymentNews) -> bool:
    """Whether more came in than was due, or something in another currency."""
    return any(case.kind in {CaseKind.SURPLUS, CaseKind.OTHER_CURRENCY} for case in news.open_cases)


def odd_money(lead: Lead, booking: Booking, event: PaymentNewsCame, outcome: Outcome | None = None) -> Outcome:
    """Money that does not fit: kept apart by the cashier, shown to a person, said to the customer; once."""
    outcome = outcome or Outcome(lead)
    if booking.odd_money:
        return outcome
    marked = replace(booking, odd_money=True)
    alarmed = outcome.lead.with_booking(marked).alarmed(AlarmReason.ODD_MONEY, event.at, event.news.reference)
    outcome = replace(outcome, lead=alarmed)
    cases = ", ".join(f"{case.kind} {case.amount.amount} {case.amount.currency}" for case in event.news.open_cases)
    outcome = outcome.recording("odd_money", "system", event.at, booking=str(booking.reference), cases=cases)
    return outcome.requesting(money_words.text_message(lead, "payment.odd", reference=str(booking.reference)))


def paid_already(lead: Lead, booking: Booking, event: PaymentNewsCame, context: Context) -> Outcome:
    """News of money for a booking that waits for none: a dispute, or more than was due."""
    disputed = disputes.noted(lead, booking, event)
    if disputed is not None:
        return disputed
    if booking.payment_status is PaymentStatus.PAID and has_surplus(event.news):
        return for_agent(lead, odd_money(lead, booking, event), event.at)
    return Outcome(lead)


def return_part(lead: Lead, booking: Booking, event: InvoiceClosed, context: Context) -> Outcome:
    """A link of this account was closed, and the booking does not wait for its money: what came in goes back."""
    return return_closed_part(lead, event, context)


def return_closed_part(lead: Lead, event: InvoiceClosed, context: Context) -> Outcome:
    """The same where no booking is known any more."""
    if event.news is None or event.news.paid.amount <= 0:
        return Outcome(lead)
    return Outcome(lead).requesting(EffectRequest(RefundLateMoney(event.account)))


# Refunds and payouts ------------------------------------------------------------------------------------------------


def refund_news(lead: Lead, booking: Booking, event: RefundNewsCame, context: Context) -> Outcome:
    """The customer hears that money is on its way back, or that we need an account; the rest is a person's."""
    return refund_told(lead, event, context)


def refund_told(lead: Lead, event: RefundNewsCame, context: Context) -> Outcome:
    """The same where no booking is known any more."""
    news = event.news
    reference = news.reference.partition("~")[0]
    facts = {"reference": reference, "amount": times.money(news.amount, lead.language)}
    match news.state:
        case RefundState.SUCCEEDED:
            booking = payment_links.by_account(lead, news.reference)
            if booking is not None and booking.state in CLOSED:
                outcome = Outcome(lead.with_booking(apply.refunded(booking, news.amount)))
            else:
                # the lead has forgotten it: the read model has it
                outcome = Outcome(lead).requesting(
                    EffectRequest(RecordRefund(BookingReference(reference), news.amount, event.at))
                )
            outcome = outcome.requesting(money_words.text_message(lead, "payment.refund.sent", **facts))
        case RefundState.NEEDS_ACCOUNT if bank_accounts.channels_of(news.amount.currency):
            question = AccountQuestion(news.refund, reference, news.amount)
            outcome = refund_account.ask(lead, question, refused=news.reason in ACCOUNT_REFUSED)
        case RefundState.NEEDS_ACCOUNT:
            waiting = Outcome(lead.alarmed(AlarmReason.REFUND_NEEDS_ACCOUNT, event.at, news.refund))
            outcome = waiting.requesting(money_words.text_message(lead, "payment.refund.needs_account", **facts))
        case RefundState.PERSON:
            outcome = Outcome(lead.alarmed(AlarmReason.REFUND_FAILED, event.at, news.refund))
        case _:
            return Outcome(lead)
    outcome = outcome.recording("refund", "system", event.at, refund=news.refund, state=news.state.value)
    return for_agent(lead, outcome, event.at)


def payout_stuck(lead: Lead, event: PayoutStuck, context: Context) -> Outcome:
    """A partner's share does not leave: nothing for the customer, all for a person."""
    outcome = Outcome(lead.alarmed(AlarmReason.PAYOUT_STUCK, event.at, event.payout))
    facts = {"payout": event.payout, "booking": event.account.partition("~")[0], "reason": event.reason}
    return outcome.recording("payout_stuck", "system", event.at, **facts)
