"""The Graph API over HTTP: send, mark as read. It says what surely happened, and what nobody can say.

A send fails before the first byte (NotSent), with an answer (SendRefused), or its outcome is unknown
(SendOutcomeUnknown); Meta has no idempotency key, so the difference is everything (architecture 5.5).
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

import httpx
import orjson

from bot.adapters.whatsapp.errors import remedy_for
from bot.domain.ids import Wamid
from bot.engine.channel import NotSent, Payload, Remedy, SendOutcomeUnknown, SendRefused

TIMEOUT: Final = httpx.Timeout(8.0, connect=3.0, pool=3.0)
DEADLINE: Final = 9.0
"""The whole call, however slowly bytes drip: under the 10 s that remain of a claim's 15 s after its first 5."""
MEDIA_BYTES: Final = 16 * 1024 * 1024
"""The largest audio there is (reference: whatsapp 3.3)."""
CONNECTIONS: Final = 8
KEPT_ALIVE: Final = 8


@dataclass(frozen=True, slots=True)
class PhoneNumberLine:
    """One WhatsApp number of ours, and how to reach Meta for it."""

    base_url: str
    version: str
    phone_number_id: str
    token: str


class GraphClient:
    """One connection pool to one Graph API."""

    def __init__(self, line: PhoneNumberLine, connections: int = CONNECTIONS) -> None:
        self._version = f"/{line.version}"
        self._path = f"/{line.version}/{line.phone_number_id}/messages"
        headers = {"Authorization": f"Bearer {line.token}", "Content-Type": "application/json"}
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=min(connections, KEPT_ALIVE))
        self._http = httpx.AsyncClient(base_url=line.base_url, headers=headers, timeout=TIMEOUT, limits=limits)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def send(self, payload: Payload) -> Wamid:
        """Hand one message to Meta; its id when Meta took it."""
        answer = await self._post(payload)
        messages = answer.get("messages")
        if isinstance(messages, list) and messages and isinstance(messages[0], dict) and messages[0].get("id"):
            return Wamid(str(messages[0]["id"]))
        raise SendOutcomeUnknown("a 200 without a message id")

    async def mark(self, payload: Payload) -> None:
        """A read mark; worth no retry."""
        await self._post(payload)

    async def media(self, media_id: str) -> bytes | None:
        """What a customer sent, by its id; none when it is gone, too large or does not come in time.

        The id leads to an address that is good for five minutes and wants our token (reference: whatsapp 3.3).
        """
        try:
            async with asyncio.timeout(DEADLINE):
                told = await self._http.get(f"{self._version}/{media_id}")
                address = orjson.loads(told.content).get("url") if told.is_success else None
                return await self._download(address) if isinstance(address, str) else None
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, orjson.JSONDecodeError, AttributeError):
            return None

    async def _download(self, address: str) -> bytes | None:
        content = bytearray()
        async with self._http.stream("GET", address) as answer:
            if not answer.is_success:
                return None
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > MEDIA_BYTES:
                    return None
        return bytes(content)

    async def _post(self, payload: Payload) -> dict[str, Any]:
        try:
            async with asyncio.timeout(DEADLINE):
                response = await self._http.post(self._path, content=orjson.dumps(payload))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotSent(type(error).__name__) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise SendOutcomeUnknown(type(error).__name__) from error
        return _read(response)


def _read(response: httpx.Response) -> dict[str, Any]:
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        body = None
    if response.is_success and isinstance(body, dict):
        return body
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict) or not isinstance(error.get("code"), int):
        # a gateway's page: a 5xx may have come after Meta took the message
        raise SendOutcomeUnknown(f"status {response.status_code} without an error body")
    if response.status_code >= 500 and remedy_for(error["code"]) is Remedy.RETRY:
        # a hiccup behind the door (reference: whatsapp 3.4): the message may have been taken before it
        raise SendOutcomeUnknown(f"status {response.status_code}, code {error['code']}")
    details = error.get("error_data")
    text = details.get("details") if isinstance(details, dict) else None
    raise SendRefused(
        remedy_for(error["code"]), error["code"], response.status_code, str(text or error.get("message") or "")
    )
