"""WhatsApp as a channel of the engine: parse what came in, render and send what goes out.

Each use has a pool of its own, so that marks that hang or a slow download never keep an answer from leaving.
"""

import asyncio
import contextlib
from datetime import datetime
from typing import Final

from bot.adapters.whatsapp import account_news, parse, render
from bot.adapters.whatsapp.client import GraphClient, PhoneNumberLine
from bot.domain.commands import ChatCommand
from bot.domain.contents import Media
from bot.domain.ids import Wamid
from bot.domain.lead import Address
from bot.engine.channel import (
    AccountNews,
    InboundMessage,
    NotSent,
    Payload,
    SendOutcomeUnknown,
    SendRefused,
    StatusNews,
)

CHAT_CONNECTIONS: Final = 128
"""More than are visited at once: a lead sends one message at a time, and a send that hangs holds one of these."""
MARK_CONNECTIONS: Final = 8
MEDIA_CONNECTIONS: Final = 8
MARKS_AT_ONCE: Final = 64


class WhatsAppChannel:
    """One number of ours."""

    def __init__(self, line: PhoneNumberLine) -> None:
        self._chat = GraphClient(line, CHAT_CONNECTIONS)
        self._marking = GraphClient(line, MARK_CONNECTIONS)
        self._media = GraphClient(line, MEDIA_CONNECTIONS)
        self._marks: set[asyncio.Task[None]] = set()

    def message(self, payload: bytes, received_at: datetime) -> InboundMessage:
        """The bubble a stored message part holds."""
        return parse.message(payload, received_at)

    def status(self, payload: bytes) -> StatusNews:
        """What a stored status part says."""
        return parse.status(payload)

    def changed_address(self, payload: bytes) -> Address:
        """The new address a stored system message tells."""
        return parse.changed_address(payload)

    def account_news(self, payload: bytes) -> AccountNews:
        """What a stored change of our account says."""
        return account_news.news(payload)

    def render(self, order: ChatCommand, to: Address, callback_data: str) -> Payload:
        """The body of one send."""
        return render.message(order, to, callback_data)

    async def send(self, payload: Payload) -> Wamid:
        """Hand one message to Meta."""
        return await self._chat.send(payload)

    def mark_read(self, wamid: Wamid) -> None:
        """Read and typing, as long as not too many are under way; one that fails or hangs holds up nothing."""
        if len(self._marks) < MARKS_AT_ONCE:
            task = asyncio.create_task(self._mark(wamid))
            self._marks.add(task)
            task.add_done_callback(self._marks.discard)

    async def _mark(self, wamid: Wamid) -> None:
        with contextlib.suppress(NotSent, SendOutcomeUnknown, SendRefused):
            await self._marking.mark(render.mark_read(wamid))

    async def media(self, media: Media) -> bytes | None:
        """What a customer sent besides words; none when it cannot be had."""
        return await self._media.media(media.media_id)

    async def close(self) -> None:
        """End the marks under way and let go of every connection."""
        tasks = tuple(self._marks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for client in (self._chat, self._marking, self._media):
            await client.close()
