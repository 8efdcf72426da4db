"""The front desk: what staff and machines do with bookings, judged before it is told to the lead (S3-107 to S3-115).

A time that staff name is claimed before anything is told, so that a step that is answered with yes cannot lose it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.catalogue import Service, Venue
from bot.business.definition import Business
from bot.dialogue.choice import slot_of_id
from bot.dialogue.denials import DENIED, facts_of, reason_of
from bot.domain.booking import Booking, OfferedSlot, SlotUnavailable
from bot.domain.commands import Lane, RecordAudit
from bot.domain.events import StaffAction, StaffAsked
from bot.domain.ids import BookingReference, EffectId, EventId, LeadId
from bot.domain.lead import Lead
from bot.domain.outbox import StoredLead
from bot.domain.references import reference_of
from bot.domain.states import ItemStatus, ShowUp, State
from bot.engine import lead_worker
from bot.engine.parts import Parts
from bot.lifecycle import apply
from bot.lifecycle.rules.rule import Reason
from bot.lifecycle.tables import Facet
from bot.lifecycle.verdicts import Actor, Verdict
from bot.slots import claims as claiming
from bot.slots.claims import Taken
from bot.slots.free import Search, free_slots, resources_of
from bot.slots.recheck import recheck
from bot.slots.slot import Slot, SlotName, read_slot_id
from bot.store.claims import Claimant, Held, HoldId

ACTOR: Final = Actor.OPERATIONS
"""As whom a machine with our token acts."""
PATIENCE: Final = 10.0
"""Seconds an answer waits for the worker."""
_LOOK_EVERY: Final = 0.03
_STAFF: Final = ("sales", "operations", "support", "admin")


@dataclass(frozen=True, slots=True)
class FoundBooking:
    """A booking as its lead knows it, or as it was when it was closed."""

    booking: Booking
    lead: LeadId


@dataclass(frozen=True, slots=True)
class Done:
    """The step was taken; `settled` is false when the worker had not finished it in time."""

    found: FoundBooking
    settled: bool = True


class NoSuchBooking(Exception):
    """Nobody has a booking of that reference."""


async def find(parts: Parts, reference: str) -> FoundBooking:
    """A booking from its lead, or from the read model once it is closed; NoSuchBooking."""
    recorded = await parts.bookings.find(BookingReference(reference))
    if recorded is None:
        raise NoSuchBooking(reference)
    stored = await lead_of(parts, recorded.lead)
    if stored is None:
        return FoundBooking(recorded.booking, recorded.lead)
    return FoundBooking(stored.lead.booking(reference) or recorded.booking, stored.lead.id)


async def lead_of(parts: Parts, lead_id: LeadId) -> StoredLead | None:
    """That lead, or the one it was merged into."""
    stored = await parts.leads.load(lead_id)
    if stored is not None and stored.merged_into is not None:
        return await lead_of(parts, LeadId(stored.merged_into))
    return stored


async def free(parts: Parts, search: Search, now: datetime) -> tuple[Slot, ...]:
    """The free times of a search as they are now."""
    business = parts.context(now).business
    names = resources_of(business, search)
    taken = await parts.claims.taken(names, search.first_day, search.last_day, now=now)
    return free_slots(business, search, now, taken)


def judged(parts: Parts, booking: Booking, lead: Lead, target: State, now: datetime) -> Verdict:
    """What the rules say to that move of that booking, made by staff."""
    return apply.judged(lead, booking, target, ACTOR, parts.context(now))


async def create(
    parts: Parts, lead: Lead, service: Service, slot_id: str, guests: int, name: str
) -> Done | Sequence[Reason]:
    """A booking made by hand: claimed, told, booked; or why the time cannot be had."""
    now = await parts.clock.business_now()
    event = EventId(f"staff:{name}")
    reference = reference_of(lead.id, event, now)
    claimed = await _claimed(parts, lead, reference, service, slot_id, guests, f"{event}:hold", now)
    if not isinstance(claimed, str):
        return await _refused(
            parts, FoundBooking(Booking(reference), lead.id), State.SLOT_CONFIRMED, claimed, event, now
        )
    facts = (("service", service.id), ("slot_id", slot_id), ("guests", str(guests)), ("hold_id", claimed))
    asked = StaffAsked(event, now, ACTOR.value, StaffAction.CREATE, reference, facts)
    done = await _told(parts, lead.id, asked)
    return done if done.found.booking.booked_hold is not None or not done.settled else (_taken(),)


async def confirm(parts: Parts, found: FoundBooking, lead: Lead, slot_id: str, name: str) -> Done | Sequence[Reason]:
    """The customer's yes, recorded by staff, to a time that was offered or is named."""
    now = await parts.clock.business_now()
    business = parts.context(now).business
    booking, event = found.booking, EventId(f"staff:{name}")
    slot = _offered(booking, slot_id) or slot_of_id(slot_id, booking, parts.context(now))
    service = business.service(booking.service or "")
    if slot is None or service is None:
        unknown = (reason_of(SlotUnavailable.NOT_OFFERED),)
        return await _refused(parts, found, State.SLOT_CONFIRMED, unknown, event, now)
    wanted = replace(booking, chosen=slot, explicitly_confirmed=True)
    verdict = judged(parts, wanted, lead, State.SLOT_CONFIRMED, now)
    if not verdict.allowed:
        return await _refused(parts, found, verdict.target, verdict.reasons, event, now)
    hold = slot.hold_id
    if hold is None:
        claimed = await _claimed(
            parts, lead, booking.reference, service, slot_id, booking.guests or 1, f"{event}:hold", now
        )
        if not isinstance(claimed, str):
            return await _refused(parts, found, State.SLOT_CONFIRMED, claimed, event, now)
        hold = claimed
    facts = (("slot_id", slot_id), ("hold_id", hold))
    done = await _told(
        parts, found.lead, StaffAsked(event, now, ACTOR.value, StaffAction.CONFIRM, booking.reference, facts)
    )
    return done if done.found.booking.booked_hold is not None or not done.settled else (_taken(),)


