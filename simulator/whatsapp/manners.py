"""How the outside world behaves: pace, order, copies, faults; defaults are its worst documented manners."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from simulator.whatsapp.envelopes import Stream


class Mode(StrEnum):
    """Whether a stream's webhooks leave."""

    ON = "on"
    OFF = "off"
    HELD = "held"


class Order(StrEnum):
    """In which order updates that belong together leave."""

    FIFO = "fifo"
    REVERSED = "reversed"
    SHUFFLED = "shuffled"


@dataclass(frozen=True, slots=True)
class Manner:
    """How one stream of webhooks leaves; delay in seconds."""

    mode: Mode = Mode.ON
    order: Order = Order.FIFO
    delay: float = 0.0
    copies: int = 1
    double_every: int = 0
    """Every n-th update comes twice at once; 0 for never."""


DEFAULTS = {
    # At-least-once, two copies within the same second are on record (reference: whatsapp 4.1).
    Stream.MESSAGES: Manner(double_every=5),
    # Late, and `delivered` may precede `sent` (reference: whatsapp 4.1).
    Stream.STATUSES: Manner(order=Order.SHUFFLED, delay=0.2, double_every=5),
}


class FaultKind(StrEnum):
    """What happens to a call in place of the usual."""

    ERROR = "error"
    """Answered with a code of Meta's, nothing accepted."""
    RESET_BEFORE = "reset_before"
    """The connection is reset, nothing accepted."""
    HANG_BEFORE = "hang_before"
    """Never answered, nothing accepted."""
    ACCEPT_HANG = "accept_hang"
    """Accepted, never answered."""
    ACCEPT_RESET = "accept_reset"
    """Accepted, the connection reset before the answer."""
    ACCEPT_500 = "accept_500"
    """Accepted, answered with 500 and code 131000."""
    ACCEPT_FAIL = "accept_fail"
    """Accepted, and then a failed status with the code."""
    SLOW = "slow"
    """All happens `seconds` later (60 at most)."""


class Call(StrEnum):
    """The calls that can be made to fail."""

    MESSAGES = "messages"
    MARKS = "marks"
    MEDIA = "media"
    """An upload, or the question for the address of what a customer sent."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault for one call."""

    kind: FaultKind
    call: Call = Call.MESSAGES
    code: int = 131000
    status: int | None = None
    details: str = "simulated"
    seconds: float = 0.0
    to: str = ""
    """Only calls for this number or BSUID meet it; empty for everybody's."""
    retry_after: int | None = None
    """A `Retry-After` header in seconds, as a 429 may carry one."""
    stays: bool = False
    """A switch: every such call meets it, until the faults are cleared."""


class Faults:
    """Faults that wait for their calls, first in first out for each kind of call."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()
        self._calls = 0
        self.slow_every = 0
        """Every n-th call is slow; 0 for never."""
        self.slow_seconds = 3.0

    def queue(self, fault: Fault, times: int) -> None:
        """The next `times` calls of its kind meet the fault."""
        self._waiting.extend([fault] * times)

    def take(self, call: Call, to: tuple[str, ...] = ()) -> Fault | None:
        """The fault that this call meets, if any; `to` is whom the call is for, by every name."""
        for fault in self._waiting:
            if fault.call is call and (not fault.to or fault.to in to):
                if not fault.stays:
                    self._waiting.remove(fault)
                return fault
        self._calls += 1
        if self.slow_every and self._calls % self.slow_every == 0:
            return Fault(FaultKind.SLOW, call, seconds=self.slow_seconds)
        return None

    @property
    def waiting(self) -> tuple[Fault, ...]:
        """The faults not met yet."""
        return tuple(self._waiting)

    def clear(self) -> None:
        """No faults any more."""
        self._waiting.clear()
        self._calls, self.slow_every, self.slow_seconds = 0, 0, 3.0
