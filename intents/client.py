"""Any OpenAI-compatible server: one question about one message, one voice note to words; never more than a deadline.

A server that hangs, dies, lies or answers out of form costs a turn at most the deadline; after a few failures in a row
it rests, and the local reading goes on alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import openai
from openai import AsyncOpenAI
from pydantic import ValidationError

from intents.said import Answer, ModelAnswer, ModelQuestion, form, message, task

OPENAI_URL: Final = "https://api.openai.com/v1"
MOST_TOKENS: Final = 1000
KEPT_CHARACTERS: Final = 4000
"""So much of an answer is kept for the agent, whatever came."""
AT_ONCE: Final = 8
"""Questions under way in one process; the next message is read locally, at once."""


class Unusable(Exception):
    """No answer in time, or none in the agreed form; `raw` is what came, if anything came."""

    def __init__(self, why: str, raw: str | None = None) -> None:
        super().__init__(why)
        self.raw = raw


class ModelReader(Protocol):
    """Anything that can be asked what a message means."""

    async def read(self, question: ModelQuestion) -> tuple[str, ModelAnswer]:
        """The answer as it came, and read; raises Unusable."""
        ...

    async def transcribe(self, audio: bytes, mime_type: str) -> str:
        """The words of a voice note; raises Unusable."""
        ...


class OpenAIReader:
    """One connection pool to one compatible server."""

    def __init__(
        self,
        api_key: str,
        *,
        model: str,
        audio_model: str,
        base_url: str | None = None,
        timeout: float = 4.0,
        audio_timeout: float = 10.0,
    ) -> None:
        self._client = AsyncOpenAI(api_key=api_key, base_url=base_url or OPENAI_URL, timeout=timeout, max_retries=0)
        self._model, self._audio_model = model, audio_model
        self._timeout, self._audio_timeout = timeout, audio_timeout

    async def read(self, question: ModelQuestion) -> tuple[str, ModelAnswer]:
        """See `ModelReader.read`."""
        raw = await self._completion(question)
        try:
            return raw, ModelAnswer.model_validate_json(raw)
        except ValidationError as error:
            raise Unusable(f"out of form: {error.error_count()} problems", raw) from error

    async def _completion(self, question: ModelQuestion) -> str:
        try:
            async with asyncio.timeout(self._timeout):
                done = await self._client.chat.completions.create(
                    model=self._model,
                    messages=[
                        {"role": "system", "content": task(question)},
                        {"role": "user", "content": message(question)},
                    ],
                    response_format={
                        "type": "json_schema",
                        "json_schema": {"name": "meaning", "strict": True, "schema": form(question)},
                    },
                    max_completion_tokens=MOST_TOKENS,
                )
            content = done.choices[0].message.content
        except _BROKEN as error:
            raise Unusable(_why(error)) from error
        if not isinstance(content, str):
            raise Unusable("no words in the answer")
        return content

    async def transcribe(self, audio: bytes, mime_type: str) -> str:
        """See `ModelReader.transcribe`."""
        subtype = mime_type.partition(";")[0].partition("/")[2] or "ogg"
        try:
            async with asyncio.timeout(self._audio_timeout):
                told = await self._client.audio.transcriptions.create(
                    file=(f"voice.{subtype}", audio, mime_type),
                    model=self._audio_model,
                    response_format="json",
                    timeout=self._audio_timeout,
                )
        except _BROKEN as error:
            raise Unusable(_why(error)) from error
        text = getattr(told, "text", None)
        if not isinstance(text, str) or not text.strip():
            raise Unusable("no words in the answer")
        return text.strip()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()


_BROKEN = (openai.OpenAIError, TimeoutError, ValueError, AttributeError, IndexError, TypeError, KeyError)
"""All that a server can do to its client: a 200 of any shape is read by attribute, so any of these may come."""


def _why(error: Exception) -> str:
    status = getattr(error, "status_code", None)
    return type(error).__name__ if status is None else f"{type(error).__name__} {status}"


@dataclass(slots=True)
class Breaker:
    """Opens after so many failures in a row, and lets one question through after a rest; one for each process."""

    failures_to_open: int = 3
    rest_seconds: float = 60.0
    monotonic: Callable[[], float] = time.monotonic
    failures: int = 0
    opened_at: float | None = None

    def lets_through(self) -> bool:
        """Whether the model may be asked now."""
        if self.opened_at is None:
            return True
        if self.monotonic() - self.opened_at < self.rest_seconds:
            return False
        self.opened_at = self.monotonic()
        return True

    def succeeded(self) -> None:
        """The model answered well."""
        self.failures, self.opened_at = 0, None

    def failed(self) -> None:
        """The model failed once more."""
        self.failures += 1
        if self.failures >= self.failures_to_open:
            self.opened_at = self.monotonic()


class Model:
    """A reader behind a breaker and a gate: asked when it is alive and not too busy, and nothing is ever raised."""

    def __init__(
        self,
        reader: ModelReader,
        *,
        breaker: Breaker | None = None,
        voice: Breaker | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        self._reader = reader
        self._breaker, self._voice = breaker or Breaker(), voice or Breaker()
        self._free = at_once

    async def ask(self, question: ModelQuestion) -> Answer:
        """What the model says of a message, or why it says nothing."""
        asked = f"{task(question)}\n{message(question)}"
        if self._free <= 0 or not self._breaker.lets_through():
            return Answer(asked, failure="busy" if self._free <= 0 else "resting after failures")
        self._free -= 1
        try:
            raw, said = await self._reader.read(question)
        except Unusable as failure:
            self._breaker.failed()
            return Answer(asked, raw=_kept(failure.raw), failure=str(failure))
        finally:
            self._free += 1
        self._breaker.succeeded()
        return Answer(asked, raw=_kept(raw), said=said)

    async def transcribe(self, audio: bytes, mime_type: str) -> str | None:
        """The words of a voice note, or none."""
        if self._free <= 0 or not self._voice.lets_through():
            return None
        self._free -= 1
        try:
            words = await self._reader.transcribe(audio, mime_type)
        except Unusable:
            self._voice.failed()
            return None
        finally:
            self._free += 1
        self._voice.succeeded()
        return words


def _kept(raw: str | None) -> str | None:
    return None if raw is None else raw[:KEPT_CHARACTERS]
