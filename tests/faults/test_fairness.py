"""One busy, hanging or flooding customer costs nobody else, and what is read once is not read again."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Any

import pytest

from bot.domain.ids import LeadId
from bot.engine.channel import InboundMessage
from intents.understanding import ExpectedAnswer, Language, Understanding
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]


@pytest.fixture
async def world(mongodb_uri: str) -> AsyncIterator[World]:
    async with opened(mongodb_uri) as running:
        yield running


async def greeted(world: World, wa_id: str) -> tuple[Any, str]:
    phone = await world.phone(wa_id=wa_id)
    await phone.say("Hello")
    await phone.expect("Hello Sari", timeout=60)
    await world.quiet(60)
    return phone, (await world.lead_of(phone))["id"]


async def test_thirty_sends_that_hang_keep_nobody_from_an_answer(world: World) -> None:
    hanging = [f"62813{number:07}" for number in range(30)]
    for number in hanging:
        await world.fault("hang_before", to=number)
    for number in hanging:
        await (await world.phone(wa_id=number)).say("Hello")
    leads = world.process.database["leads"]

    async def all_claimed() -> bool:
        return int(await leads.count_documents({"outbox.status": "claimed"})) >= len(hanging)

    await until(all_claimed, timeout=60, what="thirty sends under way at once")
    other = await world.phone(wa_id="6281200000001")
    await other.say("Hello")
    await other.expect("Hello Sari", timeout=60)
    assert await leads.count_documents({"outbox.status": {"$in": ["claimed", "unknown"]}}) >= 1


async def test_five_hundred_texts_of_one_number_are_routed_as_one(world: World) -> None:
    me = {"wa_id": "6281300000001", "user_id": "ID.1300000001", "profile": {"name": "Loud"}}
    texts = [
        {
            "id": f"wamid.{n}",
            "from": me["wa_id"],
            "from_user_id": me["user_id"],
            "type": "text",
            "text": {"body": f"x{n}"},
        }
        for n in range(500)
    ]
    parts = world.process.parts
    counted: Counter[str] = Counter()
    resolve = parts.aliases.known

    async def counting(hashes: Sequence[str]) -> dict[str, LeadId]:
        counted["looked up"] += 1
        return await resolve(hashes)

    parts.aliases.known = counting  # type: ignore[method-assign]
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": world.settings.whatsapp_phone_number_id},
        "contacts": [me],
        "messages": texts,
    }
    entry = [{"id": "1", "changes": [{"field": "messages", "value": value}]}]
    await world.raw({"object": "whatsapp_business_account", "entry": entry})
    others = [await world.phone(wa_id=f"62812{number:07}") for number in range(4)]
    for phone in others:
        await phone.say("Hello")
    for phone in others:
        await phone.expect("Hello Sari", timeout=60)
    await world.quiet(90)
    assert counted["looked up"] < 60
    (lead,) = [lead for lead in await world.leads() if lead["name"] == "Loud"]
    lines = await parts.messages.of(LeadId(lead["id"]), 1_000)
    assert sum(line.author == "customer" for line in lines) == 500


async def test_the_lead_with_one_delivery_is_found_before_the_flood_of_another(world: World) -> None:
    received = world.process.database["received"]
    now = await world.process.parts.leads.server_now()
    rows = [
        {"_id": f"internal:x:{n}", "state": "new", "lead": "loud" if n < 500 else f"quiet-{n}", "due_at": now}
        for n in range(510)
    ]
    await received.insert_many(rows)
    found = await world.process.parts.received.leads_with_work(now, limit=50)
    assert len([lead for lead in found if lead.startswith("quiet-")]) == 10


async def test_a_message_is_decrypted_parsed_and_understood_once(world: World) -> None:
    phone, _ = await greeted(world, "6281200000001")
    parts = world.process.parts
    counted: Counter[str] = Counter()
    message, opens, understand = parts.channel.message, parts.vault.open_inbound, parts.interpreter.understand

    def counting_message(payload: bytes, received_at: datetime) -> InboundMessage:
        counted["parsed"] += 1
        return message(payload, received_at)

    async def counting_open(delivery: str, sealed: bytes) -> bytes:
        counted["decrypted"] += delivery.startswith("whatsapp:") and ":" not in delivery.removeprefix("whatsapp:")
        return await opens(delivery, sealed)

    def counting_understand(
        text: str,
        expecting: ExpectedAnswer,
        today: date,
        now: datetime,
        language: Language | None,
        vector: Sequence[float] | None = None,
    ) -> Understanding:
        counted["understood"] += 1
        return understand(text, expecting, today, now, language, vector)

    parts.channel.message = counting_message  # type: ignore[method-assign]
    parts.vault.open_inbound = counting_open  # type: ignore[method-assign]
    parts.interpreter.embeds = None
    parts.interpreter.understand = counting_understand
    await phone.say("What are your opening hours?")
    await world.quiet()
    assert counted == {"parsed": 1, "decrypted": 1, "understood": 1}


async def test_minutes_without_a_connection_and_then_a_429_still_send(world: World) -> None:
    phone, lead = await greeted(world, "6281200000001")
    await world.fault("error", code=130429, status=429)
    before = len(await phone.bubbles())

    async def offline(payload: dict[str, Any]) -> Any:
        raise offline_error

    from bot.engine.channel import NotSent

    offline_error = NotSent("ConnectError")
    channel = world.process.parts.channel
    send = channel.send
    channel.send = offline  # type: ignore[method-assign]
    await phone.say("What can I do here?")
    leads = world.process.database["leads"]

    async def tried() -> int:
        row = await leads.find_one({"_id": lead})
        unsent = [queued["unsent"] for queued in row["outbox"]]
        await world.time_passes(120)
        return bool(unsent and unsent[0] >= 12)

    await until(tried, timeout=60, what="a dozen tries that never left", poll=0.3)
    channel.send = send  # type: ignore[method-assign]

    async def sent() -> bool:
        await world.time_passes(120)
        return len(await phone.bubbles()) > before

    await until(sent, timeout=60, what="the answer", poll=0.3)
    assert not (await world.lead_of(phone))["waits_for_person"]
