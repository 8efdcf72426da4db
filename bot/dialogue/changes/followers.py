"""What a change of a booking means for its money, its link and its timers, whoever made it: two followers.

They order things and never move a booking. Their laws are in `tests/bot/dialogue/changes/test_followers.py`.
"""

from dataclasses import replace
from typing import Final

from bot.business import policies
from bot.business.context import Context
from bot.dialogue import payment_links
from bot.dialogue.changes import accounts, applying
from bot.dialogue.holds import release_holds
from bot.domain.booking import Booking
from bot.domain.booking_money import KeptMoney
from bot.domain.change import Cause, Change
from bot.domain.lead import Lead
from bot.domain.money_orders import Settle
from bot.domain.outcome import Outcome
from bot.domain.states import CLOSED, LatePayment, Modification, ShowUp, State
from bot.domain.timers import CHANGE_TIMERS, TimerKind, TimerName, read_timer
from bot.lifecycle import booking_money
from bot.lifecycle.changes import end_change
from bot.replies import changes as words
from payments.domain.money import Money, zero

_END: Final = "end"
"""The name of an end that no change has brought about."""
_RECORDED: Final = "change_ended"
"""The audit's name for a change that is over, with all that was agreed."""


# Changes ------------------------------------------------------------------------------------------------------------


