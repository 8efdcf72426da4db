"""Messages of a period: who wrote how many, how far they came, and what the templates among them cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.reports.figures import Figure, ReportRow, RowKind, count, total

CUSTOMER: Final = "customer"
BOT: Final = "bot"
AGENT: Final = "agent"
PriceOf = Callable[[str, str], int | None]
"""What a template of that category costs to a number that begins so; none where nobody knows."""


@dataclass(frozen=True, slots=True)
class MessageFact:
    """One line of the transcript without its words."""

    id: str
    lead: str
    author: str
    at: datetime
    tick: str | None
    template: str | None
    """Which template it was, the only kind that Meta charges for."""
    category: str = ""
    country: str = ""
    """The first digits of the number it went to; empty where an earlier version sent it."""

    def row(self, value: Decimal | None = None) -> ReportRow:
        """It as a row."""
        return ReportRow(RowKind.MESSAGE, self.id, self.at, self.lead, value=value)

    @property
    def has_left(self) -> bool:
        """Whether Meta took it, as far as anybody knows."""
        return self.tick in {"sent", "delivered", "read"}


def messages(lines: Sequence[MessageFact], price_of: PriceOf | None, currency: str) -> tuple[Figure, ...]:
    """Counts by author, what failed or perhaps left, each template, and the cost of those that Meta took, as far as
    there is a price for where they went."""
    ours = [line for line in lines if line.author != CUSTOMER]
    templates = [line for line in ours if line.template is not None and line.has_left]
    names = sorted({line.template for line in templates if line.template is not None})
    figures = [
        count("received", (line.row() for line in lines if line.author == CUSTOMER)),
        count("by_bot", (line.row() for line in ours if line.author == BOT)),
        count("by_agents", (line.row() for line in ours if line.author == AGENT)),
        count("failed", (line.row() for line in ours if line.tick == "failed")),
        count("perhaps_sent", (line.row() for line in ours if line.tick == "perhaps_sent")),
        count("templates", (line.row() for line in templates)),
        *(count("template", (line.row() for line in templates if line.template == name), name) for name in names),
    ]
    if price_of is not None:
        priced = ((line, price_of(line.country, line.category)) for line in templates)
        rows = (line.row(Decimal(price)) for line, price in priced if price is not None)
        figures.append(total("template_cost", currency, rows))
    return tuple(figures)
