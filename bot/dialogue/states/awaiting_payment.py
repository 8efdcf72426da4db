"""PAYMENT_PENDING: a link is out, and the time waits for its money until `pay_by` (DESIGN 6).

One deadline per booking: every link, retry and other way to pay lives inside it. What the provider says comes as news
(`bot.dialogue.payment_news`); here is how a booking gets there, and what the customer says while it waits.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.business.prices import Split, SplitKind
from bot.business.prices import SplitParty as Receiver
from bot.dialogue.customer_turn import CustomerTurn
from bot.domain import window
from bot.domain.booking import Booking
from bot.domain.commands import CloseInvoice, OpenInvoice, RefundLateMoney
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import CLOSED, PaymentStatus, State
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.replies import payment as money_words
from intents.understanding import ExpectedAnswer, Intent
from payments.domain import policies
from payments.domain.ids import PayeeId
from payments.domain.money import Money
from payments.domain.policies import PaymentPolicy
from payments.domain.recovery import MOST_STEPS
from payments.domain.splits import DEFAULT_SPLIT, FixedPayoutSplit, Party, PercentSplit, SplitRule
from payments.domain.terms import Payee, Terms

SHORTEST: Final = timedelta(minutes=5)
"""With less time than this to pay no link is opened; a person decides."""
BY_BANK: Final[Mapping[str, tuple[str, ...]]] = {
    "IDR": ("BCA", "BNI", "BRI", "MANDIRI", "PERMATA"),
    "PHP": ("GCASH", "GRABPAY", "PAYMAYA"),
}
"""The other way to pay, by currency: what everybody has (reference: xendit 2.2)."""
_PARTIES: Final[Mapping[Receiver, Party]] = {
    Receiver.PROVIDER: Party.PROVIDER,
    Receiver.PLACE: Party.FACILITY,
    Receiver.REFERRER: Party.REFERRING_AGENT,
    Receiver.PLATFORM: Party.PLATFORM,
}
UNPAID: Final = frozenset({PaymentStatus.NONE, PaymentStatus.PENDING, PaymentStatus.FAILED, PaymentStatus.EXPIRED})


def pay_timer(booking: Booking) -> str:
    """Rings at `pay_by`."""
    return f"pay_by:{booking.reference}"


def nudge_timer(booking: Booking) -> str:
    """Rings half way to `pay_by`."""
    return f"nudge:{booking.reference}"


def late_timer(booking: Booking) -> str:
    """Until it rings a released booking is remembered, or late money waits for the customer's choice."""
    return f"late:{booking.reference}"


def by_account(lead: Lead, account: str) -> Booking | None:
    """The booking whose money is kept under that name, an open one before a closed one."""
    mine = [one for one in lead.bookings if one.account == account]
    return next((one for one in mine if one.state not in CLOSED), mine[-1] if mine else None)


def without_timers(lead: Lead, booking: Booking) -> Lead:
    """The lead without this booking's payment timers."""
    return lead.without_timer(pay_timer(booking)).without_timer(nudge_timer(booking))


