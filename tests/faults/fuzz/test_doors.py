"""Thousands of foreign inputs at every door of real processes; afterwards they live, are as small as before, have said
nothing that was not theirs to say, and book, take money for and pay out as if nothing had been.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from bot.domain.states import PaymentStatus, State
from bot.store.clock import BusinessClock
from payments.domain.payout import PayoutState
from payments.services.cashier import money_check
from simulator.customer import Phone, Seen
from tests.faults.fuzz.doors import SENDERS, Answered, Doors, Input, sent
from tests.faults.fuzz.inputs import SEED, count
from tests.faults.fuzz.mutate import CANARY, Mutator
from tests.faults.fuzz.processes import Running, running
from tests.journeys.payments import WISH, booking, is_in, links, money_of, pay, reference_in
from tests.journeys.world import World, until

pytestmark = [pytest.mark.mongo, pytest.mark.processes, pytest.mark.timeout(3000)]

AT_ONCE: Final = 8
MORE_MEMORY: Final = 60
"""MiB a process may hold more at the end than after the first fifth: caches fill, nothing grows with the inputs."""
PROMISED: Final = frozenset({"not-stored", "not-in-time", "database-unavailable"})
"""The problems of a 503 that a sender was promised: the machine was busy, and he sends it again."""
PATIENCE: Final = 60.0
SHARES: Final = [65_000, 250_000]


@pytest.fixture
async def up(mongodb_uri: str, tmp_path: Path) -> AsyncIterator[Running]:
    """Web, worker and the world around them."""
    async with running(mongodb_uri, tmp_path) as found:
        yield found


async def test_after_any_input_at_any_door_a_booking_is_made_paid_and_paid_out(up: Running) -> None:
    world = up.world
    mutator = Mutator(SEED)
    print(f"JANJI_PROVE_SEED={SEED}")
    await _booked_and_paid(world, "6281200000001")
    await _with_forms(world)
    doors, wrong, statuses = Doors(world, mutator), list[str](), Counter[tuple[str, int | None]]()
    _told(doors, mutator, await _known(world))
    inputs = count(0.615, 500)
    await _poured(world, doors, inputs // 5, statuses, wrong)
    early = up.memory()
    _told(doors, mutator, await _known(world))
    await _poured(world, doors, inputs - inputs // 5, statuses, wrong)
    await _worked_off(world)
    late = up.memory()
    print(f"{inputs} inputs; {dict(statuses)}; memory {early} then {late} MiB")
    assert up.dead() == {}
    assert not wrong, "\n".join(wrong[:40])
    late_answers = sum(times for (_, status), times in statuses.items() if status == 503)
    assert late_answers <= inputs // 100, statuses
    assert {role: late[role] - early[role] for role in late if late[role] - early[role] > MORE_MEMORY} == {}
    assert up.complaints() == []
    assert await _foreign_reasons(world) == []
    await _put_right(world)
    await _booked_and_paid(world, "6281200000099", wants_payout=True)
    assert up.dead() == {}
    assert up.complaints() == []


async def _poured(
    world: World, doors: Doors, inputs: int, statuses: Counter[tuple[str, int | None]], wrong: list[str]
) -> None:
    waiting = iter(range(inputs))

    async def pour(http: httpx.AsyncClient) -> None:
        for _ in waiting:
            one = doors.next()
            try:
                answer = await sent(http, world.url, one)
            except httpx.RemoteProtocolError:
                answer = Answered(None)
            statuses[one.door, answer.status] += 1
            if (problem := _problem(one, answer)) is not None:
                wrong.append(f"{problem}: {one!r:.1500} -> {answer!r:.500}")

    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        await asyncio.gather(*(pour(http) for _ in range(AT_ONCE)))


def _problem(one: Input, answer: Answered) -> str | None:
    status = answer.status
    if status is None:
        return None if one.raw is not None else "no answer"
    if status >= 500 and one.path.startswith(("/readyz", "/healthz")):
        return None
    if status == 503:
        kind = json.loads(answer.body or b"{}").get("type", "").rpartition(":")[2]
        return None if kind in PROMISED else "a 503 nobody promised"
    if status >= 500:
        return "a 5xx"
    if one.door == "api" and status >= 400 and not answer.kind.startswith("application/problem+json"):
        return "a refusal that is no problem document"
    if one.door == "api" and CANARY.encode() in answer.body and status >= 400:
        return "a refusal that repeats foreign text"
    return None


async def _known(world: World) -> dict[str, list[str]]:
    """Every id of ours that an input may name, by the name it goes by."""
    db = world.process.database

    async def ids(name: str) -> list[str]:
        return [str(row["_id"]) for row in await db[name].find({}, {"_id": 1}).limit(12).to_list(12)]

    slots = ["balinese-massage|ayu|20261224T070000Z|villa-melati"]
    for service in ("planning-call", "balinese-massage"):
        found = await world.api.get(f"/services/{service}/slots", params={"from": "2026-12-01", "to": "2026-12-20"})
        slots += [slot["slot_id"] for slot in found.raise_for_status().json()["items"][:4]]
    invoices = await links(world)
    leads, bookings = await ids("leads"), await ids("bookings")
    return {
        "lead": leads,
        "lead_id": leads,
        "reference": bookings,
        "slot": slots,
        "slot_id": slots,
        "service": ["balinese-massage", "planning-call", "kamboja-stay"],
        "place": ["villa-melati", "villa-senja"],
        "provider": ["ayu", "concierge"],
        "payout": await ids("payouts"),
        "payee": await ids("payees"),
        "message_id": await ids("messages"),
        "phone": ["6281200000001", *SENDERS[:3]],
        "user_id": ["ID.1", "ID.6281300000001"],
        "token": await ids("flow_sessions"),
        "invoice": [one[name] for one in invoices for name in ("id", "external_id")],
        "other": [*await ids("payables"), *await ids("refunds"), "2026-12-24", "0", "50"],
    }


def _told(doors: Doors, mutator: Mutator, known: dict[str, list[str]]) -> None:
    doors.known = known
    mutator.words = sorted({word for words in known.values() for word in words})


async def _worked_off(world: World) -> None:
    """Everything that came in is done or set aside."""

    async def nothing_new() -> bool:
        return not await world.process.database["received"].count_documents({"state": "new"})

    await until(nothing_new, timeout=900, what="everything worked off", poll=0.5)


async def _foreign_reasons(world: World) -> list[Any]:
    """Why things were set aside, in words that are not ours."""
    db, found = world.process.database, list[Any]()
    for name, fields in (
        ("received", ("reason",)),
        ("leads", ("outbox.reason",)),
        ("money_alarms", ("record",)),
        ("house", ("reason",)),
        ("messages", ("lead",)),
        ("audit", ("reason", "details")),
    ):
        shown = dict.fromkeys(fields, 1)
        for row in await db[name].find({}, shown).to_list(None):
            written = repr({key: value for key, value in row.items() if key != "_id"})
            if CANARY in written or any(mark in repr(row) for mark in ("\\x", "\\u")):
                found.append((name, row))
    return found


async def _put_right(world: World) -> None:
    """What an operator does after such a day: the clock back, and sending again where it was paused."""
    answer = await world.api.post("/clock", json={"reset": True})
    assert answer.is_success
    await world.process.parts.pause.end()
    ready = await world.api.get(f"{world.url}/readyz")
    assert ready.is_success, ready.text


async def _booked_and_paid(world: World, number: str, *, wants_payout: bool = False) -> None:
    phone = await world.phone("Emma", wa_id=number)
    link = await _linked(phone)
    reference = reference_in(link)
    (invoice,) = [one for one in await links(world) if one["invoice_url"] in link.links]
    await pay(world, invoice["id"], "BNI")
    await phone.expect("Paid and confirmed", timeout=PATIENCE)
    assert (await is_in(world, reference, State.CONFIRMED)).payment_status is PaymentStatus.PAID
    if wants_payout:
        await _paid_out(world, reference)


async def _with_forms(world: World) -> None:
    """Customers who have a form in their hands."""
    for number in range(3):
        phone = await world.phone("Sari", wa_id=f"628120000510{number}")
        await phone.say("I would like to book something")
        await phone.expect("tap the button", kind="flow", timeout=PATIENCE)


async def _linked(phone: Phone) -> Seen:
    await phone.say(WISH)
    await phone.expect("Tap one", timeout=PATIENCE)
    await phone.say("the first")
    await phone.expect("Please confirm", timeout=PATIENCE)
    await phone.tap("Yes, book it")
    return await phone.expect("Please pay by", kind="cta_url", timeout=PATIENCE)


async def _paid_out(world: World, reference: str) -> None:
    """Days go by until both partners have their money; then both books say the same."""
    clock = BusinessClock(world.process.database)
    cashier = money_of(world).cashier

    async def both_paid() -> bool:
        payouts = (await cashier.money_of(reference)).payouts
        return [one.state for one in payouts] == [PayoutState.SUCCEEDED] * len(SHARES)

    for _ in range(15):
        await clock.move(timedelta(days=2), live_key=False)
        await world.told("POST", "/xendit/clock", {"advance_seconds": timedelta(days=2).total_seconds()})
        try:
            await until(both_paid, timeout=12, what="the payouts", poll=0.3)
            break
        except AssertionError:
            continue
    assert await both_paid(), (await booking(world, reference), await cashier.money_of(reference))
    checked = await money_check(money_of(world).store)
    assert checked.holds, checked.differences
    assert (await world.told("GET", "/xendit/books"))["holds"]
