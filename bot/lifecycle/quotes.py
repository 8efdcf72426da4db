"""What a change of a booking costs, before anybody says yes: pure, and the one place where it is computed.

The policy is the one the booking was sold under, the prices are today's. What comes back is
`max(0, paid - fees - penalty on the price)`; the fee of a change is taken on the price before it, and fee and
difference are one netted sum. Where the cause is not the customer nothing is charged, and a cancellation gives all of
it back. A yes counts at the moment it was received: give that moment as `context.now`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.business import policies
from bot.business.catalogue import PaymentRule
from bot.business.context import Context
from bot.business.definition import Business
from bot.business.quotes import NoQuote, price_gap
from bot.business.quotes import Quote as PriceQuote
from bot.business.quotes import quote as price_of
from bot.domain.booking import Booking
from bot.domain.change import (
    Arrangement,
    Bearer,
    Cause,
    Change,
    ChangeKind,
    ChangeQuote,
    Requester,
)
from bot.domain.policy_sentence import PolicyClause, PolicySentence
from bot.domain.states import CLOSED, State
from bot.lifecycle import booking_money
from bot.lifecycle.verdicts import Actor
from payments.domain.money import Money, zero

GOOD_FOR: Final = timedelta(minutes=30)
"""So long an offer holds at most, as an offered time does."""

BEARERS: Final[Mapping[Cause, Bearer]] = {
    Cause.CUSTOMER: Bearer.CUSTOMER,
    Cause.BUSINESS: Bearer.PLATFORM,
    Cause.PARTNER: Bearer.PROVIDER,
    Cause.FORCE_MAJEURE: Bearer.PARTIES,
}
MAY_OVERRIDE: Final = frozenset({Actor.OPERATIONS, Actor.FINANCE, Actor.ADMIN})
"""Who may set another fee or refund than the policy's, with a reason."""
_APOLOGISED_FOR: Final = frozenset({Cause.BUSINESS, Cause.PARTNER})
_BEGUN: Final = frozenset({State.CHECKED_IN, State.CHECKED_OUT})


class NoChange(StrEnum):
    """Why there is no quote."""

    CLOSED = "closed"
    """The booking has ended."""
    NO_TIME = "no_time"
    """Nothing is booked yet that could be changed."""
    STARTED = "started"
    """Its time has begun."""
    NOT_SOLD = "not_sold"
    """The policy it was sold under knows no change."""
    TOO_LATE = "too_late"
    """The policy's last moment for it has passed."""
    SAME = "same"
    """Nothing would be different."""
    PAST = "past"
    """The new time has begun already."""
    NO_PRICE = "no_price"
    UNKNOWN_SERVICE = "unknown_service"
    TOO_FEW_GUESTS = "too_few_guests"
    TOO_MANY_GUESTS = "too_many_guests"
    OTHER_CURRENCY = "other_currency"
    """The business has changed its currency since; a person settles it."""
    CAUSE_NOT_THEIRS = "cause_not_theirs"
    """A customer cannot name a cause other than their own wish."""
    MAY_NOT_OVERRIDE = "may_not_override"
    NO_REASON = "no_reason"
    """Fee or refund was set by a person without a reason."""
    ANOTHER_OPEN = "another_open"
    """One change after another: the open one is finished or withdrawn first."""
    NOT_OPEN = "not_open"
    """That change has ended, or is being applied."""


_NO_PRICE: Final[Mapping[NoQuote, NoChange]] = {
    NoQuote.UNKNOWN_SERVICE: NoChange.UNKNOWN_SERVICE,
    NoQuote.TOO_FEW_GUESTS: NoChange.TOO_FEW_GUESTS,
    NoQuote.TOO_MANY_GUESTS: NoChange.TOO_MANY_GUESTS,
    NoQuote.NO_PRICE: NoChange.NO_PRICE,
    NoQuote.AMBIGUOUS_PRICE: NoChange.NO_PRICE,
}


@dataclass(frozen=True, slots=True)
class QuoteDenied:
    """There is no quote, and why."""

    reason: NoChange
    price_row: str = ""
    """What the price book lacks, where that is why."""


