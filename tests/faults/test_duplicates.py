"""Deliveries come one to five times, together and in any order: one answer, one row, one lead."""

import asyncio
import random
import secrets
from collections.abc import Sequence
from typing import Any

import httpx
import orjson
import pytest

from simulator.signing import sign
from tests.conftest import sampled
from tests.faults.envelopes import text_message
from tests.journeys.world import World, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

NUMBER, USER = "6281200000007", "ID.13491208655302741918"


async def post(world: World, client: httpx.AsyncClient, envelope: Any) -> int:
    """Hand a signed envelope to our door, the way Meta does."""
    body = orjson.dumps(envelope)
    headers = {
        "X-Hub-Signature-256": sign(world.simulator.app_secret, body),
        "Content-Type": "application/json",
    }
    return (await client.post(f"{world.url}/webhooks/whatsapp", content=body, headers=headers)).status_code


async def post_all(world: World, envelopes: Sequence[Any]) -> None:
    """All of them at once; each is answered 200."""
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        answers = await asyncio.gather(*(post(world, client, one) for one in envelopes))
    assert set(answers) == {200}


async def answers_sent(world: World) -> int:
    """How many messages of ours there are."""
    return int(await world.process.database["messages"].count_documents({"author": "bot"}))


async def the_only_lead(world: World) -> str:
    """The one lead there is, once it is the only one."""

    async def one() -> str | None:
        leads = await world.leads()
        return leads[0]["id"] if len(leads) == 1 else None

    return str(await until(one, what="one lead"))


@pytest.mark.parametrize("seed", sampled(range(4), 2))
async def test_each_delivery_many_times_in_any_order_is_one_row_and_one_answer(world: World, seed: int) -> None:
    chance = random.Random(seed)
    customers = [f"62812{seed}{index:06d}" for index in range(6)]
    copies = [
        text_message(world.simulator.phone_number_id, f"wamid.{number}", "Hello", wa_id=number)
        for number in customers
        for _ in range(chance.randint(1, 5))
    ]
    chance.shuffle(copies)
    await post_all(world, copies)
    await world.quiet()
    await post_all(world, chance.sample(copies, len(copies)))
    await world.quiet()
    database = world.process.database
    assert await database["received"].count_documents({"kind": "message"}) == len(customers)
    assert await database["messages"].count_documents({"author": "customer"}) == len(customers)
    assert await answers_sent(world) == len(customers)
    assert len(await world.leads()) == len(customers)


async def test_one_envelope_with_the_same_message_five_times_is_one_row(world: World) -> None:
    envelope = text_message(world.simulator.phone_number_id, "wamid.same", "Hello", wa_id=NUMBER)
    envelope["entry"] *= 5
    await post_all(world, [envelope])
    await world.quiet()
    assert await world.process.database["received"].count_documents({"kind": "message"}) == 1
    assert await answers_sent(world) == 1


@pytest.mark.parametrize("attempt", sampled(range(5), 2))
async def test_two_first_messages_of_a_new_customer_at_once_make_one_lead(world: World, attempt: int) -> None:
    number = world.simulator.phone_number_id
    await post_all(
        world,
        [
            text_message(number, f"wamid.{index}", f"Hello {index}", wa_id=f"{NUMBER}{attempt}", user_id=USER)
            for index in range(4)
        ],
    )
    await world.quiet()
    lead = await the_only_lead(world)
    said = [line.text for line in await world.transcript(lead) if line.author == "customer"]
    assert sorted(said) == [f"Hello {index}" for index in range(4)]
    assert await world.process.database["leads"].count_documents({}) == 1


@pytest.mark.parametrize("number_first", [True, False])
@pytest.mark.parametrize("together", [True, False])
async def test_two_addresses_of_one_person_are_merged(world: World, number_first: bool, together: bool) -> None:
    ours = world.simulator.phone_number_id
    first = text_message(ours, "wamid.a", "hello a", wa_id=NUMBER)
    second = text_message(ours, "wamid.b", "hello b", user_id=USER)
    both = text_message(ours, "wamid.c", "hello c", wa_id=NUMBER, user_id=USER)
    order = [first, second] if number_first else [second, first]
    if together:
        await post_all(world, [*order, both])
    else:
        for one in [*order, both]:
            await post_all(world, [one])
            await world.quiet()
    await world.quiet()
    lead = await the_only_lead(world)
    await nothing_lost(world, lead, ["hello a", "hello b", "hello c"])


@pytest.mark.parametrize("seed", sampled(range(6), 2))
async def test_a_merge_that_races_with_traffic_loses_nothing_and_doubles_nothing(world: World, seed: int) -> None:
    chance = random.Random(seed)
    ours = world.simulator.phone_number_id
    await post_all(world, [text_message(ours, "wamid.n", "hello n", wa_id=NUMBER)])
    await post_all(world, [text_message(ours, "wamid.u", "hello u", user_id=USER)])
    if chance.random() < 0.5:
        await world.fault("slow", seconds=chance.uniform(0.05, 0.4), times=2)
    await asyncio.sleep(chance.uniform(0, 0.5))
    texts = ["hello n", "hello u"]
    traffic = []
    for index in range(6):
        who: dict[str, Any] = chance.choice([{"wa_id": NUMBER}, {"user_id": USER}, {"wa_id": NUMBER, "user_id": USER}])
        traffic.append(text_message(ours, f"wamid.t{index}", f"hello t{index}", **who))
        texts.append(f"hello t{index}")
    traffic.append(text_message(ours, "wamid.z", "hello z", wa_id=NUMBER, user_id=USER))
    await post_all(world, traffic)
    await world.quiet(30)
    lead = await the_only_lead(world)
    await world.quiet(30)
    await nothing_lost(world, lead, [*texts, "hello z"])
    handed = [
        one["effect_id"]
        for customer in (await world.told("GET", "/customers"))["items"]
        for one in (await world.told("GET", f"/customers/{customer['id']}/bubbles"))["items"]
    ]
    assert len(handed) == len(set(handed))


async def nothing_lost(world: World, lead: str, texts: list[str]) -> None:
    """One transcript with every word, and nothing left behind at the other lead."""
    lines = await world.transcript(lead)
    assert sorted(line.text for line in lines if line.author == "customer") == sorted(texts)
    database = world.process.database
    assert await database["messages"].count_documents({"lead": {"$ne": lead}}) == 0
    assert await database["leads"].count_documents({"outbox": {"$ne": []}}) == 0
    assert await database["received"].count_documents({"state": {"$ne": "done"}}) == 0
    assert await database["aliases"].count_documents({"lead": {"$ne": lead}}) == 0


async def test_a_new_customer_is_found_by_any_of_the_two_addresses_afterwards(world: World) -> None:
    user = f"ID.{secrets.randbelow(10**15)}"
    ours = world.simulator.phone_number_id
    await post_all(world, [text_message(ours, "wamid.1", "hello", wa_id=NUMBER, user_id=user)])
    await world.quiet()
    for query in ({"phone": f"+{NUMBER}"}, {"user_id": user}):
        items = (await world.api.get("/leads", params=query)).json()["items"]
        assert [one["wa_id"] for one in items] == [NUMBER]
