"""The pages of the console: what stands in the rail, and what a page is made of (docs/console.md)."""

from dataclasses import dataclass
from typing import Final, Protocol

from quart import Blueprint

from webhooks.console.guard import Act


@dataclass(frozen=True, slots=True)
class PageLink:
    """One page in the rail."""

    path: str
    """Under `/console`; the first part of the path of everything on it."""
    name: str
    """The key of its name in the catalogue."""
    icon: str
    """An id of `static/icons.svg`."""
    key: str
    """`g` and this letter lead here."""
    act: Act
    """What somebody has to be allowed to see it."""
    on_bar: bool = False
    """Whether it stands in the bottom bar of a phone."""

    @property
    def address(self) -> str:
        """Where it is."""
        return f"/console{self.path}"


INBOX: Final = PageLink("/inbox", "page.inbox", "inbox", "i", Act.READ_CONVERSATIONS, on_bar=True)
QUEUE: Final = PageLink("/queue", "page.queue", "bell", "q", Act.LOOK, on_bar=True)
CALENDAR: Final = PageLink("/calendar", "page.calendar", "calendar-days", "c", Act.LOOK, on_bar=True)
WORK: Final = PageLink("/work", "page.work", "list-checks", "w", Act.LOOK)
MONEY: Final = PageLink("/money", "page.money", "banknote", "m", Act.SEE_MONEY)
REPORTS: Final = PageLink("/reports", "page.reports", "chart-column", "r", Act.LOOK)
SETTINGS: Final = PageLink("/settings", "page.settings", "settings", "e", Act.ADMINISTER)
RAIL: Final = (INBOX, QUEUE, CALENDAR, WORK, MONEY, REPORTS, SETTINGS)
"""The order of the rail: Inbox, Queue, Calendar, Work, Money, Reports, Settings."""


class ConsolePage(Protocol):
    """What a page brings: its place in the rail, and its routes."""

    link: PageLink

    def add_to(self, routes: Blueprint) -> None:
        """Put the routes of this page on the console's blueprint."""
        ...
