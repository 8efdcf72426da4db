"""Faults on demand: what goes wrong with the next call or the next callback."""

from collections import deque
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase


class CallFault(StrEnum):
    """What can happen to an API call; `_after` means the work was done and the answer was not given."""

    TIMEOUT_BEFORE = "timeout_before"
    TIMEOUT_AFTER = "timeout_after"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    HTML_502_BEFORE = "html_502_before"
    HTML_502_AFTER = "html_502_after"
    ERROR_500_BEFORE = "error_500_before"
    ERROR_500_AFTER = "error_500_after"
    RATE_LIMIT = "rate_limit"
    SLOW = "slow"
    CUT = "cut"
    CALLBACK_FIRST = "callback_first"


BEFORE = frozenset(
    {
        CallFault.TIMEOUT_BEFORE,
        CallFault.RESET_BEFORE,
        CallFault.HTML_502_BEFORE,
        CallFault.ERROR_500_BEFORE,
        CallFault.RATE_LIMIT,
    }
)
"""Those that strike before anything is done."""


class CallbackFault(StrEnum):
    """What can happen to a callback."""

    DOUBLE = "double"
    PARALLEL = "parallel"
    REORDER = "reorder"
    DELAY = "delay"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Fault:
    """One order for trouble: `on` is a call's or an event's name, `*` allowed in it."""

    kind: CallFault | CallbackFault
    on: str = "*"
    times: int = 1
    skip: int = 0
    """So many fitting calls go well first."""
    seconds: float | None = None
    copies: int = 2
    channel: str = "QRIS"
    """With callback_first on create_invoice: what the quick customer pays by."""


class Faults:
    """The orders that have not been used up; the oldest that fits is taken."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()

    def add(self, fault: Fault) -> None:
        """One more order."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Everything goes well again."""
        self._waiting.clear()

    def waiting(self) -> tuple[Fault, ...]:
        """What is still to strike."""
        return tuple(self._waiting)

    def strike_call(self, call: str) -> Fault | None:
        """The fault of this call, if one was ordered."""
        return self._strike(call, CallFault)

    def strike_callback(self, event: str) -> Fault | None:
        """The fault of this callback, if one was ordered."""
        return self._strike(event, CallbackFault)

    def _strike(self, name: str, family: type[CallFault] | type[CallbackFault]) -> Fault | None:
        for place, fault in enumerate(self._waiting):
            if isinstance(fault.kind, family) and fnmatchcase(name, fault.on):
                return self._use(place, fault)
        return None

    def _use(self, place: int, fault: Fault) -> Fault | None:
        if fault.skip:
            self._waiting[place] = replace(fault, skip=fault.skip - 1)
            return None
        if fault.times > 1:
            self._waiting[place] = replace(fault, times=fault.times - 1)
        else:
            del self._waiting[place]
        return fault
