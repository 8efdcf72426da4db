"""A thread: whoever can be written to, as store, lease, outbox, relay and worker need to know them.

Two there are: a customer (`Lead`) and whoever delivers (`Partner`). Everything else about them is their own `decide`'s.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, Self, TypeVar

from bot.domain.ids import LeadId
from bot.domain.lead import Address


class Thread(Protocol):
    """One person's conversation with the house."""

    @property
    def id(self) -> LeadId:
        """The `_id` of its document."""

    @property
    def address(self) -> Address:
        """Where it is written to."""

    @property
    def epoch(self) -> int:
        """Grows with each change of who may speak; a chat effect of an older one is never sent."""

    @property
    def is_with_agent(self) -> bool:
        """Whether a person has taken it."""

    @property
    def last_inbound_at(self) -> datetime | None:
        """Opens the customer service window of 24 h."""

    @property
    def timers(self) -> Mapping[str, datetime]:
        """Name → business time."""

    @property
    def next_due_at(self) -> datetime | None:
        """When the earliest timer wants to be heard."""

    def with_timer(self, name: str, due_at: datetime) -> Self:
        """The thread with that timer set or moved."""

    def without_timer(self, name: str) -> Self:
        """The thread with that timer gone, if it was there."""


AnyThread = TypeVar("AnyThread", bound=Thread)
