"""The change dialog shows the very words the customer will read, and sends them as somebody left them."""

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from bot.domain.ids import LeadId
from bot.store.clock import BusinessClock
from simulator.customer import Phone
from tests.journeys.test_outside_the_window import approved
from tests.journeys.world import Json, World, until
from tests.webhooks.api.bookings.test_door import booked, slots
from tests.webhooks.console.people import Colleague, colleague

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]


@pytest.fixture
async def dewi(world: World) -> AsyncIterator[Colleague]:
    """A colleague who writes."""
    async with colleague(world.process, world.url) as one:
        yield one


async def sold(world: World, hello: str = "Hello") -> tuple[Phone, str, Json]:
    """A customer with a booking."""
    phone = await world.phone("Sari")
    await phone.say(hello)
    await world.quiet()
    lead: str = (await world.lead_of(phone))["id"]
    booking = await booked(world, lead, (await slots(world))[0])
    await world.quiet()
    return phone, lead, booking


async def asked(dewi: Colleague, booking: Json, action: str = "cancel", **wish: str) -> httpx.Response:
    """The quote of that wish, in its dialog."""
    wish = {"cause": "business", "reason": "We are closed", "once": f"ask-{action}", **wish}
    answer = await dewi.post(f"/bookings/{booking['reference']}/{action}", **wish)
    assert answer.status_code == 200, answer.text
    return answer


def words_of(dialog: httpx.Response) -> str:
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", dialog.text, re.DOTALL)
    assert found, dialog.text
    return html.unescape(found[1])


async def says_yes(dewi: Colleague, booking: Json, **form: str) -> httpx.Response:
    path = f"/bookings/{booking['reference']}/changes/C1/confirm"
    return await dewi.post(path, **{"quote": "1", "once": f"yes-{len(form)}", **form})


@pytest.mark.parametrize("is_taken", [False, True])
async def test_the_words_are_shown_in_the_customers_language_and_sent_as_they_were_read(
    world: World, dewi: Colleague, is_taken: bool
) -> None:
    phone, lead, booking = await sold(world, "Halo, selamat pagi")
    if is_taken:
        await dewi.post(f"/inbox/{lead}/take")
    dialog = await asked(dewi, booking)
    words = words_of(dialog)
    assert "maaf" in words.casefold()
    assert 'lang="id"' in dialog.text
    before = len(await phone.bubbles())
    await world.quiet()
    assert len(await phone.bubbles()) == before
    assert (await says_yes(dewi, booking, words=words, shown=words)).status_code == 200
    bubble = await phone.expect(words[:40])
    assert bubble.text == words
    await world.quiet()
    drafts = (await world.stored(lead)).outbox
    assert [one for one in drafts if one.status.value == "draft"] == []


async def test_edited_words_are_what_the_customer_gets_and_are_on_record(world: World, dewi: Colleague) -> None:
    phone, lead, booking = await sold(world)
    shown = words_of(await asked(dewi, booking))
    mine = "Dear Sari,\r\nour roof leaks & we are closed <today>."
    assert (await says_yes(dewi, booking, words=mine, shown=shown)).status_code == 200
    bubble = await phone.expect("our roof leaks")
    assert bubble.text == "Dear Sari,\nour roof leaks & we are closed <today>."
    await world.quiet()
    # one message, and no other of the bot about the same
    assert [line.author for line in await world.transcript(lead) if "roof" in line.text] == ["agent"]
    entries = (await world.process.parts.audit.of_all({LeadId(lead)}, "change_agreed"))[LeadId(lead)]
    facts = [dict(entry.facts) for entry in entries]
    assert [(one["told"], one["person"]) for one in facts] == [("edited", dewi.id)]
    assert "Dewi edited the words about this change" in (await dewi.get(f"/inbox/{lead}/thread")).text


async def test_a_move_tells_in_the_edited_words_once_the_time_is_theirs(world: World, dewi: Colleague) -> None:
    phone, _, booking = await sold(world)
    other = (await slots(world))[3]["slot_id"]
    shown = words_of(await asked(dewi, booking, "change_time", slot_id=other))
    await says_yes(dewi, booking, words="Moved as we said, see you then", shown=shown)
    await phone.expect("Moved as we said, see you then")
    after = (await world.api.get(f"/bookings/{booking['reference']}")).json()
    assert after["slot_id"] == other


@pytest.mark.parametrize(("mine", "why"), [("  \n", "has to be told something"), ("x" * 1025, "1025 characters")])
async def test_no_words_and_too_many_are_refused_and_nothing_is_done(
    world: World, dewi: Colleague, mine: str, why: str
) -> None:
    phone, _, booking = await sold(world)
    shown = words_of(await asked(dewi, booking))
    before = len(await phone.bubbles())
    refused = await says_yes(dewi, booking, words=mine, shown=shown)
    assert refused.status_code == 409
    assert why in refused.text
    # what was written is still there, and so is the offer
    assert words_of(refused).strip() == mine.strip()
    await world.quiet()
    assert len(await phone.bubbles()) == before
    assert (await world.api.get(f"/bookings/{booking['reference']}")).json()["state"] == booking["state"]
    assert (await says_yes(dewi, booking, words=shown, shown=shown)).status_code == 200
    await phone.expect(shown[:40])


async def test_outside_the_24_hours_the_template_is_shown_and_sent_as_it_was_read(
    world: World, dewi: Colleague
) -> None:
    await approved(world)
    phone, _, booking = await sold(world)
    then = await world.process.parts.clock.business_now() + timedelta(hours=25)
    await BusinessClock(world.process.database).move(timedelta(hours=25), live_key=False)

    async def is_then() -> bool:
        return await world.process.parts.clock.business_now() >= then

    await until(is_then, what="the time that was moved to")
    await world.quiet()
    dialog = await asked(dewi, booking)
    assert "<textarea" not in dialog.text
    found = re.search(r'<p class="words as-read"[^>]*>(.*?)</p>', dialog.text, re.DOTALL)
    assert found
    words = html.unescape(found[1])
    assert "told by this template" in dialog.text
    assert (await says_yes(dewi, booking)).status_code == 200
    bubble = await phone.expect(words[:30])
    assert bubble.text == words
