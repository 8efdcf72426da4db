"""Bad input at the console's doors: refused with a sentence, logged, harmless, and no words lost."""

import asyncio
import re
import socket
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from bot.domain.ids import AgentId, LeadId
from bot.domain.users import Role
from bot.store.clock import BusinessClock
from tests.journeys.test_outside_the_window import approved
from tests.journeys.world import World, until
from tests.webhooks.api.bookings.test_door import booked, customer, slots
from tests.webhooks.console.people import Colleague, colleague
from tests.webhooks.console.test_inbox import NASTY, conversation

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]

ASKS: Final = "I want to talk to a human please"
FORGED: Final = ("x", "BK-26112409-000001", "../../etc", "%00", "’", "a" * 300)


async def asked_for_a_person(world: World, name: str = "Sari") -> tuple[str, int]:
    """A conversation that waits, and its turn."""
    lead = await conversation(world, ASKS, name)
    return lead, (await world.stored(lead)).lead.inbox.turn


async def drafts(world: World, lead: str) -> list[str]:
    return [draft.text for draft in (await world.stored(lead)).lead.inbox.drafts]


async def meant(world: World, lead: str) -> tuple[Any, ...]:
    """What stands of a conversation, and what is on its way from it."""
    stored = await world.stored(lead)
    known = stored.lead
    return known.conversation, known.inbox, known.bookings, known.alarms, stored.outbox


async def test_of_two_who_take_it_at_the_same_moment_one_has_it_and_the_other_is_told_by_whom(world: World) -> None:
    lead, _ = await asked_for_a_person(world)
    async with (
        colleague(world.process, world.url, "Dewi") as dewi,
        colleague(world.process, world.url, "Ayu") as ayu,
    ):
        answers = await asyncio.gather(*(one.post(f"/inbox/{lead}/take", draft=f"by {one.id}") for one in (dewi, ayu)))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        owner = (await world.stored(lead)).lead.conversation.agent
        (late,) = (answer for answer in answers if answer.status_code == 409)
        assert f"{'Dewi' if owner == dewi.id else 'Ayu'} has taken this conversation" in late.text
        assert await drafts(world, lead) == [f"by {owner}"]


async def test_a_send_to_a_closed_window_is_refused_keeps_the_words_and_offers_a_template(world: World) -> None:
    await approved(world)
    lead = await customer(world)
    await booked(world, lead, (await slots(world))[0])
    async with colleague(world.process, world.url) as dewi:
        parts = world.process.parts
        then = await parts.clock.business_now() + timedelta(hours=25)
        await BusinessClock(world.process.database).move(timedelta(hours=25), live_key=False)

        async def is_then() -> bool:
            return await parts.clock.business_now() >= then

        await until(is_then, what="the time that was moved to")
        # taken by then: what nobody does anything with for long goes back to the bot
        assert (await dewi.post(f"/inbox/{lead}/take")).status_code == 200
        refused = await dewi.post(f"/inbox/{lead}/send", text="Are you still coming?", name="n")
        assert refused.status_code == 409
        assert "The 24 hours are over" in refused.text
        assert 'data-state="window_closed"' in refused.text
        assert 'name="template"' in refused.text
        assert await drafts(world, lead) == ["Are you still coming?"]


async def test_a_send_after_a_colleague_answered_is_refused_once_and_says_who_it_was(world: World) -> None:
    lead, seen = await asked_for_a_person(world)
    async with (
        colleague(world.process, world.url, "Dewi") as dewi,
        colleague(world.process, world.url, "Ayu") as ayu,
    ):
        await ayu.post(f"/inbox/{lead}/take")
        assert (await ayu.post(f"/inbox/{lead}/send", text="I am on it", name="a")).status_code == 200
        taken = await dewi.post(f"/inbox/{lead}/send", text="Hello", seen=str(seen), name="b")
        assert (taken.status_code, "Ayu has taken this conversation" in taken.text) == (409, True)
        await ayu.post(f"/inbox/{lead}/assign", agent=dewi.id)
        late = await dewi.post(f"/inbox/{lead}/send", text="Hello", seen=str(seen), name="c")
        assert (late.status_code, "Ayu wrote meanwhile" in late.text) == (409, True)
        assert await drafts(world, lead) == ["Hello"]
        turn = (await world.stored(lead)).lead.inbox.turn
        assert (await dewi.post(f"/inbox/{lead}/send", text="Hello", seen=str(turn), name="d")).status_code == 200


