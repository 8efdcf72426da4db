"""Notices for when the customer's window is closed: each an approved template, all languages from one definition.

Outside the 24 hours Meta takes templates only (reference: whatsapp 3.5). The fields of a text are numbered in the
order in which they stand in it, language by language, so that no language needs another's order of words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.domain import message_limits as limits
from bot.domain import template_text
from bot.domain.commands import Button, SendTemplate
from bot.domain.language_files import fields_of
from bot.domain.template_standing import OURS
from bot.replies.words import InAll, OwnWords

PREFIX: Final = OURS


@dataclass(frozen=True, slots=True)
class Notice:
    """What Meta is asked to approve: a text, and a button that opens a payment link, or quick replies."""

    name: str
    words: Mapping[str, str]
    """By language, as `button`."""
    button: Mapping[str, str] | None = None
    replies: tuple[Mapping[str, str], ...] = ()
    """Labels of its quick replies."""

    def fields(self, language: str) -> tuple[str, ...]:
        """The text's fields in the order of that language."""
        return fields_of(self.words[language])

    def numbered(self, language: str) -> str:
        """The text as it is approved: {{1}}, {{2}} …"""
        return template_text.numbered(self.words[language])

    def filled(self, language: str, parameters: tuple[str, ...]) -> str:
        """The text as the customer reads it."""
        return self.words[language].format(**dict(zip(self.fields(language), parameters, strict=True)))


SAMPLES: Final[Mapping[str, str]] = {
    "terms": "You pay IDR 100,000 more.",
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
    "job": "Balinese massage 60 min",
    "place": "Villa Padi",
    "list": "Wed 25 Nov 10:00 · Balinese massage 60 min · Villa Padi",
    "who": "Ayu Spa",
    "house": "Villa Kamboja",
    "clock": "11:00",
    "why": "A customer asks for a person",
    "about": "Emma",
    "answer": "We give you back IDR 100,000.",
    "when": "Tuesday, 24 November 2026, 15:00–17:00",
    "people": "2 people",
    "link": "https://meet.example/BK-26112409-A1B2C3",
    "also": "Please bring your passport.",
}
"""An example of each field, for Meta's reviewers."""

_PAY_BUTTON: Final = InAll("template.button.pay")


def _notice(key: str, button: Mapping[str, str] | None = None, *replies: str) -> Notice:
    """The notice of those words, with the labels of its quick replies by their keys."""
    return Notice(f"{PREFIX}{key.removeprefix('template.')}", InAll(key), button, tuple(map(InAll, replies)))


def _asking(key: str, *replies: str) -> Notice:
    return _notice(key, None, *replies)


_PAY_LINK: Final = _notice("template.pay_link", _PAY_BUTTON)

_ANOTHER_WAY: Final = "payment.button.another_way"
_KEEP: Final = "change.button.keep"
_FAILED: Final = _asking("template.failed_payment", _ANOTHER_WAY, "payment.button.cancel")
_CHANGE_FAILED: Final = _asking("template.failed_change_payment", _ANOTHER_WAY, _KEEP)
_ANSWERED: Final = _notice("template.complaint_answered")
_CHANGED: Final = _notice("template.changed")
_OFFER_CLOSED: Final = _notice("template.job_offer_closed")
_NOT_CHANGED: Final = _notice("template.not_changed")
_REMINDER: Final = _notice("template.remind_day_before")

_COMING: Final = ("coming.button.yes", "coming.button.change", "coming.button.no")
ONLINE: Final[Mapping[str, str]] = {
    "payment.receipt": "template.paid_confirmed_online",
    "reminder.day_before": "template.remind_day_before_online",
    "reminder.hours_before": "template.remind_hours_before_online",
    "coming.again": "template.remind_asking_online",
}
"""By the key of the words they stand for where a link is told with them; each stands for itself."""

