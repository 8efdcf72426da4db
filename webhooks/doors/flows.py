"""The door of WhatsApp Flows: opens a sealed request, has it answered, seals the answer; within three seconds.

Order and statuses: size 413, signature 432, envelope 400 or 421, ping, error notification, token 427, exchange
(reference: whatsapp 1.6). Our own failures are 503: the phone shows its generic words, the customer taps again, and
what was saved meanwhile is answered from the session.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Final, assert_never

import pymongo
import structlog
from pymongo.errors import PyMongoError

from bot.store.claims import TooBusy
from bot.store.delivery import NotStored
from flows.envelope import LARGEST_BODY, ReplyKey, admit, seal_response
from flows.errors import CannotDecrypt, FlowRefused, SignatureWrong, TokenExpired
from flows.exchange import acknowledge
from flows.keys import FlowKeys
from flows.reply import Reply, closing_body
from flows.request import (
    ErrorNotification,
    FlowCompleted,
    FormOpened,
    FormRequest,
    Ping,
    Request,
    WentBack,
    parse_request,
)
from webhooks.doors.metrics import FLOWS
from webhooks.edge.bodies import BodyRefused
from webhooks.edge.problems import DoorProblem
from webhooks.edge.raw import RawAnswer, RawRequest, RawRoutes, refused
from webhooks.edge.signatures import is_signed_by_meta

log = structlog.get_logger(__name__)

PATH: Final = "/webhooks/flows"
BUDGET: Final = 2.8
"""Seconds for one exchange; the phone gives up after ten, and Meta counts slow answers against the form."""
DATABASE_BUDGET: Final = 2.5
THREADS: Final = 2
"""An RSA operation takes milliseconds, lets other threads run meanwhile, and is kept off the event loop; more threads
than cores gain nothing."""
WITH_PROBLEM: Final = frozenset({400, 413})
_KINDS: Final = {Ping: "ping", ErrorNotification: "error", FormOpened: "open", WentBack: "back"}

Exchange = Callable[[FormRequest], Awaitable[Reply]]


class FlowsDoor:
    """The handler of `/webhooks/flows`."""

    def __init__(self, exchange: Exchange, keys: FlowKeys | None, *, app_secret: str, budget: float = BUDGET) -> None:
        self._exchange = exchange
        self._keys = keys
        self._app_secret = app_secret
        self._budget = budget
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="flow-envelope")

    def routes(self) -> RawRoutes:
        """Its path and method."""
        return {PATH: {"POST": self.receive}}

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def receive(self, request: RawRequest) -> RawAnswer:
        """One request of the data channel."""
        try:
            raw = await request.body(LARGEST_BODY)
        except BodyRefused as not_read:
            return _counted("unread", refused(not_read.why))
        reply_key: ReplyKey | None = None
        try:
            async with asyncio.timeout(self._budget):
                if not is_signed_by_meta(raw, request.header(b"x-hub-signature-256"), self._app_secret):
                    raise SignatureWrong
                if self._keys is None:
                    raise CannotDecrypt("FLOW_PRIVATE_KEY is not set")
                opening = partial(admit, raw, is_signed=True, keys=self._keys)
                opened = await asyncio.get_running_loop().run_in_executor(self._threads, opening)
                reply_key = opened.reply_key
                wanted = parse_request(opened.plaintext)
                reply = await self._answered(wanted)
                kind = _KINDS.get(type(wanted), "submit")
                return _counted(kind, _sealed(200, reply.plaintext, reply_key))
        except TokenExpired as closed:
            # The phone closes the form only when it can open the answer: this refusal alone is sealed.
            assert reply_key is not None
            log.info("flow_token_refused")
            body = closing_body(closed.error_msg).encode()
            return _counted("closed", _sealed(closed.status, body, reply_key))
        except FlowRefused as not_ours:
            log.warning("flow_refused", status=not_ours.status, reason=type(not_ours).__name__)
            # A body only where the status is one that machines other than phones know.
            if not_ours.status in WITH_PROBLEM:
                why = DoorProblem(not_ours.status, "not-a-flow-request", str(not_ours))
                return _counted("refused", refused(why))
            return _counted("refused", RawAnswer(not_ours.status))
        except (PyMongoError, NotStored, TooBusy, TimeoutError) as late:
            log.error("flow_not_answered", problem=type(late).__name__)
            why = DoorProblem(503, "not-in-time", "It could not be answered in time; please try again.")
            return _counted("late", refused(why))

    async def _answered(self, wanted: Request) -> Reply:
        match wanted:
            case Ping():
                return acknowledge(wanted)
            case ErrorNotification():
                # The phone could not use our last answer: our mistake, the form stands (reference: whatsapp 1.7).
                token = hashlib.sha256(wanted.token.encode()).hexdigest()[:12]
                log.error(
                    "flow_answer_refused_by_phone", key=wanted.key[:80], screen=wanted.screen[:40], token_hash=token
                )
                return acknowledge(wanted)
            case FormOpened() | FlowCompleted() | WentBack():
                # Below the whole budget, so that the database's own error comes first and says more.
                with pymongo.timeout(min(DATABASE_BUDGET, self._budget)):
                    return await self._exchange(wanted)
            case _:
                assert_never(wanted)


def _sealed(status: int, plaintext: bytes, reply_key: ReplyKey) -> RawAnswer:
    # right here: to seal a screen takes a hundredth of what a way to another thread and back does
    return RawAnswer(status, seal_response(plaintext, reply_key).encode())


def _counted(kind: str, answer: RawAnswer) -> RawAnswer:
    # An answer is never lost to its own counting.
    with suppress(ValueError):
        FLOWS.labels(kind=kind, status=str(answer.status)).inc()
    return answer
