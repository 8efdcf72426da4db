"""A house with many customers, each with a name, some words and perhaps somebody waiting; made by the product's own
stores, so that every row opens as a real one does."""

import asyncio
import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.booking import Booking, OfferedSlot
from bot.domain.commands import Author
from bot.domain.ids import AgentId, BookingReference, EffectId, LeadId
from bot.domain.inbox import CUSTOMER
from bot.domain.lead import Address, Conversation, Lead
from bot.domain.states import Mode, State
from bot.engine.parts import Parts
from bot.store.messages import DeliveryStatus
from payments.domain.money import Money

AT_ONCE: Final = 200
FIRST: Final = (
    "Đặng",
    "Nguyễn",
    "Sari",
    "Ayu",
    "Wayan",
    "Made",
    "Putu",
    "John",
    "Anna",
    "Trần",
    "Lê",
    "Komang",
    "Rina",
)
LAST: Final = ("Hồng", "Gấm", "Dewi", "Putri", "Smith", "Lopez", "Wijaya", "Hartono", "Ánh", "Minh", "Santoso", "Brown")
WORDS: Final = (
    "how much is the massage tomorrow?",
    "mình muốn đặt phòng gia đình cho cuối tuần",
    "saya mau pesan pijat untuk dua orang besok sore",
    "is the pool heated, and can we bring a dog?",
    "cho mình hỏi giá tour đảo ngày mai",
    "boleh minta pindah jam ke sore?",
)
OWNERS: Final = (AgentId("api"), AgentId("rina"), None, None)


def reference(number: int) -> BookingReference:
    """Of the booking of that customer."""
    return BookingReference(f"BK-26112409-{number:06d}")


async def fill(parts: Parts, leads: int, now: datetime, seed: int) -> None:
    """So many customers; one in twenty waits for a person."""
    chance = random.Random(seed)
    for begin in range(0, leads, AT_ONCE):
        numbers = range(begin, min(leads, begin + AT_ONCE))
        await asyncio.gather(*(_customer(parts, number, now, chance.random()) for number in numbers))


async def _customer(parts: Parts, number: int, now: datetime, roll: float) -> None:
    chance = random.Random(number)
    at = now - timedelta(minutes=number % 40_000)
    words = chance.choice(WORDS)
    talk = Conversation(last_inbound_at=at, greeted=True, language="en")
    lead = Lead(LeadId(f"{number:011x}-lead"), Address(wa_id=f"628{number:09d}"), conversation=talk)
    lead = replace(lead, name=f"{chance.choice(FIRST)} {chance.choice(LAST)}")
    slot = OfferedSlot(
        "s", now + timedelta(days=number % 60), now + timedelta(days=number % 60, hours=1), "ayu", "spa",
        hold_id=None, held_until=None,
    )  # fmt: skip
    price = Money(100_000 + 1_000 * (number % 900), "IDR")
    booking = Booking(reference(number), State.CONFIRMED, service="massage", chosen=slot, price=price)
    entry = replace(lead.inbox.spoken(CUSTOMER, at, words), words=2)
    if roll < 0.05:
        lead = replace(lead, conversation=replace(talk, mode=Mode.AGENT, agent=chance.choice(OWNERS)))
        entry = replace(entry, waiting_since=at)
    lead = replace(lead, inbox=entry).with_booking(booking)
    await parts.leads.create(lead)
    await parts.bookings.record(booking, lead.id, at)
    await parts.messages.record_all_inbound(
        lead.id, [(f"bench:{number}:{line}", chance.choice(WORDS), at + timedelta(seconds=line)) for line in range(3)]
    )
    await parts.messages.record_outbound(
        lead.id, EffectId(f"bench:{number}:b"), Author.BOT, "Sure, let me look.", at, DeliveryStatus.READ, None
    )
