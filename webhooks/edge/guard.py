"""Who may call the API, and what is answered to a call made twice."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from quart import Request, Response

from bot.domain.change import Requester
from bot.domain.users import Act, who_may
from bot.store.idempotency import Idempotency, KeyState
from webhooks.edge.bodies import BodyRefused, read_body
from webhooks.edge.callers import THE_MACHINE, Caller, person
from webhooks.edge.problems import RequestRefused, problem
from webhooks.edge.rates import MACHINE as MACHINE_RATE
from webhooks.edge.rates import PERSON, UNKNOWN_ADDRESS, RateLimits
from webhooks.edge.sessions import READS, SessionReader
from webhooks.edge.signatures import is_token

MAX_KEY: Final = 200


@dataclass(frozen=True, slots=True)
class Rights:
    """What each operation is, and which of them the machine's token may not do."""

    acts: Mapping[str, Act]
    of_people: frozenset[str] = frozenset()


class UndeclaredOperation(Exception):
    """An operation says nobody who may; it is not mounted."""


class ApiGuard:
    """Bearer token or session, rights, and Idempotency-Key."""

    def __init__(
        self,
        api_token: str | None,
        idempotency: Idempotency,
        rights: Rights,
        sessions: SessionReader,
        rates: RateLimits,
    ) -> None:
        self._api_token = api_token
        self._idempotency = idempotency
        self._rights = rights
        self._sessions = sessions
        self._rates = rates

    def act_of(self, operation: str) -> Act:
        """What that operation is, as far as rights go; UndeclaredOperation."""
        if operation not in self._rights.acts:
            raise UndeclaredOperation(operation)
        return self._rights.acts[operation]

    async def admit(self, request: Request, operation: str) -> Caller:
        """Let in the bearer of our token, and whoever is signed in and may; RequestRefused. Nothing of the body is
        read for anybody else."""
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme:
            # No token set means a closed API, not an open one.
            if self._api_token and scheme.lower() == "bearer" and is_token(given, self._api_token):
                self._rates.take("machine", MACHINE_RATE)
                if operation in self._rights.of_people:
                    detail = "A machine may not do this: it needs a person who is signed in."
                    raise RequestRefused(problem(403, "needs-a-person", detail))
                return THE_MACHINE
            raise self._refused(request)
        who = await self._sessions.signed_in(request)
        if who is None:
            raise self._refused(request)
        self._rates.take(f"user:{who.id}", PERSON)
        if request.method not in READS:
            await self._sessions.require_csrf(request, who)
        act = self.act_of(operation)
        caller = person(who, act)
        if caller is None:
            raise RequestRefused(may_not(act))
        return caller

    def _refused(self, request: Request) -> RequestRefused:
        self._rates.take(f"address:{request.remote_addr}", UNKNOWN_ADDRESS)
        response = problem(401, "not-authorised", "A valid bearer token, or a session of the console, is needed.")
        response.headers["WWW-Authenticate"] = "Bearer"
        return RequestRefused(response)

    async def run_once(self, request: Request, who: Caller, act: Callable[[bytes], Awaitable[Response]]) -> Response:
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
        # And by person: what one of them was answered is not another one's to read.
        mine = f"{who.asks.person}\n" if who.is_person else ""
        key = hashlib.sha256(f"{mine}{request.path}\n{given}".encode()).hexdigest()
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


def able(who: Caller, act: Act) -> Requester:
    """Who calls, in a role of theirs that may this as well; RequestRefused where none may."""
    asks = who.in_role_for(act)
    if asks is None:
        raise RequestRefused(may_not(act))
    return asks


def may_not(act: Act) -> Response:
    """The answer to who has no role for that."""
    roles = ", ".join(who_may(act)) or "nobody who signs in"
    return problem(403, "may-not", f"Your roles do not allow this ({act.value}); these do: {roles}.")
