"""Rows of attention follow their causes: one a cause, whoever looks, and none without; two processes at once agree."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.business.attention import OnCall
from bot.business.context import Context
from bot.business.hours import Minute, OpeningSpan, Week
from bot.domain.alarms import AlarmReason
from bot.domain.attention import Attention, AttentionEnd, Severity
from bot.domain.change import Requester
from bot.domain.commands import Author
from bot.domain.ids import AgentId, EffectId, LeadId
from bot.domain.states import Mode
from bot.domain.task import PlannedTask, Task, TaskKind, TaskState
from bot.engine.attention_desk import AttentionDesk
from bot.engine.money_causes import MoneyCauses
from bot.lifecycle.attention import AttentionRefusal, AttentionRefused
from bot.store import driver
from bot.store.attention import AttentionQuery, AttentionRows
from bot.store.audit import Audit
from bot.store.availability import Availabilities
from bot.store.causes import StoredCauses
from bot.store.messages import DeliveryStatus, Messages
from bot.store.migrations import migrate
from bot.store.operator_notices import OperatorNotice, OperatorNotices
from bot.store.outbox_pause import OutboxPause
from bot.store.paging import BadCursor
from bot.store.received import Received
from bot.store.set_aside import SetAsideCounts
from bot.store.tasks import Tasks
from payments.domain.alarm import AlarmKind
from payments.domain.money import Money
from payments.services.alarms import AlarmService
from payments.store.store import Store
from tests.bot.business.makers import sample
from tests.bot.makers import conversing
from tests.conftest import DRIVERS
from tests.contracts.makers import NOW, decision, lead, leads, loaded, vault
from tests.payments.sealing import TestCodec

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RINA, BUDI = Requester("rina", "support"), Requester("budi", "sales")
ALWAYS = Week(daily=(OpeningSpan(Minute(0), Minute(1440)),))


class At:
    """Business time as a test says it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    async def business_now(self) -> datetime:
        return self.now


def desk(db: driver.Database, at: At, *people: OnCall) -> AttentionDesk:
    business = replace(sample(), on_call=people)
    money = MoneyCauses(Store(db, TestCodec()))
    return AttentionDesk(
        AttentionRows(db),
        StoredCauses(db),
        money,
        lambda now: Context(now=now, business=business),
        at,
        Availabilities(db),
        Audit(db),
    )


async def rows(of: AttentionDesk, query: AttentionQuery | None = None) -> Sequence[Attention]:
    return (await of.page(query or AttentionQuery(), 200, None)).rows


async def reasons(of: AttentionDesk) -> list[tuple[str, str]]:
    return sorted((row.cause.reason, row.cause.subject) for row in await rows(of))


async def waiting(db: driver.Database, name: str = "lead-a", at: datetime = NOW) -> None:
    await leads(db).create(lead(name).alarmed(AlarmReason.ASKED_FOR_PERSON, at))


async def over(db: driver.Database, name: str = "lead-a") -> None:
    stored = await loaded(leads(db), LeadId(name))
    await leads(db).commit(stored, decision(stored.lead.without_alarms({AlarmReason.ASKED_FOR_PERSON})), [f"e{name}"])


async def test_a_row_is_there_as_long_as_its_cause_and_seen_again_it_is_the_same(db: driver.Database) -> None:
    at = At()
    queue = desk(db, at)
    await waiting(db)
    (row,) = await rows(queue)
    assert (row.cause.reason, row.cause.thread, row.severity) == ("asked_for_person", "lead-a", Severity.CRITICAL)
    assert row.due_by == NOW + 15 * MINUTE
    assert await rows(queue) == (row,)
    await over(db)
    assert await rows(queue) == ()
    ended = await queue.rows.find(row.id)
    assert ended is not None
    assert (ended.ended, ended.closed_at) == (AttentionEnd.GONE, NOW)
    # the same again, later, is another time of it
    stored = await loaded(leads(db), LeadId("lead-a"))
    again = stored.lead.alarmed(AlarmReason.ASKED_FOR_PERSON, NOW + HOUR)
    await leads(db).commit(stored, decision(again), ["again"])
    (new,) = await rows(queue)
    assert new.id != row.id


