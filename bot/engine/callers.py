"""Booking for somebody on the phone: who has that number, what a booking would mean, and the booking itself.

What it would mean is no second reckoning: the very decisions are made, on a copy that nobody keeps.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.business.catalogue import PlaceId, Service
from bot.business.contacts import Roles, roles_of
from bot.business.inbox import UTILITY, template_price
from bot.dialogue.phone_bookings import WANTS_NO_MESSAGES
from bot.dialogue.rehearsal import rehearsed
from bot.domain import window
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.callers import PhoneCaller
from bot.domain.change import Requester
from bot.domain.commands import SendTemplate
from bot.domain.ids import BookingReference, EventId, LeadId, new_lead_id
from bot.domain.lead import Address, Lead
from bot.domain.overrides import RulesOverridden
from bot.domain.states import State
from bot.engine.living import living
from bot.engine.staff_actions import Done, StaffActions, creating
from bot.lifecycle import booking_money
from bot.lifecycle.rules.rule import Reason
from bot.lifecycle.verdicts import actor_named
from bot.replies.plain_text import as_text
from bot.slots.slot import at_place
from bot.store.aliases import WA_ID, Aliases
from bot.store.vault import Vault
from payments.domain.money import Money

_REHEARSAL: Final = "BK-…"
"""Names what is decided and kept nowhere."""


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """Who has a number, as far as the house knows."""

    lead: Lead | None
    """The customer; none where nobody with it was ever one."""
    roles: Roles | None
    """What they are to the house, where the business file has the number."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would come of it, and what the customer would read first."""

    booking: Booking
    slot: OfferedSlot
    to_pay: Money | None
    """What the link asks for; none where no money is due."""
    words: str
    as_template: bool
    """Whether they go as an approved template, because the customer cannot be written to freely."""
    cost: Money | None
    """What the template costs; none for words inside the window, and where the business file has no price."""


@dataclass(frozen=True, slots=True)
class CallerDesk:
    """Numbers in one hand, the desk of bookings in the other."""

    aliases: Aliases
    vault: Vault
    staff: StaffActions
    new_id: Callable[[], str]

    async def known(self, number: str, now: datetime) -> KnownNumber:
        """Who has that number, which is written as `read_number` gives it."""
        found = await self.aliases.find(self._alias(number))
        stored = None if found is None else await living(self.staff.leads, found)
        lead = None if stored is None else stored.lead
        return KnownNumber(lead, roles_of(self.staff.context(now).business, number))

    async def rehearse(
        self,
        caller: PhoneCaller,
        service: Service,
        slot_id: str,
        guests: int,
        place: PlaceId | None,
        by: Requester,
        override: str | None = None,
    ) -> Rehearsal | Sequence[Reason]:
        """What booking it would mean, or why it cannot be done; nothing is kept, claimed or said. `override` is why
        the rules of the house do not count."""
        now = await self.staff.clock.business_now()
        lead = (await self.known(caller.number, now)).lead or Lead(LeadId(_REHEARSAL))
        if lead.conversation.opted_out:
            return (WANTS_NO_MESSAGES,)
        wanted = slot_id if place is None else at_place(slot_id, place)
        judged = await self._judged(lead, caller, service, wanted, guests, by, now, override)
        if not isinstance(judged, Booking):
            return judged
        # as a yes would make it, under a name that nobody books
        event, reference = EventId(_REHEARSAL), judged.reference
        asked = creating(event, now, by, reference, service, wanted, guests, _REHEARSAL, caller, judged.override)
        context = await self.staff.decisions.context_for(lead, now)
        lead, said = rehearsed(lead, asked, context)
        booking = lead.booking(reference)
        assert booking is not None, "a time that can be claimed is booked"
        assert booking.chosen is not None
        assert said is not None, "who called is told of it"
        order, business = window.leaving(lead, said, now), context.business
        is_template = isinstance(order, SendTemplate)
        price = template_price(business.message_prices, caller.wa_id, UTILITY) if is_template else None
        cost = None if price is None else Money(price, business.currency)
        to_pay = booking_money.rest(booking) if booking.state is State.PAYMENT_PENDING else None
        return Rehearsal(booking, booking.chosen, to_pay, as_text(order), is_template, cost)

    async def would_override(
        self, caller: PhoneCaller, service: Service, slot_id: str, guests: int, place: PlaceId | None, by: Requester
    ) -> RulesOverridden | None:
        """Which rules of the house refuse that time and may be overridden; none where it is refused, or had, as
        ever."""
        now = await self.staff.clock.business_now()
        lead = (await self.known(caller.number, now)).lead or Lead(LeadId(_REHEARSAL))
        wanted = slot_id if place is None else at_place(slot_id, place)
        judged = await self._judged(lead, caller, service, wanted, guests, by, now, "")
        return judged.override if isinstance(judged, Booking) else None

    async def _judged(
        self,
        lead: Lead,
        caller: PhoneCaller,
        service: Service,
        slot_id: str,
        guests: int,
        by: Requester,
        now: datetime,
        override: str | None,
    ) -> Booking | Sequence[Reason]:
        """The booking it would be, or why that time is not to be had."""
        # as they are known once it is booked: who has no name is asked for it before that
        address, name = Address(wa_id=caller.wa_id).updated(lead.address), lead.name or caller.name or _REHEARSAL
        known = replace(lead, address=address, name=name)
        new = Booking(BookingReference(_REHEARSAL), State.SLOT_PROPOSED, service=service.id, guests=guests)
        return await self.staff.times.judged(known, new, slot_id, actor_named(by.role), now, override)

    async def book(
        self,
        caller: PhoneCaller,
        service: Service,
        slot_id: str,
        guests: int,
        place: PlaceId | None,
        by: Requester,
        name: str,
        override: str | None = None,
    ) -> Done | Sequence[Reason]:
        """Booked for whoever has that number, a customer from now on; or why not. Called again under the same name,
        after a death anywhere in it, it goes on with its own."""
        now = await self.staff.clock.business_now()
        lead = (await self.known(caller.number, now)).lead
        if lead is None:
            # nobody becomes a customer by a time that is gone; once they are one, the claim may be this very call's
            wanted = slot_id if place is None else at_place(slot_id, place)
            nobody = Lead(LeadId(_REHEARSAL))
            judged = await self._judged(nobody, caller, service, wanted, guests, by, now, override)
            if not isinstance(judged, Booking):
                return judged
            lead = await self._customer(caller)
        # known from now on, by the rules as well
        named = replace(lead, name=lead.name or caller.name or None)
        return await self.staff.create(named, service, slot_id, guests, name, place, by, caller, override)

    async def _customer(self, caller: PhoneCaller) -> Lead:
        new = new_lead_id(await self.staff.leads.server_now(), self.new_id())
        resolved = await self.aliases.resolve([self._alias(caller.number)], new)
        stored = await living(self.staff.leads, resolved.lead)
        if stored is not None:
            return stored.lead
        # the address is theirs and the lead is not there: ours, or of whoever died between the two
        talk = Lead(resolved.lead).conversing(language=caller.language)
        made = Lead(resolved.lead, Address(wa_id=caller.wa_id), caller.name, talk.conversation)
        await self.staff.leads.create(made)
        return made

    def _alias(self, number: str) -> str:
        return self.vault.alias(WA_ID.removesuffix(":"), number.removeprefix("+"))
