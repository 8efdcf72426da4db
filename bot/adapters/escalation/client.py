"""Hands what waits for a person to an address of the business over HTTP."""

from typing import Any

from bot.adapters.signed_address import NotAcknowledged, SignedAddress
from bot.engine.escalations import EscalationNotHeard, EscalationNotice


class EscalationClient:
    """The address that hears of the queue."""

    def __init__(self, url: str, secret: str) -> None:
        self._address = SignedAddress(url, secret)

    async def tell(self, notice: EscalationNotice) -> None:
        """Hand it over; any 2xx is a yes, all else is tried again."""
        try:
            await self._address.post(message_of(notice))
        except NotAcknowledged as refused:
            raise EscalationNotHeard(str(refused), is_away=refused.is_away) from refused

    async def close(self) -> None:
        """Let go of the connections."""
        await self._address.close()


def message_of(notice: EscalationNotice) -> dict[str, Any]:
    """The message: the row as it stands, without a name or a number of anybody outside the house."""
    row, cause = notice.row, notice.row.cause
    state = "closed" if not row.is_open else "open" if row.owner is None else "taken"
    amount = None if cause.amount is None else {"amount": cause.amount.amount, "currency": cause.amount.currency}
    return {
        "message_type": "attention",
        # the same row in the same state has the same id, so that what comes twice is known
        "message_id": f"{row.id}:{row.revision}",
        "timestamp": notice.at.isoformat(),
        "business": notice.business,
        "timezone": notice.timezone,
        "id": row.id,
        "revision": row.revision,
        "state": state,
        "ended": None if row.ended is None else row.ended.value,
        "reason": cause.reason,
        "sentence": dict(notice.why),
        "severity": row.severity.value,
        "subject": {"kind": cause.about.value, "id": cause.subject},
        "lead_id": cause.thread,
        "amount": amount,
        "since": cause.since.isoformat(),
        "due_by": row.due_by.isoformat(),
        "owner": row.owner,
        "stage": row.stage,
        "told": [one.who for one in row.asked if one.stage],
    }
