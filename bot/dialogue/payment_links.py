"""Payment links: the money is asked for, one deadline a booking, and every link, retry and way to pay lives inside it.

What the provider says comes back as events (`bot.dialogue.states.awaiting_payment`).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.catalogue import PayoutRelease
from bot.business.context import Context
from bot.business.definition import Business
from bot.business.sharing import PARTIES, at_place, rule_of, tariff_of
from bot.dialogue import credit_use
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.commands import CloseInvoice, LinkReason, OpenInvoice, RefundLateMoney
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import CLOSED, LatePayment, PaymentStatus, State
from bot.domain.timers import TimerKind, TimerName
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.replies import payment as money_words
from intents.understanding import ExpectedAnswer
from payments.domain import policies
from payments.domain.ids import PayeeId
from payments.domain.money import Money
from payments.domain.policies import PaymentPolicy
from payments.domain.splits import FeeBearer, FixedPayoutSplit, Party, PercentSplit, SharesDoNotFit
from payments.domain.terms import Payee, ReleaseRule, Terms

SHORTEST: Final = timedelta(minutes=5)
"""With less time than this to pay no link is opened; a person decides."""
BY_BANK: Final[Mapping[str, tuple[str, ...]]] = {
    "IDR": ("BCA", "BNI", "BRI", "MANDIRI", "PERMATA"),
    "PHP": ("GCASH", "GRABPAY", "PAYMAYA"),
}
"""The other way to pay, by currency: what everybody has."""
PLATFORM_ONLY: Final = Terms(rule=PercentSplit(platform=10_000))
"""Terms of a link for part of a price: nobody is promised a share of it, the booking's order shares all of it."""
UNPAID: Final = frozenset({PaymentStatus.NONE, PaymentStatus.PENDING, PaymentStatus.FAILED, PaymentStatus.EXPIRED})
EXPIRED: Final = "payment_expired"
"""The cancellation reason of a booking that was released unpaid."""


def late_timer(booking: Booking) -> TimerName:
    """Until it fires a released booking is remembered, or late money waits for the customer's choice."""
    return TimerName(TimerKind.LATE, booking.reference)


def by_account(lead: Lead, account: str) -> Booking | None:
    """The booking whose money is kept under that name, an open one before a closed one."""
    mine = [booking for booking in lead.bookings if booking.account == account]
    return next((booking for booking in mine if booking.state not in CLOSED), mine[-1] if mine else None)


def without_timers(lead: Lead, booking: Booking) -> Lead:
    """The lead without this booking's payment timers."""
    pay_by, nudge = (TimerName(kind, booking.reference) for kind in (TimerKind.PAY_BY, TimerKind.NUDGE))
    return lead.without_timer(pay_by).without_timer(nudge)


def ask_for_payment(lead: Lead, booking: Booking, now: datetime, context: Context) -> Outcome:
    """The time is booked, so the money is asked for; with too little time left a person decides."""
    service, slot = context.business_of(booking).service(booking.service or ""), booking.chosen
    if service is None or slot is None:
        waiting = lead.with_booking(booking).conversing(expecting=ExpectedAnswer.BOOKING)
        return Outcome(waiting.alarmed(AlarmReason.LINK_NOT_OPENED, now, booking.account))
    # who booked on the phone may never have written: what their money waits for is no window of theirs
    outlasts = service.payment.may_outlast_chat or booking.by_phone
    policy = PaymentPolicy(service.payment.window, service.payment.notice, outlasts)
    pay_by = policies.pay_by(now, slot.start, window.expires_at(lead), policy)
    if pay_by - now < SHORTEST:
        waiting = lead.with_booking(booking).conversing(expecting=ExpectedAnswer.BOOKING)
        waiting = waiting.alarmed(AlarmReason.NO_TIME_TO_PAY, now, booking.reference)
        return Outcome(waiting).requesting(words.booking_notice(lead, "booking.reserved", booking, context))
    referrer = context.business_of(booking).referrer(lead.referrer)
    linked = replace(
        apply.set_facet(booking, PaymentStatus.PENDING),
        referrer=None if referrer is None else referrer.id,
        payment_method="invoice",
        pay_by=pay_by,
        link_count=1,
    )
    lead, linked = credit_use.take_off(lead, linked, context)
    pending = apply.move(lead, linked, State.PAYMENT_PENDING, Actor.SYSTEM, context)
    asking = lead.with_booking(pending).conversing(expecting=ExpectedAnswer.BOOKING)
    asking = asking.with_timer(TimerName(TimerKind.PAY_BY, pending.reference), pay_by)
    asking = asking.with_timer(TimerName(TimerKind.NUDGE, pending.reference), now + (pay_by - now) / 2)
    return Outcome(asking).requesting(EffectRequest(demand_of(asking, pending, context)))


def another_link(lead: Lead, booking: Booking, why: LinkReason, context: Context) -> Outcome:
    """One more link under its own number: for the rest, in place of a dead one, or for another way to pay."""
    if booking.due is None or booking.pay_by is None:
        return Outcome(lead.alarmed(AlarmReason.LINK_NOT_OPENED, context.now, booking.account))
    steps = booking.recovery_steps + (why is not LinkReason.REST)
    more = replace(booking, link_count=booking.link_count + 1, recovery_steps=steps)
    return Outcome(lead.with_booking(more)).requesting(EffectRequest(demand_of(lead, more, context, why)))


