"""WhatsApp as it is: staff in the app, recycled numbers, edits, groups, carts, cards, ads, news of the account."""

from typing import Any

import pytest

from bot.domain.ids import LeadId
from bot.store.messages import DeliveryStatus
from simulator.customer import Phone
from tests.journeys.world import PATIENT, World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

NUMBER = "6281200000041"


async def greeted(world: World, **more: Any) -> tuple[Phone, str]:
    """A customer who was greeted, with nothing left to do."""
    phone = await world.phone(**{"wa_id": NUMBER, **more})
    await phone.say("Hello")
    await phone.expect("Hello")
    await world.quiet()
    return phone, (await world.lead_of(phone))["id"]


async def said(world: World, lead: str) -> list[tuple[str, str]]:
    return [(line.author, line.text) for line in await world.transcript(lead)]


async def bubbles(phone: Phone) -> list[str]:
    return [bubble.text for bubble in await phone.bubbles()]


async def test_staff_who_write_in_the_app_take_over_like_the_console(world: World) -> None:
    phone, lead = await greeted(world)
    epoch = (await world.stored(lead)).lead.conversation.epoch
    await phone.do("echo", text="This is Wayan, I take it from here")
    await world.quiet()
    talk = (await world.stored(lead)).lead.conversation
    assert (talk.mode.value, talk.epoch, talk.agent) == ("agent", epoch + 1, "whatsapp-app")
    assert ("agent", "This is Wayan, I take it from here") in await said(world, lead)
    before = len(await phone.bubbles())
    await phone.say("What can I do here?")
    await world.quiet()
    assert len(await phone.bubbles()) == before
    answer = (await world.api.get(f"/conversations/{lead}/messages")).json()
    assert answer["drafts"]


async def test_a_recycled_number_is_another_person_who_hears_nothing_of_the_former_one(world: World) -> None:
    phone, lead = await greeted(world, name="Sari")
    await phone.say("I'd like to book the free planning call tomorrow afternoon")
    await phone.expect("Tap one")
    await world.quiet()
    new = await world.phone("Budi", wa_id=NUMBER, recycled=True)
    await new.say("hello")
    await new.expect("Budi")
    await world.quiet()
    other = (await world.lead_of(new))["id"]
    assert other != lead
    former, now = (await world.stored(lead)).lead, (await world.stored(other)).lead
    assert (former.address.wa_id, now.address.wa_id) == (None, NUMBER)
    assert former.bookings
    assert not now.bookings
    assert ("number_lost", "system") in [
        (entry.what, entry.by) for entry in await world.process.parts.audit.of(LeadId(lead))
    ]
    found = (await world.api.get("/leads", params={"phone": NUMBER})).json()["items"]
    assert [item["id"] for item in found] == [other]
    assert all("planning" not in text.lower() or "budi" in text.lower() for text in await bubbles(new))


async def test_new_words_replace_the_old_ones_inside_a_burst(mongodb_uri: str) -> None:
    async with opened(mongodb_uri, PATIENT) as world:
        phone, lead = await greeted(world)
        first = await phone.say("I'd like to book the free planning call tomorrow at 3 pm")
        await phone.do("edit", message_id=first, text="What are your opening hours?")
        await world.quiet()
        assert not (await world.stored(lead)).lead.bookings
        assert ("customer", "(edited) What are your opening hours?") in await said(world, lead)


async def test_words_that_are_edited_after_the_answer_are_a_correction(world: World) -> None:
    phone, _ = await greeted(world)
    first = await phone.say("What are your opening hours?")
    await world.quiet()
    before = len(await phone.bubbles())
    await phone.do("edit", message_id=first, text="I'd like to book the free planning call tomorrow afternoon")
    await phone.expect("Tap one")
    assert len(await phone.bubbles()) > before


async def test_what_was_taken_back_in_time_is_answered_by_nobody(mongodb_uri: str) -> None:
    async with opened(mongodb_uri, PATIENT) as world:
        phone, lead = await greeted(world)
        before = len(await phone.bubbles())
        first = await phone.say("I'd like to book the free planning call tomorrow")
        await phone.do("revoke", message_id=first)
        await world.quiet()
        assert len(await phone.bubbles()) == before
        assert ("customer", "(deleted by the customer)") in await said(world, lead)
        assert not (await world.stored(lead)).lead.bookings


