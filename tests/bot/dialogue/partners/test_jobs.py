"""A partner's jobs: the card, its taps, the picture and the words that are wanted, and nothing that is not theirs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.context import Context
from bot.dialogue.partners.decide import decide
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.commands import SendList, SendTemplate, SendText
from bot.domain.contents import Media, Text
from bot.domain.ids import EventId
from bot.domain.job import Job, JobNews, JobStep
from bot.domain.partner import Consent, Partner, PartnerAsk, PartnerQuestion
from bot.domain.partner_events import JobShown, JobStepped, JobTold
from bot.domain.partner_orders import FindJobs, ShowJob, StepJob
from bot.domain.task import TaskKind, TaskState
from bot.lifecycle.task_steps import TaskRefusal
from bot.replies import jobs as words
from bot.replies.notices import as_text
from payments.domain.money import Money
from tests.bot.business.makers import sample
from tests.bot.dialogue.partners.makers import KETUT, a_partner, said, tapped, wrote
from tests.bot.makers import NOW

TASK = "BK-26112409-A1B2C3:service:1"
MASSAGE = Job(
    TASK,
    TaskKind.SERVICE,
    (("en", "Massage"), ("id", "Pijat"), ("vi", "Mát xa")),
    TaskState.TAKEN,
    NOW + timedelta(hours=5),
    NOW + timedelta(hours=6),
    "villa-padi",
    "BK-26112409-A1B2C3",
    "Emma",
    2,
    Money(200_000, "IDR"),
    is_with_access=True,
)
PICTURE = Media("image", "media-1", "image/jpeg")


def with_access() -> Context:
    business = sample()
    places = tuple(
        replace(place, access=place.name) if place.id == "villa-padi" else place for place in business.places
    )
    return Context(now=NOW, business=replace(business, places=places))


def told(news: JobNews, job: Job = MASSAGE, partner: Partner | None = None) -> Partner:
    event = JobTold(EventId("internal:job_news:1"), NOW, news, job)
    return decide(partner or a_partner(), event, with_access()).thread


def card(job: Job = MASSAGE) -> SendList:
    (effect,) = decide(a_partner(), JobTold(EventId("e"), NOW, JobNews.GIVEN, job), with_access()).effects
    assert isinstance(effect.command, SendList)
    return effect.command


def test_the_card_has_all_that_is_needed_and_no_number_of_anybody() -> None:
    body = card().body
    place = sample().place("villa-padi")
    assert place is not None
    assert place.address in body
    for wanted in ("Pijat", "Emma", "2 orang", "Bagian kakak: IDR 200", place.name.say("id")):
        assert wanted in body
    assert body.count(place.name.say("id")) == 2, "the access notes"
    assert place.contact.phone not in body
    assert [row.id for row in card().rows] == [words.step_tap(step) + TASK for step in JobStep]


def test_what_takes_place_online_has_its_link() -> None:
    assert "https://meet.example/x" in card(replace(MASSAGE, place=None, meeting="https://meet.example/x")).body


def test_the_gate_code_is_for_who_comes_to_a_booking_that_takes_place() -> None:
    place = sample().place("villa-padi")
    assert place is not None
    body = card(replace(MASSAGE, is_with_access=False)).body
    assert body.count(place.name.say("id")) == 1


@pytest.mark.parametrize("news", JobNews)
def test_outside_the_window_each_news_is_a_template_that_says_the_same_without_the_gate_code(news: JobNews) -> None:
    (effect,) = decide(a_partner(), JobTold(EventId("e"), NOW, news, MASSAGE), with_access()).effects
    order = window.leaving(a_partner(), effect.command, NOW)  # type: ignore[arg-type]
    assert isinstance(order, SendTemplate)
    assert order.language == "id"
    text = as_text(order)
    assert "Pijat" in text
    assert "Emma" not in text
    if news in {JobNews.GIVEN, JobNews.CHANGED}:
        assert order.taps[0] == words.SHOW_TAP + TASK
    if news is JobNews.OVERDUE:
        assert order.taps == tuple(words.step_tap(s) + TASK for s in (JobStep.DONE, JobStep.ABSENT, JobStep.TROUBLE))


def test_the_first_that_they_hear_asks_whether_they_want_it_and_to_look_is_a_yes() -> None:
    asked = told(JobNews.GIVEN)
    assert asked.consent is Consent.ASKED
    looked = decide(asked, tapped(words.SHOW_TAP + TASK), with_access())
    assert looked.thread.consent is Consent.GIVEN
    assert [effect.command for effect in looked.effects] == [ShowJob(KETUT, TASK)]


@pytest.mark.parametrize(
    "partner", [replace(a_partner(), consent=Consent.REFUSED), replace(a_partner(), is_locked=True)]
)
def test_who_does_not_want_it_or_has_lost_the_number_is_not_written_to_and_a_person_calls(partner: Partner) -> None:
    decided = decide(partner, JobTold(EventId("e"), NOW, JobNews.GIVEN, MASSAGE), with_access())
    assert decided.effects == ()
    assert [(one.reason, one.subject) for one in decided.thread.alarms] == [(AlarmReason.PARTNER_NOT_TOLD, TASK)]
    # as soon as they write they see what they missed
    heard = decide(replace(decided.thread, is_locked=False), wrote("halo"), with_access())
    assert heard.thread.alarms == ()
    assert FindJobs(KETUT) in [effect.command for effect in heard.effects]


@pytest.mark.parametrize("step", [step for step in JobStep if step is not JobStep.TROUBLE])
def test_a_tap_moves_the_task(step: JobStep) -> None:
    (effect,) = decide(a_partner(), tapped(words.step_tap(step) + TASK), with_access()).effects
    assert effect.command == StepJob(KETUT, TASK, step)


def test_what_is_in_the_way_is_asked_in_words_and_passed_on() -> None:
    asked = decide(a_partner(), tapped(words.step_tap(JobStep.TROUBLE) + TASK), with_access())
    assert "kendala apa" in said(asked)
    (effect,) = decide(asked.thread, wrote("gerbang terkunci"), with_access()).effects
    assert effect.command == StepJob(KETUT, TASK, JobStep.TROUBLE, note="gerbang terkunci")


def test_a_picture_that_is_wanted_is_asked_for_and_what_is_none_is_asked_for_again() -> None:
    wants = JobStepped(EventId("done:e"), NOW, JobStep.DONE, TASK, TaskRefusal.WANTS_PHOTO, MASSAGE)
    asked = decide(a_partner(), wants, with_access())
    assert "kirim foto" in said(asked)
    assert asked.thread.question == PartnerQuestion(PartnerAsk.PICTURE, TASK)
    assert "kirim foto" in said(decide(asked.thread, wrote(Text("sudah kak")), with_access()))
    (effect,) = decide(asked.thread, wrote(PICTURE), with_access()).effects
    assert effect.command == StepJob(KETUT, TASK, JobStep.DONE, picture=PICTURE)
    none = JobStepped(EventId("done:f"), NOW, JobStep.DONE, TASK, TaskRefusal.NO_PHOTO, MASSAGE)
    refused = decide(asked.thread, none, with_access())
    assert "tidak bisa dibuka sebagai foto" in said(refused)
    assert refused.thread.question is not None
    done = decide(refused.thread, JobStepped(EventId("g"), NOW, JobStep.DONE, TASK, None, MASSAGE), with_access())
    assert "sudah selesai" in said(done)
    assert done.thread.question is None


@pytest.mark.parametrize(
    ("refusal", "state", "words_said"),
    [
        (TaskRefusal.DONE, TaskState.DONE, "sudah tercatat selesai"),
        (TaskRefusal.WITHDRAWN, TaskState.WITHDRAWN, "tidak jadi buat kakak"),
        (TaskRefusal.TOO_EARLY, TaskState.TAKEN, "Belum waktunya"),
        (TaskRefusal.NO_SUCH_TASK, TaskState.TAKEN, "tidak ada di daftar kakak"),
        (TaskRefusal.TAKEN, TaskState.TAKEN, "tidak ada di daftar kakak"),
    ],
)
def test_a_tap_that_does_nothing_says_why(refusal: TaskRefusal, state: TaskState, words_said: str) -> None:
    event = JobStepped(EventId("e"), NOW, JobStep.DONE, TASK, refusal, replace(MASSAGE, state=state))
    assert words_said in said(decide(a_partner(), event, with_access()))


def test_of_a_job_that_has_ended_the_end_is_shown_and_of_none_that_there_is_none() -> None:
    ended = decide(a_partner(), JobShown(EventId("e"), NOW, replace(MASSAGE, state=TaskState.WITHDRAWN)), with_access())
    assert isinstance(ended.effects[0].command, SendText)
    assert "tidak jadi" in said(ended)
    assert "tidak ada di daftar" in said(decide(a_partner(), JobShown(EventId("e"), NOW, None), with_access()))


def test_what_was_called_off_before_it_was_told_is_not_given() -> None:
    over = replace(MASSAGE, state=TaskState.WITHDRAWN)
    assert decide(a_partner(), JobTold(EventId("e"), NOW, JobNews.GIVEN, over), with_access()).effects == ()
    assert "tidak jadi" in said(decide(a_partner(), JobTold(EventId("e"), NOW, JobNews.GONE, over), with_access()))
