"""`leads`: one update saves state and effects together, and undoes nothing that others did meanwhile."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.alarms import AlarmReason
from bot.domain.commands import Author, RecordAudit, SendText
from bot.domain.ids import AgentId, EffectId, LeadId
from bot.domain.lead import Lead
from bot.domain.outbox import QueuedEffect, Status, WantedLease
from bot.domain.outcome import Withdraw
from bot.domain.states import Mode
from bot.store import driver
from bot.store.inbox_views import InboxFilter, InboxOrder, InboxTab, InboxView
from bot.store.next_due import NextDue
from bot.store.outboxes import TryCount
from bot.store.sealing import KeyDestroyed
from tests.bot.makers import conversing
from tests.conftest import DRIVERS
from tests.contracts.makers import (
    MINUTE,
    NOW,
    WORDS,
    decision,
    effect,
    lead,
    leads,
    loaded,
    statuses,
    taken_over,
    waiting,
    with_outbox,
)

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

ID = lead().id
RACES = 100
NEVER_YET = datetime(1990, 1, 1, tzinfo=UTC)


async def test_a_commit_saves_state_and_effects_and_says_the_lead_as_it_stands(db: driver.Database) -> None:
    store = leads(db)
    await store.create(lead())
    moved = replace(lead(), name="$name").with_timer("a.b", NOW + MINUTE).with_timer("late", NOW + 2 * MINUTE)
    saved = await store.commit(await loaded(store, ID), decision(moved, effect("e:0"), effect("e:1")), ["e"])
    stored = await loaded(store, ID)
    assert saved is not None
    assert saved.size > 0
    assert saved.stored == stored
    assert (stored.lead, stored.version, stored.handled) == (moved, 1, frozenset({"e"}))
    assert [one.effect for one in stored.outbox] == [effect("e:0"), effect("e:1")]
    assert await NextDue(db).visits(NEVER_YET, NOW) == []
    assert await NextDue(db).visits(NEVER_YET, NOW + MINUTE) == [ID]


async def test_a_new_lead_is_made_once(db: driver.Database, db_again: driver.Database) -> None:
    makers = [leads(db), leads(db_again)]
    for number in range(25):
        fresh = lead(f"lead-{number}")
        await asyncio.gather(*(store.create(fresh) for store in makers for _ in range(4)))
        assert (await loaded(makers[0], fresh.id)).lead == fresh
    stored = await with_outbox(makers[0], effect("e:0"))
    await makers[1].create(Lead(id=ID))
    assert await loaded(makers[0], ID) == stored


async def test_an_unknown_lead_is_none(db: driver.Database) -> None:
    store = leads(db)
    assert await store.load(ID) is None
    assert await store.acquire(ID, "token") is None
    assert not await store.exists(ID)
    await store.create(lead())
    assert await store.exists(ID)


async def test_a_commit_adds_behind_and_takes_settled_ones_out(db: driver.Database) -> None:
    store = leads(db)
    stored = await with_outbox(store, effect("a:0"), effect("a:1"), effect("a:2"))
    settled = [EffectId("a:1"), EffectId("$a:2")]
    assert await store.commit(stored, decision(lead(), effect("b:0")), ["b"], settled) is not None
    assert list(await waiting(store, ID)) == ["a:0", "a:2", "b:0"]


async def test_of_many_commits_of_one_version_one_wins_and_the_others_change_nothing(
    db: driver.Database, db_again: driver.Database
) -> None:
    stores = [leads(db), leads(db_again)]
    for race in range(20):
        fresh = lead(f"lead-{race}")
        stored = await with_outbox(stores[0], of=fresh)
        rivals = [replace(fresh, name=f"rival {number}") for number in range(8)]
        results = await asyncio.gather(
            *(
                stores[number % 2].commit(stored, decision(one, effect(f"{number}:0")), [str(number)])
                for number, one in enumerate(rivals)
            )
        )
        (winner,) = [number for number, result in enumerate(results) if result is not None]
        after = await loaded(stores[0], fresh.id)
        assert after.lead == rivals[winner]
        assert after.version == stored.version + 1
        assert list(statuses(after)) == [f"{winner}:0"]
        assert after.handled == {"event", str(winner)}


async def test_a_commit_never_undoes_a_claim(db: driver.Database, db_again: driver.Database) -> None:
    store, relay = leads(db), leads(db_again)
    for race in range(RACES):
        fresh = lead(f"lead-{race}")
        first = effect("a:0")
        stored = await with_outbox(store, first, of=fresh)
        await relay.acquire(fresh.id, "token")
        results = await asyncio.gather(
            store.commit(stored, decision(fresh, effect("b:0")), ["b"]),
            *(relay.claim(fresh.id, "token", first) for _ in range(3)),
        )
        assert results[0] is not None
        assert sum(result is True for result in results[1:]) == 1
        after = await loaded(store, fresh.id)
        assert statuses(after) == {"a:0": Status.CLAIMED, "b:0": Status.QUEUED}
        assert after.outbox[0].status is Status.CLAIMED


async def test_a_take_over_turns_queued_words_into_drafts_but_never_claimed_ones(
    db: driver.Database, db_again: driver.Database
) -> None:
    store, relay = leads(db), leads(db_again)
    for race in range(RACES):
        fresh = lead(f"lead-{race}")
        first, second = effect("a:0"), effect("a:1")
        stored = await with_outbox(store, first, second, of=fresh)
        await relay.acquire(fresh.id, "token")
        size, won = await asyncio.gather(
            store.commit(stored, taken_over(stored), ["t"]), relay.claim(fresh.id, "token", first)
        )
        assert size is not None
        after = await loaded(store, fresh.id)
        expected = Status.CLAIMED if won else Status.DRAFT
        assert statuses(after) == {"a:0": expected, "a:1": Status.DRAFT}
        on_its_way = await store.on_its_way(fresh.id, after.lead.conversation.epoch)
        assert [one.effect.id for one in on_its_way] == (["a:0"] if won else [])
        assert not await relay.claim(fresh.id, "token", second)


async def test_a_take_over_leaves_the_agents_words_and_records_alone(db: driver.Database) -> None:
    store = leads(db)
    record = RecordAudit(what="opted_out", by="customer", at=NOW)
    stored = await with_outbox(store, effect("a:0"), effect("a:1", author=Author.AGENT), effect("a:2", order=record))
    await store.commit(stored, taken_over(stored), ["t"])
    assert statuses(await loaded(store, ID)) == {"a:0": Status.DRAFT, "a:1": Status.QUEUED, "a:2": Status.QUEUED}


async def test_a_new_answer_supersedes_unsent_ones_that_say_no_more(db: driver.Database) -> None:
    store = leads(db)
    weak = [replace(effect(f"a:{number}"), supersedable=True) for number in range(2)]
    stored = await with_outbox(store, *weak, effect("a:2"))
    await store.acquire(ID, "token")
    assert await store.claim(ID, "token", weak[0])
    answer = replace(effect("b:0"), supersedable=True)
    await store.commit(stored, decision(lead(), answer, withdraw=Withdraw.SUPERSEDED), ["b"])
    assert statuses(await loaded(store, ID)) == {
        "a:0": Status.CLAIMED,
        "a:2": Status.QUEUED,
        "b:0": Status.QUEUED,
    }


async def test_deciding_anew_takes_back_drafts_only(db: driver.Database) -> None:
    store = leads(db)
    draft = replace(effect("a:0"), draft=True)
    stored = await with_outbox(store, draft, effect("a:1"))
    assert statuses(stored) == {"a:0": Status.DRAFT, "a:1": Status.QUEUED}
    await store.commit(stored, decision(lead(), effect("b:0"), withdraw=Withdraw.DRAFTS), ["b"])
    assert statuses(await loaded(store, ID)) == {"a:1": Status.QUEUED, "b:0": Status.QUEUED}


async def test_a_fact_that_is_a_draft_survives_new_words_and_goes_out_at_hand_back(db: driver.Database) -> None:
    store = leads(db)
    fact, reply = replace(effect("a:0"), draft=True, is_fact=True), replace(effect("a:1"), draft=True)
    stored = await with_outbox(store, fact, reply)
    await store.commit(stored, decision(lead(), withdraw=Withdraw.DRAFTS), ["b"])
    assert statuses(await loaded(store, ID)) == {"a:0": Status.DRAFT}
    back = conversing(lead(), epoch=7)
    await store.commit(await loaded(store, ID), decision(back, withdraw=Withdraw.HAND_BACK), ["c"])
    waiting = (await loaded(store, ID)).outbox[0]
    assert (waiting.status, waiting.effect.epoch, waiting.effect.is_fact) == (Status.QUEUED, 7, True)


async def test_an_erased_lead_is_a_tombstone(db: driver.Database) -> None:
    store = leads(db)
    stored = await with_outbox(store, effect("a:0"))
    await store.erase(ID)
    assert await store.load(ID) is None
    assert not await store.exists(ID)
    assert await store.acquire(ID, "token") is None
    assert await NextDue(db).visits(await store.server_now(), NEVER_YET) == []
    assert (await store.page(seen("all"), 10, None)).leads == ()
    with pytest.raises(KeyDestroyed):
        await store.commit(stored, decision(lead(), effect("b:0")), ["b"])


async def test_what_is_carried_over_goes_out_under_the_new_epoch(db: driver.Database) -> None:
    store = leads(db)
    draft, queued, claimed = replace(effect("a:0"), draft=True), effect("a:1"), effect("a:2")
    record = effect("a:3", order=RecordAudit(what="x", by="y", at=NOW))
    stored = await with_outbox(store, draft, queued, claimed, record)
    await store.acquire(ID, "token")
    assert await store.claim(ID, "token", claimed)
    moved = conversing(lead(), epoch=5)
    await store.commit(stored, decision(moved, withdraw=Withdraw.CARRIED_OVER), ["m"])
    after = await waiting(store, ID)
    assert {key: one.effect.epoch for key, one in after.items()} == {"a:0": 0, "a:1": 5, "a:2": 0, "a:3": 0}
    assert not await store.claim(ID, "token", queued)
    assert await store.claim(ID, "token", after["a:1"].effect)


async def test_only_one_of_many_workers_gets_the_lease(db: driver.Database, db_again: driver.Database) -> None:
    stores = [leads(db), leads(db_again)]
    for race in range(20):
        fresh = lead(f"lead-{race}")
        await stores[0].create(fresh)
        got = await asyncio.gather(*(stores[number % 2].acquire(fresh.id, f"token-{number}") for number in range(10)))
        assert [one.lead for one in got if one is not None] == [fresh]


async def test_a_lease_that_ran_out_is_the_next_ones(db: driver.Database) -> None:
    store = leads(db)
    only = effect("a:0")
    await with_outbox(store, only)
    assert await store.acquire(ID, "first", seconds=0) is not None
    assert not await store.claim(ID, "first", only)
    assert not await store.renew(ID, "first")
    assert await store.acquire(ID, "second") is not None
    assert await store.acquire(ID, "first") is None
    assert not await store.claim(ID, "first", only)
    assert await store.claim(ID, "second", only)


async def test_a_renewed_lease_counts_from_the_renewal(db: driver.Database) -> None:
    store = leads(db)
    await store.create(lead())
    await store.acquire(ID, "first")
    assert await store.renew(ID, "first", seconds=0)
    assert await store.acquire(ID, "second") is not None
    assert await store.renew(ID, "second", seconds=600)
    row = await db["leads"].find_one({"_id": ID})
    left = (row["lease"]["until"] - await store.server_now()).total_seconds()
    assert 500 < left <= 600


async def test_who_lost_the_lease_cannot_give_it_back(db: driver.Database) -> None:
    store = leads(db)
    await store.create(lead())
    await store.acquire(ID, "first", seconds=0)
    await store.acquire(ID, "second")
    await store.release(ID, "first")
    assert await store.acquire(ID, "third") is None
    await store.release(ID, "second")
    assert await store.acquire(ID, "third") is not None


async def test_a_commit_takes_a_free_lease_with_it_and_holds_on_to_it(db: driver.Database) -> None:
    store = leads(db)
    await store.create(lead())
    under = WantedLease("first", 30)
    saved = await store.commit(await loaded(store, ID), decision(lead(), effect("a:0")), ["a"], under=under)
    assert saved is not None
    assert saved.stored.lease is not None
    assert saved.stored.lease.token == "first"
    assert await store.acquire(ID, "second") is None
    again = await store.commit(saved.stored, decision(lead()), ["b"], under=under)
    assert again is not None
    assert await store.claim(ID, "first", again.stored.outbox[0].effect)


async def test_a_commit_under_a_lease_that_somebody_else_has_saves_nothing(db: driver.Database) -> None:
    store = leads(db)
    await store.create(lead())
    stored = await loaded(store, ID)
    assert await store.acquire(ID, "first") is not None
    assert await store.commit(stored, decision(lead(), effect("a:0")), ["a"], under=WantedLease("second", 30)) is None
    now = await loaded(store, ID)
    assert (now.version, now.outbox) == (stored.version, ())
    assert now.is_anothers("second", await store.server_now())
    assert not now.is_anothers("first", await store.server_now())


async def test_a_commit_takes_a_lease_that_ran_out_and_its_former_holder_claims_nothing(
    db: driver.Database,
) -> None:
    store = leads(db)
    await store.create(lead())
    stored = await store.acquire(ID, "first", seconds=0)
    assert stored is not None
    saved = await store.commit(stored, decision(lead(), effect("a:0")), ["a"], under=WantedLease("second", 30))
    assert saved is not None
    queued = saved.stored.outbox[0].effect
    assert not await store.claim(ID, "first", queued)
    assert not await store.renew(ID, "first")
    assert await store.commit(saved.stored, decision(lead()), ["b"], under=WantedLease("first", 30)) is None
    assert await store.claim(ID, "second", queued)


async def test_of_two_workers_that_heard_the_same_words_one_commits(
    db: driver.Database, db_again: driver.Database
) -> None:
    stores = [leads(db), leads(db_again)]
    for number in range(10):
        fresh = lead(f"race-{number}")
        await stores[0].create(fresh)
        seen = [await loaded(store, fresh.id) for store in stores]
        won = await asyncio.gather(
            *(
                store.commit(stored, decision(fresh, effect("a:0")), ["a"], under=WantedLease(f"worker-{place}", 30))
                for place, (store, stored) in enumerate(zip(stores, seen, strict=True))
            )
        )
        winner = next(place for place, saved in enumerate(won) if saved is not None)
        assert won[1 - winner] is None
        queued = (await loaded(stores[0], fresh.id)).outbox[0].effect
        assert not await stores[1 - winner].claim(fresh.id, f"worker-{1 - winner}", queued)
        assert await stores[winner].claim(fresh.id, f"worker-{winner}", queued)


async def test_handled_events_are_forgotten_by_name_only(db: driver.Database) -> None:
    store = leads(db)
    await store.create(lead())
    events = ["a", "$b", "c", "d"]
    await store.commit(await loaded(store, ID), decision(lead()), events)
    await store.acquire(ID, "token")
    await store.release(ID, "token", ["a", "$b", "unknown"])
    assert (await loaded(store, ID)).handled == {"c", "d"}


async def test_without_the_lease_nothing_is_claimed(db: driver.Database) -> None:
    store = leads(db)
    only = effect("a:0")
    await with_outbox(store, only)
    assert not await store.claim(ID, "token", only)
    await store.acquire(ID, "token")
    assert not await store.claim(ID, "another", only)
    assert not await store.claim(ID, "token", effect("unknown:0"))
    assert await store.claim(ID, "token", only)
    assert not await store.claim(ID, "token", only)


async def test_words_of_an_old_epoch_are_not_claimed_but_an_agents_are(db: driver.Database) -> None:
    store = leads(db)
    bots, agents = effect("a:0"), effect("a:1", author=Author.AGENT)
    stored = await with_outbox(store, bots, agents)
    moved = conversing(lead(), mode=Mode.AGENT, epoch=1)
    await store.commit(stored, decision(moved), ["t"])
    await store.acquire(ID, "token")
    assert not await store.claim(ID, "token", bots)
    assert await store.claim(ID, "token", agents)


async def test_a_send_that_surely_failed_goes_back_to_the_queue(db: driver.Database) -> None:
    store = leads(db)
    only = effect("a:0")
    await with_outbox(store, only)
    await store.acquire(ID, "token")
    await store.unclaim(ID, only.id, 60)
    assert (await waiting(store, ID))["a:0"].attempts == 0
    assert await store.claim(ID, "token", only)
    await store.unclaim(ID, only.id, 60, TryCount.UNSENT)
    back = (await waiting(store, ID))["a:0"]
    assert (back.status, back.attempts, back.unsent, back.claimed_at) == (Status.QUEUED, 0, 1, None)
    assert back.look_at > await store.server_now()
    assert await NextDue(db).visits(await store.server_now(), NEVER_YET) == []


async def test_words_put_back_after_a_take_over_are_not_sent(db: driver.Database) -> None:
    store = leads(db)
    only = effect("a:0")
    stored = await with_outbox(store, only)
    await store.acquire(ID, "token")
    await store.claim(ID, "token", only)
    await store.commit(stored, taken_over(stored), ["t"])
    await store.unclaim(ID, only.id, 0)
    assert not await store.claim(ID, "token", only)
    assert await store.on_its_way(ID, 1) == []
    await store.to_draft(ID, only.id)
    assert statuses(await loaded(store, ID)) == {"a:0": Status.DRAFT}


async def test_what_is_put_off_stays_queued_and_a_claimed_one_stays_claimed(db: driver.Database) -> None:
    store = leads(db)
    only = effect("a:0")
    await with_outbox(store, only)
    assert await NextDue(db).visits(await store.server_now(), NEVER_YET) == [ID]
    await store.defer(ID, only.id, 60)
    assert statuses(await loaded(store, ID)) == {"a:0": Status.QUEUED}
    assert await NextDue(db).visits(await store.server_now(), NEVER_YET) == []
    await store.acquire(ID, "token")
    await store.claim(ID, "token", only)
    await store.defer(ID, only.id, 60)
    await store.to_draft(ID, only.id)
    assert statuses(await loaded(store, ID)) == {"a:0": Status.CLAIMED}


async def test_an_unknown_send_keeps_since_when_and_goes_out_once_more_marked(db: driver.Database) -> None:
    store = leads(db)
    only = effect("a:0")
    await with_outbox(store, only)
    await store.acquire(ID, "token")
    await store.claim(ID, "token", only)
    since = (await waiting(store, ID))["a:0"].claimed_at
    await store.mark_unknown(ID, only.id, 60)
    unknown = (await waiting(store, ID))["a:0"]
    assert (unknown.status, unknown.claimed_at, unknown.doubled) == (Status.UNKNOWN, since, False)
    assert await NextDue(db).visits(await store.server_now(), NEVER_YET) == []
    await store.look_now((ID, only.id))
    assert await NextDue(db).visits(await store.server_now(), NEVER_YET) == [ID]
    assert not await store.claim(ID, "token", only)
    await store.requeue_doubled(ID, only.id)
    again = (await waiting(store, ID))["a:0"]
    assert (again.status, again.doubled, again.claimed_at) == (Status.QUEUED, True, None)
    assert await store.claim(ID, "token", only)


async def test_only_a_claimed_send_becomes_unknown_and_only_an_unknown_one_goes_once_more(db: driver.Database) -> None:
    store = leads(db)
    queued, draft = effect("a:0"), replace(effect("a:1"), draft=True)
    await with_outbox(store, queued, draft)
    for one in (queued, draft):
        await store.mark_unknown(ID, one.id, 60)
        await store.requeue_doubled(ID, one.id)
        await store.look_now((ID, one.id))
        await store.unclaim(ID, one.id, 60)
    after = await loaded(store, ID)
    assert statuses(after) == {"a:0": Status.QUEUED, "a:1": Status.DRAFT}
    assert not any(one.doubled for one in after.outbox)


async def test_settled_effects_are_gone_and_others_stay(db: driver.Database, db_again: driver.Database) -> None:
    store, other = leads(db), leads(db_again)
    many = [effect(f"a:{number}") for number in range(20)]
    await with_outbox(store, *many)
    await asyncio.gather(*((store, other)[number % 2].settle(ID, [many[number].id]) for number in range(19)))
    assert list(await waiting(store, ID)) == ["a:19"]
    await store.settle(ID, [many[0].id])
    assert list(await waiting(store, ID)) == ["a:19"]


async def test_settling_while_committing_and_claiming_loses_nothing(
    db: driver.Database, db_again: driver.Database
) -> None:
    store, relay = leads(db), leads(db_again)
    for race in range(30):
        fresh = lead(f"lead-{race}")
        done, next_one = effect("a:0"), effect("a:1")
        stored = await with_outbox(store, done, next_one, of=fresh)
        await relay.acquire(fresh.id, "token")
        await asyncio.gather(
            relay.settle(fresh.id, [done.id]),
            relay.claim(fresh.id, "token", next_one),
            store.commit(stored, decision(fresh, effect("b:0")), ["b"]),
        )
        assert statuses(await loaded(store, fresh.id)) == {"a:1": Status.CLAIMED, "b:0": Status.QUEUED}


async def test_any_text_survives(db: driver.Database) -> None:
    store = leads(db)
    record = RecordAudit(what="$what", by="a.b", at=NOW, facts=(("$k.e\x00y", "$$NOW"), ("", WORDS)))
    strange = lead("$lead.id")
    named = replace(strange, name="$name\x00{$set: 1}")
    effects = [
        effect("$a.b:0"),
        effect("$$NOW:1", order=SendText("$outbox")),
        effect("\x00:2", order=record),
    ]
    stored = await with_outbox(store, *effects, of=named)
    assert stored.lead == named
    assert [one.effect for one in stored.outbox] == effects
    await store.acquire(named.id, "$token.\x00")
    assert await store.claim(named.id, "$token.\x00", effects[0])
    await store.unclaim(named.id, effects[0].id, 0)
    await store.defer(named.id, effects[1].id, 0)
    again = replace(named, name="$$ROOT")
    assert await store.commit(stored, decision(again, effect("$c:0")), ["$e.v\x00"], [effects[2].id]) is not None
    after = await loaded(store, named.id)
    assert after.lead == again
    assert after.handled == {"event", "$e.v\x00"}
    assert [one.effect for one in after.outbox] == [effects[0], effects[1], effect("$c:0")]


async def test_claimed_words_of_the_same_epoch_are_not_waited_for(db: driver.Database) -> None:
    store = leads(db)
    only = effect("a:0")
    await with_outbox(store, only)
    await store.acquire(ID, "token")
    await store.claim(ID, "token", only)
    assert await store.on_its_way(ID, 0) == []
    assert [one.effect for one in await store.on_its_way(ID, 1)] == [only]
    await store.settle(ID, [only.id])
    assert await store.on_its_way(ID, 1) == []


async def test_a_claim_past_its_deadline_is_not_waited_for(db: driver.Database) -> None:
    store = leads(db)
    only = effect("a:0")
    await with_outbox(store, only)
    await store.acquire(ID, "token")
    await store.claim(ID, "token", only)
    at = (await store.server_now()) - MINUTE
    await db["leads"].update_one({"_id": ID}, {"$set": {"outbox.0.claimed_at": at}})
    assert await store.on_its_way(ID, 1) == []


async def test_of_a_frozen_lead_nothing_is_committed_or_claimed(db: driver.Database) -> None:
    store = leads(db)
    bots, agents = effect("a:0"), effect("a:1", author=Author.AGENT)
    stored = await with_outbox(store, bots, agents)
    await store.acquire(ID, "token")
    assert await store.freeze(stored, LeadId("older"))
    assert not await store.freeze(stored, LeadId("another"))
    frozen = await loaded(store, ID)
    assert frozen.merged_into == "older"
    assert await store.commit(frozen, decision(lead()), ["e"]) is None
    assert not await store.claim(ID, "token", bots)
    assert not await store.claim(ID, "token", agents)
    assert await NextDue(db).visits(await store.server_now(), NEVER_YET) == []


async def test_freezing_and_committing_at_once_only_one_wins(db: driver.Database, db_again: driver.Database) -> None:
    store, other = leads(db), leads(db_again)
    for race in range(30):
        fresh = lead(f"lead-{race}")
        stored = await with_outbox(store, of=fresh)
        frozen, size = await asyncio.gather(
            other.freeze(stored, LeadId("older")), store.commit(stored, decision(fresh, effect("b:0")), ["b"])
        )
        assert frozen is (size is None)


async def test_an_effect_is_adopted_once(db: driver.Database, db_again: driver.Database) -> None:
    stores = [leads(db), leads(db_again)]
    await with_outbox(stores[0], effect("a:0"))
    adopted = QueuedEffect(effect("b:0"), Status.QUEUED, attempts=0, look_at=NOW)
    await asyncio.gather(*(stores[number % 2].adopt(ID, adopted) for number in range(10)))
    after = await loaded(stores[0], ID)
    assert [one.effect for one in after.outbox] == [effect("a:0"), adopted.effect]
    assert after.version == 1


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (Status.QUEUED, Status.QUEUED),
        (Status.DRAFT, Status.DRAFT),
        (Status.CLAIMED, Status.UNKNOWN),
        (Status.UNKNOWN, Status.UNKNOWN),
    ],
)
async def test_an_adopted_effect_is_as_far_as_it_had_come(db: driver.Database, was: Status, becomes: Status) -> None:
    store = leads(db)
    await with_outbox(store)
    await store.adopt(ID, QueuedEffect(effect("b:0"), was, attempts=2, look_at=NOW, claimed_at=NOW, doubled=True))
    adopted = (await loaded(store, ID)).outbox[0]
    assert (adopted.status, adopted.attempts, adopted.doubled) == (becomes, 2, True)


def seen(tab: str, order: InboxOrder = InboxOrder.NEWEST, only: InboxFilter = InboxFilter.EVERY) -> InboxView:
    return InboxView(InboxTab(tab), "rina", NOW, order, only)


async def test_the_inbox_lists_by_last_words_and_by_page(db: driver.Database) -> None:
    store = leads(db)
    for number in range(5):
        talk = conversing(
            lead(f"lead-{number}"),
            last_inbound_at=NOW + number * MINUTE,
            agent=AgentId("rina") if number < 2 else None,
        )
        waits = number % 2 == 0
        await store.create(talk.alarmed(AlarmReason.ASKED_FOR_PERSON, NOW) if waits else talk)
    first = await store.page(seen("all"), 3, None)
    assert [one.lead.id for one in first.leads] == ["lead-4", "lead-3", "lead-2"]
    rest = await store.page(seen("all"), 3, first.next_cursor)
    assert [one.lead.id for one in rest.leads] == ["lead-1", "lead-0"]
    assert rest.next_cursor is None
    assert [one.lead.id for one in (await store.page(seen("mine"), 9, None)).leads] == ["lead-1", "lead-0"]
    assert [one.lead.id for one in (await store.page(seen("unassigned"), 9, None)).leads] == ["lead-4", "lead-2"]


async def test_a_timer_that_went_well_has_its_former_failures_forgiven(db: driver.Database) -> None:
    store = leads(db)
    await store.create(lead())
    assert [await store.count_stumble(ID, "reminder") for _ in range(3)] == [1, 2, 3]
    await store.count_stumble(ID, "expiry")
    await store.forgive_stumbles(ID, "reminder")
    assert (await store.count_stumble(ID, "reminder"), await store.count_stumble(ID, "expiry")) == (1, 2)
