"""From deliveries to events of a partner's thread, one at a time: nobody waits for the end of a burst."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import orjson

from bot.business.contacts import roles_of
from bot.domain.commands import Author
from bot.domain.events import AgentWrote, EffectFailed, StaffEchoed
from bot.domain.foreign_text import clean
from bot.domain.ids import AgentId, DeliveryId, EffectId, EventId
from bot.domain.inbox import IN_THE_APP
from bot.domain.job import JOB_NEWS, JobNews
from bot.domain.outbox import StoredThread
from bot.domain.partner import Partner
from bot.domain.partner_events import AnyEvent, GuestWrote, JobTold, PartnerWrote, WorkDone
from bot.engine.channel import Channel, PartKind
from bot.engine.digest import DIGEST, DigestCourier
from bot.engine.done_courier import DONE_NEWS, who_did
from bot.engine.inbound import AGENT_WROTE, UnknownDelivery
from bot.engine.job_book import JobBook, is_of
from bot.engine.job_news import telling_of
from bot.engine.on_call import ATTENTION_NEWS
from bot.engine.owner_digest import OWNER_DIGEST, OwnerDigests
from bot.engine.payout_courier import PAYOUT_TOLD, payout_told
from bot.engine.place_courier import PLACE_NEWS
from bot.engine.word_courier import GUEST_WORDS
from bot.replies.plain_text import transcript_text
from bot.store.delivery import Delivery
from bot.store.messages import DeliveryStatus, Messages
from bot.store.partners import Partners
from bot.store.vault import Vault

_OF_THE_HOUSE: Final = frozenset(
    {PLACE_NEWS, PAYOUT_TOLD, DONE_NEWS, DIGEST, GUEST_WORDS, ATTENTION_NEWS, OWNER_DIGEST}
)


@dataclass(frozen=True, slots=True)
class PartnerInbound:
    """Reads what waits for a partner."""

    threads: Partners
    vault: Vault
    messages: Messages
    channel: Channel
    book: JobBook
    digests: DigestCourier
    mornings: OwnerDigests

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
                    return StaffEchoed(event, now, IN_THE_APP)
                # one of ours that comes back is nobody's take-over
                return None
            case kind if kind == AGENT_WROTE:
                told = orjson.loads(body)
                return AgentWrote(event, now, AgentId(told["agent"]), clean(told["body"]))
            case PartKind.STATUS:
                news = self.channel.status(body)
                effect = (news.callback_data or "").partition("|")[2]
                failed = EffectFailed(event, now, EffectId(effect), "chat", "failed_at_meta", news.error_code)
                return failed if effect else None
            case kind if kind == JOB_NEWS:
                telling = telling_of(body)
                task = await self.book.desk.tasks.find(telling.task)
                roles = roles_of(self.book.context(now).business, stored.thread.phone)
                if task is None or roles is None:
                    return None
                is_anothers = telling.news is not JobNews.GONE and telling.offer is None and not is_of(task, roles)
                if is_anothers:
                    # somebody else's since: nothing of it is theirs to know, and that it is gone is told by itself
                    return None
                if telling.offer is not None and telling.shown is not None:
                    job = await self.book.offered(task, telling.shown, telling.offer, now)
                else:
                    job = await self.book.job(task, now, telling.shown)
                return JobTold(event, now, telling.news, job)
            case kind if kind in _OF_THE_HOUSE:
                return await self._news(stored.thread, delivery, body, now)
            case _:
                raise UnknownDelivery(delivery.kind)

    async def _news(self, partner: Partner, delivery: Delivery, body: bytes, now: datetime) -> AnyEvent | None:
        """What a place, a guest or the evening has to tell them."""
        if delivery.kind == PLACE_NEWS:
            return await self.book.places.event_of(delivery.id, body, now)
        if delivery.kind == PAYOUT_TOLD:
            return payout_told(delivery.id, body, now)
        if delivery.kind == ATTENTION_NEWS:
            return await self.book.on_call.event_of(delivery.id, body, now)
        if delivery.kind == OWNER_DIGEST:
            return await self.mornings.event_of(delivery.id, body, now)
        if delivery.kind == DIGEST:
            return await self.digests.event_of(delivery.id, body, partner, now)
        if delivery.kind == DONE_NEWS:
            task = await self.book.desk.tasks.find(orjson.loads(body)["task"])
            if task is None:
                return None
            by = who_did(task, self.book.context(now).business)
            return WorkDone(EventId(delivery.id), now, await self.book.job(task, now), by)
        said, roles = orjson.loads(body), roles_of(self.book.context(now).business, partner.phone)
        task = await self.book.desk.tasks.find(said["task"])
        if task is None or roles is None or not is_of(task, roles):
            # somebody else's since
            return None
        return GuestWrote(EventId(delivery.id), now, await self.book.job(task, now), said["words"])
