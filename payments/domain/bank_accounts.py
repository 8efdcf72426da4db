"""Where a guest's money can be sent: banks and wallets by currency, and what an account of each looks like.

Only channels whose codes are documented or recorded; lengths where the provider names them (reference: xendit 4.1,
4.4). The provider has the last word: what it refuses is asked for again.
"""

import re
from dataclasses import dataclass
from typing import Final

_LONGEST: Final = 100
"""Of number and holder alike (reference: xendit 4.1)."""
_NUMBER: Final = re.compile(r"\+?[0-9](?:[ .-]*[0-9]){4,}")
_HOLDER: Final = re.compile(r"[^\W\d_][^\W\d_ .,'’&/()-]*(?:[ .,'’&/()-]+[^\W\d_]+)*\.?")
_MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class BankChannel:
    """A bank or wallet that takes transfers; `digits` are the least and most digits of a number there."""

    code: str
    name: str
    digits: tuple[int, int] = (5, 30)
    is_wallet: bool = False
    others: tuple[str, ...] = ()
    """What people call it besides."""

    def is_named_in(self, text: str) -> bool:
        """Whether one of its names stands there as words of their own."""
        return any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in (self.name, *self.others))


_WALLET: Final = (10, 13)

_CHANNELS: Final[dict[str, tuple[BankChannel, ...]]] = {
    "IDR": (
        BankChannel("ID_BCA", "BCA", (10, 10)),
        BankChannel("ID_MANDIRI", "Mandiri", (12, 17)),
        BankChannel("ID_BRI", "BRI", (13, 17)),
        BankChannel("ID_BNI", "BNI", (7, 11)),
        BankChannel("ID_BSI", "BSI", others=("Syariah Indonesia",)),
        BankChannel("ID_CIMB", "CIMB Niaga", others=("CIMB",)),
        BankChannel("ID_PERMATA", "Permata", (7, 16)),
        BankChannel("ID_OVO", "OVO", _WALLET, is_wallet=True),
        BankChannel("ID_DANA", "DANA", _WALLET, is_wallet=True),
        BankChannel("ID_GOPAY", "GoPay", _WALLET, is_wallet=True, others=("Go-Pay", "Gojek")),
    ),
    "PHP": (
        BankChannel("PH_GCASH", "GCash", others=("G-Cash",)),
        BankChannel("PH_BDO", "BDO"),
        BankChannel("PH_BPI", "BPI"),
        BankChannel("PH_UBP", "UnionBank", others=("UBP", "Union Bank")),
        BankChannel("PH_AUB", "Asia United Bank", others=("AUB",)),
    ),
    "THB": (BankChannel("TH_SCB", "SCB", others=("Siam Commercial",)),),
}


def channels_of(currency: str) -> tuple[BankChannel, ...]:
    """Where money of that currency can be sent, the most used first; none where a person has to arrange it."""
    return _CHANNELS.get(currency, ())


def channel_of(code: str, currency: str) -> BankChannel | None:
    """The channel of that code."""
    return next((one for one in channels_of(currency) if one.code == code), None)


def number_in(text: str, channel: BankChannel) -> str | None:
    """The account number in a text as that channel writes it, none when there is none that fits.

    Wallets of Indonesia are phone numbers in the form 08…; a 14-digit number of BRI takes a leading 0.
    """
    found = [re.sub(r"[^0-9]", "", number) for number in _NUMBER.findall(text)]
    number = max(found, key=len, default="")
    if channel.is_wallet:
        number = re.sub(r"^(?:62|(?=8))", "0", number) if not number.startswith("0") else number
        if not number.startswith("08"):
            return None
    if channel.code == "ID_BRI" and len(number) == 14:
        number = f"0{number}"
    least, most = channel.digits
    return number if least <= len(number) <= most else None


def holder_in(text: str) -> str | None:
    """A name as a bank writes it, none when this is no name."""
    name = " ".join(text.split())
    if not 2 <= len(name) <= _LONGEST or len(name.split()) > _MOST_WORDS:
        return None
    return name if _HOLDER.fullmatch(name) else None


def masked(number: str) -> str:
    """Enough of a number to be recognised by who knows it."""
    seen = 4 if len(number) >= 8 else 2
    return "•" * 4 + number[-seen:]
