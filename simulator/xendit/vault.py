"""What the three desks share: books, statement, what falls due, and what is to be told."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from simulator.xendit.books import Books, Purse
from simulator.xendit.ids import Ids
from simulator.xendit.notices import Notice
from simulator.xendit.plans import Deed, Plan
from simulator.xendit.settings import Habits
from simulator.xendit.transactions import Transaction

Doer = Callable[[Plan, datetime], None]


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
    plans: list[Plan] = field(default_factory=list)
    """A heap: the next to come is the first."""
    number: int = 0
    """Of the plan made last."""
    _doers: dict[Deed, Doer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.business_id = self.ids.hexes(24)

    def charge(self, deed: Deed, doer: Doer) -> None:
        """Says who does that deed when its time has come."""
        self._doers[deed] = doer

    def schedule(
        self, at: datetime, deed: Deed, subject: str, failure_code: str | None = None, *, comes_back: bool = False
    ) -> None:
        """Has the deed done when its time comes; equal times keep the order of scheduling."""
        self.number += 1
        heapq.heappush(self.plans, Plan(at, self.number, deed, subject, failure_code, comes_back))

    def advance(self, now: datetime) -> None:
        """Does everything that has fallen due, in order, each at its own moment."""
        while self.plans and self.plans[0].at <= now:
            plan = heapq.heappop(self.plans)
            self._doers[plan.deed](plan, plan.at)

    def hurry(self, subject: str, now: datetime) -> None:
        """Does at once what was planned for this subject, in its order."""
        planned = sorted(plan for plan in self.plans if plan.subject == subject)
        self.plans = [plan for plan in self.plans if plan.subject != subject]
        heapq.heapify(self.plans)
        for plan in planned:
            self._doers[plan.deed](plan, now)

    def next_due(self) -> datetime | None:
        """When something happens by itself again."""
        return self.plans[0].at if self.plans else None

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
