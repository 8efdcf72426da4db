"""Another time for a change: asked for, looked for, offered; the booking keeps its own meanwhile."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.business.context import Context
from bot.dialogue import provider_choice
from bot.dialogue.changes import quoting
from bot.dialogue.holds import release_forgotten_offers, release_holds
from bot.domain.booking import Booking, BookingWish, OfferedSlot
from bot.domain.change import Change, ChangeWish
from bot.domain.commands import OfferSlots
from bot.domain.events import SlotsFound
from bot.domain.lead import Lead
from bot.domain.offers import Fit, ProviderWish
from bot.domain.outcome import EffectRequest, Outcome
from bot.replies import changes as words
from bot.replies.words import say
from intents.understanding import ExpectedAnswer


def go_on(lead: Lead, booking: Booking, change: Change, context: Context) -> Outcome:
    """The next step of a change whose wish is as it is now: ask, look for times, or say what it costs."""
    wished = _as_wished(booking, change, context)
    settled = provider_choice.settled(wished, context).who
    change = replace(change, wish=replace(change.wish, who=settled)) if change.wish.who.named else change
    which = provider_choice.question(lead, replace(wished, who=change.wish.who), context)
    if which is not None:
        return Outcome(quoting.waiting(lead, booking, change, context.now, ExpectedAnswer.WISH)).requesting(which)
    if (change.wish.is_open or _names_who_has_it(booking, change)) and change.block is None:
        asked = quoting.waiting(lead, booking, change, context.now, ExpectedAnswer.WISH)
        return Outcome(asked).requesting(words.which_day(lead, booking, change, context))
    if change.wish.needs_time or change.block is not None or booking.chosen is None:
        return look_for_times(lead, booking, change, context)
    return quoting.show_quote(lead, booking, quoting.with_slot(booking, change, booking.chosen), context)


def _as_wished(booking: Booking, change: Change, context: Context) -> Booking:
    """The booking as it would be: what was not said stays as it is."""
    wish, slot = change.wish, booking.chosen
    # whose time cannot be had, or whose it has to be as staff say, is no matter of whom they booked by name
    is_settled = change.block is not None or wish.provider is not None
    wished = replace(
        booking,
        service=wish.service or booking.service,
        place=wish.place or (None if slot is None else slot.place) or booking.place,
        who=wish.who if is_settled else wish.whom(booking.who),
        offered=change.offered,
        only_provider=None,
    )
    # whom they booked for what they have is named to nobody who wants something else
    return wished if wish.who.named else replace(wished, who=provider_choice.waited_for(wished, context))


def _names_who_has_it(booking: Booking, change: Change) -> bool:
    """Whether nothing was said but who gives it now."""
    wish, slot = change.wish, booking.chosen
    is_all = replace(wish, who=ProviderWish()).is_open
    return is_all and slot is not None and wish.who.only is not None and wish.who.only == slot.provider


def look_for_times(lead: Lead, booking: Booking, change: Change, context: Context) -> Outcome:
    """Order the search; the offers it had before are released by it, the booking's own time is not."""
    wish, slot = change.wish, booking.chosen
    wished = _as_wished(booking, change, context)
    command = OfferSlots(
        booking=booking.reference,
        service=wished.service or "",
        place=wished.place,
        guests=wish.guests or booking.guests or 1,
        nights=max(1, wish.nights or booking.nights),
        wish=_when(wish, slot, context.business.zone),
        provider=wish.provider,
        change=change.id,
        besides=booking.booked_hold,
        wished=wished.who.only,
        other_than=wished.who.refused,
    )
    open_again = replace(change, offered=(), after=None, quote=None, accepted_at=None)
    asked = quoting.waiting(lead, booking, open_again, context.now, ExpectedAnswer.SLOT)
    return Outcome(asked).requesting(EffectRequest(command))


def _when(wish: ChangeWish, slot: OfferedSlot | None, zone: ZoneInfo) -> BookingWish:
    """When it is wished; what was not said stays as it is: the day of another place, the hour of another day."""
    if slot is None:
        return wish.when
    local = slot.start.astimezone(zone)
    minute, when = local.hour * 60 + local.minute, wish.when
    if when.first_day is None and when.last_day is None:
        when = replace(when, first_day=local.date(), last_day=local.date())
    if when.from_minute is None and when.until_minute is None and not slot.nights:
        when = replace(when, from_minute=minute, until_minute=minute)
    return when


def slots_found(lead: Lead, booking: Booking | None, event: SlotsFound, context: Context) -> Outcome:
    """The one time that was wished is quoted at once, several are offered; with none the booking stays as it is."""
    change = None if booking is None else booking.change
    if booking is None or change is None or change.id != event.change or change.accepted_at is not None:
        return release_forgotten_offers(lead, event, context)
    prefix = say("change.just_taken", lead.language) if change.time_lost else ""
    has, turned_down = booking.chosen, booking.turned_down
    # what nobody would take is not offered again
    offers = tuple(
        slot for slot in event.offers if (has is None or slot.slot_id != has.slot_id) and slot.start not in turned_down
    )
    unfit = tuple(slot.hold_id for slot in event.offers if slot not in offers)
    service = context.business.service(change.wish.service or booking.service or "")
    found = replace(change, offered=offers, time_lost=False)
    if not offers or service is None:
        asked = quoting.waiting(lead, booking, found, event.at, ExpectedAnswer.WISH)
        none_free = words.with_keep(lead, "change.none_free", booking, found, context)
        return release_holds(Outcome(asked).requesting(none_free), unfit)
    whose = provider_choice.said_before(lead, _as_wished(booking, change, context), offers, event.fit, context)
    prefix = " ".join(filter(None, [prefix, whose]))
    zone = context.business.zone
    exact = None if whose else _exact(offers, _when(change.wish, booking.chosen, zone), zone)
    if exact is not None:
        return release_holds(quoting.choose(lead, booking, found, exact, context, prefix), unfit)
    asked = quoting.waiting(lead, booking, found, event.at, ExpectedAnswer.SLOT)
    fit = Fit.OTHER_TIMES if event.fit is Fit.NOTHING else event.fit
    said = words.offers(lead, booking, found, fit, context, prefix)
    return release_holds(Outcome(asked).requesting(said), unfit)


def _exact(offers: tuple[OfferedSlot, ...], wish: BookingWish, zone: ZoneInfo) -> OfferedSlot | None:
    """The offer at exactly the day and hour that were wished, if there is one."""
    if wish.first_day is None or wish.first_day != wish.last_day:
        return None
    for slot in offers:
        local = slot.start.astimezone(zone)
        is_hour = wish.from_minute == wish.until_minute == local.hour * 60 + local.minute
        if local.date() == wish.first_day and (is_hour or slot.nights):
            return slot
    return None


def sent(booking: Booking, change: Change, slot_id: str) -> OfferedSlot | None:
    """The offer that a tap names."""
    return next((slot for slot in change.offered if slot.slot_id == slot_id), None)


def is_still_offered(slot: OfferedSlot, now: datetime) -> bool:
    """Whether it can still be chosen at all."""
    return slot.start > now
