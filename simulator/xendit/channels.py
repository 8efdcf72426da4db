"""The ways to pay in: limits, settlement, refunds and fees of each (reference: xendit 2.5 and 6).

Settlement, limits and refund rules are the reference's. Fees are ours where it gives none: it records 1.5 %
on an e-wallet (9.1) and 0.7 % on a QR code (5.2); the rest are plausible list prices, so that no ledger
can get by on a constant.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from simulator.xendit.amounts import from_units, share


class Method(StrEnum):
    """`payment_method` of an invoice that was paid (reference: xendit 3.3)."""

    BANK_TRANSFER = "BANK_TRANSFER"
    EWALLET = "EWALLET"
    QR_CODE = "QR_CODE"
    CREDIT_CARD = "CREDIT_CARD"
    RETAIL_OUTLET = "RETAIL_OUTLET"
    DIRECT_DEBIT = "DIRECT_DEBIT"
    PAYLATER = "PAYLATER"


CATEGORIES = {
    Method.BANK_TRANSFER: "VIRTUAL_ACCOUNT",
    Method.EWALLET: "EWALLET",
    Method.QR_CODE: "QR_CODE",
    Method.CREDIT_CARD: "CARDS",
    Method.RETAIL_OUTLET: "RETAIL_OUTLET",
    Method.DIRECT_DEBIT: "DIRECT_DEBIT",
    Method.PAYLATER: "PAYLATER",
}
"""`channel_category` of a transaction, by method of payment."""

COUNTRIES = {"IDR": "ID", "PHP": "PH", "VND": "VN", "THB": "TH", "MYR": "MY", "USD": "ID"}

VAT_BASIS_POINTS = {"IDR": 1100, "PHP": 1200, "VND": 1000, "THB": 700, "MYR": 0, "USD": 0}
"""Tax on the fee by country (reference: xendit 9.1)."""


@dataclass(frozen=True, slots=True)
class Refunds:
    """What an API refund may be on a channel, and for how many days."""

    partial: bool
    days: int


@dataclass(frozen=True, slots=True)
class Fees:
    """A fee and the tax on it, in minor units."""

    fee: int
    vat: int

    @property
    def total(self) -> int:
        """What leaves the balance."""
        return self.fee + self.vat


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to pay; limits in minor units, settlement in business days (0 is at once)."""

    code: str
    currency: str
    method: Method
    minimum: int
    maximum: int
    settles: int
    refunds: Refunds | None
    percent: int
    """Basis points of the sum."""
    flat: int

    @property
    def category(self) -> str:
        """As transactions name it."""
        return CATEGORIES[self.method]

    def takes(self, amount: int) -> bool:
        """Whether the sum is inside the channel's limits."""
        return self.minimum <= amount <= self.maximum

    def fees(self, amount: int) -> Fees:
        """Fee and tax on a payment of this sum."""
        fee = share(amount, self.percent) + self.flat
        return Fees(fee, share(fee, VAT_BASIS_POINTS[self.currency]))


class _Terms(NamedTuple):
    settles: int
    refunds: Refunds | None
    percent: int
    flat: int


def _row(currency: str, method: Method, codes: str, limits: tuple[int, int], terms: _Terms) -> tuple[Channel, ...]:
    low, high = (from_units(limit, currency) for limit in limits)
    flat = from_units(terms.flat, currency)
    settles, refunds, percent, _ = terms
    return tuple(Channel(code, currency, method, low, high, settles, refunds, percent, flat) for code in codes.split())


_VA, _EW, _QR, _CC = Method.BANK_TRANSFER, Method.EWALLET, Method.QR_CODE, Method.CREDIT_CARD
_RO, _DD, _PL = Method.RETAIL_OUTLET, Method.DIRECT_DEBIT, Method.PAYLATER
_M, _BN = 1_000_000, 1_000_000_000

