"""Questions of the house: asked once, before times or before the time is booked, and never of who has answered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.context import Context
from bot.dialogue.decide import decide
from bot.dialogue.denials import DENIED
from bot.dialogue.house_questions import ANSWERED
from bot.domain.alarms import AlarmReason
from bot.domain.commands import BookSlot, SendText
from bot.domain.customer_fields import LONGEST_ANSWER, MOST_FIELDS, CustomerField, with_field
from bot.domain.events import AgentTookOver, LeadsMerged
from bot.domain.form_events import FormSubmitted
from bot.domain.ids import AgentId, EventId, LeadId
from bot.domain.inbox_events import AnswerNoted
from bot.domain.lead import Lead
from bot.domain.states import State
from bot.replies.booking import text_message
from bot.store.shapes import pack_lead, unpack_lead
from tests.bot.business.test_house_rules import read
from tests.bot.dialogue.test_house_rules import CALL, CHEF, Ruled, ruled
from tests.bot.makers import NOW, a_lead

QUESTION = "Any illness or allergy we should know of?"
FIRST = (
    "id: medical, when: { first_visit: true }, ask: medical-history, "
    f'text: {{ en: "{QUESTION}", id: "Ada penyakit atau alergi?", vi: "Bạn có bệnh nền hay dị ứng không?" }}'
)
MILD = FIRST.replace("ask:", "severity: warn, ask:")
AT_YES = FIRST.replace("id: medical,", "id: medical, state: SLOT_CONFIRMED,")
ANSWER = "Asthma, and penicillin gives me a rash on 3 days in a row"


def answered(talk: Ruled) -> str | None:
    known = talk.lead.answer_to("medical-history")
    return None if known is None else known.value


def as_said(order: object) -> str:
    return order.body if isinstance(order, SendText) else ""


def test_who_is_new_is_asked_before_any_time_and_hears_times_once_they_answered() -> None:
    talk = ruled(FIRST, says=(CALL,))
    assert talk.last == QUESTION
    assert not talk.has_looked
    assert talk.denied == [("SLOT_PROPOSED", "medical", "field_unanswered")]
    talk.writes(ANSWER)
    assert answered(talk) == ANSWER
    assert talk.has_looked
    assert talk.booking.state is State.SLOT_PROPOSED
    assert talk.booking.open_field is None
    talk.taps_row(0).writes("yes")
    assert talk.booking.state is State.CONFIRMED
    assert [as_said(one) for one in talk.said].count(QUESTION) == 1


def test_who_has_answered_is_not_asked_again() -> None:
    talk = ruled(FIRST, says=(CALL, ANSWER))
    talk.taps_row(0).writes("yes")
    before = len(talk.said)
    talk.writes("book a private chef at Villa Karang on friday evening for 4 people")
    assert QUESTION not in [as_said(one) for one in talk.said[before:]]
    assert talk.booking.state is State.SLOT_PROPOSED


@pytest.mark.parametrize("words", ["no", "none", "nothing", "yes", "no allergies, I stopped taking aspirin"])
def test_a_short_answer_is_one_whatever_it_could_mean_elsewhere(words: str) -> None:
    talk = ruled(FIRST, says=(CALL, words))
    assert answered(talk) == words
    assert talk.booking.state is State.SLOT_PROPOSED


@pytest.mark.parametrize(
    "words",
    [
        *("asthma?", "not sure", "2 adults and a dog", "I had surgery on 3 March", "maybe pregnant", "at 4pm"),
        *("waiting for test results", "oh wait, I am allergic to latex", "chưa", "belum ada", "rather not say"),
    ],
)
def test_an_answer_may_sound_like_something_else(words: str) -> None:
    assert answered(ruled(FIRST, says=(CALL, words))) == words


@pytest.mark.parametrize(
    "words",
    [
        *("👍", "...", "why do you ask?", "is it really necessary?", "kenapa ditanya?", "sao phải hỏi vậy?"),
        *("let me check with my doctor", "de minh hoi lai me da", "sebentar saya tanya dulu", "some other time"),
        *(CALL, "friday afternoon instead please", "make it friday instead"),
    ],
)
def test_what_is_plainly_no_answer_is_kept_as_none(words: str) -> None:
    talk = ruled(FIRST, says=(CALL, words))
    assert answered(talk) is None
    talk.writes("penicillin")
    assert answered(talk) == "penicillin"


@pytest.mark.parametrize(
    "words",
    ["sorry I forgot, also diabetes", "oh iya lupa, saya alergi kacang", "à quên, mình bị dị ứng penicillin nhé"],
)
def test_what_they_forgot_is_kept_with_the_answer(words: str) -> None:
    talk = ruled(FIRST, says=(CALL, "none"))
    talk.taps_row(0).writes("yes", words)
    assert answered(talk) == f"none\n{words}"
    assert talk.said[-1] == text_message(talk.lead, "booking.answer_added").command
    # days later it may be about anything
    talk.now += timedelta(days=2)
    talk.writes("I forgot, also asthma")
    assert "asthma" not in (answered(talk) or "")


def test_another_service_in_place_of_an_answer_is_the_wish() -> None:
    talk = ruled(FIRST, says=(CALL, "actually I want a private chef instead"))
    assert answered(talk) is None
    assert talk.booking.service == "private-chef"


def test_a_question_meanwhile_is_answered_and_the_open_one_is_asked_again() -> None:
    talk = ruled(FIRST, says=(CALL, "how much is the private chef?"))
    assert answered(talk) is None
    assert talk.last.endswith(QUESTION)
    talk.writes(ANSWER)
    assert answered(talk) == ANSWER


def test_who_wants_a_person_or_no_booking_any_more_is_heard() -> None:
    person = ruled(FIRST, says=(CALL, "I want to talk to a human"))
    assert answered(person) is None
    assert AlarmReason.ASKED_FOR_PERSON in {alarm.reason for alarm in person.lead.alarms}
    dropped = ruled(FIRST, says=(CALL, "cancel"))
    assert answered(dropped) is None
    assert dropped.lead.open_booking is None


def test_what_need_not_be_answered_is_asked_once_and_holds_nothing_back() -> None:
    talk = ruled(MILD, says=(CALL,))
    assert talk.last == QUESTION
    talk.taps("service:planning-call")
    assert answered(talk) is None
    assert talk.has_looked


def test_a_question_before_the_booking_is_asked_with_the_yes_and_its_answer_books() -> None:
    talk = ruled(AT_YES, says=(CALL,))
    assert talk.has_looked
    talk.taps_row(0).writes("yes")
    assert talk.last == QUESTION
    assert talk.booking.yes_waits
    assert not any(isinstance(order, BookSlot) for order in talk.orders)
    talk.writes(ANSWER)
    assert talk.booking.state is State.CONFIRMED
    assert answered(talk) == ANSWER


def test_after_a_form_it_is_asked_in_the_chat_and_the_time_is_kept_meanwhile() -> None:
    business = read(FIRST)
    form = FormSubmitted(
        EventId("internal:form:token"), NOW, "planning-call", "planning-call|concierge|20260304T0200Z|", "h", 2, "Ayu"
    )
    decision = decide(a_lead(), form, Context(NOW, business))
    (booking,) = decision.lead.bookings
    said = [effect.command for effect in decision.effects if isinstance(effect.command, SendText)]
    assert [one.body for one in said] == [QUESTION]
    assert (booking.state, booking.yes_waits, booking.holds) == (State.SLOT_PROPOSED, True, ("h",))
    talk = Ruled(business=business, now=NOW + timedelta(minutes=2), lead=decision.lead)
    talk.writes(ANSWER)
    (order,) = [order for order in talk.orders if isinstance(order, BookSlot)]
    assert order.hold_id == "h"
    assert talk.booking.state is State.CONFIRMED


def test_a_form_of_what_the_house_refuses_lets_its_time_go() -> None:
    no = 'id: all, when: { guests_from: 2 }, block: true, text: { en: "Not two.", id: "Tidak.", vi: "Không." }'
    form = FormSubmitted(
        EventId("internal:form:token"), NOW, "planning-call", "planning-call|concierge|20260304T0200Z|", "h", 2, "Ayu"
    )
    talk = ruled(no)
    talk.lead, talk.now = a_lead(), NOW
    talk.tell(form)
    assert talk.last == "Not two."
    assert talk.let_go == ["h"]
    assert talk.booking.state is State.SERVICE_SELECTED


def test_a_refusal_goes_before_a_question() -> None:
    no = 'id: large, when: { guests_from: 8 }, block: true, text: { en: "No.", id: "Tidak.", vi: "Không." }'
    talk = ruled(FIRST, no, says=(CHEF,))
    assert talk.last == "No."
    assert talk.booking.open_field is None


def test_no_record_says_what_was_answered() -> None:
    talk = ruled(FIRST, says=(CALL, ANSWER))
    (record,) = [one for one in talk.records if one.what == ANSWERED]
    assert dict(record.facts)["field"] == "medical-history"
    assert not any("penicillin" in str(one) for one in (*talk.records, *talk.recorded))
    assert "penicillin" not in repr(talk.lead.fields)
    assert [one.what for one in talk.records if one.what == DENIED] == [DENIED]


def test_answers_survive_the_store_and_a_lead_of_before_has_none() -> None:
    talk = ruled(FIRST, says=(CALL, ANSWER))
    assert unpack_lead(pack_lead(talk.lead)).fields == talk.lead.fields
    older = pack_lead(Lead(LeadId("old"))).replace(b'"fields":[],', b"")
    assert unpack_lead(older).fields == ()


def test_two_leads_of_one_person_keep_the_answer_that_was_given_last() -> None:
    older = a_lead().with_answer(CustomerField("medical-history", "none", NOW))
    younger = replace(a_lead(), id=LeadId("younger"))
    younger = younger.with_answer(CustomerField("medical-history", "asthma", NOW + timedelta(days=1)))
    younger = younger.with_answer(CustomerField("diet", "vegan", NOW))
    for first, second in ((older, younger), (younger, older)):
        merged = decide(first, LeadsMerged(EventId("m"), NOW, second), Context(NOW, read(FIRST))).lead
        assert {one.name: one.value for one in merged.fields} == {"medical-history": "asthma", "diet": "vegan"}


def noted(talk: Ruled, by: str = "ayu") -> None:
    talk.tell(AnswerNoted(EventId("answer:1"), talk.now, AgentId(by), "medical-history", ANSWER))


def test_an_answer_that_somebody_heard_lets_the_booking_go_on() -> None:
    talk = ruled(FIRST, says=(CALL,))
    noted(talk)
    assert answered(talk) == ANSWER
    assert talk.booking.state is State.SLOT_PROPOSED
    (record,) = [one for one in talk.records if one.what == ANSWERED]
    assert (record.by, dict(record.facts)) == ("ayu", {"field": "medical-history"})
    assert "penicillin" not in repr(AnswerNoted(EventId("a"), NOW, AgentId("ayu"), "medical-history", ANSWER))


def test_while_a_person_has_the_conversation_an_answer_is_only_kept() -> None:
    talk = ruled(FIRST, says=(CALL,))
    talk.tell(AgentTookOver(EventId("took"), talk.now, AgentId("ayu")))
    said = len(talk.said)
    noted(talk)
    assert answered(talk) == ANSWER
    assert (len(talk.said), talk.booking.open_field) == (said, None)


def test_answers_are_few_and_short() -> None:
    known: tuple[CustomerField, ...] = ()
    for number in range(MOST_FIELDS + 3):
        known = with_field(known, CustomerField(f"field-{number}", "x", NOW + timedelta(minutes=number)))
    assert [one.name for one in known] == [f"field-{number}" for number in range(3, MOST_FIELDS + 3)]
    talk = ruled(FIRST, says=(CALL, "very long " * 300))
    assert len(answered(talk) or "") == LONGEST_ANSWER
