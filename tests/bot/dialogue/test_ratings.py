"""How it was: said or tapped, entered by staff, once a visit; good brings the review link, bad a person."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.business.context import Context
from bot.dialogue.decide import decide
from bot.domain.alarms import AlarmReason
from bot.domain.commands import RecordBooking, SendLink
from bot.domain.events import AgentTookOver, LeadsMerged, StaffAction
from bot.domain.ids import AgentId, BookingReference, EventId, LeadId
from bot.domain.lead import Lead
from bot.domain.states import PaymentStatus, ShowUp, State
from bot.domain.timers import TimerKind
from bot.domain.visits import LONGEST_WORDS, MOST_VISITS, Rating, RecordVisit, Visit
from bot.replies.plain_text import as_text
from payments.domain.money import Money
from tests.bot.anything import EVENTS, LEADS
from tests.bot.business.makers import sample
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_attendance import booked, rung
from tests.bot.makers import NOW, context
from tests.conftest import PROVE

REVIEW = "https://g.page/r/rumah-senja/review"


def reviewed(talk: Talk) -> Talk:
    """The same talk with a house that has a place for reviews."""
    talk.business = replace(talk.business, texts=replace(talk.business.texts, review_url=REVIEW))
    return talk


def visited(language: str = "en") -> tuple[Talk, str]:
    """A customer who came, and their booking."""
    talk = rung(booked(language), TimerKind.SHOW_UP)
    reference = talk.booking.reference
    talk.taps_row(0)
    assert talk.lead.bookings == ()
    return reviewed(talk), str(reference)


def rating(talk: Talk, reference: str) -> Rating | None:
    visit = talk.lead.visit(reference)
    assert visit is not None
    return visit.rating


def given_of(talk: Talk, reference: str) -> Rating:
    kept = rating(talk, reference)
    assert kept is not None
    return kept


def scores_recorded(talk: Talk) -> list[str]:
    return [dict(record.facts)["score"] for record in talk.records if record.what == "rated"]


def open_alarms(talk: Talk) -> set[tuple[AlarmReason, str]]:
    return {(alarm.reason, alarm.subject) for alarm in talk.lead.alarms}


@pytest.mark.parametrize(
    ("language", "said", "thanks", "button"),
    [
        ("en", "massage was great, 5 stars", "makes our day", "Write a review"),
        ("id", "5 bintang kak, mantap", "senang sekali", "Tulis ulasan"),
        ("vi", "5 sao nhé, rất tuyệt", "vui lắm", "Viết đánh giá"),
    ],
)
def test_a_good_score_in_words_is_kept_and_brings_the_review_link(
    language: str, said: str, thanks: str, button: str
) -> None:
    talk, reference = visited(language)
    talk.writes(said)
    kept = given_of(talk, reference)
    assert (kept.score, kept.by, kept.words) == (5, "customer", said)
    link = talk.said[-1]
    assert isinstance(link, SendLink)
    assert (link.url, link.label) == (REVIEW, button)
    assert thanks in link.body
    assert open_alarms(talk) == set()


OF_THE_VILLA = "https://g.page/r/villa-kamboja/review"


def at_the_villa(service: str) -> Talk:
    """A customer for whom that was delivered at a villa that is reviewed by itself."""
    talk, reference = visited()
    places = tuple(
        replace(one, review_url=OF_THE_VILLA) if one.id == "villa-kamboja" else one for one in talk.business.places
    )
    talk.business = replace(talk.business, places=places)
    visit = talk.lead.visit(reference)
    assert visit is not None
    talk.lead = talk.lead.with_visit(replace(visit, service=service, place="villa-kamboja"))
    return talk


def test_a_stay_is_reviewed_where_its_place_is_and_what_was_brought_there_is_not() -> None:
    talk = at_the_villa("kamboja-stay")
    talk.writes("5 stars")
    link = talk.said[-1]
    assert isinstance(link, SendLink)
    assert link.url == OF_THE_VILLA
    assert "Villa Kamboja" in link.body
    massage = at_the_villa("massage")
    massage.writes("5 stars")
    link = massage.said[-1]
    assert isinstance(link, SendLink)
    assert link.url == REVIEW


def test_without_a_place_for_reviews_it_is_simply_thanked() -> None:
    talk, _ = visited()
    talk.business = sample()
    talk.writes("5 stars")
    assert talk.last == "Thank you, that makes our day! ⭐"


@pytest.mark.parametrize(
    ("language", "score", "sorry", "more", "heard"),
    [
        ("en", "2 stars", "What went wrong?", "the oil was cold and she was on her phone", "Our team reads this"),
        ("id", "bintang 2", "Apa yang kurang?", "minyaknya dingin dan terapisnya main hp terus", "Tim kami membaca"),
        ("vi", "2 sao", "Điều gì chưa tốt", "dầu thì lạnh mà nhân viên cứ xem điện thoại", "Nhân viên bên mình sẽ đọc"),
    ],
)
def test_a_low_score_calls_a_person_and_asks_what_went_wrong(
    language: str, score: str, sorry: str, more: str, heard: str
) -> None:
    talk, reference = visited(language)
    talk.writes(score)
    assert sorry in talk.last
    assert open_alarms(talk) == {(AlarmReason.RATED_LOW, reference)}
    talk.writes(more)
    assert heard in talk.last
    kept = given_of(talk, reference)
    assert (kept.score, kept.words) == (2, more)
    # whoever takes the conversation has seen it; the complaint waits for its answer
    talk.tell(AgentTookOver(EventId("took"), talk.now, AgentId("rina")))
    assert open_alarms(talk) == {(AlarmReason.COMPLAINT, reference)}


def test_a_low_score_with_its_reason_is_asked_nothing_more() -> None:
    talk, reference = visited()
    talk.writes("2 stars, the oil was cold")
    assert "Our team reads this" in talk.last
    assert talk.lead.asked_about_visit is None
    assert open_alarms(talk) == {(AlarmReason.RATED_LOW, reference), (AlarmReason.COMPLAINT, reference)}


def test_anger_after_a_low_score_is_kept_and_goes_to_a_person_at_once() -> None:
    talk, reference = visited()
    talk.writes("1 star", "this is unacceptable, I am very disappointed")
    assert talk.lead.is_with_agent
    kept = given_of(talk, reference)
    assert "unacceptable" in kept.words


@pytest.mark.parametrize(("language", "ask"), [("en", "my booking"), ("id", "booking saya"), ("vi", "lịch của mình")])
def test_my_booking_asks_how_the_last_visit_was_when_nothing_is_ahead(language: str, ask: str) -> None:
    talk, reference = visited(language)
    talk.writes(ask)
    assert talk.choices == tuple(f"rate:{reference}:{score}" for score in (5, 4, 3, 2, 1))
    talk.taps_row(1)
    assert scores_recorded(talk) == ["4"]
    assert given_of(talk, reference).score == 4


def test_a_lone_number_counts_only_right_after_the_question() -> None:
    talk, reference = visited()
    talk.writes("5")
    assert rating(talk, reference) is None
    talk.writes("my booking", "5")
    assert given_of(talk, reference).score == 5


def test_a_lone_number_later_is_no_score_any_more() -> None:
    talk, reference = visited()
    talk.writes("my booking", "thanks", "5")
    assert rating(talk, reference) is None


def test_help_and_the_card_of_the_next_booking_ask_too() -> None:
    talk, reference = visited()
    talk.writes("help")
    assert talk.choices[0] == f"howwas:{reference}"
    talk.taps_row(0)
    assert talk.choices[0] == f"rate:{reference}:5"
    talk.writes(*("book the free planning call in three days at 10am", "the first", "yes"), "my booking")
    assert talk.choices[-1] == f"howwas:{reference}"
    talk.taps(f"howwas:{reference}").taps_row(0)
    talk.writes("my booking")
    assert f"howwas:{reference}" not in talk.choices


def test_the_answer_whether_they_came_may_be_how_it_was() -> None:
    talk = reviewed(rung(booked(), TimerKind.SHOW_UP))
    reference = str(talk.booking.reference)
    talk.writes("the call was great, 5 stars")
    assert talk.lead.booking(reference) is None
    ended = next(one.booking for one in reversed(talk.recorded) if one.booking.reference == reference)
    assert (ended.state, ended.show_up) == (State.COMPLETED, ShowUp.CAME)
    assert ended.rating == replace(given_of(talk, reference), words="")


def test_a_low_score_does_not_say_that_it_was_delivered() -> None:
    talk = rung(booked(), TimerKind.SHOW_UP)
    reference = str(talk.booking.reference)
    talk.now = talk.booking.chosen.end if talk.booking.chosen else talk.now
    talk.writes("1 star")
    assert talk.booking.reference == reference
    assert talk.booking.state is not State.COMPLETED
    assert (AlarmReason.RATED_LOW, reference) in open_alarms(talk)


# Once, changeable, in time -------------------------------------------------------------------------------------------


def test_said_again_it_takes_the_place_of_the_former_and_a_better_one_ends_the_alarm() -> None:
    talk, reference = visited()
    talk.writes("1 star", "sorry, I meant 5 stars")
    assert given_of(talk, reference).score == 5
    assert scores_recorded(talk) == ["1", "5"]
    assert open_alarms(talk) == set()


def test_after_so_many_days_nothing_is_rated_or_changed() -> None:
    talk, reference = visited()
    talk.writes("4 stars")
    talk.now += timedelta(days=sample().sop.rating.days + 1)
    talk.writes("1 star")
    assert "14 days" in talk.last
    talk.taps(f"rate:{reference}:1")
    assert "14 days" in talk.last
    talk.taps(f"howwas:{reference}")
    assert "14 days" in talk.last
    assert given_of(talk, reference).score == 4


@pytest.mark.parametrize("said", ["6 stars", "0 stars", "4.5 stars"])
def test_a_number_that_is_no_score_is_asked_again(said: str) -> None:
    talk, reference = visited()
    talk.writes(said)
    assert "from 1 to 5" in talk.last
    assert rating(talk, reference) is None
    talk.writes("4")
    assert given_of(talk, reference).score == 4


def test_a_tap_that_names_another_persons_booking_is_nothing_of_theirs() -> None:
    talk, reference = visited()
    talk.taps("rate:BK-9:5")
    assert "no booking of yours" in talk.last
    assert rating(talk, reference) is None
    assert scores_recorded(talk) == []


@pytest.mark.parametrize("tap", ["rate:{}:6", "rate:{}:x", "rate:{}:", "rate:{}:²"])
def test_a_forged_score_is_asked_again(tap: str) -> None:
    talk, reference = visited()
    talk.taps(tap.format(reference))
    assert "from 1 to 5" in talk.last
    assert rating(talk, reference) is None


def test_who_was_delivered_nothing_is_answered_as_ever() -> None:
    talk = Talk().writes("5 stars")
    assert scores_recorded(talk) == []


def test_a_score_that_may_be_for_several_visits_is_asked_about() -> None:
    talk, first = visited()
    talk.writes("book the free planning call in three days at 10am", "the first", "yes")
    second = str(rung(talk, TimerKind.SHOW_UP).booking.reference)
    talk.taps_row(0)
    talk.writes("5 stars")
    assert talk.choices == (f"rate:{first}:5", f"rate:{second}:5")
    talk.taps_row(1)
    assert [(rating(talk, one) is None) for one in (first, second)] == [True, False]
    # the only one that is left is meant now
    talk.writes("4 stars")
    assert given_of(talk, first).score == 4


def test_a_tap_counts_while_a_person_has_the_conversation_and_the_words_are_drafts() -> None:
    talk, reference = visited()
    talk.tell(AgentTookOver(EventId("took"), talk.now, AgentId("rina")))
    said = len(talk.said)
    talk.taps(f"rate:{reference}:5")
    assert given_of(talk, reference).score == 5
    assert len(talk.said) == said
    assert "makes our day" in as_text(talk.drafts[-1])


def test_long_words_are_cut_where_they_are_kept() -> None:
    talk, reference = visited()
    talk.writes("5 stars " + "wonderful " * 100)
    assert len(given_of(talk, reference).words) == LONGEST_WORDS


# By staff ----------------------------------------------------------------------------------------------------------


def entered(talk: Talk, reference: str, score: str = "5", **facts: str) -> str | None:
    """Why it was not taken; none where it was."""
    recorded = next(one.booking for one in reversed(talk.recorded) if one.booking.reference == reference)
    before = len(talk.records)
    talk.staff_of_ended(recorded, StaffAction.RATE, score=score, **facts)
    new = [record for record in talk.records[before:] if record.what == "rating_denied"]
    return dict(new[0].facts)["why"] if new else None


def test_staff_enter_what_the_customer_said_and_nothing_is_said_to_them() -> None:
    talk, reference = visited()
    said = len(talk.said)
    assert entered(talk, reference, "2", person="rina", words="too cold") is None
    kept = given_of(talk, reference)
    assert (kept.score, kept.by, kept.words) == (2, "rina", "too cold")
    assert len(talk.said) == said
    assert open_alarms(talk) == {(AlarmReason.RATED_LOW, reference)}
    # corrected by staff, then said by the customer: that is theirs from now on
    assert entered(talk, reference, "3", person="rina") is None
    talk.writes("5 stars")
    assert entered(talk, reference, "1", person="rina") == "customers_own"
    assert given_of(talk, reference).score == 5


def test_what_has_not_been_delivered_or_is_long_ago_is_not_rated() -> None:
    talk = booked()
    assert entered(talk, str(talk.booking.reference)) == "not_delivered"
    talk, reference = visited()
    assert entered(talk, reference, "6") == "bad_score"
    talk.now += timedelta(days=15)
    assert entered(talk, reference) == "too_late"


def test_a_booking_that_an_earlier_version_completed_can_be_rated_by_staff() -> None:
    talk, reference = visited()
    talk.lead = replace(talk.lead, visits=())
    assert entered(talk, reference, "4") is None
    assert given_of(talk, reference).score == 4


def test_a_refund_after_the_rating_does_not_forget_it_in_the_read_model() -> None:
    talk, reference = visited()
    talk.writes("5 stars, lovely")
    older = next(one.booking for one in reversed(talk.recorded) if one.booking.reference == reference)
    assert older.rating is None
    price = Money(100_000, "IDR")
    paid = replace(older, price=price, paid=price, payment_status=PaymentStatus.PAID)
    before = len(talk.recorded)
    talk.staff_of_ended(paid, StaffAction.REFUND, amount="1", reason="sorry", role="finance")
    changed = [one.booking for one in talk.recorded[before:] if one.booking.reference == reference]
    assert [one.rating for one in changed] == [replace(given_of(talk, reference), words="")]


# Laws ---------------------------------------------------------------------------------------------------------------


@given(LEADS, EVENTS)
@settings(max_examples=1_000 if PROVE else 150, deadline=None)
def test_one_visit_a_booking_one_rating_a_visit_and_no_words_in_the_read_model(lead: Lead, event: object) -> None:
    decision = decide(lead, event, Context(NOW, context().business))  # type: ignore[arg-type]
    names = [visit.reference for visit in decision.lead.visits]
    assert len(names) == len(set(names)) <= MOST_VISITS
    assert all(visit.rating is None or 1 <= visit.rating.score <= 5 for visit in decision.lead.visits)
    for effect in decision.effects:
        if isinstance(effect.command, RecordBooking):
            known = effect.command.booking.rating
            assert known is None or known.words == ""
        if isinstance(effect.command, RecordVisit):
            assert decision.lead.visit(effect.command.visit.reference) is not None


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_the_last_ten_visits_are_remembered_and_each_once(days: list[int]) -> None:
    lead = Lead(LeadId("lead"))
    for day in days:
        ended = NOW + timedelta(days=day)
        lead = lead.with_visit(Visit(BookingReference(f"BK-{day}"), None, None, None, ended))
    assert [visit.reference for visit in lead.visits] == [f"BK-{day}" for day in sorted(set(days))[-MOST_VISITS:]]


def test_of_two_leads_that_are_one_person_all_visits_stay() -> None:
    talk, reference = visited()
    other = Visit(BookingReference("BK-2"), "balinese-massage", "ayu", None, talk.now)
    younger = Lead(LeadId("younger"), visits=(other,))
    talk.tell(LeadsMerged(EventId("merge:younger"), talk.now, younger))
    assert [visit.reference for visit in talk.lead.visits] == [reference, "BK-2"]
