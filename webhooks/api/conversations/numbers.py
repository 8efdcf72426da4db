"""Why a partner's number is not confirmed, in words; the command line says the same."""

from collections.abc import Mapping
from typing import Final

from bot.engine.partner_numbers import NumberRefusal

WHY: Final[Mapping[NumberRefusal, str]] = {
    NumberRefusal.UNKNOWN: "There is no such partner.",
    NumberRefusal.AMBIGUOUS: "The business file has several people of that id; name the number.",
    NumberRefusal.NOT_IN_FILE: "The business file does not have that number; put the right one there instead.",
    NumberRefusal.NOT_DOUBTED: "Nobody doubts that number: nothing is to be confirmed.",
}