@dataclass(frozen=True, slots=True)
class Override:
    """A fee or a refund that a person set in place of the policy's."""

    fee: Money | None = None
    refund: Money | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """What is to be quoted."""

    kind: ChangeKind
    cause: Cause
    by: Requester
    after: Arrangement | None = None
    """None for a cancellation."""
    override: Override | None = None
    of_any_size: bool = False
    """Whether it may be for more or fewer guests than its service takes."""


def arrangement_of(booking: Booking) -> Arrangement | None:
    """What the booking is sold as now; none while it has no time."""
    if booking.chosen is None or booking.service is None:
        return None
    return Arrangement(booking.service, booking.chosen, booking.guests or 1)


def quote(booking: Booking, request: ChangeRequest, context: Context, number: int = 1) -> ChangeQuote | QuoteDenied:
    """The price of that change at `context.now`, or why there is none."""
    before = arrangement_of(booking)
    denied = _denied(booking, before, request, context.now)
    if denied is not None:
        return QuoteDenied(denied)
    assert before is not None
    if request.kind is ChangeKind.CANCEL:
        return _cancellation(booking, before, request, context, number)
    return _alteration(booking, before, request, context, number)


def change_fee(
    booking: Booking, by: Requester, cause: Cause, context: Context
) -> tuple[Money, PolicySentence, datetime | None] | QuoteDenied:
    """What any change of time, place or people costs besides its difference in price, why, and until when."""
    before, request = arrangement_of(booking), ChangeRequest(ChangeKind.TIME, cause, by)
    denied = _denied(booking, before, request, context.now)
    if denied is not None or before is None:
        return QuoteDenied(denied or NoChange.NO_TIME)
    charged = _fee(booking, before, request, context.sold_under(booking), context.now)
    if isinstance(charged, QuoteDenied):
        return charged
    fee, sentence, ends = charged
    return fee, sentence, min(ends, default=None)


def _denied(booking: Booking, before: Arrangement | None, request: ChangeRequest, now: datetime) -> NoChange | None:
    override, by = request.override, request.by
    if booking.state in CLOSED:
        return NoChange.CLOSED
    if before is None or booking.booked_hold is None:
        return NoChange.NO_TIME
    if by.is_customer and request.cause is not Cause.CUSTOMER:
        return NoChange.CAUSE_NOT_THEIRS
    if override is not None:
        if by.role not in MAY_OVERRIDE:
            return NoChange.MAY_NOT_OVERRIDE
        if not override.reason.strip():
            return NoChange.NO_REASON
    has_begun = before.slot.start <= now or booking.state in _BEGUN
    # staff call off what has begun: the provider did not come, or the guest left
    if has_begun and (by.is_customer or request.kind is not ChangeKind.CANCEL):
        return NoChange.STARTED
    return None


# Cancelling ---------------------------------------------------------------------------------------------------------


def _cancellation(
    booking: Booking, before: Arrangement, request: ChangeRequest, context: Context, number: int
) -> ChangeQuote | QuoteDenied:
    sold = context.sold_under(booking)
    policy = sold.policy_for(sold.service(before.service))
    currency = booking_money.currency_of(booking, sold.currency)
    price, there = booking.price or zero(currency), booking_money.paid(booking, currency)
    start, ends = before.slot.start, []
    if request.by.is_customer and context.now > policies.last_moment(policy.cancel_until, start, sold.zone):
        return QuoteDenied(NoChange.TOO_LATE)
    term = policies.cancellation_term(policy, price, before.slot.nights, start, context.now, sold.zone)
    if request.cause is not Cause.CUSTOMER:
        keep, sentence = zero(currency), PolicySentence(PolicyClause.NOT_THEIR_FAULT)
    else:
        keep, sentence = booking_money.fees(booking, currency) + term.penalty, term.sentence
        ends = [] if term.until is None else [term.until]
    if request.override is not None and request.override.refund is not None:
        if request.override.refund.currency != currency:
            return QuoteDenied(NoChange.OTHER_CURRENCY)
        keep, sentence = there - request.override.refund, PolicySentence(PolicyClause.DECIDED_BY_STAFF)
    # never more than there is, never less than nothing
    keep = min(max(keep, zero(currency)), max(there, zero(currency)))
    back = max(there, zero(currency)) - keep
    if not there and request.override is None:
        sentence, ends = PolicySentence(PolicyClause.NOTHING_PAID), []
    return ChangeQuote(
        number=number,
        price_before=price,
        price_after=zero(currency),
        fee=zero(currency),
        keep=keep,
        paid=there,
        to_pay=zero(currency),
        to_refund=back,
        by_way=booking_money.way_back(booking, back, context.now),
        borne_by=_bearer(request),
        policy=sentence,
        valid_until=_valid_until(context.now, start, ends),
        business_version=sold.version,
        apology=request.cause in _APOLOGISED_FOR,
        to_credit=booking_money.back_to_credit(booking, back) or None,
    )