_REMINDING: Final = ("reminder.day_before", "reminder.hours_before", "coming.again")
ALSO: Final[Mapping[str, str]] = {
    "reminder.day_before": "template.remind_day_before_also",
    "reminder.hours_before": "template.remind_hours_before_also",
    "coming.again": "template.remind_asking_also",
    **{ONLINE[key]: f"{ONLINE[key]}_also" for key in _REMINDING},
}
"""By the key under which a reminder is told: the same with what rules of the house add; each stands for itself."""

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
    "reminder.week_before": _REMINDER,
    "reminder.days_before": _REMINDER,
    "reminder.day_before": _REMINDER,
    "reminder.hours_before": _notice("template.remind_hours_before"),
    "coming.again": _asking("template.remind_asking", *_COMING),
    # Of what takes place online: with the link, for which the others have no place.
    **{key: _notice(key, None, *(_COMING if "asking" in key else ())) for key in (*ONLINE.values(), *ALSO.values())},
    "attendance.question": _notice("template.did_you_come"),
    "attendance.missed": _notice("template.missed_you"),
    "attendance.corrected": _notice("template.came_after_all"),
    "visit.absent_question": _asking(
        "template.guest_absent", "visit.button.here", "visit.button.late", "visit.button.cannot"
    ),
    "stay.arrived_question": _asking("template.stay_arrived", "stay.button.here", "stay.button.later"),
    "stay.leaving_question": _asking("template.stay_leaving", "stay.button.left"),
    "payment.failed": _FAILED,
    "payment.failed_for_good": _FAILED,
    "change.block.asks": _asking(
        "template.cannot_take_place", "change.block.button.another", "change.block.button.money_back"
    ),
    "change.block.asks_unpaid": _asking(
        "template.cannot_take_place_unpaid", "change.block.button.another", "change.block.button.cancel"
    ),
    "change.block.lifted": _notice("template.takes_place_after_all"),
    "change.ask.when": _asking("template.change_ask_when", _KEEP),
    "change.question": _asking("template.change_quote", "change.button.yes_change", _KEEP),
    "change.cancel.question": _asking("template.cancel_quote", "change.button.yes_cancel", _KEEP),
    "change.link": _notice("template.change_link", _PAY_BUTTON),
    "change.payment_failed": _CHANGE_FAILED,
    "change.payment_failed_for_good": _CHANGE_FAILED,
    "change.applied": _CHANGED,
    "change.applied_by_us": _CHANGED,
    "change.not_paid": _NOT_CHANGED,
    "change.failed": _NOT_CHANGED,
    "change.stays": _NOT_CHANGED,
    "acceptance.change_nobody": _NOT_CHANGED,
    "change.needs_person": _notice("template.change_needs_person"),
    "change.money_back": _notice("template.change_money_back"),
    "complaint.answered.redo": _ANSWERED,
    "complaint.answered.refund": _ANSWERED,
    "complaint.answered.refused": _ANSWERED,
    "complaint.answered.credit": _ANSWERED,
    "credit.returned": _notice("template.credit_returned"),
    "booking.staff_cancelled": _notice("template.cancelled"),
    # nobody waits for it: what Meta calls marketing
    "abandoned.question": _asking("template.still_wanted", "abandoned.button.go_on", "abandoned.button.leave"),
    "follow_up.question": _asking("template.follow_up", "change.button.rebook"),
    "waiting.kept": _asking("template.time_kept", "waiting.button.yes", "waiting.button.no", "waiting.button.leave"),
    "waiting.over": _notice("template.waiting_over"),
    # A person opens the conversation again: these stand for themselves.
    "template.reopen_booking": _notice("template.reopen_booking"),
    "template.reopen": _notice("template.reopen"),
    # What was booked on the phone: they stand for themselves (`bot.replies.phone_bookings`).
    "template.phone_booked": _notice("template.phone_booked"),
    "template.phone_asking": _notice("template.phone_asking"),
    "template.phone_to_pay": _notice("template.phone_to_pay", _PAY_BUTTON),
    # To a partner, who has no chat with us yet: it stands for itself.
    "template.payout_account": _notice("template.payout_account"),
    "partner.job.given.now": _asking("template.job_given", "partner.button.show", "partner.button.stop"),
    "partner.job.changed.now": _asking("template.job_changed", "partner.button.show", "partner.button.stop"),
    "partner.job.gone": _notice("template.job_gone"),
    "partner.place.booked.now": _asking("template.place_booked", "partner.button.expected", "partner.button.stop"),
    "partner.place.moved.now": _asking("template.place_moved", "partner.button.expected", "partner.button.stop"),
    "partner.place.called_off": _notice("template.place_called_off"),
    "partner.digest.tomorrow": _asking("template.digest", "partner.button.jobs", "partner.button.stop"),
    "attention.told": _asking("template.attention", "attention.button.take", "attention.button.pass"),
    "attention.digest.waiting": _asking("template.owner_digest", "partner.button.attention", "partner.button.stop"),
    "partner.words.from_guest": _asking("template.job_words", "partner.button.show"),
    "partner.job.overdue": _asking(
        "template.job_overdue", "partner.button.done", "partner.button.absent", "partner.button.trouble"
    ),
    "partner.offer.now": _asking(
        "template.job_offered", "partner.button.accept", "partner.button.decline", "partner.button.stop"
    ),
    "partner.offer.over": _OFFER_CLOSED,
    "partner.offer.expired": _OFFER_CLOSED,
}
"""By the key of the words they stand for."""

