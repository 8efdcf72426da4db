"""Hands workflow messages to the outside task system over HTTP, each signed over its very bytes."""

import asyncio
import hashlib
import hmac
from typing import Final

import httpx
import orjson

from bot.adapters.task_system.wire import message_of
from bot.engine.task_carrier import CarriedWork, NotCarried

SIGNATURE: Final = "X-Janji-Signature-256"
TIMEOUT: Final = httpx.Timeout(5.0, connect=3.0)
DEADLINE: Final = 6.0
"""The whole call, however slowly bytes drip."""


class TaskSystemClient:
    """One address, one secret."""

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = url, secret.encode()
        # nothing is followed: what was signed for one address is sent to no other
        self._http = httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False)

    async def tell(self, work: CarriedWork) -> None:
        """Hand it over; any 2xx is a yes, all else is tried again."""
        body = orjson.dumps(message_of(work))
        signature = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", SIGNATURE: f"sha256={signature}"}
        try:
            async with asyncio.timeout(DEADLINE):
                answer = await self._http.post(self._url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            # perhaps taken: told again, it is known by its id
            raise NotCarried(type(error).__name__, is_away=True) from error
        if not answer.is_success:
            raise NotCarried(f"status {answer.status_code}", is_away=answer.status_code >= 500)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()
