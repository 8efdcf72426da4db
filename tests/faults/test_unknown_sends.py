"""Sends that fail, hang or break off: never lost in silence, never doubled unmarked, never more than two."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.ids import DeliveryId, LeadId
from bot.domain.outbox import Status
from bot.engine.performers.chat import SendTimings
from bot.engine.understanding import Understands
from bot.store.delivery import DeliveryState
from bot.store.messages import DeliveryStatus, TranscriptLine
from intents.understanding import ExpectedAnswer, Language, Understanding
from simulator.customer import Phone
from tests.conftest import sampled
from tests.journeys.world import QUICK, World, opened, until

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(90)]


async def greeted(world: World, wa_id: str = "6281200000001") -> tuple[Phone, str]:
    """A customer who was greeted, with nothing left to do."""
    phone = await world.phone(wa_id=wa_id)
    await phone.say("Hello")
    await phone.expect("Hello Sari")
    await world.quiet()
    return phone, (await world.lead_of(phone))["id"]


async def bot_line(world: World, lead: str, words: str) -> TranscriptLine:
    """The bot's or an agent's line of the transcript with these words."""
    return next(line for line in await world.transcript(lead) if words in line.text and line.author != "customer")


async def silent_about_statuses(world: World) -> None:
    """Nothing tells what became of a message any more."""
    await world.told("PATCH", "/manners", {"statuses": {"mode": "off"}})


@pytest.mark.parametrize("fault", ["accept_reset", "accept_500"])
async def test_a_status_settles_a_send_whose_answer_was_lost(world: World, fault: str) -> None:
    phone, lead = await greeted(world)
    await world.fault(fault)
    await phone.tap("What can I do here?")
    await phone.expect("write STOP")
    await world.quiet()
    assert len(await phone.bubbles()) == 2
    line = await bot_line(world, lead, "write STOP")
    assert (
        line.perhaps_doubled,
        line.tick in {DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.READ},
    ) == (False, True)


@pytest.mark.parametrize("fault", ["accept_reset", "accept_500"])
async def test_a_repeatable_message_in_doubt_goes_once_more_and_is_marked(world: World, fault: str) -> None:
    phone, lead = await greeted(world)
    await silent_about_statuses(world)
    await world.fault(fault)
    await phone.tap("What can I do here?")
    await world.quiet()
    copies = [bubble for bubble in await phone.bubbles() if bubble.says("write STOP")]
    assert len(copies) == 2
    assert len({bubble.effect_id for bubble in copies}) == 1
    assert (await bot_line(world, lead, "write STOP")).perhaps_doubled


async def test_a_message_in_doubt_twice_is_never_sent_three_times_and_a_person_sees_it(world: World) -> None:
    phone, lead = await greeted(world)
    await silent_about_statuses(world)
    await world.fault("accept_reset", times=5)
    await phone.tap("What can I do here?")
    await world.quiet()
    assert len([bubble for bubble in await phone.bubbles() if bubble.says("write STOP")]) == 2
    line = await bot_line(world, lead, "write STOP")
    assert (line.perhaps_doubled, line.tick) == (True, DeliveryStatus.PERHAPS)
    assert (await world.lead_of(phone))["waits_for_person"]


async def test_a_reset_before_anything_was_taken_ends_in_one_bubble(world: World) -> None:
    phone, lead = await greeted(world)
    await world.fault("reset_before")
    await phone.tap("What can I do here?")
    await world.quiet()
    assert len([bubble for bubble in await phone.bubbles() if bubble.says("write STOP")]) == 1
    # nobody could know that it was not taken
    assert (await bot_line(world, lead, "write STOP")).perhaps_doubled


async def test_an_agents_words_in_doubt_are_not_sent_again_and_shown_as_perhaps_sent(world: World) -> None:
    phone, lead = await greeted(world)
    await world.api.post(f"/conversations/{lead}/takeover")
    await silent_about_statuses(world)
    await world.fault("accept_reset")
    await world.api.post(f"/conversations/{lead}/messages", json={"text": "Wayan here"})

    async def shown() -> bool:
        return any(line.tick is DeliveryStatus.PERHAPS for line in await world.transcript(lead))

    await until(shown, what="perhaps sent")
    await world.quiet()
    assert len([bubble for bubble in await phone.bubbles() if bubble.says("Wayan")]) == 1
    assert (await bot_line(world, lead, "Wayan")).perhaps_doubled is False
    assert (await world.lead_of(phone))["waits_for_person"]


async def test_an_agents_words_are_settled_by_a_status(world: World) -> None:
    phone, lead = await greeted(world)
    await world.api.post(f"/conversations/{lead}/takeover")
    await world.fault("accept_reset")
    await world.api.post(f"/conversations/{lead}/messages", json={"text": "Wayan here"})
    await phone.expect("Wayan here")
    await world.quiet()
    assert (await bot_line(world, lead, "Wayan")).tick in {DeliveryStatus.SENT, DeliveryStatus.DELIVERED}


async def test_a_slow_answer_is_waited_for(world: World) -> None:
    phone, lead = await greeted(world)
    await world.fault("slow", seconds=1.5)
    await phone.tap("What can I do here?")
    await phone.expect("write STOP")
    await world.quiet()
    assert len(await phone.bubbles()) == 2
    assert not (await bot_line(world, lead, "write STOP")).perhaps_doubled


async def test_a_hung_call_ends_by_our_deadline_and_is_in_doubt(world: World) -> None:
    phone, lead = await greeted(world)
    await silent_about_statuses(world)
    await world.fault("accept_hang")
    await phone.tap("What can I do here?")
    await world.quiet(timeout=30)
    assert len([bubble for bubble in await phone.bubbles() if bubble.says("write STOP")]) == 2
    assert (await bot_line(world, lead, "write STOP")).perhaps_doubled


@pytest.mark.parametrize("code", sampled([131026, 131047, 131009, 131049], 2))
async def test_a_refusal_for_good_is_shown_to_a_person_and_the_next_message_goes(world: World, code: int) -> None:
    phone, lead = await greeted(world)
    await world.fault("error", code=code, status=400)
    await phone.tap("What can I do here?")
    await world.quiet()
    assert len(await phone.bubbles()) == 1
    assert (await bot_line(world, lead, "write STOP")).tick is DeliveryStatus.FAILED
    assert (await world.lead_of(phone))["waits_for_person"]
    await phone.say("hello")
    await phone.expect("Hello again")


@pytest.mark.parametrize("refused", sampled([(1, 400), (131000, 400), (130429, 429), (131057, 400)], 2))
async def test_a_passing_refusal_is_tried_again_until_it_goes(world: World, refused: tuple[int, int]) -> None:
    phone, lead = await greeted(world)
    code, status = refused
    await world.fault("error", code=code, status=status, times=2)
    await phone.tap("What can I do here?")
    for _ in range(2):
        await until(lambda: _waits(world, lead), what="the next try")
        await world.time_passes(120)
    await phone.expect("write STOP", timeout=20)
    await world.quiet()
    assert len(await phone.bubbles()) == 2
    assert not (await bot_line(world, lead, "write STOP")).perhaps_doubled


async def _waits(world: World, lead: str) -> bool:
    stored = await world.stored(lead)
    now = await world.process.parts.leads.server_now()
    return any(one.status is Status.QUEUED and one.look_at > now for one in stored.outbox)


async def test_a_status_that_says_failed_is_shown_to_a_person(world: World) -> None:
    phone, lead = await greeted(world)
    await world.fault("accept_fail", code=131026)
    await phone.tap("What can I do here?")

    async def failed() -> bool:
        return any(line.tick is DeliveryStatus.FAILED for line in await world.transcript(lead))

    await until(failed, what="the failed status")
    await world.quiet()
    assert (await world.lead_of(phone))["waits_for_person"]


async def test_a_refused_account_pauses_the_outbox_for_all_until_it_is_mended(world: World) -> None:
    phone, lead = await greeted(world)
    other, _ = await greeted(world, "6281200000002")
    await world.fault("error", code=190, status=401)
    await phone.tap("What can I do here?")

    async def paused() -> bool:
        return await world.process.parts.pause.current() is not None

    await until(paused, what="the pause")
    ready = await world.api.get(f"{world.url}/readyz")
    assert ready.status_code == 503
    assert "190" in ready.json()["checks"]["outbox"]["problem"]
    await other.say("hello")
    await until(lambda: _waits(world, lead), what="the wait")
    await world.process.parts.pause.end()
    await world.time_passes(30)
    await phone.expect("write STOP")
    await other.expect("Hello again")
    assert (await world.api.get(f"{world.url}/readyz")).status_code == 200


async def test_a_pair_limit_holds_that_customer_only(mongodb_uri: str) -> None:
    async with opened(mongodb_uri, pair_rate=True) as world:
        phone, lead = await greeted(world)
        other, _ = await greeted(world, "6281200000002")
        await world.fault("error", code=131056, status=400, times=3)
        await phone.tap("What can I do here?")
        await until(lambda: _waits(world, lead), what="the hold")
        await world.told("DELETE", "/faults")
        await world.told("POST", "/clock", {"move": 600})
        await other.say("hello")
        await other.expect("Hello again")
        await world.time_passes(120)
        await phone.expect("write STOP")


@dataclass(frozen=True, slots=True)
class Stumbling:
    """An understanding with an error of ours in it."""

    plain: Understands

    def __call__(
        self,
        text: str,
        expecting: ExpectedAnswer,
        today: date,
        now: datetime,
        language: Language | None,
        vector: Sequence[float] | None = None,
    ) -> Understanding:
        """Stumble over poison."""
        if "poison" in text:
            raise ZeroDivisionError("in our own code")
        return self.plain(text, expecting, today, now, language, vector)


async def test_a_poisoned_delivery_is_parked_after_five_tries_and_the_rest_goes_on(world: World) -> None:
    phone, lead = await greeted(world)
    plain = world.process.parts.interpreter.understand
    world.process.parts.interpreter.understand = Stumbling(plain)
    await phone.say("poison")
    database = world.process.database

    async def parked() -> bool:
        await world.time_passes(100)
        return bool(await database["received"].count_documents({"state": "parked"}))

    await until(parked, what="the parking", poll=0.2)
    await phone.expect("I stumbled over your message")
    assert (await world.lead_of(phone))["waits_for_person"]
    await phone.say("hello")
    await phone.expect("Hello again")
    world.process.parts.interpreter.understand = plain
    row = await database["received"].find_one({"state": "parked"})
    assert (row["attempts"], row["reason"]) == (5, "ZeroDivisionError")
    now = await world.process.parts.leads.server_now()
    assert await world.process.parts.received.replay(DeliveryId(row["_id"]), now)
    await world.quiet()
    replayed = await world.process.parts.received.find(row["_id"])
    assert replayed is not None
    assert replayed.state is DeliveryState.DONE
    assert [line.text for line in await world.transcript(lead) if line.author == "customer"].count("poison") == 1


async def test_a_poisoned_customer_does_not_hold_up_another(world: World) -> None:
    phone, _ = await greeted(world)
    other, _ = await greeted(world, "6281200000002")
    world.process.parts.interpreter.understand = Stumbling(world.process.parts.interpreter.understand)
    await phone.say("poison")
    await other.say("hello")
    await other.expect("Hello again")


@pytest.mark.parametrize("lane", sampled(["chat", "slots", "money", "record", "a-lane-of-tomorrow"], 2))
async def test_an_order_of_unknown_kind_is_kept_in_every_lane_and_the_lead_goes_on(world: World, lane: str) -> None:
    phone, lead = await greeted(world)
    parts, leads = world.process.parts, world.process.database["leads"]
    sealed = await parts.vault.seal(LeadId(lead), "of-tomorrow:0", b'{"kind":"send_hologram"}')
    queued = {
        "id": "of-tomorrow:0",
        "lane": lane,
        "kind": "send_hologram",
        "epoch": 0,
        "author": "bot",
        "repeat": "once",
        "urgency": "answer",
        "supersedable": False,
        "not_after": None,
        "status": "queued",
        "attempts": 3,
        "look_at": await parts.leads.server_now() - timedelta(seconds=1),
        "claimed_at": None,
        "doubled": False,
        "sealed": sealed,
    }
    await leads.update_one({"_id": lead}, {"$push": {"outbox": queued}})
    await phone.say("hello")
    await phone.expect("Hello again")

    async def looked_at() -> bool:
        row = await leads.find_one({"_id": lead})
        return row["waits_for_person"] and [kept["attempts"] for kept in row["outbox"]] == [4]

    await until(looked_at, what="the order that stays")
    (kept,) = (await leads.find_one({"_id": lead}))["outbox"]
    assert (kept["kind"], kept["lane"], kept["reason"]) == ("send_hologram", lane, "unknown_kind")
    assert bytes(kept["sealed"]) == sealed
    history = await parts.audit.of(LeadId(lead))
    assert ("reason", "unknown_kind") in [fact for line in history for fact in line.facts]


async def test_no_bubble_ever_comes_three_times_whatever_the_network_does(mongodb_uri: str) -> None:
    terms = replace(QUICK, sending=SendTimings(unknown_waits=timedelta(seconds=0.3)))
    async with opened(mongodb_uri, terms) as world:
        phone, lead = await greeted(world)
        await silent_about_statuses(world)
        for kind in ("accept_reset", "reset_before", "accept_500", "accept_reset", "reset_before", "accept_500"):
            await world.fault(kind)
        for text in ("what can I do here?", "hello", "what can I do here?"):
            await phone.say(text)
            await world.quiet()
        counts = Counter(bubble.effect_id for bubble in await phone.bubbles())
        assert max(counts.values()) <= 2
        marked = {line.id for line in await world.transcript(lead) if line.perhaps_doubled}
        assert {str(effect).partition("|")[2] for effect, count in counts.items() if count > 1} <= marked