async def step(
    parts: Parts, found: FoundBooking, lead: Lead, wanted: StaffAction, facts: tuple[tuple[str, str], ...], name: str
) -> Done | Sequence[Reason]:
    """Propose, reschedule, cancel or show-up, when the rules allow it."""
    now = await parts.clock.business_now()
    asked = StaffAsked(EventId(f"staff:{name}"), now, ACTOR.value, wanted, found.booking.reference, facts)
    try:
        would_be, target = _aim(found.booking, asked)
    except apply.TransitionDenied as denied:
        verdict = denied.verdict
        return await _refused(parts, found, verdict.target, verdict.reasons, asked.id, now)
    verdict = judged(parts, would_be, lead, target, now)
    if not verdict.allowed:
        return await _refused(parts, found, target, verdict.reasons, asked.id, now)
    return await _told(parts, found.lead, asked)


async def _refused(
    parts: Parts,
    found: FoundBooking,
    target: State | Facet | ItemStatus,
    reasons: Sequence[Reason],
    event: EventId,
    now: datetime,
) -> Sequence[Reason]:
    """The reasons, kept in the lead's history first: no commit carries them, since nothing changes."""
    for number, reason in enumerate(reasons):
        facts = tuple(sorted(facts_of(found.booking, target, reason).items()))
        record = RecordAudit(DENIED, ACTOR.value, now, facts)
        await parts.audit.write(found.lead, EffectId(f"{event}:{DENIED}:{number}"), record)
    return reasons


def _aim(booking: Booking, asked: StaffAsked) -> tuple[Booking, State]:
    """The booking with what was said of it, and where that leads."""
    match asked.action:
        case StaffAction.PROPOSE:
            return booking, State.SLOT_PROPOSED
        case StaffAction.RESCHEDULE:
            return replace(booking, reschedule_reason=asked.fact("reason")), State.RESCHEDULED
        case StaffAction.CANCEL:
            return replace(booking, cancellation_reason=asked.fact("reason")), State.CANCELLED
        case _:
            came = asked.fact("came") == "true"
            seen = ShowUp.CAME if came else ShowUp.DID_NOT_COME
            return apply.set_facet(booking, seen, ACTOR), State.COMPLETED if came else State.NO_SHOW


async def _told(parts: Parts, lead_id: LeadId, asked: StaffAsked) -> Done:
    """Tell the lead and wait, a while, until the worker has done what it ordered."""
    await lead_worker.tell(parts, lead_id, asked)
    loop = asyncio.get_running_loop()
    ends = loop.time() + PATIENCE
    settled = False
    while not settled and loop.time() < ends:
        stored = await lead_of(parts, lead_id)
        settled = stored is None or not (stored.in_lane(Lane.SLOTS) or stored.in_lane(Lane.RECORD))
        if not settled:
            await asyncio.sleep(_LOOK_EVERY)
    return Done(await _standing(parts, lead_id, asked.booking), settled)


async def _standing(parts: Parts, lead_id: LeadId, reference: BookingReference) -> FoundBooking:
    stored = await lead_of(parts, lead_id)
    booking = None if stored is None else stored.lead.booking(reference)
    return await find(parts, reference) if stored is None or booking is None else FoundBooking(booking, stored.lead.id)


async def _claimed(
    parts: Parts,
    lead: Lead,
    reference: BookingReference,
    service: Service,
    slot_id: str,
    guests: int,
    hold: str,
    now: datetime,
) -> str | Sequence[Reason]:
    """The hold that keeps the time for this booking, or why it cannot be had; TooBusy when everybody wants it."""
    business, name = parts.context(now).business, read_slot_id(slot_id)
    if name is None or name.service != service.id:
        return (reason_of(SlotUnavailable.NOT_OFFERED),)
    if service.venue is Venue.GUEST_PLACE and name.place is None:
        return (Reason("place", "no_place", "ask_where", _STAFF),)
    slot = recheck(business, name, guests, now, await _taken_around(parts, business, name, guests, now))
    if isinstance(slot, SlotUnavailable):
        return (reason_of(slot),)
    until = now + timedelta(minutes=business.sop.slot.hold_minutes)
    needs = claiming.needs_of(business, service, slot, guests)
    got = await parts.claims.claim(Claimant(HoldId(hold), lead.id, reference), needs, now=now, expires_at=until)
    return hold if isinstance(got, Held) else (_taken(),)


async def _taken_around(parts: Parts, business: Business, name: SlotName, guests: int, now: datetime) -> Taken:
    day, nights = name.start.astimezone(business.zone).date(), max(1, name.nights)
    first, last = day - timedelta(days=1), day + timedelta(days=nights)
    search = Search(name.service, first, last, name.place, name.provider, guests, nights)
    return await parts.claims.taken(resources_of(business, search), first, last, now=now)


def _offered(booking: Booking, slot_id: str) -> OfferedSlot | None:
    return next((one for one in booking.offered if one.slot_id == slot_id), None)


def _taken() -> Reason:
    return reason_of(SlotUnavailable.TAKEN)
