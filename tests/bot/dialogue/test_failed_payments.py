"""A payment that did not go through is said at once, with what can be done about it; three tries, then a person."""

import pytest

from bot.domain.commands import LinkReason, OpenInvoice, SendButtons, SendLink
from bot.domain.states import Modification, State
from bot.replies import payment as words
from bot.replies.words import say
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from tests.bot.dialogue.changes.test_chat import MASSAGE, paid_massage
from tests.bot.dialogue.states.talk import Talk

DEAD = (InvoiceStatus.EXPIRED, InvoiceStatus.FAILED)


def unpaid() -> Talk:
    """The link is out and waits for its money."""
    return Talk(pays=True).writes(MASSAGE, "the first", "the first", "yes")


def dearer() -> Talk:
    """Paid, and moved to a dearer villa: the link for the difference is out."""
    talk = paid_massage().writes("move it to villa karang", "yes")
    assert talk.booking.modification is Modification.AWAITING_PAYMENT
    return talk


def dies(talk: Talk, status: InvoiceStatus = InvoiceStatus.EXPIRED, account: str | None = None) -> Talk:
    """The newest link ran out or was refused."""
    return talk.pay(account, status=status, paid=Money(0, "IDR"), paid_at=None)


def links(talk: Talk) -> list[OpenInvoice]:
    return [order for order in talk.money if isinstance(order, OpenInvoice)]


def shown(talk: Talk) -> tuple[str, ...]:
    """The buttons of the newest message, as they are read."""
    newest = talk.said[-1]
    return tuple(button.title for button in newest.buttons) if isinstance(newest, SendButtons) else ()


# Of a booking -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", DEAD)
def test_it_is_said_with_its_three_buttons_and_the_time_stays_theirs(status: InvoiceStatus) -> None:
    talk = dies(unpaid(), status)
    assert shown(talk) == ("Try again", "Another way", "Cancel")
    assert "IDR 350,000" in talk.last
    assert talk.booking.state is State.PAYMENT_PENDING
    assert len(links(talk)) == 1


@pytest.mark.parametrize("language", ["en", "id", "vi"])
def test_it_is_said_in_the_customers_language(language: str) -> None:
    talk = unpaid()
    talk.lead = talk.lead.conversing(language=language, language_chosen=True)
    assert shown(dies(talk))[0] == say("payment.button.try_again", language)


def test_it_is_said_once_however_often_it_is_told() -> None:
    talk = dies(unpaid())
    said = len(talk.said)
    assert len(dies(talk).said) == said


def test_try_again_brings_a_new_link_and_another_way_one_by_bank() -> None:
    talk = dies(unpaid()).taps_row(0)
    assert isinstance(talk.said[-1], SendLink)
    dies(talk).taps_row(1)
    assert [(link.attempt, link.why) for link in links(talk)] == [
        (1, LinkReason.FIRST),
        (2, LinkReason.NEW_LINK),
        (3, LinkReason.OTHER_METHOD),
    ]
    assert links(talk)[-1].methods


@pytest.mark.parametrize("text", ["try again", "coba lagi", "thử lại", "kirim link lagi dong", "cho mình thử lại nhé"])
def test_try_again_can_be_written(text: str) -> None:
    talk = dies(unpaid()).writes(text)
    assert [link.why for link in links(talk)] == [LinkReason.FIRST, LinkReason.NEW_LINK]


@pytest.mark.parametrize("text", ["another way please", "bayar cara lain", "trả cách khác được không", "chuyển khoản"])
def test_another_way_can_be_written(text: str) -> None:
    talk = dies(unpaid()).writes(text)
    assert [link.why for link in links(talk)] == [LinkReason.FIRST, LinkReason.OTHER_METHOD]


@pytest.mark.parametrize("text", ["did you get my payment?", "sudah masuk pembayarannya?", "nhận được tiền chưa ạ?"])
def test_who_asks_about_the_payment_is_not_shown_a_dead_link(text: str) -> None:
    talk = dies(unpaid()).writes(text)
    assert shown(talk) == tuple(
        say(f"payment.button.{name}", talk.lead.language) for name in ("try_again", "another_way", "cancel")
    )


def test_cancel_is_quoted_and_done_by_its_yes() -> None:
    talk = dies(unpaid()).taps_row(2)
    assert talk.booking.state is State.PAYMENT_PENDING
    talk.taps_row(0)
    assert talk.lead.bookings == ()


def test_after_three_tries_a_person_is_called_and_only_another_way_is_left() -> None:
    talk = unpaid()
    for _ in range(2):
        dies(talk).taps_row(0)
    assert not talk.lead.waits_for_person
    dies(talk)
    assert talk.lead.waits_for_person
    assert shown(talk) == ("Another way", "Cancel")
    talk.taps(f"{words.NEW_LINK_TAP}{talk.booking.reference}")
    assert len(links(talk)) == 3
    talk.taps_row(0)
    dies(talk).taps_row(0)
    assert [link.attempt for link in links(talk)] == [1, 2, 3, 4]


def test_a_payment_after_a_failed_one_confirms_as_ever() -> None:
    talk = dies(unpaid()).taps_row(0).pay()
    assert talk.booking.state is State.CONFIRMED


def test_a_first_link_that_never_opened_is_no_failed_payment() -> None:
    talk = Talk().writes(MASSAGE, "the first", "the first", "yes")
    dies(talk, InvoiceStatus.FAILED)
    assert talk.lead.waits_for_person
    assert shown(talk) == ()


# Of a change --------------------------------------------------------------------------------------------------------


def test_of_a_change_the_old_time_is_safe_and_nothing_is_sent_by_itself() -> None:
    talk = dearer()
    old = talk.booking.chosen
    dies(talk)
    assert shown(talk) == ("Try again", "Another way", "Keep it")
    assert "is safe" in talk.last
    assert (talk.booking.chosen, talk.booking.state) == (old, State.CONFIRMED)
    assert len(links(talk)) == 2


def test_of_a_change_the_third_link_that_dies_is_said_and_calls_a_person() -> None:
    talk = dearer()
    for _ in range(2):
        dies(talk).taps_row(0)
    assert not talk.lead.waits_for_person
    dies(talk)
    assert talk.lead.waits_for_person
    assert shown(talk) == ("Another way", "Keep it")
    talk.taps_row(0)
    assert [link.attempt for link in links(talk)[1:]] == [1, 2, 3, 4]
    assert links(talk)[-1].methods
    talk.pay()
    assert (talk.booking.place, talk.booking.change) == ("villa-karang", None)


@pytest.mark.parametrize("text", ["try again", "coba lagi", "thử lại"])
def test_of_a_change_try_again_can_be_written(text: str) -> None:
    talk = dies(dearer()).writes(text)
    assert [link.attempt for link in links(talk)[1:]] == [1, 2]


def test_of_a_change_keep_it_ends_the_change() -> None:
    talk = dies(dearer()).taps_row(2)
    assert (talk.booking.change, talk.booking.state) == (None, State.CONFIRMED)


def test_of_a_change_a_link_whose_answer_was_lost_is_sent_by_its_news() -> None:
    talk = paid_massage()
    talk.pays = False
    talk.writes("move it to villa karang", "yes")
    talk.pay(status=InvoiceStatus.PENDING, paid=Money(0, "IDR"), paid_at=None, url="https://checkout.example.com/late")
    newest = talk.said[-1]
    assert isinstance(newest, SendLink)
    assert newest.url == "https://checkout.example.com/late"
