"""What a change or an end of a booking means for its money: what is kept, what goes back, and whose the kept money is.

Over all accounts of the booking, oldest payment first: up to `keep` stays, everything else goes back, newest payment
first and never of one that is disputed. What stays is the parties' by the price they were promised a share of. Money
that was shared out already is corrected by signed lines; what was written is never rewritten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from payments.domain.ids import PayeeId, PaymentKey
from payments.domain.money import Money, total, zero
from payments.domain.splits import Party, Share, allot
from payments.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """So much more (or less) of a payment for a party; without a payee it is the platform."""

    payment: PaymentKey
    party: Party
    payee: PayeeId | None
    amount: Money


@dataclass(frozen=True, slots=True)
class Correction:
    """The `number`-th correction of an account, ordered by a change of the booking."""

    number: int
    change: str
    at: datetime
    lines: tuple[CorrectionLine, ...]


@dataclass(frozen=True, slots=True)
class HoldBack:
    """Why the shares of a booking may not leave, and who ends that; they leave when no reason is left."""

    reason: str
    ends_by: str


@dataclass(frozen=True, slots=True)
class Redone:
    """What was delivered badly was delivered once more, for nothing: who did that is paid out of the share of whoever
    is charged, and nothing of it comes from the guest."""

    by: str
    """The booking that was made for it; counted once by its name."""
    payee: PayeeId
    amount: Money
    charged: Party


@dataclass(frozen=True, slots=True)
class Credited:
    """So much of what stays is the customer's to use later: out of the share of whoever is charged, or out of
    everybody's in proportion."""

    id: str
    """Counted once by it."""
    amount: Money
    charged: Party | None
    until: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class CreditWanted:
    """So much of it a credit is to pay, as the customer was told."""

    credit: str
    amount: Money
    at: datetime
    """When it was promised."""
    is_taken: bool = False
    """Whether the credit was asked; it may have paid less."""


@dataclass(frozen=True, slots=True)
class SettleOrder:
    """Of the money on these accounts of a booking, base first, `keep` stays; its parties share it as they would share
    `price`. With `is_end` whatever stays is shared; without, it is shared when all of `price` is there.

    It goes on: money that arrives later falls under it. `done` are changes it has replaced; ordered again, they do
    nothing.
    """

    accounts: tuple[str, ...]
    keep: Money
    change: str
    price: Money
    terms: Terms
    ordered_at: datetime
    is_end: bool = True
    ordered_by: tuple[str, ...] = ()
    """The people of the house whose word it is; empty where the customer's, or a rule's."""
    charged: tuple[Share, ...] = ()
    """Of what went back so much is one party's to bear, and not everybody's in proportion."""
    redone: tuple[Redone, ...] = ()
    """Whoever delivered it once more, each paid out of what stays."""
    credited: tuple[Credited, ...] = ()
    """What of it the customer may use later."""
    done: tuple[str, ...] = ()
    next_at: datetime | None = None
    version: int = 0

    @property
    def id(self) -> str:
        """One per booking: its base account."""
        return self.accounts[0]

    def ordered(self, fresh: "SettleOrder") -> "SettleOrder":
        """The order of another change takes its place; the same one, or one that was replaced, changes nothing."""
        # Orders may arrive again and out of order; an old one must not undo a newer one.
        if fresh.change == self.change or fresh.change in self.done:
            return self
        done = (*self.done, self.change)
        return replace(fresh, done=done, redone=self.redone, credited=self.credited, version=self.version)

    def redoing(self, one: Redone, at: datetime) -> "SettleOrder":
        """With somebody more who delivered it once more; told again, nothing changes."""
        if any(known.by == one.by for known in self.redone):
            return self
        return replace(self, redone=(*self.redone, one), next_at=at)

    def crediting(self, one: Credited, at: datetime) -> "SettleOrder":
        """With so much more for the customer to use later; told again, nothing changes."""
        if any(known.id == one.id for known in self.credited):
            return self
        return replace(self, credited=(*self.credited, one), next_at=at)

    def woken(self) -> "SettleOrder":
        """Something of its money has changed."""
        return self if self.next_at is not None else replace(self, next_at=self.ordered_at)


@dataclass(frozen=True, slots=True)
class Holding:
    """One payment as far as settling goes: `free` is what neither went back nor was taken back, `borne` what a bank
    took of shares that were out (the platform bears it)."""

    account: str
    key: PaymentKey
    free: Money
    borne: Money
    is_disputed: bool = False
    is_credit: bool = False
    """Whether a credit paid it: what goes back of it is credit again."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to go back of which payment, and whose what is left of each is to be; none where it is nobody's yet."""

    refunds: Mapping[PaymentKey, Money] = field(default_factory=dict)
    shares: Mapping[PaymentKey, tuple[Share, ...]] | None = None


