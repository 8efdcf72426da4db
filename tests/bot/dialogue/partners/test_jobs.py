"""A partner's jobs: the card, its taps, the picture and the words that are wanted, and nothing that is not theirs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.whatsapp import render
from bot.business.context import Context
from bot.dialogue.partners.decide import LOOK, decide
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.commands import Button, SendList, SendTemplate, SendText
from bot.domain.contents import Media, Text
from bot.domain.events import EffectFailed, TimerFired
from bot.domain.ids import EffectId, EventId
from bot.domain.job import Job, JobNews, JobStep, telling_name
from bot.domain.lead import Address
from bot.domain.partner import Consent, Partner, PartnerAsk, PartnerQuestion
from bot.domain.partner_events import JobsFound, JobShown, JobsLookedAt, JobStepped, JobTold, WorkDone
from bot.domain.partner_orders import FindJobs, LookAtJobs, ShowJob, StepJob
from bot.domain.task import TaskKind, TaskState
from bot.lifecycle.task_steps import TaskRefusal
from bot.replies import jobs as words
from bot.replies.notices import as_text
from bot.replies.partner import SHOW_TAP
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
ON_THE_CARD = (JobStep.ON_THE_WAY, JobStep.STARTED, JobStep.DONE, JobStep.ABSENT)
OF_WHAT_IS_THEIRS = (JobNews.GIVEN, JobNews.CHANGED, JobNews.GONE, JobNews.OVERDUE)
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
    said_of_it = (*ON_THE_CARD, JobStep.TROUBLE, JobStep.DROP)
    steps = [words.step_tap(step) + TASK for step in said_of_it]
    assert [row.id for row in card().rows] == [*steps, words.WORDS_TAP + TASK]


def test_the_card_of_a_class_has_their_sum_of_all_who_come_so_far() -> None:
    a_class = replace(MASSAGE, booking=None, guest=None, guests=5, payout=Money(500_000, "IDR"))
    assert "Bagian kakak sejauh ini: IDR 500" in card(a_class).body
    assert "Bagian kakak" not in card(replace(a_class, payout=None)).body


def test_the_room_stands_on_the_card_where_it_is_known() -> None:
    assert "Kamar: 12" in card(replace(MASSAGE, room="12")).body
    assert "Kamar" not in card().body


def test_what_takes_place_online_has_its_link() -> None:
    assert "https://meet.example/x" in card(replace(MASSAGE, place=None, meeting="https://meet.example/x")).body


def test_the_gate_code_is_for_who_comes_to_a_booking_that_takes_place() -> None:
    place = sample().place("villa-padi")
    assert place is not None
    body = card(replace(MASSAGE, is_with_access=False)).body
    assert body.count(place.name.say("id")) == 1


@pytest.mark.parametrize("news", OF_WHAT_IS_THEIRS)
def test_outside_the_window_each_news_is_a_template_that_says_the_same_without_the_gate_code(news: JobNews) -> None:
    (effect,) = decide(a_partner(), JobTold(EventId("e"), NOW, news, MASSAGE), with_access()).effects
    order = window.leaving(a_partner(), effect.command, NOW)  # type: ignore[arg-type]
    assert isinstance(order, SendTemplate)
    assert order.language == "id"
    text = as_text(order)
    assert "Pijat" in text
    assert "Emma" not in text
    if news in {JobNews.GIVEN, JobNews.CHANGED}:
        assert order.taps[0] == SHOW_TAP + TASK
    if news is JobNews.OVERDUE:
        assert order.taps == tuple(words.step_tap(s) + TASK for s in (JobStep.DONE, JobStep.ABSENT, JobStep.TROUBLE))


def test_the_first_that_they_hear_asks_whether_they_want_it_and_to_look_is_a_yes() -> None:
    asked = told(JobNews.GIVEN)
    assert asked.consent is Consent.ASKED
    looked = decide(asked, tapped(SHOW_TAP + TASK), with_access())
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


@pytest.mark.parametrize("step", ON_THE_CARD)
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
    assert asked.thread.question == PartnerQuestion(PartnerAsk.PICTURE, TASK, NOW)
    (effect,) = decide(asked.thread, wrote(Text("sudah kak")), with_access()).effects
    assert effect.command == ShowJob(KETUT, TASK, is_for_picture=True)
    again = decide(asked.thread, JobShown(EventId("done:s"), NOW, MASSAGE, is_for_picture=True), with_access())
    assert "kirim foto" in said(again)
    assert again.thread.question is not None
    (effect,) = decide(asked.thread, wrote(PICTURE), with_access()).effects
    assert effect.command == StepJob(KETUT, TASK, JobStep.DONE, picture=PICTURE)
    for refusal, why in (
        (TaskRefusal.NO_PHOTO, "tidak bisa dibuka sebagai foto"),
        (TaskRefusal.PHOTO_UNREACHABLE, "belum sampai ke kami"),
        (TaskRefusal.PHOTO_TOO_LARGE, "terlalu besar"),
    ):
        none = JobStepped(EventId("done:f"), NOW, JobStep.DONE, TASK, refusal, MASSAGE)
        refused = decide(asked.thread, none, with_access())
        assert why in said(refused)
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


QUESTIONS = [PartnerQuestion(about, TASK, NOW) for about in (PartnerAsk.PICTURE, PartnerAsk.TROUBLE)]


@pytest.mark.parametrize("count", [1, 10, 11, 20])
@pytest.mark.parametrize("phone", [KETUT, *(one.contact.phone for one in sample().staff + sample().providers)])
def test_each_line_of_their_work_leads_to_its_card_however_much_it_is(phone: str, count: int) -> None:
    title = tuple((language, "Deep cleaning of the whole house and the garden " * 2) for language in ("en", "id", "vi"))
    jobs = tuple(replace(MASSAGE, task=f"house:by-hand-{number}:1", title=title) for number in range(count))
    found = decide(a_partner(phone), JobsFound(EventId("done:x"), NOW, jobs), with_access())
    rows: list[Button] = []
    for effect in found.effects:
        assert isinstance(effect.command, SendList)
        assert render.message(effect.command, Address(wa_id="62812"), "x")
        rows += effect.command.rows
    assert [row.id for row in rows] == [f"work:show:{job.task}" for job in jobs]
    (shown,) = decide(found.thread, tapped(rows[-1].id), with_access()).effects
    assert shown.command == ShowJob(phone, jobs[-1].task)


def test_who_said_no_may_look_and_has_said_no_all_the_same() -> None:
    refused = replace(a_partner(), consent=Consent.REFUSED)
    assert decide(refused, tapped(f"work:show:{TASK}"), with_access()).thread.consent is Consent.REFUSED


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_ends_with_its_job_and_with_its_day_and_is_no_trap(question: PartnerQuestion) -> None:
    asked = replace(a_partner(), question=question, consent=Consent.GIVEN)
    # called off, also where nobody may write to them
    for partner in (asked, replace(asked, consent=Consent.REFUSED), replace(asked, is_locked=True)):
        over = JobTold(EventId("e"), NOW, JobNews.GONE, replace(MASSAGE, state=TaskState.WITHDRAWN))
        assert decide(partner, over, with_access()).thread.question is None
    # who asks for their work gets it, and has answered nothing
    shown = decide(asked, wrote("pekerjaan saya"), with_access())
    assert [effect.command for effect in shown.effects] == [FindJobs(KETUT)]
    assert shown.thread.question == question
    # a day later nobody remembers what was asked
    stale = replace(asked, question=replace(question, at=NOW - timedelta(hours=25)))
    assert "Mau lihat apa?" in said(decide(stale, wrote("halo"), with_access()))


@pytest.mark.parametrize("job", [None, replace(MASSAGE, state=TaskState.DONE)])
def test_no_picture_is_wanted_of_what_is_done_or_anothers(job: Job | None) -> None:
    asked = replace(a_partner(), question=PartnerQuestion(PartnerAsk.PICTURE, TASK, NOW))
    shown = decide(asked, JobShown(EventId("e"), NOW, job, is_for_picture=True), with_access())
    assert shown.thread.question is None
    assert ("tidak ada di daftar" if job is None else "sudah tercatat selesai") in said(shown)


def test_that_they_were_not_told_is_an_alarm_about_the_job_and_ends_with_it() -> None:
    other = "house:by-hand-1:1"
    given = EventId(f"internal:job_news:{telling_name(TASK, 3, 'komang')}")
    (effect,) = decide(a_partner(), JobTold(given, NOW, JobNews.GIVEN, MASSAGE), with_access()).effects
    failed = EffectFailed(EventId("failed:1"), NOW, effect.id, "chat", "window_closed")
    silent = decide(a_partner(), failed, with_access()).thread
    assert [one.subject for one in silent.alarms] == [TASK]
    refused = replace(silent, consent=Consent.REFUSED)
    event = JobTold(EventId("f"), NOW, JobNews.GIVEN, replace(MASSAGE, task=other))
    both = decide(refused, event, with_access()).thread
    due = both.timers[LOOK]
    look = decide(both, TimerFired(EventId("t"), due, LOOK, due), replace(with_access(), now=due))
    assert [effect.command for effect in look.effects] == [LookAtJobs(KETUT, (TASK, other))]
    assert look.thread.timers[LOOK] > due
    looked = decide(look.thread, JobsLookedAt(EventId("done:l"), due, (TASK,), has_more=True), with_access()).thread
    assert [one.subject for one in looked.alarms] == [other]
    last = decide(looked, JobsLookedAt(EventId("done:m"), due, (other,), has_more=False), with_access()).thread
    assert last.alarms == ()


def test_what_was_not_said_of_no_job_is_an_alarm_as_long_as_anything_is_to_come() -> None:
    failed = EffectFailed(EventId("failed:1"), NOW, EffectId("done:x:0"), "chat", "window_closed")
    silent = decide(a_partner(), failed, with_access()).thread
    for has_more in (True, False):
        looked = decide(silent, JobsLookedAt(EventId("e"), NOW, (), has_more), with_access()).thread
        assert bool(looked.alarms) is has_more
    many = silent
    for number in range(30):
        many = many.alarmed(AlarmReason.PARTNER_NOT_TOLD, NOW, f"house:by-hand-{number}:1")
    assert AlarmReason.MANY in {one.reason for one in many.alarms}
    over = tuple(one.subject for one in many.alarms)
    assert decide(many, JobsLookedAt(EventId("e"), NOW, over, has_more=False), with_access()).thread.alarms == ()
    assert decide(many, wrote("halo"), with_access()).thread.alarms == ()


def test_what_was_called_off_before_it_was_told_is_not_given() -> None:
    over = replace(MASSAGE, state=TaskState.WITHDRAWN)
    assert decide(a_partner(), JobTold(EventId("e"), NOW, JobNews.GIVEN, over), with_access()).effects == ()
    assert "tidak jadi" in said(decide(a_partner(), JobTold(EventId("e"), NOW, JobNews.GONE, over), with_access()))


def test_work_that_others_have_done_is_told_where_it_can_be_read_and_left_unsaid_elsewhere() -> None:
    done = WorkDone(EventId("internal:task_done:1"), NOW, replace(MASSAGE, state=TaskState.DONE), "Ketut Suarni")
    here = replace(a_partner(), last_inbound_at=NOW - timedelta(hours=1))
    assert "Sudah selesai oleh Ketut Suarni: " in said(decide(here, done, with_access()))
    assert "Sudah selesai: " in said(decide(here, replace(done, by=""), with_access()))
    away = replace(here, last_inbound_at=NOW - timedelta(hours=30))
    for nobody in (away, replace(here, is_locked=True), replace(here, consent=Consent.REFUSED)):
        assert decide(nobody, done, with_access()).effects == ()
