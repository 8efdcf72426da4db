"""Somebody on the phone for whom the staff book: known by a number, a name and a language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

BY_PHONE: Final = "by_phone"
"""The fact of a request that says so."""
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{7,14}", re.ASCII)
_BETWEEN: Final = re.compile(r"[\s().\-/\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What people write between digits, and the marks of direction that come with a number copied from elsewhere."""


def read_number(written: str) -> str | None:
    """The number with its plus and country (E.164); none where no country is said, or it is no number."""
    digits = _BETWEEN.sub("", written)
    digits = f"+{digits[2:]}" if digits.startswith("00") else digits
    return digits if _NUMBER.fullmatch(digits) else None


@dataclass(frozen=True, slots=True)
class PhoneCaller:
    """Who called."""

    number: str
    """With its plus."""
    name: str
    language: str

    @property
    def wa_id(self) -> str:
        """The same number as WhatsApp has it."""
        return self.number.removeprefix("+")

    def facts(self) -> Mapping[str, str]:
        """The words of a request that say who it is."""
        return {BY_PHONE: "yes", "wa_id": self.wa_id, "name": self.name, "language": self.language}
