"""Those who deliver live in the same WhatsApp: known by their number, never customers by accident, and both at will."""

from datetime import timedelta
from typing import Any

import pytest

from tests.faults.envelopes import text_message
from tests.journeys.world import World, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(200)]

Json = dict[str, Any]
KETUT = "6281200000301"
"""A cleaner of the sample."""


async def alarms(world: World) -> list[tuple[str, str]]:
    items: list[Json] = (await world.api.get("/alarms")).json()["items"]
    return [(item["reason"], item["subject"]) for item in items]


async def test_a_cleaner_is_known_sees_their_work_and_books_for_themselves(world: World) -> None:
    ketut = await world.phone("Ketut", wa_id=KETUT)
    await ketut.say("halo")
    greeting = await ketut.expect("Halo Ketut Suarni")
    assert "Pesan buat sendiri" in greeting.choices
    await ketut.tap("Boleh")
    await ketut.expect("Mulai sekarang")
    await world.quiet()
    assert await world.leads() == []

    due = await world.process.parts.clock.business_now() + timedelta(days=1)
    body = {"title": "Fix the tap", "due": due.isoformat(), "place": "villa-padi", "who": "ketut"}
    assert (await world.api.post("/tasks", json=body)).status_code == 201
    await ketut.say("pekerjaan saya")
    shown = await ketut.expect("Pekerjaan kakak")
    assert "Fix the tap · Villa Padi" in shown.text

    # as a customer by their own wish alone, and back by their own word
    await ketut.tap("Pesan buat sendiri", greeting.id)
    lead = await world.lead_of(ketut)
    await world.quiet()
    await ketut.say("pijat Bali 60 menit")
    await ketut.expect("pijat")
    await world.quiet()
    assert "pijat" in "\n".join(one.text for one in await world.transcript(lead["id"]))
    await ketut.say("Pekerjaan saya")
    await ketut.expect("Pekerjaan kakak")
    await ketut.say("terima kasih")
    await ketut.expect("ini soal pekerjaan kakak")
    assert len(await world.leads()) == 1


async def test_a_partners_number_under_another_user_id_is_a_stranger_and_a_person_looks(world: World) -> None:
    ketut = await world.phone("Ketut", wa_id=KETUT)
    await ketut.say("halo")
    await ketut.expect("Halo Ketut Suarni")
    await world.quiet()
    other = await world.phone("Budi", wa_id=KETUT, recycled=True)
    await other.say("hello")
    greeting = await other.expect("Hello Budi")
    assert "Ketut" not in greeting.text

    async def told() -> bool:
        return ("partner_number", "ketut") in await alarms(world)

    await until(told, what="the alarm")
    assert len(await world.leads()) == 1


async def test_who_hides_their_number_is_known_by_the_user_id_seen_with_it(world: World) -> None:
    ketut = await world.phone("Ketut", wa_id=KETUT)
    await ketut.say("halo")
    await ketut.expect("Halo Ketut Suarni")
    now = await world.process.parts.leads.server_now()
    number, user_id = world.settings.whatsapp_phone_number_id, ketut.customer["user_id"]
    await world.raw(
        text_message(str(number), "wamid.hidden", "apa kabar", user_id=user_id, timestamp=int(now.timestamp()))
    )
    await ketut.expect("ini soal pekerjaan kakak")
    await world.quiet()
    assert await world.leads() == []
