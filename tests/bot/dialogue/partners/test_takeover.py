"""Staff take a partner's thread: the bot is silent there, taps are done all the same, and news of their work waits."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.partners.decide import decide
from bot.dialogue.partners.takeover import IDLE
from bot.domain.alarms import AlarmReason
from bot.domain.commands import Author, Lane, SendText
from bot.domain.events import AgentReleased, AgentTookOver, AgentWrote, StaffEchoed, TimerFired
from bot.domain.ids import AgentId, EventId
from bot.domain.job import JobNews, JobStep
from bot.domain.outcome import Withdraw
from bot.domain.partner import Partner, PartnerAsk, PartnerQuestion
from bot.domain.partner_events import GuestWrote, JobTold, SpokeAsGuest
from bot.domain.partner_orders import FindJobs, StepJob
from bot.replies import jobs as words
from bot.store.shapes import pack_partner, unpack_partner
from tests.bot.dialogue.partners.makers import KETUT, a_partner, said, tapped, wrote
from tests.bot.dialogue.partners.test_jobs import MASSAGE, TASK
from tests.bot.makers import NOW, context

RINA = AgentId("rina")
IDLE_AFTER = timedelta(hours=context().business.sop.handback_hours)


def taken(partner: Partner | None = None) -> Partner:
    return decide(partner or a_partner(), AgentTookOver(EventId("takeover:1"), NOW, RINA), context()).thread


def test_who_takes_it_has_it_and_each_change_of_who_may_speak_is_counted() -> None:
    question = PartnerQuestion(PartnerAsk.TROUBLE, TASK, NOW)
    alarmed = replace(a_partner(), question=question).alarmed(AlarmReason.DELIVERY_FAILED, NOW)
    decided = decide(alarmed, AgentTookOver(EventId("takeover:1"), NOW, RINA), context())
    partner = decided.thread
    assert (decided.withdraw, partner.agent, partner.epoch, partner.is_with_agent) == (Withdraw.BOT_CHAT, RINA, 1, True)
    assert (partner.question, partner.alarms, partner.timers[IDLE]) == (None, (), NOW + IDLE_AFTER)
    assert unpack_partner(pack_partner(partner)) == partner
    back = decide(partner, AgentReleased(EventId("release:1"), NOW, RINA), context())
    assert (back.withdraw, back.thread.epoch, back.thread.is_with_agent) == (Withdraw.HAND_BACK, 2, False)
    assert IDLE not in back.thread.timers
    # given back already
    again = decide(back.thread, AgentReleased(EventId("release:2"), NOW, RINA), context())
    assert (again.withdraw, again.thread) == (Withdraw.NOTHING, back.thread)


def test_after_half_a_day_without_a_word_the_bot_has_it_again() -> None:
    later = NOW + timedelta(hours=3)
    spoke = decide(taken(), StaffEchoed(EventId("e"), later, AgentId("whatsapp-app")), context()).thread
    assert (spoke.epoch, spoke.timers[IDLE]) == (1, later + IDLE_AFTER)
    # the timer as it was before that word
    early = decide(spoke, TimerFired(EventId("t"), NOW + IDLE_AFTER, IDLE, NOW + IDLE_AFTER), context()).thread
    assert early.is_with_agent
    due = spoke.timers[IDLE]
    assert not decide(spoke, TimerFired(EventId("t"), due, IDLE, due), context()).thread.is_with_agent


@pytest.mark.parametrize("text", ["halo", "pekerjaan saya", "gerbang terkunci"])
def test_words_are_that_persons_to_answer(text: str) -> None:
    heard = decide(taken(), wrote(text), context())
    assert heard.effects == ()
    assert heard.thread.last_inbound_at == NOW
    assert heard.thread.consent is taken().consent


def test_a_tap_is_done_all_the_same() -> None:
    done = decide(taken(), tapped(words.step_tap(JobStep.DONE) + TASK), context())
    assert [effect.command for effect in done.effects] == [StepJob(KETUT, TASK, JobStep.DONE)]


def test_what_they_have_to_know_waits_as_a_fact_and_an_offer_goes_to_others() -> None:
    (card,) = decide(taken(), JobTold(EventId("e"), NOW, JobNews.GIVEN, MASSAGE), context()).effects
    assert (card.draft, card.is_fact, card.epoch) == (True, True, 1)
    offered = replace(MASSAGE, offer=1, answer_by=NOW + timedelta(hours=1))
    effects = decide(taken(), JobTold(EventId("e"), NOW, JobNews.OFFERED, offered), context()).effects
    assert [effect.command for effect in effects] == [StepJob(KETUT, TASK, JobStep.UNSENT, offer=1)]


def test_what_guests_write_and_what_was_held_back_waits_for_their_next_word_to_the_bot() -> None:
    held = taken().holding("house:by-hand-1:1").alarmed(AlarmReason.PARTNER_NOT_TOLD, NOW, TASK)
    asked = decide(held, GuestWrote(EventId("e"), NOW, MASSAGE, "The gate is open"), context())
    assert (asked.effects, [letter.words for letter in asked.thread.letters]) == ((), ["The gate is open"])
    for event in (wrote("halo"), SpokeAsGuest(EventId("g"), NOW)):
        heard = decide(asked.thread, event, context())
        assert heard.effects == ()
        assert (heard.thread.letters, heard.thread.held) == (asked.thread.letters, held.held)
        assert heard.thread.alarms == held.alarms
    back = decide(asked.thread, AgentReleased(EventId("release:1"), NOW, RINA), context()).thread
    said_now = decide(back, wrote("halo"), context())
    assert "The gate is open" in said(said_now)
    assert FindJobs(KETUT) in [effect.command for effect in said_now.effects]


def test_a_persons_words_go_out_once_and_who_writes_has_it() -> None:
    wrote_to = decide(a_partner(), AgentWrote(EventId("internal:agent_wrote:1"), NOW, RINA, "Halo Ketut"), context())
    (effect,) = wrote_to.effects
    assert (effect.command, effect.author, effect.draft) == (SendText("Halo Ketut"), Author.AGENT, False)
    assert (effect.lane, wrote_to.thread.agent, wrote_to.withdraw) == (Lane.CHAT, RINA, Withdraw.BOT_CHAT)