async def test_all_that_waits_is_in_it_whoever_says_so(db: driver.Database) -> None:
    at = At()
    queue = desk(db, at)
    await waiting(db)
    plan = PlannedTask("approval", (("en", "Say yes"),), NOW + 2 * HOUR, 60, kind=TaskKind.APPROVAL)
    task = Task(None, 1, 1, plan, TaskState.OPEN, NOW + HOUR)
    assert await Tasks(db).write(task, NOW)
    await OutboxPause(db).begin("banned", 131031)
    notice = OperatorNotice("n1", "template_status", "warning", (("event", "PAUSED"),), NOW)
    await OperatorNotices(db).record(notice)
    await OperatorNotices(db).record(replace(notice, id="n2", gravity="critical"))
    await OperatorNotices(db).record(replace(notice, id="n3", gravity="notice"))
    await SetAsideCounts(db).tell({"tasks_not_carried": 2, "leads_resting": 0, "critical_notices": 1})
    parked = {"source": "whatsapp", "state": "parked", "lead": None, "reason": "for another number", "body": b"x"}
    for number in range(3):
        row = parked | {"_id": f"d{number}", "parked_at": NOW, "received_at": NOW, "due_at": NOW, "aliases": []}
        await db["received"].insert_one(row)
    money = AlarmService(Store(db, TestCodec()))
    await money.open(AlarmKind.PAYEE_WITHOUT_ACCOUNT, "provider:ayu", NOW)
    found = await reasons(queue)
    assert found == [
        ("account_news", "n2"),
        ("account_warning", "n1"),
        ("approval_waits", task.id),
        ("asked_for_person", ""),
        ("delivery_parked", "whatsapp:for another number"),
        ("money_payee_without_account", "provider:ayu"),
        ("sending_paused", ""),
        ("tasks_not_carried", ""),
    ]
    # and each is gone with its cause
    await over(db)
    await OutboxPause(db).end()
    await SetAsideCounts(db).tell({"tasks_not_carried": 0})
    await OperatorNotices(db).mark_seen()
    await Received(db).empty_bodies(before=NOW + HOUR)
    await money.close(AlarmKind.PAYEE_WITHOUT_ACCOUNT, "provider:ayu", NOW)
    assert await reasons(queue) == [("approval_waits", task.id)]


async def test_the_end_wins_over_taking_and_a_second_taker_is_told_who_has_it(db: driver.Database) -> None:
    at = At()
    queue, other = desk(db, at), desk(db, at)
    await waiting(db)
    (row,) = await rows(queue)
    done = await asyncio.gather(
        queue.take(row.id, "rina", RINA), other.take(row.id, "budi", BUDI), return_exceptions=True
    )
    (won,) = [one for one in done if isinstance(one, Attention)]
    (lost,) = [one for one in done if isinstance(one, AttentionRefused)]
    assert (lost.why, lost.row is not None and lost.row.owner) == (AttentionRefusal.TAKEN, won.owner)
    assert await rows(queue, AttentionQuery(is_unowned=True)) == ()
    assert [one.owner for one in await rows(queue, AttentionQuery(owner=won.owner))] == [won.owner]
    assert (await queue.release(row.id, RINA)).owner is None
    await over(db)
    with pytest.raises(AttentionRefused) as refused:
        await queue.take(row.id, "rina", RINA)
    assert refused.value.why is AttentionRefusal.CLOSED
    with pytest.raises(AttentionRefused) as refused:
        await queue.release("at-nothing", RINA)
    assert refused.value.why is AttentionRefusal.NO_SUCH


async def test_who_takes_and_gives_back_is_on_record_once_with_their_role(db: driver.Database) -> None:
    at, audit = At(), Audit(db)
    queue = desk(db, at)
    await waiting(db)
    (row,) = await rows(queue)
    await queue.take(row.id, "rina", RINA)
    # once more by the same is no step
    await queue.take(row.id, "rina", RINA)
    await queue.release(row.id, BUDI)
    lines = await audit.of(LeadId("lead-a"))
    assert [(line.what, line.by, line.role) for line in lines] == [
        ("attention_taken", "rina", "support"),
        ("attention_released", "budi", "sales"),
    ]
    assert dict(lines[0].facts)["reason"] == "asked_for_person"
    assert await queue.rows.unrecorded() == []


