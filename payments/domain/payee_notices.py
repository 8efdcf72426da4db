"""What a payee's former contact is told when somebody wants the money to go elsewhere.

The contact told is the one that stood with the account in effect: whoever alters both in the business file at once
cannot keep the true payee from hearing of it while there is time to object.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from payments.domain.ids import PayeeId
from payments.domain.machine import Machine
from payments.domain.payees import AccountProposal, PayeeContact

MOST_TRIES: Final = 20
FIRST_RETRY: Final = timedelta(minutes=1)
LAST_RETRY: Final = timedelta(hours=6)


class NoticeState(StrEnum):
    """What became of a notice."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    """Refused for good, or tried too often: a person calls the payee."""


NOTICE = Machine(
    "state",
    frozenset({NoticeState.WAITING}),
    {
        NoticeState.WAITING: frozenset({NoticeState.SENT, NoticeState.FAILED}),
        NoticeState.SENT: frozenset(),
        NoticeState.FAILED: frozenset(),
    },
)


@dataclass(frozen=True, slots=True)
class PayeeNotice:
    """One message to one former contact about one proposal."""

    payee: PayeeId
    proposed_at: datetime
    proposed_by: str
    contact: PayeeContact
    ending: str
    """The last four digits of the proposed account."""
    effective_at: datetime
    next_at: datetime | None
    state: NoticeState = NoticeState.WAITING
    tries: int = 0
    version: int = 0

    @property
    def id(self) -> str:
        """One per payee and moment of a proposal."""
        return f"{self.payee}|{self.proposed_at.isoformat()}"

    def sent(self) -> "PayeeNotice":
        """The messenger has it."""
        return NOTICE.move(self, NoticeState.SENT, next_at=None)

    def failed(self) -> "PayeeNotice":
        """It will not be sent."""
        return NOTICE.move(self, NoticeState.FAILED, next_at=None)

    def tried(self, now: datetime) -> "PayeeNotice":
        """It did not leave: later again, with waits that double up to six hours; failed after twenty tries."""
        if self.tries + 1 >= MOST_TRIES:
            return self.failed()
        wait = min(FIRST_RETRY * 2 ** min(self.tries, 9), LAST_RETRY)
        return replace(self, tries=self.tries + 1, next_at=now + wait)


def notice_of(proposal: AccountProposal, contact: PayeeContact) -> PayeeNotice:
    """What this contact is to be told of that proposal, at once."""
    return PayeeNotice(
        proposal.payee,
        proposal.proposed_at,
        proposal.proposed_by,
        contact,
        proposal.destination.account_number[-4:],
        proposal.effective_at,
        next_at=proposal.proposed_at,
    )
