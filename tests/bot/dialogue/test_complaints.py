"""What was wrong with a visit: opened by the guest or by a person, answered once by a person, late of itself."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.business.context import Context
from bot.dialogue.decide import decide
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking
from bot.domain.commands import BookSlot, RecordBooking, SendText
from bot.domain.complaints import (
    LONGEST_NOTE,
    MOST_COMPLAINTS,
    MOST_NOTES,
    MOST_PHOTOS,
    Complaint,
    ComplaintAnswer,
    ComplaintState,
    KeepPhoto,
    Picture,
    RecordComplaint,
    with_complaint,
)
from bot.domain.contents import Media
from bot.domain.events import AgentTookOver, AgentWrote, LeadsMerged, StaffAction, StaffAsked
from bot.domain.ids import AgentId, BookingReference, EventId, LeadId
from bot.domain.lead import Lead
from bot.domain.money_orders import PayRedo, Settle
from bot.domain.outcome import Decision
from bot.domain.states import State
from bot.domain.timers import TimerKind, TimerName
from bot.domain.visits import Visit
from bot.lifecycle.complaints import COMPLAINT, ComplaintDenied, answered
from intents.understanding import Intent
from payments.domain.money import Money
from payments.domain.splits import Party
from tests.bot.anything import EVENTS, LEADS
from tests.bot.business.makers import sample
from tests.bot.changing import a_paid_booking, slot
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_attendance import rung
from tests.bot.dialogue.test_ratings import open_alarms, visited
from tests.bot.makers import HERE, NOW, context, meaning, wrote
from tests.conftest import PROVE

ANGRY = {
    "en": ("the therapist was rude, this is unacceptable", "truly sorry", "by Mon"),
    "id": ("terapisnya kasar, saya kecewa sekali", "Mohon maaf", "paling lambat"),
    "vi": ("nhân viên thái độ quá tệ, mình rất thất vọng", "thật sự xin lỗi", "chậm nhất"),
}


def complaint_of(talk: Talk, reference: str) -> Complaint:
    found = talk.lead.complaint(reference)
    assert found is not None
    return found


def photo(number: int) -> Media:
    return Media("image", f"media-{number}", "image/jpeg")


def sends(talk: Talk, *contents: Any) -> None:
    talk.now += timedelta(seconds=5)
    event = wrote(meaning(Intent.OOS), *contents, at=talk.now, event=f"pictures-{talk.now.isoformat()}")
    talk.tell(replace(event, address=talk.lead.address))


@pytest.mark.parametrize("language", ANGRY)
def test_angry_words_after_a_visit_are_a_complaint_with_a_promise_and_call_a_person(language: str) -> None:
    talk, reference = visited(language)
    said, sorry, until = ANGRY[language]
    talk.writes(said)
    complaint = complaint_of(talk, reference)
    assert (complaint.words, complaint.by, complaint.state) == ((said,), "customer", ComplaintState.OPEN)
    assert complaint.answer_by == talk.now + timedelta(hours=24)
    assert talk.lead.is_with_agent
    assert sorry in talk.last
    assert until.split()[0] in talk.last
    assert (AlarmReason.COMPLAINT, reference) in open_alarms(talk)


def test_a_second_complaint_about_the_same_visit_adds_to_the_open_one_and_the_same_words_twice_are_once() -> None:
    talk, reference = visited()
    talk.writes("2 stars, she was rude", "the room was cold", "terrible service", "terrible service")
    complaint = complaint_of(talk, reference)
    assert complaint.words == ("2 stars, she was rude", "the room was cold", "terrible service")
    assert len(talk.lead.complaints) == 1
    sends(talk, photo(1), photo(1))
    sends(talk, *(photo(number) for number in range(2, 9)))
    assert [one.media_id for one in complaint_of(talk, reference).photos] == [f"media-{n}" for n in range(1, 6)]


def test_words_after_a_take_over_are_a_complaint_all_the_same_and_so_are_pictures() -> None:
    talk, reference = visited()
    talk.tell(AgentTookOver(EventId("took"), talk.now, AgentId("rina")))
    before = len(talk.said)
    talk.writes("never again, horrible service")
    sends(talk, photo(1))
    complaint = complaint_of(talk, reference)
    assert complaint.words == ("never again, horrible service",)
    assert [one.media_id for one in complaint.photos] == ["media-1"]
    assert len(talk.said) == before, "a person has the conversation"


def test_a_picture_that_came_shortly_before_the_words_belongs_to_them_and_one_after_is_thanked_for() -> None:
    talk, reference = visited()
    sends(talk, photo(1))
    assert talk.lead.complaints == ()
    talk.writes("2 stars, look at my dress")
    assert [one.media_id for one in complaint_of(talk, reference).photos] == ["media-1"]
    sends(talk, photo(2))
    assert "picture is with your complaint" in talk.last
    assert [one.media_id for one in complaint_of(talk, reference).photos] == ["media-1", "media-2"]


def test_a_picture_of_long_ago_does_not_belong_to_it() -> None:
    talk, reference = visited()
    sends(talk, photo(1))
    talk.now += timedelta(hours=3)
    talk.writes("2 stars, she was rude")
    assert complaint_of(talk, reference).photos == ()


@pytest.mark.parametrize(("language", "late"), [("en", "longer ago"), ("id", "sudah lebih lama"), ("vi", "đã lâu hơn")])
def test_after_the_deadline_it_is_answered_kindly_and_a_person_is_called(language: str, late: str) -> None:
    talk, reference = visited(language)
    talk.now += timedelta(days=4)
    talk.writes(ANGRY[language][0])
    assert talk.lead.complaints == ()
    assert late in talk.last
    assert (AlarmReason.ASKED_FOR_PERSON, "") in open_alarms(talk)
    # a person may open one all the same
    asked(talk, reference, StaffAction.COMPLAIN, words="the oil was cold")
    assert complaint_of(talk, reference).words == ("the oil was cold",)


def test_words_of_a_low_score_come_in_time_when_they_were_sent_in_time() -> None:
    talk, reference = visited()
    (visit,) = talk.lead.visits
    talk.now = visit.ended_at + timedelta(days=3, minutes=-1)
    talk.writes("2 stars, she was rude")
    assert complaint_of(talk, reference).is_open


def test_nobody_answers_in_time_and_somebody_is_told_once_more() -> None:
    talk, reference = visited()
    talk.writes("2 stars, she was rude")
    rung(talk, TimerKind.COMPLAINT)
    assert (AlarmReason.COMPLAINT_LATE, reference) in open_alarms(talk)
    asked(talk, reference, kind="refused", words="We have asked her, and the oil was warm.")
    assert open_alarms(talk) == set()
    assert talk.lead.timers == {}


def test_the_words_of_others_about_a_booking_that_stands_are_no_complaint_about_a_visit() -> None:
    talk = Talk().writes("you are so rude")
    assert talk.lead.complaints == ()
    assert talk.lead.is_with_agent


WENT_WRONG = {
    "en": (
        "I want a refund",
        "the oil burned my skin",
        "she came 40 minutes late and left early",
        "the room was dirty",
        "my necklace was stolen during the massage",
        "the massage was terrible",
        "can I get my money back?",
        "it was not what I booked",
    ),
    "id": (
        "saya minta uang kembali",
        "terapisnya telat 40 menit",
        "kamarnya kotor banget",
        "badan saya memar habis pijat",
        "pijatnya ga sesuai yang dipesan",
        "saya mau refund",
        "kurang puas kak",
    ),
    "vi": (
        "tôi muốn hoàn tiền",
        "nhân viên trễ 40 phút",
        "phòng rất bẩn",
        "da mình bị rát sau khi massage",
        "không giống như đã đặt",
        "trả lại tiền cho mình đi",
    ),
}
NOTHING_WRONG = {
    "en": ("I was 10 minutes late, sorry", "the massage was great", "is the room dirty?", "book it again for tomorrow"),
    "id": ("saya telat 10 menit ya", "pijatnya enak banget", "kamarnya kotor tidak?"),
    "vi": ("mình rất bận", "mình đến trễ 10 phút nhé", "cảm ơn bạn nhé"),
}


@pytest.mark.parametrize(("language", "said"), [(one, said) for one, many in WENT_WRONG.items() for said in many])
def test_what_went_wrong_is_heard_without_anger_shortly_after_a_visit_and_never_without_one(
    language: str, said: str
) -> None:
    talk, reference = visited(language)
    talk.writes(said)
    assert complaint_of(talk, reference).words == (said,)
    assert not talk.lead.is_with_agent
    assert Talk().writes(said).lead.complaints == ()


@pytest.mark.parametrize(("language", "said"), [(one, said) for one, many in NOTHING_WRONG.items() for said in many])
def test_what_says_nothing_of_a_fault_is_no_complaint(language: str, said: str) -> None:
    talk, _ = visited(language)
    talk.writes(said)
    assert talk.lead.complaints == ()


# Answered by a person -------------------------------------------------------------------------------------------


def asked(
    talk: Talk,
    reference: str,
    action: StaffAction = StaffAction.ANSWER_COMPLAINT,
    booking: Booking | None = None,
    **said: str,
) -> None:
    facts = {"role": "operations", "person": "Rina", **said}
    recorded = booking or next(
        order.booking for order in reversed(talk.recorded) if order.booking.reference == reference
    )
    number = len(talk.records)
    name = EventId(f"staff:{number}")
    talk.tell(
        StaffAsked(name, talk.now, "Rina", action, BookingReference(reference), tuple(sorted(facts.items())), recorded)
    )


def why(talk: Talk) -> str | None:
    record = talk.records[-1]
    return dict(record.facts).get("why") if record.what.endswith("denied") else None


@pytest.mark.parametrize(
    ("language", "thanks"), [("en", "looked into it"), ("id", "sudah kami periksa"), ("vi", "đã xem xét")]
)
def test_a_no_says_why_closes_the_alarm_and_is_the_last_word(language: str, thanks: str) -> None:
    talk, reference = visited(language)
    talk.writes(ANGRY[language][0])
    asked(talk, reference, kind="refused")
    assert why(talk) == "no_words"
    asked(talk, reference, kind="refused", words="The oil was warm.", role="sales")
    assert why(talk) == "may_not"
    asked(talk, reference, kind="refused", words="The oil was warm.")
    assert thanks in talk.last
    assert "The oil was warm." in talk.last
    complaint = complaint_of(talk, reference)
    assert (complaint.state, complaint.answer and complaint.answer.by) == (ComplaintState.REFUSED, "Rina")
    assert AlarmReason.COMPLAINT not in {alarm.reason for alarm in talk.lead.alarms}
    said = len(talk.said)
    asked(talk, reference, kind="refund", amount="1", words="x")
    assert why(talk) == "answered_before"
    assert len(talk.said) == said
    # an answered one is not opened again by more words; a person is called as ever
    talk.tell(AgentWrote(EventId("wrote"), talk.now, AgentId("rina"), "hello"))
    talk.writes(ANGRY[language][0])
    assert complaint_of(talk, reference) == complaint


def delivered(**changes: Any) -> tuple[Lead, Booking]:
    """A guest whose paid visit is over and complained of."""
    booking = a_paid_booking(state=State.COMPLETED, **changes)
    assert booking.chosen is not None
    over = booking.chosen.end
    visit = Visit(booking.reference, booking.service, "ayu", "villa-melati", over)
    complaint = Complaint(
        booking.reference,
        booking.service,
        "ayu",
        "villa-melati",
        over,
        over,
        "customer",
        over + timedelta(days=1),
        ("x",),
    )
    lead = Lead(LeadId("lead"), HERE).with_visit(visit).with_complaint(complaint)
    lead = lead.alarmed(AlarmReason.COMPLAINT, over, booking.reference).conversing(last_inbound_at=over)
    return lead.with_timer(TimerName(TimerKind.COMPLAINT, booking.reference), over + timedelta(days=1)), booking


def answering(lead: Lead, booking: Booking, event: str = "staff:1", **said: str) -> Decision:
    assert booking.chosen is not None
    now = booking.chosen.end + timedelta(hours=1)
    facts = tuple(sorted({"role": "operations", "person": "Rina", **said}.items()))
    action = StaffAction.ANSWER_COMPLAINT
    told = StaffAsked(EventId(event), now, "Rina", action, booking.reference, facts, booking)
    return decide(lead, told, Context(now=now, business=sample()))


def orders(decision: Decision, kind: type[Any]) -> list[Any]:
    return [effect.command for effect in decision.effects if isinstance(effect.command, kind)]


def test_a_refund_is_ordered_with_the_answer_charged_to_whose_fault_it_was_and_never_twice() -> None:
    lead, booking = delivered()
    decision = answering(lead, booking, kind="refund", amount="100000", borne_by="provider", words="Cold oil.")
    (settle,) = orders(decision, Settle)
    assert (settle.keep.amount, settle.charged[0].party, settle.ordered_by) == (250_000, Party.PROVIDER, ("Rina",))
    (said,) = orders(decision, SendText)
    assert "IDR 100,000" in said.body
    assert said.outside is not None
    assert decision.lead.alarms == ()
    assert decision.lead.timers == {}
    (told,) = orders(decision, RecordComplaint)
    assert (told.complaint.words, told.complaint.answer.words) == ((), "")
    recorded = next(order.booking for order in orders(decision, RecordBooking))
    again = answering(decision.lead, recorded, "staff:2", kind="refund", amount="100000", words="Cold oil.")
    assert orders(again, Settle) == []
    assert [dict(one.facts).get("why") for one in again_records(again)] == ["answered_before"]


def again_records(decision: Decision) -> list[Any]:
    return [effect.command for effect in decision.effects if getattr(effect.command, "what", "") == "complaint_denied"]


def test_more_than_is_paid_is_refused_and_the_complaint_stays_open() -> None:
    lead, booking = delivered()
    decision = answering(lead, booking, kind="refund", amount="350001", words="x")
    assert orders(decision, Settle) == []
    kept = decision.lead.complaint(booking.reference)
    assert kept is not None
    assert kept.is_open
    assert decision.lead.alarms != ()


def redone(provider: str, **said: str) -> Decision:
    lead, booking = delivered()
    later = slot(NOW + timedelta(days=7), provider=provider)
    return answering(lead, booking, kind="redo", redo="BK-REDO", slot_id=later.slot_id, hold_id="hold-9", **said)


def test_a_second_visit_is_a_booking_of_its_own_that_costs_nothing_and_names_the_first() -> None:
    _, booking = delivered()
    decision = redone("ayu")
    (order,) = orders(decision, BookSlot)
    assert (order.booking, order.hold_id) == ("BK-REDO", "hold-9")
    made = decision.lead.booking("BK-REDO")
    assert made is not None
    assert (made.previous, made.price, made.needs_payment) == ((booking.reference,), Money(0, "IDR"), False)
    assert made.redo is not None
    assert (made.redo.charged, made.redo.keep) == (Party.PROVIDER, Money(350_000, "IDR"))
    answer = decision.lead.complaint(booking.reference)
    assert answer is not None
    assert (answer.state, answer.answer and answer.answer.redo) == (ComplaintState.REDO, "BK-REDO")
    assert "free of charge" in orders(decision, SendText)[0].body


def ended(decision: Decision) -> Decision:
    """The second visit took place."""
    made = decision.lead.booking("BK-REDO")
    assert made is not None
    assert made.chosen is not None
    standing = replace(made, state=State.CONFIRMED, booked_hold="hold-9")
    now = made.chosen.end
    facts = (("came", "true"),)
    told = StaffAsked(EventId("staff:came"), now, "operations", StaffAction.SHOW_UP, made.reference, facts)
    return decide(decision.lead.with_booking(standing), told, Context(now=now, business=sample()))


def test_whoever_made_it_wrong_does_it_again_at_their_own_cost() -> None:
    assert orders(ended(redone("ayu")), PayRedo) == []


@pytest.mark.parametrize(("borne_by", "charged"), [("", Party.PROVIDER), ("platform", Party.PLATFORM)])
def test_another_provider_is_paid_by_whoever_is_charged_once_it_is_delivered(borne_by: str, charged: Party) -> None:
    decision = redone("komang", **({"borne_by": borne_by} if borne_by else {}))
    assert orders(decision, PayRedo) == [], "nothing is owed for what is not delivered"
    (order,) = orders(ended(decision), PayRedo)
    assert (order.payee, order.charged, order.by) == ("provider:komang", charged, "BK-REDO")
    assert order.accounts == (delivered()[1].reference,)
    assert order.amount.amount > 0


def test_the_same_provider_is_paid_again_where_it_was_not_their_fault() -> None:
    (order,) = orders(ended(redone("ayu", borne_by="platform")), PayRedo)
    assert (order.payee, order.charged) == ("provider:ayu", Party.PLATFORM)


def test_who_has_no_share_cannot_bear_a_second_visit_and_its_time_is_let_go() -> None:
    decision = redone("komang", borne_by="referrer")
    assert [dict(one.facts)["why"] for one in again_records(decision)] == ["no_share"]
    assert decision.lead.booking("BK-REDO") is None
    assert any(getattr(effect.command, "holds", ()) == ("hold-9",) for effect in decision.effects)


def test_a_time_that_nobody_knows_is_no_second_visit() -> None:
    lead, booking = delivered()
    decision = answering(lead, booking, kind="redo", redo="BK-REDO", slot_id="nonsense", hold_id="hold-9")
    assert [dict(one.facts)["why"] for one in again_records(decision)] == ["no_time"]


# Laws ----------------------------------------------------------------------------------------------------------


def test_an_answer_is_the_last_word() -> None:
    _, booking = delivered()
    complaint = delivered()[0].complaint(booking.reference)
    assert complaint is not None
    known = ComplaintAnswer("Rina", "operations", NOW)
    for origin, row in COMPLAINT.items():
        for target in ComplaintState:
            standing = replace(complaint, state=origin)
            if target in row:
                assert answered(standing, target, known).answer == known
            else:
                with pytest.raises(ComplaintDenied):
                    answered(standing, target, known)


@settings(max_examples=1_000 if PROVE else 150, deadline=None)
@given(LEADS, EVENTS)
def test_an_open_complaint_has_its_alarm_or_waits_and_an_answered_one_has_neither(lead: Lead, event: Any) -> None:
    decision = decide(lead, event, context())
    open_ones = {one.reference for one in decision.lead.complaints if one.is_open}
    for alarm in decision.lead.alarms:
        if alarm.reason in {AlarmReason.COMPLAINT, AlarmReason.COMPLAINT_LATE}:
            assert alarm.subject in open_ones
    for complaint in decision.lead.complaints:
        assert len(complaint.words) <= MOST_NOTES
        assert len(complaint.photos) <= MOST_PHOTOS
        new = lead.complaint(complaint.reference) is None
        is_waiting = decision.lead.due_at(TimerName(TimerKind.COMPLAINT, complaint.reference)) is not None
        assert not new or is_waiting or not complaint.is_open


@given(st.lists(st.booleans(), max_size=30).filter(lambda flags: sum(flags) <= MOST_COMPLAINTS))
def test_open_complaints_are_never_forgotten_for_answered_ones(flags: list[bool]) -> None:
    kept: tuple[Complaint, ...] = ()
    for number, is_open in enumerate(flags):
        reference, at = BookingReference(f"BK-{number}"), NOW + timedelta(days=number)
        state = ComplaintState.OPEN if is_open else ComplaintState.REFUSED
        kept = with_complaint(kept, Complaint(reference, None, None, None, at, at, "x", at, state=state))
        assert len({one.reference for one in kept}) == len(kept) <= MOST_COMPLAINTS
    standing = {f"BK-{number}" for number, is_open in enumerate(flags) if is_open}
    assert standing <= {one.reference for one in kept}


@given(st.lists(st.text(max_size=400), max_size=8))
def test_words_are_few_and_short_whatever_is_said(notes: list[str]) -> None:
    complaint = Complaint(BookingReference("BK-1"), None, None, None, NOW, NOW, "x", NOW)
    for note in notes:
        complaint = complaint.with_words(note)
    assert len(complaint.words) <= MOST_NOTES
    assert all(0 < len(one) <= LONGEST_NOTE for one in complaint.words)


def test_two_leads_of_one_person_bring_both_their_complaints() -> None:
    older, younger = delivered()[0], replace(delivered()[0], id=LeadId("younger"))
    (mine,) = younger.complaints
    theirs = replace(mine, reference=BookingReference("BK-2"), photos=(Picture("m", "image/jpeg", NOW),))
    younger = replace(younger, complaints=(theirs,))
    decision = decide(older, LeadsMerged(EventId("merge:x"), NOW, younger), context())
    assert {one.reference for one in decision.lead.complaints} == {mine.reference, "BK-2"}
    assert [one.booking for one in orders(decision, KeepPhoto)] == ["BK-2"]
