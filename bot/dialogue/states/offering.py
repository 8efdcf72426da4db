"""SLOT_PROPOSED: times are offered; one is chosen by tap or words, then explicitly confirmed (C-12, G-10)."""

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.business.context import Context
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.refusal_records import ALREADY_BOOKED, reason_of, refusing
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.commands import BookSlot
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import PaymentStatus, State
from bot.replies import booking as words
from bot.replies.words import say
from bot.slots.recheck import SlotUnavailable
from bot.slots.slot import read_slot_id
from intents.understanding import DateValue, Entities, ExpectedAnswer
from payments.domain.money import Money

_MONEY_IN = frozenset({PaymentStatus.PARTIALLY_PAID, PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED})


def choice(lead: Lead, booking: Booking, heard: CustomerTurn, context: Context) -> Outcome | None:
    """What these words say about the offers; none when they say nothing about them."""
    confirmed = heard.tapped(words.CONFIRM_TAP)
    if confirmed is not None or says_yes(booking, heard, lead):
        return _confirmed(lead, booking, confirmed, context)
    picked = _picked(booking, heard, context)
    return None if picked is None else chosen(lead, booking, picked, heard.at, context)


def says_yes(booking: Booking, heard: CustomerTurn, lead: Lead) -> bool:
    """An explicit yes in words, or the very words of the button."""
    if booking.chosen is None or heard.tap is not None:
        return False
    return heard.says_yes or heard.text.strip().casefold() == say("booking.button.confirm", lead.language).casefold()


def _picked(booking: Booking, heard: CustomerTurn, context: Context) -> OfferedSlot | None:
    tapped = heard.tapped(words.SLOT_TAP)
    if tapped is not None:
        return _offered(booking, tapped) or slot_of_id(tapped, booking, context)
    if heard.tap is not None or not booking.offered:
        return None
    slots = heard.understanding.entities
    return _by_ordinal(booking, slots) or _by_time(booking, slots, context.business.zone)


def _readings(value: DateValue) -> tuple[object, ...]:
    return (value.value, *(one.value for one in value.alternatives))


def _offered(booking: Booking, slot_id: str) -> OfferedSlot | None:
    return next((one for one in booking.offered if one.slot_id == slot_id), None)


def slot_of_id(slot_id: str, booking: Booking, context: Context) -> OfferedSlot | None:
    """A time from an old button, if it names one of this booking's service; whether it is free is asked later."""
    name = read_slot_id(slot_id)
    service = None if name is None else context.business.service(name.service)
    if name is None or service is None or service.id != booking.service:
        return None
    return OfferedSlot(
        slot_id=slot_id,
        start=name.start,
        end=name.start + service.duration,
        provider=name.provider,
        place=name.place,
        nights=name.nights,
    )


def _by_ordinal(booking: Booking, slots: Entities) -> OfferedSlot | None:
    """ "The second", "yang terakhir", "số 1"."""
    if slots.ordinal is None:
        return None
    place = slots.ordinal - 1 if slots.ordinal > 0 else len(booking.offered) + slots.ordinal
    return booking.offered[place] if 0 <= place < len(booking.offered) else None


def _by_time(booking: Booking, slots: Entities, zone: ZoneInfo) -> OfferedSlot | None:
    """ "Yang jam 10", "chọn 9h", "Tuesday": when exactly one offer fits all that was named."""
    if not slots.dates:
        return None
    fitting = [
        one
        for one in booking.offered
        if all(any(_fits(one, reading, zone) for reading in _readings(value)) for value in slots.dates)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _fits(offered: OfferedSlot, value: object, zone: ZoneInfo) -> bool:
    local = offered.start.astimezone(zone)
    if isinstance(value, datetime):
        return (local.date(), local.hour, local.minute) == (value.date(), value.hour, value.minute)
    if isinstance(value, time):
        return (local.hour, local.minute) == (value.hour, value.minute)
    return local.date() == value


def chosen(lead: Lead, booking: Booking, picked: OfferedSlot, now: datetime, context: Context) -> Outcome:
    """One time is chosen: say all of it back and ask for the explicit yes."""
    if picked.start <= now:
        return refusing(
            ask_again(lead, booking, "booking.time.past"),
            booking,
            State.SLOT_CONFIRMED,
            (reason_of(SlotUnavailable.PAST),),
            now,
        )
    twin = already_booked(lead, booking, picked)
    if twin is not None:
        again = ask_again(lead, booking, "booking.time.already_yours", reference=str(twin.reference))
        return refusing(again, booking, State.SLOT_CONFIRMED, (ALREADY_BOOKED,), now)
    priced = priced_for(replace(booking, chosen=picked, explicitly_confirmed=False), picked, context)
    asking = lead.with_booking(priced).conversing(expecting=ExpectedAnswer.CONFIRMATION, misunderstood=0)
    return Outcome(asking).requesting(words.summary(lead, priced, context))


def ask_again(lead: Lead, booking: Booking, key: str, **fields: str) -> Outcome:
    """Say why not, and ask for another time."""
    open_again = replace(booking, chosen=None, asked_when=True)
    asking = lead.with_booking(open_again).conversing(expecting=ExpectedAnswer.WISH, misunderstood=0)
    body = words.joined(lead, (key, fields), ("booking.ask.other_time", {}))
    return Outcome(asking).requesting(body)


def already_booked(lead: Lead, booking: Booking, picked: OfferedSlot) -> Booking | None:
    """S3-101: the same time twice by one person."""
    for other in lead.bookings:
        same = other.chosen is not None and other.chosen.start == picked.start and other.service == booking.service
        if other.reference != booking.reference and other.booked_hold is not None and same:
            return other
    return None


def priced_for(booking: Booking, slot: OfferedSlot, context: Context) -> Booking:
    """The booking with the price of that time, quoted under the business file of now; where money is in it already,
    under the one it was quoted under."""
    has_money = booking.is_rebooked_by_late_payment or booking.payment_status in _MONEY_IN
    business = context.business_of(booking) if has_money else context.business
    quote = words.quoted(booking, slot, business)
    service = business.service(booking.service or "")
    price = None if quote is None else Money(quote.total, quote.currency)
    pays_first = service is not None and service.payment.rule == "full"
    return replace(booking, price=price, due=price if pays_first else None, business_version=business.version)


def _confirmed(lead: Lead, booking: Booking, slot_id: str | None, context: Context) -> Outcome | None:
    """The explicit yes: the time that was summed up is booked, and nothing else."""
    if booking.chosen is None or booking.state is not State.SLOT_PROPOSED:
        return None
    if slot_id is not None and slot_id != booking.chosen.slot_id:
        return Outcome(lead).requesting(words.summary(lead, booking, context))
    return book_chosen(lead, booking)


def book_chosen(lead: Lead, booking: Booking) -> Outcome:
    """Order the booking of the chosen time; what comes of it comes back as an event."""
    slot = booking.chosen
    assert slot is not None
    others = tuple(hold for hold in booking.holds if hold != slot.hold_id)
    order = BookSlot(
        booking=booking.reference,
        slot_id=slot.slot_id,
        hold_id=slot.hold_id,
        guests=booking.guests or 1,
        let_go=others,
    )
    sure = replace(booking, explicitly_confirmed=True)
    waiting = lead.with_booking(sure).conversing(expecting=ExpectedAnswer.BOOKING, misunderstood=0)
    return Outcome(waiting).requesting(EffectRequest(order))
