"""Money is a whole number of minor units and an ISO 4217 currency, and adds only to its own kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_TWO_DECIMALS = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD "
    "HKD HNL HTG HUF ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK "
    "MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD "
    "RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS "
    "UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW "
)
_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"

# ISO 4217 exponents, with one exception: ISO gives the rupiah two decimals that no bank carries, and the
# provider counts it in whole rupiah (reference: xendit 2.5, 4.6).
EXPONENTS: dict[str, int] = {
    **dict.fromkeys(_TWO_DECIMALS.split(), 2),
    **dict.fromkeys(_NO_DECIMALS.split(), 0),
    **dict.fromkeys(_THREE_DECIMALS.split(), 3),
    "IDR": 0,
}


class UnknownCurrency(ValueError):
    """The currency is not an ISO 4217 code we know."""


class CurrenciesDiffer(ValueError):
    """Two sums of different currencies cannot be added or compared."""


class FractionOfMinorUnit(ValueError):
    """The amount has more decimals than its currency."""


def exponent(currency: str) -> int:
    """How many decimals the currency's minor unit stands behind the point."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise UnknownCurrency(currency) from None


@dataclass(frozen=True, slots=True)
class Money:
    """A signed sum in minor units: `Money(350_000, "IDR")` is 350 000 rupiah, `Money(1_050, "PHP")` 10.50
    pesos."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)
        # bool is an int as well, and a float would pass where only whole numbers are compared.
        if type(self.amount) is not int:
            raise TypeError("an amount is a whole number of minor units")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrenciesDiffer(f"{self.currency} and {other.currency}")
        return other.amount

    @property
    def units(self) -> Decimal:
        """The same sum in units of the currency, for wires and displays."""
        return Decimal(self.amount).scaleb(-exponent(self.currency))


def zero(currency: str) -> Money:
    """Nothing, of this currency."""
    return Money(0, currency)


def total(sums: Iterable[Money], currency: str) -> Money:
    """The sum of all, which must be of this currency."""
    return sum(sums, start=zero(currency))


def of_units(units: Decimal, currency: str) -> Money:
    """The sum written in units (`10.50`), exactly; raises FractionOfMinorUnit where rounding would be
    needed."""
    # Never rounded: a fraction would be money that is in no book.
    minor = units.scaleb(exponent(currency))
    if not minor.is_finite() or minor != minor.to_integral_value():
        raise FractionOfMinorUnit(f"{units} {currency}")
    return Money(int(minor), currency)


def part(amount: int, numerator: int, denominator: int) -> int:
    """`amount x numerator / denominator` in minor units, halves up."""
    share = Decimal(amount) * numerator / denominator
    return int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))
