"""The front desk: what staff and machines do with bookings, judged before it is told to the lead.

A time that staff name is claimed before anything is told, so that a step that is answered with yes cannot lose it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.catalogue import PlaceId, Service
from bot.business.context import Context
from bot.dialogue.choice import priced_for, reasons_against, slot_of_id
from bot.dialogue.denials import DENIED, facts_of, reason_in, reason_of
from bot.dialogue.overrides import overriding
from bot.dialogue.phone_bookings import WANTS_NO_MESSAGES
from bot.dialogue.staff_requests import aim
from bot.domain.booking import Booking, SlotUnavailable
from bot.domain.callers import PhoneCaller
from bot.domain.change import Requester
from bot.domain.commands import Lane, RecordAudit, UnknownCommand
from bot.domain.events import StaffAction, StaffAsked
from bot.domain.ids import BookingReference, EffectId, EventId, LeadId
from bot.domain.lead import Lead
from bot.domain.outbox import StoredLead
from bot.domain.overrides import RulesOverridden
from bot.domain.references import reference_of
from bot.domain.states import CLOSED, ItemStatus, State
from bot.engine.decisions import Decisions
from bot.engine.living import living
from bot.engine.staff_times import StaffTimes, TimeAgainstRules
from bot.lifecycle import apply
from bot.lifecycle.rules.rule import Reason
from bot.lifecycle.tables import Facet
from bot.lifecycle.verdicts import Actor, Verdict, actor_named
from bot.slots import claims as claiming
from bot.slots.free import Search, free_slots, last_claimed, resources_of
from bot.slots.slot import Slot, at_place
from bot.store.audit import Audit
from bot.store.bookings import Bookings
from bot.store.claims import Claimant, Claims, Held, HoldId
from bot.store.clock import Clock
from bot.store.leads import Leads

ACTOR: Final = Actor.OPERATIONS
"""As whom a machine with our token acts."""
MACHINE: Final = Requester("machine", ACTOR.value)
"""Who has the one token, and names nobody."""
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


@dataclass(frozen=True, slots=True)
class StaffActions:
    """Bookings as staff and machines see and move them."""

    leads: Leads
    bookings: Bookings
    claims: Claims
    audit: Audit
    clock: Clock
    decisions: Decisions

    def context(self, now: datetime) -> Context:
        """What is known now of business and forms."""
        return self.decisions.context(now)

    @property
    def times(self) -> StaffTimes:
        """The times they may name."""
        return StaffTimes(self.claims, self.context)

    async def find(self, reference: str) -> FoundBooking:
        """A booking from its lead, or from the read model once it is closed; NoSuchBooking."""
        recorded = await self.bookings.find(BookingReference(reference))
        if recorded is None:
            raise NoSuchBooking(reference)
        stored = await living(self.leads, recorded.lead)
        if stored is None:
            return FoundBooking(recorded.booking, recorded.lead)
        booking = stored.lead.booking(reference) or recorded.booking
        return FoundBooking(stored.lead.rated(booking), stored.lead.id)

    async def free(self, search: Search, now: datetime) -> tuple[Slot, ...]:
        """The free times of a search as they are now."""
        business = self.context(now).business
        names = resources_of(business, search)
        taken = await self.claims.taken(names, search.first_day, last_claimed(business, search), now=now)
        return free_slots(business, search, now, taken)

    def judged(self, booking: Booking, lead: Lead, target: State, now: datetime, by: Requester = MACHINE) -> Verdict:
        """What the rules say to that move of that booking, made by them."""
        return apply.judged(lead, booking, target, actor_named(by.role), self.context(now))

    async def create(
        self,
        lead: Lead,
        service: Service,
        slot_id: str,
        guests: int,
        name: str,
        place: PlaceId | None = None,
        by: Requester = MACHINE,
        caller: PhoneCaller | None = None,
        override: str | None = None,
    ) -> Done | Sequence[Reason]:
        """A booking made by hand: claimed, told, booked; or why the time cannot be had. `caller` is who is on the
        phone for it, `override` why the rules of the house do not count.

        `place` is where the guest stays, for a time that names none. Called once more under the same name, after a
        crash half way, it goes on with its own hold and its own booking.
        """
        now = await self.clock.business_now()
        event = EventId(f"staff:{name}")
        hold = HoldId(f"{event}:hold")
        kept = await self.claims.holding(hold)
        # the hour is part of a reference, so a call that is made again later must not make a new one
        reference = reference_of(lead.id, event, now) if kept is None or kept.booking is None else kept.booking
        begun = await self._begun(lead.id, event)
        if begun is not None:
            return await self.settled(lead.id, begun)
        if place is not None:
            slot_id = at_place(slot_id, place)
        if caller is not None and lead.conversation.opted_out:
            unmade = FoundBooking(Booking(reference), lead.id)
            return await self.refused(unmade, State.SLOT_CONFIRMED, (WANTS_NO_MESSAGES,), event, now, by)
        new = Booking(reference, State.SLOT_PROPOSED, service=service.id, guests=guests)
        slot: Slot | None = None
        if override is not None:
            found = await self.times.against_the_rules(lead, new, slot_id, override, actor_named(by.role), now, (hold,))
            if not isinstance(found, TimeAgainstRules):
                return await self.refused(FoundBooking(new, lead.id), State.SLOT_CONFIRMED, found, event, now, by)
            slot, new = found.slot, found.booking
        against = reasons_against(lead, new, slot_id, actor_named(by.role), self.context(now))
        if against:
            return await self.refused(FoundBooking(new, lead.id), State.SLOT_CONFIRMED, against, event, now, by)
        claimed = await self.claimed(lead, reference, service, slot_id, guests, hold, now, slot)
        if not isinstance(claimed, str):
            return await self.refused(
                FoundBooking(Booking(reference), lead.id), State.SLOT_CONFIRMED, claimed, event, now, by
            )
        asked = creating(event, now, by, reference, service, slot_id, guests, claimed, caller, new.override)
        try:
            done = await self.told(lead.id, asked)
        except NoSuchBooking:
            # denied by the decision: STOP came in the same moment
            denied = [reason_in(facts) for what, facts in await self.recorded(lead.id, event) if what == DENIED]
            return denied or (_taken(),)
        return done if done.found.booking.booked_hold is not None or not done.settled else (_taken(),)

    async def confirm(
        self, found: FoundBooking, lead: Lead, slot_id: str, name: str, by: Requester = MACHINE
    ) -> Done | Sequence[Reason]:
        """The customer's yes, recorded by staff, to a time that was offered or is named."""
        now = await self.clock.business_now()
        business = self.context(now).business
        booking, event = found.booking, EventId(f"staff:{name}")
        if await self._begun(found.lead, event) is not None:
            return await self.settled(found.lead, booking.reference)
        slot = next((one for one in booking.offered if one.slot_id == slot_id), None) or slot_of_id(
            slot_id, booking, self.context(now)
        )
        service = business.service(booking.service or "")
        if slot is None or service is None:
            unknown = (reason_of(SlotUnavailable.NOT_OFFERED),)
            return await self.refused(found, State.SLOT_CONFIRMED, unknown, event, now, by)
        wanted = priced_for(replace(booking, chosen=slot, explicitly_confirmed=True), slot, self.context(now))
        verdict = self.judged(wanted, lead, State.SLOT_CONFIRMED, now, by)
        if not verdict.allowed:
            return await self.refused(found, verdict.target, verdict.reasons, event, now, by)
        hold = slot.hold_id
        if hold is None:
            claimed = await self.claimed(
                lead, booking.reference, service, slot_id, booking.guests or 1, HoldId(f"{event}:hold"), now
            )
            if not isinstance(claimed, str):
                return await self.refused(found, State.SLOT_CONFIRMED, claimed, event, now, by)
            hold = claimed
        facts = (("slot_id", slot_id), ("hold_id", hold))
        done = await self.told(found.lead, _asked(event, now, by, StaffAction.CONFIRM, booking.reference, facts))
        return done if done.found.booking.booked_hold is not None or not done.settled else (_taken(),)

    async def step(
        self,
        found: FoundBooking,
        lead: Lead,
        wanted: StaffAction,
        facts: tuple[tuple[str, str], ...],
        name: str,
        by: Requester = MACHINE,
    ) -> Done | Sequence[Reason]:
        """Propose, show-up, or a step of a stay, when the rules allow it."""
        now = await self.clock.business_now()
        asked = _asked(EventId(f"staff:{name}"), now, by, wanted, found.booking.reference, facts)
        if found.booking.state in CLOSED:
            # ended, it has left the lead: it comes back for this one decision
            asked = replace(asked, recorded=found.booking)
        if await self._begun(found.lead, asked.id) is not None:
            return await self.settled(found.lead, found.booking.reference)
        try:
            would_be, target = aim(found.booking, asked, self.context(now).business)
        except apply.TransitionDenied as denied:
            verdict = denied.verdict
            return await self.refused(found, verdict.target, verdict.reasons, asked.id, now, by)
        verdict = self.judged(would_be, lead, target, now, by)
        if not verdict.allowed:
            return await self.refused(found, target, verdict.reasons, asked.id, now, by)
        return await self.told(found.lead, asked)

    async def refused(
        self,
        found: FoundBooking,
        target: State | Facet | ItemStatus,
        reasons: Sequence[Reason],
        event: EventId,
        now: datetime,
        by: Requester = MACHINE,
    ) -> Sequence[Reason]:
        """The reasons, kept in the lead's history first: no commit carries them, since nothing changes."""
        for number, reason in enumerate(reasons):
            facts = tuple(sorted({**facts_of(found.booking, target, reason), "role": by.role}.items()))
            record = RecordAudit(DENIED, by.person, now, facts)
            await self.audit.write(found.lead, EffectId(f"{event}:{DENIED}:{number}"), record)
        return reasons

    async def _begun(self, lead_id: LeadId, event: EventId) -> BookingReference | None:
        """The booking that this very event was told to the lead about, if it was: its process may have died before it
        could answer, and what is asked again is then answered from what was done."""
        facts = [facts for what, facts in await self.recorded(lead_id, event) if what != DENIED]
        return next((BookingReference(fact["booking"]) for fact in facts if fact.get("booking")), None)

    async def recorded(self, lead_id: LeadId, event: EventId) -> list[tuple[str, dict[str, str]]]:
        """What that event brought, by name and facts; nothing as long as nobody was told of it."""
        stored = await living(self.leads, lead_id)
        # until the worker has written them down, what the event brought stands in the outbox alone
        waiting = [
            queued.effect.command
            for queued in (() if stored is None else stored.in_lane(Lane.RECORD))
            if queued.effect.id.startswith(f"{event}:")
        ]
        found = [(record.what, dict(record.facts)) for record in waiting if isinstance(record, RecordAudit)]
        return found + [(entry.what, dict(entry.facts)) for entry in await self.audit.of_event(event)]

    async def told(self, lead_id: LeadId, asked: StaffAsked) -> Done:
        """Tell the lead and wait, a while, until the worker has done what it ordered."""
        stored = await living(self.leads, lead_id)
        # merged since it was read: the one it was merged into hears it
        while stored is not None and await self.decisions.tell(stored.lead.id, asked) is None:
            stored = await living(self.leads, lead_id)
        return await self.settled(lead_id, asked.booking)

    async def settled(self, lead_id: LeadId, reference: BookingReference) -> Done:
        """The booking once nothing is left to do for it, or after a while."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + PATIENCE
        settled = False
        while not settled and loop.time() < ends:
            stored = await living(self.leads, lead_id)
            settled = stored is None or not _waits(stored)
            if not settled:
                await asyncio.sleep(_LOOK_EVERY)
        stored = await living(self.leads, lead_id)
        booking = None if stored is None else stored.lead.booking(reference)
        return Done(
            (
                await self.find(reference)
                if stored is None or booking is None
                else FoundBooking(stored.lead.rated(booking), stored.lead.id)
            ),
            settled,
        )

    async def claimed(
        self,
        lead: Lead,
        reference: BookingReference,
        service: Service,
        slot_id: str,
        guests: int,
        hold: HoldId,
        now: datetime,
        slot: Slot | None = None,
    ) -> str | Sequence[Reason]:
        """The hold that keeps the time for this booking, or why it cannot be had; TooBusy when everybody wants it.
        `slot` is a time that was judged already."""
        business = self.context(now).business
        judged = slot or await self.times.rechecked(service, slot_id, guests, now, (hold,))
        if not isinstance(judged, Slot):
            return judged
        until = now + timedelta(minutes=business.sop.slot.hold_minutes)
        needs = claiming.needs_of(business, service, judged, guests)
        got = await self.claims.claim(Claimant(hold, lead.id, reference), needs, now=now, expires_at=until)
        return hold if isinstance(got, Held) else (_taken(),)


def creating(
    event: EventId,
    now: datetime,
    by: Requester,
    reference: BookingReference,
    service: Service,
    slot_id: str,
    guests: int,
    hold: str,
    caller: PhoneCaller | None = None,
    override: RulesOverridden | None = None,
) -> StaffAsked:
    """That a booking is made by hand, as the lead is told."""
    facts = {"service": service.id, "slot_id": slot_id, "guests": str(guests), "hold_id": hold}
    facts |= {} if caller is None else caller.facts()
    facts |= {} if override is None else overriding(override)
    return _asked(event, now, by, StaffAction.CREATE, reference, tuple(facts.items()))


def signed(said: Mapping[str, str]) -> dict[str, str]:
    """The words of a request with who asks, where it names nobody."""
    return {"person": MACHINE.person, "role": MACHINE.role, **said}


def who(said: Mapping[str, str]) -> Requester:
    """Who asks, by the words of the request."""
    return Requester(said["person"], said["role"])


def _asked(
    event: EventId,
    now: datetime,
    by: Requester,
    action: StaffAction,
    booking: BookingReference,
    facts: tuple[tuple[str, str], ...],
) -> StaffAsked:
    words = {**dict(facts), "person": by.person, "role": by.role}
    return StaffAsked(event, now, by.person, action, booking, tuple(sorted(words.items())))


def _waits(stored: StoredLead) -> bool:
    """Whether something is left to do; what another version has to do is not waited for."""
    lanes = (*stored.in_lane(Lane.SLOTS), *stored.in_lane(Lane.RECORD))
    return any(not isinstance(queued.effect.command, UnknownCommand) for queued in lanes)


def _taken() -> Reason:
    return reason_of(SlotUnavailable.TAKEN)