OF_RULES: Final = tuple(NOTICES[key] for key in ALSO.values())
"""Templates that only a house with rules for its reminders needs."""
ALL: Final = tuple({one.name: one for key, one in NOTICES.items() if key not in ALSO.values()}.values())
"""Every template that each house needs, once."""
EVERY: Final = {notice.name: notice for notice in (*ALL, *OF_RULES)}
"""By name."""
_PLAIN: Final = {NOTICES[key].name: plain for plain, key in ALSO.items()}
"""By the name of one of `OF_RULES`: under which key the same is told without what rules add."""


def mirrored_otherwise(own: OwnWords) -> Iterator[tuple[str, str, str, str]]:
    """Sentences in a house's own words whose template still has the catalogue's: key, language, the template's key and
    its name with Meta."""
    for key, notice in NOTICES.items():
        template = f"template.{notice.name.removeprefix(PREFIX)}"
        if key != template:
            yield from (
                (key, code, template, notice.name) for code in own.get(key, {}) if code not in own.get(template, {})
            )


def told_with(link: str, key: str) -> str:
    """Of which words a template stands where this link is told with those; nothing to tell: of those themselves."""
    return ONLINE[key] if link else key


def outside(
    key: str, language: str, facts: Mapping[str, str], url_suffix: str = "", buttons: Sequence[Button] = ()
) -> SendTemplate | None:
    """What goes in place of those words when the window is closed; none where no template stands for them. Its quick
    replies do what the last of these buttons do. With `also` among the facts, and room for it, it says that too."""
    if facts.get("also") and key in ALSO and language in NOTICES[ALSO[key]].words:
        whole = outside(ALSO[key], language, facts, url_suffix, buttons)
        if whole is not None and len(NOTICES[ALSO[key]].filled(language, whole.parameters)) <= limits.BODY:
            return whole
    notice = NOTICES.get(key)
    if notice is None or (notice.button is not None and not url_suffix):
        return None
    # Meta refuses line breaks, tabs and long runs of blanks in a value, and an empty one (132012).
    parameters = tuple((" ".join(facts.get(name, "").split()) or "–") for name in notice.fields(language))
    taps = tuple(button.id for button in buttons)[-len(notice.replies) :] if notice.replies else ()
    return SendTemplate(notice.name, str(language), parameters, url_suffix, taps)


def stand_ins(order: SendTemplate, business: str) -> tuple[SendTemplate, ...]:
    """What may go in the place of a template that is not to be sent, best first: the same without what rules of the
    house add; that there is an answer, and to write to us, which opens the window for it."""
    facts = {"business": business} | _facts_of(order)
    plain = without_rules(order)
    keys = ("template.reopen_booking", "template.reopen") if facts.get("reference") else ("template.reopen",)
    found = (outside(key, order.language, facts) for key in keys if order.language in NOTICES[key].words)
    return tuple(one for one in (plain, *found) if one is not None and one.name != order.name)


def without_rules(order: SendTemplate) -> SendTemplate | None:
    """The same reminder without what rules of the house add; none for every other template."""
    facts = _facts_of(order)
    facts.pop("also", None)
    plain = outside(_PLAIN[order.name], order.language, facts) if facts and order.name in _PLAIN else None
    return None if plain is None else replace(plain, taps=order.taps)


def _facts_of(order: SendTemplate) -> dict[str, str]:
    notice = EVERY.get(order.name)
    fields = () if notice is None or order.language not in notice.words else notice.fields(order.language)
    return dict(zip(fields, order.parameters, strict=True)) if len(fields) == len(order.parameters) else {}


def as_text(order: SendTemplate) -> str:
    """What the customer reads; one of an older version is told by its name and values."""
    notice, language = EVERY.get(order.name), order.language
    if notice is None or language not in notice.words:
        return f"({order.name}) {' · '.join(order.parameters)}"
    if len(notice.fields(language)) != len(order.parameters):
        return f"({order.name}) {' · '.join(order.parameters)}"
    text = notice.filled(language, order.parameters)
    labels = (*filter(None, (notice.button,)), *notice.replies)
    return "\n".join([text, *(f"[{label[language]}]" for label in labels)])
