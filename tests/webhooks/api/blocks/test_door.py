"""Somebody is ill: every booking that is hit is told once, and ends moved or paid back, whoever dies on the way."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.blocks import Block, HitState
from bot.domain.contents import Tap
from bot.domain.ids import LeadId
from bot.domain.lead import Address, Lead
from bot.domain.states import State
from bot.domain.task import PlannedTask, Task, TaskState
from bot.lifecycle.task_steps import TaskRefusal, TaskRefused
from intents.understanding import Intent
from tests.bot.makers import meaning, wrote
from tests.journeys import payments as p
from tests.journeys.world import World, until
from tests.webhooks.api.bookings.test_changes import forward, paid_massage, problem
from tests.webhooks.api.bookings.test_door import customer, slots

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]

Json = dict[str, Any]
ILL = {"reason": "fever", "by": "rina"}


async def blocked(world: World, slot: Json, hours: int = 24, status: int = 201) -> Json:
    """Who gives that time is ill around it."""
    start = at(slot) - timedelta(hours=1)
    body = {
        "resource": f"provider:{slot['provider']}",
        "from": start.isoformat(),
        "to": (start + timedelta(hours=hours)).isoformat(),
        **ILL,
    }
    answer = await world.api.post("/blocks", json=body)
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


def at(slot: Json) -> datetime:
    return datetime.fromisoformat(slot["start"])


async def test_a_blocked_time_is_neither_offered_nor_booked_and_free_again_when_lifted(world: World) -> None:
    lead, times = await customer(world), await slots(world)
    block = await blocked(world, times[0])
    assert not [one for one in await slots(world) if one["provider"] == times[0]["provider"]]
    body = {"lead_id": lead, "service": "planning-call", "slot_id": times[0]["slot_id"]}
    assert (await world.api.post("/bookings", json=body)).status_code == 409
    lifted = await world.api.delete(f"/blocks/{block['id']}")
    assert (lifted.status_code, lifted.json()["lifted_at"] is not None) == (200, True)
    assert (await world.api.post("/bookings", json=body)).status_code == 201


@pytest.mark.parametrize(
    ("change", "status", "kind"),
    [
        ({"resource": "provider:nobody"}, 422, "no-such-resource"),
        ({"resource": "staff:ayu"}, 422, "no-such-resource"),
        ({"to": "2026-01-01T00:00:00+08:00"}, 422, "bad-range"),
        ({"from": "tomorrow"}, 400, "bad-moment"),
    ],
)
async def test_what_cannot_be_blocked_is_told_so(world: World, change: Json, status: int, kind: str) -> None:
    now = await world.process.parts.clock.business_now()
    whole = {"resource": "ayu", "from": now.isoformat(), "to": (now + timedelta(days=1)).isoformat(), **ILL}
    assert problem(await world.api.post("/blocks", json=whole | change)) == (status, kind)
    assert problem(await world.api.delete("/blocks/nothing")) == (404, "no-such-block")


async def test_a_booking_nobody_can_read_keeps_no_other_from_hearing_that_a_block_was_lifted(world: World) -> None:
    _, reference = await paid_massage(world)
    parts, database = world.process.parts, world.process.database
    now = await parts.clock.business_now()
    slot = (await p.booking(world, reference)).chosen
    assert slot is not None
    block = await blocked(world, {"provider": slot.provider, "start": slot.start.isoformat()})
    await parts.blocks.sweep(now)
    row = {"block": block["id"], "booking": "BK-broken", "lead": "x", "told_at": now - timedelta(days=1)}
    await database["block_hits"].insert_one({"_id": "broken", **row})
    await database["bookings"].insert_one({"_id": "BK-broken", "lead": "x", "updated_at": "soon", "packed": b"?"})
    await world.api.delete(f"/blocks/{block['id']}")

    async def told() -> list[str]:
        rows = database["received"].find({"kind": "block_lifted"})
        return [str(one["_id"]) async for one in rows]

    await parts.blocks.sweep(now)
    assert [reference in one for one in await told()] == [True]
    assert [one.id for one in await parts.claims.blocks.due(now + timedelta(days=99))] == [block["id"]]
    await database["bookings"].delete_one({"_id": "BK-broken"})
    await parts.blocks.sweep(now)
    assert await parts.claims.blocks.due(now + timedelta(days=99)) == []
    assert len(await told()) == 1


async def test_who_is_hit_chooses_another_time_by_one_tap_and_is_told_once(world: World) -> None:
    phone, reference = await paid_massage(world)
    slot = (await world.api.get(f"/bookings/{reference}")).json()
    await blocked(world, slot)
    asked = await phone.expect("cannot take place as booked", kind="list")
    await phone.tap(asked.choices[0])
    await phone.expect("We are sorry, we had to change your booking")
    moved = await p.booking(world, reference)
    assert (moved.state, moved.chosen is not None and moved.chosen.slot_id != slot["slot_id"]) == (
        State.CONFIRMED,
        True,
    )
    (block,) = (await world.api.get("/blocks")).json()["items"]
    assert (block["told"], block["moved"], block["waiting"]) == (1, 1, 0)
    for _ in range(3):
        await world.process.parts.blocks.sweep(await world.process.parts.clock.business_now())
    await world.quiet()
    lines = await world.transcript((await world.lead_of(phone))["id"])
    assert sum("cannot take place" in line.text for line in lines) == 1


async def test_who_takes_the_money_gets_all_of_it(world: World) -> None:
    phone, reference = await paid_massage(world)
    slot = (await world.api.get(f"/bookings/{reference}")).json()
    await blocked(world, slot)
    await phone.expect("cannot take place as booked", kind="list")
    await phone.tap("Money back")
    await phone.expect("IDR 350,000 back")
    closed = await p.is_in(world, reference, State.CANCELLED)
    assert closed.kept is not None
    assert closed.kept.amount.amount == 0
    assert closed.refund_ordered is not None
    assert closed.refund_ordered.amount == p.PRICE


async def test_no_answer_in_time_is_all_of_the_money_and_no_reminder_comes_before(world: World) -> None:
    phone, reference = await paid_massage(world)
    slot = (await world.api.get(f"/bookings/{reference}")).json()
    await blocked(world, slot)
    await phone.expect("cannot take place as booked", kind="list")
    lead = (await world.stored((await world.lead_of(phone))["id"])).lead
    assert [name for name in lead.timers if reference in name] == [f"change_silence:{reference}"]
    await forward(world, timedelta(hours=24, minutes=1))
    closed = await p.is_in(world, reference, State.CANCELLED)
    assert closed.kept is not None
    assert closed.kept.amount.amount == 0


async def test_lifting_withdraws_what_is_unanswered_and_says_so(world: World) -> None:
    phone, reference = await paid_massage(world)
    before = (await world.api.get(f"/bookings/{reference}")).json()
    block = await blocked(world, before)
    await phone.expect("cannot take place as booked", kind="list")
    await world.api.delete(f"/blocks/{block['id']}")
    await phone.expect("takes place after all")
    kept = await p.booking(world, reference)
    assert (kept.change, kept.chosen is not None and kept.chosen.slot_id) == (None, before["slot_id"])
    # made once more it is another one, and told once more
    await blocked(world, before)
    await phone.expect("cannot take place as booked", kind="list")


class _Dies(BaseException):
    """The process is gone."""


def dying_after(world: World, told: int) -> Callable[[datetime], Awaitable[int]]:
    """A sweep whose process dies when it has told so many, between the news and its note."""
    sweep = world.process.parts.blocks
    left = [told]

    class DyingBlocks:
        def __getattr__(self, name: str) -> Any:
            return getattr(sweep.claims.blocks, name)

        async def note_hit(self, *given: Any) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise _Dies
            await sweep.claims.blocks.note_hit(*given)

    class DyingClaims:
        blocks = DyingBlocks()

        def __getattr__(self, name: str) -> Any:
            return getattr(sweep.claims, name)

    return replace(sweep, claims=DyingClaims()).sweep  # type: ignore[arg-type]


async def lead_in_window(world: World, number: int, now: datetime) -> LeadId:
    """A customer who wrote just now, without a phone of their own."""
    lead = Lead(id=LeadId(f"lead-{number:02}"), address=Address(wa_id=f"62812000001{number:02}"))
    await world.process.parts.leads.create(lead.conversing(last_inbound_at=now))
    return lead.id


async def forty_bookings(world: World, now: datetime) -> tuple[str, datetime, list[tuple[LeadId, str]]]:
    """Of one provider, each by a customer of their own, from the day after tomorrow on; and when the last begins."""
    free: list[Json] = []
    for day in range(2, 20):
        date = (now + timedelta(days=day)).date().isoformat()
        free += await slots(world, **{"from": date, "to": date})
    provider = str(free[0]["provider"])
    made: list[tuple[LeadId, str]] = []
    for slot in [slot for slot in free if slot["provider"] == provider]:
        lead = await lead_in_window(world, len(made), now)
        body = {"lead_id": lead, "service": "planning-call", "slot_id": slot["slot_id"]}
        answer = await world.api.post("/bookings", json=body)
        # a time may lie in the hour after another one
        if answer.status_code == 201:
            made.append((lead, str(answer.json()["reference"])))
        if len(made) == 40:
            break
    return provider, at(slot), made


async def test_forty_bookings_of_an_ill_provider_are_each_told_once_although_it_is_killed_twice(world: World) -> None:
    parts = world.process.parts
    now = await parts.clock.business_now()
    provider, last, made = await forty_bookings(world, now)
    assert len(made) == 40
    resource, end = f"provider:{provider}", last + timedelta(hours=2)
    block = Block(f"{resource}|x|test", resource, now + timedelta(hours=1), end, "fever", "rina", "operations")
    await parts.blocks.add(block, now)
    for told in (7, 12):
        with pytest.raises(_Dies):
            await dying_after(world, told)(now)
    await parts.blocks.sweep(now)
    assert sorted(await parts.claims.blocks.hits(block)) == sorted(reference for _, reference in made)
    assert await world.process.database["received"].count_documents({"kind": "block"}) == 40

    async def change_of(lead: LeadId, reference: str) -> Any:
        booking = (await world.stored(lead)).lead.booking(reference)
        return None if booking is None or booking.change is None or booking.change.answer_by is None else booking.change

    async def all_asked() -> bool:
        return all([await change_of(lead, reference) is not None for lead, reference in made])

    await until(all_asked, timeout=60, what="everybody asked")
    await world.quiet(timeout=60)
    taps = itertools.count()

    async def tap(number: int, lead: LeadId, reference: str) -> bool:
        """Their answer, as often as somebody else was faster; whether they have what they wanted."""
        booking = (await world.stored(lead)).lead.booking(reference)
        if booking is None or booking.change is None:
            return True
        change = booking.change
        assert len(change.offered) <= 3
        wanted = f"blkback:{reference}:{change.id}:"
        if number % 2:
            if change.accepted_at is not None or not change.offered:
                return False
            wanted = f"chgslot:{reference}:{change.id}:{change.offered[0].slot_id}"
        tapped = wrote(meaning(Intent.OOS), Tap(wanted, "x"), event=f"tap-{next(taps)}", at=now)
        await parts.decisions.tell(lead, replace(tapped, address=Address(wa_id=f"62812000001{number:02}")))
        return False

    async def all_settled() -> bool:
        return all([await tap(number, *one) for number, one in enumerate(made)])

    await until(all_settled, timeout=90, what="everybody settled", poll=1.0)
    progress = await parts.blocks.progress(block)
    assert (progress.count(HitState.MOVED), progress.count(HitState.CANCELLED)) == (20, 20)


async def morning(world: World) -> datetime:
    """It is ten in the morning there, when staff are asked at once."""
    parts = world.process.parts
    now = (await parts.clock.business_now()).astimezone(world.process.business.zone)
    ten = now.replace(hour=10, minute=0, second=0, microsecond=0)
    await p.everybodys_time_goes_on(world, ten + timedelta(days=ten < now) - now)
    return await parts.clock.business_now()


def cleaning(name: str, begins: datetime) -> Task:
    """A chore that all cleaners who could do it are asked for."""
    title = (("en", "Clean"), ("id", "Bersihkan"))
    planned = PlannedTask(name, title, begins + timedelta(hours=1), 60, "cleaner", answer_minutes=60, at_once=True)
    return Task(None, 1, 0, planned, TaskState.OPEN, begins)


async def asked_for(world: World, task: Task, now: datetime) -> set[str]:
    """Who is asked whether they do it."""
    parts = world.process.parts
    assert await parts.tasks.write(replace(task, next_at=now), now)
    found = await parts.tasks.find(task.id)
    assert found is not None
    return {offer.who for offer in (await parts.offers.advance(found, now)).offers}


async def test_who_of_the_staff_says_that_they_are_ill_is_asked_about_no_work_of_that_day(world: World) -> None:
    parts, now = world.process.parts, await morning(world)
    ketut = await world.phone("Ketut", wa_id="6281200000301")
    await ketut.say("halo")
    await ketut.expect("Halo Ketut Suarni")
    wanted = PlannedTask("", (("id", "Cuci gorden"),), now + timedelta(days=1, hours=2), 60)
    theirs = await parts.task_desk.add(wanted, None, "ketut", "dewi", "curtains")
    await ketut.expect("Cuci gorden", kind="list")
    await ketut.say("saya sakit, besok ga bisa masuk")
    question = await ketut.expect("", kind="buttons")
    await ketut.tap(question.choices[0], question.id)
    await world.quiet()
    (block,) = (await world.api.get("/blocks")).json()["items"]
    assert (block["resource"], block["told"]) == ("staff:ketut", 0)
    given_back = await parts.tasks.find(theirs.id)
    assert given_back is not None
    assert given_back.assignee is None
    tomorrow = now + timedelta(days=1)
    assert "ketut" not in await asked_for(world, cleaning("tomorrow", tomorrow), now)
    assert "ketut" in await asked_for(world, cleaning("later", tomorrow + timedelta(days=1)), now)


async def test_staff_who_are_off_are_given_nothing_and_what_they_have_is_given_back(world: World) -> None:
    parts, now = world.process.parts, await morning(world)
    ketut = await world.phone("Ketut", wa_id="6281200000301")
    await ketut.say("halo")
    await ketut.expect("Halo Ketut Suarni")
    begins = now + timedelta(days=1)
    assert "ketut" in await asked_for(world, cleaning("asked", begins), now)
    due = (begins + timedelta(hours=1)).isoformat()
    made = await world.api.post("/tasks", json={"title": "Pool", "due": due, "minutes": 60, "who": "ketut"})
    assert made.status_code == 201, made.text
    task = made.json()["id"]
    await ketut.expect("Pool", kind="list")

    span = {"from": begins.isoformat(), "to": (begins + timedelta(hours=8)).isoformat()}
    block = (await world.api.post("/blocks", json={"resource": "staff:ketut", **span, **ILL})).json()
    assert (await world.api.get(f"/tasks/{task}")).json()["state"] == "unfilled"
    await ketut.expect("tidak jadi buat kakak")
    # by whatever way
    refused = [
        await world.api.post(f"/tasks/{task}/assign", json={"who": "ketut"}),
        await world.api.post(f"/tasks/{task}/take", json={"who": "ketut"}),
        await world.api.post("/tasks", json={"title": "Pool", "due": due, "minutes": 60, "who": "ketut"}),
    ]
    assert [problem(answer) for answer in refused] == [(409, "person-off")] * 3
    with pytest.raises(TaskRefused) as busy:
        await parts.offers.accept("house:asked:1", "ketut", 1)
    assert busy.value.why is TaskRefusal.OFFER_BUSY
    # what slipped by in the same moment is others' by the next sweep
    slipped = replace(cleaning("slipped", begins), state=TaskState.TAKEN, assignee="ketut")
    assert await parts.tasks.write(slipped, now)
    await parts.offers.sweep(now)
    found = await parts.tasks.find(slipped.id)
    assert found is not None
    assert found.assignee is None

    assert (await world.api.delete(f"/blocks/{block['id']}")).status_code == 200
    assert (await world.api.post(f"/tasks/{task}/assign", json={"who": "ketut"})).status_code == 200
