"""One link the customer was given: stored before the provider is asked for it, never deleted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from payments.domain.ids import ExternalId, InvoiceId
from payments.domain.machine import Machine
from payments.domain.money import Money


class AttemptState(StrEnum):
    """Where one link stands; PAID is never left."""

    CREATING = "creating"
    OPEN = "open"
    REFUSED = "refused"
    FAILED = "failed"
    EXPIRED = "expired"
    PAID = "paid"


_DEAD = frozenset({AttemptState.FAILED, AttemptState.EXPIRED})
ATTEMPT = Machine(
    "state",
    frozenset({AttemptState.CREATING}),
    {
        AttemptState.CREATING: frozenset({AttemptState.OPEN, AttemptState.REFUSED, AttemptState.PAID}) | _DEAD,
        AttemptState.OPEN: _DEAD | {AttemptState.PAID},
        # A dead or refused link may have taken money all the same (reference: xendit 2.4): money always wins.
        AttemptState.REFUSED: frozenset({AttemptState.PAID}),
        AttemptState.FAILED: frozenset({AttemptState.PAID}),
        AttemptState.EXPIRED: frozenset({AttemptState.PAID}),
        # One link can be paid twice.
        AttemptState.PAID: frozenset({AttemptState.PAID}),
    },
)
LIVE = frozenset({AttemptState.CREATING, AttemptState.OPEN})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One link, stored before the provider is asked for it and never deleted."""

    external_id: ExternalId
    number: int
    amount: Money
    created_at: datetime
    expires_at: datetime
    methods: tuple[str, ...] = ()
    state: AttemptState = AttemptState.CREATING
    provider_id: InvoiceId | None = None
    url: str | None = None
    reason: str | None = None
    asked_at: datetime | None = None
    empty_lookups: int = 0
