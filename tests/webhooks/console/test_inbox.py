"""The inbox through its door: list, thread, composer, context, and what people do in them."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.ids import LeadId
from bot.domain.states import State
from bot.domain.users import Role
from tests.journeys.world import World, until
from tests.webhooks.console.people import Colleague, colleague

pytestmark = pytest.mark.mongo

NASTY = "<script>alert(1)</script> & \u202eevil <img src=x onerror=alert(2)>"


@pytest.fixture
async def dewi(world: World) -> AsyncIterator[Colleague]:
    """A colleague who writes."""
    async with colleague(world.process, world.url) as one:
        yield one


async def conversation(world: World, words: str = "I want to talk to a human please", name: str = "Sari") -> str:
    phone = await world.phone(name)
    await phone.say(words)
    lead: str = (await world.lead_of(phone))["id"]
    await world.quiet()
    return lead


async def test_the_list_shows_who_waits_with_their_words_and_opens_by_address(world: World, dewi: Colleague) -> None:
    lead = await conversation(world)
    page = await dewi.get("/inbox")
    assert page.status_code == 200
    assert f"/console/inbox/{lead}" in page.text
    assert "Sari" in page.text
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    whole = await dewi.get(f"/inbox/{lead}")
    assert all(part in whole.text for part in ('id="list"', 'id="thread"', 'id="composer"', 'id="context"'))
    part = await dewi.get(f"/inbox/{lead}", part=True)
    assert "<html" not in part.text
    assert 'id="thread"' in part.text


async def test_the_composer_is_locked_until_taken_over_and_the_draft_comes_along(world: World, dewi: Colleague) -> None:
    lead = await conversation(world)
    locked = await dewi.get(f"/inbox/{lead}/composer")
    assert 'data-state="locked"' in locked.text
    assert 'id="reply-text"' not in locked.text
    assert 'id="note-text"' in locked.text
    refused = await dewi.post(f"/inbox/{lead}/send", text="Hello", name="n1")
    assert refused.status_code == 409
    assert "Take the conversation over first" in refused.text
    taken = await dewi.post(f"/inbox/{lead}/take", draft="Hello, I am")
    assert taken.status_code == 200
    assert 'data-state="open"' in taken.text
    assert (await world.stored(lead)).lead.is_with_agent


async def test_of_two_who_take_it_the_second_is_told_by_whom(world: World, dewi: Colleague) -> None:
    lead = await conversation(world)
    async with colleague(world.process, world.url, "Ayu") as ayu:
        assert (await dewi.post(f"/inbox/{lead}/take")).status_code == 200
        late = await ayu.post(f"/inbox/{lead}/take")
        assert late.status_code == 409
        assert "Dewi has taken this conversation" in late.text
        assert 'data-state="taken"' in late.text
        assert (await ayu.post(f"/inbox/{lead}/send", text="Hi", name="x")).status_code == 409
        over = await ayu.post(f"/inbox/{lead}/take", instead_of=dewi.id)
        assert over.status_code == 200


async def test_a_word_of_the_customer_in_between_refuses_a_send_once_and_keeps_the_draft(
    world: World, dewi: Colleague
) -> None:
    phone = await world.phone("Sari")
    await phone.say("I want to talk to a human please")
    lead = (await world.lead_of(phone))["id"]
    await world.quiet()
    await dewi.post(f"/inbox/{lead}/take")
    seen = (await world.stored(lead)).lead.inbox.turn
    await phone.say("And one more thing")
    await world.quiet()
    refused = await dewi.post(f"/inbox/{lead}/send", text="My answer", seen=str(seen), name="a")
    assert refused.status_code == 409
    assert "wrote meanwhile" in refused.text
    entry = (await world.stored(lead)).lead.inbox
    assert [draft.text for draft in entry.drafts] == ["My answer"]
    sent = await dewi.post(f"/inbox/{lead}/send", text="My answer", seen=str(entry.turn), name="b")
    assert sent.status_code == 200
    await phone.expect("My answer")


async def test_a_message_pressed_twice_is_one_message(world: World, dewi: Colleague) -> None:
    lead = await conversation(world)
    await dewi.post(f"/inbox/{lead}/take")
    for _ in range(2):
        await dewi.post(f"/inbox/{lead}/send", text="Only once", name="same")
    await world.quiet()
    said = [line.text for line in await world.transcript(lead) if line.author == "agent"]
    assert said == ["Only once"]


async def test_a_note_is_shown_to_colleagues_and_never_sent(world: World, dewi: Colleague) -> None:
    lead = await conversation(world)
    answer = await dewi.post(f"/inbox/{lead}/note", text="Pays late", name="n")
    assert answer.status_code == 200
    assert "Pays late" in answer.text
    await world.quiet()
    lines = await world.transcript(lead)
    assert [line.by for line in lines if line.author == "note" and not line.what] == [dewi.id]
    assert all(line.text != "Pays late" for line in lines if line.author != "note")


async def test_drafts_are_kept_per_kind_and_a_newer_one_of_somebody_else_is_told(world: World, dewi: Colleague) -> None:
    lead = await conversation(world)
    await dewi.post(f"/inbox/{lead}/draft", kind="reply", text="Dear", base="0")
    await dewi.post(f"/inbox/{lead}/draft", kind="note", text="Hm", base="0")
    entry = (await world.stored(lead)).lead.inbox
    assert {draft.kind.value: draft.text for draft in entry.drafts} == {"reply": "Dear", "note": "Hm"}
    stale = await dewi.post(f"/inbox/{lead}/draft", kind="reply", text="Other", base="0")
    assert stale.status_code == 409
    assert stale.json()["text"] == "Dear"
    assert "Draft:" in (await dewi.get("/inbox/rows?tab=all")).text


async def test_scripts_and_marks_in_names_and_words_stay_words(world: World, dewi: Colleague) -> None:
    lead = await conversation(world, NASTY, name="<b>Eve</b>")
    page = await dewi.get(f"/inbox/{lead}")
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "\u202e" not in page.text
    note = await dewi.post(f"/inbox/{lead}/note", text="<script>alert(3)</script>", name="n")
    assert "<script>alert(3)" not in note.text


async def test_a_paste_of_ten_megabytes_is_refused_and_one_too_long_for_a_message_is_kept(
    world: World, dewi: Colleague
) -> None:
    lead = await conversation(world)
    await dewi.post(f"/inbox/{lead}/take")
    assert (await dewi.post(f"/inbox/{lead}/send", text="x" * 10_000_000)).status_code == 413
    long = await dewi.post(f"/inbox/{lead}/send", text="y" * 5000, name="n")
    assert long.status_code == 409
    assert "at most 4096 characters" in long.text
    (draft,) = (await world.stored(lead)).lead.inbox.drafts
    assert draft.text == "y" * 4096


async def test_the_search_finds_by_last_digits_and_by_name(world: World, dewi: Colleague) -> None:
    phone = await world.phone("Wayan Surya", wa_id="6281299887766")
    await phone.say("hello")
    lead = (await world.lead_of(phone))["id"]
    await world.quiet()
    for asked in ("887766", "wayan"):

        async def found(asked: str = asked) -> bool:
            return f"/console/inbox/{lead}" in (await dewi.get(f"/inbox/rows?q={asked}")).text

        await until(found, what=f"{asked} finds it")


async def test_what_the_bot_understood_stands_under_the_message(world: World, dewi: Colleague) -> None:
    lead = await conversation(world, "Can I book a Balinese massage tomorrow for two people")
    page = await dewi.get(f"/inbox/{lead}")
    assert 'class="understood"' in page.text
    assert "2 people" in page.text


async def test_snoozed_until_answered_it_leaves_the_list_and_comes_back_with_a_word(
    world: World, dewi: Colleague
) -> None:
    phone = await world.phone("Sari")
    await phone.say("I want to talk to a human please")
    lead = (await world.lead_of(phone))["id"]
    await world.quiet()
    assert (await dewi.post(f"/inbox/{lead}/snooze", until="answered")).status_code == 200
    assert f"/console/inbox/{lead}" not in (await dewi.get("/inbox/rows?tab=all")).text
    assert f"/console/inbox/{lead}" in (await dewi.get("/inbox/rows?tab=all&only=snoozed")).text
    await phone.say("Is anybody there?")
    await world.quiet()
    assert f"/console/inbox/{lead}" in (await dewi.get("/inbox/rows?tab=all")).text


async def test_who_only_reads_has_no_composer_and_a_forged_id_is_nobody(world: World, dewi: Colleague) -> None:
    lead = await conversation(world)
    async with colleague(world.process, world.url, "Olga", Role.OPERATIONS) as olga:
        page = await olga.get(f"/inbox/{lead}")
        assert 'data-state="read_only"' in page.text
        assert 'id="note-text"' not in page.text
        assert (await olga.post(f"/inbox/{lead}/take")).status_code == 403
    assert (await dewi.get("/inbox/no-such-lead")).status_code == 404
    assert (await dewi.post("/inbox/no-such-lead/take")).status_code == 404


async def test_a_colleague_who_looks_is_shown_on_row_and_head(world: World, dewi: Colleague) -> None:
    lead = await conversation(world)
    async with colleague(world.process, world.url, "Ayu") as ayu:
        assert (await ayu.post(f"/inbox/{lead}/presence", typing="yes")).status_code == 204
        assert "Ayu is typing" in (await dewi.get(f"/inbox/{lead}/head")).text
        assert "Ayu is typing" in (await dewi.get("/inbox/rows?tab=all")).text
        await ayu.post(f"/inbox/{lead}/presence", left="yes")
        assert "Ayu is typing" not in (await dewi.get(f"/inbox/{lead}/head")).text


async def test_handed_back_with_a_note_the_bot_answers_again(world: World, dewi: Colleague) -> None:
    lead = await conversation(world)
    await dewi.post(f"/inbox/{lead}/take")
    back = await dewi.post(f"/inbox/{lead}/hand-back", note="All is said")
    assert back.status_code == 200
    assert 'data-state="locked"' in back.text
    await world.quiet()
    assert not (await world.process.parts.leads.load(LeadId(lead))).lead.is_with_agent  # type: ignore[union-attr]
    assert "All is said" in (await dewi.get(f"/inbox/{lead}/thread")).text


async def test_an_event_of_the_stream_names_the_conversation(world: World, dewi: Colleague) -> None:
    async with dewi.browser.stream("GET", "/console/events") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        lead = await conversation(world)
        async for line in stream.aiter_lines():
            if line.startswith("data:") and re.search(rf'"lead":"{re.escape(lead)}"', line):
                break


async def test_it_is_given_to_a_colleague_and_nobody_else_can_be_named(world: World, dewi: Colleague) -> None:
    lead = await conversation(world)
    async with colleague(world.process, world.url, "Rina") as rina:
        await dewi.post(f"/inbox/{lead}/take")
        refused = await dewi.post(f"/inbox/{lead}/assign", agent="nobody-of-ours")
        assert refused.status_code == 409
        head = await rina.get(f"/inbox/{lead}/head")
        assert f'<option value="{rina.id}">Rina</option>' in head.text
        assert 'data-key="a"' in head.text
        given = await dewi.post(f"/inbox/{lead}/assign", agent=rina.id)
        assert given.status_code == 200
        assert (await world.stored(lead)).lead.conversation.agent == rina.id


async def test_put_off_until_a_chosen_time_it_sleeps_and_never_until_one_that_is_over(
    world: World, dewi: Colleague
) -> None:
    lead = await conversation(world)
    await dewi.post(f"/inbox/{lead}/take")
    assert 'id="snooze-until"' in (await dewi.get(f"/inbox/{lead}/head")).text
    for at in ("2020-01-01T09:00", "not a time", ""):
        refused = await dewi.post(f"/inbox/{lead}/snooze", until="time", at=at)
        assert refused.status_code == 409, at
    now = await world.process.parts.clock.business_now()
    day = (now + timedelta(days=2)).date().isoformat()
    assert (await dewi.post(f"/inbox/{lead}/snooze", until="time", at=f"{day}T09:00")).status_code == 200
    snooze = (await world.stored(lead)).lead.inbox.snooze
    assert snooze is not None
    zone = world.process.parts.context(now).business.zone
    assert snooze.until is not None
    assert snooze.until.astimezone(zone).isoformat()[:16] == f"{day}T09:00"


async def test_who_goes_off_duty_from_the_page_gives_what_waits_back(world: World, dewi: Colleague) -> None:
    lead = await conversation(world)
    assert 'data-on-duty="no"' in (await dewi.get("/duty")).text
    assert 'hx-get="/console/duty"' in (await dewi.get("/inbox")).text
    assert 'data-on-duty="yes"' in (await dewi.post("/duty", on_duty="yes")).text
    await dewi.post(f"/inbox/{lead}/take")
    assert 'data-on-duty="no"' in (await dewi.post("/duty", on_duty="no")).text
    assert (await world.stored(lead)).lead.conversation.agent is None
    async with colleague(world.process, world.url, "Made", Role.FINANCE) as made:
        assert (await made.post("/duty", on_duty="yes")).status_code == 403
        assert "/console/duty" not in (await made.get("/money")).text


async def test_the_pane_says_what_a_booking_misses_before_its_next_step_and_what_to_ask(
    world: World, dewi: Colleague
) -> None:
    lead = await conversation(world, "halo, mau pesan telepon rencana gratis")
    booking = (await world.stored(lead)).lead.bookings[0]
    assert booking.state is State.SERVICE_SELECTED
    pane = await dewi.get(f"/inbox/{lead}/context")
    assert "For “" not in pane.text
    phone = world.phones[-1]
    await phone.say("besok siang")
    await world.quiet()
    pane = await dewi.get(f"/inbox/{lead}/context")
    assert "For “Time agreed”: 2 of 4" in pane.text
    # staff read their own language, and what to ask is in the customer's
    assert "no time is chosen" in pane.text
    assert "Jam yang mana kak?" in pane.text
