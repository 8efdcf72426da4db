"""Who is writing is known before any dialogue: what is a partner's goes to their thread, the rest as customers' do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.dialogue.partners.side import is_for_work, speaks_as_guest
from bot.domain.ids import EventId
from bot.domain.lead import Lead
from bot.domain.partner import Partner, PartnerId
from bot.domain.partner_events import PartnerEvent, PartnerNumberDoubted, SpokeAsGuest
from bot.domain.passing import SpokeAsPartner
from bot.engine.channel import Channel, PartKind
from bot.engine.decisions import ThreadDecisions
from bot.engine.partner_directory import PartnerDirectory
from bot.store.clock import Clock
from bot.store.delivery import Delivery
from bot.store.received import Received

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PartnerRouting:
    """Partners in one hand, what came in in the other."""

    directory: PartnerDirectory
    decisions: ThreadDecisions[Partner]
    guests: ThreadDecisions[Lead]
    received: Received
    channel: Channel
    clock: Clock

    async def routed(self, group: Sequence[Delivery], kind: PartKind) -> list[Delivery]:
        """What of these deliveries of one sender is no partner's, after all that is has gone to their thread."""
        if kind is PartKind.ADDRESS:
            return [delivery for delivery in group if not await self._moved(delivery)]
        writer = await self.directory.writer(group[0].aliases)
        if writer is None:
            return list(group)
        now = await self.clock.business_now()
        if writer.is_anothers:
            log.warning("partner_number_is_anothers", lead=writer.partner)
            event = PartnerNumberDoubted(EventId(f"number:{group[0].id}"), now, is_anothers=True)
            await self.decisions.tell(writer.partner, event)
            return list(group)
        if kind is PartKind.ECHO and await self._speaks_as_guest(writer.partner, group[0], now):
            # staff answer the thread that was spoken in last
            return list(group)
        if kind is not PartKind.MESSAGE:
            for delivery in group:
                await self.received.assign(delivery.id, writer.partner, delivery.due_at)
            return []
        return await self._messages(writer.partner, group)

    async def _speaks_as_guest(self, partner: PartnerId, delivery: Delivery, now: datetime) -> bool:
        stored = await self.directory.threads.load(partner)
        if stored is None or not speaks_as_guest(stored.thread, now):
            return False
        return bool(await self.directory.aliases.known(delivery.aliases))

    async def _moved(self, delivery: Delivery) -> bool:
        """Whether who has another number or user id is a partner alone; as a customer they are one all the same."""
        address = self.channel.changed_address(await self.directory.vault.open_inbound(delivery.id, delivery.body))
        partner = await self.directory.moved(delivery.aliases, address)
        if partner is None:
            return False
        if address.wa_id is not None and not self.directory.is_in_file(address.wa_id):
            event = PartnerNumberDoubted(EventId(f"number:{delivery.id}"), await self.clock.business_now(), False)
            await self.decisions.tell(partner, event)
        if await self.directory.aliases.known(delivery.aliases):
            return False
        await self.received.mark_done([delivery.id], await self.directory.threads.server_now())
        return True

    async def _messages(self, partner_id: PartnerId, group: Sequence[Delivery]) -> list[Delivery]:
        """Theirs are assigned; what they write as a customer comes back, noted as such first."""
        now = await self.clock.business_now()
        guest = next(iter((await self.directory.aliases.known(group[0].aliases)).values()), None)
        is_guest = guest is not None
        stored = await self.directory.threads.load(partner_id)
        partner = None if stored is None else stored.thread
        left: list[Delivery] = []
        for delivery in group:
            payload = await self.directory.vault.open_inbound(delivery.id, delivery.body)
            bubble = self.channel.message(payload, delivery.received_at).bubble
            if partner is None or is_for_work(partner, bubble.content, now, is_guest=is_guest):
                if bubble.wamid:
                    self.channel.mark_read(bubble.wamid)
                if guest is not None:
                    # one number, one window: before the words, as what they say as a customer is noted
                    await self.guests.tell(guest, SpokeAsPartner(EventId(f"partner:{delivery.id}"), now))
                await self.received.assign(delivery.id, partner_id, delivery.received_at)
                partner = None if partner is None else replace(partner, spoke_at=now, guest_at=None)
                continue
            # committed before anybody hears the words: what they write next goes the same way
            event: PartnerEvent = SpokeAsGuest(EventId(f"guest:{delivery.id}"), now)
            await self.decisions.tell(partner_id, event)
            partner, is_guest = replace(partner, guest_at=now, spoke_at=None), True
            left.append(delivery)
        return left
