"""Where a payee is paid, and how that changes: another bank account is a proposal until a wait is over or a second
person has said yes.

A business file that somebody altered for an hour must not be able to send a month's shares away.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from payments.domain.ids import PayeeId, PayoutAccountId
from payments.domain.machine import Machine

CHANGE_WAIT: Final = timedelta(hours=72)
"""So long a changed account waits where the business sets nothing else."""
BY_FILE: Final = "business file"


@dataclass(frozen=True, slots=True)
class Destination:
    """A bank account or wallet; personal data, never shown by repr and sealed before storage."""

    channel_code: str
    account_number: str = field(repr=False)
    account_holder_name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PayeeContact:
    """Who is told when somebody wants a payee to be paid elsewhere: a number in E.164 and a language code."""

    phone: str = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class PayeeAccount:
    """Where a payee is paid today; another bank account has another id."""

    payee: PayeeId
    payout_account: Annotated[PayoutAccountId, Field(alias="account")]
    destination: Destination
    version: int = 0
    since: datetime | None = None
    contact: PayeeContact | None = None
    """None for whoever has no number in the business file, and for accounts stored before contacts were kept."""


class ProposalState(StrEnum):
    """Where the proposal of another account stands."""

    WAITING = "waiting"
    IN_EFFECT = "in_effect"
    WITHDRAWN = "withdrawn"


PROPOSAL = Machine(
    "state",
    frozenset({ProposalState.WAITING}),
    {
        ProposalState.WAITING: frozenset({ProposalState.IN_EFFECT, ProposalState.WITHDRAWN}),
        # The same account may be proposed again later; it waits again.
        ProposalState.IN_EFFECT: frozenset({ProposalState.WAITING}),
        ProposalState.WITHDRAWN: frozenset({ProposalState.WAITING}),
    },
)


class NeedsAnother(ValueError):
    """Whoever proposed an account cannot be the one who confirms it."""


@dataclass(frozen=True, slots=True)
class AccountProposal:
    """Another account for a payee who has one, in effect from `effective_at` or a second person's yes."""

    payee: PayeeId
    payout_account: PayoutAccountId
    destination: Destination
    proposed_by: str
    proposed_at: datetime
    effective_at: datetime
    state: ProposalState = ProposalState.WAITING
    confirmed_by: str | None = None
    applied: bool = False
    version: int = 0
    contact: PayeeContact | None = None
    """Who is told from the day this account counts."""

    @property
    def id(self) -> str:
        """One per payee and account."""
        return proposal_id(self.payee, self.payout_account)

    @property
    def next_at(self) -> datetime | None:
        """When it takes effect by itself; what is in effect and not yet written is due as well."""
        is_unwritten = self.state is ProposalState.IN_EFFECT and not self.applied
        return self.effective_at if self.state is ProposalState.WAITING or is_unwritten else None

    def proposed_again(self, fresh: "AccountProposal") -> "AccountProposal":
        """Proposed while it waits, it goes on waiting; after that the wait begins again."""
        if self.state is ProposalState.WAITING:
            return self
        return PROPOSAL.move(
            self,
            ProposalState.WAITING,
            proposed_by=fresh.proposed_by,
            proposed_at=fresh.proposed_at,
            effective_at=fresh.effective_at,
            confirmed_by=None,
            applied=False,
        )

    def withdrawn(self) -> "AccountProposal":
        """Another account was proposed since, or the one in effect again."""
        return self if self.state is not ProposalState.WAITING else PROPOSAL.move(self, ProposalState.WITHDRAWN)

    def confirmed(self, by: str, now: datetime) -> "AccountProposal":
        """A second person says yes: it need not wait. Raises NeedsAnother for the one who proposed it."""
        # Without the wait it takes two people: one stolen login alone diverts no money at once.
        if not by.strip() or by == self.proposed_by:
            raise NeedsAnother
        if self.state is not ProposalState.WAITING:
            return self
        return replace(self, confirmed_by=by, effective_at=min(now, self.effective_at))

    def due(self, now: datetime) -> "AccountProposal":
        """In effect once its wait is over: withdrawn before that, it never is."""
        if self.state is not ProposalState.WAITING or now < self.effective_at:
            return self
        return PROPOSAL.move(self, ProposalState.IN_EFFECT)

    def account(self) -> PayeeAccount:
        """What it proposes."""
        return PayeeAccount(
            self.payee, self.payout_account, self.destination, since=self.effective_at, contact=self.contact
        )


def proposal_id(payee: PayeeId, account: PayoutAccountId) -> str:
    """One per payee and account."""
    return f"{payee}|{account}"
