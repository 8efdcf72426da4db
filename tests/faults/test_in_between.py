"""Somebody steps in while something is under way: a take-over, a hand-back, an erasure, an error of our own."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.commands import MoneyCommand, SlotCommand
from bot.domain.events import Event
from bot.domain.ids import EffectId, LeadId
from bot.domain.outbox import Status
from bot.domain.outcome import Decision
from bot.engine.decisions import Decisions
from bot.engine.relay import PerformsMoney, PerformsSlots
from tests.journeys import payments
from tests.journeys.world import World, until
from webhooks.cli import admin

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(120)]


@dataclass
class Held:
    """A desk that waits for a word before it does anything."""

    desk: PerformsSlots
    go: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def perform(self, lead: LeadId, effect: EffectId, order: SlotCommand, now: datetime) -> Event | None:
        self.asked.set()
        await self.go.wait()
        return await self.desk.perform(lead, effect, order, now)


@dataclass
class HeldTill:
    """A till whose provider does not answer before it is told to."""

    till: PerformsMoney | None
    go: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    done: int = 0

    async def perform(self, effect: EffectId, order: MoneyCommand, now: datetime) -> Event | None:
        assert self.till is not None
        self.asked.set()
        await self.go.wait()
        self.done += 1
        return await self.till.perform(effect, order, now)


@dataclass
class Broken:
    """A desk with an error of ours in it."""

    tries: int = 0

    async def perform(self, lead: LeadId, effect: EffectId, order: SlotCommand, now: datetime) -> Event | None:
        self.tries += 1
        raise ZeroDivisionError("in our own code")


async def drafts_of(world: World, lead: str) -> list[str]:
    answer = (await world.api.get(f"/conversations/{lead}/messages")).json()
    return [draft["text"] for draft in answer["drafts"]]


async def test_a_booking_that_ends_after_the_take_over_is_a_draft_and_goes_out_at_hand_back(world: World) -> None:
    phone = await world.phone()
    await phone.say("I'd like to book the free planning call tomorrow afternoon")
    await phone.expect("Tap one")
    await phone.say("the first one")
    await phone.expect("Please confirm")
    await world.quiet()
    relay = world.process.parts.relay
    assert relay.slots is not None
    relay.slots = held = Held(relay.slots)
    await phone.say("yes please")
    await held.asked.wait()
    lead = (await world.lead_of(phone))["id"]
    taken = await world.api.post(f"/conversations/{lead}/takeover")
    assert taken.status_code == 200
    seen = len(await phone.bubbles())
    held.go.set()
    await until(lambda: drafts_of(world, lead), what="the draft")
    assert "Booked" in (await drafts_of(world, lead))[0]
    assert len(await phone.bubbles()) == seen
    assert (await world.api.post(f"/conversations/{lead}/release")).status_code == 200
    await phone.expect("Booked")


async def test_a_provider_that_does_not_answer_keeps_nobody_from_being_heard(world: World) -> None:
    till = HeldTill(world.process.parts.relay.money)
    world.process.parts.relay.money = till
    phone = await world.phone("Emma", wa_id="6281200000011")
    await payments.ordered(phone)
    await asyncio.wait_for(till.asked.wait(), 30)
    await phone.say("help")
    assert "talk to a person" in (await phone.expect("Here you can")).text
    till.go.set()
    assert (await phone.expect("Please pay", kind="cta_url")).links
    await world.quiet()
    assert till.done == 1


async def test_a_fact_stays_a_draft_however_much_the_customer_writes_meanwhile(world: World) -> None:
    phone = await world.phone()
    await phone.say("I'd like to book the free planning call tomorrow afternoon")
    await phone.expect("Tap one")
    await phone.say("the first one")
    await phone.expect("Please confirm")
    await world.quiet()
    relay = world.process.parts.relay
    assert relay.slots is not None
    relay.slots = held = Held(relay.slots)
    await phone.say("yes please")
    await held.asked.wait()
    lead = (await world.lead_of(phone))["id"]
    await world.api.post(f"/conversations/{lead}/takeover")
    held.go.set()
    await until(lambda: drafts_of(world, lead), what="the draft")
    await phone.say("hello?")
    await phone.say("what can I do here?")

    async def both() -> bool:
        return len(await drafts_of(world, lead)) == 2

    await until(both, what="the fact and the answer")
    assert any("Booked" in draft for draft in await drafts_of(world, lead))


async def test_an_effect_that_fails_in_our_code_five_times_is_set_aside_and_the_lead_goes_on(world: World) -> None:
    phone = await world.phone()
    relay = world.process.parts.relay
    sound = relay.slots
    relay.slots = broken = Broken()
    await phone.say("I'd like to book the free planning call tomorrow afternoon")

    async def five() -> bool:
        await world.time_passes(100)
        return broken.tries >= 5

    await until(five, what="five tries", poll=0.2, timeout=40)
    await phone.expect("I stumbled over your message", timeout=20)
    relay.slots = sound
    await world.quiet()
    assert broken.tries == 5
    assert (await world.lead_of(phone))["waits_for_person"]
    await phone.say("hello")
    await phone.wait_for(lambda bubble: bool(bubble.text), timeout=20)


async def test_a_timer_that_fails_in_our_code_is_taken_away_after_the_fifth_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = await world.phone()
    await phone.say("hello")
    await phone.expect("Hello Sari")
    await world.quiet()
    lead = LeadId((await world.lead_of(phone))["id"])
    leads, clock = world.process.parts.leads, world.process.parts.clock
    stored = await world.stored(lead)
    poisoned = stored.lead.with_timer("poison", await clock.business_now())
    tries = 0

    async def commit(*given: Any, **more: Any) -> bool:
        nonlocal tries
        tries += 1
        raise ZeroDivisionError("in our own code")

    monkeypatch.setattr(Decisions, "commit", commit)
    assert await leads.commit(stored, Decision(poisoned), []) is not None

    async def gone() -> bool:
        return "poison" not in (await world.stored(lead)).lead.timers

    async def rang_again() -> bool:
        now = await world.stored(lead)
        if "poison" in now.lead.timers:
            overdue = await clock.business_now() - timedelta(seconds=100)
            await leads.commit(now, Decision(now.lead.with_timer("poison", overdue)), [])
        return tries >= 5

    await until(rang_again, what="five tries", timeout=30, poll=0.3)
    await until(gone, what="the end of the timer", timeout=20)
    assert (await world.stored(lead)).lead.waits_for_person


async def test_an_erased_customer_is_gone_from_the_inbox_and_may_write_anew(world: World, mongodb_uri: str) -> None:
    phone, other = await world.phone(wa_id="6281200000011"), await world.phone("Budi", wa_id="6281200000012")
    for one in (phone, other):
        await one.say("hello")
        await one.expect("Hello")
    await world.quiet()
    lead = (await world.lead_of(phone))["id"]
    settings, uri = world.process.settings, mongodb_uri
    assert await admin.erase(settings, uri, lead, dry_run=False)
    inbox = await world.api.get("/conversations")
    assert inbox.status_code == 200
    assert lead not in {item["id"] for item in inbox.json()["items"]}
    assert (await world.api.get(f"/leads/{lead}")).status_code == 404
    assert not await admin.erase(settings, uri, lead, dry_run=False)
    await phone.say("hello again")
    await phone.expect("Hello")
    assert (await world.lead_of(phone))["id"] != lead


async def test_what_left_with_an_unknown_outcome_is_told_by_the_take_over(world: World) -> None:
    phone = await world.phone()
    await phone.say("hello")
    await phone.expect("Hello Sari")
    await world.quiet()
    await world.told("PATCH", "/manners", {"statuses": {"mode": "off"}})
    await world.fault("accept_reset")
    await phone.say("what can I do here?")
    lead = (await world.lead_of(phone))["id"]

    async def in_doubt() -> bool:
        return any(one.status is Status.UNKNOWN for one in (await world.stored(lead)).outbox)

    await until(in_doubt, what="the doubt")
    taken = (await world.api.post(f"/conversations/{lead}/takeover")).json()
    assert [(one["arrived"], "Here you can" in one["text"]) for one in taken["on_its_way"]] == [(False, True)]
