"""Who sent a customer: a code in the first message, as a link of a referrer fills it in ("ref:NADIA")."""

import re
from typing import Final

_CODE: Final = re.compile(r"(?<!\w)ref\s*[:=]\s*([A-Za-z0-9]{3,20})(?!\w)", re.IGNORECASE)


def code_in(text: str) -> str | None:
    """The code that stands in a message, in capitals; whether anybody has it is the business file's to say."""
    found = _CODE.search(text)
    return None if found is None else found.group(1).upper()


def without(text: str) -> str:
    """The message without its code: what is left is what the customer wants."""
    return _CODE.sub(" ", text).strip()
