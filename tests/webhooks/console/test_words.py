"""The console's own words: whole in every language, and in the language of who reads."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import pytest

from bot.domain.attention import Severity
from bot.domain.change import Bearer, Cause, RefundWay
from bot.domain.coming import ComingAnswer
from bot.domain.inbox import SnoozeKind
from bot.domain.languages import CODES
from bot.domain.states import State
from bot.domain.task import TaskState
from bot.replies.catalogue.checks import problems_of
from bot.reports.figures import FigureUnit, ReportName, RowKind
from bot.store.inbox_views import InboxFilter, InboxOrder, InboxTab
from bot.store.messages import DeliveryStatus
from payments.domain.payout import Denial
from payments.domain.reconciliation import BalanceVerdict
from payments.domain.refund import NoApproval
from webhooks.api.calendar.models import CalendarKind
from webhooks.console import words
from webhooks.console.inbox.sending import WhyNotSent
from webhooks.console.money.page import MoneyTab
from webhooks.console.partners.reading import PartnerComposer
from webhooks.console.words import CATALOGUE, language_of
from webhooks.console.work.page import WorkTab

CONSOLE = Path(__file__).parents[3] / "webhooks" / "console"

COMPOSED: Final[Mapping[str, Collection[str]]] = {
    "bearer.": set(Bearer),
    "booking.state.": {state.lower() for state in State},
    "books.": set(BalanceVerdict),
    "cause.": set(Cause),
    # each id that the sums give themselves: read from where they are made
    "coming.": set(ComingAnswer) - {ComingAnswer.NOT_ASKED},
    "figure.": {
        id_
        for path in (CONSOLE.parents[1] / "bot" / "reports").glob("*.py")
        for id_ in re.findall(r"""\b(?:count|total|share|average)\(\s*"([a-z_]+)\"""", path.read_text("utf-8"))
    },
    "inbox.only.": set(InboxFilter),
    "inbox.order.": {order.name.lower() for order in InboxOrder},
    "inbox.refused.": set(WhyNotSent),
    "inbox.side.": {"customer", "bot", "agent", "note"},
    "inbox.snoozed.": set(SnoozeKind),
    "inbox.tab.": set(InboxTab),
    "inbox.tick.": set(DeliveryStatus),
    "inbox.until.": {"hour", "tomorrow", "answered", "paid", "before_start"},
    "kind.": set(CalendarKind),
    "language.": set(CODES),
    # each says why in words of its own; whose own it is has been said before
    "money.denied.": {one.name.lower() for one in (*Denial, *NoApproval) if one is not NoApproval.OWN},
    "money.kind.": {"payout", "refund", "payee", "movement"},
    "money.tab.": set(MoneyTab),
    "partners.refused.": set(PartnerComposer) - {PartnerComposer.OPEN},
    "partners.role.": {"provider", "place", "staff", "on_call"},
    "queue.none_": {"mine.title", "nobody.title"},
    "queue.severity.": set(Severity),
    "queue.tab.": {"mine", "nobody", "all"},
    "quote.": {"price_before", "price_after", "fee", "keep", "to_pay", "to_refund"},
    "report.": set(ReportName),
    "row.": set(RowKind),
    "settings.": {"services", "providers", "places", "staff", "timezone", "currency"},
    "task.": set(TaskState),
    "template.": {"utility", "marketing"},
    "unit.": set(FigureUnit),
    "way.": set(RefundWay),
    "work.empty.": set(WorkTab),
    "work.tab.": set(WorkTab),
}
"""The beginning of each key that is put together, and all that may come behind it."""

OF_THE_HOUSE: Final = frozenset({"attention.fix."})
"""These are words of the house's own catalogue, which WhatsApp needs too."""

AS_FAR_AS_KNOWN: Final = frozenset({"actor.", "alarm.", "inbox.failure.", "inbox.kind.", "intent.", "meta_state."})
"""What comes behind these is given from elsewhere: where there is no word for it, it is said in another way."""


def sources() -> list[str]:
    """Whatever may ask for a word."""
    return [path.read_text("utf-8") for path in (*CONSOLE.rglob("*.html"), *CONSOLE.rglob("*.py"))]


def test_every_language_has_every_word_with_the_same_fields() -> None:
    assert set(CATALOGUE.languages) == {"en", "id", "vi"}
    assert list(problems_of(CATALOGUE)) == []


def test_every_word_that_a_template_asks_for_is_there() -> None:
    asked = {
        key for text in sources() for key in re.findall(r"""\b(?:t|say|_say)\(\s*['"]([a-z_.]+)['"]\s*[,)]""", text)
    }
    assert len(asked) > 200
    assert asked - set(CATALOGUE.keys) == set()


def test_every_word_that_is_put_together_is_there_for_all_that_may_come() -> None:
    begun = {
        key
        for text in sources()
        for found in re.findall(r"""\bt\(\s*['"]([a-z_.]+)['"]\s*~|(?<!reply\()\bf"([a-z_.]+\.)\{""", text)
        for key in found
        if key
    }
    assert begun == set(COMPOSED) | AS_FAR_AS_KNOWN | OF_THE_HOUSE, (
        "a key that is put together says here what may come behind it"
    )
    assert all(any(key.startswith(begin) for key in CATALOGUE.keys) for begin in AS_FAR_AS_KNOWN)
    assert all(COMPOSED.values())
    asked = {f"{begin}{end}" for begin, ends in COMPOSED.items() for end in ends}
    assert asked - set(CATALOGUE.keys) == set()


@pytest.mark.parametrize(
    ("setting", "accepted", "language"),
    [
        ("vi", "en-GB,en;q=0.9", "vi"),
        (None, "id-ID,id;q=0.9,en;q=0.8", "id"),
        (None, "fr;q=1, en;q=0.3, vi;q=0.7", "vi"),
        (None, "", "en"),
        ("xx", "fr-FR", "en"),
        (None, "en;q=abc, id;q=0.5", "id"),
    ],
)
def test_the_setting_wins_then_the_browser_then_english(setting: str | None, accepted: str, language: str) -> None:
    assert language_of(setting, accepted) == language


def test_a_field_is_filled_in() -> None:
    assert words.say("keys.go", "vi", page="Hộp thư") == "Tới Hộp thư"
