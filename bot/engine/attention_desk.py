"""The queue of attention: rows follow their causes, and people take, release and end them.

Whatever is done here is one guarded write of one row. Whoever dies in between leaves a row that says what is still to
be done; telling people is `bot.engine.escalation_rounds`.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import structlog

from bot.business.attention import open_minutes_later
from bot.business.context import Context
from bot.business.definition import Business
from bot.domain.attention import (
    ENDED_BY_SEEING,
    Attention,
    AttentionCause,
    AttentionEnd,
    AttentionSubject,
    HouseReason,
    Severity,
)
from bot.domain.change import Requester
from bot.domain.commands import RecordAudit
from bot.domain.ids import EffectId, LeadId
from bot.engine.money_causes import MoneyCauses, without_twins
from bot.lifecycle import attention as machine
from bot.lifecycle.attention import AttentionRefusal, AttentionRefused, Duty, duty_of, policy_of
from bot.store.attention import AttentionPage, AttentionQuery, AttentionRows
from bot.store.audit import Audit
from bot.store.availability import Availabilities
from bot.store.causes import Source, StoredCauses
from bot.store.clock import Clock
from bot.store.driver import is_outage

log = structlog.get_logger(__name__)

_MONEY: Final = "money"
_REPLIES: Final = "replies"
_DUTY: Final = "duty"
TAKEN: Final = "attention_taken"
RELEASED: Final = "attention_released"
SEEN: Final = "attention_seen"
"""What people do with a row, as the audit calls it."""


@dataclass(slots=True)
class AttentionDesk:
    """Rows in one hand, what they follow in the other."""

    rows: AttentionRows
    causes: StoredCauses
    money: MoneyCauses
    context: Callable[[datetime], Context]
    clock: Clock
    availabilities: Availabilities
    audit: Audit
    is_carried: bool = False
    """Whether an address of the business hears of what is critical."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _begun: int = field(default=0, init=False)
    _is_staffed: bool | None = field(default=None, init=False)
    """Whether an agent said that they are on duty, as the last look found it."""

    # Rows follow their causes -----------------------------------------------------------------------------------------

    async def refresh(self) -> None:
        """Every cause has its row, and no row is open without its cause; a row or a source that fails holds up no
        other. Asked by many at once, it is done for all of them by the first that begins after they asked."""
        asked = self._begun
        async with self._turn:
            if self._begun > asked:
                return
            self._begun += 1
            await self._follow(await self.clock.business_now())

    async def _follow(self, now: datetime) -> None:
        # Rows before causes: a row that is read here was made of a cause that was there, so one without it is over.
        # The other way around, a row that another process makes in between would be ended at once.
        known = {row.id: row for row in await self.rows.open_rows()}
        said = await self.availabilities.every()
        self._is_staffed = any(one.on_duty for one in said) if said else None
        found, asked = await self._found(now, known)
        for cause in found:
            try:
                await self._stand(cause, known.get(cause.id), now)
            except Exception as error:
                _said(cause.id, error)
        there = {cause.id for cause in found}
        for row in known.values():
            if row.id in there or row.cause.source not in asked:
                continue
            try:
                await self._end(row, AttentionEnd.GONE, now)
            except Exception as error:
                _said(row.id, error)

    async def _stand(self, cause: AttentionCause, row: Attention | None, now: datetime) -> None:
        """The row of that cause, as its source says it now."""
        if row is not None:
            if machine.told_anew(row, cause) != row:
                await self.rows.change(row.id, lambda one: machine.told_anew(one, cause) if one.is_open else one)
            return
        if cause.amount is None:
            cause = replace(cause, amount=await self.money.amount_of(cause.reason, cause.subject))
        # there already and over: what was read of its cause is older than its end
        await self.rows.insert(
            machine.opened(cause, self._duty(cause.reason, now)), carry_at=await self._carry_at(cause.reason)
        )

    async def _end(self, row: Attention, how: AttentionEnd, now: datetime, by: Requester | None = None) -> None:
        carry_at = await self._carry_at(row.cause.reason)

        def stepped(one: Attention) -> Attention:
            over = machine.ended(one, how, now)
            return over if by is None else machine.acted(one, over, SEEN, by, now)

        changed = await self.rows.change(row.id, stepped, carry_at=carry_at)
        if changed is not None:
            await self.record(changed)

    async def _found(
        self, now: datetime, known: Mapping[str, Attention]
    ) -> tuple[list[AttentionCause], frozenset[str]]:
        """All causes, and the sources that could be asked."""
        sources: dict[str, Source] = {
            **self.causes.sources(),
            _MONEY: self.money.found,
            _REPLIES: lambda: self._overdue(now),
        }
        # a source that another version knows is nobody's to end here
        found, asked = list[AttentionCause](), {_DUTY}
        for name, source in sources.items():
            try:
                found += await source()
            except Exception as error:
                if is_outage(error):
                    raise
                log.exception("attention_source_failed", source=name, problem=type(error).__name__)
                continue
            asked.add(name)
        found = [
            replace(one, amount=row.cause.amount)
            if one.amount is None and (row := known.get(one.id)) is not None
            else one
            for one in without_twins(found)
        ]
        return [*found, *_unheard(known, {one.id for one in found}, now)], frozenset(asked)

    async def _overdue(self, now: datetime) -> list[AttentionCause]:
        """Customers who have waited for an agent's word for too many open minutes: it is everybody's again."""
        business = self._business(now)
        minutes, causes = business.sop.attention.reply_minutes, list[AttentionCause]()
        for lead, since in await self.causes.waiting_for_agents():
            due = open_minutes_later(business.agents.hours, business.closed, since, minutes, business.zone)
            if due is not None and due <= now:
                reason, about = HouseReason.REPLY_OVERDUE.value, AttentionSubject.LEAD
                causes.append(AttentionCause(_REPLIES, reason, "", about, since, thread=lead, due=due))
        return causes

    # People -----------------------------------------------------------------------------------------------------------

    async def page(self, query: AttentionQuery, limit: int, cursor: str | None) -> AttentionPage:
        """What is open, the earliest deadline first, as it is now; BadCursor."""
        await self.refresh()
        return await self.rows.page(query, limit, cursor)

    async def take(self, wanted: str, owner: str, by: Requester) -> Attention:
        """Somebody looks at it, in the role of who says so. AttentionRefused."""
        return await self._step(wanted, lambda row, duty: machine.taken(row, owner, by.role, duty), TAKEN, by)

    async def release(self, wanted: str, by: Requester) -> Attention:
        """Whoever has it gives it back, or somebody does for them. AttentionRefused."""
        return await self._step(wanted, machine.released, RELEASED, by)

    async def pass_on(self, wanted: str, by: Requester, stage: int) -> Attention:
        """Whoever was told cannot look: the next is told. AttentionRefused."""
        return await self._step(wanted, lambda row, duty: machine.passed_on(row, by.person, stage, duty), RELEASED, by)

    async def see(self, wanted: str, by: Requester) -> Attention:
        """A person has seen to what nothing else ends. AttentionRefused."""
        row = await self._current(wanted)
        if not row.is_open:
            raise AttentionRefused(AttentionRefusal.CLOSED, row)
        if row.cause.reason not in ENDED_BY_SEEING:
            raise AttentionRefused(AttentionRefusal.ENDS_BY_ITSELF, row)
        now = await self.clock.business_now()
        # the cause first: dying in between, the row ends by the next look
        if row.cause.about is AttentionSubject.ACCOUNT:
            await self.causes.notices.mark_one_seen(row.cause.subject)
        else:
            await self.money.seen(row.cause.reason, row.cause.subject, now)
        await self._end(row, AttentionEnd.SEEN, now, by)
        return await self.rows.find(wanted) or row

    async def _step(
        self, wanted: str, step: Callable[[Attention, Duty], Attention], what: str, by: Requester
    ) -> Attention:
        row, now = await self._current(wanted), await self.clock.business_now()
        duty = self._duty(row.cause.reason, now)
        carry_at = await self._carry_at(row.cause.reason)

        def stepped(one: Attention) -> Attention:
            after = step(one, duty)
            # only who had it gives it back: that the next is called is no step of theirs
            is_act = what != RELEASED or one.owner is not None
            return machine.acted(one, after, what, by, now) if is_act else after

        changed = await self.rows.change(wanted, stepped, carry_at=carry_at)
        if changed is None:
            raise AttentionRefused(AttentionRefusal.NO_SUCH)
        await self.record(changed)
        return changed

    async def record(self, row: Attention) -> None:
        """What people did with it stands in the audit; whoever dies before that leaves it to the next round."""
        for act in row.unrecorded:
            cause = row.cause
            facts: tuple[tuple[str, str], ...] = (("role", act.role), ("reason", cause.reason), ("attention", row.id))
            if cause.about is AttentionSubject.BOOKING:
                facts += (("booking", cause.subject),)
            # what is nobody's conversation is on record under its own name
            history = LeadId(cause.thread or row.id)
            line = RecordAudit(act.what, act.by, act.at, facts)
            await self.audit.write(history, EffectId(f"{row.id}:{act.number}"), line)
        if row.unrecorded:
            await self.rows.recorded(row)

    async def _current(self, wanted: str) -> Attention:
        """The row as its cause is now, so that its end wins. AttentionRefused."""
        await self.refresh()
        row = await self.rows.find(wanted)
        if row is None:
            raise AttentionRefused(AttentionRefusal.NO_SUCH)
        return row

    async def look_at(self, row: Attention, now: datetime) -> None:
        """Its moment has come: somebody is told, or it has another next look."""
        carry_at = await self._carry_at(row.cause.reason)
        await self.rows.change(
            row.id, lambda one: machine.looked_at(one, self._duty(one.cause.reason, now)), carry_at=carry_at
        )

    def _duty(self, reason: str, now: datetime) -> Duty:
        return duty_of(self._business(now), reason, now, is_staffed=self._is_staffed)

    def _business(self, now: datetime) -> Business:
        return self.context(now).business

    async def _carry_at(self, reason: str) -> datetime | None:
        """When the address of the business is to hear of a change; none where it does not."""
        if not self.is_carried:
            return None
        policy = policy_of(self._business(await self.clock.business_now()), reason)
        return await self.rows.server_now() if policy.tells_webhook() else None


def _unheard(known: Mapping[str, Attention], causes: set[str], now: datetime) -> list[AttentionCause]:
    """That something critical waits of which nobody could be told: once, as long as there is any of it."""
    reason = HouseReason.NOBODY_ON_DUTY.value
    waiting = [
        row
        for row in known.values()
        if row.is_unheard and row.severity is Severity.CRITICAL and row.cause.reason != reason and row.id in causes
    ]
    if not waiting:
        return []
    there = next((row.cause for row in known.values() if row.cause.reason == reason), None)
    return [there or AttentionCause(_DUTY, reason, "", AttentionSubject.HOUSE, now)]


def _said(row: str, error: Exception) -> None:
    """One row that cannot be written holds up no other; a database that is away holds up all of them."""
    if is_outage(error):
        raise error
    log.error("attention_row_failed", attention=row, problem=type(error).__name__)
