"""A stay that is called off while its guest is in the house: what is left to do stays, everybody else hears so."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.states import State
from tests.bot.business.makers import with_changes
from tests.journeys import payments as p
from tests.journeys.test_jobs import alarms
from tests.journeys.test_offers import ILUH, partner
from tests.journeys.test_outside_the_window import approved
from tests.journeys.test_partners import KETUT
from tests.journeys.test_stays import asks, go_to, paid_stay, step, tasks_of
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

DEWI = "6281200000303"


def heated(tmp_path: Path) -> Path:
    """The sample with a heated pool in that villa."""
    villa, path = "  - id: villa-kamboja\n", tmp_path / "heated.yaml"
    amenities = "    amenities: { what: { en: pool heating }, role: host }\n"
    path.write_text(with_changes((villa, f"{villa}{amenities}")), "utf-8")
    return path


async def states(world: World, reference: str) -> dict[str, str]:
    return {name: one["state"] for name, one in (await tasks_of(world, reference)).items()}


async def test_cleaning_and_turning_off_remain_all_else_is_withdrawn_and_everybody_is_told(
    mongodb_uri: str, tmp_path: Path
) -> None:
    async with opened(mongodb_uri, ours={"business_file": heated(tmp_path)}) as world:
        await approved(world)
        guest = await world.phone("Emma", wa_id="6281200000321")
        await guest.say("Hello")
        await world.quiet()
        await world.told("POST", "/xendit/topup", {"amount": 9_000_000})
        parts = world.process.parts
        today = (await parts.clock.business_now()).date()
        reference = await paid_stay(world, guest, today + timedelta(days=5))
        booking = (await world.api.get(f"/bookings/{reference}")).json()
        start, end = (datetime.fromisoformat(booking[edge]) for edge in ("start", "end"))
        tasks = await tasks_of(world, reference)
        await go_to(world, start + timedelta(minutes=5))
        ketut, iluh = await partner(world, KETUT, "Ketut Suarni"), await partner(world, ILUH, "Iluh Ratna")
        dewi = await partner(world, DEWI, "Dewi Lestari")
        await guest.say("thank you")
        await step(world, tasks["pre-arrival-cleaning"]["id"], "done", who="ketut")
        for name, who in (
            ("check-in-meeting", "dewi"),
            ("check-out-meeting", "dewi"),
            ("post-departure-cleaning", "iluh"),
        ):
            await step(world, tasks[name]["id"], "take", who=who)
        assert (await asks(world, reference, "check-in"))["state"] == "CHECKED_IN"

        async def is_on() -> bool:
            return "amenities-on" in await tasks_of(world, reference)

        await until(is_on, what="the task to turn it on")
        on = (await tasks_of(world, reference))["amenities-on"]
        await step(world, on["id"], "take", who="dewi")
        await iluh.expect("Ada pekerjaan buat kakak", kind="list")
        await world.quiet()
        heard = len(await ketut.bubbles())

        await asks(world, reference, "cancel", cause="business", reason="the roof leaks")
        await p.is_in(world, reference, State.CANCELLED)
        await guest.wait_for(lambda one: "sorry" in one.text and "cancel" in one.text)
        await iluh.expect("Ada perubahan di pekerjaan kakak", kind="list")

        async def is_settled() -> bool:
            return await states(world, reference) == {
                "pre-arrival-cleaning": "done",
                "check-in-meeting": "withdrawn",
                "check-out-meeting": "withdrawn",
                "amenities-on": "withdrawn",
                "amenities-off": "open",
                "post-departure-cleaning": "changed",
            }

        await until(is_settled, what="what is left to do")
        await world.quiet()
        # each of the three, once
        assert len(await p.texts(dewi, "no longer yours")) == 3
        assert len(await ketut.bubbles()) == heard, "who has done theirs has nothing to hear"
        left = (await tasks_of(world, reference))["post-departure-cleaning"]
        now = await parts.clock.business_now()
        assert (left["who"]["id"], datetime.fromisoformat(left["due"]) <= now + timedelta(hours=2)) == ("iluh", True)
        assert datetime.fromisoformat(left["due"]) < end

        # by whoever had it, under its new time
        await step(world, left["id"], "take", who="iluh")
        await step(world, left["id"], "done", who="iluh")
        await step(world, (await tasks_of(world, reference))["amenities-off"]["id"], "done", who="dewi")
        assert set((await states(world, reference)).values()) == {"done", "withdrawn"}

        async def calm() -> bool:
            return not any(reason.startswith("task_") for reason, _ in await alarms(world))

        await until(calm, what="no alarm of work")
        await p.agrees(world)
