"""What is said of a change outside the 24 hours: an approved template for each, its buttons do what the chat's do."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.commands import SendTemplate
from bot.domain.events import StaffAction
from bot.domain.states import Modification, State
from bot.domain.timers import TimerKind
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from tests.bot.dialogue.changes.test_chat import paid_massage
from tests.bot.dialogue.changes.test_staff import sunday
from tests.bot.dialogue.states.talk import Talk

LONG_AGO = timedelta(hours=30)


def outside(talk: Talk) -> SendTemplate:
    """What the newest message is outside the window."""
    template = getattr(talk.said[-1], "outside", None)
    assert isinstance(template, SendTemplate), talk.last
    return template


def moved_to_a_dearer_villa() -> Talk:
    """By staff, on the customer's wish by telephone, a day after their last message."""
    talk = paid_massage()
    talk.now += LONG_AGO
    talk.staff(StaffAction.RESCHEDULE, slot_id=sunday(talk, "ayu", "villa-karang"), cause="customer", reason="called")
    assert talk.booking.modification is Modification.AWAITING_PAYMENT
    return talk


def asked_which_day(talk: Talk) -> None:
    talk.staff(StaffAction.RESCHEDULE, cause="customer", reason="called")


def quoted(talk: Talk) -> None:
    talk.writes("move it to Sunday")


def cancel_quoted(talk: Talk) -> None:
    talk.writes("I want to cancel")


@pytest.mark.parametrize(
    ("happens", "name"),
    [
        (asked_which_day, "janji_change_ask_when"),
        (quoted, "janji_change_quote"),
        (cancel_quoted, "janji_cancel_quote"),
    ],
)
def test_a_question_about_a_change_has_its_template(happens: Callable[[Talk], None], name: str) -> None:
    talk = paid_massage()
    happens(talk)
    template = outside(talk)
    assert template.name == name
    assert all(template.parameters)


def test_the_yes_on_a_template_is_the_yes_to_its_quote() -> None:
    talk = paid_massage().writes("I want to cancel")
    template = outside(talk)
    assert "IDR 175,000" in " ".join(template.parameters)
    yes, keep = template.taps
    assert (yes, keep) == talk.choices
    talk.taps(yes)
    assert talk.lead.bookings == ()


def test_the_link_for_a_difference_is_a_template_that_pays() -> None:
    talk = moved_to_a_dearer_villa()
    template = outside(talk)
    assert template.name == "janji_change_link"
    account = f"{talk.booking.reference}~C1"
    assert template.url_suffix == f"{account}.{account}.1"


def test_a_dead_link_is_replaced_by_itself_and_the_third_calls_a_person() -> None:
    talk = moved_to_a_dearer_villa()
    for number in (2, 3):
        talk.pay(status=InvoiceStatus.EXPIRED, paid=Money(0, "IDR"), paid_at=None)
        assert outside(talk).url_suffix.endswith(f".{number}")
    talk.pay(status=InvoiceStatus.EXPIRED, paid=Money(0, "IDR"), paid_at=None)
    assert outside(talk).name == "janji_failed_change_payment"
    assert talk.lead.waits_for_person


def test_what_became_of_it_has_its_template() -> None:
    talk = moved_to_a_dearer_villa().pay()
    assert outside(talk).name == "janji_changed"
    talk = moved_to_a_dearer_villa().rings(TimerKind.CHANGE_PAY_BY)
    talk.closes(f"{talk.booking.reference}~C1")
    assert outside(talk).name == "janji_not_changed"
    assert talk.booking.state is State.CONFIRMED


def test_who_was_asked_by_a_template_has_a_day_for_the_answer_and_is_not_asked_twice() -> None:
    talk = paid_massage()
    talk.now += LONG_AGO
    asked_which_day(talk)
    said = len(talk.said)
    talk.rings(TimerKind.CHANGE_SILENCE)
    assert len(talk.said) == said
    assert talk.booking.change is not None
    talk.rings(TimerKind.CHANGE_SILENCE)
    assert outside(talk).name == "janji_not_changed"
    assert talk.booking.change is None