def plan(order: SettleOrder, holdings: Sequence[Holding]) -> Plan:
    """What the order means for these payments, oldest first; asked again, it says the same."""
    currency = order.keep.currency
    free = total((one.free for one in holdings), currency)
    excess, refunds = max(free - order.keep, zero(currency)), dict[PaymentKey, Money]()
    # The newest first: its channel most likely still takes a refund, and its share has most likely not left.
    newest_first = [one for one in reversed(holdings) if not one.is_disputed and one.free.amount > 0]
    # Money first, whatever was paid with a credit last. Whole payments before parts: a channel that returns no part of
    # one may return all of it.
    for is_credit, whole in ((False, True), (False, False), (True, True), (True, False)):
        for one in newest_first:
            if one.is_credit is not is_credit or one.key in refunds or not excess or (whole and one.free > excess):
                continue
            refunds[one.key] = min(one.free, excess)
            excess -= refunds[one.key]
    kept = {one.key: one.free - refunds.get(one.key, zero(currency)) for one in holdings}
    whole_sum = total(kept.values(), currency)
    # A booking that goes on and is not paid up is shared when it is; what was given back of the price counts as paid.
    if not order.is_end and whole_sum < min(order.price, order.keep) and not refunds:
        return Plan(refunds)
    laid = allot(borne_by(order, whole_sum), {key: sum_ for key, sum_ in kept.items() if sum_})
    shares = {key: tuple(share for of, share in laid if of == key) for key in kept}
    for one in holdings:
        if one.borne:
            shares[one.key] += (Share(Party.PLATFORM, one.borne),)
    for share in lent_by_house(order, whole_sum) if holdings else ():
        shares[holdings[0].key] += (share,)
    return Plan(refunds, shares)


def borne_by(order: SettleOrder, kept: Money) -> tuple[Share, ...]:
    """The shares of what is kept, after those who are charged for what went back have borne it: out of their own
    share, then the platform's, then whoever has any left; nobody has less than nothing."""
    given = min(total((one.amount for one in order.credited), kept.currency), kept)
    of_credits = [Share(one.charged, one.amount) for one in order.credited if one.charged is not None]
    charges = (*order.charged, *of_credits)
    back = total((charge.amount for charge in charges), kept.currency)
    left = {share.party: share.amount.amount for share in shares_of(order, kept - given + back)}
    for charge in charges:
        _taken(left, (charge.party, Party.PLATFORM, *Party), charge.amount.amount)
    redone = [
        Share(Party.PROVIDER, Money(amount, kept.currency), one.payee)
        for one in order.redone
        if (amount := _taken(left, (one.charged, Party.PLATFORM), one.amount.amount))
    ]
    theirs = [Share(party, Money(amount, kept.currency)) for party, amount in left.items() if amount]
    return (*theirs, *redone, *((Share(Party.CREDIT, given),) if given else ()))


def lent_by_house(order: SettleOrder, kept: Money) -> tuple[Share, ...]:
    """What the shares of whoever is charged and of the platform do not hold of what is owed for delivering it once
    more: the platform's own, below nothing; those who are not charged keep their shares."""
    there: dict[PayeeId, int] = {}
    for share in borne_by(order, kept):
        if share.payee is not None:
            there[share.payee] = there.get(share.payee, 0) + share.amount.amount
    lent: list[Share] = []
    for one in order.redone:
        had = min(there.get(one.payee, 0), one.amount.amount)
        there[one.payee] = there.get(one.payee, 0) - had
        missing = one.amount - Money(had, kept.currency)
        if missing:
            lent += [Share(Party.PROVIDER, missing, one.payee), Share(Party.PLATFORM, -missing)]
    # a bank took back what it was given out of: what was promised to the customer stands
    short = max(total((one.amount for one in order.credited), kept.currency) - kept, zero(kept.currency))
    return (*lent, *((Share(Party.CREDIT, short), Share(Party.PLATFORM, -short)) if short else ()))


def _taken(left: dict[Party, int], parties: Sequence[Party], amount: int) -> int:
    """So much of it could be taken of these, in their order."""
    owed = amount
    for party in parties:
        taken = min(left.get(party, 0), owed)
        if taken:
            left[party], owed = left[party] - taken, owed - taken
    return amount - owed


def shares_of(order: SettleOrder, kept: Money) -> tuple[Share, ...]:
    """Of the whole price everybody has their share; of another sum the same proportion, odd units the platform's."""
    promised = order.terms.shares_of(order.price)
    if kept == order.price or not promised:
        return promised if kept == order.price else (Share(Party.PLATFORM, kept),) if kept else ()
    # Whole units rounded down, so that nobody is promised a unit that was not kept.
    parts = {share.party: kept.amount * share.amount.amount // order.price.amount for share in promised}
    parts[Party.PLATFORM] = parts.get(Party.PLATFORM, 0) + kept.amount - sum(parts.values())
    return tuple(Share(party, Money(amount, kept.currency)) for party, amount in parts.items() if amount)


def lines_to(
    wanted: Mapping[tuple[PaymentKey, Party, PayeeId | None], Money],
    there: Mapping[tuple[PaymentKey, Party, PayeeId | None], Money],
    currency: str,
) -> tuple[CorrectionLine, ...]:
    """The signed lines that make of what is there what is wanted."""
    keys = sorted({*wanted, *there}, key=lambda key: (key[0], key[1], key[2] or ""))
    nothing = zero(currency)
    lines = (CorrectionLine(*key, wanted.get(key, nothing) - there.get(key, nothing)) for key in keys)
    return tuple(line for line in lines if line.amount)
