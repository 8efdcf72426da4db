"""The address of the business that hears of what is critical: each row as it stands, again whenever it changes.

It is told at least once. A message has an id made of row and revision, so that whoever hears it twice knows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.domain.attention import Attention
from bot.engine.attention_desk import AttentionDesk
from bot.replies.attention import in_languages
from bot.store.driver import is_outage

log = structlog.get_logger(__name__)

AWAY_AGAIN: Final = timedelta(seconds=30)
REFUSED_AGAIN: Final = timedelta(hours=1)
"""Who says no is asked less often than who is away."""


class EscalationNotHeard(Exception):
    """The address did not take it, or nobody knows whether it did."""

    def __init__(self, why: str, *, is_away: bool) -> None:
        super().__init__(why)
        self.is_away = is_away


@dataclass(frozen=True, slots=True)
class EscalationNotice:
    """A row as it is told outside: names no customer."""

    row: Attention
    why: Mapping[str, str]
    business: str
    timezone: str
    at: datetime


class EscalationWebhook(Protocol):
    """Whoever hands it over."""

    async def tell(self, notice: EscalationNotice) -> None:
        """Hand it over; EscalationNotHeard."""


@dataclass(slots=True)
class EscalationCarrier:
    """Tells the address what it has not heard yet."""

    desk: AttentionDesk
    webhook: EscalationWebhook | None = None
    """None where none is set up."""

    async def sweep(self, now: datetime) -> int:
        """What is due gets told, the longest waiting first; how many were. One that fails holds up no other."""
        if self.webhook is None:
            return 0
        rows, told = self.desk.rows, 0
        business = self.desk.context(now).business
        for row in await rows.to_carry(await rows.server_now()):
            notice = EscalationNotice(row, in_languages(row.cause.reason), business.name, business.timezone, now)
            try:
                await self.webhook.tell(notice)
            except EscalationNotHeard as error:
                log.warning("escalation_not_heard", attention=row.id, problem=str(error))
                await rows.carry_later(row, await rows.server_now() + (AWAY_AGAIN if error.is_away else REFUSED_AGAIN))
                if error.is_away:
                    # the next one would wait for it as long
                    break
                continue
            except Exception as error:
                if is_outage(error):
                    raise
                log.exception("escalation_failed", attention=row.id, problem=type(error).__name__)
                await rows.carry_later(row, await rows.server_now() + REFUSED_AGAIN)
                continue
            await rows.carried(row)
            told += 1
        return told
