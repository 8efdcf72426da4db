"""`flow_sessions`: one winner a version, nothing readable, and a hold that moves only with its session."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ids import LeadId
from bot.slots.claims import ClaimKey, Need, Resource
from bot.store import driver
from bot.store.claims import Claimant, Claims, Held, HoldId, Unavailable
from bot.store.flow_sessions import FlowSessions, Form
from flows.session import Answers, FlowSession, FlowToken, Purpose
from flows.session import HoldId as FormHold
from flows.view import ServiceId
from tests.conftest import DRIVERS
from tests.contracts.makers import NOW, WORDS, vault

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

TOKEN = FlowToken("booking~nonce~lead-1.signature")
UNTIL = NOW + timedelta(minutes=30)


def form(token: FlowToken = TOKEN, lead: str = "lead-1") -> Form:
    """A form just sent."""
    session = FlowSession(token, lead, Purpose.BOOKING, FormHold(f"form:{token}"), NOW + timedelta(days=2))
    return Form(session, "vi", "Hồng Gấm", "villa-melati")


def answered(one: Form, notes: str = WORDS) -> Form:
    """The form with picks."""
    answers = Answers(ServiceId("massage"), NOW.date(), None, 2, "Gấm", notes)
    return replace(one, session=one.session.picked(answers))


def need(which: str) -> Need:
    """A time of somebody."""
    return Need(Resource("provider:wayan"), (which,))


async def test_what_is_saved_is_read_again_and_its_version_grows(db: driver.Database) -> None:
    sessions = FlowSessions(db, vault(db))
    await sessions.create(form())
    assert await sessions.load(TOKEN) == form()
    assert await sessions.save(answered(form()))
    read = await sessions.load(TOKEN)
    assert read is not None
    assert read.session == replace(answered(form()).session, version=1)
    assert (read.language, read.known_name, read.place) == ("vi", "Hồng Gấm", "villa-melati")


async def test_a_form_sent_again_under_its_token_stays_as_it_was(db: driver.Database) -> None:
    sessions = FlowSessions(db, vault(db))
    await sessions.create(form())
    await sessions.save(answered(form()))
    await sessions.create(form())
    read = await sessions.load(TOKEN)
    assert read is not None
    assert read.session.version == 1


async def test_of_many_that_save_one_version_at_once_one_wins(db: driver.Database, db_again: driver.Database) -> None:
    stores = [FlowSessions(one, vault(one)) for one in (db, db_again)]
    await stores[0].create(form())
    for version in range(10):
        read = await stores[1].load(TOKEN)
        assert read is not None
        assert read.session.version == version
        saves = [stores[number % 2].save(answered(read, str(number))) for number in range(8)]
        assert sum(await asyncio.gather(*saves)) == 1


async def test_nothing_a_customer_typed_can_be_read_in_the_store(db: driver.Database) -> None:
    sessions = FlowSessions(db, vault(db))
    await sessions.create(form())
    await sessions.save(answered(form()))
    row = await db["flow_sessions"].find_one({})
    assert WORDS not in str(row)
    assert "Gấm".encode() not in bytes(row["packed"])


async def test_an_erased_customers_form_is_as_if_it_never_was(db: driver.Database) -> None:
    keys = vault(db)
    sessions = FlowSessions(db, keys)
    await sessions.create(form())
    await keys.destroy(LeadId("lead-1"))
    assert await sessions.load(TOKEN) is None
    assert await sessions.load("booking~other") is None


async def test_the_form_a_customer_sent_last_is_found(db: driver.Database) -> None:
    sessions = FlowSessions(db, vault(db))
    for number in range(3):
        one = form(FlowToken(f"token-{number}"))
        await sessions.create(one)
        if number != 2:
            await sessions.save(replace(one, session=one.session.submitted(NOW + timedelta(minutes=number))))
    assert await sessions.last_sent_by(LeadId("lead-1")) == "token-1"
    assert await sessions.last_sent_by(LeadId("lead-2")) is None


async def test_a_hold_moves_to_another_time_and_keeps_nothing_else(db: driver.Database) -> None:
    claims = Claims(db)
    mine = Claimant(HoldId("form:a"), LeadId("lead-1"))

    async def to(which: str) -> Held | Unavailable:
        async def once(transaction: Any) -> Held | Unavailable:
            return await claims.moved(transaction, mine, [need(which)], now=NOW, expires_at=UNTIL)

        return await claims.together(once)

    assert isinstance(await to("2026-03-15T02:00Z"), Held)
    assert isinstance(await to("2026-03-15T04:00Z"), Held)
    keys = [row["_id"] for row in await db["claims"].find({}).to_list(None)]
    assert keys == ["provider:wayan|2026-03-15T04:00Z|000"]
    other = Claimant(HoldId("other"), LeadId("lead-2"))
    assert isinstance(await claims.claim(other, [need("2026-03-15T06:00Z")], now=NOW, expires_at=UNTIL), Held)
    assert isinstance(await to("2026-03-15T06:00Z"), Unavailable)
    assert await claims.holding(mine.hold) is None, "taken, it keeps nothing"


async def test_a_hold_for_a_move_takes_only_what_the_booking_has_not_got(db: driver.Database) -> None:
    claims, moves = Claims(db), "2026-03-15T02:30Z"
    booked = Claimant(HoldId("booked"), LeadId("lead-1"))
    mine = Claimant(HoldId("form:a"), LeadId("lead-1"))
    await claims.claim(booked, [need("2026-03-15T02:00Z")], now=NOW, expires_at=UNTIL)
    assert await claims.book(booked.hold, now=NOW)

    async def to(*times: str) -> Held | Unavailable:
        async def once(transaction: Any) -> Held | Unavailable:
            needs = [need(one) for one in times]
            return await claims.moved(transaction, mine, needs, now=NOW, expires_at=UNTIL, besides=booked.hold)

        return await claims.together(once)

    assert await to("2026-03-15T02:00Z", moves) == Held(mine.hold, (ClaimKey(f"provider:wayan|{moves}|000"),), UNTIL)
    assert await to("2026-03-15T02:00Z") == Held(mine.hold, (), UNTIL), "all of it is there already"
    assert await claims.holding(mine.hold) is None
    kept = await claims.holding(booked.hold)
    assert kept is not None
    assert (kept.claims, kept.is_booked) == (1, True)


async def test_what_is_booked_under_the_hold_is_not_moved(db: driver.Database) -> None:
    claims = Claims(db)
    mine = Claimant(HoldId("form:a"), LeadId("lead-1"))
    await claims.claim(mine, [need("2026-03-15T02:00Z")], now=NOW, expires_at=UNTIL)
    assert await claims.book(mine.hold, now=NOW)

    async def once(transaction: Any) -> Held | Unavailable:
        return await claims.moved(transaction, mine, [need("2026-03-15T04:00Z")], now=NOW, expires_at=UNTIL)

    assert await claims.together(once) == Held(mine.hold, (ClaimKey("provider:wayan|2026-03-15T02:00Z|000"),), None)


async def test_a_hold_does_not_move_when_its_session_was_saved_by_another(db: driver.Database) -> None:
    class Lost(Exception):
        pass

    claims, sessions = Claims(db), FlowSessions(db, vault(db))
    mine = Claimant(HoldId("form:a"), LeadId("lead-1"))
    await sessions.create(form())
    assert await sessions.save(answered(form()))

    async def once(transaction: Any) -> None:
        await claims.moved(transaction, mine, [need("2026-03-15T02:00Z")], now=NOW, expires_at=UNTIL)
        if not await sessions.save(answered(form(), "stale"), transaction):
            raise Lost

    with pytest.raises(Lost):
        await claims.together(once)
    assert await claims.holding(mine.hold) is None


async def test_a_forms_own_hold_counts_as_free_for_it(db: driver.Database) -> None:
    claims = Claims(db)
    mine = Claimant(HoldId("form:a"), LeadId("lead-1"))
    await claims.claim(mine, [need("2026-03-15T02:00Z")], now=NOW, expires_at=UNTIL)
    day = NOW.date() + timedelta(days=1)
    resource = Resource("provider:wayan")
    others = await claims.taken([resource], day, day, now=NOW, besides_holds=(mine.hold,))
    assert not others.seats(resource, ["2026-03-15T02:00Z"])
    everybodys = await claims.taken([resource], day, day, now=NOW)
    assert everybodys.seats(resource, ["2026-03-15T02:00Z"]) == {0}


async def test_after_a_merge_a_form_is_the_older_leads_and_goes_with_the_older_leads_key(db: driver.Database) -> None:
    keys = vault(db)
    sessions = FlowSessions(db, keys)
    await sessions.create(form())
    await sessions.save(answered(form()))
    await sessions.reassign(LeadId("lead-1"), LeadId("lead-0"))
    read = await sessions.load(TOKEN)
    assert read is not None
    assert (read.lead, read.session.lead_id, read.session.answers.notes) == ("lead-0", "lead-1", WORDS)
    assert await sessions.save(read)
    await keys.destroy(LeadId("lead-0"))
    assert await sessions.load(TOKEN) is None


async def test_forms_that_ended_long_ago_are_forgotten_and_others_stay(db: driver.Database) -> None:
    sessions = FlowSessions(db, vault(db))
    old, sent, fresh = (form(FlowToken(f"booking~{name}~lead-1.signature")) for name in ("old", "sent", "fresh"))
    late = replace(fresh, session=replace(fresh.session, expires_at=NOW + timedelta(days=9)))
    for one in (old, replace(sent, session=sent.session.submitted(NOW)), late):
        await sessions.create(one)
    assert await sessions.forget_ended(before=NOW + timedelta(days=2)) == 0
    assert await sessions.forget_ended(before=NOW + timedelta(days=3)) == 2
    assert await sessions.load(old.session.token) is None
    assert await sessions.load(late.session.token) == late
