"""The choice of one time, by tap or words, its price, and the explicit yes that books it."""

from dataclasses import replace
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from bot.business.context import Context
from bot.business.definition import Business
from bot.business.quotes import PriceGap
from bot.dialogue import denials, house_rules, provider_choice
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.holds import release_holds
from bot.dialogue.matching import says_one_of
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, BookingWish, OfferedSlot, SlotUnavailable
from bot.domain.commands import BookSlot
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import PaymentStatus, State
from bot.lifecycle import apply
from bot.lifecycle.rules.rule import Reason
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.replies.words import say
from bot.slots import wishes
from bot.slots.slot import read_slot_id
from intents.understanding import ExpectedAnswer, Relation
from payments.domain.money import Money

_MONEY_IN: Final = frozenset({PaymentStatus.PARTIALLY_PAID, PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED})


def answer(lead: Lead, booking: Booking, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What these words say about the offers; none when they say nothing about them."""
    confirmed = turn.tapped(words.CONFIRM_TAP)
    if confirmed is not None or says_yes(booking, turn, lead):
        if booking.chosen is None or booking.state is not State.SLOT_PROPOSED:
            return None
        if confirmed not in {None, booking.chosen.slot_id}:
            # an older button: the time that is chosen now is summed up instead, never another one booked
            return Outcome(lead).requesting(words.summary(lead, booking, context))
        return house_rules.before_booking(lead, booking, turn.at, context) or book_chosen(lead, booking)
    tapped = turn.tapped(words.SLOT_TAP)
    if tapped is not None:
        offered = next((slot for slot in booking.offered if slot.slot_id == tapped), None)
        picked = offered or slot_of_id(tapped, booking, context)
    elif turn.tap is not None or not booking.offered:
        picked = None
    else:
        named = provider_choice.picked(booking, turn, context)
        picked = named or picked_of(booking.offered, turn, context.business.zone)
    return None if picked is None else choose(lead, booking, picked, turn.at, context)


def says_yes(booking: Booking, turn: CustomerTurn, lead: Lead) -> bool:
    """An explicit yes in words, or the very words of the button."""
    if booking.chosen is None or turn.tap is not None:
        return False
    return turn.says_yes() or turn.text.strip().casefold() == say("booking.button.confirm", lead.language).casefold()


def picked_of(offered: tuple[OfferedSlot, ...], turn: CustomerTurn, zone: ZoneInfo) -> OfferedSlot | None:
    """The one of these times that the words mean; none where they mean none, or several."""
    said = turn.understanding.entities
    if said.ordinal is not None:
        # "the second", "yang terakhir", "số 1"
        place = said.ordinal - 1 if said.ordinal > 0 else len(offered) + said.ordinal
        if 0 <= place < len(offered):
            return offered[place]
    if not said.dates:
        return None
    # "yang jam 10", "chọn 9h", "Tuesday": when exactly one offer fits all that was named
    readings = [[value.value, *(other.value for other in value.alternatives)] for value in said.dates]
    fitting = [slot for slot in offered if all(any(_fits(slot, one, zone) for one in each) for each in readings)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(offered: OfferedSlot, value: object, zone: ZoneInfo) -> bool:
    local = offered.start.astimezone(zone)
    if isinstance(value, datetime):
        return (local.date(), local.hour, local.minute) == (value.date(), value.hour, value.minute)
    if isinstance(value, time):
        return (local.hour, local.minute) == (value.hour, value.minute)
    return local.date() == value


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


def choose(
    lead: Lead, booking: Booking, picked: OfferedSlot, now: datetime, context: Context, prefix: str = ""
) -> Outcome:
    """One time is chosen: say all of it back and ask for the explicit yes; what was summed up before, as a change."""
    if picked.start <= now:
        again = _ask_again(lead, booking, "booking.time.past")
        return denials.recording(again, booking, State.SLOT_CONFIRMED, (denials.reason_of(SlotUnavailable.PAST),), now)
    gap = price_gap_of(booking, picked, context)
    if gap is not None:
        again = _ask_again(
            lead.alarmed(AlarmReason.PRICE_MISSING, now, booking.reference), booking, "booking.time.no_price"
        )
        return denials.recording(again, booking, State.SLOT_CONFIRMED, (denials.no_price(gap),), now)
    twin = already_booked(lead, booking, picked)
    if twin is not None:
        again = _ask_again(lead, booking, "booking.time.already_yours", reference=str(twin.reference))
        return denials.recording(again, booking, State.SLOT_CONFIRMED, (denials.ALREADY_BOOKED,), now)
    priced = priced_for(replace(booking, chosen=picked, explicitly_confirmed=False), picked, context)
    refused = house_rules.before_yes(lead, priced, now, context)
    if refused is not None:
        return refused
    is_change = priced.summed_up is not None and priced.summed_up == priced.service
    priced = replace(priced, summed_up=priced.service)
    asking = lead.with_booking(priced).conversing(expecting=ExpectedAnswer.CONFIRMATION, misunderstood=0)
    if is_change:
        return Outcome(asking).requesting(words.asking_yes(lead, "booking.summary_changed", priced, context))
    return Outcome(asking).requesting(words.summary(lead, priced, context, prefix))


def exactly(offered: tuple[OfferedSlot, ...], booking: Booking, zone: ZoneInfo) -> OfferedSlot | None:
    """The offer at the very day and time that were wished, if there is one."""
    wish = booking.wish
    if wish.first_day is None or wish.first_day != wish.last_day or booking.nights:
        return None
    if wish.from_minute is None or wish.from_minute != wish.until_minute:
        return None
    for slot in offered:
        local = slot.start.astimezone(zone)
        if local.date() == wish.first_day and local.hour * 60 + local.minute == wish.from_minute:
            return slot
    return None


def reasons_against(lead: Lead, new: Booking, slot_id: str, by: Actor, context: Context) -> tuple[Reason, ...]:
    """Why the rules of the house refuse that new booking at that time; a time nobody knows is told elsewhere."""
    slot = slot_of_id(slot_id, new, context)
    if slot is None:
        return ()
    known = replace(new, chosen=slot, place=slot.place, nights=slot.nights, explicitly_confirmed=True)
    known = priced_for(known, slot, context)
    verdicts = (
        apply.judged(lead, known, target, by, context) for target in (State.SLOT_PROPOSED, State.SLOT_CONFIRMED)
    )
    return tuple(reason for verdict in verdicts for reason in house_rules.reasons_of(verdict))


_OTHERS: Final = ("something", "anything", "any", "a bit", "ada", "agak", "có", "nào", "chút")
"""Words that ask for other times than those that are shown; "the later one" is the last of these."""


def beyond_shown(booking: Booking, turn: CustomerTurn, zone: ZoneInfo) -> BookingWish | None:
    """The wish for an earlier or later time than what is chosen or shown; none where one of these is meant."""
    if turn.tap is not None or not (booking.chosen or booking.offered):
        return None
    said = turn.understanding.entities
    asks_for_others = "?" in turn.text or said.ordinal is None or says_one_of(turn.text, _OTHERS)
    if booking.chosen is None and not asks_for_others:
        return None
    shown = (booking.chosen,) if booking.chosen is not None else booking.offered
    pick = max if Relation.LATER in said.relations else min
    return wishes.beyond(said, pick(slot.start for slot in shown), zone)


def wish_as_chosen(booking: Booking, zone: ZoneInfo) -> Booking:
    """The booking with the time that was summed up for its wish: a correction changes only what it names."""
    if booking.chosen is None or booking.chosen.nights:
        return booking
    local = booking.chosen.start.astimezone(zone)
    minute = local.hour * 60 + local.minute
    return replace(booking, wish=BookingWish(local.date(), local.date(), minute, minute))


def _ask_again(lead: Lead, booking: Booking, key: str, **fields: str) -> Outcome:
    """Say why not, and ask for another time."""
    open_again = replace(booking, chosen=None, asked_when=True)
    asking = lead.with_booking(open_again).conversing(expecting=ExpectedAnswer.WISH, misunderstood=0)
    return Outcome(asking).requesting(words.joined(lead, (key, fields), ("booking.ask.other_time", {})))


def already_booked(lead: Lead, booking: Booking, picked: OfferedSlot) -> Booking | None:
    """The same time twice by one person."""
    for other in lead.bookings:
        same = other.chosen is not None and other.chosen.start == picked.start and other.service == booking.service
        if other.reference != booking.reference and other.booked_hold is not None and same:
            return other
    return None


def price_gap_of(booking: Booking, slot: OfferedSlot, context: Context) -> PriceGap | None:
    """What the price book lacks for that time, without which it is not sold."""
    return words.price_gap_of(booking, slot, _priced_under(booking, context))


def without_price(lead: Lead, booking: Booking, slot: OfferedSlot, gap: PriceGap, now: datetime) -> Outcome:
    """A time that somebody has taken without a choice in chat is not booked: its hold is released, and why is on
    record."""
    alarmed = lead.alarmed(AlarmReason.PRICE_MISSING, now, booking.reference)
    outcome = denials.recording(Outcome(alarmed), booking, State.SLOT_CONFIRMED, (denials.no_price(gap),), now)
    return release_holds(outcome, (slot.hold_id,))


def _priced_under(booking: Booking, context: Context) -> Business:
    has_money = booking.is_rebooked_by_late_payment or booking.payment_status in _MONEY_IN
    return context.business_of(booking) if has_money else context.business


def priced_for(booking: Booking, slot: OfferedSlot, context: Context) -> Booking:
    """The booking with the price of that time, quoted under the business file of now; where money is in it already,
    under the one it was quoted under."""
    business = _priced_under(booking, context)
    quote = words.quoted(booking, slot, business)
    service = business.service(booking.service or "")
    price = None if quote is None else Money(0 if booking.is_free_again else quote.total, quote.currency)
    pays_first = service is not None and service.payment.rule == "full"
    return replace(booking, price=price, due=price if pays_first else None, business_version=business.version)


def sum_of(booking: Booking) -> str:
    """What it costs, in a word: agreed to is that sum, and no other."""
    return "-" if booking.price is None else f"{booking.price.amount} {booking.price.currency}"


def book_chosen(lead: Lead, booking: Booking) -> Outcome:
    """Order the booking of the chosen time; what comes of it comes back as an event."""
    slot = booking.chosen
    assert slot is not None
    command = BookSlot(
        booking=booking.reference,
        slot_id=slot.slot_id,
        hold_id=slot.hold_id,
        guests=booking.guests or 1,
        let_go=tuple(hold for hold in booking.holds if hold != slot.hold_id),
        # judged once more where its hold ran out, also when it is paid too late: the house's word for it stands
        against=() if booking.override_of_time is None else booking.override_of_time.of_time,
    )
    sure = replace(booking, explicitly_confirmed=True, open_field=None, yes_waits=False)
    waiting = lead.with_booking(sure).conversing(expecting=ExpectedAnswer.BOOKING, misunderstood=0)
    return Outcome(waiting).requesting(EffectRequest(command))
