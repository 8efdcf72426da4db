"""What the three desks share: books, statement, what falls due, and what is to be told."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from simulator.xendit.books import Books, Purse
from simulator.xendit.ids import Ids
from simulator.xendit.notices import Notice
from simulator.xendit.settings import Habits
from simulator.xendit.transactions import Transaction

Deed = Callable[[datetime], None]


@dataclass(order=True, slots=True)
class _Due:
    at: datetime
    number: int
    subject: str = field(compare=False)
    deed: Deed = field(compare=False)


@dataclass(slots=True)
class Vault:
    """One account's shared state; every method takes the moment it happens at."""

    ids: Ids
    public_url: str
    currency: str = "IDR"
    habits: Habits = field(default_factory=Habits)
    books: Books = field(default_factory=Books)
    transactions: dict[str, Transaction] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    business_id: str = ""
    _due: list[_Due] = field(default_factory=list)
    _number: int = 0

    def __post_init__(self) -> None:
        self.business_id = self.ids.hexes(24)

    def schedule(self, at: datetime, subject: str, deed: Deed) -> None:
        """Has the deed done when its time comes; equal times keep the order of scheduling."""
        self._number += 1
        heapq.heappush(self._due, _Due(at, self._number, subject, deed))

    def advance(self, now: datetime) -> None:
        """Does everything that has fallen due, in order, each at its own moment."""
        while self._due and self._due[0].at <= now:
            due = heapq.heappop(self._due)
            due.deed(due.at)

    def hurry(self, subject: str, now: datetime) -> None:
        """Does at once what was planned for this subject, in its order."""
        planned = sorted(due for due in self._due if due.subject == subject)
        self._due = [due for due in self._due if due.subject != subject]
        heapq.heapify(self._due)
        for due in planned:
            due.deed(now)

    def next_due(self) -> datetime | None:
        """When something happens by itself again."""
        return self._due[0].at if self._due else None

    def record(self, row: Transaction) -> None:
        """Writes or replaces a row of the statement, in its place."""
        self.transactions[row.id] = row

    def tell(self, notice: Notice) -> None:
        """Puts a notice in line for the app."""
        self.notices.append(notice)

    def told(self) -> list[Notice]:
        """Takes the notices made since last asked, in order of their moments."""
        taken, self.notices = sorted(self.notices, key=lambda notice: notice.at), []
        return taken

    def cash(self, currency: str) -> int:
        """What can be spent now, in minor units."""
        return self.books.balance(Purse.CASH, currency)
