"""Notices for when the customer's window is closed: each an approved template, all languages from one definition.

Outside the 24 hours Meta takes templates only (reference: whatsapp 3.5). The fields of a text are numbered in the
order in which they stand in it, language by language, so that no language needs another's order of words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Final

from bot.domain.commands import SendTemplate
from bot.replies.words import in_all

PREFIX: Final = "janji_"


@dataclass(frozen=True, slots=True)
class Notice:
    """What Meta is asked to approve: a utility text, and the label of a button that opens a payment link."""

    name: str
    words: Mapping[str, str]
    """By language, as `button`."""
    button: Mapping[str, str] | None = None

    def fields(self, language: str) -> tuple[str, ...]:
        """The text's fields in the order of that language."""
        named = (name for _, name, _, _ in Formatter().parse(self.words[language]) if name is not None)
        return tuple(dict.fromkeys(named))

    def numbered(self, language: str) -> str:
        """The text as it is approved: {{1}}, {{2}} …"""
        places = {name: f"{{{{{number}}}}}" for number, name in enumerate(self.fields(language), 1)}
        return self.words[language].format(**places)

    def filled(self, language: str, parameters: tuple[str, ...]) -> str:
        """The text as the customer reads it."""
        return self.words[language].format(**dict(zip(self.fields(language), parameters, strict=True)))


SAMPLES: Final[Mapping[str, str]] = {
    "service": "Balinese massage 60 min",
    "day": "Tuesday, 24 November 2026",
    "hours": "15:00–16:00",
    "zone": "WITA, UTC+8",
    "amount": "IDR 350,000",
    "until": "Tue 24 Nov 10:00 WITA",
    "reference": "BK-26112409-A1B2C3",
    "business": "Janji Concierge",
    "payee": "Wayan Suarta",
    "ending": "4321",
}
"""An example of each field, for Meta's reviewers."""

_PAY_BUTTON: Final = in_all("template.button.pay")


def _notice(key: str, button: Mapping[str, str] | None = None) -> Notice:
    return Notice(f"{PREFIX}{key.removeprefix('template.')}", in_all(key), button)


_PAY_LINK: Final = _notice("template.pay_link", _PAY_BUTTON)

NOTICES: Final[Mapping[str, Notice]] = {
    "payment.link.first": _PAY_LINK,
    "payment.link.rest": _PAY_LINK,
    "payment.link.new_link": _PAY_LINK,
    "payment.link.other_method": _PAY_LINK,
    "payment.link.nudge": _notice("template.pay_nudge", _PAY_BUTTON),
    "payment.expired": _notice("template.pay_expired"),
    "payment.receipt": _notice("template.paid_confirmed"),
    "payment.late.taken": _notice("template.late_taken"),
    "payment.late.refund": _notice("template.late_refund"),
    "payment.refund.sent": _notice("template.refund_sent"),
    "payment.refund.needs_account": _notice("template.refund_account"),
    "payment.odd": _notice("template.odd_money"),
    "reminder.day_before": _notice("template.remind_day_before"),
    "reminder.hours_before": _notice("template.remind_hours_before"),
    "attendance.question": _notice("template.did_you_come"),
    "attendance.missed": _notice("template.missed_you"),
    "booking.staff_cancelled": _notice("template.cancelled"),
    # To a partner, who has no chat with us yet: it stands for itself.
    "template.payout_account": _notice("template.payout_account"),
}
"""By the key of the words they stand for."""

ALL: Final = tuple({notice.name: notice for notice in NOTICES.values()}.values())
"""Every template to be approved, once."""


def outside(key: str, language: str, facts: Mapping[str, str], url_suffix: str = "") -> SendTemplate | None:
    """What goes in place of those words when the window is closed; none where no template stands for them."""
    notice = NOTICES.get(key)
    if notice is None or (notice.button is not None and not url_suffix):
        return None
    # Meta refuses line breaks, tabs and long runs of blanks in a value, and an empty one (132012).
    parameters = tuple((" ".join(facts.get(name, "").split()) or "–") for name in notice.fields(language))
    return SendTemplate(notice.name, str(language), parameters, url_suffix)


def as_text(order: SendTemplate) -> str:
    """What the customer reads; one of an older version is told by its name and values."""
    notice = next((one for one in ALL if one.name == order.name), None)
    language = order.language
    if notice is None or language not in notice.words:
        return f"({order.name}) {' · '.join(order.parameters)}"
    if len(notice.fields(language)) != len(order.parameters):
        return f"({order.name}) {' · '.join(order.parameters)}"
    text = notice.filled(language, order.parameters)
    return text if notice.button is None else f"{text}\n[{notice.button[language]}]"
