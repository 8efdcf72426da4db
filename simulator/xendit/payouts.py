"""Money out: what becomes of a payout, and the channels it may take (reference: xendit 4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from simulator.xendit.amounts import from_units, share
from simulator.xendit.channels import VAT_BASIS_POINTS, Fees
from simulator.xendit.errors import bad


class PayoutStatus(StrEnum):
    """SUCCEEDED is not the end: it can become REVERSED."""

    ACCEPTED = "ACCEPTED"
    REQUESTED = "REQUESTED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    REVERSED = "REVERSED"


_NEXT = {
    PayoutStatus.ACCEPTED: {PayoutStatus.REQUESTED, PayoutStatus.CANCELLED, PayoutStatus.FAILED},
    PayoutStatus.REQUESTED: {PayoutStatus.SUCCEEDED, PayoutStatus.FAILED, PayoutStatus.CANCELLED},
    PayoutStatus.SUCCEEDED: {PayoutStatus.REVERSED},
    PayoutStatus.FAILED: set[PayoutStatus](),
    PayoutStatus.CANCELLED: set[PayoutStatus](),
    PayoutStatus.REVERSED: set[PayoutStatus](),
}
"""The moves of reference: xendit 4.3; REQUESTED is cancelled for cash only."""


@dataclass(frozen=True, slots=True)
class PayoutOrder:
    """What a create call asks for; `text` is the whole body, canonical, for the idempotency rule."""

    reference_id: str
    channel_code: str
    account_number: str
    account_holder_name: str
    amount: int
    currency: str
    text: str
    description: str | None = None
    extras: str = "{}"


@dataclass(frozen=True, slots=True)
class Payout:
    """One payout; sums in minor units."""

    id: str
    order: PayoutOrder
    key: str
    status: PayoutStatus
    created: datetime
    updated: datetime
    arrives_at: datetime
    transaction_id: str
    fee: int
    vat: int
    is_funded: bool
    failure_code: str | None = None

    def may_become(self, status: PayoutStatus) -> bool:
        """Whether the move is one of the table's."""
        return status in _NEXT[self.status]

    @property
    def is_cash(self) -> bool:
        """The magic account that waits for somebody to fetch the money."""
        return self.order.account_number == CASH_ACCOUNT

    @property
    def may_be_cancelled(self) -> bool:
        """While ACCEPTED; cash also while REQUESTED."""
        waiting = PayoutStatus.REQUESTED if self.is_cash else PayoutStatus.ACCEPTED
        return self.status in (waiting, PayoutStatus.ACCEPTED)


STAYS_ACCEPTED = "131313"
CASH_ACCOUNT = "141414"
REVERSED_ACCOUNT = "654321"
FAILING_ACCOUNTS = {
    "123456": "TEMPORARY_TRANSFER_ERROR",
    "999999": "REJECTED_BY_CHANNEL",
    "121212": "INVALID_DESTINATION",
}
MAGIC_ACCOUNTS = frozenset({STAYS_ACCEPTED, CASH_ACCOUNT, REVERSED_ACCOUNT, *FAILING_ACCOUNTS})
"""Test mode's account numbers (reference: xendit 4.5)."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What the rail will do with a payout: stop at a state, fail with a code, or come back."""

    stops_at: PayoutStatus | None = None
    failure_code: str | None = None
    comes_back: bool = False


def fate(account_number: str, is_funded: bool, forced: str | None) -> Fate:
    """By the magic account, the balance, or what the control door has asked for next."""
    if account_number == STAYS_ACCEPTED:
        return Fate(stops_at=PayoutStatus.ACCEPTED)
    if account_number == CASH_ACCOUNT:
        return Fate(stops_at=PayoutStatus.REQUESTED)
    if not is_funded:
        return Fate(failure_code="INSUFFICIENT_BALANCE")
    failure = forced or FAILING_ACCOUNTS.get(account_number)
    return Fate(failure_code=failure, comes_back=account_number == REVERSED_ACCOUNT)


