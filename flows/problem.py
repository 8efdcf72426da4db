"""One thing that Meta or a phone would refuse in a Flow JSON."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FlowProblem:
    """Where it is and what is wrong; an empty screen means the Flow as a whole."""

    screen: str
    where: str
    text: str

    def __str__(self) -> str:
        return " · ".join(part for part in (self.screen, self.where, self.text) if part)
