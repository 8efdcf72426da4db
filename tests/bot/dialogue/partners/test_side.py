"""Which of a partner's two threads a message belongs to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.partners.side import is_for_work
from bot.domain.contents import Content, FormSent, Media, Tap, Text
from bot.domain.partner import PartnerAsk, PartnerQuestion
from bot.replies import partner as words
from tests.bot.dialogue.partners.makers import a_partner
from tests.bot.makers import NOW

PICTURE = Media("image", "1", "image/jpeg")


@pytest.mark.parametrize("content", [Text("halo"), PICTURE, Tap("svc:massage", "Massage"), Tap("work:jobs", "Jobs")])
def test_who_is_no_customer_becomes_none_by_accident(content: Content) -> None:
    assert is_for_work(a_partner(), content, NOW, is_guest=False)


def test_a_button_goes_where_its_id_belongs() -> None:
    assert not is_for_work(a_partner(), Tap(words.GUEST_TAP, "Book for myself"), NOW, is_guest=False)
    assert not is_for_work(a_partner(), Tap("svc:massage", "Massage"), NOW, is_guest=True)
    assert not is_for_work(a_partner(), FormSent("{}"), NOW, is_guest=True)
    guest = replace(a_partner(), guest_at=NOW)
    assert is_for_work(guest, Tap("work:yes", "Yes"), NOW, is_guest=True)


def test_free_words_go_to_the_thread_they_spoke_in_last_and_else_to_their_work() -> None:
    partner, later = a_partner(), NOW + timedelta(minutes=5)
    assert is_for_work(partner, Text("tomorrow at ten"), NOW, is_guest=True)
    guest = replace(partner, spoke_at=NOW, guest_at=later)
    assert not is_for_work(guest, Text("tomorrow at ten"), later, is_guest=True)
    assert is_for_work(replace(guest, spoke_at=later + timedelta(seconds=1)), Text("ok"), later, is_guest=True)
    assert is_for_work(guest, Text("tomorrow at ten"), later + timedelta(hours=25), is_guest=True)


def test_what_answers_a_question_about_work_is_work_and_after_a_day_there_is_no_question() -> None:
    question = PartnerQuestion(PartnerAsk.TROUBLE, "BK-1:service:1", NOW)
    guest = replace(a_partner(), guest_at=NOW, question=question)
    assert is_for_work(guest, Text("the gate is locked"), NOW, is_guest=True)
    later = NOW + timedelta(hours=23)
    assert not is_for_work(replace(guest, guest_at=later), Text("tomorrow"), later + timedelta(hours=2), is_guest=True)


@pytest.mark.parametrize("text", ["My work", "pekerjaan saya!", "VIỆC CỦA TÔI", "  my   jobs. "])
def test_who_asks_for_their_work_is_at_work_whatever_was_spoken_of(text: str) -> None:
    guest = replace(a_partner(), guest_at=NOW)
    assert is_for_work(guest, Text(text), NOW, is_guest=True)
    assert not is_for_work(guest, Text("I want a massage"), NOW, is_guest=True)
