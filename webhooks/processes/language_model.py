"""The language model's server, where one is set up: it reads words, and writes voice notes down."""

from typing import TYPE_CHECKING

from bot.domain.contents import Media
from bot.engine.channel import Channel
from webhooks.settings import Settings

if TYPE_CHECKING:
    from intents.client import Model, OpenAIReader


class Voice:
    """Has voice notes written down."""

    def __init__(self, channel: Channel, model: "Model") -> None:
        self._channel, self._model = channel, model

    async def words_of(self, note: Media) -> str | None:
        """The words, or none when the note or its words cannot be had."""
        audio = await self._channel.media(note)
        return None if not audio else await self._model.transcribe(audio, note.mime_type)


def reader_of(settings: Settings) -> "OpenAIReader | None":
    """The language model's connection; none where no key is set."""
    if settings.openai_api_key is None:
        return None
    # imported where it is used: half a second of every other process's start
    from intents.client import OpenAIReader

    return OpenAIReader(
        settings.openai_api_key.get_secret_value(),
        model=settings.openai_model,
        audio_model=settings.openai_audio_model,
        base_url=settings.openai_base_url,
        timeout=settings.openai_timeout_seconds,
    )
