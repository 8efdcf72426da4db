"""Who may call the API, and what is answered to a call made twice."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Final

from quart import Request, Response

from bot.store.idempotency import Idempotency, KeyState
from webhooks.edge.bodies import BodyRefused, read_body
from webhooks.edge.problems import RequestRefused, problem
from webhooks.edge.signatures import is_token

MAX_KEY: Final = 200


class ApiGuard:
    """Bearer token and Idempotency-Key."""

    def __init__(self, api_token: str | None, idempotency: Idempotency) -> None:
        self._api_token = api_token
        self._idempotency = idempotency

    def require(self, request: Request) -> None:
        """Let the bearer of our token in; nobody when no token is set."""
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if self._api_token and scheme.lower() == "bearer" and is_token(given, self._api_token):
            return
        response = problem(401, "not-authorised", "A valid bearer token is needed.")
        response.headers["WWW-Authenticate"] = "Bearer"
        raise RequestRefused(response)

    async def run_once(self, request: Request, act: Callable[[bytes], Awaitable[Response]]) -> Response:
        """Do it, or give the answer it was given before; without a key it is simply done."""
        try:
            body = await read_body(request)
        except BodyRefused as refused:
            return refused.response
        given = request.headers.get("Idempotency-Key")
        if given is None:
            return await act(body)
        if not 1 <= len(given) <= MAX_KEY:
            return problem(400, "idempotency-key", f"Idempotency-Key has 1 to {MAX_KEY} characters.")
        return await self._keyed(_hash(f"{request.path}\n{given}"), body, act)

    async def _keyed(self, key: str, body: bytes, act: Callable[[bytes], Awaitable[Response]]) -> Response:
        known = await self._idempotency.begin(key, hashlib.sha256(body).hexdigest())
        match known.found:
            case KeyState.ANSWERED:
                return _stored(known.status, known.body)
            case KeyState.OTHER_BODY:
                return problem(422, "idempotency-key-reused", "This Idempotency-Key was used with another body.")
            case KeyState.RUNNING:
                return problem(409, "still-running", "A call with this Idempotency-Key is still running.")
            case KeyState.NEW:
                return await self._done(key, body, act)

    async def _done(self, key: str, body: bytes, act: Callable[[bytes], Awaitable[Response]]) -> Response:
        try:
            response = await act(body)
        except Exception:
            await self._idempotency.forget(key)
            raise
        if response.status_code >= 500:
            await self._idempotency.forget(key)
        else:
            await self._idempotency.answer(key, response.status_code, await _bytes(response))
        return response


def _stored(status: int, body: bytes) -> Response:
    kind = "application/json" if status < 400 else "application/problem+json"
    return Response(body, status, content_type=kind)


async def _bytes(response: Response) -> bytes:
    data: bytes = await response.get_data(as_text=False)
    return data


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
