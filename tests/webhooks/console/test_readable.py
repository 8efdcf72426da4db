"""Everything a customer sent can be read, a colleague's word from the app is a colleague's, what failed can be sent
again, and one customer is one thread."""

import re
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.contents import Bubble, Content, FormSent
from bot.domain.ids import Wamid
from bot.domain.users import Role
from bot.store.clock import BusinessClock
from simulator.customer import Phone
from tests.faults.envelopes import text_message
from tests.faults.test_duplicates import NUMBER, USER, post_all
from tests.journeys import flow_world
from tests.journeys.flow_world import CALL, flow_json
from tests.journeys.world import World, until
from tests.webhooks.api.bookings.test_door import booked, slots
from tests.webhooks.console.people import Colleague, colleague
from tests.webhooks.console.test_partners import greeted
from webhooks.console.inbox.readable import Readable, readable_of

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")
VOICE, TICKET = b"OggS\x00\x02voice", b"%PDF-1.7 x"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


@pytest.fixture
async def dewi(world: World) -> AsyncIterator[Colleague]:
    """A colleague who writes."""
    async with colleague(world.process, world.url) as one:
        yield one


async def asking(world: World, name: str = "Sari") -> tuple[Phone, str]:
    """A customer who waits for a person."""
    phone = await world.phone(name)
    await phone.say("I want to talk to a human please")
    lead: str = (await world.lead_of(phone))["id"]
    await world.quiet()
    return phone, lead


async def sends(phone: Phone, mime_type: str, content: bytes, **more: str) -> None:
    await phone.do("file", mime_type=mime_type, content_base64=b64encode(content).decode(), **more)


async def thread_of(one: Colleague, lead: str) -> str:
    return (await one.get(f"/inbox/{lead}/thread")).text


async def test_files_are_shown_and_served_by_ourselves_by_what_they_are(world: World, dewi: Colleague) -> None:
    phone, lead = await asking(world)
    await sends(phone, "image/png", PNG, caption="Our *pool*")
    await sends(phone, "audio/ogg", VOICE)
    await sends(phone, "application/pdf", TICKET, filename="tiket pesawat.pdf")
    await sends(phone, "image/svg+xml", SVG, caption="look")
    await world.quiet()
    shown = await thread_of(dewi, lead)
    assert "Our <strong>pool</strong>" in shown
    assert "<audio controls" in shown
    assert "tiket pesawat.pdf" in shown
    found = re.findall(rf'(?:src|href)="/console(/inbox/{lead}/media/[^"]+)"', shown)
    # what is sent within one second stands in any order
    files = {answer.content: (path, answer) for path in dict.fromkeys(found) for answer in [await dewi.get(path)]}
    assert [answer.status_code for _, answer in files.values()] == [200, 200, 200, 200]
    (address, picture), (_, voice), (_, ticket), (_, hostile) = (files[one] for one in (PNG, VOICE, TICKET, SVG))
    assert picture.headers["Content-Type"] == "image/png"
    assert (voice.headers["Content-Type"], voice.headers["Content-Disposition"]) == ("audio/ogg", "inline")
    assert ticket.headers["Content-Disposition"] == "attachment; filename*=UTF-8''tiket%20pesawat.pdf"
    # what calls itself a picture and could run something is neither shown nor believed
    assert hostile.headers["Content-Type"] == "application/octet-stream"
    assert hostile.headers["Content-Disposition"].startswith("attachment")
    for _, answer in files.values():
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    part = await dewi.browser.get(f"/console{address}", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, PNG[:4])


async def test_a_file_is_for_who_may_read_and_of_this_conversation_alone(world: World, dewi: Colleague) -> None:
    phone, lead = await asking(world)
    await sends(phone, "image/png", PNG)
    _, other = await asking(world, "Budi")
    await world.quiet()
    found = re.search(rf'src="/console(/inbox/{lead}/media/[^"]+)"', await thread_of(dewi, lead))
    assert found
    assert (await dewi.get(found[1].replace(lead, other))).status_code == 404
    async with colleague(world.process, world.url, "Made", Role.FINANCE) as made:
        assert (await made.get(found[1])).status_code == 403


async def test_what_the_messenger_forgot_is_said_to_be_gone(world: World, dewi: Colleague) -> None:
    phone, lead = await asking(world)
    # a file of the app whose bytes nobody has
    await phone.do("echo", mime_type="image/png", caption="The villa")
    await world.quiet()
    found = re.search(rf'src="/console(/inbox/{lead}/media/[^"]+)"', await thread_of(dewi, lead))
    assert found
    gone = await dewi.get(found[1])
    assert (gone.status_code, gone.json()["type"]) == (404, "urn:janji:problem:media-gone")
    # and thirty days later nothing is left to ask for
    await world.process.database["received"].update_many({}, {"$set": {"body": b""}})
    shown = await thread_of(dewi, lead)
    assert "WhatsApp keeps files for 30 days" in shown
    assert "/media/" not in shown