@dataclass(frozen=True, slots=True)
class PayoutChannel:
    """A row of GET /payouts_channels, limits in minor units."""

    code: str
    category: str
    currency: str
    name: str
    minimum: int
    maximum: int
    increment: int
    digits: tuple[int, int] | None = None
    """How long an account number may be (reference: xendit 4.4)."""

    def check(self, amount: int, account_number: str) -> None:
        """Refuses what this channel would refuse at once."""
        if amount < self.minimum:
            raise bad("MINIMUM_TRANSFER_LIMIT_ERROR", "Amount is below the minimum of the channel")
        if amount > self.maximum:
            raise bad("MAXIMUM_TRANSFER_LIMIT_ERROR", "Amount is above the maximum of the channel")
        if amount % self.increment:
            raise bad("AMOUNT_INCREMENT_NOT_SUPPORTED", "Amount does not fit the channel's increment")
        if account_number not in MAGIC_ACCOUNTS and not self._fits(account_number):
            raise bad("RECIPIENT_ACCOUNT_NUMBER_ERROR", "Account number format is wrong for the channel")

    def _fits(self, account_number: str) -> bool:
        if self.digits is None:
            return True
        if self.category == "EWALLET" and self.currency == "IDR" and not account_number.startswith("08"):
            return False
        shortest, longest = self.digits
        return account_number.isdigit() and shortest <= len(account_number) <= longest


_FEES = {"IDR": 5_000, "PHP": 15, "VND": 8_000, "THB": 15, "MYR": 1, "USD": 1}
"""Flat, in whole units: 5 000 is recorded (reference: xendit 9.1), the rest are ours."""


def fees(currency: str) -> Fees:
    """Fee and tax on one payout."""
    fee = from_units(_FEES[currency], currency)
    return Fees(fee, share(fee, VAT_BASIS_POINTS[currency]))


_HIGHEST = 1_999_999_999_999


def _idr(
    code: str, name: str, digits: tuple[int, int] | None, minimum: int = 10_000, category: str = "BANK"
) -> PayoutChannel:
    highest = _HIGHEST if category == "BANK" else 20_000_000
    return PayoutChannel(f"ID_{code}", category, "IDR", name, minimum, highest, 1, digits)


def _other(currency: str, code: str, name: str, limits: tuple[int, int], category: str) -> PayoutChannel:
    low, high = (from_units(limit, currency) for limit in limits)
    return PayoutChannel(code, category, currency, name, low, high, 1)


PAYOUT_CHANNELS: tuple[PayoutChannel, ...] = (
    _idr("BCA", "Bank Central Asia", (10, 10)),
    _idr("MANDIRI", "Bank Mandiri", (12, 17)),
    _idr("BRI", "Bank Rakyat Indonesia", (13, 17)),
    _idr("BNI", "Bank Negara Indonesia", (7, 11)),
    _idr("PERMATA", "Bank Permata", (7, 16)),
    _idr("CIMB", "Bank CIMB Niaga", None),
    _idr("BSI", "Bank Syariah Indonesia", None),
    _idr("PANIN", "Bank Panin", None),
    _idr("OVO", "OVO", (9, 15), category="EWALLET"),
    _idr("DANA", "DANA", (9, 15), category="EWALLET"),
    _idr("GOPAY", "GoPay", (9, 15), category="EWALLET"),
    _other("PHP", "PH_GCASH", "GCash", (1, 50_000), "EWALLET"),
    _other("PHP", "PH_BDO", "BDO Unibank", (1, 100_000_000), "BANK"),
    _other("PHP", "PH_BPI", "Bank of the Philippine Islands", (1, 100_000_000), "BANK"),
    _other("PHP", "PH_UBP", "Union Bank of the Philippines", (1, 100_000_000), "BANK"),
    _other("PHP", "PH_AUB", "Asia United Bank", (1, 100_000_000), "BANK"),
    _other("VND", "VN_VCB", "Vietcombank", (10_000, 299_000_000), "BANK"),
    _other("THB", "TH_SCB", "Siam Commercial Bank", (1, 2_000_000), "BANK"),
    _other("MYR", "MY_DUITNOW", "DuitNow", (1, 10_000_000), "BANK"),
)
"""Documented codes and likely neighbours; limits as documented where they are (reference: xendit 4.2)."""


def find_channel(code: str, currency: str, among: Iterable[PayoutChannel] = PAYOUT_CHANNELS) -> PayoutChannel:
    """The channel, or 400 CHANNEL_CODE_NOT_SUPPORTED."""
    for channel in among:
        if channel.code == code and channel.currency == currency:
            return channel
    raise bad("CHANNEL_CODE_NOT_SUPPORTED", f"{code} is not supported for {currency}")