# Everything else ----------------------------------------------------------------------------------------------------


def _alteration(
    booking: Booking, before: Arrangement, request: ChangeRequest, context: Context, number: int
) -> ChangeQuote | QuoteDenied:
    after, sold, today = request.after, context.sold_under(booking), context.business
    if after is None or _is_same(before, after):
        return QuoteDenied(NoChange.SAME)
    if after.slot.start <= context.now:
        return QuoteDenied(NoChange.PAST)
    currency = booking_money.currency_of(booking, sold.currency)
    price, there = booking.price or zero(currency), booking_money.paid(booking, currency)
    if request.kind is ChangeKind.DETAILS:
        price_after, version = price, booking.business_version or sold.version
    else:
        as_before = booking.is_of_any_size and after.guests == booking.guests
        priced = _price_of(after, today, request.of_any_size or as_before)
        if isinstance(priced, QuoteDenied):
            return priced
        is_free = booking.redo is not None and booking.redo.is_free(after.service, after.guests)
        # in the place of a visit that went wrong, the same service costs nothing whenever it is
        price_after, version = Money(0 if is_free else priced.total, priced.currency), priced.version
        if price_after.currency != currency:
            return QuoteDenied(NoChange.OTHER_CURRENCY)
    if request.cause is not Cause.CUSTOMER:
        # they did not ask for it, so it never costs them more than what they had
        price_after = min(price_after, price)
    charged = _fee(booking, before, request, sold, context.now)
    if isinstance(charged, QuoteDenied):
        return charged
    fee, sentence, ends = charged
    # what was given back as goodwill is not asked for again
    owed = price_after + booking_money.fees(booking, currency) + fee
    owed = max(zero(currency), owed - booking_money.goodwill(booking, currency))
    service = today.service(after.service)
    asked = (
        owed
        if (service is not None and service.payment.rule is PaymentRule.FULL) or there.amount > 0
        else min(owed, there)
    )
    nothing = zero(currency)
    back = max(nothing, there - owed)
    return ChangeQuote(
        number=number,
        price_before=price,
        price_after=price_after,
        fee=fee,
        keep=owed,
        paid=there,
        to_pay=max(nothing, asked - there),
        to_refund=back,
        by_way=booking_money.way_back(booking, back, context.now),
        borne_by=_bearer(request),
        policy=sentence,
        valid_until=_valid_until(context.now, before.slot.start, [*ends, after.slot.start]),
        business_version=version,
        apology=request.cause in _APOLOGISED_FOR,
        to_credit=booking_money.back_to_credit(booking, back) or None,
    )


def _is_same(before: Arrangement, after: Arrangement) -> bool:
    same = (before.service, before.slot.slot_id, before.guests) == (after.service, after.slot.slot_id, after.guests)
    return same and not after.details


def _price_of(after: Arrangement, business: Business, of_any_size: bool) -> PriceQuote | QuoteDenied:
    service = business.service(after.service)
    if service is None:
        return QuoteDenied(NoChange.UNKNOWN_SERVICE)
    provider, place = business.provider(after.slot.provider), business.place(after.slot.place)
    where = (None if provider is None else provider.id, None if place is None else place.id)
    count, start, nights = after.guests, after.slot.start, max(1, after.slot.nights)
    found = price_of(business, service.id, *where, guests=count, start=start, nights=nights, of_any_size=of_any_size)
    if not isinstance(found, NoQuote):
        return found
    gap = price_gap(business, service.id, *where, guests=count, start=start, nights=nights)
    return QuoteDenied(_NO_PRICE[found], "" if gap is None else str(gap))