async def test_a_picture_of_a_partner_is_shown_in_their_thread_too(world: World, dewi: Colleague) -> None:
    ketut, thread = await greeted(world)
    await sends(ketut, "image/png", PNG, caption="The tap")
    await world.quiet()
    found = re.search(rf'src="/console({thread}/media/[^"]+)"', (await dewi.get(f"{thread}/thread", part=True)).text)
    assert found
    assert (await dewi.get(found[1])).content == PNG
    async with colleague(world.process, world.url, "Made", Role.FINANCE) as made:
        assert (await made.get(found[1])).status_code == 403


async def test_places_people_reactions_quotes_and_what_nobody_can_show_are_readable(
    world: World, dewi: Colleague
) -> None:
    phone, lead = await asking(world)
    ours = (await phone.bubbles())[-1]
    await phone.do("location", latitude=-8.65001, longitude=115.13, name="Villa Padi", address="Jalan Batu Bolong 7")
    await phone.do("contact", people=[{"name": "Budi Santoso", "phone": "+62 812 3456"}])
    await phone.do("reaction", message_id=ours.id, emoji="👍")
    first = await phone.say("May I bring a *friend*?")
    await phone.say("This one I mean", quote=first)
    await phone.say("(image) is what I typed")
    await phone.do("unsupported")
    await world.quiet()
    shown = await thread_of(dewi, lead)
    assert "Jalan Batu Bolong 7" in shown
    assert "-8.65001, 115.13000" in shown
    assert "Budi Santoso" in shown
    assert "+62 812 3456" in shown
    quotes = re.findall(r'<blockquote class="about">(.*?)</blockquote>', shown, re.DOTALL)
    assert len(quotes) == 2
    reacted_to, replied_to = sorted(quotes)
    assert ours.text.split()[0] in reacted_to
    assert "Bot:" in reacted_to
    assert "May I bring a <strong>friend</strong>?" in replied_to
    assert "👍" in shown
    # a mark that somebody typed makes no picture
    assert "(image) is what I typed" in shown
    assert "Poll: cannot be shown here, see the phone" in shown


def held(content: Content) -> Readable:
    bubble = Bubble(Wamid("wamid.1"), datetime(2026, 11, 30, 9, tzinfo=UTC), content)
    return readable_of(bubble, "/console/inbox/lead-1", "whatsapp:wamid.1", {}, "en")


def test_answers_of_somebody_elses_form_are_shown_by_their_names() -> None:
    said = '{"flow_token": "x", "screen_0_Your_name_0": "Sari", "screen_1_Days_1": ["0_Mon", "1_Fri"], "agree": true}'
    assert held(FormSent(said)).fields == (("Your name", "Sari"), ("Days", "Mon, Fri"), ("Agree", "true"))
    assert held(FormSent("hm")).fields == (("", "hm"),)
    assert held(FormSent('{"a": ' * 40 + "1" + "}" * 40)).fields[0][1].endswith("…")


async def test_a_form_is_read_label_by_label_as_its_customer_saw_it(mongodb_uri: str) -> None:
    async with flow_world.opened(mongodb_uri) as world, colleague(world.process, world.url) as dewi:
        phone = await world.phone(wa_id="6281200000002")
        await phone.say("saya mau pesan")
        await phone.expect("lewat tombol", kind="flow")
        await phone.fill(flow_json("id"), CALL)
        await phone.expect("Sudah dipesan")
        await world.quiet()
        lead = (await world.lead_of(phone))["id"]
        shown = await thread_of(dewi, lead)
        fields = dict(re.findall(r"<dt>([^<]+)</dt><dd[^>]*>([^<]+)</dd>", shown))
        # the labels of the form in the customer's language, the options as they were shown
        assert fields["Nama Anda"] == "Sari"
        assert fields["Jumlah tamu"] == "2 orang"
        assert re.match(r"\d\d[.:]\d\d", fields["Jam"])
        assert "planning-call" not in shown