async def test_a_step_whose_record_was_not_written_is_on_record_after_the_next_round(db: driver.Database) -> None:
    queue = desk(db, At())
    await waiting(db)
    (row,) = await rows(queue)

    class Dying:
        async def write(self, *_: object) -> None:
            raise asyncio.CancelledError

    audit, queue.audit = queue.audit, Dying()  # type: ignore[assignment]
    with pytest.raises(asyncio.CancelledError):
        await queue.take(row.id, "rina", RINA)
    assert await audit.of(LeadId("lead-a")) == []
    queue.audit = audit
    for left in await queue.rows.unrecorded():
        await queue.record(left)
        # another process found the same one
        await queue.record(left)
    (line,) = await audit.of(LeadId("lead-a"))
    assert (line.what, line.by) == ("attention_taken", "rina")
    assert await queue.rows.unrecorded() == []


async def test_what_nothing_else_ends_a_person_ends_and_only_that(db: driver.Database) -> None:
    at = At()
    queue = desk(db, at)
    await waiting(db)
    await OperatorNotices(db).record(OperatorNotice("n1", "security", "critical", (), NOW))
    await AlarmService(Store(db, TestCodec())).open(AlarmKind.SENT_TWICE, "po-1", NOW)
    by_reason = {row.cause.reason: row for row in await rows(queue)}
    for reason in ("account_news", "money_sent_twice"):
        seen = await queue.see(by_reason[reason].id, RINA)
        assert seen.ended is AttentionEnd.SEEN
    with pytest.raises(AttentionRefused) as refused:
        await queue.see(by_reason["asked_for_person"].id, RINA)
    assert refused.value.why is AttentionRefusal.ENDS_BY_ITSELF
    assert await reasons(queue) == [("asked_for_person", "")]


async def test_many_processes_at_once_make_one_row_a_cause(db: driver.Database, db_again: driver.Database) -> None:
    at = At()
    for number in range(12):
        await waiting(db, f"lead-{number:02}", NOW - number * MINUTE)
    desks = [desk(one, at) for one in (db, db_again, db, db_again)]
    await asyncio.gather(*(one.refresh() for one in desks for _ in range(3)))
    assert await db["attention"].count_documents({}) == 12
    for number in range(0, 12, 2):
        await over(db, f"lead-{number:02}")
    await asyncio.gather(*(one.refresh() for one in desks))
    assert await db["attention"].count_documents({"is_open": True}) == 6


async def test_the_earliest_deadline_comes_first_page_by_page_and_by_severity_and_reason(db: driver.Database) -> None:
    at = At()
    queue = desk(db, at)
    for number in range(5):
        await waiting(db, f"lead-{number}", NOW - (5 - number) * MINUTE)
    await leads(db).create(lead("mild").alarmed(AlarmReason.UNKNOWN_QUESTION, NOW))
    first = await queue.page(AttentionQuery(), 4, None)
    second = await queue.page(AttentionQuery(), 4, first.next_cursor)
    assert [row.cause.thread for row in (*first.rows, *second.rows)] == [*(f"lead-{n}" for n in range(5)), "mild"]
    assert second.next_cursor is None
    assert [row.cause.thread for row in await rows(queue, AttentionQuery(severity=Severity.MILD))] == ["mild"]
    assert len(await rows(queue, AttentionQuery(reason="asked_for_person"))) == 5
    with pytest.raises(BadCursor):
        await queue.page(AttentionQuery(), 4, "x")


async def test_one_broken_row_or_source_holds_up_no_other(db: driver.Database) -> None:
    at = At()
    queue = desk(db, at)
    for name in ("lead-a", "lead-b"):
        await waiting(db, name)
    by_thread = {row.cause.thread: row for row in await rows(queue)}
    first, second = by_thread["lead-a"], by_thread["lead-b"]
    await db["attention"].update_one({"_id": first.id}, {"$set": {"due_by": "soon"}})
    await db["leads"].update_one({"_id": "lead-b"}, {"$set": {"alarms.0.subject": 7}})
    await waiting(db, "lead-c")
    # a source that cannot be read ends nothing of its own
    await db["house"].insert_one({"_id": "pause", "since": "never"})
    assert [row.cause.thread for row in await rows(queue)] == ["lead-c"]
    await queue.look_at(first, NOW)
    gone = await queue.rows.find(second.id)
    assert gone is not None
    assert not gone.is_open, "an alarm that nobody can read waits for nobody, as in the list of alarms"


