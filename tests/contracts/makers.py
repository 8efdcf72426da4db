"""Values the store contracts are tried with."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.commands import Author, Command, Effect, SendText
from bot.domain.ids import AgentId, DeliveryId, EffectId, LeadId
from bot.domain.lead import Address, Lead
from bot.domain.outbox import QueuedEffect, Status, StoredLead
from bot.domain.outcome import Decision, Withdraw
from bot.domain.states import Mode
from bot.store.delivery import Delivery
from bot.store.driver import Database
from bot.store.leads import Leads
from bot.store.sealing import MasterKeys
from bot.store.vault import Vault
from tests.bot.makers import conversing

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
MASTERS = MasterKeys.from_secret("a secret of the tests")
MINUTE = timedelta(minutes=1)
PHONE = "6281234567890"
NAME = "Nguyễn Thị Hồng Gấm"
WORDS = "Ngân hàng: $balance.of {$set: 1} \x00 $$NOW, kue lapis"


def vault(db: Database) -> Vault:
    """A vault with the keys of all tests."""
    return Vault(db, MASTERS)


def leads(db: Database) -> Leads:
    """The leads of that database."""
    return Leads(db, vault(db))


def lead(lead_id: str = "lead-1") -> Lead:
    """A customer with a name and a number."""
    return Lead(id=LeadId(lead_id), address=Address(wa_id=PHONE), name=NAME)


def effect(effect_id: str, order: Command | None = None, epoch: int = 0, author: Author = Author.BOT) -> Effect:
    """One order, words unless it says otherwise."""
    return Effect(id=EffectId(effect_id), command=order or SendText(WORDS), epoch=epoch, author=author)


def decision(of: Lead, *effects: Effect, withdraw: Withdraw = Withdraw.NOTHING) -> Decision:
    """What `decide` might have said."""
    return Decision(of, effects=effects, withdraw=withdraw)


def taken_over(stored: StoredLead) -> Decision:
    """An agent takes the conversation: a new epoch, and what waits becomes drafts."""
    epoch = stored.lead.conversation.epoch + 1
    agents = conversing(stored.lead, mode=Mode.AGENT, epoch=epoch, agent=AgentId("rina"))
    return decision(agents, withdraw=Withdraw.BOT_CHAT)


async def with_outbox(store: Leads, *effects: Effect, of: Lead | None = None) -> StoredLead:
    """A stored lead in whose outbox those effects wait."""
    one = of or lead()
    await store.create(one)
    assert await store.commit(await loaded(store, one.id), decision(one, *effects), ["event"]) is not None
    return await loaded(store, one.id)


async def loaded(store: Leads, lead_id: LeadId) -> StoredLead:
    """The lead, which has to be there."""
    stored = await store.load(lead_id)
    assert stored is not None
    return stored


async def waiting(store: Leads, lead_id: LeadId) -> dict[str, QueuedEffect]:
    """The outbox by effect id."""
    return {one.effect.id: one for one in (await loaded(store, lead_id)).outbox}


def statuses(stored: StoredLead) -> dict[str, Status]:
    """Where each effect of the outbox stands."""
    return {one.effect.id: one.status for one in stored.outbox}


def delivery(external_id: str = "m-1", fingerprint: str = "first", **changes: Any) -> Delivery:
    """A delivery as a door records it."""
    plain = Delivery(
        id=DeliveryId(f"whatsapp:{external_id}"),
        source="whatsapp",
        kind="message",
        body=b"sealed",
        fingerprint=fingerprint,
        aliases=("wa_id:abc",),
        received_at=NOW,
        due_at=NOW,
        sent_at=NOW,
    )
    return replace(plain, **changes)


def ids(deliveries: Iterable[Delivery]) -> list[DeliveryId]:
    """Their ids, in their order."""
    return [one.id for one in deliveries]