async def test_a_group_message_makes_no_lead_and_is_answered_to_nobody(world: World) -> None:
    phone = await world.phone(wa_id=NUMBER)
    await phone.do("say", text="Hello all", group="120363-group")
    await world.quiet()
    assert await world.leads() == []
    assert await phone.bubbles() == ()
    assert [notice.kind for notice in await world.process.parts.notices.listed()] == ["group_message"]


async def test_a_cart_with_a_service_of_ours_begins_its_booking(world: World) -> None:
    phone, lead = await greeted(world)
    item = {"product_retailer_id": "balinese-massage", "quantity": 2, "item_price": 350_000, "currency": "IDR"}
    await phone.do("order", items=[item], catalog_id="c", text="")
    await world.quiet()
    (booking,) = (await world.stored(lead)).lead.bookings
    assert booking.service == "balinese-massage"
    assert ("customer", "(order) 2 × balinese-massage") in await said(world, lead)


async def test_a_cart_of_something_else_and_a_card_are_a_persons_with_their_content(world: World) -> None:
    phone, lead = await greeted(world)
    item = {"product_retailer_id": "sku-9981", "quantity": 1, "item_price": 1, "currency": "IDR"}
    await phone.do("order", items=[item], catalog_id="c", text="for tonight")
    await world.quiet()
    await phone.do("contact", people=[{"name": "Made Wirawan", "phone": "+62 812-0000-204"}])
    await world.quiet()
    assert (await world.lead_of(phone))["waits_for_person"]
    lines = [text for author, text in await said(world, lead) if author == "customer"]
    assert {"(order) 1 × sku-9981\nfor tonight", "(contact) Made Wirawan +62 812-0000-204"} <= set(lines)
    assert not any("cannot read" in text for text in await bubbles(phone))


async def test_who_opens_the_chat_is_greeted(world: World) -> None:
    phone = await world.phone(wa_id=NUMBER)
    await phone.do("welcome")
    await phone.expect("Hello Sari")


async def test_who_comes_through_an_ad_is_greeted_and_told_of_its_service(world: World) -> None:
    phone = await world.phone(wa_id=NUMBER)
    await phone.do("say", text="Can I get more info?", referral={"headline": "Sunrise yoga"})
    assert "yoga" in (await phone.expect("Hello Sari")).text.lower()
    await world.quiet()
    assert not (await world.lead_of(phone))["waits_for_person"]
    await phone.say("I'd like to book it for tomorrow")
    await world.quiet()
    (booking,) = (await world.stored((await world.lead_of(phone))["id"])).lead.bookings
    assert booking.service == "sunrise-yoga"


@pytest.mark.parametrize(("first", "then", "stands"), [("read", "failed", "read"), ("failed", "read", "read")])
async def test_what_was_read_has_arrived_whatever_is_told_before_or_after(
    world: World, first: str, then: str, stands: str
) -> None:
    phone, lead = await greeted(world)
    bubble = (await phone.bubbles())[-1]
    for status in (first, then):
        await phone.do("status", message_id=bubble.id, status=status)
        await world.quiet()
    line = next(line for line in await world.transcript(lead) if line.author == "bot")
    assert line.tick is DeliveryStatus(stands)


async def test_news_of_the_account_is_kept_and_a_ban_stops_all_sending_until_its_end(world: World) -> None:
    phone, _ = await greeted(world)
    parts = world.process.parts
    await world.told("POST", "/account", {"field": "message_template_status_update"})
    ban = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}
    await world.told("POST", "/account", {"field": "account_update", "value": ban})

    async def paused() -> Any:
        return await parts.pause.current()

    assert (await until(paused, what="the pause")).reason == "account_banned"

    async def noted() -> bool:
        kinds = {notice.kind: notice.gravity for notice in await parts.notices.listed()}
        return kinds == {"template_status": "notice", "account_update": "critical"}

    await until(noted, what="both notices")
    assert await parts.received.parked() == {}
    free = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}
    await world.told("POST", "/account", {"field": "account_update", "value": free})
    await phone.say("What can I do here?")
    await phone.expect("Here you can", timeout=20)