def _fee(
    booking: Booking, before: Arrangement, request: ChangeRequest, sold: Business, now: datetime
) -> tuple[Money, PolicySentence, list[datetime]] | QuoteDenied:
    """The fee, the sentence that says why, and the moments at which it would be another one."""
    currency = booking_money.currency_of(booking, sold.currency)
    price = booking.price or zero(currency)
    override = request.override
    if override is not None and override.fee is not None:
        if override.fee.currency != currency:
            return QuoteDenied(NoChange.OTHER_CURRENCY)
        return max(override.fee, zero(currency)), PolicySentence(PolicyClause.DECIDED_BY_STAFF), []
    if request.cause is not Cause.CUSTOMER:
        return zero(currency), PolicySentence(PolicyClause.NOT_THEIR_FAULT), []
    if request.kind is ChangeKind.DETAILS:
        return zero(currency), PolicySentence(PolicyClause.CHANGE_FREE), []
    policy = sold.policy_for(sold.service(before.service))
    term = policies.change_term(policy, price, before.slot.start, now, sold.zone)
    if not booking_money.paid(booking, currency):
        # who has paid nothing could cancel and book again for nothing
        return zero(currency), PolicySentence(PolicyClause.CHANGE_FREE), []
    if term is None:
        if request.by.is_customer:
            return QuoteDenied(NoChange.NOT_SOLD if not policy.change else NoChange.TOO_LATE)
        return zero(currency), PolicySentence(PolicyClause.DECIDED_BY_STAFF), []
    return term.fee, term.sentence, [term.until]


def _bearer(request: ChangeRequest) -> Bearer:
    return Bearer.PLATFORM if request.override is not None else BEARERS[request.cause]


def _valid_until(now: datetime, start: datetime, ends: list[datetime]) -> datetime:
    """The offer's last moment; a start that has passed ends nothing."""
    return min([now + GOOD_FOR, *(end for end in (start, *ends) if end >= now)])


# Later --------------------------------------------------------------------------------------------------------------


def is_outdated(change: Change, booking: Booking, at: datetime) -> bool:
    """Whether its quote can no longer be confirmed by a yes received `at`: its time has run out, or the booking, or
    the money it was made on, is another by now. Prices that changed since do not outdate it: it was promised."""
    given = change.quote
    if given is None or at > given.valid_until:
        return True
    there = booking_money.paid(booking, given.paid.currency)
    price = booking.price or zero(given.paid.currency)
    return there != given.paid or price != given.price_before or arrangement_of(booking) != change.before


def as_paid_now(booking: Booking, agreed: ChangeQuote, now: datetime) -> ChangeQuote:
    """What was agreed to, with the money that came in since: its price and its fee stay as promised, and only what of
    them is still to be paid, or comes back, is another."""
    there, nothing = booking_money.paid(booking, agreed.keep.currency), zero(agreed.keep.currency)
    if there == agreed.paid or there <= nothing:
        return agreed
    back = max(nothing, there - agreed.keep)
    return replace(
        agreed,
        paid=there,
        to_pay=max(nothing, agreed.keep - there),
        to_refund=back,
        by_way=booking_money.way_back(booking, back, now),
        to_credit=booking_money.back_to_credit(booking, back) or None,
    )


def main_kind(before: Arrangement, after: Arrangement) -> ChangeKind:
    """What the change alters first of all."""
    if before.service != after.service:
        return ChangeKind.SERVICE
    if before.slot.place != after.slot.place:
        return ChangeKind.PLACE
    if (before.slot.start, before.slot.nights) != (after.slot.start, after.slot.nights):
        return ChangeKind.TIME
    if before.slot.provider != after.slot.provider:
        return ChangeKind.PROVIDER
    return ChangeKind.GUESTS if before.guests != after.guests else ChangeKind.DETAILS