async def test_a_colleagues_word_from_the_app_is_shown_as_a_colleagues(world: World, dewi: Colleague) -> None:
    phone, lead = await asking(world)
    await phone.do("echo", text="This is Wayan, I take it from here")
    await world.quiet()
    shown = await thread_of(dewi, lead)
    mine = shown[: shown.index("This is Wayan")].rindex("<article")
    bubble = shown[mine : shown.index("This is Wayan")]
    assert "bubble agent" in bubble
    assert "Colleague · WhatsApp app" in bubble
    # it has taken over, and the bot is silent
    assert (await world.stored(lead)).lead.is_with_agent
    assert 'data-state="open"' in (await dewi.get(f"/inbox/{lead}/composer")).text
    await dewi.post(f"/inbox/{lead}/send", text="And this is Dewi", name="n")
    await world.quiet()
    both = await thread_of(dewi, lead)
    assert both.index("Colleague · WhatsApp app") < both.index("And this is Dewi")
    assert "Team" in both[both.index("This is Wayan") : both.index("And this is Dewi")]


async def failed(world: World, dewi: Colleague, text: str = "Are you there?") -> tuple[Phone, str, str]:
    """Words of hers that did not arrive, and the way to send them again."""
    phone, lead = await asking(world)
    await dewi.post(f"/inbox/{lead}/take")
    await world.fault("error", status=400, code=131026)
    await dewi.post(f"/inbox/{lead}/send", text=text, name="first")

    async def there() -> str | None:
        found = re.search(r'hx-post="/console(/inbox/[^"]+/retry/[^"]+)"', await thread_of(dewi, lead))
        return None if found is None else found[1]

    return phone, lead, await until(there, what="the failed message")


async def test_a_failed_message_says_why_and_retry_sends_it_once(world: World, dewi: Colleague) -> None:
    phone, lead, retry = await failed(world, dewi)
    assert "This number cannot get WhatsApp messages" in await thread_of(dewi, lead)
    for _ in range(2):
        assert (await dewi.post(retry)).status_code == 200
    await phone.expect("Are you there?")
    await world.quiet()
    assert [bubble.text for bubble in await phone.bubbles()].count("Are you there?") == 1
    lines = [line for line in await world.transcript(lead) if line.text == "Are you there?"]
    assert len({line.id for line in lines}) == 2
    shown = await thread_of(dewi, lead)
    assert "It went once more, as another message." in shown
    assert "/retry/" not in shown


async def test_no_retry_is_offered_where_only_a_template_may_go(world: World, dewi: Colleague) -> None:
    _, lead, retry = await failed(world, dewi)
    then = await world.process.parts.clock.business_now() + timedelta(hours=25)
    await BusinessClock(world.process.database).move(timedelta(hours=25), live_key=False)

    async def is_then() -> bool:
        return await world.process.parts.clock.business_now() >= then

    await until(is_then, what="the time that was moved to")
    await world.quiet()
    await dewi.post(f"/inbox/{lead}/take")
    shown = await thread_of(dewi, lead)
    assert "/retry/" not in shown
    assert 'data-goes="composer"' in shown
    refused = await dewi.post(retry)
    assert refused.status_code == 409
    assert "only a template can go" in refused.text


async def test_one_customer_is_one_thread_that_says_what_came_from_where(world: World, dewi: Colleague) -> None:
    ours = world.simulator.phone_number_id
    await post_all(world, [text_message(ours, "wamid.a", "hello a", wa_id=NUMBER)])
    await world.quiet()
    await post_all(world, [text_message(ours, "wamid.b", "hello b", user_id=USER)])
    await world.quiet()
    older, younger = sorted(one["id"] for one in await world.leads())
    free = await slots(world)
    made = [(await booked(world, lead, slot))["reference"] for lead, slot in zip((older, younger), free, strict=False)]
    await world.quiet()
    await post_all(world, [text_message(ours, "wamid.c", "hello c", wa_id=NUMBER, user_id=USER)])

    async def are_one() -> bool:
        return len(await world.leads()) == 1

    await until(are_one, what="one lead")
    await world.quiet()
    shown = await thread_of(dewi, older)
    said = re.search(r'<p class="system"[^>]*><span>(Two conversations[^<]+)</span>', shown)
    assert said, shown
    assert made[1] in said[1]
    assert "Dewi" in said[1]
    assert all(words in shown for words in ("hello a", "hello b", "hello c"))
    for reference in made:
        found = await dewi.get(f"/inbox/rows?q={reference}")
        assert f'data-opens-lead="{older}"' in found.text
    # an address that was noted down before leads to where it is now
    old = await dewi.get(f"/inbox/{younger}")
    assert (old.status_code, old.headers["Location"]) == (303, f"/console/inbox/{older}")
    part = await dewi.get(f"/inbox/{younger}", part=True)
    assert part.headers["HX-Replace-Url"] == f"/console/inbox/{older}"
    assert f'data-conversation="{older}"' in part.text