def asked(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome:
    """The time is booked, so the money is asked for (T07); with too little time left a person decides."""
    service, slot = context.business_of(booking).service(booking.service or ""), booking.chosen
    if service is None or slot is None:
        return Outcome(lead.with_booking(booking).conversing(expecting=ExpectedAnswer.BOOKING, waits_for_person=True))
    policy = PaymentPolicy(service.payment.window, service.payment.notice, service.payment.may_outlast_chat)
    pay_by = policies.pay_by(now, slot.start, window.expires_at(lead), policy)
    if pay_by - now < SHORTEST:
        waiting = lead.with_booking(booking).conversing(expecting=ExpectedAnswer.BOOKING, waits_for_person=True)
        return Outcome(waiting).requesting(words.told(lead, "booking.reserved", booking, context))
    referrer = context.business_of(booking).referrer(lead.referrer)
    linked = replace(
        booking,
        referrer=None if referrer is None else referrer.id,
        payment_method="invoice",
        payment_status=PaymentStatus.PENDING,
        pay_by=pay_by,
        link_count=1,
    )
    pending = apply.move(lead, linked, State.PAYMENT_PENDING, Actor.SYSTEM, context)
    asking = lead.with_booking(pending).conversing(expecting=ExpectedAnswer.BOOKING)
    asking = asking.with_timer(pay_timer(pending), pay_by).with_timer(nudge_timer(pending), now + (pay_by - now) / 2)
    return Outcome(asking).requesting(_link_order(asking, pending, "first", context))


def another_link(lead: Lead, booking: Booking, why: str, context: Context) -> Outcome:
    """One more link under its own number: for the rest, in place of a dead one, or for another way to pay."""
    if booking.due is None or booking.pay_by is None:
        return Outcome(lead.conversing(waits_for_person=True))
    more = replace(booking, link_count=booking.link_count + 1, recovery_steps=booking.recovery_steps + (why != "rest"))
    return Outcome(lead.with_booking(more)).requesting(_link_order(lead, more, why, context))


def _link_order(lead: Lead, booking: Booking, why: str, context: Context) -> EffectRequest:
    service = context.business_of(booking).service(booking.service or "")
    assert booking.due is not None
    assert booking.pay_by is not None
    named = booking.service or "" if service is None else service.name.say(lead.language)
    return EffectRequest(
        OpenInvoice(
            account=booking.account,
            attempt=booking.link_count,
            due=booking.due,
            pay_by=booking.pay_by,
            terms=terms_of(booking, context),
            description=f"{named} {booking.reference}",
            locale=lead.language.value,
            why=why,
            methods=BY_BANK.get(booking.due.currency, ()) if why == "other_method" else (),
        )
    )


def terms_of(booking: Booking, context: Context) -> Terms:
    """Who gets how much by the file it was quoted under, frozen with the invoice; a party without an account is owed
    until it has one."""
    slot, business = booking.chosen, context.business_of(booking)
    quote = None if slot is None else words.quoted(booking, slot, business)
    payees = [
        Payee(party, payee_id(kind, one))
        for party, kind, one in (
            (Party.PROVIDER, "provider", None if slot is None else slot.provider),
            (Party.FACILITY, "place", None if slot is None else slot.place),
            (Party.REFERRING_AGENT, "referrer", booking.referrer),
        )
        if one is not None
    ]
    split = None if quote is None else quote.split
    payout = None if quote is None else quote.provider_payout
    fallback = Party.PLATFORM if split is None else _PARTIES[split.fallback]
    if fallback not in {payee.party for payee in payees}:
        fallback = Party.PLATFORM
    return Terms(rule=_rule(split, payout, business.currency), payees=tuple(payees), fallback=fallback)


def payee_id(kind: str, name: str) -> PayeeId:
    """The cashier's name for a provider, place or referrer of the business file."""
    return PayeeId(f"{kind}:{name}")


def _rule(split: Split | None, payout: int | None, currency: str) -> SplitRule:
    if split is None:
        return DEFAULT_SPLIT
    percent = {share.party: int(share.percent * 100) for share in split.shares}
    facility, platform = percent.get(Receiver.PLACE, 0), percent.get(Receiver.PLATFORM, 0)
    referrer = percent.get(Receiver.REFERRER, 0)
    if split.kind is SplitKind.FIXED_PAYOUT:
        return FixedPayoutSplit(Money(payout or 0, currency), facility, platform, referrer)
    return PercentSplit(percent.get(Receiver.PROVIDER, 0), facility, platform, referrer)


def answer(lead: Lead, booking: Booking, heard: CustomerTurn, context: Context) -> Outcome | None:
    """What these words mean for a booking that waits for its money; none when they mean nothing for it."""
    if booking.state is not State.PAYMENT_PENDING or booking.pay_by is None:
        return None
    mine = str(booking.reference)
    if heard.tapped(money_words.NEW_LINK_TAP) == mine:
        return _recovery_asked(lead, booking, "new_link", context)
    if heard.tapped(money_words.OTHER_WAY_TAP) == mine:
        return _recovery_asked(lead, booking, "other_method", context)
    if heard.tap is None and heard.understanding.intent in {Intent.PAY_HELP, Intent.BOOKING_STATUS, Intent.REPEAT}:
        return Outcome(lead.conversing(misunderstood=0)).requesting(money_words.pay_help(lead, booking, context))
    return None


def _recovery_asked(lead: Lead, booking: Booking, why: str, context: Context) -> Outcome:
    """At most three steps of recovery (S3-103), whoever asks for them; then the link that is there."""
    if booking.recovery_steps >= MOST_STEPS:
        return Outcome(lead).requesting(money_words.pay_help(lead, booking, context))
    return another_link(lead, booking, why, context)


def unpaid_first(lead: Lead, context: Context) -> Outcome | None:
    """A lead has at most one unpaid booking: another one waits until this one is paid or called off."""
    booking = next((one for one in lead.bookings if one.state is State.PAYMENT_PENDING), None)
    if booking is None or booking.pay_by is None or booking.chosen is None:
        return None
    return Outcome(lead.conversing(misunderstood=0)).requesting(money_words.unpaid_first(lead, booking, context))


def followed_up(before: Lead, step: Outcome) -> Outcome:
    """What closing or moving a booking means for its money, whoever did it: links end, late money goes back."""
    for booking in step.lead.bookings:
        was = before.booking(booking.reference)
        if was is None or was.state is booking.state:
            continue
        if was.state is State.PAYMENT_PENDING:
            step = _left_unpaid(step, was, booking)
        elif was.is_rebooked_by_late_payment and booking.state in CLOSED and booking.payment_status in UNPAID:
            ended = replace(step, lead=step.lead.without_timer(late_timer(booking)))
            step = ended.requesting(EffectRequest(RefundLateMoney(booking.account)))
    return step


def _left_unpaid(step: Outcome, was: Booking, booking: Booking) -> Outcome:
    step = replace(step, lead=without_timers(step.lead, booking))
    if booking.payment_status is PaymentStatus.PAID or booking.cancellation_reason == EXPIRED:
        return step
    if booking.state in CLOSED or booking.state is State.ERROR:
        return step.requesting(EffectRequest(CloseInvoice(was.account)))
    # moved before it was paid: the next link is of another account, since a closed one takes no further link
    number = int(was.account.partition("~")[2] or 1) + 1
    moved = replace(
        booking,
        money_account=f"{was.account.partition('~')[0]}~{number}",
        payment_status=PaymentStatus.NONE,
        pay_by=None,
        pay_url=None,
        link_count=0,
        recovery_steps=0,
    )
    return replace(step, lead=step.lead.with_booking(moved)).requesting(EffectRequest(CloseInvoice(was.account)))


EXPIRED: Final = "payment_expired"
"""The reason of a booking that was released unpaid."""
