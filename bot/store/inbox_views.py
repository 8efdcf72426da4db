"""Parts of the inbox as queries; each order and filter has an index (`bot.store.migrations`)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.window import LENGTH
from bot.store.driver import Database, Document
from bot.store.outboxes import ALIVE

MOST_COUNTED: Final = 1000
FOUND_BY: Final = [("find", 1), ("last_inbound_at", -1), ("_id", 1)]
"""The index of what leads are found by."""
CLOSES_SOON: Final = timedelta(hours=2)


class InboxTab(StrEnum):
    """Whose conversations."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    """Somebody waits for a person."""
    ALL = "all"


class InboxOrder(StrEnum):
    """What comes first; the value is the column it is stored in."""

    NEWEST = "last_inbound_at"
    WAITING = "waiting_since"
    """Who has waited longest. Of two the earlier has waited longer in business hours as well: one calendar counts for
    both, so the order is the same and needs no calendar in the database."""
    DEADLINE = "deadline_at"


class InboxFilter(StrEnum):
    """Which of them."""

    EVERY = "every"
    """All that nobody has put off."""
    UNREAD = "unread"
    CUSTOMER_LAST = "customer_last"
    CLOSING = "closing"
    """The customer may be written to freely for two hours more at most."""
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True)
class InboxView:
    """What somebody looks at."""

    tab: InboxTab
    agent: str
    now: datetime
    """Business time."""
    order: InboxOrder = InboxOrder.NEWEST
    only: InboxFilter = InboxFilter.EVERY

    @property
    def is_whole(self) -> bool:
        """Whether it is everybody, the newest first."""
        return self.tab is InboxTab.ALL and self.only is InboxFilter.EVERY and self.order is InboxOrder.NEWEST

    def query(self) -> Document:
        """As the database is asked for it."""
        query: Document = {"merged_into": None, **ALIVE}
        match self.tab:
            case InboxTab.MINE:
                # its type too: the index has only the leads that an agent has, and is used by who says so
                query["agent"] = {"$eq": self.agent, "$type": "string"}
            case InboxTab.UNASSIGNED:
                query |= {"agent": None, "waits_for_person": True}
            case InboxTab.ALL:
                pass
        if self.only is InboxFilter.SNOOZED:
            return query | {"snoozed": True}
        query["snoozed"] = {"$ne": True}
        match self.only:
            case InboxFilter.UNREAD:
                query["unread"] = True
            case InboxFilter.CUSTOMER_LAST:
                query["customer_last"] = True
            case InboxFilter.CLOSING:
                query["last_inbound_at"] = {"$gt": self.now - LENGTH, "$lte": self.now - LENGTH + CLOSES_SOON}
            case InboxFilter.EVERY:
                pass
        return query


async def inbox_indexes(database: Database) -> None:
    """Of the orders and filters, and of the notes that call somebody."""
    leads = database["leads"]
    for column in (InboxOrder.WAITING.value, InboxOrder.DEADLINE.value):
        dated = {column: {"$type": "date"}}
        await leads.create_index([(column, 1), ("_id", 1)], partialFilterExpression=dated)
    for column in ("unread", "customer_last", "snoozed"):
        newest = [(column, 1), ("last_inbound_at", -1), ("_id", 1)]
        await leads.create_index(newest, partialFilterExpression={column: True})
    await leads.create_index(FOUND_BY, partialFilterExpression={"find": {"$type": "string"}})
    words = [("words", 1), ("at", -1), ("_id", 1)]
    await database["messages"].create_index(words, partialFilterExpression={"words": {"$type": "string"}})
    amounts = [("amount", 1), ("updated_at", -1), ("_id", 1)]
    await database["bookings"].create_index(amounts, partialFilterExpression={"amount": {"$type": "number"}})
    mentions = [("mentions", 1), ("at", -1), ("_id", 1)]
    called = {"mentions": {"$type": "string"}}
    await database["messages"].create_index(mentions, partialFilterExpression=called)
