"""How our templates and forms stand with Meta: asked now and then, kept meanwhile, and said when nobody answers."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import httpx
import structlog

from bot.business.definition import Business
from flows.publish import GraphRefused, answered
from webhooks.meta import template_push
from webhooks.meta.client import graph
from webhooks.meta.template_push import Standing
from webhooks.settings import Settings

log = structlog.get_logger(__name__)

KEPT_SECONDS: Final = 300.0
ANSWERS_WITHIN: Final = 10.0


@dataclass(frozen=True, slots=True)
class MetaStanding:
    """What Meta said, and when."""

    at: datetime
    templates: Sequence[Standing]
    flows: Mapping[str, str]
    """The status of each Flow of the account, by its id."""


@dataclass(frozen=True, slots=True)
class MetaAnswer:
    """The last that was heard."""

    standing: MetaStanding | None
    """None: never anything."""
    problem: str = ""
    """Why it is not of now, in the words of whoever failed; empty where it is."""


class MetaLook:
    """Asks for it, once for all who look."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._last: MetaStanding | None = None
        self._heard_at: float | None = None
        self._asking = asyncio.Lock()

    async def look(self, business: Business, now: datetime, *, again: bool = False) -> MetaAnswer:
        """What is known, asked for again where that is a while ago or somebody wants it."""
        async with self._asking:
            began = asyncio.get_running_loop().time()
            is_fresh = self._heard_at is not None and began - self._heard_at < KEPT_SECONDS
            if self._last is not None and is_fresh and not again:
                return MetaAnswer(self._last)
            try:
                async with asyncio.timeout(ANSWERS_WITHIN):
                    self._last = await _ask(self._settings, business, now)
            except GraphRefused as refused:
                # its own words: a token that is over, an account that is closed
                return MetaAnswer(self._last, str(refused)[:300])
            except (httpx.HTTPError, TimeoutError) as error:
                log.warning("meta_not_heard", problem=type(error).__name__)
                return MetaAnswer(self._last, type(error).__name__)
            self._heard_at = began
            return MetaAnswer(self._last)


async def _ask(settings: Settings, business: Business, now: datetime) -> MetaStanding:
    templates = await template_push.status(settings, business)
    async with graph(settings) as http:
        rows = answered(await http.get(f"{settings.whatsapp_waba_id or ''}/flows", params={"limit": "100"}))
    found = [row for row in rows.get("data") or [] if isinstance(row, dict)]
    return MetaStanding(now, templates, {str(row.get("id")): str(row.get("status", "")) for row in found})
