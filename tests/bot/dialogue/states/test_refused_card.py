"""A customer's card was refused: what the books know of it, how to pay all the same, and until when."""

from dataclasses import replace

import pytest

from bot.dialogue.refused_cards import says_refused
from bot.domain.commands import OpenInvoice
from bot.replies.first_words import PERSON
from bot.replies.words import say
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_yes_question import MASSAGE

REFUSED = [
    *(("en", text) for text in ("my card was declined", "it says payment failed", "the bank won't accept my card")),
    *(("id", text) for text in ("kartu saya ditolak", "pembayarannya gagal terus kak", "kartunya gak bisa dipakai")),
    *(("vi", text) for text in ("thẻ bị từ chối", "thanh toán không được bạn ơi", "the cua minh bi tu choi")),
]


def opening(key: str, language: str) -> str:
    """The words of that text before its first field."""
    return say(key, language, **dict.fromkeys(("reference", "amount", "until", "url", "paid"), "@")).split("@")[0]


def waiting(language: str) -> Talk:
    """A booking whose link is out."""
    return Talk(pays=True).writes(MASSAGE[language]).taps_row(0)


@pytest.mark.parametrize(("language", "words"), REFUSED)
def test_nothing_was_taken_and_there_are_other_ways_until_the_deadline(language: str, words: str) -> None:
    talk = waiting(language)
    reference = str(talk.booking.reference)
    talk.writes(words)
    assert talk.last.startswith(opening("payment.refused", language))
    for fact in (reference, "350", "11:00" if language != "id" else "11.00", talk.booking.pay_url or "no link"):
        assert fact in talk.last
    assert talk.choices == (f"paynew:{reference}", f"payother:{reference}", PERSON)
    assert not talk.lead.waits_for_person


@pytest.mark.parametrize(
    ("language", "words", "comes"),
    [
        ("en", "my card was declined, cancel my booking please", "chgyes"),
        ("en", "my card was declined, can we do friday instead?", "chgyes"),
        ("en", "my card was declined twice, I want to talk to a person", "person"),
        ("id", "kartu saya ditolak, batalin aja ya", "chgyes"),
        ("id", "pembayaran gagal terus, mau ngomong sama admin dong", "person"),
        ("vi", "thẻ bị từ chối rồi, huỷ giúp mình nhé", "chgyes"),
        ("vi", "thanh toán không được, cho mình gặp nhân viên", "person"),
    ],
)
def test_what_else_is_wished_with_it_is_heard(language: str, words: str, comes: str) -> None:
    talk = waiting(language).writes(words)
    assert not talk.last.startswith(opening("payment.refused", language))
    if comes == "person":
        assert talk.lead.waits_for_person
    else:
        assert talk.choices[0].partition(":")[0] == comes


@pytest.mark.parametrize(("language", "words"), REFUSED[::3])
def test_another_way_is_one_tap_from_there(language: str, words: str) -> None:
    talk = waiting(language).writes(words).taps_row(1)
    links = [order for order in talk.money if isinstance(order, OpenInvoice)]
    assert [(order.attempt, order.why) for order in links][-1] == (2, "other_method")


@pytest.mark.parametrize(("language", "words"), REFUSED[::3])
def test_who_has_paid_a_part_hears_what_is_in_and_what_is_open(language: str, words: str) -> None:
    talk = waiting(language)
    part = Money(100_000, "IDR")
    rest = Money(250_000, "IDR")
    talk.pay(status=InvoiceStatus.PARTIALLY_PAID, paid=part, rest=rest).writes(words)
    assert "100" in talk.last
    assert "250" in talk.last
    assert opening("payment.refused", language) not in talk.last


@pytest.mark.parametrize(("language", "words"), REFUSED[::3])
def test_who_has_paid_all_hears_that_it_is_here(language: str, words: str) -> None:
    talk = waiting(language).pay().writes(words)
    assert talk.last.startswith(opening("payment.refused_but_in", language))
    assert "350" in talk.last
    assert not talk.lead.waits_for_person


@pytest.mark.parametrize(("language", "words"), REFUSED[::3])
def test_a_link_that_died_is_told_as_that(language: str, words: str) -> None:
    talk = waiting(language)
    talk.lead = talk.lead.with_booking(replace(talk.booking, dead_links=(talk.booking.link_count,)))
    talk.writes(words)
    assert talk.choices[0].startswith("paynew:")
    assert talk.choices[2].startswith("cancel:")


@pytest.mark.parametrize(("language", "words"), REFUSED[::3])
def test_where_nothing_is_to_be_paid_a_person_looks(language: str, words: str) -> None:
    talk = Talk().writes(words)
    assert talk.last == say("talk.passed_on", language)
    assert talk.lead.waits_for_person


@pytest.mark.parametrize(("language", "words"), REFUSED[::3])
def test_for_the_difference_of_a_change_the_old_time_is_safe(language: str, words: str) -> None:
    dearer = {"en": "change my booking", "id": "ubah booking saya", "vi": "đổi lịch"}
    talk = waiting(language).pay().writes(dearer[language], "villa karang").taps_row(0)
    change = talk.booking.change
    assert change is not None
    assert change.pay_url is not None
    talk.writes(words)
    assert change.pay_url in talk.last
    assert [choice.partition(":")[0] for choice in talk.choices] == ["chgpay", "chgpay", "chgno"]


@pytest.mark.parametrize(
    "text",
    [
        *("can I pay by card?", "do you accept visa?", "I paid by card", "please refuse the late booking"),
        *("bisa bayar pakai kartu?", "kartu kredit bisa dipakai?", "sudah bayar kak"),
        *("thanh toán bằng thẻ được không?", "mình trả tiền mặt nhé", "cho mình thẻ thành viên"),
    ],
)
def test_a_question_how_to_pay_tells_of_no_refusal(text: str) -> None:
    assert not says_refused(text)
