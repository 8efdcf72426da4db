"""A refund that needs an account: asked step by step, read back by its end, sent on an explicit yes only."""

from dataclasses import replace

import pytest

from bot.domain.account_question import AccountQuestion, Asking
from bot.domain.alarms import AlarmReason
from bot.domain.commands import Effect, RecordAudit, SendButtons, SendList
from bot.domain.contents import Tap, Text
from bot.domain.events import AgentTookOver
from bot.domain.ids import AgentId, EventId
from bot.domain.lead import Lead
from bot.domain.money_news import RefundNewsCame
from bot.domain.money_orders import SendRefundTo
from bot.domain.outcome import Decision
from bot.domain.states import Mode, State
from bot.replies import account as words
from bot.store.shapes import pack_lead, unpack_lead
from intents.understanding import Confidence, Intent, Language
from payments.domain.ids import RefundId
from payments.domain.money import Money
from payments.domain.news import RefundNews
from payments.domain.refund import RefundState
from tests.bot.makers import NOW, meaning, wrote
from tests.bot.paying import a_booking, a_customer, body, chat, money, told

PRICE = Money(350_000, "IDR")
NUMBER, HOLDER = "9988776655", "Budi Santoso"


def needs(refund: str = "rf-1", reason: str | None = None, change: int = 1) -> RefundNewsCame:
    news = RefundNews(RefundId(refund), change, f"BK-{refund}", RefundState.NEEDS_ACCOUNT, PRICE, reason)
    return RefundNewsCame(EventId(f"refund-{refund}-{change}"), NOW, news)


def asked(language: Language = Language.EN) -> Lead:
    return told(a_customer(language=language), needs()).lead


def says(lead: Lead, text: str, intent: Intent = Intent.OOS, sure: Confidence = Confidence.ASK_BACK) -> Decision:
    event = f"m-{text}-{lead.account_questions}-{lead.conversation.epoch}"
    return told(lead, wrote(meaning(intent, Language(lead.language), sure=sure), Text(text), event=event))


def taps(lead: Lead, button: str) -> Decision:
    return told(lead, wrote(meaning(Intent.OOS, Language(lead.language)), Tap(button, "x"), event=f"tap-{button}"))


def named(lead: Lead) -> Lead:
    """All is said; the explicit yes is missing."""
    for text in ("BCA", NUMBER, HOLDER):
        lead = says(lead, text).lead
    return lead


def the_question(lead: Lead) -> AccountQuestion:
    (one,) = lead.account_questions
    return one


def only(decision: Decision) -> Effect:
    (effect,) = chat(decision)
    return effect


@pytest.mark.parametrize("language", Language)
def test_the_question_lists_the_banks_and_names_the_sum(language: Language) -> None:
    said = only(told(a_customer(language=language), needs())).command
    assert isinstance(said, SendList)
    assert "350" in said.body
    assert [row.title for row in said.rows][:2] == ["BCA", "Mandiri"]
    assert said.outside is not None
    assert said.outside.name == "janji_refund_account"


@pytest.mark.parametrize("language", Language)
def test_the_account_is_read_back_by_its_end_and_nothing_is_sent_before_the_yes(language: Language) -> None:
    lead = asked(language)
    for text in ("BCA", NUMBER, HOLDER):
        decision = says(lead, text)
        assert money(decision) == []
        lead = decision.lead
    said = only(decision).command
    assert isinstance(said, SendButtons)
    assert HOLDER in said.body
    assert "••••6655" in said.body
    assert NUMBER not in said.body


def test_the_yes_sends_the_refund_there_and_the_question_is_gone() -> None:
    for decision in (
        taps(named(asked()), f"{words.YES_TAP}rf-1"),
        says(named(asked()), "yes", Intent.CONFIRM, Confidence.ACT),
    ):
        assert money(decision) == [SendRefundTo("rf-1", "ID_BCA", NUMBER, HOLDER)]
        assert decision.lead.account_questions == ()
        assert "••••6655" in body(only(decision))


def test_a_yes_of_another_refund_or_before_the_account_is_whole_sends_nothing() -> None:
    assert money(taps(named(asked()), f"{words.YES_TAP}rf-9")) == []
    assert money(taps(asked(), f"{words.YES_TAP}rf-1")) == []
    assert money(says(asked(), "yes", Intent.CONFIRM, Confidence.ACT)) == []
    unsure = says(named(asked()), "hm", Intent.CONFIRM, Confidence.ASK_BACK)
    assert money(unsure) == []


def test_while_a_booking_waits_for_a_yes_only_the_tap_counts() -> None:
    lead = named(asked()).with_booking(a_booking())
    assert lead.bookings[0].state is State.SLOT_PROPOSED
    assert not any(isinstance(one, SendRefundTo) for one in money(says(lead, "yes", Intent.CONFIRM, Confidence.ACT)))
    assert money(taps(lead, f"{words.YES_TAP}rf-1")) == [SendRefundTo("rf-1", "ID_BCA", NUMBER, HOLDER)]


