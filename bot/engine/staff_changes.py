"""Changes as staff and machines make them: judged before they are told to the lead, answered from what came of them.

Two calls at the same moment each name their own event, and the answer is read from what that event brought: never from
how the booking happens to stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.business.catalogue import PlaceId, ProviderId, ServiceId
from bot.dialogue.changes import quoting, records
from bot.dialogue.denials import reason_of
from bot.dialogue.overrides import OVERRIDE, overriding
from bot.domain.booking import Booking, SlotUnavailable
from bot.domain.change import ChangeKind, ChangeQuote
from bot.domain.events import StaffAction, StaffAsked
from bot.domain.ids import EventId, LeadId
from bot.domain.lead import Lead
from bot.domain.overrides import RulesOverridden
from bot.domain.states import CLOSED, Modification, State
from bot.engine.performers.slot_names import rechecked
from bot.engine.staff_actions import Done, FoundBooking, StaffActions, signed, who
from bot.lifecycle import apply
from bot.lifecycle.quotes import NoChange
from bot.lifecycle.rules.rule import Reason
from bot.lifecycle.verdicts import Verdict, actor_named
from bot.slots.slot import Slot, read_slot_id
from bot.store.claims import Claims, HoldId

CHANGE_ENDED: Final = "change_ended"
_BEGINNINGS: Final = frozenset({records.CHANGE_ASKED, records.CHANGE_AGREED, records.CHANGE_WITHDRAWN})
Words = Mapping[str, str]
"""What the request says, by name: person, role, cause, reason, slot_id, guests …"""


@dataclass(frozen=True, slots=True)
class ChangeDone:
    """What became of a change: `end` is none while it is open."""

    done: Done
    change: str
    kind: str
    quote: ChangeQuote | None
    end: Modification | None
    stands: Modification
    """Where it stands, ended or not."""


@dataclass(frozen=True, slots=True)
class ChangeOutdated:
    """The yes named a quote that holds no more; this one does."""

    change: str
    kind: str
    quote: ChangeQuote


@dataclass(frozen=True, slots=True)
class ChangeRefused:
    """Nothing was changed: as the quote says, or as the rules say."""

    why: NoChange | None
    reasons: Sequence[Reason] = ()


ChangeAnswer = ChangeDone | ChangeOutdated | ChangeRefused


@dataclass(frozen=True, slots=True)
class StaffChanges:
    """The front desk, as far as standing bookings are changed."""

    staff: StaffActions
    claims: Claims

    async def ask(
        self, action: StaffAction, found: FoundBooking, lead: Lead, said: Words, name: str
    ) -> ChangeAnswer | Done:
        """Begin a change: quoted and left open, or, in the short forms, done at once. A plain Done is a booking without
        a time that was dropped."""
        now, booking = await self.staff.clock.business_now(), found.booking
        said = signed(said)
        event = EventId(f"staff:{name}")
        if not await self.staff.recorded(found.lead, event):
            denied = await self._denied(action, found, lead, said, event, now)
            if denied is not None:
                return denied
            slot_id = _slot_wished(booking, said)
            if slot_id is not None:
                judged = await self._judged(found, slot_id, said, now)
                if not isinstance(judged, RulesOverridden | None):
                    return ChangeRefused(
                        None, await self.staff.refused(found, State.RESCHEDULED, judged, event, now, who(said))
                    )
                asked = {name: text for name, text in said.items() if name != OVERRIDE}
                said = {**asked, "slot_id": slot_id, **({} if judged is None else overriding(judged))}
            await self._tell(action, found, said, event, now)
        return await self._answer(found, event)

    async def answer(
        self, action: StaffAction, found: FoundBooking, said: Words, name: str, change: str
    ) -> ChangeAnswer | Done:
        """Confirm or withdraw that change; a yes without a quote's number is to the one that is open now."""
        now, event = await self.staff.clock.business_now(), EventId(f"staff:{name}")
        if not await self.staff.recorded(found.lead, event):
            open_change = found.booking.change
            if open_change is not None and open_change.quote is not None and "quote" not in said:
                said = {**said, "quote": str(open_change.quote.number)}
            said = {**signed(said), "change": change}
            await self._tell(action, found, said, event, now)
        return await self._answer(found, event)

    async def _tell(self, action: StaffAction, found: FoundBooking, said: Words, event: EventId, now: datetime) -> None:
        asked = StaffAsked(event, now, said["person"], action, found.booking.reference, tuple(sorted(said.items())))
        await self.staff.told(found.lead, asked)

    async def _denied(
        self, action: StaffAction, found: FoundBooking, lead: Lead, said: Words, event: EventId, now: datetime
    ) -> ChangeRefused | None:
        """What the tables and the rules of that role say, before anything is told."""
        kind = ChangeKind.CANCEL if action is StaffAction.CANCEL else ChangeKind(said.get("kind", "time"))
        if kind is ChangeKind.DETAILS:
            return None
        target = State.CANCELLED if kind is ChangeKind.CANCEL else State.RESCHEDULED
        verdict = self._verdict(found.booking, lead, target, said, now)
        if verdict.allowed:
            return None
        return ChangeRefused(None, await self.staff.refused(found, target, verdict.reasons, event, now, who(said)))

    def _verdict(self, booking: Booking, lead: Lead, target: State, said: Words, now: datetime) -> Verdict:
        reason = said.get("reason") or "staff_request"
        would_be = replace(booking, cancellation_reason=reason, reschedule_reason=reason)
        return apply.judged(lead, would_be, target, actor_named(said["role"]), self.staff.context(now))

    async def _judged(
        self, found: FoundBooking, slot_id: str, said: Words, now: datetime
    ) -> RulesOverridden | Sequence[Reason] | None:
        """Why that time cannot be had, as far as it is known before the yes, or what is overridden for it; none where
        the rules let it pass. What the booking has is in nobody's way."""
        booking, business = found.booking, self.staff.context(now).business
        guests = int(said.get("guests", booking.guests or 1))
        if OVERRIDE in said:
            return await self.staff.times.moved_against_the_rules(
                found.lead, booking, slot_id, guests, said[OVERRIDE], now
            )
        if booking.chosen is not None and booking.chosen.slot_id == slot_id:
            # the very same time: the quote says so
            return None
        own = HoldId(booking.booked_hold or "")
        slot = await rechecked(self.claims, business, found.lead, slot_id, guests, now, own)
        return (reason_of(slot),) if isinstance(slot, SlotUnavailable) else None

    async def would_override(self, found: FoundBooking, said: Words) -> RulesOverridden | None:
        """Which rules of time refuse what is wished and may be overridden; none where it is refused, or had, as
        ever."""
        slot_id, now = _slot_wished(found.booking, said), await self.staff.clock.business_now()
        wish = {**said, OVERRIDE: ""}
        judged = None if slot_id is None else await self._judged(found, slot_id, wish, now)
        return judged if isinstance(judged, RulesOverridden) else None

    async def _answer(self, found: FoundBooking, event: EventId) -> ChangeAnswer | Done:
        done = await self.staff.settled(found.lead, found.booking.reference)
        brought = await self.staff.recorded(done.found.lead, event)
        for what, facts in brought:
            if what == quoting.DENIED:
                return ChangeRefused(NoChange(facts["reason"]))
            if what == records.CHANGE_OUTDATED:
                quote = records.quote_in(facts)
                assert quote is not None
                return ChangeOutdated(facts["change"], facts["kind"], quote)
        begun = next((facts for what, facts in brought if what in _BEGINNINGS), None)
        if begun is None:
            # a booking without a time has nothing to quote; one that ended meanwhile changes no more
            is_dropped = any(what == "booking_moved" for what, _ in brought)
            return done if is_dropped else ChangeRefused(NoChange.CLOSED)
        return await self._became(done, begun)

    async def _became(self, done: Done, begun: Mapping[str, str]) -> ChangeAnswer:
        booking, change_id = done.found.booking, begun["change"]
        quote, kind = records.quote_in(begun), begun["kind"]
        change = booking.change
        if change is not None and change.id == change_id:
            return ChangeDone(done, change_id, kind, quote, None, booking.modification)
        end = await self._end_of(done.found.lead, str(booking.reference), change_id)
        if end is Modification.FAILED:
            # the time was somebody else's by the time the claims were to be swapped
            return ChangeRefused(None, (reason_of(SlotUnavailable.TAKEN),))
        stands = end or booking.modification
        return ChangeDone(done, change_id, kind, quote, end, stands)

    async def _end_of(self, lead: LeadId, reference: str, change: str) -> Modification | None:
        entries = (await self.staff.audit.of_all({lead}, CHANGE_ENDED))[lead]
        for facts in (dict(entry.facts) for entry in reversed(entries)):
            if (facts.get("booking"), facts.get("change")) == (reference, change):
                return Modification(facts["state"])
        return None


def _slot_wished(booking: Booking, said: Words) -> str | None:
    """The time they name; where they name another person, place or service only, the same time with that."""
    chosen = booking.chosen
    if "slot_id" in said or chosen is None or booking.state in CLOSED:
        return said.get("slot_id")
    old = read_slot_id(chosen.slot_id)
    if old is None or not {"service", "provider", "place"} & said.keys():
        return None
    return Slot(
        ServiceId(said.get("service", old.service)),
        ProviderId(provider) if (provider := said.get("provider", old.provider)) else None,
        PlaceId(place) if (place := said.get("place", old.place)) else None,
        old.start,
        old.start,
        nights=old.nights,
    ).id