def changes(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: a change that is over keeps no hold, no link, no money and no timer, and is on record."""
    for booking in outcome.lead.bookings:
        if booking.state in CLOSED and booking.change is not None:
            # the booking ended some other way
            withdrawn = end_change(booking, Modification.WITHDRAWN)
            outcome = replace(outcome, lead=outcome.lead.with_booking(withdrawn))
    for booking in outcome.lead.bookings:
        for change in booking.ended_changes:
            outcome = _ended(before, outcome, booking, change, context)
    changing = {str(booking.reference): booking for booking in outcome.lead.bookings if booking.change is not None}
    timers = {name: due for name, due in outcome.lead.timers.items() if _is_needed(read_timer(name), changing)}
    if timers == outcome.lead.timers:
        return outcome
    return replace(outcome, lead=replace(outcome.lead, timers=timers))


def _ended(before: Lead, outcome: Outcome, booking: Booking, change: Change, context: Context) -> Outcome:
    standing = outcome.lead.booking(booking.reference)
    unpaid = None if standing is None else standing.unpaid_change
    # one whose money may still come and apply it keeps its account; what comes is dealt with when it is there
    if change.end is not Modification.CONFIRMED and (unpaid is None or unpaid.id != change.id):
        outcome = outcome.requesting(*accounts.return_all(booking, change, context.now))
        came = accounts.came_for(before.booking(booking.reference), change)
        if came:
            knows = outcome.lead.having_told_back(accounts.account_of(booking, change), came.amount)
            # where it failed the words that say so name the money too
            said = (words.part_back(knows, booking, came, context),) if change.end is not Modification.FAILED else ()
            outcome = replace(outcome, lead=knows, requests=(*said, *outcome.requests))
    released = tuple(hold for hold in change.holds if hold != booking.booked_hold)
    outcome = release_holds(outcome, released)
    return outcome.recording(_RECORDED, change.by.person, context.now, **_facts(booking, change))


def _facts(booking: Booking, change: Change) -> dict[str, str]:
    quote = change.quote
    facts = {
        "booking": str(booking.reference),
        "change": change.id,
        "kind": change.kind.value,
        "cause": change.cause.value,
        "state": "" if change.end is None else change.end.value,
        "role": change.by.role,
        "reason": change.reason,
    }
    if quote is None:
        return facts
    return facts | {
        "currency": quote.paid.currency,
        "fee": str(quote.fee.amount),
        "to_pay": str(quote.to_pay.amount),
        "to_refund": str(quote.to_refund.amount),
        "keep": str(quote.keep.amount),
        "policy": quote.policy.clause.value,
        "borne_by": quote.borne_by.value,
    }


def _is_needed(timer: TimerName | None, changing: dict[str, Booking]) -> bool:
    if timer is None or timer.kind not in CHANGE_TIMERS:
        return True
    booking = changing.get(timer.reference)
    # A change that takes the place of one that waited for money asks for none yet: the old deadline is nobody's.
    if booking is None or booking.change is None:
        return False
    if timer.kind is TimerKind.CHANGE_ANSWER_BY:
        return booking.change.awaits_yes and booking.modification is Modification.REQUESTED
    return timer.kind is not TimerKind.CHANGE_PAY_BY or booking.modification is Modification.AWAITING_PAYMENT


# Money --------------------------------------------------------------------------------------------------------------


def money(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: a booking that ended keeps what is written, and everything else of its money goes back; a booking
    that was paid over several accounts is shared out as a whole."""
    for booking in outcome.lead.bookings:
        was = before.booking(booking.reference)
        if booking.state in CLOSED and (was is None or was.state not in CLOSED):
            outcome = _settled(outcome, booking, context)
        elif was is not None and applying.owes(was) and not applying.owes(booking) and booking.state not in CLOSED:
            outcome = _paid_in_parts(outcome, booking, context)
        if was is not None and _is_of_another(was, booking):
            outcome = _shared_with_whoever_accepted(outcome, booking, context)
    return outcome


def _is_of_another(was: Booking, booking: Booking) -> bool:
    """Whether money that is there was to be shared before it was known, or is otherwise, who gives it."""
    yes = booking.acceptance
    if yes is None or not yes.is_given or booking.state in CLOSED or applying.owes(booking):
        return False
    has_accepted = was.state is State.PENDING_CONFIRMATION and booking.state is not State.PENDING_CONFIRMATION
    is_paid_now = yes.has_passed_on and applying.owes(was)
    theirs, others = (None if one.chosen is None else one.chosen.provider for one in (booking, was))
    return has_accepted or is_paid_now or (was.acceptance is not None and theirs != others)


def _shared_with_whoever_accepted(outcome: Outcome, booking: Booking, context: Context) -> Outcome:
    currency = booking_money.currency_of(booking, context.business.currency)
    mine = accounts.names_of(booking)
    orders = (request.command for request in outcome.requests)
    is_ordered = any(isinstance(order, Settle) and order.accounts == mine for order in orders)
    if is_ordered or not booking_money.captured(booking, currency):
        return outcome
    # what a move made too much goes back with it, and counts as the booking's no more
    booking = booking_money.surplus_returned(booking, currency)
    who = "" if booking.acceptance is None else booking.acceptance.who
    keep, name = booking_money.owed(booking, currency), f"P{booking.plan_no}:{who}"
    order = accounts.settle(booking, keep, name, Cause.BUSINESS, context, is_end=False)
    return replace(outcome, lead=outcome.lead.with_booking(booking)).requesting(order)


def _settled(outcome: Outcome, booking: Booking, context: Context) -> Outcome:
    currency = booking_money.currency_of(booking, context.business.currency)
    there = booking_money.paid(booking, currency)
    captured = booking_money.captured(booking, currency)
    has_own_way = booking.cancellation_reason == payment_links.EXPIRED or booking.late_payment is not LatePayment.NONE
    if booking.state is State.COMPLETED or has_own_way or not captured:
        # delivered: its shares are the parties'; released unpaid, or late money: those have their own orders
        return outcome
    kept = booking.kept
    if kept is None:
        kept = _kept_by_policy(booking, there, context)
        booking = replace(
            booking,
            kept=kept,
            refund_ordered=captured - kept.amount,
        )
        outcome = replace(outcome, lead=outcome.lead.with_booking(booking))
    if booking.state is State.NO_SHOW and kept.amount == captured:
        # nothing goes back, and the shares are as they were
        return outcome
    ended = [change for change in booking.ended_changes if change.end is Modification.CONFIRMED]
    cause = ended[-1].cause if ended else _cause_of_end(booking)
    change = ended[-1].id if ended else _END
    people = ended[-1].people if ended else _whose_end(booking)
    return outcome.requesting(
        accounts.settle(booking, kept.amount, change, cause, context, is_end=True, ordered_by=people)
    )


def _whose_end(booking: Booking) -> tuple[str, ...]:
    by = booking.cancelled_by
    return () if by is None or by in {"customer", "system"} else (by,)


def _cause_of_end(booking: Booking) -> Cause:
    return Cause.CUSTOMER if booking.state is State.NO_SHOW or booking.cancelled_by == "customer" else Cause.BUSINESS


def _kept_by_policy(booking: Booking, there: Money, context: Context) -> KeptMoney:
    """What an end keeps that nobody quoted: a guest who did not come, by the policy at the start; else nothing."""
    nothing = zero(there.currency)
    slot, price = booking.chosen, booking.price or nothing
    if booking.state is not State.NO_SHOW or slot is None or booking.show_up is ShowUp.CAME:
        return KeptMoney(nothing, "not_their_fault", "policy")
    sold = context.sold_under(booking)
    policy = sold.policy_for(sold.service(booking.service or ""))
    term = policies.cancellation_term(policy, price, slot.nights, slot.start, slot.start, sold.zone)
    keep = min(there, booking_money.fees(booking, there.currency) + term.penalty)
    return KeptMoney(max(nothing, keep), term.sentence.clause.value, "policy")


def _paid_in_parts(outcome: Outcome, booking: Booking, context: Context) -> Outcome:
    """All of its money is in, by more than one account: shared out as one sum."""
    mine = accounts.names_of(booking)
    if len(mine) < 2 or booking.price is None:
        return outcome
    if any(isinstance(request.command, Settle) and request.command.accounts == mine for request in outcome.requests):
        # the change that was applied has ordered it
        return outcome
    keep = booking_money.owed(booking, booking.price.currency)
    last = f"C{booking.change_count}"
    return outcome.requesting(accounts.settle(booking, keep, last, Cause.CUSTOMER, context, is_end=False))
