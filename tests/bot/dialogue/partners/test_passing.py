"""A provider writes to their guest and hears of them through us: by a button, the next words alone, and never lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.context import Context
from bot.business.words import WordLanguage
from bot.dialogue.partners.decide import decide
from bot.dialogue.partners.passing import ANSWERED_WITHIN
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.commands import SendButtons, SendTemplate
from bot.domain.contents import Media
from bot.domain.ids import EventId
from bot.domain.partner import Consent, Partner, PartnerAsk
from bot.domain.partner_events import GuestWrote, PassResult, SpokeAsGuest, WordsPassed
from bot.domain.partner_orders import FindJobs, PassToGuest, ShowJob
from bot.domain.task import TaskState
from bot.replies import jobs as job_words
from bot.replies.notices import as_text
from bot.replies.partner import SHOW_TAP
from bot.replies.passing import ANSWER_TAP
from bot.store.shapes import pack_partner, unpack_partner
from tests.bot.dialogue.partners.makers import KETUT, a_partner, said, tapped, wrote
from tests.bot.dialogue.partners.test_jobs import MASSAGE, TASK
from tests.bot.makers import NOW, context

TAP = f"{job_words.WORDS_TAP}{TASK}"


def in_language(language: str) -> Context:
    here = context()
    staff = tuple(
        replace(one, contact=replace(one.contact, language=WordLanguage(language)))
        if one.contact.phone == KETUT
        else one
        for one in here.business.staff
    )
    return replace(here, business=replace(here.business, staff=staff))


def asked(partner: Partner | None = None) -> Partner:
    return decide(partner or a_partner(), tapped(TAP), context()).thread


def guest_wrote(words: str = "Please bring oil") -> GuestWrote:
    return GuestWrote(EventId("internal:guest_words:1"), NOW, MASSAGE, words)


@pytest.mark.parametrize(
    ("language", "question"),
    [("en", "What should the guest know"), ("id", "Mau sampaikan apa ke tamu"), ("vi", "Bạn muốn nhắn gì cho khách")],
)
def test_by_the_button_they_are_asked_and_the_next_words_alone_go_on(language: str, question: str) -> None:
    decided = decide(a_partner(), tapped(TAP), in_language(language))
    assert question in said(decided)
    assert decided.thread.question is not None
    assert decided.thread.question.about is PartnerAsk.WORDS
    answered = decide(decided.thread, wrote("Saya 10 menit lagi", "2"), in_language(language))
    assert [effect.command for effect in answered.effects] == [PassToGuest(KETUT, TASK, "Saya 10 menit lagi")]
    assert answered.thread.question is None
    again = decide(answered.thread, wrote("dan satu lagi", "3"), in_language(language))
    assert not any(isinstance(effect.command, PassToGuest) for effect in again.effects)


def test_nothing_goes_on_by_accident() -> None:
    for words in ("pekerjaan saya", "my money"):
        decided = decide(asked(), wrote(words), context())
        assert not any(isinstance(effect.command, PassToGuest) for effect in decided.effects)
        assert decided.thread.question is None
    other = decide(asked(), tapped(f"{SHOW_TAP}{TASK}"), context())
    assert [effect.command for effect in other.effects] == [ShowJob(KETUT, TASK)]
    assert other.thread.question is None, "who taps something else has changed their mind"
    late = replace(wrote("halo"), at=NOW + ANSWERED_WITHIN + timedelta(minutes=1))
    assert not any(isinstance(effect.command, PassToGuest) for effect in decide(asked(), late, context()).effects)
    picture = decide(asked(), wrote(Media("image", "media-1", "image/jpeg")), context())
    assert "Tulis dalam satu pesan" in said(picture)
    assert picture.thread.question is not None


@pytest.mark.parametrize("result", PassResult)
def test_they_hear_what_became_of_their_words(result: PassResult) -> None:
    told = {
        language: said(decide(a_partner(), WordsPassed(EventId("done:x"), NOW, TASK, result), in_language(language)))
        for language in ("en", "id", "vi")
    }
    assert len(set(told.values())) == 3


@pytest.mark.parametrize("language", ["en", "id", "vi"])
def test_the_guests_words_come_with_a_button_to_answer_and_no_number(language: str) -> None:
    decided = decide(a_partner(), guest_wrote(), in_language(language))
    (effect,) = decided.effects
    assert isinstance(effect.command, SendButtons)
    assert "Please bring oil" in effect.command.body
    assert "Emma" in effect.command.body
    assert [button.id for button in effect.command.buttons] == [TAP, f"{SHOW_TAP}{TASK}"]
    assert not ANSWER_TAP.startswith("work:"), "the guest's own button is no partner's"


def test_outside_the_window_a_template_says_that_there_is_something_and_their_next_word_reads_it() -> None:
    silent = a_partner()
    decided = decide(silent, guest_wrote(), context())
    (effect,) = decided.effects
    order = window.leaving(silent, effect.command, NOW)  # type: ignore[arg-type]
    assert isinstance(order, SendTemplate)
    assert "Please bring oil" not in as_text(order)
    assert order.taps == (f"{SHOW_TAP}{TASK}",)
    kept = decided.thread
    assert unpack_partner(pack_partner(kept)) == kept
    assert kept.templates == 1
    read = decide(kept, tapped(order.taps[0]), context())
    assert "Please bring oil" in said(read)
    assert ShowJob(KETUT, TASK) in [effect.command for effect in read.effects]
    assert "Please bring oil" not in said(decide(read.thread, wrote("halo", "9"), context())), "once"


def test_a_word_as_a_customer_opens_the_window_and_reads_it_too() -> None:
    kept = decide(a_partner(), guest_wrote(), context()).thread
    read = decide(kept, SpokeAsGuest(EventId("guest:1"), NOW), context())
    assert "Please bring oil" in said(read)
    assert read.thread.letters == ()


def test_within_the_window_nothing_is_kept_and_an_ended_job_has_no_words() -> None:
    there = replace(a_partner(), last_inbound_at=NOW - timedelta(hours=1))
    assert decide(there, guest_wrote(), context()).thread.letters == ()
    over = replace(guest_wrote(), job=replace(MASSAGE, state=TaskState.DONE))
    assert not decide(there, over, context()).effects


def test_who_does_not_want_it_here_is_for_a_person_to_call() -> None:
    refused = replace(a_partner(), consent=Consent.REFUSED)
    decided = decide(refused, guest_wrote(), context())
    assert not decided.effects
    assert [(alarm.reason, alarm.subject) for alarm in decided.thread.alarms] == [(AlarmReason.PARTNER_NOT_TOLD, TASK)]


def test_what_they_ask_for_is_still_answered() -> None:
    decided = decide(asked(), wrote("pekerjaan saya"), context())
    assert [effect.command for effect in decided.effects] == [FindJobs(KETUT)]
