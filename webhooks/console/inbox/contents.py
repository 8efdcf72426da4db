"""What messages hold besides their line of the transcript, read from the deliveries they came with: what they quote,
and the thing itself. Deliveries keep their bodies as long as the messenger keeps what was sent, thirty days."""

from collections.abc import Mapping, Sequence
from typing import Final

import structlog

from bot.domain.contents import Bubble, Media
from bot.domain.ids import DeliveryId, LeadId
from bot.engine.channel import Channel, PartKind
from bot.store.delivery import Delivery
from bot.store.messages import Messages, TranscriptLine
from bot.store.received import Received
from bot.store.vault import Vault
from webhooks.console.inbox.readable import Readable, readable_of, wamids_of

log = structlog.get_logger(__name__)

CAME_FROM: Final = "whatsapp:"
"""How the ids of lines begin that came with a delivery of the messenger."""
FROM_THE_APP: Final = f"{CAME_FROM}echo:"
"""And of those that a colleague wrote in its own app."""
_READ: Final = frozenset({PartKind.MESSAGE.value, PartKind.ECHO.value})


class MessageContents:
    """Reads them again; of one that cannot be read the line alone is left."""

    def __init__(self, received: Received, vault: Vault, channel: Channel, messages: Messages) -> None:
        self._received = received
        self._vault = vault
        self._channel = channel
        self._messages = messages

    async def readable(
        self, thread: LeadId, address: str, lines: Sequence[TranscriptLine], language: str
    ) -> Mapping[str, Readable]:
        """What these messages of the thread at that address hold besides their words, by line."""
        bubbles = await self.of(lines)
        wamids = wamids_of(bubbles)
        quoted = await self._messages.quoted(thread, list(wamids)) if wamids else {}
        return {line: readable_of(bubble, address, line, quoted, language) for line, bubble in bubbles.items()}

    async def file(self, thread: LeadId, line_id: str) -> Media | None:
        """The file that a line of that thread holds, as far as it is known."""
        line = await self._messages.line(thread, line_id)
        bubble = None if line is None else (await self.of([line])).get(line.id)
        held = None if bubble is None else bubble.content
        return held if isinstance(held, Media) and held.media_id else None

    async def of(self, lines: Sequence[TranscriptLine]) -> Mapping[str, Bubble]:
        """By line, of those whose bodies are kept."""
        ids = [DeliveryId(line.id) for line in lines if line.id.startswith(CAME_FROM)]
        found: dict[str, Bubble] = {}
        for delivery in await self._received.found(ids) if ids else ():
            bubble = await self._read(delivery)
            if bubble is not None:
                found[str(delivery.id)] = bubble
        return found

    async def _read(self, delivery: Delivery) -> Bubble | None:
        if delivery.kind not in _READ or not delivery.body:
            return None
        try:
            payload = await self._vault.open_inbound(delivery.id, delivery.body)
            return self._channel.message(payload, delivery.received_at).bubble
        except Exception as error:
            # one that nobody can read hides no other
            log.warning("content_unreadable", problem=type(error).__name__)
            return None
