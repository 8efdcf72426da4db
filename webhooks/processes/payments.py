"""The worker's rounds of the cashier: callbacks handled as they come, and every few seconds the sweep."""

import asyncio
import contextlib
import hashlib
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from bson.errors import BSONError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pymongo.errors import ConnectionFailure, PyMongoError

from bot.business.catalogue import Referrer
from bot.business.definition import Business
from bot.dialogue.payment_links import payee_id
from bot.domain.ids import DeliveryId
from bot.engine.performers.money import MoneyPerformer, NotUsable
from bot.engine.routing import XENDIT
from bot.store.clock import Clock
from bot.store.delivery import Delivery
from bot.store.leads import Leads
from bot.store.received import Received
from payments.domain.alarm import Alarm
from payments.domain.errors import OutcomeUnknown, TemporaryError
from payments.domain.ids import PayoutAccountId
from payments.domain.payees import Destination, PayeeAccount, PayeeContact
from payments.services.queues import Queue, Result
from payments.store.store import Store
from webhooks.doors.metrics import CASHIER_ALARMS, CASHIER_ROWS, CASHIER_UNREADABLE

log = structlog.get_logger(__name__)

EVERY: Final = 5.0
"""Seconds between two sweeps that have something to do, and as long as news of what was written cannot be heard."""
CALM: Final = 60.0
"""Longest wait for something that is due, or is told of: a net, under what nobody should have missed."""
PROVIDER_AWAY_AT_MOST: Final = timedelta(hours=1)
NOT_STORABLE: Final = (PyMongoError, BSONError, UnicodeError)
"""How storing the outcome of a callback can fail."""
_NONCE: Final = 12


