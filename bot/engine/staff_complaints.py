"""Complaints as staff open and answer them: told to the lead, and answered from what that very call brought.

A second visit is claimed before anything is told, so that an answer that is given with yes cannot lose its time; it is
judged before that, so that one that is denied claims nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.business.catalogue import PlaceId
from bot.dialogue.changes.staff_money import MONEY_DENIED, NoMoneyMoved
from bot.dialogue.complaint_answers import ANSWERED, COMPLAINT_DENIED, OPENED, NotAnswered
from bot.domain.complaints import ComplaintState
from bot.domain.events import StaffAction
from bot.domain.ids import BookingReference, EventId
from bot.domain.references import reference_of
from bot.engine.living import living
from bot.engine.staff_actions import FoundBooking
from bot.engine.staff_money import StaffMoney
from bot.engine.takeover import NoSuchLead
from bot.lifecycle.rules.rule import Reason
from bot.slots.slot import at_place
from bot.store.claims import HoldId

_BROUGHT: Final = frozenset({OPENED, ANSWERED})


@dataclass(frozen=True, slots=True)
class ComplaintRefused:
    """Nothing was opened or answered, and why; without a reason where the booking is one nothing can be asked of."""

    why: NotAnswered | NoMoneyMoved | None
    reasons: tuple[Reason, ...] = ()
    """Why the time that was named cannot be had."""


@dataclass(frozen=True, slots=True)
class StaffComplaints:
    """The front desk, as far as what went wrong is concerned."""

    money: StaffMoney

    async def open(self, found: FoundBooking, said: Mapping[str, str], name: str) -> ComplaintRefused | None:
        """What a guest told a person; none where it stands."""
        brought = _answer(await self.money.brought(StaffAction.COMPLAIN, found, said, name))
        return brought if isinstance(brought, ComplaintRefused) else None

    async def answer(
        self, found: FoundBooking, said: Mapping[str, str], name: str, *, dry_run: bool = False
    ) -> Mapping[str, str] | ComplaintRefused:
        """What it came to, as it stands on record. A call made twice is one answer."""
        if said.get("kind") != ComplaintState.REDO:
            return _answer(await self._told(found, said, name, dry_run=dry_run))
        staff, event = self.money.staff, EventId(f"staff:{name}")
        known = [] if dry_run else await staff.recorded(found.lead, event)
        if known:
            return _answer(known)
        now, hold = await staff.clock.business_now(), HoldId(f"{event}:hold")
        kept = await staff.claims.holding(hold)
        # the hour is part of a reference, so a call that is made again later must not make a new one
        redo = reference_of(found.lead, event, now) if kept is None or kept.booking is None else kept.booking
        tried = {**said, "redo": str(redo), "slot_id": _slot_of(found, said)}
        judged = _answer(await self._told(found, tried, name, dry_run=True))
        if dry_run or isinstance(judged, ComplaintRefused):
            return judged
        claimed = await self._claimed(found, redo, tried["slot_id"], hold)
        if not isinstance(claimed, str):
            return ComplaintRefused(NotAnswered.NO_TIME, tuple(claimed))
        done = _answer(await self._told(found, {**tried, "hold_id": claimed}, name))
        if not isinstance(done, ComplaintRefused):
            # the second visit stands in the read model when the answer names it
            await staff.settled(found.lead, redo)
        return done

    async def _told(
        self, found: FoundBooking, said: Mapping[str, str], name: str, *, dry_run: bool = False
    ) -> list[tuple[str, dict[str, str]]]:
        return await self.money.brought(StaffAction.ANSWER_COMPLAINT, found, said, name, dry_run=dry_run)

    async def _claimed(
        self, found: FoundBooking, redo: BookingReference, slot_id: str, hold: HoldId
    ) -> str | Sequence[Reason]:
        staff, booking = self.money.staff, found.booking
        now = await staff.clock.business_now()
        service = staff.context(now).business.service(booking.service or "")
        stored = await living(staff.leads, found.lead)
        if stored is None or service is None:
            raise NoSuchLead(found.lead)
        return await staff.claimed(stored.lead, redo, service, slot_id, booking.guests or 1, hold, now)


def _slot_of(found: FoundBooking, said: Mapping[str, str]) -> str:
    """The time that was named, where the guest was the first time if it names no place."""
    slot_id, place = said.get("slot_id") or "", found.booking.place
    return at_place(slot_id, PlaceId(place)) if place is not None else slot_id


def _answer(brought: list[tuple[str, dict[str, str]]]) -> Mapping[str, str] | ComplaintRefused:
    for what, facts in brought:
        if what == COMPLAINT_DENIED:
            return ComplaintRefused(NotAnswered(facts["why"]))
        if what == MONEY_DENIED:
            return ComplaintRefused(NoMoneyMoved(facts["why"]))
        if what in _BROUGHT:
            return facts
    return ComplaintRefused(None)
