"""Sends what former contacts of payees are to be told, until it is sent or a person has to call."""

from datetime import datetime
from typing import Protocol

from payments.domain.alarm import AlarmKind
from payments.domain.errors import OutcomeUnknown, PermanentError, TemporaryError
from payments.domain.payee_notices import NoticeState, PayeeNotice
from payments.services.alarms import AlarmService
from payments.store.store import Store


class PayeeCourier(Protocol):
    """Whoever can write to a payee; given by the process that has a messenger."""

    async def tell(self, notice: PayeeNotice) -> None:
        """Hand it to the messenger; TemporaryError, OutcomeUnknown, or PermanentError when it will never go."""


class PayeeNoticeService:
    """Everything that changes a notice to a payee."""

    def __init__(self, store: Store, alarms: AlarmService, courier: PayeeCourier | None) -> None:
        self._store = store
        self._alarms = alarms
        self._courier = courier

    async def advance(self, notice: PayeeNotice, now: datetime) -> None:
        """One try. Told twice is better than not told: an unknown outcome is tried again as well."""
        try:
            if self._courier is None:
                raise TemporaryError("nobody here can write to payees")
            await self._courier.tell(notice)
        except PermanentError:
            stored = await self._store.payee_notices.change(notice.id, lambda known: known.failed())
        except (TemporaryError, OutcomeUnknown):
            stored = await self._store.payee_notices.change(notice.id, lambda known: known.tried(now))
        else:
            stored = await self._store.payee_notices.change(notice.id, lambda known: known.sent())
        if stored is not None and stored.state is NoticeState.FAILED:
            effective = ("effective_at", notice.effective_at.isoformat())
            await self._alarms.open(AlarmKind.PAYEE_NOT_TOLD, notice.id, now, ("payee", notice.payee), effective)
