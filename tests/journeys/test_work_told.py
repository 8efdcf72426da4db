"""Work that is the provider's own, and work whose end is told: by the business file, through all phones."""

from pathlib import Path
from typing import Any, Final

import pytest

from simulator.customer import Phone
from tests.bot.business.makers import with_changes
from tests.journeys import payments as p
from tests.journeys.test_dispatch import WISHES, a_day, both
from tests.journeys.test_offers import partner
from tests.journeys.test_stays import asks, step, tasks_of
from tests.journeys.world import World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(280)]

Json = dict[str, Any]
TASKS: Final = """
tasks:
  - id: prepare-oils
    for: [balinese-massage]
    role: provider
    due: { before: start, hours: 2 }
    title: { en: Prepare the oils, id: Siapkan minyak pijat, vi: Chuẩn bị tinh dầu }
    minutes: 15
    tell: [guest, place, host]
"""


async def booked(world: World, guest: Phone) -> str:
    day = await a_day(world)
    await guest.say(WISHES["en"].format(day=day.strftime("%-d %B")))
    await guest.expect("Please confirm")
    await guest.tap("Yes, book it")
    reference = p.reference_in(await guest.expect("Please pay by", kind="cta_url"))
    await p.pay(world, f"{reference}.1")
    await guest.expect("Paid and confirmed")
    return reference


async def test_work_of_the_provider_goes_with_the_booking_and_its_end_is_told_once(
    mongodb_uri: str, tmp_path: Path
) -> None:
    path = tmp_path / "told.yaml"
    path.write_text(with_changes(('daily: ["07:00-22:00"]', 'daily: ["00:00-24:00"]')) + TASKS, "utf-8")
    async with opened(mongodb_uri, ours={"business_file": path}) as world:
        phones, guest = await both(world), await world.phone("Emma", wa_id="6281200000295")
        dewi = await partner(world, "6281200000303", "Dewi Lestari")
        place = world.process.business.place("villa-senja")
        assert place is not None
        manager = await partner(world, place.contact.phone.removeprefix("+"), place.contact.name)
        reference = await booked(world, guest)
        slot = (await p.booking(world, reference)).chosen
        assert slot is not None
        first = slot.provider or ""
        other = {"ayu": "komang", "komang": "ayu"}[first]
        tasks = await tasks_of(world, reference)
        assert {name: one["who"]["id"] for name, one in tasks.items()} == {"service": first, "prepare-oils": first}
        await phones[first].expect("Siapkan minyak pijat", kind="list")

        # another gives it: their work goes with it
        moved_to = slot.slot_id.replace(f"|{first}|", f"|{other}|")
        await asks(world, reference, "reschedule", cause="customer", reason="wish", slot_id=moved_to)

        async def theirs() -> dict[str, Json] | None:
            found = await tasks_of(world, reference)
            return found if {one["who"]["id"] for one in found.values()} == {other} else None

        await until(theirs, what="the work of the other")
        await phones[other].expect("Siapkan minyak pijat", kind="list")
        await phones[first].expect("tidak jadi buat kakak")
        await phones[other].say("pekerjaan saya")
        assert "Siapkan minyak pijat" in (await phones[other].expect("Pekerjaan kakak:", kind="list")).text

        name = f"{reference}:prepare-oils:1"
        assert (await step(world, name, "assign", 409, who="ketut"))["type"].endswith("task-of-provider")
        await step(world, name, "done", who=other)
        heard = {guest: "Done for your", manager: "Sudah selesai oleh", dewi: "Done by"}
        for phone, words in heard.items():
            await phone.expect(words)
        done = await world.process.parts.tasks.find(name)
        assert done is not None
        await world.process.parts.task_desk.tell(done, await world.process.parts.clock.business_now())
        await world.quiet()
        for phone, words in heard.items():
            assert len([one for one in await phone.bubbles() if one.says(words)]) == 1

        await asks(world, reference, "cancel", cause="customer", reason="flight")
        shown = await tasks_of(world, reference)
        assert shown["prepare-oils"]["state"] == "done"
