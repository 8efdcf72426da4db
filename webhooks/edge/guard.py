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
        # No token set means a closed API, not an open one.
        if self._api_token and scheme.lower() == "bearer" and is_token(given, self._api_token):
            return
        response = problem(401, "not-authorised", "A valid bearer token is needed.")
        response.headers["WWW-Authenticate"] = "Bearer"
        raise RequestRefused(response)

    async def run_once(self, request: Request, act: Callable[[bytes], Awaitable[Response]]) -> Response:
        """Do it, or give the answer it was given before; without a key it is simply done."""
        try:
            # Read before the key is begun, so that a body that breaks off leaves no key behind.
            body = await read_body(request)
        except BodyRefused as refused:
            return refused.why.as_response()
        given = request.headers.get("Idempotency-Key")
        if given is None:
            return await act(body)
        if not 1 <= len(given) <= MAX_KEY:
            return problem(400, "idempotency-key", f"Idempotency-Key has 1 to {MAX_KEY} characters.")
        # By path as well: a caller may count its keys from one for each route.
        key = hashlib.sha256(f"{request.path}\n{given}".encode()).hexdigest()
        # Begun under a unique key before anything is done: of two calls at once one acts, the other gets 409.
        known = await self._idempotency.begin(key, hashlib.sha256(body).hexdigest())
        match known.found:
            case KeyState.ANSWERED:
                kind = "application/json" if known.status < 400 else "application/problem+json"
                return Response(known.body, known.status, content_type=kind)
            case KeyState.OTHER_BODY:
                return problem(422, "idempotency-key-reused", "This Idempotency-Key was used with another body.")
            case KeyState.RUNNING:
                return problem(409, "still-running", "A call with this Idempotency-Key is still running.")
            case KeyState.NEW:
                try:
                    response = await act(body)
                except Exception:
                    await self._idempotency.forget(key)
                    raise
                # Our own failure is no answer to keep: the same call may be made again under its key.
                if response.status_code >= 500:
                    await self._idempotency.forget(key)
                else:
                    answer: bytes = await response.get_data(as_text=False)
                    await self._idempotency.answer(key, response.status_code, answer)
                return response
