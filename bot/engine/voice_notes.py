"""Voice notes fetched from the channel and written down by the model's server."""

from typing import TYPE_CHECKING

from bot.domain.contents import Media
from bot.engine.channel import Channel

if TYPE_CHECKING:
    # half a second of every process's start, for those that have no model
    from intents.client import Model


class ModelVoice:
    """A channel to fetch a note from, and a model to hear it."""

    def __init__(self, channel: Channel, model: "Model") -> None:
        self._channel, self._model = channel, model

    async def words_of(self, note: Media) -> str | None:
        """The words, or none when the note or its words cannot be had."""
        audio = await self._channel.media(note)
        return None if not audio else await self._model.transcribe(audio, note.mime_type)
