"""Those who deliver live in the same WhatsApp: known by their number, never customers by accident, and both at will."""

from datetime import timedelta
from typing import Any

import pytest

from tests.faults.envelopes import text_message
from tests.journeys.world import World, until
from tests.webhooks.api.bookings.test_changes import problem

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
    shown = await ketut.expect("Pekerjaan kakak", kind="list")
    assert "Fix the tap · Villa Padi" in shown.text
    await ketut.tap(shown.choices[0], shown.id)
    await ketut.expect("Jl. Raya Sayan", kind="list")

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


async def test_a_number_that_the_business_confirms_is_its_partners_whoever_has_it_now(world: World) -> None:
    ketut = await world.phone("Ketut", wa_id=KETUT)
    await ketut.say("halo")
    await ketut.expect("Halo Ketut Suarni")
    await world.quiet()
    again = await world.phone("Ketut", wa_id=KETUT, recycled=True)
    await again.say("hello")
    await again.expect("Hello Ketut")

    async def told() -> bool:
        return ("partner_number", "ketut") in await alarms(world)

    await until(told, what="the alarm")
    await world.quiet()
    items: list[Json] = (await world.api.get("/alarms")).json()["items"]
    (thread,) = [item["lead_id"] for item in items if item["reason"] == "partner_number"]
    confirm = f"/conversations/{thread}/confirm-number"
    confirmed = await world.api.post(confirm)
    assert (confirmed.status_code, confirmed.json()) == (200, {"id": thread, "phone": f"+{KETUT}"})
    assert await alarms(world) == []
    assert problem(await world.api.post(confirm)) == (409, "number-not-doubted")
    (lead,) = await world.leads()
    for nobody in (lead["id"], "partner-nobody"):
        assert problem(await world.api.post(f"/conversations/{nobody}/confirm-number")) == (404, "no-such-partner")
    await again.say("pekerjaan saya")
    await again.expect("belum ada pekerjaan")
    await world.quiet()
    # theirs as of the first one: yet another is a stranger again
    third = await world.phone("Budi", wa_id=KETUT, recycled=True)
    await third.say("hello")
    await until(told, what="the alarm once more")


async def test_who_works_and_books_here_is_one_customer_and_one_partner_at_a_new_number(world: World) -> None:
    ketut = await world.phone("Ketut", wa_id=KETUT)
    await ketut.say("halo")
    greeting = await ketut.expect("Halo Ketut Suarni")
    await ketut.tap("Pesan buat sendiri", greeting.id)
    lead = await world.lead_of(ketut)
    await ketut.say("pijat Bali 60 menit")
    await ketut.expect("pijat")
    await world.quiet()
    await ketut.do("number", wa_id="6281200000399")

    async def told() -> bool:
        return ("partner_number", "ketut") in await alarms(world)

    await until(told, what="the alarm")
    await ketut.say("besok jam 10")
    await world.quiet()
    (only,) = await world.leads()
    assert only["id"] == lead["id"]
    assert "besok jam 10" in "\n".join(one.text for one in await world.transcript(lead["id"]))
    # known as who works here, too, until the file has the number
    await ketut.say("pekerjaan saya")
    await ketut.expect("belum ada pekerjaan")


async def test_another_user_id_at_the_same_number_is_the_same_partner_where_the_messenger_says_so(world: World) -> None:
    ketut = await world.phone("Ketut", wa_id=KETUT)
    await ketut.say("halo")
    await ketut.expect("Halo Ketut Suarni")
    await ketut.do("user-id")
    await ketut.say("pekerjaan saya")
    await ketut.expect("belum ada pekerjaan")
    await world.quiet()
    assert await world.leads() == []
    # the file has the right number
    assert await alarms(world) == []


async def test_staff_take_a_partners_thread_write_there_and_give_it_back_and_the_customers_is_its_own(
    world: World,
) -> None:
    ketut = await world.phone("Ketut", wa_id=KETUT)
    await ketut.say("halo")
    greeting = await ketut.expect("Halo Ketut Suarni")
    await world.quiet()
    (row,) = await world.process.database["partners"].find({"last_inbound_at": {"$type": "date"}}).to_list(None)
    thread = f"/conversations/{row['_id']}"
    refused = await world.api.post(f"{thread}/messages", json={"text": "Halo"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:janji:problem:not-taken-over")
    assert (await world.api.post(f"{thread}/takeover")).json()["epoch"] == 1
    await ketut.say("ada yang rusak di villa")
    sent = await world.api.post(f"{thread}/messages", json={"text": "Apa yang rusak?"})
    assert sent.status_code == 202, sent.text
    await ketut.expect("Apa yang rusak?")
    due = await world.process.parts.clock.business_now() + timedelta(days=1)
    body = {"title": "Fix the tap", "due": due.isoformat(), "place": "villa-padi", "who": "ketut"}
    assert (await world.api.post("/tasks", json=body)).status_code == 201
    await world.quiet()
    shown: Json = (await world.api.get(f"{thread}/messages")).json()
    assert sorted(line["author"] for line in shown["items"]) == ["agent", "bot", "customer", "customer"]
    assert ["Fix the tap" in draft["text"] for draft in shown["drafts"]] == [True]
    # as a customer they have the bot
    await ketut.tap("Pesan buat sendiri", greeting.id)
    await world.lead_of(ketut)
    await ketut.say("pijat Bali 60 menit")
    await ketut.expect("pijat")
    await world.quiet()
    assert (await world.api.post(f"{thread}/release")).json()["epoch"] == 2
    await ketut.expect("Fix the tap", kind="list")
    missing = await world.api.post("/conversations/partner-nobody/takeover")
    assert missing.status_code == 404


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


async def test_a_word_as_a_partner_opens_the_window_of_what_they_booked_for_themselves(world: World) -> None:
    cleaner = await world.phone("Ketut", wa_id="6281200000301")
    await cleaner.say("halo")
    await cleaner.expect("Halo Ketut Suarni")
    await cleaner.tap("Pesan buat sendiri")
    await world.quiet()
    lead = (await world.leads())[0]["id"]
    await world.told("POST", "/time", {"move": timedelta(hours=30).total_seconds()})
    before = (await world.stored(lead)).lead.last_inbound_at
    await cleaner.say("pekerjaan saya")
    await cleaner.expect("belum ada pekerjaan")
    await world.quiet()
    after = (await world.stored(lead)).lead.last_inbound_at
    assert before is not None
    assert after is not None
    assert after - before > timedelta(hours=29)