async def test_a_note_and_planned_words_over_the_limit_are_refused_and_nothing_is_cut(world: World) -> None:
    lead, _ = await asked_for_a_person(world)
    async with colleague(world.process, world.url) as dewi:
        await dewi.post(f"/inbox/{lead}/take")
        day = (await world.process.parts.clock.business_now() + timedelta(hours=3)).isoformat()[:16]
        for act, more in (("note", {}), ("later", {"at": day})):
            refused = await dewi.post(f"/inbox/{lead}/{act}", text="y" * 4097, name="n", **more)
            assert (refused.status_code, "at most 4096 characters" in refused.text) == (409, True), act
        entry = (await world.stored(lead)).lead.inbox
        assert entry.later == ()
        assert [line.author for line in await world.transcript(lead) if "yyy" in line.text] == []


async def test_forged_ids_are_nobodys_and_change_nothing(world: World) -> None:
    lead, _ = await asked_for_a_person(world)
    other, _ = await asked_for_a_person(world, "Budi")
    made = await booked(world, lead, (await slots(world))[0])
    theirs = [line.id for line in await world.transcript(other)]
    async with colleague(world.process, world.url, "Nyoman", Role.ADMIN, Role.SALES, Role.FINANCE) as admin:
        await admin.post(f"/inbox/{lead}/take")
        await world.quiet()
        before = [await meant(world, one) for one in (lead, other)]
        for line in (*theirs, *FORGED):
            assert (await admin.post(f"/inbox/{lead}/retry/{line}")).status_code in {404, 405, 409}, line
        for forged in FORGED:
            for path in (
                f"/inbox/{forged}/take",
                f"/inbox/{forged}/send",
                f"/inbox/{lead}/later/{forged}/drop",
                f"/bookings/{forged}/cancel",
                f"/bookings/{made['reference']}/{forged}",
                f"/money/refunds/{forged}/approve",
                f"/money/payouts/{forged}/retry",
                f"/money/payees/{forged}/confirm",
                f"/money/movements/{forged}/accept",
                f"/work/{forged}/done",
                f"/queue/{forged}/take",
                f"/account/sessions/{forged}/end",
            ):
                answer = await admin.post(path, text="Hello", quote="1", once="o", name="n")
                assert 400 <= answer.status_code < 500, (path, answer.status_code, answer.text[:200])
                assert answer.text, path
        await world.quiet()
        assert [await meant(world, one) for one in (lead, other)] == before


async def test_a_yes_that_is_sent_again_changes_once(world: World) -> None:
    lead = await customer(world)
    made = await booked(world, lead, (await slots(world))[0])
    reference = made["reference"]
    async with colleague(world.process, world.url, "Dewi", Role.SALES, Role.OPERATIONS) as dewi:
        quoted = await dewi.post(f"/bookings/{reference}/cancel", cause="customer", reason="Ill", once="w")
        found = re.search(r"/changes/([^/]+)/confirm", quoted.text)
        assert found, quoted.text
        number = re.search(r'name="quote" value="(\d+)"', quoted.text)
        assert number
        path = f"/bookings/{reference}/changes/{found[1]}/confirm"
        answers = [await dewi.post(path, quote=number[1], once="again") for _ in range(3)]
        assert answers[0].status_code == 200
        assert all(answer.status_code in {200, 409} for answer in answers)
        await world.quiet()
        audit = (await world.api.get(f"/bookings/{reference}/audit")).json()
        assert str(audit).count("'cancelled'") <= 2
        assert (await world.api.get(f"/bookings/{reference}")).json()["state"] == "CANCELLED"


