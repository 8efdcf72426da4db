"""What is booked, as the pane next to a conversation shows it: the card, its money, its tasks, and what can be done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.business.context import Context
from bot.business.definition import Business
from bot.domain.booking import Booking
from bot.domain.coming import ComingAnswer
from bot.domain.overrides import RulesOverridden, TimeRule
from bot.domain.users import Act
from bot.lifecycle.actions import Action, ActionType
from bot.replies import times
from bot.replies.words import say as reply
from payments.domain.money import Money
from webhooks.api.bookings.models import BookingShown, MoveShown
from webhooks.api.tasks.models import TaskShown
from webhooks.console import against_rules, words
from webhooks.console.inbox.moments import Reader
from webhooks.console.inbox.next_steps import NextStep
from webhooks.edge.models import AmountShown

ACT_OF: Final = {
    ActionType.MARK_CAME: Act.SHOW_UP,
    ActionType.MARK_ABSENT: Act.SHOW_UP,
    ActionType.CHECK_IN: Act.SHOW_UP,
    ActionType.CHECK_OUT: Act.SHOW_UP,
    ActionType.COMPLETE: Act.SHOW_UP,
}
"""What somebody has to be allowed; the others are changes."""
DONE_HERE: Final = frozenset(ActionType) - {
    ActionType.PAY,
    ActionType.TALK_TO_PERSON,
    ActionType.REBOOK,
    ActionType.DETAILS,
    ActionType.ANOTHER_LINK,
}
"""What the pane has a dialog for; the customer does the rest in chat."""


MOVES: Final = 12
"""So many of its last moves stand on it."""


@dataclass(frozen=True, slots=True)
class ActionButton:
    """One thing that can be done, with what it costs."""

    type: str
    label: str
    price: str
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class MoneyFigures:
    """The money of a booking in three figures, and by party for who may see it."""

    paid: str
    open: str
    refunded: str
    parties: tuple[tuple[str, str, str], ...]
    payments: tuple[tuple[str, str], ...]
    pay_url: str | None


@dataclass(frozen=True, slots=True)
class CardTask:
    """A piece of work around it."""

    title: str
    state: str
    due: str
    is_late: bool
    who: str


@dataclass(frozen=True, slots=True)
class BookingCard:
    """One booking."""

    reference: str
    service: str
    state: str
    tone: str
    """`good`, `soon`, `due` or nothing: how its state is coloured."""
    time: str
    place: str
    provider: str
    guests: str
    coming: str
    pay_by: str | None
    money: MoneyFigures | None
    actions: tuple[ActionButton, ...]
    step: NextStep | None
    tasks: tuple[CardTask, ...]
    history: tuple[tuple[str, str], ...]


_TONES: Final = {"confirmed": "good", "completed": "good", "modified": "good", "ticketed": "good", "pending": "soon"}


def card_of(
    booking: Booking,
    shown: BookingShown,
    found: Sequence[Action],
    context: Context,
    reader: Reader,
    may: Callable[[Act], bool],
    step: NextStep | None,
    name_of: Callable[[str], str],
) -> BookingCard:
    """The card of that booking for whoever reads."""
    business, language, slot = context.business, reader.language, booking.chosen
    service = business.service(booking.service or "")
    place = business.place(shown.place)
    provider = business.provider(shown.provider)
    return BookingCard(
        reference=str(booking.reference),
        service=words.say("booking.no_service", language) if service is None else service.name.say(language),
        state=_state(booking, language),
        tone=_TONES.get(shown.status, "due" if shown.status in {"disputed", "failed"} else ""),
        time="" if slot is None else _time(booking, context, reader),
        place="" if place is None else place.name.say(language),
        provider="" if provider is None else provider.name.say(language),
        guests="" if booking.guests is None else words.say("booking.guests", language, count=booking.guests),
        coming=coming_in_words(booking, reader),
        pay_by=None if booking.pay_by is None else reader.exact(booking.pay_by),
        money=_money(booking, shown, reader, may),
        actions=tuple(_button(action, reader) for action in found if _is_here(action, may)),
        step=step,
        tasks=tuple(_task(task, language) for task in shown.tasks if task.state not in {"done", "withdrawn"}),
        history=tuple(
            (reader.exact_text(move.at), moved_in_words(move, booking, business, language, name_of))
            for move in shown.history[-MOVES:]
        ),
    )


def coming_in_words(booking: Booking, reader: Reader) -> str:
    """What their customer says to the reminder, and when; nothing where it has not asked yet."""
    known = booking.coming_now
    at = known.answered_at or known.asked_at
    if known.answer is ComingAnswer.NOT_ASKED or at is None:
        return ""
    said = words.say(f"coming.{known.answer.value}", reader.language)
    return f"{said} · {reader.exact(at)}"


def _is_here(action: Action, may: Callable[[Act], bool]) -> bool:
    return action.type in DONE_HERE and may(ACT_OF.get(action.type, Act.CHANGE))


def _state(booking: Booking, language: str) -> str:
    return words.state_of(booking.state.value, language)


def _time(booking: Booking, context: Context, reader: Reader) -> str:
    slot, zone = booking.chosen, context.business.zone
    assert slot is not None
    day = times.long_day(slot.start, zone, reader.language)
    return f"{day}, {times.hours(slot.start, slot.end, zone, reader.language)}"


def sum_words(amount: AmountShown, language: str) -> str:
    """A sum of the API in words."""
    return times.money(Money(amount.amount, amount.currency), language)


def _money(booking: Booking, shown: BookingShown, reader: Reader, may: Callable[[Act], bool]) -> MoneyFigures | None:
    terms, language = shown.money, reader.language
    due = booking.due or booking.price
    if due is None and not terms.captured.amount:
        return None
    left = 0 if due is None else max(0, due.amount - (booking.paid.amount if booking.paid else 0))
    sees_all = may(Act.SEE_MONEY)
    return MoneyFigures(
        paid=sum_words(terms.captured, language),
        open=times.money(Money(left, terms.captured.currency), language),
        refunded=sum_words(terms.refunded, language),
        parties=tuple((one.party, sum_words(one.amount, language), one.state.lower()) for one in shown.payables)
        if sees_all
        else (),
        payments=tuple((one.status.lower(), sum_words(one.amount, language)) for one in shown.invoices),
        pay_url=booking.pay_url,
    )


def _button(action: Action, reader: Reader) -> ActionButton:
    facts = {} if action.amount is None else {"amount": times.money(action.amount, reader.language)}
    facts |= {} if action.until is None else {"until": reader.exact(action.until)}
    price = reply(action.description, reader.language, **facts)
    return ActionButton(action.type.value, reply(action.label, reader.language), price, action.urgent)


def _task(task: TaskShown, language: str) -> CardTask:
    title = task.title.get(language) or next(iter(task.title.values()), "")
    state = words.say(f"task.{task.state}", language)
    return CardTask(title, state, task.due or "", task.is_late, "" if task.who is None else task.who.name)


def moved_in_words(
    move: MoveShown, booking: Booking, business: Business, language: str, name_of: Callable[[str], str]
) -> str:
    """Where it went and by whom; where somebody of the house did it against the rules, which, and why."""
    key, who = f"booking.state.{(move.to or '').lower()}", f"actor.{move.by}"
    said = words.say(key, language) if words.has(key) else (move.to or "").lower()
    by = words.say(who, language) if words.has(who) else name_of(move.by)
    moved = words.say("booking.moved", language, to=said, by=by)
    service = business.service(booking.service or "")
    if move.role is None or service is None:
        return moved
    of_time = tuple(rule for rule in move.overridden if rule in set(TimeRule))
    of_house = tuple(rule for rule in move.overridden if rule not in of_time)
    overridden = RulesOverridden("", "", of_time, of_house)
    rules = against_rules.rules_in_words(business, overridden, service, booking.guests or 1, language)
    if not rules:
        return moved
    return words.say("rules.moved_against", language, moved=moved, rules="; ".join(rules), reason=move.reason or "")