CHANNELS: tuple[Channel, ...] = (
    *_row("IDR", _QR, "QRIS", (1, 20 * _M), _Terms(2, Refunds(False, 30), 70, 0)),
    *_row("IDR", _VA, "BCA", (10_000, 50 * _M), _Terms(1, None, 0, 4_500)),
    *_row("IDR", _VA, "BNI CIMB", (1, 50 * _M), _Terms(0, None, 0, 4_000)),
    *_row("IDR", _VA, "BRI MANDIRI BSI HANA", (1, 50 * _BN), _Terms(0, None, 0, 4_000)),
    *_row("IDR", _VA, "PERMATA", (1, 9_990 * _M), _Terms(0, None, 0, 4_000)),
    *_row("IDR", _EW, "OVO", (100, 20 * _M), _Terms(2, Refunds(True, 14), 150, 0)),
    *_row("IDR", _EW, "DANA", (100, 20 * _M), _Terms(2, Refunds(True, 30), 150, 0)),
    *_row("IDR", _EW, "GOPAY", (1, 50 * _M), _Terms(1, Refunds(True, 45), 200, 0)),
    *_row("IDR", _EW, "SHOPEEPAY", (1, 20 * _M), _Terms(2, Refunds(True, 365), 200, 0)),
    *_row("IDR", _EW, "LINKAJA", (1, 20 * _M), _Terms(2, Refunds(False, 30), 150, 0)),
    *_row("IDR", _EW, "ASTRAPAY", (100, 20 * _M), _Terms(2, None, 150, 0)),
    *_row("IDR", _CC, "CREDIT_CARD", (5_000, 200 * _M), _Terms(5, Refunds(True, 365), 290, 2_000)),
    *_row("IDR", _RO, "ALFAMART", (10_000, 5 * _M), _Terms(5, None, 0, 5_000)),
    *_row("IDR", _RO, "INDOMARET", (10_000, 2_500_000), _Terms(5, None, 0, 7_000)),
    *_row("IDR", _DD, "DD_BRI", (1, 50 * _M), _Terms(0, Refunds(False, 120), 190, 0)),
    *_row("IDR", _PL, "KREDIVO", (1_000, 30 * _M), _Terms(4, Refunds(True, 30), 230, 0)),
    *_row("IDR", _PL, "AKULAKU", (1_000, 25 * _M), _Terms(4, Refunds(True, 30), 170, 0)),
    *_row("IDR", _PL, "INDODANA", (10_000, 25 * _M), _Terms(4, Refunds(True, 30), 150, 0)),
    *_row("IDR", _PL, "ATOME", (50_000, 6 * _M), _Terms(4, Refunds(True, 30), 500, 0)),
    *_row("PHP", _EW, "GCASH", (1, 100_000), _Terms(2, Refunds(True, 180), 230, 0)),
    *_row("PHP", _EW, "GRABPAY PAYMAYA", (1, 100_000), _Terms(2, Refunds(True, 365), 200, 0)),
    *_row("PHP", _EW, "SHOPEEPAY", (1, 100_000), _Terms(2, Refunds(True, 90), 200, 0)),
    *_row("PHP", _QR, "QRPH", (1, 50_000), _Terms(1, None, 150, 0)),
    *_row("PHP", _CC, "CREDIT_CARD", (20, 700_000), _Terms(5, Refunds(True, 365), 320, 10)),
    *_row("PHP", _RO, "7ELEVEN", (50, 50_000), _Terms(5, None, 0, 15)),
    *_row("VND", _VA, "VIETCAPITAL WOORI BIDV", (10_000, 499_999_999), _Terms(1, None, 0, 5_000)),
    *_row("VND", _EW, "ZALOPAY", (1, 50 * _M), _Terms(2, Refunds(True, 180), 150, 0)),
    *_row("VND", _EW, "MOMO SHOPEEPAY", (1, 50 * _M), _Terms(2, Refunds(True, 30), 150, 0)),
    *_row("THB", _QR, "PROMPTPAY", (1, 700_000), _Terms(0, None, 85, 0)),
    *_row("THB", _CC, "CREDIT_CARD", (1, 700_000), _Terms(5, Refunds(True, 365), 350, 0)),
    *_row("MYR", _CC, "CREDIT_CARD", (1, 5_000), _Terms(5, Refunds(True, 365), 250, 1)),
    *_row("MYR", _DD, "FPX", (1, 30_000), _Terms(2, None, 0, 1)),
    *_row("MYR", _EW, "TOUCHNGO", (1, 20_000), _Terms(2, Refunds(True, 30), 150, 0)),
    *_row("MYR", _EW, "GRABPAY", (1, 1_500), _Terms(2, Refunds(True, 365), 150, 0)),
    *_row("MYR", _EW, "SHOPEEPAY", (1, 4_999), _Terms(2, Refunds(True, 30), 150, 0)),
)
"""The table of reference: xendit 2.5. Paylater prints T+4 / T+2 for four at once: all take the later."""

_BY_CODE = {(channel.currency, channel.code): channel for channel in CHANNELS}
_ALIASES = {"CARDS": "CREDIT_CARD", "CARD": "CREDIT_CARD", "BRI_DIRECT_DEBIT": "DD_BRI"}


def find(code: str, currency: str) -> Channel | None:
    """The channel of that code in that currency, however its name is written."""
    wanted = code.upper()
    return _BY_CODE.get((currency, _ALIASES.get(wanted, wanted)))


def of(currency: str) -> tuple[Channel, ...]:
    """All channels of a currency, in the order a checkout page shows them."""
    return tuple(channel for channel in CHANNELS if channel.currency == currency)


def is_known(code: str) -> bool:
    """Whether any currency has a channel of that code."""
    return any(find(code, currency) for currency in COUNTRIES)
