"""News of the money of a change: its link, its difference, and its deadline; the booking's own money is not here."""

from dataclasses import replace

from bot.business.context import Context
from bot.dialogue import disputes, failed_payments
from bot.dialogue.changes import accounts, applying, quoting, telling
from bot.dialogue.changes.slot_events import another_link, change_of
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.booking_money import MoneyAccount
from bot.domain.change import Change
from bot.domain.commands import CloseInvoice, LinkReason
from bot.domain.events import InvoiceClosed, InvoiceNotOpened, InvoiceOpened, TimerFired
from bot.domain.lead import Lead
from bot.domain.money_news import PaymentNewsCame
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import CLOSED, Modification
from bot.lifecycle import booking_money
from bot.lifecycle.changes import end_change, take_up_again
from bot.lifecycle.quotes import QuoteDenied
from bot.replies import changes as words
from bot.replies import payment as money_words
from intents.understanding import ExpectedAnswer
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money, zero
from payments.domain.news import PaymentNews


def _awaiting(booking: Booking | None, account: str) -> Change | None:
    """The open change whose difference is paid into that account."""
    named = accounts.of_change(account)
    change = None if named is None else change_of(booking, named[1])
    is_awaiting = booking is not None and booking.modification is Modification.AWAITING_PAYMENT
    return change if is_awaiting else None


def link_opened(lead: Lead, booking: Booking | None, event: InvoiceOpened, context: Context) -> Outcome:
    """The link goes to the customer, once."""
    change = _awaiting(booking, event.account)
    if booking is None or change is None or change.quote is None or change.pay_url == event.url:
        return Outcome(lead)
    if event.attempt < change.link_count:
        # a later one was asked for meanwhile
        return Outcome(lead)
    linked = replace(change, pay_url=event.url)
    shown = replace(booking, change=linked)
    sent = Outcome(lead.with_booking(shown)).requesting(words.link(lead, shown, linked, context))
    return telling.told(sent, booking.reference, change, event.at)


def link_not_opened(lead: Lead, booking: Booking | None, event: InvoiceNotOpened, context: Context) -> Outcome:
    """No link from us: the old time stays, and a person goes on."""
    change = _awaiting(booking, event.account)
    if booking is None or change is None or event.attempt < change.link_count:
        return Outcome(lead)
    if change.link_count - 1 in change.dead_links:
        # asked for after one that failed: the next try failed too
        return failed_payments.told_of_change(lead, booking, change, event.at, context)
    if change.pay_url is not None:
        return Outcome(lead)
    ended = lead.with_booking(end_change(booking, Modification.FAILED))
    ended = ended.alarmed(AlarmReason.CHANGE_FAILED, event.at, booking.reference)
    outcome = Outcome(ended).requesting(words.told(lead, "change.needs_person", booking, context))
    facts = {"booking": str(booking.reference), "change": change.id, "reason": event.reason}
    return outcome.recording("invoice_not_opened", "system", event.at, **facts)


