"""From deliveries to events of a partner's thread, one at a time: nobody waits for the end of a burst."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.commands import Author
from bot.domain.events import EffectFailed
from bot.domain.ids import DeliveryId, EffectId, EventId
from bot.domain.outbox import StoredThread
from bot.domain.partner import Partner
from bot.domain.partner_events import AnyEvent, JobTold, PartnerNumberDoubted, PartnerWrote
from bot.engine.channel import Channel, PartKind
from bot.engine.inbound import UnknownDelivery, transcript_text
from bot.engine.job_book import JobBook
from bot.engine.job_news import JOB_NEWS, telling_of
from bot.store.delivery import Delivery
from bot.store.messages import DeliveryStatus, Messages
from bot.store.partners import Partners
from bot.store.vault import Vault


@dataclass(frozen=True, slots=True)
class PartnerInbound:
    """Reads what waits for a partner."""

    threads: Partners
    vault: Vault
    messages: Messages
    channel: Channel
    book: JobBook

    async def next_batch(self, waiting: Sequence[Delivery]) -> list[Delivery]:
        """The first that is due."""
        now = await self.threads.server_now()
        return [delivery for delivery in waiting if delivery.due_at <= now][:1]

    def forget(self, deliveries: list[DeliveryId]) -> None:
        """Nothing is remembered of them."""

    async def event_of(
        self, stored: StoredThread[Partner], batch: Sequence[Delivery], now: datetime
    ) -> AnyEvent | None:
        """The event that delivery tells; none when it tells nothing a partner's thread has to know."""
        delivery = batch[0]
        body, event = await self.vault.open_inbound(delivery.id, delivery.body), EventId(delivery.id)
        match delivery.kind:
            case PartKind.MESSAGE:
                message = self.channel.message(body, delivery.received_at)
                real_now = await self.threads.server_now()
                sent_at = min(message.bubble.sent_at, real_now) + (now - real_now)
                bubble = replace(message.bubble, sent_at=sent_at)
                line = (delivery.id, transcript_text(bubble), sent_at)
                await self.messages.record_all_inbound(stored.thread.id, [line])
                return PartnerWrote(event, now, bubble, message.address)
            case PartKind.ADDRESS:
                return PartnerNumberDoubted(event, now, is_anothers=False)
            case PartKind.ECHO:
                bubble = self.channel.message(body, delivery.received_at).bubble
                if not bubble.wamid or not await self.messages.knows(bubble.wamid, besides=delivery.id):
                    text = transcript_text(bubble)
                    await self.messages.record_outbound(
                        stored.thread.id,
                        EffectId(delivery.id),
                        Author.AGENT,
                        text,
                        now,
                        DeliveryStatus.SENT,
                        bubble.wamid or None,
                    )
                return None
            case PartKind.STATUS:
                news = self.channel.status(body)
                effect = (news.callback_data or "").partition("|")[2]
                failed = EffectFailed(event, now, EffectId(effect), "chat", "failed_at_meta", news.error_code)
                return failed if effect else None
            case kind if kind == JOB_NEWS:
                telling = telling_of(body)
                task = await self.book.desk.tasks.find(telling.task)
                if task is None:
                    return None
                job = await self.book.job(task, now, telling.shown)
                return JobTold(event, now, telling.news, job)
            case _:
                raise UnknownDelivery(delivery.kind)
