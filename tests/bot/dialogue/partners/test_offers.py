"""A partner's own side of an offer: asked once, answered by a tap or a plain word, and one last word to each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue.partners.decide import decide
from bot.dialogue.partners.side import is_for_work
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.commands import SendButtons, SendTemplate
from bot.domain.contents import Text
from bot.domain.events import EffectFailed
from bot.domain.ids import EffectId, EventId
from bot.domain.job import Job, JobNews, JobStep
from bot.domain.outcome import Decided
from bot.domain.partner import Consent, Partner
from bot.domain.partner_events import JobShown, JobStepped, JobTold
from bot.domain.partner_orders import StepJob
from bot.domain.task import TaskKind, TaskState
from bot.lifecycle.task_steps import TaskRefusal
from bot.replies import jobs as words
from bot.replies.notices import as_text
from payments.domain.money import Money
from tests.bot.business.makers import sample
from tests.bot.dialogue.partners.makers import KETUT, a_partner, said, tapped, wrote
from tests.bot.makers import NOW

TASK = "BK-26112409-A1B2C3:service:1"
TELLING = "internal:job_news:1"
MASSAGE = Job(
    TASK,
    TaskKind.SERVICE,
    (("en", "Massage"), ("id", "Pijat"), ("vi", "Mát xa")),
    TaskState.OFFERED,
    NOW + timedelta(days=1),
    NOW + timedelta(days=1, hours=1),
    "villa-padi",
    "BK-26112409-A1B2C3",
    None,
    2,
    Money(200_000, "IDR"),
    offer=1,
    answer_by=NOW + timedelta(minutes=30),
)
LAST_WORDS = {
    JobNews.OFFER_LOST: "Sudah diambil yang lain",
    JobNews.OFFER_OVER: "sudah tidak dibuka lagi",
    JobNews.OFFER_EXPIRED: "Waktu menjawabnya sudah lewat",
}


def context(business: Business | None = None) -> Context:
    return Context(now=NOW, business=business or sample())


def told(news: JobNews, job: Job = MASSAGE, partner: Partner | None = None) -> Decided[Partner]:
    return decide(partner or a_partner(), JobTold(EventId(TELLING), NOW, news, job), context())


def asked(partner: Partner | None = None) -> Partner:
    return told(JobNews.OFFERED, partner=partner).thread


def stepped(step: JobStep, refusal: TaskRefusal | None = None, job: Job = MASSAGE) -> JobStepped:
    return JobStepped(EventId("done:e"), NOW, step, TASK, refusal and refusal.value, job, 1)


def orders(decided: Decided[Partner]) -> list[StepJob]:
    return [effect.command for effect in decided.effects if isinstance(effect.command, StepJob)]


def test_an_offer_says_what_when_where_for_how_much_and_until_when_and_nothing_of_its_guest() -> None:
    (effect,) = told(JobNews.OFFERED, replace(MASSAGE, guest="Emma")).effects
    assert isinstance(effect.command, SendButtons)
    body, place = effect.command.body, sample().place("villa-padi")
    assert place is not None
    for wanted in ("Pijat", place.name.say("id"), "Jumlah orang: 2", "Bagian kakak: IDR 200", "sebelum"):
        assert wanted in body
    for unwanted in ("Emma", place.address, place.contact.phone):
        assert unwanted not in body
    assert [button.id for button in effect.command.buttons][:2] == [
        f"{words.step_tap(JobStep.ACCEPT)}1:{TASK}",
        f"{words.step_tap(JobStep.DECLINE)}1:{TASK}",
    ]


@pytest.mark.parametrize("news", [JobNews.OFFERED, JobNews.OFFER_OVER, JobNews.OFFER_EXPIRED])
@pytest.mark.parametrize("language", ["en", "id", "vi"])
def test_outside_the_window_it_is_a_template_in_their_language_with_the_same_answers(
    news: JobNews, language: str
) -> None:
    staff = tuple(
        replace(one, contact=replace(one.contact, language=type(one.contact.language)(language)))
        for one in sample().staff
    )
    business = replace(sample(), staff=staff)
    partner = decide(a_partner(), JobTold(EventId(TELLING), NOW, JobNews.OFFERED, MASSAGE), context(business))
    decided = partner
    if news is not JobNews.OFFERED:
        decided = decide(partner.thread, JobTold(EventId("e"), NOW, news, MASSAGE), context(business))
    (effect,) = decided.effects
    order = window.leaving(a_partner(), effect.command, NOW)  # type: ignore[arg-type]
    assert isinstance(order, SendTemplate)
    assert order.language == language
    assert dict(MASSAGE.title)[language] in as_text(order)
    if news is JobNews.OFFERED:
        assert order.taps[:2] == tuple(f"{words.step_tap(s)}1:{TASK}" for s in (JobStep.ACCEPT, JobStep.DECLINE))


@pytest.mark.parametrize(("step", "way"), [(JobStep.ACCEPT, "Siap kak"), (JobStep.DECLINE, "ga bisa")])
def test_a_tap_or_a_plain_word_answers_it(step: JobStep, way: str) -> None:
    answer = StepJob(KETUT, TASK, step, offer=1)
    by_tap = decide(asked(), tapped(f"{words.step_tap(step)}1:{TASK}"), context())
    assert orders(by_tap) == [answer]
    assert by_tap.thread.consent is Consent.GIVEN
    assert orders(decide(asked(), wrote(way), context())) == [answer]


def test_a_plain_word_answers_nothing_where_it_could_mean_two_offers_or_none() -> None:
    two = told(JobNews.OFFERED, replace(MASSAGE, task="BK-2:service:1"), asked()).thread
    for partner in (a_partner(), two):
        assert orders(decide(partner, wrote("ok"), context())) == []


def test_a_plain_word_answers_only_as_their_first_word_since_they_were_asked() -> None:
    since = replace(asked(), spoke_at=NOW + timedelta(minutes=1))
    assert orders(decide(since, wrote("ok"), context())) == []
    before = replace(asked(), spoke_at=NOW - timedelta(minutes=1))
    assert len(orders(decide(before, wrote("ok"), context()))) == 1


def test_who_is_a_customer_too_answers_where_they_were_asked_last() -> None:
    guest = replace(a_partner(), guest_at=NOW - timedelta(minutes=5), spoke_at=NOW - timedelta(hours=1))
    assert not is_for_work(guest, Text("ok"), NOW, is_guest=True)
    assert is_for_work(asked(guest), Text("ok"), NOW, is_guest=True)
    assert not is_for_work(replace(asked(guest), guest_at=NOW + timedelta(minutes=1)), Text("ok"), NOW, is_guest=True)


@pytest.mark.parametrize("number", ["", "x", "9" * 30])
def test_a_button_with_an_odd_number_accepts_nothing(number: str) -> None:
    (order,) = orders(decide(asked(), tapped(f"{words.step_tap(JobStep.ACCEPT)}{number}:{TASK}"), context()))
    assert order.offer == 0


@pytest.mark.parametrize(("news", "word"), LAST_WORDS.items())
def test_how_it_ended_is_said_once_and_to_nobody_who_was_never_asked(news: JobNews, word: str) -> None:
    heard = told(news, partner=replace(asked(), last_inbound_at=NOW))
    assert word in said(heard)
    assert told(news, partner=heard.thread).effects == ()
    assert told(news).effects == ()
    assert told(news, replace(MASSAGE, offer=2), asked()).effects == ()


def test_that_somebody_else_was_first_costs_no_template_and_who_taps_later_is_told() -> None:
    silent = told(JobNews.OFFER_LOST, partner=asked())
    assert (silent.effects, silent.thread.asked) == ((), ())
    assert "Sudah diambil yang lain" in said(
        decide(silent.thread, stepped(JobStep.ACCEPT, TaskRefusal.OFFER_LOST), context())
    )


def test_asked_again_about_the_same_they_hear_it_once() -> None:
    first = told(JobNews.OFFERED)
    again = told(JobNews.OFFERED, partner=first.thread)
    assert (again.effects, again.thread.asked) == ((), first.thread.asked)
    # at another time it is another question
    assert told(JobNews.OFFERED, replace(MASSAGE, offer=2), first.thread).effects


def test_what_is_over_before_they_could_be_asked_is_not_offered() -> None:
    for job in (replace(MASSAGE, answer_by=None), replace(MASSAGE, answer_by=NOW)):
        decided = told(JobNews.OFFERED, job)
        assert decided.effects == ()
        assert decided.thread.asked == ()


@pytest.mark.parametrize(
    "partner", [replace(a_partner(), consent=Consent.REFUSED), replace(a_partner(), is_locked=True)]
)
def test_who_cannot_be_asked_here_is_passed_over_at_once_and_a_person_sees_it(partner: Partner) -> None:
    decided = told(JobNews.OFFERED, partner=partner)
    assert orders(decided) == [StepJob(KETUT, TASK, JobStep.UNSENT, offer=1)]
    assert said(decided) == ""
    assert [one.reason for one in decided.thread.alarms] == [AlarmReason.PARTNER_NOT_TOLD]
    assert decide(decided.thread, stepped(JobStep.UNSENT), context()).effects == ()


def test_an_offer_that_did_not_reach_them_is_passed_over_at_once_and_another_message_is_not() -> None:
    failed = EffectFailed(EventId("failed:1"), NOW, EffectId(f"{TELLING}:0"), "send_buttons", "outside_window")
    decided = decide(asked(), failed, context())
    assert orders(decided) == [StepJob(KETUT, TASK, JobStep.UNSENT, offer=1)]
    assert decided.thread.asked == ()
    other = replace(failed, effect=EffectId("internal:job_news:11:0"))
    assert orders(decide(asked(), other, context())) == []


def test_who_accepts_waits_for_the_money_of_the_guest_and_hears_if_it_never_comes() -> None:
    kept = decide(asked(), stepped(JobStep.ACCEPT), context())
    assert "tunggu pembayaran tamunya" in said(kept)
    again = decide(kept.thread, stepped(JobStep.ACCEPT, TaskRefusal.OFFER_YOURS), context())
    assert "tunggu pembayaran tamunya" in said(again)
    assert "sudah tidak dibuka lagi" in said(told(JobNews.OFFER_OVER, partner=again.thread))
    paid = decide(asked(), stepped(JobStep.ACCEPT, job=replace(MASSAGE, is_paid=True)), context())
    assert "kakak yang kerjakan" in said(paid)
    unconfirmed = replace(MASSAGE, state=TaskState.TAKEN, is_unconfirmed=True)
    for event in (
        JobShown(EventId("e"), NOW, unconfirmed),
        stepped(JobStep.STARTED, TaskRefusal.UNCONFIRMED, unconfirmed),
    ):
        assert "Tamunya belum bayar" in said(decide(kept.thread, event, context()))


def test_of_work_of_staff_the_card_is_the_answer() -> None:
    chore = replace(MASSAGE, kind=TaskKind.CHORE)
    assert decide(asked(), stepped(JobStep.ACCEPT, job=chore), context()).effects == ()
    again = decide(asked(), stepped(JobStep.ACCEPT, TaskRefusal.OFFER_YOURS, chore), context())
    assert "kakak yang kerjakan" in said(again)


@pytest.mark.parametrize(
    ("step", "refusal", "word"),
    [
        (JobStep.ACCEPT, TaskRefusal.OFFER_LOST, "Sudah diambil yang lain"),
        (JobStep.ACCEPT, TaskRefusal.OFFER_DECLINED, "sudah bilang tidak"),
        (JobStep.ACCEPT, TaskRefusal.OFFER_BUSY, "sudah ada jadwal lain"),
        (JobStep.ACCEPT, TaskRefusal.OFFER_OVER, "sudah tidak dibuka lagi"),
        (JobStep.DECLINE, TaskRefusal.OFFER_OVER, "sudah tidak dibuka lagi"),
        (JobStep.DECLINE, TaskRefusal.OFFER_LOST, "Sudah diambil yang lain"),
        (JobStep.DECLINE, None, "Kami tanya yang lain"),
        (JobStep.DECLINE, TaskRefusal.OFFER_DECLINED, "Kami tanya yang lain"),
        (JobStep.ACCEPT, TaskRefusal.NO_SUCH_TASK, "tidak ada di daftar kakak"),
        (JobStep.DROP, None, "tidak jadi kakak kerjakan"),
        (JobStep.DROP, TaskRefusal.STARTED, "sudah dimulai"),
        (JobStep.DROP, TaskRefusal.OFFER_DECLINED, "sudah bilang tidak"),
    ],
)
def test_each_answer_is_answered_and_is_the_last_word(step: JobStep, refusal: TaskRefusal | None, word: str) -> None:
    decided = decide(asked(), stepped(step, refusal), context())
    assert word in said(decided)
    assert told(JobNews.OFFER_LOST, partner=decided.thread).effects == ()


def test_what_is_theirs_is_given_back_by_two_taps() -> None:
    sure = decide(a_partner(), tapped(words.step_tap(JobStep.DROP) + TASK), context())
    (effect,) = sure.effects
    assert isinstance(effect.command, SendButtons)
    yes, no = effect.command.buttons
    assert orders(decide(sure.thread, tapped(yes.id), context())) == [StepJob(KETUT, TASK, JobStep.DROP)]
    assert orders(decide(sure.thread, tapped(no.id), context())) == []
