"""Under which terms a booking's money is shared: frozen with the invoice, so that a later change of the
business leaves it alone."""

from dataclasses import dataclass
from enum import StrEnum

from payments.domain import splits
from payments.domain.fees import Tariff
from payments.domain.ids import PayeeId
from payments.domain.money import Money, zero
from payments.domain.splits import FeeBearer, Party, Share, SharesDoNotFit, SplitRule


class ReleaseRule(StrEnum):
    """When a party's share may leave: at payment, or on the caller's word (confirmed, completed, days
    after)."""

    ON_PAID = "on_paid"
    ON_WORD = "on_word"


class FallbackIsAbsent(ValueError):
    """The party that takes the shares of absent parties is absent itself."""


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid for a party; its account may be given later, and until then its share accrues."""

    party: Party
    payee: PayeeId


@dataclass(frozen=True, slots=True)
class Terms:
    """The split of one booking: the rule, who is there, who takes an absent party's share, who bears the
    fee, when it leaves."""

    rule: SplitRule = splits.DEFAULT_SPLIT
    payees: tuple[Payee, ...] = ()
    fallback: Party = Party.PLATFORM
    fee_bearer: FeeBearer = FeeBearer.PLATFORM
    release: ReleaseRule = ReleaseRule.ON_PAID
    expected_fee: Tariff | None = None
    """What the provider's fee will be, as far as the business says; its own transaction says what it is."""

    def __post_init__(self) -> None:
        if self.fallback is not Party.PLATFORM and self.fallback not in self.present:
            raise FallbackIsAbsent(self.fallback)

    @property
    def present(self) -> frozenset[Party]:
        """The parties that are there."""
        return frozenset(payee.party for payee in self.payees)

    def payee_of(self, party: Party) -> PayeeId | None:
        """Who is paid for this party."""
        return next((payee.payee for payee in self.payees if payee.party is party), None)

    def shares_of(self, amount: Money) -> tuple[Share, ...]:
        """The shares of this sum; raises SharesDoNotFit, which is to be met before an invoice is opened."""
        return splits.plan_shares(amount, self.rule, self.present, self.fallback)

    def require_fit(self, amount: Money) -> None:
        """That every party has something or nothing of this sum after the fee that is expected, never less; raises
        SharesDoNotFit."""
        shares = {share.party: share.amount for share in self.shares_of(amount)}
        if self.expected_fee is None:
            return
        fee = self.expected_fee.expected(amount)
        for borne in self.fee_shares_of(fee):
            there = shares.get(borne.party, zero(amount.currency))
            if there < borne.amount:
                raise SharesDoNotFit(f"{borne.party} has {there.amount} and bears {borne.amount.amount} of the fee")

    def fee_shares_of(self, fee: Money) -> tuple[Share, ...]:
        """How this fee is borne."""
        return splits.plan_fee(fee, self.fee_bearer, self.rule, self.present, self.fallback)
