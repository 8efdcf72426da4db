"""First words through the real doors: a simulated phone, HTTP, a real `mongod`, and back."""

from datetime import timedelta

import pytest

from bot.store.clock import BusinessClock
from tests.journeys.world import PATIENT, World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(90)]


@pytest.mark.parametrize(
    ("greeting", "answer"),
    [("Hello", "Hello Sari"), ("Halo, selamat pagi", "Halo Sari"), ("Xin chào bạn", "Chào bạn Sari")],
)
async def test_a_greeting_is_answered_in_the_customers_language(world: World, greeting: str, answer: str) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say(greeting)
    bubble = await phone.expect(answer)
    assert bubble.kind == "buttons"
    assert len(bubble.choices) == 3


async def test_what_can_be_done_here_is_told_by_word_and_by_tap(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari")
    await phone.tap("What can I do here?")
    await phone.expect("write STOP and we stay silent")
    await phone.say("what can I do here?")
    await phone.expect("write STOP and we stay silent")


async def test_a_language_is_chosen_by_tap_and_by_word_and_stays(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari")
    await phone.tap("Language")
    await phone.expect("Which language")
    await phone.tap("Tiếng Việt")
    await phone.expect("từ giờ mình nhắn bằng tiếng Việt")
    await phone.say("hello")
    await phone.expect("Chào bạn Sari")
    await phone.say("Bahasa Indonesia")
    await phone.expect("mulai sekarang pakai Bahasa Indonesia")
    assert (await world.lead_of(phone))["language"] == "id"


async def test_who_asks_for_a_person_gets_one_and_the_bot_is_silent(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("I want to talk to a person")
    await phone.expect("called a person")
    lead = await world.lead_of(phone)
    assert (lead["mode"], lead["waits_for_person"], lead["owner"]) == ("agent", True, None)
    unassigned = (await world.api.get("/conversations", params={"tab": "unassigned"})).json()["items"]
    assert [one["id"] for one in unassigned] == [lead["id"]]
    await phone.say("hello?")
    await world.quiet()
    assert [bubble.text for bubble in await phone.bubbles() if "called a person" not in bubble.text] == []
    drafts = (await world.api.get(f"/conversations/{lead['id']}/messages")).json()["drafts"]
    assert drafts


async def test_an_agent_takes_over_writes_and_gives_back(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari")
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    taken = (await world.api.post(f"/conversations/{lead}/takeover")).json()
    assert taken == {"epoch": 1, "on_its_way": []}
    await phone.say("hello")
    sent = await world.api.post(f"/conversations/{lead}/messages", json={"text": "Wayan here, hello Sari."})
    assert sent.status_code == 202
    await phone.expect("Wayan here")
    await phone.say("what can I do here?")
    await world.quiet()
    assert not [one for one in await phone.bubbles() if one.says("write STOP")]
    assert (await world.api.post(f"/conversations/{lead}/release")).json()["epoch"] == 2
    await phone.expect("write STOP and we stay silent")
    authors = [line.author for line in await world.transcript(lead)]
    assert authors.count("agent") == 1


async def test_stop_is_obeyed_until_start(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("STOP")
    await phone.expect("will not write to you any more")
    await phone.say("hello")
    await phone.say("are you there?")
    await world.quiet()
    assert len(await phone.bubbles()) == 1
    await phone.say("START")
    await phone.expect("Welcome back")
    await phone.say("hello")
    # the sample's own words, not the product's
    await phone.expect("Hello again Sari! 🌴 What may we bring to your villa today?")


async def test_three_quick_bubbles_get_one_answer(mongodb_uri: str) -> None:
    async with opened(mongodb_uri, PATIENT) as world:
        phone = await world.phone(wa_id="6281200000001")
        for text in ("Hello", "good morning", "what can I do here?"):
            await phone.say(text)
        await world.quiet()
        assert len(await phone.bubbles()) == 1
        lead = (await world.lead_of(phone))["id"]
        said = [line.text for line in await world.transcript(lead) if line.author == "customer"]
    assert sorted(said) == ["Hello", "good morning", "what can I do here?"]


async def test_a_picture_is_passed_to_a_person(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.do("file", mime_type="image/png")
    await phone.expect("cannot look at pictures")
    lead = await world.lead_of(phone)
    assert lead["waits_for_person"]
    assert next(line.text for line in await world.transcript(lead["id"])) == "(image)"


async def test_a_customer_without_a_number_is_answered_by_user_id(world: World) -> None:
    phone = await world.phone()
    await phone.say("Hello")
    bubble = await phone.expect("Hello Sari")
    lead = await world.lead_of(phone)
    assert lead["wa_id"] is None
    assert lead["user_id"] == phone.customer["user_id"]
    assert bubble.raw["addressed_by"] in {"recipient", "user_id"}


async def test_a_new_number_is_the_same_customer(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari")
    lead = (await world.lead_of(phone))["id"]
    await phone.do("number", wa_id="6281200000009")
    await world.quiet()
    await phone.say("hello")
    await phone.expect("Hello again Sari")
    assert [(one["id"], one["wa_id"]) for one in await world.leads()] == [(lead, "6281200000009")]


def message(world: World, wamid: str, text: str, *, wa_id: str | None, user_id: str | None) -> dict[str, object]:
    """An envelope with one text of a sender known by one address or both."""
    sent: dict[str, object] = {"id": wamid, "timestamp": "1795000000", "type": "text", "text": {"body": text}}
    contact: dict[str, object] = {"profile": {"name": "Dewi"}}
    if wa_id:
        sent["from"] = contact["wa_id"] = wa_id
    if user_id:
        sent["from_user_id"] = contact["user_id"] = user_id
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "628110000001", "phone_number_id": world.simulator.phone_number_id},
        "contacts": [contact],
        "messages": [sent],
    }
    change = {"field": "messages", "value": value}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


async def test_a_hidden_number_and_a_known_one_become_one_customer_with_one_transcript(world: World) -> None:
    number, user = "6281200000007", "ID.13491208655302741918"
    for at, (wa_id, user_id) in enumerate([(None, user), (number, None)]):
        sent = await world.raw(message(world, f"wamid.first{at}", f"hello {at}", wa_id=wa_id, user_id=user_id))
        assert sent["status"] == 200

    async def two_answered() -> bool:
        return bool(await world.process.database["messages"].count_documents({"author": "bot"}) == 2)

    await until(two_answered, what="both answered")
    await world.quiet()
    assert len(await world.leads()) == 2
    await world.raw(message(world, "wamid.both", "what can I do here?", wa_id=number, user_id=user))

    async def one_lead() -> bool:
        return len(await world.leads()) == 1

    await until(one_lead, what="one lead")
    await world.quiet()
    (lead,) = await world.leads()
    assert (lead["wa_id"], lead["user_id"]) == (number, user)
    lines = await world.transcript(lead["id"])
    assert sorted(line.text for line in lines if line.author == "customer") == [
        "hello 0",
        "hello 1",
        "what can I do here?",
    ]
    assert len([line for line in lines if line.author == "bot"]) == 3
    assert await world.process.database["messages"].count_documents({"lead": {"$ne": lead["id"]}}) == 0


async def test_outside_the_window_nothing_is_sent_and_a_person_sees_it(world: World) -> None:
    phone = await world.phone(wa_id="6281200000001")
    await phone.say("Hello")
    await phone.expect("Hello Sari")
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    await world.api.post(f"/conversations/{lead}/takeover")
    await phone.say("hello")
    await world.quiet()
    clock = world.process.parts.clock
    assert isinstance(clock, BusinessClock)  # the very clock of the doors: another one is heard half a second later
    await clock.move(timedelta(hours=25), live_key=False)
    await world.told("POST", "/clock", {"move": 25 * 3600})
    refused = await world.api.post(f"/conversations/{lead}/messages", json={"text": "Are you still there?"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:janji:problem:window-closed")
    await world.api.post(f"/conversations/{lead}/release")
    await world.quiet()
    assert len(await phone.bubbles()) == 1
    assert (await world.lead_of(phone))["waits_for_person"]
    assert [line.tick for line in await world.transcript(lead) if line.author == "bot"][-1] == "failed"
