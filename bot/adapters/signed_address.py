"""An address outside the house to which JSON is posted, each body signed over its very bytes."""

import asyncio
import hashlib
import hmac
from typing import Any, Final

import httpx
import orjson

SIGNATURE: Final = "X-Janji-Signature-256"
TIMEOUT: Final = httpx.Timeout(5.0, connect=3.0)
DEADLINE: Final = 6.0
"""The whole call, however slowly bytes drip."""


class NotAcknowledged(Exception):
    """The address did not say yes: it is away, and may have taken it all the same, or it refuses this message."""

    def __init__(self, why: str, *, is_away: bool) -> None:
        super().__init__(why)
        self.is_away = is_away


class SignedAddress:
    """One address, one secret."""

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = url, secret.encode()
        # nothing is followed: what was signed for one address is sent to no other
        self._http = httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False)

    async def post(self, message: dict[str, Any]) -> None:
        """Hand it over; any 2xx is a yes, all else NotAcknowledged."""
        body = orjson.dumps(message)
        signature = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", SIGNATURE: f"sha256={signature}"}
        try:
            async with asyncio.timeout(DEADLINE):
                answer = await self._http.post(self._url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            # perhaps taken: told again, it is known by its id
            raise NotAcknowledged(type(error).__name__, is_away=True) from error
        if not answer.is_success:
            raise NotAcknowledged(f"status {answer.status_code}", is_away=answer.status_code >= 500)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()