class PayeeCodec:
    """Seals the accounts of payees under a key of their own, made of SECRET_KEY; what a former one sealed opens too."""

    def __init__(self, secret: str, former: Sequence[str] = ()) -> None:
        self._cipher = _cipher(secret)
        self._former = tuple(_cipher(key) for key in former)

    def seal(self, plain: bytes) -> bytes:
        """The bytes to store."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, b"payee")

    def open(self, sealed: bytes) -> bytes:
        """The bytes that were sealed."""
        # The bytes do not say which key sealed them; a wrong one is noticed by its tag.
        for cipher in (self._cipher, *self._former):
            with contextlib.suppress(InvalidTag):
                return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], b"payee")
        raise InvalidTag


def _cipher(secret: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=b"janji", info=b"janji payees")
    return AESGCM(derived.derive(secret.encode()))


class CashierRounds:
    """One process' part in the cashier's work; several may run side by side."""

    def __init__(
        self,
        performer: MoneyPerformer,
        store: Store,
        received: Received,
        leads: Leads,
        clock: Clock,
        business: Business,
        every: float = EVERY,
    ) -> None:
        self._performer = performer
        self._store = store
        self._received = received
        self._leads = leads
        self._clock = clock
        self._business = business
        self._every = every
        self._wake = asyncio.Event()
        self._stirred = asyncio.Event()
        self._is_listening = False
        self._due: datetime | None = None
        """When a sweep has something to do, as looked up after one that had nothing; none where it has to be."""

    def wake(self) -> None:
        """A callback may have come in: look now."""
        self._wake.set()

    def stir(self) -> None:
        """Something of money was written, or business time was moved: sweep."""
        self._stirred.set()

    def listens(self, *, is_listening: bool) -> None:
        """Whether somebody listens for us, and wakes and stirs; what came before is to be looked for."""
        self._is_listening = is_listening
        self._wake.set()
        self._stirred.set()

    async def prepare(self) -> None:
        """Indexes, and where the people of the business file are to be paid."""
        try:
            await self._store.index()
        except PyMongoError as error:  # slower without, and right all the same
            log.error("cashier_not_indexed", problem=type(error).__name__)
        now = await self._clock.business_now()
        payees, accounts = self._performer.cashier.payees, tuple(payees_of(self._business))
        try:
            accounts = await payees.registered(accounts, now)
        except Exception as error:  # then each by itself
            log.error("payees_not_looked_up", problem=type(error).__name__)
        for account in accounts:
            try:
                await payees.propose(account, now)
            except Exception as error:  # one payee's record is no reason to pay nobody
                log.error("payee_not_registered", payee=account.payee, problem=type(error).__name__)

    async def callbacks(self) -> None:
        """Hear what the provider calls back, until cancelled. Next to the sweeps: what holds up one of the two leaves
        the other alone."""
        while True:
            # Cleared before the reading: a callback that comes in meanwhile is not slept through.
            self._wake.clear()
            wait = self._every
            try:
                await self.hear_all()
                if self._is_listening:
                    wait = await self._until_callback()
            except Exception as error:
                log.error("cashier_round_failed", queue=Queue.CALLBACKS.value, problem=type(error).__name__)
                with contextlib.suppress(PyMongoError):  # the database is away: readiness says so by itself
                    await self._store.heartbeats.failed(Queue.CALLBACKS, type(error).__name__)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._wake.wait()

    async def _until_callback(self) -> float:
        """Seconds until the next look at callbacks: when one that was put off is due, or one wakes us."""
        due = await self._received.next_due_at(XENDIT)
        return CALM if due is None else _within(due - await self._leads.server_now(), self._every)

    async def sweeps(self) -> None:
        """Work off the queues of money, until cancelled."""
        await self.prepare()
        while True:
            if self._stirred.is_set():
                self._due = None
            # Cleared before the sweep: what is written meanwhile is not slept through.
            self._stirred.clear()
            wait = self._every
            try:
                was_empty = await self.sweep()
                if was_empty and self._is_listening and not self._stirred.is_set():
                    wait = await self._until_due()
            except Exception as error:  # each queue says by itself that it failed; here it is the round around them
                log.error("cashier_round_failed", problem=type(error).__name__)
            # However much is written, no more often than that.
            await asyncio.sleep(self._every)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait - self._every):
                    await self._stirred.wait()

    async def _until_due(self) -> float:
        """Seconds until the next sweep has something to do, if nothing of money is written before."""
        now = await self._clock.business_now()
        if self._due is None or self._due <= now:
            # also what stirs nobody, as the reading of the statement, was due then and is next at another moment
            self._due = await self._performer.cashier.next_due(now)
        return _within(self._due - now, self._every)

    async def hear_all(self) -> None:
        """Every callback that waits gets its turn, whatever stands at the head."""
        server_now = await self._leads.server_now()
        after: tuple[datetime, str] | None = None
        more = True
        while more:
            page = await self._received.waiting_page(XENDIT, server_now, after)
            for delivery_id in page.unreadable:
                CASHIER_ROWS.labels(queue=Queue.CALLBACKS, result=Result.UNREADABLE).inc()
                await self._park(delivery_id, server_now, "unreadable")
            for delivery in page.deliveries:
                result = await self._hear(delivery)
                CASHIER_ROWS.labels(queue=Queue.CALLBACKS, result=result).inc()
            after, more = page.following, page.following is not None
        await self._store.heartbeats.succeeded(Queue.CALLBACKS)
        await self._store.heartbeats.write()

    async def _hear(self, delivery: Delivery) -> Result:
        """One callback. A failure counts as a try of this callback and touches no other."""
        now, server_now = await self._clock.business_now(), await self._leads.server_now()
        try:
            await self._performer.hear(delivery, now, server_now)
        except NotUsable as reason:
            # stored and shown, so that money of a kind we do not know is seen by a person
            log.warning("callback_not_used", delivery=delivery.fingerprint, reason=str(reason))
            await self._park(delivery.id, server_now, str(reason))
            return Result.FAILED
        except (TemporaryError, OutcomeUnknown) as error:
            log.warning("callback_not_confirmed", delivery=delivery.fingerprint, problem=type(error).__name__)
            # While the provider is away that costs no try; a row it cannot be asked about for an hour is given up.
            if server_now - delivery.received_at > PROVIDER_AWAY_AT_MOST:
                await self._count_failure(delivery, server_now, type(error).__name__)
            else:
                with contextlib.suppress(*NOT_STORABLE):
                    await self._received.defer([delivery.id], server_now + TemporaryError("").delay)
            return Result.LATER
        except ConnectionFailure:
            raise  # the database is away: nobody's fault
        except Exception as error:
            log.error("callback_failed", delivery=delivery.fingerprint, problem=type(error).__name__)
            await self._count_failure(delivery, server_now, type(error).__name__)
            return Result.FAILED
        # Last: dying before it, the callback is applied once more, which changes nothing.
        await self._received.mark_done([delivery.id], server_now)
        return Result.DONE

    async def _count_failure(self, delivery: Delivery, server_now: datetime, problem: str) -> None:
        try:
            await self._received.count_failure(delivery, server_now, problem)
        except NOT_STORABLE as error:
            log.error("callback_not_counted", delivery=delivery.fingerprint, problem=type(error).__name__)

    async def _park(self, delivery: DeliveryId, server_now: datetime, reason: str) -> None:
        """Set aside with its reason, else with a bare one; a row that cannot be set aside is passed over."""
        for words in (reason, "parked"):
            try:
                await self._received.park(delivery, server_now, words)
            except NOT_STORABLE as error:
                log.error("callback_not_parked", problem=type(error).__name__)
            else:
                return

    async def sweep(self) -> bool:
        """What is due of money now; whether there was nothing to do and to tell."""
        now, server_now = await self._clock.business_now(), await self._leads.server_now()
        swept = await self._performer.sweep(now, server_now)
        for (queue, result), count in swept.rows.items():
            CASHIER_ROWS.labels(queue=queue, result=result).inc(count)
        for queue in Queue:
            CASHIER_UNREADABLE.labels(queue=queue).set(swept.rows.get((queue, Result.UNREADABLE), 0))
        for trouble in swept.troubles:
            log.error("money_trouble", queue=trouble.queue.value, record=trouble.record, problem=trouble.problem)
        for alarm in swept.alarms:
            self._say(alarm)
        for kept in swept.kept_alarms:
            # Said before it is marked: dying in between says it twice, never not at all.
            self._say(kept.alarm)
            await self._performer.cashier.alarms.announced(kept)
        return swept.is_empty

    def _say(self, alarm: Alarm) -> None:
        CASHIER_ALARMS.labels(kind=alarm.kind).inc()
        log.warning(alarm.kind.value, **dict(alarm.facts))


def _within(wait: timedelta, shortest: float) -> float:
    return min(max(wait.total_seconds(), shortest), CALM)


def payees_of(business: Business) -> Iterator[PayeeAccount]:
    """Everybody in the business file who has an account to be paid to."""
    for kind, named in (
        ("provider", business.providers),
        ("place", business.places),
        ("referrer", business.referrers),
    ):
        for payee in named:
            if payee.payout is None:
                continue
            channel, number, holder = payee.payout.channel, payee.payout.number, payee.payout.holder
            # Another account is another id, so that a change is seen as one; the number cannot be read in it.
            known = hashlib.sha256(f"{channel}\n{number}\n{holder}".encode()).hexdigest()[:16]
            contact = (
                None if isinstance(payee, Referrer) else PayeeContact(payee.contact.phone, str(payee.contact.language))
            )
            yield PayeeAccount(
                payee_id(kind, payee.id),
                PayoutAccountId(known),
                Destination(channel, number, holder),
                contact=contact,
            )
