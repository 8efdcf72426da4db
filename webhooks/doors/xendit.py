"""Xendit's door: token, size, JSON, recorded, 200. Nothing is thought about here.

The token is no signature of the body (reference: xendit 3.1): what a callback says is believed only as far as it fits
our own records, which the cashier sees to.
"""

import asyncio
import hashlib
import json
import re
from typing import Final

import structlog

from bot.domain.ids import DeliveryId
from bot.engine.routing import XENDIT
from bot.store.delivery import Delivery, NotStored, RecordingResult
from bot.store.received import Received
from bot.store.vault import Vault
from webhooks.clock import ServerClock
from webhooks.doors.metrics import DELIVERIES
from webhooks.edge.bodies import STORED_WITHIN, BodyRefused
from webhooks.edge.problems import DoorProblem
from webhooks.edge.raw import RawAnswer, RawRequest, RawRoutes, refused
from webhooks.edge.signatures import is_token

log = structlog.get_logger(__name__)

PATH: Final = "/webhooks/xendit"
CALLBACK: Final = "callback"
_WEBHOOK_ID: Final = re.compile(r"[!-~]{1,120}", re.ASCII)
"""What an id of theirs looks like; it becomes one of ours, so nothing else stands in it."""


class XenditDoor:
    """The handler of `/webhooks/xendit`."""

    def __init__(
        self, received: Received, vault: Vault, clock: ServerClock, *, token: str, within: float = STORED_WITHIN
    ) -> None:
        self._received = received
        self._vault = vault
        self._clock = clock
        self._token = token
        self._within = within

    def routes(self) -> RawRoutes:
        """Its path and method."""
        return {PATH: {"POST": self.receive}}

    async def receive(self, request: RawRequest) -> RawAnswer:
        """Record it; 200 once it is safe, whatever kind it is."""
        # Without a token set nobody is Xendit; the comparison is in constant time.
        if not self._token or not is_token(request.header(b"x-callback-token"), self._token):
            log.warning("xendit_token_wrong")
            return refused(DoorProblem(401, "wrong-token", "x-callback-token is missing or not ours."))
        try:
            body = await request.body()
        except BodyRefused as not_read:
            log.warning("xendit_body_refused", status=not_read.why.status)
            return refused(not_read.why)
        try:
            # Only whether it is JSON: numbers of money are read later, as exact decimals.
            json.loads(body)
        except (ValueError, RecursionError):
            log.warning("xendit_not_json", bytes=len(body))
            return refused(DoorProblem(400, "not-json", "The body is not JSON."))
        try:
            async with asyncio.timeout(self._within):
                return await self._record(body, request.header(b"webhook-id"))
        except TimeoutError:
            # it may be stored all the same: what comes a second time is known by its id
            log.error("xendit_not_stored", problem="too late")
            return refused(DoorProblem(503, "not-stored", "It could not be stored in time; please send it again."))

    async def _record(self, body: bytes, webhook_id: str | None) -> RawAnswer:
        now = self._clock.now()
        content = hashlib.sha256(body).hexdigest()
        # Without an id that can be used, the same body is taken for the same callback.
        name = webhook_id if webhook_id and _WEBHOOK_ID.fullmatch(webhook_id) else content
        delivery_id = DeliveryId(f"{XENDIT}:{name}")
        delivery = Delivery(
            id=delivery_id,
            source=XENDIT,
            kind=CALLBACK,
            body=await self._vault.seal_inbound(delivery_id, body),
            fingerprint=content[:16],
            aliases=(),
            received_at=now,
            due_at=now,
            sent_at=now,
        )
        try:
            outcome = (await self._received.record([delivery]))[0]
        except NotStored as error:
            log.error("xendit_not_stored", problem=str(error))
            return refused(DoorProblem(503, "not-stored", "It could not be stored; please send it again."))
        DELIVERIES.labels(source=XENDIT, kind=CALLBACK, outcome=outcome.value).inc()
        if outcome is RecordingResult.DIFFERS:
            log.warning("same_id_other_content", delivery=delivery.fingerprint, kind=CALLBACK)
            # Another body under an id that was used: both are news of money, so this one goes by its content.
            return await self._record(body, None)
        return RawAnswer(200)
