"""Money that moves on a person's word alone: given back without a change, received by hand, an account named.

Judged here and nowhere else, so that a dry run, which decides and saves nothing, says what the real one would.
"""

from dataclasses import replace
from enum import StrEnum
from typing import Final

from bot.business.context import Context
from bot.business.prices import SplitParty
from bot.business.sharing import PARTIES
from bot.dialogue import payment_links
from bot.dialogue.changes import accounts, staff
from bot.domain.booking import Booking
from bot.domain.booking_money import KeptMoney
from bot.domain.change import Cause
from bot.domain.commands import OpenInvoice
from bot.domain.events import StaffAsked
from bot.domain.lead import MOST_REMEMBERED, Lead
from bot.domain.money_orders import ReceiveMoney, SendRefundTo
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.policy_sentence import PolicyClause
from bot.domain.states import CLOSED, Dispute, LatePayment, Modification, PaymentStatus, State
from bot.lifecycle import booking_money
from bot.lifecycle.quotes import MAY_OVERRIDE
from bot.lifecycle.verdicts import Actor, actor_named
from payments.domain import bank_accounts
from payments.domain.money import Money, total, zero
from payments.domain.payment import ReceiptWay
from payments.domain.splits import Party, Share

REFUND_ORDERED: Final = "refund_ordered"
MONEY_RECEIVED: Final = "money_received"
ACCOUNT_NAMED: Final = "refund_account_named"
MONEY_DENIED: Final = "money_denied"
"""The audit's names; each carries who asked, in which role and why."""

MAY_RECEIVE: Final = frozenset({Actor.FINANCE, Actor.ADMIN})


class NoMoneyMoved(StrEnum):
    """Why nothing was given back or received."""

    MAY_NOT = "may_not"
    """The role does not allow it."""
    NO_REASON = "no_reason"
    NOTHING_THERE = "nothing_there"
    """Nothing is paid that has not gone back."""
    TOO_MUCH = "too_much"
    """More than is paid and has not gone back."""
    NOT_PAID_UP = "not_paid_up"
    """It still waits for its own money: less is asked for, or it is cancelled."""
    CHANGE_UNDER_WAY = "change_under_way"
    DISPUTED = "disputed"
    """The bank is deciding about this money, or has."""
    SURPLUS_FIRST = "surplus_first"
    """More came in than it costs: that goes back first, all of it."""
    OWN_WAY = "own_way"
    """Money that came too late goes back by itself."""
    GIVEN_MEANWHILE = "given_meanwhile"
    """Somebody else gave money back at the same moment."""
    NOTHING_DUE = "nothing_due"
    """It waits for no money."""
    MORE_THAN_DUE = "more_than_due"
    TOO_LATE = "too_late"
    """Its deadline has passed: the time is being released."""
    BAD_SUM = "bad_sum"
    NOT_OVER = "not_over"
    """It still stands: who bears what is decided when it is over."""
    NO_SHARE = "no_share"
    """That party has no share of it to bear anything with."""


# Back without a change ----------------------------------------------------------------------------------------------