def may_ask_for_a_link(booking: Booking, context: Context) -> bool:
    """Whether another link may take the place of the one that lives."""
    return booking.recovery_steps < context.business.sop.payment_retries


def demand_of(lead: Lead, booking: Booking, context: Context, why: LinkReason = LinkReason.FIRST) -> OpenInvoice:
    """What its newest link asks for."""
    service = context.business_of(booking).service(booking.service or "")
    assert booking.due is not None
    assert booking.pay_by is not None
    named = booking.service or "" if service is None else service.name.say(lead.language)
    # Whether another account of it has taken something in: then this link is only a part, and the booking is shared
    # out as a whole (`changes.followers.money`).
    return OpenInvoice(
        account=booking.account,
        attempt=booking.link_count,
        due=booking.due,
        pay_by=booking.pay_by,
        terms=part_of(booking, context)
        if any(account.captured for account in booking.accounts if account.name != booking.account)
        else terms_of(booking, context),
        description=f"{named} {booking.reference}",
        locale=lead.language,
        why=why,
        methods=BY_BANK.get(booking.due.currency, ()) if why is LinkReason.OTHER_METHOD else (),
        credits=credit_use.wanted(booking),
    )


def terms_within(booking: Booking, price: Money, context: Context) -> Terms:
    """Who gets how much of this price; a fixed payout that is more than it is all of it."""
    terms = terms_of(booking, context)
    rule = terms.rule
    if not isinstance(rule, FixedPayoutSplit) or rule.payout.currency != price.currency:
        return terms
    try:
        terms.shares_of(price)
    except SharesDoNotFit:
        # the discount is more than its bearer has: it is the margin's, and then the provider's
        return replace(terms, rule=replace(rule, payout=min(rule.payout, price), price=None, discount=None))
    return terms


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
    place = None if slot is None else business.place(slot.place)
    split = at_place(None if quote is None else quote.split, place)
    payout = None if quote is None else quote.provider_payout
    fallback = Party.PLATFORM if split is None else PARTIES[split.fallback]
    if fallback not in {payee.party for payee in payees}:
        fallback = Party.PLATFORM
    listed = Money(0 if quote is None else quote.total, business.currency)
    rule = rule_of(split, payout, listed if booking.price is None else booking.price, listed)
    bearer = FeeBearer.PLATFORM if split is None else split.gateway_fee_bearer
    expected = None if split is None else tariff_of(split.gateway_fee)
    return Terms(rule, tuple(payees), fallback, bearer, release_of(booking.service, business), expected)


def release_of(service: str | None, business: Business) -> ReleaseRule:
    """When shares of such a service leave: at once when they are paid for, or on the lead's word."""
    known = business.service(service or "")
    waits = known is not None and known.payment.release is not PayoutRelease.ON_PAID
    return ReleaseRule.ON_WORD if waits else ReleaseRule.ON_PAID


def part_of(booking: Booking, context: Context) -> Terms:
    """Terms of a link for a part of its price: nobody's yet, and what becomes a party's leaves as the rest does."""
    return replace(PLATFORM_ONLY, release=release_of(booking.service, context.business_of(booking)))


def payee_id(kind: str, name: str) -> PayeeId:
    """The cashier's name for a provider, place or referrer of the business file."""
    return PayeeId(f"{kind}:{name}")


def unpaid_first(lead: Lead, context: Context) -> Outcome | None:
    """A lead has at most one unpaid booking: another one waits until this one is paid or called off."""
    booking = next((booking for booking in lead.bookings if booking.state is State.PAYMENT_PENDING), None)
    if booking is None or booking.pay_by is None or booking.chosen is None:
        return None
    return Outcome(lead.conversing(misunderstood=0)).requesting(money_words.unpaid_first(lead, booking, context))


# What a move means for the money ------------------------------------------------------------------------------------


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: a booking that ended or moved unpaid has no live link and no payment timer, and late money that got
    no time goes back; whoever ended or moved it."""
    for booking in outcome.lead.bookings:
        was = before.booking(booking.reference)
        if was is None or was.state is booking.state:
            continue
        if was.state is State.PAYMENT_PENDING:
            outcome = _left_payment_pending(outcome, was, booking)
        elif was.is_rebooked_by_late_payment and booking.state in CLOSED and booking.payment_status in UNPAID:
            returned = apply.set_facet(booking, LatePayment.RETURNED)
            lead = outcome.lead.with_booking(returned).without_timer(late_timer(booking))
            outcome = replace(outcome, lead=lead).requesting(EffectRequest(RefundLateMoney(booking.account)))
    return outcome


def _left_payment_pending(outcome: Outcome, was: Booking, booking: Booking) -> Outcome:
    outcome = replace(outcome, lead=without_timers(outcome.lead, booking))
    if booking.payment_status is PaymentStatus.PAID or booking.cancellation_reason == EXPIRED:
        return outcome
    closing = EffectRequest(CloseInvoice(was.account))
    if closing in outcome.requests:
        # the change that moved it has ordered it, and the next link's account stands
        return outcome
    if booking.state in CLOSED or booking.state is State.ERROR:
        return outcome.requesting(closing)
    # moved before it was paid: the next link is of another account, since a closed one takes no further link; what
    # came in under the old one goes back when that is closed
    name, _, number = was.account.partition("~")
    moved = apply.begin_account(booking, f"{name}~{int(number or 1) + 1}")
    return replace(outcome, lead=outcome.lead.with_booking(moved)).requesting(closing)
