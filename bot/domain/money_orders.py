"""Orders over money that a link did not bring: what stays of a booking's money, and what a person received for it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from payments.domain.corrections import CreditWanted
from payments.domain.ids import PayeeId
from payments.domain.money import Money
from payments.domain.payment import ReceiptWay
from payments.domain.splits import Party, Share
from payments.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Settle:
    """Of all that came in under these accounts `keep` stays, shared by its parties as they would share `price`;
    everything else goes back, now and whenever more arrives. The same change ordered again does nothing."""

    accounts: tuple[str, ...]
    """The oldest of the booking first: by it the order is known, whatever is added later."""
    keep: Money
    price: Money
    terms: Terms
    change: str
    """The change, or the end, that ordered it."""
    ordered_at: datetime
    is_end: bool = True
    """Whether the booking has ended; of one that stands the shares wait until all of its price is there."""
    cause: str = "customer"
    """customer, business, partner or force_majeure: who bears what."""
    ordered_by: tuple[str, ...] = ()
    """The people of the house whose word it is: none of them may approve what goes back."""
    charged: tuple[Share, ...] = ()
    """Of what goes back so much is one party's to bear."""
    kind: Literal["settle"] = "settle"


@dataclass(frozen=True, slots=True)
class ReleaseShares:
    """The parties' shares of the money on these accounts may leave from that moment on; an earlier word stays."""

    accounts: tuple[str, ...]
    at: datetime
    kind: Literal["release_shares"] = "release_shares"


@dataclass(frozen=True, slots=True)
class PayRedo:
    """What went wrong was delivered once more, for nothing: whoever did that is paid out of the share of whoever is
    charged. The same booking told again does nothing."""

    accounts: tuple[str, ...]
    """Of the booking that went wrong, the oldest first."""
    keep: Money
    price: Money
    terms: Terms
    by: str
    """The booking that took its place."""
    payee: PayeeId
    amount: Money
    charged: Party
    ordered_at: datetime
    kind: Literal["pay_redo"] = "pay_redo"


@dataclass(frozen=True, slots=True)
class GrantCredit:
    """So much of a booking's money is its customer's to use later, out of the share of whoever is charged, or out of
    everybody's in proportion. The same credit told again does nothing."""

    accounts: tuple[str, ...]
    """Of the booking it is given for, the oldest first."""
    keep: Money
    price: Money
    terms: Terms
    credit: str
    amount: Money
    charged: Party | None
    until: datetime
    ordered_at: datetime
    is_end: bool = True
    kind: Literal["grant_credit"] = "grant_credit"


@dataclass(frozen=True, slots=True)
class ReceiveMoney:
    """A person of finance has received money for it, in cash or at the bank; counted once by its name."""

    account: str
    receipt: str
    """The name of the call that told of it."""
    amount: Money
    way: ReceiptWay
    by: str
    due: Money
    pay_by: datetime
    terms: Terms
    description: str
    locale: str
    note: str = ""
    credits: tuple[CreditWanted, ...] = ()
    kind: Literal["receive_money"] = "receive_money"


@dataclass(frozen=True, slots=True)
class SendRefundTo:
    """The customer has named an account and said yes: this refund goes there. Personal, so never shown by `repr`."""

    refund: str
    channel: str
    number: str = field(repr=False)
    holder: str = field(repr=False)
    kind: Literal["send_refund_to"] = "send_refund_to"
