"""Meta's door: verification, signature, every part of every envelope recorded, then 200.

Nothing is thought about here: what is stored is worked off by the workers. A part that cannot be stored for sure is
answered 503, and Meta sends the whole again (architecture 5.1).
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.adapters.whatsapp import parse
from bot.adapters.whatsapp.parse import NotAWebhookEnvelope
from bot.domain.ids import DeliveryId
from bot.engine.channel import Part, PartKind
from bot.engine.inbound import BURST_QUIET
from bot.engine.routing import WHATSAPP
from bot.store.delivery import Delivery, NotStored, RecordingResult
from bot.store.received import Received
from bot.store.vault import Vault
from webhooks.clock import ServerClock
from webhooks.doors.metrics import DELIVERIES
from webhooks.edge.bodies import STORED_WITHIN, BodyRefused
from webhooks.edge.problems import DoorProblem
from webhooks.edge.raw import RawAnswer, RawRequest, RawRoutes, refused
from webhooks.edge.signatures import is_signed_by_meta, is_token

log = structlog.get_logger(__name__)

PATH = "/webhooks/whatsapp"


class WhatsAppDoor:
    """The two handlers of `/webhooks/whatsapp`."""

    def __init__(
        self,
        received: Received,
        vault: Vault,
        clock: ServerClock,
        *,
        app_secret: str,
        verify_token: str,
        number: str,
        burst_quiet: timedelta = BURST_QUIET,
        within: float = STORED_WITHIN,
    ) -> None:
        self._received = received
        self._vault = vault
        self._clock = clock
        self._app_secret = app_secret
        self._verify_token = verify_token
        self._number = number
        self._burst_quiet = burst_quiet
        self._within = within

    def routes(self) -> RawRoutes:
        """Its path and both methods."""
        return {PATH: {"GET": self.verify, "POST": self.receive}}

    async def verify(self, request: RawRequest) -> RawAnswer:
        """Meta's handshake: the bare challenge for the right token, else 403 (reference: whatsapp 4.1)."""
        asked = request.query()
        if asked.get("hub.mode") == "subscribe" and is_token(asked.get("hub.verify_token"), self._verify_token):
            return RawAnswer(200, asked.get("hub.challenge", "").encode())
        return refused(DoorProblem(403, "wrong-verify-token", "The verify token is not ours."))

    async def receive(self, request: RawRequest) -> RawAnswer:
        """Record every part; 200 only when each is safe or was safe before."""
        try:
            body = await request.body()
        except BodyRefused as not_read:
            log.warning("whatsapp_body_refused", status=not_read.why.status)
            return refused(not_read.why)
        # Over the bytes as they came: written out again, the same JSON has another HMAC.
        if not is_signed_by_meta(body, request.header(b"x-hub-signature-256"), self._app_secret):
            log.warning("whatsapp_signature_wrong", bytes=len(body))
            return refused(DoorProblem(401, "wrong-signature", "X-Hub-Signature-256 is missing or not ours."))
        try:
            # Meta batches: one envelope can hold messages of many customers, and each is recorded by itself.
            parts = parse.split(body)
        except (ValueError, NotAWebhookEnvelope) as error:
            log.warning("whatsapp_not_an_envelope", bytes=len(body), problem=type(error).__name__)
            return refused(DoorProblem(400, "not-an-envelope", "The body is not a WhatsApp webhook."))
        try:
            async with asyncio.timeout(self._within):
                return await self._record(parts)
        except TimeoutError:
            # it may be stored all the same: what comes a second time is known by its id
            log.error("whatsapp_not_stored", parts=len(parts), problem="too late")
            return refused(DoorProblem(503, "not-stored", "It could not be stored in time; please send it again."))

    async def _record(self, parts: Sequence[Part]) -> RawAnswer:
        if not parts:
            # Answered 200 all the same: refused, Meta sends it again for a week.
            log.info("whatsapp_envelope_empty")
            return RawAnswer(200)
        now = self._clock.now()
        # Of two parts with one id in an envelope the first one counts, and the order they came in is kept.
        unique = {part.external_id: part for part in reversed(parts)}
        deliveries: list[Delivery] = []
        for part in reversed(unique.values()):
            delivery_id = DeliveryId(f"{WHATSAPP}:{part.external_id}")
            # news of the whole account names no number
            of_account = part.kind is PartKind.ACCOUNT and not part.phone_number_id
            foreign = part.phone_number_id != self._number and not of_account
            # Stored all the same, apart from ours: refused, Meta would send it again for seven days.
            if foreign:
                log.error("delivery_for_another_number", kind=part.kind)
            deliveries.append(
                Delivery(
                    id=delivery_id,
                    source=WHATSAPP if not foreign else f"{WHATSAPP}:another-number",
                    kind=part.kind.value,
                    body=await self._vault.seal_inbound(delivery_id, part.payload),
                    fingerprint=part.fingerprint,
                    aliases=tuple(self._vault.alias(kind, value) for kind, value in part.addresses),
                    received_at=now,
                    # People write in several short messages: what is typed waits for the rest, a tap is complete.
                    due_at=now + self._burst_quiet if part.is_free_text else now,
                    sent_at=part.sent_at or now,
                    is_free_text=part.is_free_text,
                )
            )
        try:
            outcomes = await self._received.record(deliveries)
        except NotStored as error:
            log.error("whatsapp_not_stored", parts=len(parts), problem=str(error))
            return refused(DoorProblem(503, "not-stored", "It could not be stored; please send it again."))
        for delivery, outcome in zip(deliveries, outcomes, strict=True):
            DELIVERIES.labels(source=WHATSAPP, kind=delivery.kind, outcome=outcome.value).inc()
            if outcome is RecordingResult.DIFFERS:
                log.warning("same_id_other_content", delivery=delivery.fingerprint, kind=delivery.kind)
        return RawAnswer(200)