def test_a_no_begins_anew() -> None:
    for decision in (
        taps(named(asked()), f"{words.NO_TAP}rf-1"),
        says(named(asked()), "no", Intent.REJECT, Confidence.ACT),
    ):
        assert the_question(decision.lead) == AccountQuestion("rf-1", "BK-rf-1", PRICE)
        assert isinstance(only(decision).command, SendList)


def test_bank_and_number_in_one_breath_are_both_taken() -> None:
    one = the_question(says(asked(), f"ke BCA saja {NUMBER}").lead)
    assert (one.asking, one.channel, one.number) == (Asking.HOLDER, "ID_BCA", NUMBER)
    tapped = the_question(taps(asked(), f"{words.CHANNEL_TAP}ID_OVO").lead)
    assert (tapped.asking, tapped.channel) == (Asking.NUMBER, "ID_OVO")


@pytest.mark.parametrize("before", [(), ("BCA",), ("BCA", NUMBER)])
def test_a_wrong_answer_is_asked_again_and_after_two_a_person_is_called(before: tuple[str, ...]) -> None:
    lead = asked()
    for text in before:
        lead = says(lead, text).lead
    first = says(lead, "123")
    assert the_question(first.lead).wrong == 1
    assert the_question(first.lead).asking is the_question(lead).asking
    assert len(chat(first)) == 1
    second = says(first.lead, "456")
    assert second.lead.account_questions == ()
    assert second.lead.is_with_agent
    recorded = [one.command.what for one in second.effects if isinstance(one.command, RecordAudit)]
    assert "refund_account_not_understood" in recorded
    # talked to, the customer has still named none
    taken = told(second.lead, AgentTookOver(EventId("take"), NOW, AgentId("rina")))
    assert [(alarm.reason, alarm.subject) for alarm in taken.lead.alarms] == [
        (AlarmReason.REFUND_NEEDS_ACCOUNT, the_question(lead).refund)
    ]


def test_a_greeting_is_neither_an_answer_nor_a_wrong_one() -> None:
    decision = says(asked(), "hello", Intent.GREETING, Confidence.ACT)
    assert the_question(decision.lead).wrong == 0
    assert isinstance(only(decision).command, SendList)


def test_what_is_about_something_else_is_answered_as_ever_and_the_question_stays() -> None:
    decision = says(asked(), "what does a massage cost?", Intent.ASK_PRICE, Confidence.ACT)
    assert the_question(decision.lead).wrong == 0
    assert not isinstance(only(decision).command, SendList) or "350" not in body(only(decision))


def test_a_bank_that_is_not_listed_is_a_persons() -> None:
    lead = says(asked(), "Bank of Nowhere").lead
    assert says(lead, "talk to a person", Intent.TALK_HUMAN, Confidence.ACT).lead.is_with_agent


def test_with_a_person_in_charge_nothing_moves_and_the_words_are_drafts() -> None:
    lead = named(asked())
    lead = replace(lead, conversation=replace(lead.conversation, mode=Mode.AGENT, epoch=1))
    decision = says(lead, "yes", Intent.CONFIRM, Confidence.ACT)
    assert money(decision) == []
    assert the_question(decision.lead) == the_question(lead)
    assert all(effect.draft for effect in chat(decision))
    fresh = told(replace(a_customer(), conversation=lead.conversation), needs())
    assert [effect.draft for effect in chat(fresh)] == [True]
    assert the_question(fresh.lead).asking is Asking.CHANNEL


def test_an_account_the_bank_refused_is_asked_for_again_in_other_words() -> None:
    decision = told(a_customer(), needs(reason="INVALID_DESTINATION", change=4))
    assert "did not take" in body(only(decision))


def test_two_refunds_are_asked_about_one_after_the_other_and_none_twice() -> None:
    lead = told(told(asked(), needs("rf-2")).lead, needs(change=2)).lead
    assert [one.refund for one in lead.account_questions] == ["rf-1", "rf-2"]
    decision = taps(named(lead), f"{words.YES_TAP}rf-1")
    assert [one.refund for one in decision.lead.account_questions] == ["rf-2"]
    assert len(chat(decision)) == 2
    assert "BK-rf-2" in body(chat(decision)[1])


def test_number_and_holder_are_stored_and_never_shown_by_repr() -> None:
    lead = named(asked())
    assert unpack_lead(pack_lead(lead)) == lead
    order = SendRefundTo("rf-1", "ID_BCA", NUMBER, HOLDER)
    assert NUMBER not in repr(lead) + repr(order)
    assert HOLDER not in repr(lead) + repr(order)
