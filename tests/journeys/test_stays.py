"""A stay lived through: its four tasks, moved with it, check-in and check-out, its end by the last, its owner paid."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.business.staff import STAY_TASKS
from bot.domain.front_desk import DeskStep
from bot.domain.ids import EffectId
from bot.domain.partner_events import GuestStepped
from bot.domain.partner_orders import StepGuest
from bot.domain.states import State
from bot.engine.front_desk import NOT_THEIRS
from simulator.customer import Phone
from tests.bot.business.makers import with_changes, with_tasks
from tests.journeys import payments as p
from tests.journeys.test_outside_the_window import approved
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]
TERMS = "payment: { rule: full, window_days: 2, notice_minutes: 1440 }"
KIND = "urn:janji:problem:"


def by_task(tmp_path: Path) -> Path:
    """The sample, in which a stay ends with its last task, and its owner is paid then."""
    path = tmp_path / "stays.yaml"
    released = TERMS.replace(" }", ", release: on_completed }\n    completion: by_task")
    path.write_text(with_changes((TERMS, released)), "utf-8")
    return path


FOUR = """
tasks:
  - id: pre-arrival-cleaning
    for: [kamboja-stay]
    role: cleaner
    due: { before: start, days: 1 }
    minutes: 180
    photo: true
    offer: { answer_within: 60 }
  - { id: check-in-meeting, for: [kamboja-stay], role: host, due: { at: start }, minutes: 30 }
  - { id: check-out-meeting, for: [kamboja-stay], role: host, due: { at: end }, minutes: 30 }
  - { id: post-departure-cleaning, for: [kamboja-stay], role: cleaner, due: { after: end, hours: 2 }, minutes: 120 }
