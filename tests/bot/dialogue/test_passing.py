"""A provider's words reach the guest through us, and the other way, while the job is on; nothing by accident."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.decide import decide
from bot.dialogue.passing import AFTER_THE_END, ANSWERED_WITHIN
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.commands import SendButtons
from bot.domain.contents import Tap, Text
from bot.domain.events import CustomerWrote
from bot.domain.ids import BookingReference, EventId
from bot.domain.lead import Lead
from bot.domain.outcome import Decision
from bot.domain.passing import PassToProvider, ProviderWrote, SpokeAsPartner, WordsNotPassed
from bot.domain.states import State
from bot.replies.passing import ANSWER_TAP
from bot.replies.plain_text import as_text
from bot.store.shapes import pack_lead, unpack_lead
from intents.understanding import Intent
from tests.bot.makers import NOW, a_lead, context, meaning, with_agent, wrote

REFERENCE = BookingReference("BK-1")
TASK = "BK-1:service:1"
SLOT = OfferedSlot("s", NOW, NOW + timedelta(hours=1), "ayu", "villa-padi")
MASSAGE = Booking(REFERENCE, State.CONFIRMED, service="balinese-massage", guests=2, chosen=SLOT, plan_no=1)
THERE = {"last_inbound_at": NOW, "greeted": True}


def guest(**talk: object) -> Lead:
    return a_lead(**{**THERE, **talk}).with_booking(MASSAGE)  # type: ignore[arg-type]


def provider_wrote(words: str = "I am at the gate") -> ProviderWrote:
    return ProviderWrote(EventId("internal:provider_words:1"), NOW, REFERENCE, TASK, "ayu", words)


def tapped(event: str = "t1") -> CustomerWrote:
    return wrote(meaning(Intent.OOS), Tap(f"{ANSWER_TAP}{TASK}", "Answer"), event=event)


def words(body: str, intent: Intent = Intent.OOS, event: str = "w1", **more: object) -> CustomerWrote:
    return replace(wrote(meaning(intent), Text(body), event=event), **more)  # type: ignore[arg-type]


def said(decision: Decision) -> str:
    return "\n".join(
        as_text(effect.command)  # type: ignore[arg-type]
        for effect in decision.effects
        if effect.lane == "chat" and not effect.draft
    )


def passed(decision: Decision) -> list[str]:
    return [effect.command.words for effect in decision.effects if isinstance(effect.command, PassToProvider)]


@pytest.mark.parametrize(
    ("language", "sentence", "question", "noted"),
    [
        ("en", "writes to you about", "What should", "I pass it on to"),
        ("id", "menulis soal", "Mau sampaikan apa", "Aku teruskan ke"),
        ("vi", "nhắn cho bạn về", "Bạn muốn nhắn gì", "Mình chuyển lời cho"),
    ],
)
def test_the_providers_words_come_with_their_name_and_are_answered_by_the_button(
    language: str, sentence: str, question: str, noted: str
) -> None:
    lead = guest(language=language, language_settled=True)
    decision = decide(lead, provider_wrote(), context())
    provider = context().business.provider("ayu")
    assert provider is not None
    (effect,) = decision.effects
    assert isinstance(effect.command, SendButtons)
    for wanted in (provider.name.say(language), sentence, "I am at the gate"):
        assert wanted in effect.command.body
    assert [button.id for button in effect.command.buttons] == [f"{ANSWER_TAP}{TASK}"]
    asked = decide(decision.lead, tapped(), context())
    assert question in said(asked)
    assert unpack_lead(pack_lead(asked.lead)) == asked.lead
    told = decide(asked.lead, words("Gate code 4021, call 0812-3456-7890"), context())
    assert passed(told) == ["Gate code 4021, call •••"]
    assert noted in said(told)
    assert told.lead.writing_to is None
    assert passed(decide(told.lead, words("thanks", event="w2"), context())) == [], "the next words alone"


def test_words_without_the_button_are_never_passed_on() -> None:
    decision = decide(decide(guest(), provider_wrote(), context()).lead, words("who are you?"), context())
    assert passed(decision) == []
    late = words("I am late", at=NOW + ANSWERED_WITHIN + timedelta(minutes=1))
    assert passed(decide(decide(guest(), tapped(), context()).lead, late, context())) == []


@pytest.mark.parametrize("intent", [Intent.CANCEL, Intent.RESCHEDULE, Intent.TALK_HUMAN])
def test_what_only_the_house_can_do_is_heard_by_the_house(intent: Intent) -> None:
    asked = decide(guest(), tapped(), context()).lead
    decision = decide(asked, words("do it", intent), context())
    assert passed(decision) == []
    assert decision.lead.writing_to is None


def test_outside_the_guests_24_hours_a_person_has_the_words_and_is_called() -> None:
    for lead in (guest(last_inbound_at=NOW - timedelta(hours=25)), guest(opted_out=True)):
        decision = decide(lead, provider_wrote(), context())
        (effect,) = [one for one in decision.effects if one.lane == "chat"]
        assert effect.draft
        assert "I am at the gate" in as_text(effect.command)  # type: ignore[arg-type]
        assert [(alarm.reason, alarm.subject) for alarm in decision.lead.alarms] == [(AlarmReason.WORDS_WAIT, TASK)]


def test_while_a_person_has_the_conversation_both_ways_go_to_them() -> None:
    lead = with_agent(**THERE).with_booking(MASSAGE)  # type: ignore[arg-type]
    decision = decide(lead, provider_wrote(), context())
    (effect,) = [one for one in decision.effects if one.lane == "chat"]
    assert effect.draft
    assert effect.is_fact, "kept until the person has sent it"
    assert {alarm.reason for alarm in decision.lead.alarms} == {AlarmReason.DRAFTS_WAIT}
    waiting = replace(lead, writing_to=decide(guest(), tapped(), context()).lead.writing_to)
    told = decide(waiting, words("Gate code 4021"), context())
    assert passed(told) == []
    assert not [one for one in told.effects if one.lane == "chat"], "no draft says that it was passed on"


def test_with_the_job_it_ends() -> None:
    at = SLOT.end + AFTER_THE_END
    over = replace(tapped(), at=at)
    decision = decide(guest(), over, replace(context(), now=at))
    assert "That visit is over" in said(decision)
    asked = decide(guest(), tapped(), context()).lead
    cancelled = replace(asked, bookings=())
    told = decide(cancelled, words("I am late"), context())
    assert (passed(told), "That visit is over" in said(told)) == ([], True)
    assert not decide(cancelled, provider_wrote(), context()).effects


def test_words_that_find_nobody_call_a_person() -> None:
    decision = decide(guest(), WordsNotPassed(EventId("e"), NOW, REFERENCE, TASK), context())
    assert [(alarm.reason, alarm.subject) for alarm in decision.lead.alarms] == [(AlarmReason.WORDS_WAIT, TASK)]


def test_a_word_as_a_partner_opens_the_customers_window_and_only_ever_on() -> None:
    lead = guest(last_inbound_at=NOW - timedelta(hours=30))
    event = SpokeAsPartner(EventId("e"), NOW)
    opened = decide(lead, event, context())
    assert opened.lead.last_inbound_at == NOW
    assert not opened.effects
    ahead = guest(last_inbound_at=NOW + timedelta(minutes=1))
    assert decide(ahead, event, context()).lead.last_inbound_at == NOW + timedelta(minutes=1)