def refund(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """So much goes back, out of every party's share in proportion; the booking stays as it is."""
    currency = booking_money.currency_of(booking, context.business.currency)
    amount = sum_of(event, currency)
    why = no_refund(lead, booking, event, amount, context)
    if why is not None:
        return denied(lead, event, why)
    person, bearer = staff.requester_of(event).person, bearer_of(event)
    lead, counted_once = counted(lead, booking)
    count = counted_once.goodwill_count
    given = replace(
        counted_once,
        charged=booking.charged if bearer is None else (*booking.charged, Share(bearer, amount)),
        refund_ordered=booking_money.plus(booking.refund_ordered, amount),
        goodwill=booking_money.plus(booking.goodwill, amount),
    )
    keep, has_ended = booking_money.paid(given, currency), booking.state in CLOSED
    if has_ended:
        given = replace(given, kept=KeptMoney(keep, PolicyClause.DECIDED_BY_STAFF.value, person))
    order = accounts.settle(given, keep, f"G{count}", Cause.CUSTOMER, context, is_end=has_ended, ordered_by=(person,))
    outcome = Outcome(lead.with_booking(given)).requesting(order)
    facts = {"refund": f"G{count}", "amount": str(amount.amount), "keep": str(keep.amount), "currency": currency}
    facts |= {} if bearer is None else {"borne_by": event.fact("borne_by") or ""}
    return outcome.recording(REFUND_ORDERED, event.by, event.at, **_who(event), **facts)


def counted(lead: Lead, booking: Booking) -> tuple[Lead, Booking]:
    """Both with it noted that once more money of it was given on a person's word: of two who do that at the same
    moment, the second is told so."""
    count = booking.goodwill_count + 1
    if booking.state in CLOSED:
        others = tuple(one for one in lead.goodwill_counts if one[0] != booking.reference)
        lead = replace(lead, goodwill_counts=(*others, (str(booking.reference), count))[-MOST_REMEMBERED:])
    return lead, replace(booking, goodwill_count=count)


def no_refund(lead: Lead, booking: Booking, event: StaffAsked, amount: Money, context: Context) -> NoMoneyMoved | None:
    """Why so much of it is not to be given, as money or as a credit; none where it can be."""
    there = booking_money.paid(booking, amount.currency)
    owed = booking_money.owed(booking, amount.currency)
    stands = booking.state not in CLOSED
    change = booking.change
    checks = (
        (actor_named(staff.requester_of(event).role) not in MAY_OVERRIDE, NoMoneyMoved.MAY_NOT),
        (not (event.fact("reason") or "").strip(), NoMoneyMoved.NO_REASON),
        (amount.amount <= 0, NoMoneyMoved.BAD_SUM),
        (booking.cancellation_reason == payment_links.EXPIRED, NoMoneyMoved.OWN_WAY),
        (booking.late_payment is LatePayment.RETURNED, NoMoneyMoved.OWN_WAY),
        (there.amount <= 0, NoMoneyMoved.NOTHING_THERE),
        (amount > there - booking_money.given_as_credit(booking, amount.currency), NoMoneyMoved.TOO_MUCH),
        (booking.dispute in {Dispute.OPEN, Dispute.LOST}, NoMoneyMoved.DISPUTED),
        (stands and booking.payment_status is not PaymentStatus.PAID, NoMoneyMoved.NOT_PAID_UP),
        (change is not None and change.is_accepted, NoMoneyMoved.CHANGE_UNDER_WAY),
        # shared with the price, a part of it would be the parties'
        (stands and there - amount > owed, NoMoneyMoved.SURPLUS_FIRST),
        (stands and bearer_of(event) is not None, NoMoneyMoved.NOT_OVER),
        (has_no_share(booking, bearer_of(event), context), NoMoneyMoved.NO_SHARE),
        (
            booking.goodwill_count < dict(lead.goodwill_counts).get(str(booking.reference), 0),
            NoMoneyMoved.GIVEN_MEANWHILE,
        ),
    )
    return next((why for is_so, why in checks if is_so), None)


def bearer_of(event: StaffAsked) -> Party | None:
    """Who alone is to bear it; none where everybody does in proportion."""
    named = event.fact("borne_by")
    return PARTIES[SplitParty(named)] if named in set(SplitParty) else None


def has_no_share(booking: Booking, bearer: Party | None, context: Context) -> bool:
    """Whether that party has no part of its price, and so nothing to bear anything with."""
    if bearer is None or bearer is Party.PLATFORM:
        return False
    price = booking.price
    if price is None or not price or booking.chosen is None:
        return True
    shares = payment_links.terms_within(booking, price, context).shares_of(price)
    return all(share.party is not bearer for share in shares)


# Received by hand ---------------------------------------------------------------------------------------------------


def receive(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """Counted as money that came by a link: the news of it confirms the booking, or applies its change."""
    demand = _demand(lead, booking, context)
    why = _no_receipt(booking, event, demand)
    if why is not None or demand is None:
        return denied(lead, event, why or NoMoneyMoved.NOTHING_DUE)
    amount = sum_of(event, demand.due.currency)
    order = ReceiveMoney(
        account=demand.account,
        receipt=str(event.id),
        amount=amount,
        way=ReceiptWay(event.fact("way") or ReceiptWay.CASH),
        by=staff.requester_of(event).person,
        due=demand.due,
        pay_by=demand.pay_by,
        terms=demand.terms,
        description=demand.description,
        locale=demand.locale,
        note=event.fact("reason") or "",
        credits=demand.credits,
    )
    outcome = Outcome(lead).requesting(EffectRequest(order))
    facts = {
        "receipt": order.receipt,
        "account": order.account,
        "amount": str(amount.amount),
        "currency": amount.currency,
        "way": order.way.value,
    }
    return outcome.recording(MONEY_RECEIVED, event.by, event.at, **_who(event), **facts)


def _demand(lead: Lead, booking: Booking, context: Context) -> OpenInvoice | None:
    """What is asked for now, as its link asks: the difference of a change, or the booking's own price."""
    change = booking.change
    if change is not None and booking.modification is Modification.AWAITING_PAYMENT:
        if change.quote is None or change.pay_by is None:
            return None
        account, terms = accounts.account_of(booking, change), payment_links.part_of(booking, context)
        return OpenInvoice(
            account, change.link_count, change.quote.to_pay, change.pay_by, terms, str(booking.reference), lead.language
        )
    if booking.state is not State.PAYMENT_PENDING or booking.due is None or booking.pay_by is None:
        return None
    return payment_links.demand_of(lead, booking, context)


def _no_receipt(booking: Booking, event: StaffAsked, demand: OpenInvoice | None) -> NoMoneyMoved | None:
    if actor_named(staff.requester_of(event).role) not in MAY_RECEIVE:
        return NoMoneyMoved.MAY_NOT
    if demand is None:
        return NoMoneyMoved.NOTHING_DUE
    amount = sum_of(event, demand.due.currency)
    if amount.amount <= 0:
        return NoMoneyMoved.BAD_SUM
    if event.at >= demand.pay_by:
        return NoMoneyMoved.TOO_LATE
    known = {account.name: account.captured for account in booking_money.accounts_of(booking)}
    there = known.get(demand.account) or zero(demand.due.currency)
    by_credit = total((one.amount for one in demand.credits), demand.due.currency)
    # counted with what came in, once anything did
    set_aside = max(by_credit - there, zero(demand.due.currency))
    return NoMoneyMoved.MORE_THAN_DUE if amount > demand.due - there - set_aside else None


# Where a refund goes ------------------------------------------------------------------------------------------------


def account(lead: Lead, booking: Booking, event: StaffAsked, context: Context) -> Outcome:
    """The refund goes to that account, and the customer is asked for none any more."""
    return account_of_forgotten(lead, event, context)


def account_of_forgotten(lead: Lead, event: StaffAsked, context: Context) -> Outcome:
    """The same where the booking has left the lead."""
    refund_id, channel = event.fact("refund") or "", event.fact("channel") or ""
    number, holder = event.fact("number") or "", event.fact("holder") or ""
    questions = tuple(question for question in lead.account_questions if question.refund != refund_id)
    order = SendRefundTo(refund_id, channel, number, holder)
    outcome = Outcome(replace(lead, account_questions=questions)).requesting(EffectRequest(order))
    facts = {"refund": refund_id, "channel": channel, "number": bank_accounts.masked(number)}
    return outcome.recording(ACCOUNT_NAMED, event.by, event.at, **_who(event), **facts)


# Shared -------------------------------------------------------------------------------------------------------------


def sum_of(event: StaffAsked, currency: str) -> Money:
    """The sum that was named; nothing where it is no sum in that currency."""
    text = event.fact("amount") or ""
    named = event.fact("currency")
    is_plain = text.isascii() and text.isdecimal() and named in {None, currency}
    return Money(int(text) if is_plain else 0, currency)


def _who(event: StaffAsked) -> dict[str, str]:
    asks = staff.requester_of(event)
    return {
        "booking": str(event.booking),
        "person": asks.person,
        "role": asks.role,
        "reason": event.fact("reason") or "",
    }


def denied(lead: Lead, event: StaffAsked, why: NoMoneyMoved) -> Outcome:
    """Nothing moved, and why, on record."""
    return Outcome(lead).recording(MONEY_DENIED, event.by, event.at, **_who(event), why=why.value)