"""


async def slot_on(world: World, day: date) -> Json:
    query = {"from": day.isoformat(), "to": day.isoformat(), "nights": "3", "guests": "2"}
    items: list[Json] = (await world.api.get("/services/kamboja-stay/slots", params=query)).json()["items"]
    return items[0]


def a_day_later(booking: Json) -> Json:
    """The same stay from the next day on: its own nights overlap it, so no list of free times has it."""
    start, end = (datetime.fromisoformat(booking[edge]) for edge in ("start", "end"))
    later = start + timedelta(days=1)
    stamp, other = (f"{one.astimezone(UTC):%Y%m%dT%H%MZ}" for one in (start, later))
    assert stamp in booking["slot_id"]
    return {
        "slot_id": booking["slot_id"].replace(stamp, other),
        "start": later.isoformat(),
        "end": (end + timedelta(days=1)).isoformat(),
    }


def a_tuesday(day: date) -> date:
    """That day or the first Tuesday after it: from the day before a stay of three nights to the day after it everybody
    of the sample works, also one who rests on Sundays."""
    return day + timedelta(days=(1 - day.weekday()) % 7)


async def paid_stay(world: World, phone: Phone, day: date) -> str:
    slot, lead = await slot_on(world, day), (await world.lead_of(phone))["id"]
    body = {"lead_id": lead, "service": "kamboja-stay", "slot_id": slot["slot_id"], "guests": 2}
    made = await world.api.post("/bookings", json=body)
    assert made.status_code in {201, 202}, made.text
    reference: str = made.json()["reference"]

    async def asked() -> bool:
        return bool(await p.links(world, f"{reference}.1"))

    await until(asked, what="the link")
    await p.pay(world, f"{reference}.1", channel="OVO")
    await p.is_in(world, reference, State.CONFIRMED)
    return reference


async def tasks_of(world: World, reference: str) -> dict[str, Json]:
    """By template, as soon as they are there."""

    async def there() -> Json:
        shown: Json = (await world.api.get(f"/bookings/{reference}")).json()
        return {one["id"].split(":")[1]: one for one in shown["tasks"]}

    found: dict[str, Json] = await until(there, what="the tasks")
    return found


async def step(world: World, task: str, name: str, status: int = 200, **body: Any) -> Json:
    answer = await world.api.post(f"/tasks/{task}/{name}", json=body)
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


async def asks(world: World, reference: str, name: str, status: int = 200, **body: Any) -> Json:
    answer = await world.api.post(f"/bookings/{reference}/{name}", json=body)
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


async def go_to(world: World, moment: datetime) -> None:
    parts = world.process.parts
    await p.time_goes_on(world, moment - await parts.clock.business_now())
    await parts.task_desk.sweep(await parts.clock.business_now())


async def in_the_evening(world: World) -> datetime:
    """Nobody is offered work at this hour of the house, so that those who are asked in the morning have said hello."""
    clock, zone = world.process.parts.clock, world.process.business.zone
    now = (await clock.business_now()).astimezone(zone)
    if now.hour < 21:
        await go_to(world, now.replace(hour=21, minute=0))
    return (await clock.business_now()).astimezone(zone)


async def alarms(world: World) -> set[tuple[str, str]]:
    items = (await world.api.get("/alarms")).json()["items"]
    return {(one["reason"], one["subject"]) for one in items}


async def test_the_front_desk_and_the_guest_say_themselves_that_a_stay_begins_and_ends(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": by_task(tmp_path)}) as world:
        await approved(world)
        guest = await world.phone("Emma", wa_id="6281200000096")
        other = await world.phone("Rina", wa_id="6281200000097")
        await guest.say("Hello")
        await other.say("Halo")
        await world.quiet()
        await world.told("POST", "/xendit/topup", {"amount": 9_000_000})
        today = (await world.process.parts.clock.business_now()).date()
        first = await paid_stay(world, guest, a_tuesday(today + timedelta(days=20)))
        desk = await world.phone("Made Lestari", wa_id="6281200000105")
        stranger = await world.phone("Wayan Suarta", wa_id="6281200000101")
        await desk.say("halo")
        await desk.expect("Halo Made Lestari")
        booking = (await world.api.get(f"/bookings/{first}")).json()
        start, end = (datetime.fromisoformat(booking[edge]) for edge in ("start", "end"))

        # weeks before nobody is on the card, and a button of a former day says from when
        await desk.say("tamu hari ini")
        await desk.expect("Tidak ada tamu")

        # on the day: asked once by a template, and the front desk has a card
        await go_to(world, start + timedelta(minutes=31))
        await guest.expect("Have you arrived?", kind="template")
        await desk.say("tamu hari ini")
        card = await desk.expect("Datang:", kind="list")
        assert "Emma" in card.text
        assert "6281200000096" not in card.text
        await stranger.say("halo")
        await stranger.expect("Halo Wayan Suarta")
        await world.told("POST", f"/customers/{stranger.customer['id']}/say", {"text": "tamu hari ini"})
        await stranger.expect("Tidak ada tamu")
        # the same button from another partner, and from the guest: nothing moves
        book, before = world.process.parts.partner_worker.relay.partners, (await p.booking(world, first)).state
        assert book is not None
        now = await world.process.parts.clock.business_now()
        for number in ("+6281200000101", "+6281200000096"):
            foreign = await book.perform(EffectId(f"x{number}"), StepGuest(number, first, DeskStep.ARRIVED), now)
            assert isinstance(foreign, GuestStepped)
            assert (foreign.refusal, foreign.guest) == (NOT_THEIRS, None)
        await world.quiet()
        assert (await p.booking(world, first)).state is before
        await guest.say("how do I get there?")
        await world.quiet()
        await desk.tap("Sampai: Emma", card.id)
        await desk.expect("Emma sudah check-in di Villa Kamboja")
        await guest.expect("Welcome to Villa Kamboja")
        assert (await p.booking(world, first)).state is State.CHECKED_IN
        await desk.tap("Sampai: Emma", card.id)
        await desk.expect("Emma sudah check-in di Villa Kamboja")

        # the guest leaves and says so with the button; what it was is told
        await go_to(world, end - timedelta(hours=2))
        await guest.expect("Check-out at Villa Kamboja", kind="template")
        await guest.tap("We have left")
        told = await guest.expect("Thank you for staying at Villa Kamboja")
        assert "3 nights" in told.text
        assert "Paid: IDR" in told.text
        await p.is_in(world, first, State.CHECKED_OUT)
        await desk.say("tamu hari ini")
        await desk.expect("Tidak ada tamu")
        await p.agrees(world)


async def test_a_villa_stay_through_the_phones_of_guest_cleaners_and_front_desk(
    mongodb_uri: str, tmp_path: Path
) -> None:
    path = by_task(tmp_path)
    path.write_text(with_tasks(path.read_text("utf-8"), FOUR), "utf-8")
    async with opened(mongodb_uri, ours={"business_file": path}) as world:
        await approved(world)
        parts, _zone = world.process.parts, world.process.business.zone
        guest = await world.phone("Emma", wa_id="6281200000098")
        await guest.say("Hello")
        await world.quiet()
        await world.told("POST", "/xendit/topup", {"amount": 9_000_000})
        now = await in_the_evening(world)
        reference = await paid_stay(world, guest, a_tuesday(now.date() + timedelta(days=20)))
        tasks = await tasks_of(world, reference)
        assert set(tasks) == STAY_TASKS
        booking = (await world.api.get(f"/bookings/{reference}")).json()
        start, end = (datetime.fromisoformat(booking[edge]) for edge in ("start", "end"))

        # one cleaner declines, the next takes it
        await go_to(world, (now + timedelta(days=1)).replace(hour=10))
        phones = {}
        for who, number, name in (("ketut", "6281200000301", "Ketut Suarni"), ("iluh", "6281200000302", "Iluh Ratna")):
            phones[who] = await world.phone(name, wa_id=number)
            await phones[who].say("halo")
            await phones[who].expect(name)
        await parts.offers.sweep(await parts.clock.business_now())
        cleaning = tasks["pre-arrival-cleaning"]["id"]
        (asked,) = (await world.api.get(f"/tasks/{cleaning}")).json()["offers"]
        first = phones.pop(asked["who"]["id"])
        (second,) = phones.values()
        await first.expect("mau diambil", kind="buttons")
        await first.tap("Tidak dulu")
        await first.expect("Kami tanya yang lain")
        await second.expect("mau diambil", kind="buttons")
        await second.tap("Saya ambil")
        card = await second.expect("Ada pekerjaan buat kakak", kind="list")

        # done with a picture, on the day before
        await go_to(world, start - timedelta(days=1, hours=2))
        await second.say("pekerjaan saya")
        await world.quiet()
        await second.tap("Selesai", card.id)
        await second.expect("Tolong kirim foto")
        await second.do("file")
        await second.expect("sudah selesai")
        shown = (await world.api.get(f"/tasks/{cleaning}")).json()
        assert (shown["state"], bool(shown["photo"])) == ("done", True)

        # the front desk checks in, the guest checks out in their own words
        desk = await world.phone("Made Lestari", wa_id="6281200000105")
        await desk.say("halo")
        await desk.expect("Halo Made Lestari")
        await go_to(world, start + timedelta(minutes=5))
        await guest.say("thank you")
        await desk.say("tamu hari ini")
        card = await desk.expect("Datang:", kind="list")
        await world.quiet()
        await desk.tap("Sampai: Emma", card.id)
        await guest.expect("Welcome to Villa Kamboja")
        await step(world, tasks["check-in-meeting"]["id"], "done", who="dewi")
        await go_to(world, end - timedelta(hours=1))
        await guest.say("we have checked out")
        await guest.expect("Thank you for staying at Villa Kamboja")
        await p.is_in(world, reference, State.CHECKED_OUT)

        # the last of four is its end, and the owner is paid
        await step(world, tasks["check-out-meeting"]["id"], "done", who="dewi")
        await step(world, tasks["post-departure-cleaning"]["id"], "done", who="iluh")
        await p.is_in(world, reference, State.COMPLETED)
        await p.days_go_by(world, 3)
        (books,) = (await p.books(world, reference)).books
        assert books.paid_out > 0
        assert (await world.api.get("/tasks/statistics")).json()["by_state"] == {"done": 4}
        await p.agrees(world)


async def test_a_stay_has_its_four_tasks_moves_with_them_and_ends_with_the_last(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": by_task(tmp_path)}) as world:
        phone = await world.phone("Emma", wa_id="6281200000095")
        await phone.say("Hello")
        await world.quiet()
        await world.told("POST", "/xendit/topup", {"amount": 9_000_000})
        today = (await world.process.parts.clock.business_now()).date()
        reference = await paid_stay(world, phone, a_tuesday(today + timedelta(days=20)))
        cancelled = await paid_stay(world, phone, a_tuesday(today + timedelta(days=40)))

        # four for a stay; moved by a day, the same four at their new time
        first = await tasks_of(world, reference)
        assert set(first) == STAY_TASKS
        saga = (await world.api.get(f"/bookings/{reference}")).json()["saga"]
        assert (saga["name"], saga["status"], saga["total_steps"]) == ("confirmReservation", "completed", 8)
        assert {one["id"] for one in saga["open"] if one["kind"] == "task"} == {one["id"] for one in first.values()}
        meeting = first["check-in-meeting"]["id"]
        assert (await step(world, meeting, "take", who="dewi"))["who"]["phone"] == "+6281200000303"
        moved_to = a_day_later((await world.api.get(f"/bookings/{reference}")).json())
        await asks(world, reference, "reschedule", cause="customer", reason="flight", slot_id=moved_to["slot_id"])

        async def moved() -> dict[str, Json] | None:
            found = await tasks_of(world, reference)
            return found if found["check-in-meeting"]["state"] == "changed" else None

        tasks: dict[str, Json] = await until(moved, what="the tasks of the new time")
        assert {one["id"] for one in tasks.values()} == {one["id"] for one in first.values()}
        for name, one in tasks.items():
            was = datetime.fromisoformat(first[name]["due"])
            assert datetime.fromisoformat(one["due"]) == was + timedelta(days=1)
        assert datetime.fromisoformat(tasks["check-in-meeting"]["due"]) == datetime.fromisoformat(moved_to["start"])
        await step(world, meeting, "take", who="dewi")

        # called off: withdrawn, and nothing more is done for it
        await asks(world, cancelled, "cancel", cause="customer", reason="flight")

        async def gone() -> dict[str, Json] | None:
            found = await tasks_of(world, cancelled)
            return found if {one["state"] for one in found.values()} == {"withdrawn"} else None

        withdrawn: dict[str, Json] = await until(gone, what="the withdrawn tasks")
        assert set(withdrawn) == STAY_TASKS
        refused = await step(world, withdrawn["check-in-meeting"]["id"], "take", 409, who="dewi")
        assert refused["type"] == f"{KIND}task-withdrawn"
        late = await world.api.post("/tasks", json={"title": "x", "due": moved_to["start"], "booking": cancelled})
        assert (late.status_code, late.json()["type"]) == (409, f"{KIND}booking-ended")

        # nobody has begun to clean: a person is called, until somebody has it
        cleaning = tasks["pre-arrival-cleaning"]
        await go_to(world, datetime.fromisoformat(cleaning["begin"]))

        async def called() -> bool:
            return ("task_late", cleaning["id"]) in await alarms(world)

        await until(called, what="the alarm")
        assert {one["id"] for one in cleaning["candidates"]} <= {"ketut", "iluh"}
        await step(world, cleaning["id"], "take", who="ketut")
        refused = await step(world, cleaning["id"], "done", 409, who="iluh")
        assert refused["type"] == f"{KIND}task-taken"
        await step(world, cleaning["id"], "done")

        async def calm() -> bool:
            return not any(reason.startswith("task_") for reason, _ in await alarms(world))

        await until(calm, what="no alarm")

        # the stay itself
        denied = await asks(world, reference, "check-out", 409)
        assert denied["reasons"][0]["rule"] == "transition"
        await go_to(world, datetime.fromisoformat(moved_to["start"]) + timedelta(minutes=5))
        await phone.say("thank you")
        await world.quiet()
        kinds = {one["type"] for one in (await world.api.get(f"/bookings/{reference}/actions")).json()["items"]}
        assert {"check_in", "mark_absent"} <= kinds
        assert (await asks(world, reference, "check-in"))["state"] == "CHECKED_IN"
        await phone.expect("Welcome to Villa Kamboja")
        await step(world, meeting, "done")
        await go_to(world, datetime.fromisoformat(moved_to["end"]) - timedelta(hours=1))
        await phone.say("goodbye")
        await world.quiet()
        assert (await asks(world, reference, "check-out"))["state"] == "CHECKED_OUT"
        await phone.expect("Thank you for staying at Villa Kamboja")
        await step(world, tasks["check-out-meeting"]["id"], "done", who="dewi")
        await p.days_go_by(world, 1)
        (books,) = (await p.books(world, reference)).books
        assert books.paid_out == 0
        assert (await p.booking(world, reference)).state is State.CHECKED_OUT

        # the last task is its end, and who has delivered is paid
        last = tasks["post-departure-cleaning"]["id"]
        assert (await step(world, last, "done", who="iluh"))["done_by"] == "iluh"
        assert (await step(world, last, "done", 409, who="iluh"))["type"] == f"{KIND}task-done"
        await p.is_in(world, reference, State.COMPLETED)
        await p.days_go_by(world, 3)
        (books,) = (await p.books(world, reference)).books
        assert books.paid_out > 0
        counts = (await world.api.get("/tasks/statistics")).json()
        assert (counts["by_state"], counts["nobodys"]) == ({"done": 4, "withdrawn": 4}, 0)
        assert counts["by_person"] == {"dewi": 2, "iluh": 1, "ketut": 1}
        await p.agrees(world)
