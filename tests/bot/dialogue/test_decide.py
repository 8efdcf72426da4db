"""`decide` never raises, names the same effects each time, and lets nobody speak out of turn."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.whatsapp import render
from bot.dialogue import takeover
from bot.dialogue.decide import decide
from bot.domain.account_question import AccountQuestion, Asking
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.commands import Author, Effect, Lane, Repeat, SendButtons, SendText, UnknownCommand
from bot.domain.contents import Content, FormSent, Location, Media, Other, Reaction, Tap, Text
from bot.domain.events import (
    AddressChanged,
    AgentReleased,
    AgentTookOver,
    AgentWrote,
    BotStumbled,
    EffectFailed,
    Event,
    LeadsMerged,
    TimerFired,
    merge_event_id,
    timer_event_id,
)
from bot.domain.ids import AgentId, BookingReference, EffectId, EventId, LeadId
from bot.domain.lead import Address, Lead
from bot.domain.money_news import CreditNewsCame, RefundNewsCame
from bot.domain.outcome import Decision, Withdraw
from bot.domain.states import Dispute, Mode, PaymentStatus, State
from bot.replies.words import say, spoken_with
from bot.store.shapes import pack_lead, pack_order, unpack_lead, unpack_order
from intents.understanding import Confidence, ExpectedAnswer, Intent, Language
from payments.domain.money import Money
from payments.domain.news import CreditNews, RefundNews
from payments.domain.refund import RefundState
from tests.bot.makers import HERE, NOW, a_lead, context, meaning, with_agent, wrote

IDLE_TIMER = str(takeover.IDLE_TIMER)
IDLE_AFTER = takeover.idle_after(context())
AGENT = AgentId("ayu")


def told(lead: Lead, event: Event) -> Decision:
    return decide(lead, event, context())


def chat(decision: Decision) -> list[Effect]:
    return [effect for effect in decision.effects if effect.lane is Lane.CHAT]


def said(decision: Decision) -> list[str]:
    bodies = (effect.command for effect in chat(decision) if not effect.draft)
    return [order.body for order in bodies if isinstance(order, SendText | SendButtons)]


@pytest.mark.parametrize("language", Language)
def test_a_greeting_is_answered_in_the_customers_language(language: Language) -> None:
    decision = told(a_lead(), wrote(meaning(Intent.GREETING, language)))
    assert said(decision)[0].startswith(say("talk.greeting", language, name="", business="x", offers="").split("!")[0])
    assert decision.lead.language == language
    assert decision.lead.conversation.greeted


def test_the_second_greeting_is_shorter() -> None:
    (again,) = said(told(a_lead(greeted=True), wrote(meaning(Intent.GREETING))))
    with spoken_with(context().business.words):
        assert again == say("talk.greeting_again", Language.EN, name="")


def test_a_name_too_long_to_be_said_is_left_out() -> None:
    decision = told(replace(a_lead(), name="x " * 4000), wrote(meaning(Intent.GREETING)))
    assert len(said(decision)[0]) < 1024


@pytest.mark.parametrize("language", Language)
def test_a_language_is_chosen_by_word_and_by_tap(language: Language) -> None:
    by_word = told(a_lead(), wrote(meaning(Intent.CHANGE_LANGUAGE, wanted=language)))
    by_tap = told(a_lead(), wrote(meaning(Intent.OOS), Tap(f"lang:{language.value}", "x")))
    assert said(by_word) == said(by_tap) == [say("talk.language_set", language)]
    assert by_tap.lead.conversation.language_chosen


def test_a_chosen_language_is_not_changed_by_one_message() -> None:
    lead = a_lead(language=Language.VI, language_chosen=True)
    assert told(lead, wrote(meaning(Intent.GREETING, Language.EN))).lead.language == Language.VI


def test_asking_for_a_person_hands_over_once_and_silences_the_bot() -> None:
    first = told(a_lead(), wrote(meaning(Intent.TALK_HUMAN)))
    assert said(first) == [say("talk.handed_over", Language.EN)]
    assert first.lead.is_with_agent
    assert first.withdraw is Withdraw.BOT_CHAT
    assert first.lead.timers[IDLE_TIMER] == NOW + IDLE_AFTER
    assert chat(told(first.lead, wrote(meaning(Intent.TALK_HUMAN), event="m2"))) == []


def test_the_third_misunderstanding_calls_a_person() -> None:
    lead, unclear = a_lead(), meaning(Intent.OOS, sure=Confidence.ASK_BACK)
    answers = []
    for number in range(3):
        decision = told(lead, wrote(unclear, event=f"m{number}"))
        lead = decision.lead
        answers += said(decision)
    assert answers == [
        say(key, Language.EN) for key in ("talk.not_understood", "talk.choose_instead", "talk.person_called")
    ]
    assert lead.is_with_agent
    assert lead.conversation.misunderstood == 0


def test_stop_is_confirmed_once_and_remembered() -> None:
    decision = told(a_lead(), wrote(meaning(Intent.OPT_OUT)))
    assert said(decision) == [say("talk.opted_out", Language.EN)]
    assert decision.lead.conversation.opted_out


@pytest.mark.parametrize(("hours", "answers"), [(1, 0), (23, 0), (24, 1), (48, 1)])
def test_silence_is_recalled_at_most_once_a_day(hours: int, answers: int) -> None:
    lead = a_lead(opted_out=True, reminded_of_opt_out_at=NOW)
    event = wrote(meaning(Intent.GREETING), at=NOW + timedelta(hours=hours))
    assert said(told(lead, event)) == [say("talk.still_opted_out", Language.EN)] * answers


def test_start_ends_the_silence() -> None:
    decision = told(a_lead(opted_out=True), wrote(meaning(Intent.OPT_IN)))
    assert said(decision) == [say("talk.opted_in", Language.EN)]
    assert not decision.lead.conversation.opted_out


@pytest.mark.parametrize("content", [Reaction("w", "👍"), Reaction("w", None), Other("revoke")])
def test_a_reaction_and_a_message_taken_back_are_answered_with_nothing(content: Content) -> None:
    decision = told(a_lead(), wrote(meaning(Intent.OOS, sure=Confidence.ASK_BACK), content))
    assert decision.effects == ()
    assert decision.lead.conversation.last_inbound_at == NOW


def test_words_under_a_picture_are_answered_and_the_picture_goes_to_a_person() -> None:
    decision = told(a_lead(), wrote(meaning(Intent.THANKS), Media("image", "1", "image/jpeg", caption="thanks")))
    assert said(decision) == [say("talk.thanks", Language.EN)]
    assert decision.lead.waits_for_person


def test_a_voice_note_that_was_written_down_is_answered_like_words() -> None:
    note = Media("audio", "1", "audio/ogg", transcript="thank you")
    decision = told(a_lead(), wrote(meaning(Intent.THANKS), note))
    assert said(decision) == [say("talk.thanks", Language.EN)]
    assert not decision.lead.waits_for_person


@pytest.mark.parametrize(
    ("content", "key", "waits"),
    [
        (Media("image", "1", "image/jpeg"), "talk.cannot_see", True),
        (Location(-8.6, 115.1), "talk.passed_on", True),
        (Other("unsupported"), "talk.cannot_read", False),
    ],
)
def test_what_the_bot_cannot_read_is_said_and_shown_to_a_person(content: Content, key: str, waits: bool) -> None:
    decision = told(a_lead(), wrote(meaning(Intent.OOS, sure=Confidence.ASK_BACK), content, Reaction("w", "🙏")))
    assert said(decision) == [say(key, Language.EN)]
    assert decision.lead.waits_for_person is waits


@pytest.mark.parametrize("intent", Intent)
def test_in_mode_agent_the_bot_only_drafts(intent: Intent) -> None:
    decision = told(with_agent(), wrote(meaning(intent)))
    assert all(effect.draft for effect in chat(decision))
    assert decision.lead.conversation.mode is Mode.AGENT
    assert decision.lead.conversation.epoch == 1


def test_a_takeover_grows_the_epoch_and_takes_the_bots_words_back() -> None:
    decision = told(a_lead(), AgentTookOver(EventId("t"), NOW, AGENT))
    assert (decision.lead.conversation.epoch, decision.withdraw) == (1, Withdraw.BOT_CHAT)
    assert chat(decision) == []


def test_a_persons_words_go_out_once_under_the_new_epoch() -> None:
    (effect,) = chat(told(a_lead(), AgentWrote(EventId("w"), NOW, AGENT, "Halo")))
    assert (effect.author, effect.repeat, effect.epoch, effect.draft) == (Author.AGENT, Repeat.ONCE, 1, False)


def test_hand_back_answers_anew_what_nobody_answered() -> None:
    overheard = told(with_agent(), wrote(meaning(Intent.HELP))).lead
    decision = told(overheard, AgentReleased(EventId("r"), NOW, AGENT))
    assert len(said(decision)) == 1
    assert (decision.withdraw, decision.lead.conversation.mode) == (Withdraw.HAND_BACK, Mode.BOT)
    assert chat(decision)[0].epoch == decision.lead.conversation.epoch == 2


def test_twelve_silent_hours_give_the_conversation_back() -> None:
    due = NOW + IDLE_AFTER
    lead = with_agent().with_timer(IDLE_TIMER, due)
    decision = told(lead, TimerFired(timer_event_id(IDLE_TIMER, due), due, IDLE_TIMER, due))
    assert said(decision) == [say("talk.nobody_came", Language.EN)]
    assert not decision.lead.is_with_agent
    assert decision.lead.timers == {}


def test_a_timer_that_was_moved_changes_nothing() -> None:
    lead = with_agent().with_timer(IDLE_TIMER, NOW + IDLE_AFTER)
    decision = told(lead, TimerFired(EventId("timer"), NOW, IDLE_TIMER, NOW))
    assert decision == Decision(lead, business=context().business.version)


def test_a_merge_keeps_the_stricter_of_everything() -> None:
    younger = replace(with_agent(opted_out=True), id=LeadId("lead-2"), address=Address(user_id="ID.2"))
    decision = told(a_lead(epoch=4), LeadsMerged(merge_event_id(younger.id), NOW, younger))
    talk = decision.lead.conversation
    assert (talk.mode, talk.epoch, talk.opted_out) == (Mode.AGENT, 5, True)
    assert decision.lead.address == Address("6281234567890", "ID.2")
    assert decision.lead.id == "lead-1"


def test_a_merge_keeps_what_either_remembers_of_money_that_went_back() -> None:
    older = replace(a_lead(), goodwill_counts=(("BK-1", 1),)).having_told_back("BK-1~C1", 40_000)
    younger = replace(a_lead(), id=LeadId("lead-2"), goodwill_counts=(("BK-2", 2),)).having_told_back("BK-2~C1", 5)
    lead = told(older, LeadsMerged(merge_event_id(younger.id), NOW, younger)).lead
    assert dict(lead.goodwill_counts) == {"BK-1": 1, "BK-2": 2}
    assert dict(lead.told_back) == {"BK-1~C1": 40_000, "BK-2~C1": 5}


def test_a_failed_message_is_shown_to_a_person() -> None:
    decision = told(a_lead(), EffectFailed(EventId("f"), NOW, EffectId("e"), "send_text", "unreachable", 131026))
    assert decision.lead.waits_for_person
    assert [effect.lane for effect in decision.effects] == [Lane.RECORD]


@pytest.mark.parametrize(("lead", "words"), [(a_lead(), 1), (with_agent(), 0), (a_lead(opted_out=True), 0)])
def test_a_stumble_calls_a_person_and_tells_only_who_may_be_told(lead: Lead, words: int) -> None:
    decision = told(lead, BotStumbled(EventId("s"), NOW, "d", "KeyError"))
    assert decision.lead.waits_for_person
    assert len(said(decision)) == words


# Laws --------------------------------------------------------------------------------------------------------------

MOMENTS = st.integers(-400, 400).map(lambda hours: NOW + timedelta(hours=hours))
WORDS = st.text(st.characters(codec="utf-8"), max_size=40)
MEANINGS = st.builds(
    meaning,
    st.sampled_from(Intent),
    st.sampled_from(Language),
    sure=st.sampled_from(Confidence),
    wanted=st.none() | st.sampled_from(Language),
)
SLOTS = st.builds(OfferedSlot, WORDS, MOMENTS, MOMENTS)
BOOKINGS = st.builds(
    Booking,
    reference=st.sampled_from(["B1", "B2", "B3"]).map(BookingReference),
    state=st.sampled_from(State),
    previous_state=st.none() | st.sampled_from(State),
    service=st.none() | WORDS,
    guests=st.none() | st.integers(1, 9),
    offered=st.lists(SLOTS, max_size=3).map(tuple),
    chosen=st.none() | SLOTS,
    payment_status=st.sampled_from(PaymentStatus),
    dispute=st.sampled_from(Dispute),
    pay_by=st.none() | MOMENTS,
)


QUESTIONS = st.builds(
    AccountQuestion,
    refund=st.just("rf-1"),
    reference=WORDS,
    amount=st.builds(Money, st.integers(1, 10**9), st.sampled_from(["IDR", "PHP", "VND"])),
    asking=st.sampled_from(Asking),
    channel=st.sampled_from([None, "ID_BCA", "ID_OVO", "PH_BDO", "gone"]),
    number=st.sampled_from([None, "1234567890"]),
    holder=st.none() | WORDS,
    wrong=st.integers(0, 3),
)
ACCOUNT_TAPS = ("acct:ID_BCA", "acct:gone", "acctyes:rf-1", "acctyes:", "acctno:rf-1")
ANSWERS = ("BCA", "bca 1234567890", "0812345678901", "Budi Santoso", "yes")


@st.composite
def leads(draw: st.DrawFn) -> Lead:
    lead = a_lead(
        mode=draw(st.sampled_from(Mode)),
        epoch=draw(st.integers(0, 9)),
        agent=draw(st.none() | st.just(AGENT)),
        language=draw(st.none() | st.sampled_from(Language)),
        expecting=draw(st.sampled_from(ExpectedAnswer)),
        misunderstood=draw(st.integers(0, 4)),
        greeted=draw(st.booleans()),
        opted_out=draw(st.booleans()),
        reminded_of_opt_out_at=draw(st.none() | MOMENTS),
        last_inbound_at=draw(st.none() | MOMENTS),
        unanswered=draw(st.none() | MEANINGS),
    )
    names = st.sampled_from([IDLE_TIMER, "other"])
    return replace(
        lead,
        name=draw(st.none() | WORDS),
        bookings=draw(st.lists(BOOKINGS, max_size=2, unique_by=lambda one: one.reference).map(tuple)),
        timers=draw(st.dictionaries(names, MOMENTS, max_size=2)),
        account_questions=draw(st.lists(QUESTIONS, max_size=2).map(tuple)),
    )


CONTENTS = st.one_of(
    st.builds(Text, WORDS | st.sampled_from(ANSWERS)),
    st.builds(Tap, WORDS | st.sampled_from(ACCOUNT_TAPS), WORDS),
    st.builds(Tap, WORDS | st.sampled_from(["help", "language", "person", "start", "lang:vi", "lang:xx"]), WORDS),
    st.builds(FormSent, WORDS),
    st.builds(Media, WORDS, WORDS, WORDS, st.none() | WORDS),
    st.builds(Location, st.floats(allow_nan=False), st.floats(allow_nan=False)),
    st.builds(Reaction, WORDS, st.none() | WORDS),
    st.builds(Other, WORDS),
)
IDS = WORDS.map(EventId)
REFUNDS = st.builds(
    RefundNews,
    refund=st.sampled_from(["rf-1", "rf-2"]),
    revision=st.integers(1, 9),
    reference=st.just("BK-1~2"),
    state=st.sampled_from(RefundState),
    amount=st.builds(Money, st.integers(1, 10**9), st.sampled_from(["IDR", "VND"])),
    reason=st.sampled_from([None, "INVALID_DESTINATION"]),
)
CREDITS = st.builds(
    CreditNews,
    credit=st.sampled_from(["BK-1~credit", "BK-9~credit"]),
    revision=st.integers(1, 9),
    amount=st.just(Money(100_000, "IDR")),
    until=MOMENTS,
    uses=st.lists(st.tuples(st.just("BK-1"), st.just(Money(40_000, "IDR"))), max_size=1).map(tuple),
    returned=st.builds(Money, st.integers(0, 100_000), st.just("IDR")),
    expired=st.builds(Money, st.integers(0, 60_000), st.just("IDR")),
)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(lambda m, cs, at: wrote(m, *cs, at=at), MEANINGS, st.lists(CONTENTS, max_size=3), MOMENTS),
    st.builds(TimerFired, IDS, MOMENTS, st.sampled_from([IDLE_TIMER, "other"]), MOMENTS),
    st.builds(AgentTookOver, IDS, MOMENTS, st.just(AGENT)),
    st.builds(AgentReleased, IDS, MOMENTS, st.just(AGENT)),
    st.builds(AgentWrote, IDS, MOMENTS, st.just(AGENT), WORDS),
    st.builds(EffectFailed, IDS, MOMENTS, WORDS.map(EffectId), WORDS, WORDS, st.none() | st.integers()),
    st.builds(BotStumbled, IDS, MOMENTS, WORDS, WORDS),
    st.builds(LeadsMerged, IDS, MOMENTS, leads()),
    st.builds(RefundNewsCame, IDS, MOMENTS, REFUNDS),
    st.builds(CreditNewsCame, IDS, MOMENTS, CREDITS),
    st.builds(AddressChanged, IDS, MOMENTS, st.builds(Address, st.none() | WORDS, st.none() | WORDS)),
)


@given(leads(), EVENTS)
def test_any_event_of_any_lead_is_decided_the_same_each_time(lead: Lead, event: Event) -> None:
    first = told(lead, event)
    assert told(lead, event) == first
    assert [effect.id for effect in first.effects] == [f"{event.id}:{n}" for n in range(len(first.effects))]
    assert first.lead.conversation.epoch >= lead.conversation.epoch
    assert {effect.epoch for effect in first.effects} <= {first.lead.conversation.epoch}


@given(leads(), EVENTS)
def test_no_words_of_the_bot_leave_while_a_person_was_already_in_charge(lead: Lead, event: Event) -> None:
    decision = told(lead, event)
    if lead.is_with_agent and decision.lead.is_with_agent:
        assert [effect for effect in chat(decision) if effect.author is Author.BOT and not effect.draft] == []


@given(leads(), EVENTS)
def test_what_is_decided_can_be_sent_and_stored(lead: Lead, event: Event) -> None:
    decision = told(lead, event)
    assert unpack_lead(pack_lead(decision.lead)) == decision.lead
    for effect in decision.effects:
        assert unpack_order(pack_order(effect.command), "x", Lane.CHAT) == effect.command
        if isinstance(effect.command, SendButtons):
            assert render.message(effect.command, HERE, "x")


@given(leads())
def test_a_stored_lead_comes_back_as_it_was(lead: Lead) -> None:
    assert unpack_lead(pack_lead(lead)) == lead


def test_an_order_of_another_version_is_found_and_not_guessed() -> None:
    packed = b'{"kind":"sing","tune":"x"}'
    found = unpack_order(packed, "sing", Lane.MONEY)
    assert found == UnknownCommand("sing", Lane.MONEY, packed)
    assert pack_order(found) == packed
