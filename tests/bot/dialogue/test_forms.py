"""A finished form books what it says: with the booking of the chat, in either mode, and never twice."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.adapters.whatsapp import render
from bot.business.context import Context
from bot.dialogue.decide import decide
from bot.domain.booking import Booking, BookingWish, OfferedSlot, SlotUnavailable
from bot.domain.commands import BookSlot, Button, Lane, ReleaseHolds, SendButtons, SendFlow, SendList, lane_of
from bot.domain.contents import Bubble, FormSent, Tap, Text
from bot.domain.events import CustomerWrote, SlotBooked, SlotLost
from bot.domain.form_events import FormSubmitted
from bot.domain.ids import BookingReference, EventId, Wamid
from bot.domain.known_answers import KnownAnswers
from bot.domain.languages import spoken
from bot.domain.lead import Address
from bot.domain.message_limits import MessageOverLimit
from bot.domain.outcome import Decision
from bot.domain.states import State
from bot.store.shapes import pack_order, unpack_order
from intents.understand import understand
from intents.understanding import ExpectedAnswer, Intent, Language
from tests.bot.makers import NOW, a_lead, context, meaning, with_agent, wrote

SLOT = "planning-call|concierge|20260304T0200Z|"
HOLD = "form:abc"


def sent(**changes: object) -> FormSubmitted:
    """A form that was sent."""
    plain = FormSubmitted(
        id=EventId("internal:form:token"),
        at=NOW,
        service="planning-call",
        slot_id=SLOT,
        hold_id=HOLD,
        guests=2,
        name="Ayu",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def tapped(button: Button) -> CustomerWrote:
    return wrote(meaning(Intent.OOS), Tap(button.id, button.title))


def orders(decision: Decision, kind: type) -> list[object]:
    return [effect.command for effect in decision.effects if isinstance(effect.command, kind)]


def test_a_form_orders_the_booking_of_the_time_it_holds() -> None:
    decision = decide(a_lead(), sent(), context())
    (booking,) = decision.lead.bookings
    assert booking.state is State.SLOT_PROPOSED
    assert booking.explicitly_confirmed
    assert orders(decision, BookSlot) == [BookSlot(booking.reference, SLOT, HOLD, 2)]
    assert decision.lead.name == "Ayu"
    assert decide(a_lead(), sent(), context()) == decision


@pytest.mark.parametrize(
    ("language", "words"), [("en", "The price has changed"), ("id", "Harganya berubah"), ("vi", "Giá đã thay đổi")]
)
def test_a_yes_to_another_sum_books_nothing_and_is_asked_for_once_more(language: str, words: str) -> None:
    lead = a_lead().conversing(language=spoken(language))
    decision = decide(lead, sent(agreed="50000 IDR"), context())
    assert orders(decision, BookSlot) == []
    (asked,) = orders(decision, SendButtons)
    assert isinstance(asked, SendButtons)
    assert asked.body.startswith(words)
    (booking,) = decision.lead.bookings
    assert (booking.state, booking.explicitly_confirmed) == (State.SLOT_PROPOSED, False)
    yes = decide(decision.lead, tapped(asked.buttons[0]), context())
    assert orders(yes, BookSlot) == [BookSlot(booking.reference, SLOT, HOLD, 2)]
    # who rather leaves it leaves nothing held
    no = decide(decision.lead, tapped(asked.buttons[2]), context())
    assert [hold for order in orders(no, ReleaseHolds) for hold in order.holds] == [HOLD]  # type: ignore[attr-defined]


def test_the_sum_that_was_read_and_a_form_that_showed_none_are_booked_at_once() -> None:
    for agreed in ("0 IDR", ""):
        decision = decide(a_lead(), sent(agreed=agreed), context())
        assert len(orders(decision, BookSlot)) == 1


def test_a_booked_form_is_confirmed_like_a_yes_in_the_chat() -> None:
    lead = decide(a_lead(), sent(), context()).lead
    (booking,) = lead.bookings
    assert booking.chosen is not None
    booked = decide(lead, SlotBooked(EventId("done"), NOW, booking.reference, booking.chosen), context())
    assert [one.state for one in booked.lead.bookings] == [State.CONFIRMED]


@pytest.mark.parametrize("state", [State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED])
def test_a_form_joins_the_booking_in_the_making_and_lets_its_offers_go(state: State) -> None:
    offered = OfferedSlot("x", NOW, NOW + timedelta(hours=1), hold_id="chat-hold")
    going = Booking(BookingReference("BK-1"), state, service="balinese-massage", offered=(offered,))
    decision = decide(a_lead().with_booking(going), sent(), context())
    (booking,) = decision.lead.bookings
    assert (booking.reference, booking.service) == ("BK-1", "planning-call")
    (order,) = orders(decision, BookSlot)
    assert isinstance(order, BookSlot)
    assert order.let_go == ("chat-hold",)


def test_a_form_leaves_a_booking_that_stands_alone() -> None:
    stands = Booking(BookingReference("BK-1"), State.CONFIRMED, service="balinese-massage")
    decision = decide(a_lead().with_booking(stands), sent(), context())
    assert [one.state for one in decision.lead.bookings] == [State.CONFIRMED, State.SLOT_PROPOSED]


def test_the_same_time_twice_by_one_person_is_let_go_and_said() -> None:
    lead = decide(a_lead(), sent(), context()).lead
    (booking,) = lead.bookings
    assert booking.chosen is not None
    lead = decide(lead, SlotBooked(EventId("done"), NOW, booking.reference, booking.chosen), context()).lead
    again = decide(lead, sent(id=EventId("internal:form:other"), hold_id="form:other"), context())
    assert orders(again, BookSlot) == []
    assert orders(again, ReleaseHolds) == [ReleaseHolds(("form:other",))]
    assert again.lead.bookings == lead.bookings


def test_a_form_for_a_service_that_went_away_is_passed_on_and_its_hold_let_go() -> None:
    decision = decide(a_lead(), sent(service="gone", slot_id="gone||20260304T0200Z|"), context())
    assert orders(decision, ReleaseHolds) == [ReleaseHolds((HOLD,))]
    assert decision.lead.waits_for_person


def test_in_mode_agent_the_form_is_booked_and_its_words_wait_for_the_person() -> None:
    decision = decide(with_agent(), sent(), context())
    assert orders(decision, BookSlot)
    assert decision.lead.waits_for_person
    (booking,) = decision.lead.bookings
    assert booking.chosen is not None
    told = decide(decision.lead, SlotBooked(EventId("done"), NOW, booking.reference, booking.chosen), context())
    chat = [effect for effect in told.effects if effect.lane is Lane.CHAT]
    assert chat
    assert all(effect.draft for effect in chat)


def test_in_mode_agent_a_lost_time_looks_for_others_and_says_nothing_itself() -> None:
    lead = decide(with_agent(), sent(), context()).lead
    lost = decide(
        lead, SlotLost(EventId("lost"), NOW, lead.bookings[0].reference, SLOT, SlotUnavailable.TAKEN), context()
    )
    assert all(effect.draft for effect in lost.effects if lane_of(effect.command) is Lane.CHAT)


def test_after_stop_a_form_is_booked_and_the_bot_says_nothing_itself() -> None:
    decision = decide(a_lead(opted_out=True), sent(), context())
    assert orders(decision, BookSlot)
    assert all(effect.draft for effect in decision.effects if effect.lane is Lane.CHAT)


def test_a_note_brings_a_person() -> None:
    assert decide(a_lead(), sent(notes="No oil, please"), context()).lead.waits_for_person


def bubble(content: FormSent) -> Bubble:
    return Bubble(Wamid("wamid.1"), NOW, content)


def test_the_forms_own_bubble_is_heard_and_answered_with_nothing() -> None:
    event = replace(wrote(meaning(Intent.OOS)), bubbles=(bubble(FormSent("{}", is_known=True)),))
    decision = decide(a_lead(), event, context())
    assert decision.effects == ()
    assert decision.lead.conversation.last_inbound_at is not None


def test_a_form_that_is_not_ours_is_passed_to_a_person() -> None:
    event = replace(wrote(meaning(Intent.OOS)), bubbles=(bubble(FormSent('{"flow_token": "whose"}')),))
    decision = decide(a_lead(), event, context())
    assert decision.lead.waits_for_person
    assert len(decision.effects) == 1


@pytest.mark.parametrize("language", Language)
def test_where_a_form_is_published_it_is_offered_in_place_of_the_question(language: Language) -> None:
    published = replace(context(), forms=((language, "flow-1"),))
    decision = decide(a_lead(), wrote(meaning(Intent.BOOK, language)), published)
    (order,) = [effect.command for effect in decision.effects if effect.lane is Lane.CHAT]
    assert isinstance(order, SendFlow)
    assert (order.flow_id, order.language, order.token) == ("flow-1", language.value, "")
    assert decision.lead.conversation.expecting is ExpectedAnswer.SERVICE
    with pytest.raises(MessageOverLimit):
        render.message(order, Address(wa_id="628"), "x")
    payload = render.message(replace(order, token="booking~n~l.s"), Address(wa_id="628"), "x")
    assert payload["interactive"]["action"]["parameters"]["flow_token"] == "booking~n~l.s"
    assert unpack_order(pack_order(order), order.kind, Lane.CHAT) == order


def said(text: str) -> CustomerWrote:
    """Words, understood as the worker understands them."""
    understood = understand(text, ExpectedAnswer.NOTHING, NOW.date(), NOW, None)
    return wrote(understood, Text(text))


def form_orders(decision: Decision) -> list[SendFlow]:
    return [effect.command for effect in decision.effects if isinstance(effect.command, SendFlow)]


@pytest.mark.parametrize("text", ["form", "send me the form for a Balinese massage", "formulir dong kak", "biểu mẫu"])
def test_the_form_comes_to_whoever_asks_for_it_by_name(text: str) -> None:
    published = replace(context(), forms=tuple((language, f"flow-{language}") for language in Language))
    decision = decide(a_lead(), said(text), published)
    (order,) = form_orders(decision)
    assert order.flow_id == f"flow-{order.language}"
    assert [booking.state for booking in decision.lead.bookings] == [State.INQUIRY]


@pytest.mark.parametrize("state", [State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED])
def test_asked_for_in_the_middle_the_form_comes_for_the_booking_in_progress(state: State) -> None:
    published = replace(context(), forms=((Language.EN, "flow-en"),))
    going = Booking(BookingReference("BK-1"), state, service="balinese-massage", place="villa-melati")
    decision = decide(a_lead().with_booking(going), said("can I have the form instead?"), published)
    (order,) = form_orders(decision)
    assert order.place == "villa-melati"
    assert [(booking.reference, booking.service) for booking in decision.lead.bookings] == [
        ("BK-1", "balinese-massage")
    ]


def everywhere() -> Context:
    """A business whose form is published in every language."""
    return replace(context(), forms=tuple((language, f"flow-{language}") for language in Language))


NEARLY_ALL = {
    "en": (
        "I would like to book something on 5 March at 6 pm for four at Villa Melati",
        "IV vitamin drip, form please",
    ),
    "id": ("mau pesan untuk tanggal 5 Maret jam 18 untuk 4 orang di Villa Melati", "infus vitamin, formulir dong"),
    "vi": (
        "mình muốn đặt lịch ngày 5/3 lúc 18h cho 4 người ở Villa Melati",
        "truyền vitamin, cho mình biểu mẫu",
    ),
}


@pytest.mark.parametrize("language", NEARLY_ALL)
def test_the_form_is_sent_with_all_that_was_said(language: str) -> None:
    first, then = NEARLY_ALL[language]
    offered = decide(a_lead(), said(first), everywhere())
    (order,) = form_orders(offered)
    assert order.place == "villa-melati"
    assert order.known == KnownAnswers("", date(2026, 3, 5), 18 * 60, 4)
    (again,) = form_orders(decide(offered.lead, replace(said(then), id=EventId("m2")), everywhere()))
    assert again.place == "villa-melati"
    assert again.known == KnownAnswers("iv-drip", date(2026, 3, 5), 18 * 60, 4)
    assert unpack_order(pack_order(again), again.kind, Lane.CHAT) == again


def test_several_days_and_a_part_of_the_day_are_no_day_and_no_time() -> None:
    week = BookingWish(date(2026, 3, 2), date(2026, 3, 8), 12 * 60, 17 * 60)
    assert KnownAnswers.of(None, week, None) == KnownAnswers()
    assert KnownAnswers.of("private-chef", BookingWish(), 2) == KnownAnswers("private-chef", guests=2)


def test_the_form_begins_with_the_time_that_was_chosen_and_not_with_the_wide_wish() -> None:
    wide = BookingWish(date(2026, 3, 2), date(2026, 3, 8))
    start = datetime(2026, 3, 5, 10, tzinfo=UTC)  # 18:00 in Bali
    slot = OfferedSlot("x", start, start + timedelta(hours=3), "nyoman", "villa-padi", hold_id="chat-hold")
    chosen = Booking(BookingReference("BK-1"), State.SLOT_PROPOSED, service="private-chef", guests=4, wish=wide)
    lead = a_lead().with_booking(replace(chosen, offered=(slot,), chosen=slot))
    decision = decide(lead, said("can I have the form instead?"), everywhere())
    (order,) = form_orders(decision)
    assert order.place == "villa-padi"
    assert order.known == KnownAnswers("private-chef", date(2026, 3, 5), 18 * 60, 4)
    assert decision.lead.bookings[0].wish == wide


def test_an_order_stored_before_the_form_began_with_anything_is_read() -> None:
    order = SendFlow("body", "Book", "flow", "en", "villa-melati")
    stored = json.loads(pack_order(order))
    del stored["known"]
    assert unpack_order(json.dumps(stored).encode(), order.kind, Lane.CHAT) == order


def test_where_no_form_is_published_whoever_asks_for_it_is_asked_in_the_chat() -> None:
    decision = decide(a_lead(), said("send me the form"), context())
    (order,) = [effect.command for effect in decision.effects if effect.lane is Lane.CHAT]
    assert isinstance(order, SendList)


def test_where_none_is_published_in_the_language_the_chat_asks() -> None:
    published = replace(context(), forms=((Language.ID, "flow-1"),))
    decision = decide(a_lead(), wrote(meaning(Intent.BOOK, Language.VI)), published)
    (order,) = [effect.command for effect in decision.effects if effect.lane is Lane.CHAT]
    assert isinstance(order, SendList)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("slot_id", [SLOT, "", "no slot", "planning-call|nobody|19990101T0000Z|nowhere"])
def test_a_form_is_decided_in_every_state(state: State, slot_id: str) -> None:
    begun = Booking(BookingReference("BK-1"), state, service="planning-call")
    for lead in (a_lead(), with_agent()):
        first = decide(lead.with_booking(begun), sent(slot_id=slot_id), context())
        assert decide(lead.with_booking(begun), sent(slot_id=slot_id), context()) == first
        assert orders(first, BookSlot) or orders(first, ReleaseHolds), "the hold is booked or let go, never forgotten"
