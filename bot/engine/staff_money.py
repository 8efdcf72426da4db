"""Money that people move by their word: told to the lead, and answered from what that very call brought."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.dialogue.changes.staff_money import ACCOUNT_NAMED, MONEY_DENIED, MONEY_RECEIVED, REFUND_ORDERED, NoMoneyMoved
from bot.domain.commands import RecordAudit
from bot.domain.events import StaffAction, StaffAsked
from bot.domain.ids import EventId, LeadId
from bot.domain.states import CLOSED
from bot.engine.living import living
from bot.engine.staff_actions import FoundBooking, StaffActions, signed
from bot.engine.takeover import NoSuchLead

_BROUGHT: Final = frozenset({REFUND_ORDERED, MONEY_RECEIVED, ACCOUNT_NAMED})


@dataclass(frozen=True, slots=True)
class MoneyRefused:
    """Nothing was moved, and why; none where the booking is one nothing can be asked of."""

    why: NoMoneyMoved | None


@dataclass(frozen=True, slots=True)
class StaffMoney:
    """The front desk, as far as money without a link or a change is concerned."""

    staff: StaffActions

    async def ask(
        self, action: StaffAction, found: FoundBooking, said: Mapping[str, str], name: str, *, dry_run: bool = False
    ) -> Mapping[str, str] | MoneyRefused:
        """What it came to, as it stands on record. A dry run decides the same and saves nothing; a call made twice
        is one event."""
        return _answer(await self.brought(action, found, said, name, dry_run=dry_run))

    async def brought(
        self, action: StaffAction, found: FoundBooking, said: Mapping[str, str], name: str, *, dry_run: bool = False
    ) -> list[tuple[str, dict[str, str]]]:
        """What that very call put on record, by name and facts."""
        now, event = await self.staff.clock.business_now(), EventId(f"staff:{name}")
        known = [] if dry_run else await self.staff.recorded(found.lead, event)
        if known:
            return known
        stored = await living(self.staff.leads, found.lead)
        if stored is None:
            raise NoSuchLead(found.lead)
        asked = _event(action, found, said, event, now)
        if dry_run:
            decision = await self.staff.decisions.decide(stored.lead, asked)
            orders = [effect.command for effect in decision.effects]
            return [(one.what, dict(one.facts)) for one in orders if isinstance(one, RecordAudit)]
        await self._tell(stored.lead.id, asked)
        return await self.staff.recorded(found.lead, event)

    async def _tell(self, lead: LeadId, asked: StaffAsked) -> None:
        # merged since it was read: the one it was merged into hears it
        stored = await living(self.staff.leads, lead)
        while stored is not None and await self.staff.decisions.tell(stored.lead.id, asked) is None:
            stored = await living(self.staff.leads, lead)


def _event(
    action: StaffAction, found: FoundBooking, said: Mapping[str, str], event: EventId, now: datetime
) -> StaffAsked:
    booking = found.booking
    words = signed(said)
    asked = StaffAsked(event, now, words["person"], action, booking.reference, tuple(sorted(words.items())))
    # ended, it has left the lead: it comes back for this one decision
    return replace(asked, recorded=booking) if booking.state in CLOSED else asked


def _answer(brought: list[tuple[str, dict[str, str]]]) -> Mapping[str, str] | MoneyRefused:
    for what, facts in brought:
        if what == MONEY_DENIED:
            return MoneyRefused(NoMoneyMoved(facts["why"]))
        if what in _BROUGHT:
            return facts
    return MoneyRefused(None)