def payment_news(lead: Lead, booking: Booking | None, event: PaymentNewsCame, context: Context) -> Outcome:
    """The difference is there: the move is ordered. Money for a change that is over goes back."""
    news = event.news
    disputed = disputes.noted(lead, booking, event)
    if disputed is not None:
        return disputed
    change = _awaiting(booking, news.reference)
    if booking is None or change is None or change.after is None or change.quote is None:
        # nobody could carry out what says neither what it changes to nor what it costs
        return _of_a_change_that_is_over(lead, booking, event, context)
    # read before it is noted: what is new on the account asks for a link over the rest
    before = _captured_before(booking, news)
    booking = _noted(booking, news)
    lead = lead.with_booking(booking)
    if news.paid.currency != news.due.currency:
        # Kept under its account; no sum of ours can be taken from it, so a person looks.
        return Outcome(lead.alarmed(AlarmReason.ODD_MONEY, event.at, news.reference) if news.paid else lead)
    if news.status is InvoiceStatus.PAID:
        return applying.swap(lead.conversing(expecting=ExpectedAnswer.BOOKING), booking, change, change.hold)
    is_dead = news.status in {InvoiceStatus.EXPIRED, InvoiceStatus.FAILED}
    is_last = (news.external_id or "").rpartition(".")[2] == str(change.link_count)
    has_time = change.pay_by is not None and event.at < change.pay_by
    part_came = bool(news.paid) and before < news.paid < news.due
    if part_came and has_time:
        return another_link(lead, booking, context)
    if news.url is not None and is_last and not is_dead and change.pay_url is None:
        # the answer to our request was lost, the link was opened all the same
        opened = InvoiceOpened(
            event.id, event.at, news.reference, change.link_count, news.url, news.due, LinkReason.CHANGE
        )
        return link_opened(lead, booking, opened, context)
    if is_dead and is_last and has_time and change.link_count == 1 and change.pay_url is None:
        refused = InvoiceNotOpened(event.id, event.at, news.reference, change.link_count, "refused_later")
        return link_not_opened(lead, booking, refused, context)
    if is_dead and is_last and has_time:
        return failed_payments.told_of_change(lead, booking, change, event.at, context)
    return Outcome(lead)


def _of_a_change_that_is_over(lead: Lead, booking: Booking | None, event: PaymentNewsCame, context: Context) -> Outcome:
    """The change was applied or has ended: new money on it goes back by itself, and is told once."""
    news = event.news
    named = accounts.of_change(news.reference)
    known = () if booking is None else tuple(one for one in booking.accounts if one.name == news.reference)
    captured = known[0].captured if known else None
    if named is None or not news.came_in or _is_no_more(news.came_in, captured):
        return Outcome(lead)
    if known and booking is not None:
        noted, currency = _noted(booking, news), news.paid.currency
        if currency != booking_money.currency_of(booking, currency):
            odd = lead.with_booking(noted)
            return Outcome(odd.alarmed(AlarmReason.ODD_MONEY, event.at, news.reference))
        # applied, and more came in than its difference: its order sends that back, now and whenever more comes
        returned = booking_money.surplus_returned(noted, currency)
        back = booking_money.paid(noted, currency) - booking_money.paid(returned, currency)
        outcome = Outcome(lead.with_booking(returned))
        return outcome.requesting(words.money_back(lead, returned, back, context)) if back else outcome
    late = None if booking is None else _applied_late(lead, booking, event, context)
    if late is not None:
        return late
    if booking is not None and booking.unpaid_change is not None and booking.unpaid_change.id == named[1]:
        # what goes back once is not waited for any more
        lead = lead.with_booking(replace(booking, unpaid_change=None))
    more = news.came_in.amount - dict(lead.told_back).get(news.reference, 0)
    lead = lead.having_told_back(news.reference, news.came_in.amount)
    outcome = Outcome(lead).requesting(accounts.give_back(news.reference, news.paid.currency, named[1], event.at))
    if more <= 0:
        return outcome
    if booking is None:
        return outcome.requesting(money_words.text_message(lead, "payment.late.refund", reference=named[0]))
    return outcome.requesting(words.money_back(lead, booking, Money(more, news.paid.currency), context))


def _applied_late(lead: Lead, booking: Booking, event: PaymentNewsCame, context: Context) -> Outcome | None:
    """The difference is there after its deadline: the move is ordered all the same, while it costs what was agreed and
    could be quoted today. The time itself is tried by the order: lost, all of it goes back."""
    change, news = booking.unpaid_change, event.news
    named = accounts.of_change(news.reference)
    if change is None or change.quote is None or named is None or named[1] != change.id:
        return None
    agreed = change.quote
    if booking.state in CLOSED or booking.change is not None or applying.owes(booking):
        return None
    if news.paid.currency != agreed.to_pay.currency or news.paid < agreed.to_pay:
        return None
    today = quoting.quoted(booking, change, context)
    if isinstance(today, QuoteDenied) or today.quote is None:
        return None
    now = today.quote
    if (now.to_pay, now.price_after, now.fee) != (agreed.to_pay, agreed.price_after, agreed.fee):
        return None
    again = take_up_again(_noted(booking, news), today)
    assert again.change is not None
    return applying.swap(lead.conversing(expecting=ExpectedAnswer.BOOKING), again, again.change, None)


