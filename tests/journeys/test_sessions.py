"""A yoga class that two customers book: its work is done once, stays while anybody comes, and goes with the last."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.states import State
from tests.bot.business.makers import SAMPLE
from tests.bot.lifecycle.test_sessions import TASKS
from tests.journeys import payments as p
from tests.journeys.test_stays import asks, step
from tests.journeys.test_task_system import carried, outside
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]


async def classes(world: World) -> list[Json]:
    """The classes of the weeks after next, which nobody can be late for."""
    today = (await world.process.parts.clock.business_now()).date()
    days = {"from": (today + timedelta(days=10)).isoformat(), "to": (today + timedelta(days=30)).isoformat()}
    answer = await world.api.get("/services/sunrise-yoga/slots", params={**days, "guests": "1"})
    items: list[Json] = answer.json()["items"]
    return items


async def books(world: World, wa_id: str, slot: Json) -> str:
    phone = await world.phone("Guest", wa_id=wa_id)
    await phone.say("Hello")
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    body = {"lead_id": lead, "service": "sunrise-yoga", "slot_id": slot["slot_id"], "guests": 1}
    made = await world.api.post("/bookings", json=body)
    assert made.status_code in {201, 202}, made.text
    reference: str = made.json()["reference"]

    async def asked() -> bool:
        return bool(await p.links(world, f"{reference}.1"))

    await until(asked, what="the link")
    await p.pay(world, f"{reference}.1", channel="OVO")
    await p.is_in(world, reference, State.CONFIRMED)
    await world.quiet()
    return reference


async def looked(world: World) -> dict[str, str]:
    """The tasks of sessions after three processes looked at once: their names and states."""
    parts = world.process.parts
    now = await parts.clock.business_now()
    await asyncio.gather(*(parts.task_desk.ensure_sessions(now) for _ in range(3)))
    rows = await world.process.database["tasks"].find({}).to_list(None)
    await parts.task_desk.sweep(now)
    return {row["_id"]: row["state"] for row in rows}


async def shown(world: World, reference: str) -> set[str]:
    tasks = (await world.api.get(f"/bookings/{reference}")).json()["tasks"]
    return {one["id"] for one in tasks}


async def cancelled(world: World, reference: str) -> None:
    await asks(world, reference, "cancel", cause="customer", reason="ill")
    await p.is_in(world, reference, State.CANCELLED)
    await world.quiet()


def so_far(card: str) -> int:
    """What a card says is its reader's, in whole rupiah."""
    (line,) = [line for line in card.splitlines() if line.startswith("Bagian kakak sejauh ini: ")]
    return int("".join(filter(str.isdigit, line)))


async def test_the_work_of_a_class_is_done_once_for_all_who_booked_it(mongodb_uri: str, tmp_path: Path) -> None:
    path = tmp_path / "classes.yaml"
    path.write_text(SAMPLE + TASKS, "utf-8")
    async with opened(mongodb_uri, ours={"business_file": path}, has_task_system=True) as world:
        first, second = (await classes(world))[:2]
        here = first["slot_id"]
        assert await looked(world) == {}
        sari = await world.phone("Sari Dewi", wa_id="6281200000206")
        await sari.say("halo")
        await sari.expect("Sari")
        emma = await books(world, "6281200000098", first)
        made = {f"{here}:mats:1": "open", f"{here}:water:1": "waiting", f"{here}:service:1": "taken"}
        assert await looked(world) == made
        # whoever gives the class hears of it with its first booking, and of more people, but of nobody's name
        card = await sari.expect("Ada pekerjaan buat kakak", kind="list")
        assert "Jumlah orang: 1" in card.text
        one_guest = so_far(card.text)
        assert "Guest" not in card.text
        assert "Tamu tidak ada" not in card.choices
        putu = await books(world, "6281200000099", first)
        assert await looked(world) == made
        card = await sari.expect("Ada perubahan di pekerjaan kakak", kind="list")
        assert "Jumlah orang: 2" in card.text
        # their own share of all who come, as "my money" tells it
        assert so_far(card.text) == 2 * one_guest > 0
        own = await p.money_of(world).store.payables.every({"payee": "provider:sari"})
        assert sum(one.share.amount for one in own) == so_far(card.text)
        await sari.say("pekerjaan saya")
        await sari.expect("Pekerjaan kakak")
        assert await shown(world, emma) == await shown(world, putu) == set(made)
        # the outside task system hears of it as one workflow of a group event
        await carried(world)
        told = (await outside(world))["workflows"][here]["payload"]
        assert (told["template_id"], told["booking_id"]) == ("WF-TEMPLATE-GROUP-EVENT", None)
        assert told["service_information"]["service_id"] == "sunrise-yoga"

        # one of two goes, and the work stays
        await cancelled(world, emma)
        assert await looked(world) == made
        card = await sari.expect("Jumlah orang: 1")
        assert so_far(card.text) == one_guest
        assert (await step(world, f"{here}:mats:1", "take", who="dewi"))["session"] == here

        # the last one moves to another class: the work goes along
        moved_to = second["slot_id"]
        await asks(world, putu, "reschedule", cause="customer", reason="flight", slot_id=moved_to)

        async def moved() -> bool:
            return bool((await world.api.get(f"/bookings/{putu}")).json()["slot_id"] == moved_to)

        await until(moved, what="the other class")
        await world.quiet()
        gone = dict.fromkeys(made, "withdrawn")
        # all who still come went to one class: whose it was here it is there, when they take it once more
        there = {
            f"{moved_to}:mats:1": "changed",
            f"{moved_to}:water:1": "waiting",
            f"{moved_to}:service:1": "taken",
        }
        assert await looked(world) == gone | there
        assert await shown(world, putu) == set(there)
        await step(world, f"{moved_to}:mats:1", "done", who="dewi")
        assert await looked(world) == gone | there | {
            f"{moved_to}:mats:1": "done",
            f"{moved_to}:water:1": "open",
        }

        await cancelled(world, putu)
        assert (await looked(world))[f"{moved_to}:water:1"] == "withdrawn"
        await sari.expect("tidak jadi buat kakak")
        # one class moved away and one was called off: told of each once
        told = [bubble.text for bubble in await sari.bubbles()]
        assert sum("Ada pekerjaan buat kakak" in text for text in told) == 1
        assert sum("tidak jadi buat kakak" in text for text in told) == 1