async def test_a_customer_who_waits_too_long_for_an_agent_comes_back_to_everybody(db: driver.Database) -> None:
    at = At(datetime(2026, 3, 14, 2, 0, tzinfo=NOW.tzinfo))
    """Ten in the morning in Bali."""
    queue, store, talk = desk(db, at), leads(db), Messages(db, vault(db))
    await store.create(lead("lead-a"))
    stored = await loaded(store, LeadId("lead-a"))
    with_agent = conversing(stored.lead, mode=Mode.AGENT, agent=AgentId("rina"), last_inbound_at=at.now)
    await store.commit(stored, decision(with_agent), ["e"])
    await talk.record_inbound(LeadId("lead-a"), "d1", "hello?", at.now)
    assert await reasons(queue) == []
    at.now += 31 * MINUTE
    (row,) = await rows(queue)
    assert (row.cause.reason, row.owner, row.due_by) == ("reply_overdue", None, at.now - MINUTE)
    await talk.record_outbound(
        LeadId("lead-a"), EffectId("e1"), Author.AGENT, "here", at.now, DeliveryStatus.SENT, None
    )
    assert await reasons(queue) == []


async def test_nobody_on_duty_is_a_row_of_its_own_until_somebody_is(db: driver.Database) -> None:
    at = At(datetime(2026, 3, 14, 16, 0, tzinfo=NOW.tzinfo))
    """Midnight in Bali: the desk is closed."""
    queue = desk(db, at)
    await waiting(db, at=at.now)
    (row,) = await rows(queue)
    await queue.look_at(row, at.now)
    assert await reasons(queue) == [("asked_for_person", ""), ("nobody_on_duty", "")]
    assert await reasons(queue) == [("asked_for_person", ""), ("nobody_on_duty", "")]
    await queue.take(row.id, "rina", RINA)
    assert await reasons(queue) == [("asked_for_person", "")]
    await queue.release(row.id, RINA)
    with_somebody = desk(db, at, OnCall("Ayu", "+6281200000901", ALWAYS))
    (row,) = await rows(with_somebody)
    await with_somebody.look_at(row, at.now)
    (told,) = await rows(with_somebody)
    assert [one.who for one in told.asked if one.stage == told.stage] == ["Ayu"]


async def test_who_says_that_they_are_on_duty_counts_before_the_hours_of_the_file(db: driver.Database) -> None:
    at = At(datetime(2026, 3, 14, 2, 0, tzinfo=NOW.tzinfo))
    """Ten in the morning in Bali: the desk is open by the file."""
    queue, people = desk(db, at), Availabilities(db)
    await waiting(db, at=at.now)
    await people.say(AgentId("rina"), at.now, on_duty=True)
    (row,) = await rows(queue)
    await queue.look_at(row, at.now)
    assert await reasons(queue) == [("asked_for_person", "")], "it stands in the queue that she sees"
    await people.say(AgentId("rina"), at.now, on_duty=False)
    at.now += 15 * MINUTE
    (row,) = await rows(queue)
    await queue.look_at(row, at.now)
    assert await reasons(queue) == [("asked_for_person", ""), ("nobody_on_duty", "")]


async def test_the_sum_of_a_refund_that_waits_stands_in_its_row(db: driver.Database) -> None:
    at = At()
    queue = desk(db, at)
    await leads(db).create(lead("lead-a").alarmed(AlarmReason.REFUND_FAILED, NOW, "rf-1"))

    class Known:
        async def found(self) -> list[Any]:
            return []

        async def amount_of(self, reason: str, subject: str) -> Money | None:
            return Money(350_000, "IDR") if (reason, subject) == ("refund_failed", "rf-1") else None

    queue.money = Known()  # type: ignore[assignment]
    (row,) = await rows(queue)
    assert row.cause.amount == Money(350_000, "IDR")
    assert (await rows(queue))[0].cause.amount == Money(350_000, "IDR")


async def test_queries_find_what_is_due_and_migrating_twice_changes_nothing(db: driver.Database) -> None:
    await migrate(db)
    await migrate(db)
    at = At()
    queue = desk(db, at)
    await waiting(db)
    (row,) = await rows(queue)
    assert await queue.rows.to_look_at(NOW) == [row]
    await queue.look_at(row, NOW)
    assert await queue.rows.to_look_at(NOW) == []
    assert await queue.rows.next_look_at(NOW) == NOW + 15 * MINUTE
