"""The simulator's clock: real time plus an offset that the control door moves, only ever forward."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class TimeRunsForward(ValueError):
    """The clock can only be moved forward; reset the simulator to go back."""


def real_time() -> datetime:
    """The machine's time, aware and in UTC."""
    return datetime.now(UTC)


class Clock:
    """Business-like time; inject a frozen `real` to hold it still in a test."""

    def __init__(self, real: Callable[[], datetime] = real_time) -> None:
        self._real = real
        self._offset = timedelta()

    def now(self) -> datetime:
        """The simulated moment, aware and in UTC."""
        return self._real() + self._offset

    @property
    def ahead(self) -> timedelta:
        """How far it is ahead of the time it was given."""
        return self._offset

    def advance(self, span: timedelta) -> datetime:
        """Moves the clock forward by the span and returns the new moment."""
        if span < timedelta():
            raise TimeRunsForward
        self._offset += span
        return self.now()

    def move_to(self, moment: datetime) -> datetime:
        """Moves the clock forward to the moment and returns it."""
        return self.advance(moment - self.now())

    def reset(self) -> None:
        """Back to real time."""
        self._offset = timedelta()
