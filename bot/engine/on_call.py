"""Whoever is on call hears of what is critical in their own thread, one after the other, and answers with a tap.

Each look at a row is one guarded write that says whom it tells; the word goes to their thread through `received` under
row and stage, and only then the row says that it went. Whoever dies in between tells it again under the same name.
What is told is looked up when it is told: of what is over, or another's, nobody hears.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson
import structlog

from bot.business.contacts import Roles
from bot.domain.attention import Attention, AttentionSubject
from bot.domain.attention_news import (
    AttentionBrief,
    AttentionEnded,
    AttentionFound,
    AttentionOrder,
    AttentionResult,
    AttentionStep,
    AttentionStepped,
    AttentionTold,
    FindAttention,
    StepAttention,
)
from bot.domain.change import Requester
from bot.domain.ids import EventId, LeadId
from bot.domain.partner import is_partner
from bot.engine.attention_desk import AttentionDesk
from bot.engine.internal import internal
from bot.engine.living import living
from bot.engine.partner_directory import PartnerDirectory
from bot.lifecycle import attention as machine
from bot.lifecycle.attention import AttentionRefusal, AttentionRefused, duty_of
from bot.store.attention import AttentionQuery
from bot.store.driver import is_outage
from bot.store.leads import Leads
from bot.store.received import Received
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

ATTENTION_NEWS: Final = "attention_news"
ENDED: Final = "ended"
ROLE: Final = "on_call"
MOST_LISTED: Final = 12
_NAMED: Final = frozenset(
    {AttentionSubject.BOOKING, AttentionSubject.TASK, AttentionSubject.PAYOUT, AttentionSubject.REFUND}
)
_RESULTS: Final = {
    AttentionRefusal.CLOSED: AttentionResult.CLOSED,
    AttentionRefusal.TAKEN: AttentionResult.ANOTHERS,
    AttentionRefusal.NO_SUCH: AttentionResult.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class OnCallDesk:
    """The queue in one hand, the threads of those on call in the other."""

    desk: AttentionDesk
    directory: PartnerDirectory
    leads: Leads
    received: Received
    vault: Vault

    # Looked at, and told ----------------------------------------------------------------------------------------------

    async def sweep(self) -> int:
        """Rows follow their causes; what is due is looked at, and what somebody has to hear is in their thread
        afterwards. How many were looked at; one row that fails holds up no other."""
        await self.desk.refresh()
        # read after it, so that what it has just opened is looked at now
        now = await self.desk.clock.business_now()
        due = await self.desk.rows.to_look_at(now)
        for row in due:
            try:
                await self.desk.look_at(row, now)
            except Exception as error:
                _said(row, error)
        for row in await self.desk.rows.unrecorded():
            try:
                await self.desk.record(row)
            except Exception as error:
                _said(row, error)
        for row in await self.desk.rows.untold():
            try:
                await self._bring(row, now)
            except Exception as error:
                _said(row, error)
        return len(due)

    async def _bring(self, row: Attention, now: datetime) -> None:
        """The word of that stage is in the thread of whoever it is for."""
        who, stage = (row.owner, ENDED) if not row.is_open else (row.asked[-1].who, str(row.stage))
        known = self.desk.context(now).business.on_call_named(who)
        if known is None and row.is_open:
            # they have left the file since: the next is told
            duty = duty_of(self.desk.context(now).business, row.cause.reason, now)
            await self.desk.rows.change(row.id, lambda one: machine.passed_on(one, who or "", row.stage, duty))
            return
        if known is not None:
            partner, real_now = await self.directory.thread_of(known.phone), await self.leads.server_now()
            text = orjson.dumps({"row": row.id, "stage": stage}).decode()
            name = f"{row.id}:{stage}"
            await self.received.record([await internal(self.vault, ATTENTION_NEWS, text, partner, real_now, name)])
        stage_then, was_open = row.stage, row.is_open
        await self.desk.rows.change(
            row.id, lambda one: machine.brought(one) if (one.stage, one.is_open) == (stage_then, was_open) else one
        )

    async def event_of(self, delivery: str, body: bytes, now: datetime) -> AttentionTold | AttentionEnded | None:
        """What that delivery tells; none where it is over by now, another's, or somebody else was told since."""
        told = orjson.loads(body)
        if told["stage"] == ENDED:
            over = await self.desk.rows.find(told["row"])
            return None if over is None else AttentionEnded(EventId(delivery), now, await self.brief(over))
        # its cause may have gone since it was looked at: nobody is called for nothing
        await self.desk.refresh()
        row = await self.desk.rows.find(told["row"])
        if row is None or not row.is_open or row.owner is not None or str(row.stage) != told["stage"]:
            return None
        return AttentionTold(EventId(delivery), now, await self.brief(row), row.stage)

    async def brief(self, row: Attention) -> AttentionBrief:
        """The row as somebody on call may read it."""
        cause = row.cause
        return AttentionBrief(
            row.id,
            cause.reason,
            row.severity,
            cause.since,
            row.due_by,
            await self._name_of(cause.thread),
            cause.subject if cause.subject and cause.about in _NAMED else None,
            cause.amount,
            row.owner,
        )

    async def _name_of(self, thread: str | None) -> str | None:
        if thread is None:
            return None
        if is_partner(thread):
            people = self.directory.people()
            return people.get(thread)
        stored = await living(self.leads, LeadId(thread))
        return None if stored is None else stored.lead.name

    # Their taps -------------------------------------------------------------------------------------------------------

    async def perform(
        self, name: EventId, order: AttentionOrder, roles: Roles | None, now: datetime
    ) -> AttentionStepped | AttentionFound:
        """Do it; the event that tells what came of it."""
        who = roles.on_call[0] if roles is not None and roles.on_call else None
        match order:
            case FindAttention():
                page = await self.desk.page(AttentionQuery(), MOST_LISTED, None) if who is not None else None
                rows = () if page is None else page.rows
                more = sum((await self.desk.rows.counts()).values()) - len(rows) if rows else 0
                return AttentionFound(name, now, tuple([await self.brief(row) for row in rows]), max(more, 0))
            case StepAttention(row=wanted):
                if who is None:
                    return AttentionStepped(name, now, AttentionResult.UNKNOWN)
                try:
                    row = await self._stepped(order, who)
                except AttentionRefused as refused:
                    known = refused.row
                    brief = None if known is None else await self.brief(known)
                    result = _RESULTS.get(refused.why, AttentionResult.UNKNOWN)
                    log.info("attention_step_refused", attention=wanted, why=refused.why.value)
                    return AttentionStepped(name, now, result, brief, None if known is None else known.ended)
                done = AttentionResult.TAKEN if order.step is AttentionStep.TAKE else AttentionResult.PASSED_ON
                return AttentionStepped(name, now, done, await self.brief(row))

    async def _stepped(self, order: StepAttention, who: str) -> Attention:
        if order.step is AttentionStep.TAKE:
            return await self.desk.take(order.row, who, Requester(who, ROLE))
        return await self.desk.pass_on(order.row, Requester(who, ROLE), order.stage)


def _said(row: Attention, error: Exception) -> None:
    if is_outage(error):
        raise error
    log.error("attention_row_failed", attention=row.id, problem=type(error).__name__)