def _is_no_more(paid: Money, captured: Money | None) -> bool:
    """Whether nothing new came in. It is all that ever came: what goes back of it is counted as ordered to go back."""
    return captured is not None and paid.currency == captured.currency and paid <= captured


def _captured_before(booking: Booking, news: PaymentNews) -> Money:
    known = {account.name: account.captured for account in booking.accounts}
    there = known.get(news.reference)
    # a sum noted in another currency is no part of what this link asks
    return there if there is not None and there.currency == news.paid.currency else zero(news.paid.currency)


def _noted(booking: Booking, news: PaymentNews) -> Booking:
    """The booking with what its change's account took in; told again it changes nothing."""
    named = accounts.of_change(news.reference)
    if named is None or not news.came_in:
        return booking
    account = MoneyAccount(news.reference, named[1], news.came_in, news.channel, news.paid_at)
    return booking_money.noted(booking, account)


def deadline_passed(lead: Lead, booking: Booking, event: TimerFired, context: Context) -> Outcome:
    """The link is closed first, and only then the change ended: it may be paid in this very second."""
    change = booking.change
    if change is None or booking.modification is not Modification.AWAITING_PAYMENT:
        return Outcome(lead)
    return Outcome(lead).requesting(EffectRequest(CloseInvoice(accounts.account_of(booking, change))))


def link_closed(lead: Lead, booking: Booking | None, event: InvoiceClosed, context: Context) -> Outcome:
    """Closed unpaid: the new time is released, the booking stays as it was; closed because it is paid: that is news."""
    news, change = event.news, _awaiting(booking, event.account)
    if news is not None and news.status is InvoiceStatus.PAID:
        return payment_news(lead, booking, PaymentNewsCame(event.id, event.at, news), context)
    if booking is None or change is None or change.pay_by is None:
        # without a deadline its money is there, and only its time is awaited
        return Outcome(lead)
    # a part may have come that its news has not told yet
    part = news.paid if news is not None and news.paid else accounts.came_for(booking, change)
    failed = end_change(booking, Modification.FAILED)
    if part is None and change.acceptance is None:
        # whoever has said yes to its time is free again: late money cannot have that
        failed = replace(failed, unpaid_change=change)
    ended = lead.with_booking(failed).conversing(expecting=ExpectedAnswer.BOOKING)
    outcome = Outcome(ended).requesting(words.told(lead, "change.not_paid", booking, context))
    if part is None:
        return outcome
    outcome = replace(outcome, lead=ended.having_told_back(event.account, part.amount))
    return outcome.requesting(words.part_back(lead, booking, part, context))


def former_account(lead: Lead, booking: Booking, news: PaymentNews | None, context: Context) -> Outcome:
    """The account its price was asked under before a change: what is in there counts toward the booking."""
    if news is None or not news.came_in:
        return Outcome(lead)
    known = next((account for account in booking.accounts if account.name == news.reference), None)
    if known is None or _is_no_more(news.came_in, known.captured):
        return Outcome(lead)
    noted = booking_money.noted(
        booking, replace(known, captured=news.came_in, channel=news.channel, paid_at=news.paid_at)
    )
    # more came in while its link was being closed: the new link asks too much, which a person mends
    return Outcome(lead.with_booking(noted).alarmed(AlarmReason.PAID_TOO_MUCH, context.now, booking.reference))
