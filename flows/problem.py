"""One thing that Meta or a phone would refuse in a Flow JSON, or that deserves a second look."""

from dataclasses import dataclass
from typing import Final

SHOWN_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class FlowProblem:
    """Where it is, what is wrong and what to do about it; an empty screen means the Flow as a whole."""

    screen: str
    where: str
    """The component or property, as a person would name it."""
    text: str
    fix: str = ""
    path: str = ""
    """The place in the file, like `screens[0].layout.children[2].label`."""
    is_warning: bool = False
    """Nobody refuses it; the Flow may still not do what its author meant."""

    def __str__(self) -> str:
        said = " · ".join(part for part in (self.screen, self.where, self.text) if part)
        said += f" ({self.path})" if self.path else ""
        said += f": {self.fix}" if self.fix else ""
        return printable(f"warning: {said}" if self.is_warning else said)


def printable(text: str) -> str:
    """The text with everything a terminal cannot show written as an escape: a file may hold any character."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def shown(value: object) -> str:
    """A value out of a file, short enough for a message."""
    text = value if isinstance(value, str) else repr(value)
    return printable(text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…")