async def test_scripts_and_marks_stay_words_on_every_page(world: World) -> None:
    lead = await conversation(world, NASTY, name="<b>Eve\u202e</b>")
    await booked(world, lead, (await slots(world))[0])
    now = await world.process.parts.clock.business_now()
    due = (now + timedelta(minutes=30)).isoformat()
    told = await world.api.post("/tasks", json={"title": NASTY, "due": due, "task_role": "host"})
    assert told.status_code == 201, told.text
    paths = (
        "/inbox?tab=all",
        f"/inbox/{lead}",
        "/inbox/rows?q=eve",
        "/queue",
        "/work",
        "/work?tab=coming",
        "/calendar",
        "/calendar/items",
        "/money",
        "/reports/funnel/rows?figure=inquiries",
        "/settings",
    )
    async with colleague(world.process, world.url, "Ni", Role.ADMIN, Role.SALES, Role.FINANCE) as admin:
        for path in paths:
            page = await admin.get(path)
            assert page.status_code == 200, path
            is_html = "html" in page.headers["Content-Type"]
            for forbidden in ("<b>Eve", "<script>alert", "<img src=x", "\u202e") if is_html else ("\u202e",):
                assert forbidden not in page.text, (path, forbidden)


async def test_what_is_refused_is_logged_with_who_and_why_and_no_words(world: World) -> None:
    lead, _ = await asked_for_a_person(world)
    async with (
        colleague(world.process, world.url, "Dewi") as dewi,
        colleague(world.process, world.url, "Made", Role.FINANCE) as made,
    ):
        with capture_logs() as logs:
            await dewi.post(f"/inbox/{lead}/send", text="a very private sentence", name="n")
            await made.post(f"/inbox/{lead}/send", text="a very private sentence", name="n")
            forged = Colleague(dewi.browser, "0" * 64, dewi.id)
            await forged.post(f"/inbox/{lead}/send", text="a very private sentence", name="n")
            await dewi.post(f"/inbox/{lead}/send", text="a very private sentence" + "x" * 10_000_000)
    route = "POST /console/inbox/<lead>/send"
    refused = [(one["problem"], one["by"], one["route"]) for one in logs if one["event"] == "request_refused"]
    assert refused == [
        ("may-not", made.id, route),
        ("csrf", dewi.id, route),
        ("body-too-large", None, route),
    ]
    assert [(one["why"], one["by"]) for one in logs if one["event"] == "words_refused"] == [
        ("not_taken_over", AgentId(dewi.id))
    ]
    assert "private sentence" not in str(logs)


async def test_a_stream_client_that_never_reads_is_let_go_and_harms_nobody(world: World, mongodb_uri: str) -> None:
    lead = await conversation(world)
    place = urlsplit(world.url)
    messages = world.process.database["messages"]
    async with colleague(world.process, world.url) as dewi:
        cookie = "; ".join(f"{name}={value}" for name, value in dewi.browser.cookies.items())
        deaf = socket.socket()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)
        loop = asyncio.get_running_loop()
        with deaf, capture_logs() as logs:
            await loop.sock_connect(deaf, (place.hostname, place.port))
            await loop.sock_sendall(
                deaf, f"GET /console/events HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n".encode()
            )
            async with dewi.browser.stream("GET", "/console/events") as stream:
                lines = stream.aiter_lines()
                heard = 0
                for batch in range(400):
                    rows = [{"_id": f"deaf:{batch}:{one}", "lead": lead} for one in range(200)]
                    await messages.insert_many(rows, ordered=False)
                    async for line in lines:
                        heard += f'"deaf:{batch}:' in line
                        if f'"deaf:{batch}:199"' in line:
                            break
                    if any(one["event"] == "live_page_let_go" for one in logs):
                        break
                assert [one["event"] for one in logs if one["event"] == "live_page_let_go"] == ["live_page_let_go"]
                assert heard == 200 * (batch + 1), "who reads hears all"
        await messages.delete_many({"_id": {"$regex": "^deaf:"}})
        assert (await dewi.get(f"/inbox/{lead}")).status_code == 200
        assert (await world.process.parts.leads.load(LeadId(lead))) is not None
