"""The worker's rounds of the cashier: callbacks worked off as they come, and every few seconds what is due of money."""

import asyncio
import contextlib
import hashlib
import secrets
from collections.abc import Iterator, Sequence
from typing import Final

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pymongo.errors import PyMongoError

from bot.business.catalogue import PayoutAccount
from bot.business.definition import Business
from bot.dialogue.payment_links import payee_id
from bot.engine.performers.money import MoneyPerformer, NotUsable
from bot.engine.routing import XENDIT
from bot.store.clock import Clock
from bot.store.leads import Leads
from bot.store.received import Delivery, Received
from payments.domain.errors import OutcomeUnknown, TemporaryError
from payments.domain.ids import AccountId
from payments.domain.payout import Destination, PayeeAccount
from payments.store.store import Store

log = structlog.get_logger(__name__)

EVERY: Final = 5.0
_NONCE: Final = 12


class PayeeCodec:
    """Seals the accounts of payees under a key of their own, made of SECRET_KEY; what a former one sealed opens too."""

    def __init__(self, secret: str, former: Sequence[str] = ()) -> None:
        self._cipher = _cipher(secret)
        self._former = tuple(_cipher(one) for one in former)

    def seal(self, plain: bytes) -> bytes:
        """The bytes to store."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, b"payee")

    def open(self, sealed: bytes) -> bytes:
        """The bytes that were sealed."""
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
        till: MoneyPerformer,
        store: Store,
        received: Received,
        leads: Leads,
        clock: Clock,
        business: Business,
        every: float = EVERY,
    ) -> None:
        self._till = till
        self._store = store
        self._received = received
        self._leads = leads
        self._clock = clock
        self._business = business
        self._every = every
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something came in."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled; trouble of one round is told and does not end the next."""
        loop, next_sweep, ready = asyncio.get_running_loop(), 0.0, False
        while True:
            self._wake.clear()
            try:
                if not ready:
                    await self.prepare()
                    ready = True
                await self.hear_all()
                if loop.time() >= next_sweep:
                    await self.sweep()
                    next_sweep = loop.time() + self._every
            except PyMongoError as error:
                log.error("cashier_round_failed", problem=type(error).__name__)
            except Exception as error:  # our own fault: told, and tried again with the next round
                log.exception("cashier_round_failed", problem=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(self._every, 1.0)):
                    await self._wake.wait()

    async def prepare(self) -> None:
        """Indexes, and where the people of the business file are paid from now on."""
        await self._store.index()
        for payee in payees_of(self._business):
            await self._till.cashier.register_payee(payee)

    async def hear_all(self) -> None:
        """Every callback that waits."""
        server_now = await self._leads.server_now()
        for delivery in await self._received.waiting_of(XENDIT, server_now):
            await self._hear(delivery)

    async def _hear(self, delivery: Delivery) -> None:
        now, server_now = await self._clock.business_now(), await self._leads.server_now()
        try:
            await self._till.hear(delivery, now, server_now)
        except NotUsable as reason:
            # stored and shown, so that money of a kind we do not know is seen by a person
            log.warning("callback_not_used", delivery=delivery.fingerprint, reason=str(reason))
            await self._received.park(delivery.id, server_now, str(reason))
        except (TemporaryError, OutcomeUnknown) as error:
            log.warning("callback_not_confirmed", delivery=delivery.fingerprint, why=str(error))
            await self._received.defer([delivery.id], server_now + TemporaryError("").delay)
        except PyMongoError:
            raise
        except Exception as error:
            log.exception("callback_stumbled", delivery=delivery.fingerprint, problem=type(error).__name__)
            await self._received.count_failure(delivery, server_now, type(error).__name__)
        else:
            await self._received.mark_done([delivery.id], server_now)

    async def sweep(self) -> None:
        """What is due of money now."""
        now, server_now = await self._clock.business_now(), await self._leads.server_now()
        tick = await self._till.sweep(now, server_now)
        for trouble in tick.troubles:
            log.error("money_trouble", trouble=f"{trouble.record}: {trouble.error}")
        for alarm in tick.alarms:
            log.warning(alarm.kind.value, **dict(alarm.facts))


def payees_of(business: Business) -> Iterator[PayeeAccount]:
    """Everybody in the business file who has an account to be paid to."""
    for kind, named in (
        ("provider", business.providers),
        ("place", business.places),
        ("referrer", business.referrers),
    ):
        for one in named:
            if one.payout is not None:
                yield PayeeAccount(payee_id(kind, one.id), _account_id(one.payout), _destination(one.payout))


def _account_id(account: PayoutAccount) -> AccountId:
    """Another account is another id; the number itself is not readable in it."""
    known = f"{account.channel}\n{account.number}\n{account.holder}"
    return AccountId(hashlib.sha256(known.encode()).hexdigest()[:16])


def _destination(account: PayoutAccount) -> Destination:
    return Destination(account.channel, account.number, account.holder)
