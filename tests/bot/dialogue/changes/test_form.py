"""A form that moves or cancels a booking does what its last screen said, and nothing else."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.business.context import Context
from bot.dialogue.changes import form
from bot.dialogue.decide import decide
from bot.domain.commands import SendButtons, SendFlow
from bot.domain.contents import Text
from bot.domain.form_events import ChangeFormSubmitted
from bot.domain.ids import BookingReference, EventId
from bot.domain.known_answers import KnownAnswers
from bot.domain.offers import ProviderWish
from bot.domain.states import Modification, State
from bot.replies.words import say
from flows.session import Purpose, Wished
from flows.view import ProviderId, Review, SlotId
from intents.understand import understand
from tests.bot.dialogue.changes.test_chat import paid_massage, settled
from tests.bot.dialogue.changes.test_provider import standing
from tests.bot.dialogue.changes.test_staff import sunday
from tests.bot.dialogue.states.talk import Talk
from tests.bot.makers import wrote

HOLD = "form:1"


def read(talk: Talk, purpose: Purpose, slot_id: str | None = None) -> Review:
    """What its last screen says now."""
    answers = form.answers_of(talk.booking, purpose, Wished())
    picked = answers if slot_id is None else answers.with_slot(slot_id)  # type: ignore[arg-type]
    context = Context(now=talk.now, business=talk.business)
    shown = form.review(talk.lead, talk.booking.reference, purpose, picked, context)
    assert shown is not None
    return shown


def sends(talk: Talk, purpose: Purpose, agreed: str, slot_id: str = "", **changes: Any) -> Talk:
    """The form is sent."""
    booking = changes.pop("booking", None) or talk.booking.reference
    hold = HOLD if slot_id else ""
    event = EventId(f"internal:form:{len(talk.said)}")
    talk.tell(ChangeFormSubmitted(event, talk.now, BookingReference(booking), purpose.value, agreed, slot_id, hold))
    return talk


def test_the_last_screen_says_the_quote_of_the_chat() -> None:
    talk = paid_massage()
    shown = read(talk, Purpose.CANCEL)
    talk.writes("I want to cancel")
    assert talk.last.startswith(shown.summary)
    for part in (shown.total.removesuffix(" comes back"), "50% of the price"):
        assert part in talk.last
    assert "50% of the price" in shown.terms
    assert say("change.ask.why", "en") not in shown.terms


def test_cancelled_by_form_is_one_commit_as_in_the_chat() -> None:
    talk = paid_massage()
    hold = talk.booking.booked_hold
    sends(talk, Purpose.CANCEL, read(talk, Purpose.CANCEL).agreed)
    assert talk.lead.bookings == ()
    assert hold in talk.let_go
    (order,) = settled(talk)
    assert order.keep.amount == 175_000


def test_moved_by_form_the_held_time_becomes_theirs() -> None:
    talk = paid_massage()
    slot = sunday(talk)
    sends(talk, Purpose.RESCHEDULE, read(talk, Purpose.RESCHEDULE, slot).agreed, slot)
    assert talk.booking.chosen is not None
    assert talk.booking.chosen.slot_id == slot
    assert talk.booking.state is State.CONFIRMED


def test_dearer_by_form_is_a_link_as_in_the_chat() -> None:
    talk = paid_massage()
    slot = sunday(talk, "ayu", "villa-karang")
    shown = read(talk, Purpose.RESCHEDULE, slot)
    assert "IDR 100,000" in shown.total
    sends(talk, Purpose.RESCHEDULE, shown.agreed, slot)
    assert talk.booking.modification is Modification.AWAITING_PAYMENT


@pytest.mark.parametrize("purpose", [Purpose.CANCEL, Purpose.RESCHEDULE])
def test_what_is_no_longer_what_was_read_is_quoted_again_and_not_done(purpose: Purpose) -> None:
    talk = paid_massage()
    slot = sunday(talk) if purpose is Purpose.RESCHEDULE else ""
    before = talk.booking.chosen
    sends(talk, purpose, "0 IDR|350000 IDR|0 IDR", slot)
    assert (talk.booking.chosen, talk.booking.state, settled(talk)) == (before, State.CONFIRMED, [])
    assert say("change.outdated", "en") in talk.last
    assert isinstance(talk.said[-1], SendButtons)


def test_a_booking_that_ended_meanwhile_frees_what_the_form_held() -> None:
    talk = paid_massage()
    reference, slot = talk.booking.reference, sunday(talk)
    talk.writes("I want to cancel", "yes")
    sends(talk, Purpose.RESCHEDULE, "x", slot, booking=reference)
    assert HOLD in talk.let_go
    assert talk.lead.bookings == ()


def test_a_form_sent_while_another_change_is_being_paid_is_told_to_finish_that_first() -> None:
    talk = paid_massage()
    slot = sunday(talk)
    talk.writes("move it to villa karang", "yes")
    sends(talk, Purpose.RESCHEDULE, "x", slot)
    assert HOLD in talk.let_go
    assert say("change.finish_first", "en") in talk.last
    assert talk.booking.modification is Modification.AWAITING_PAYMENT


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("send me the form to cancel my booking", "cancel"),
        ("minta formulir ubah jadwal", "reschedule"),
        ("gửi biểu mẫu hủy lịch", "cancel"),
    ],
)
def test_without_a_published_form_the_chat_asks_itself(text: str, purpose: str) -> None:
    talk = paid_massage().writes(text)
    assert not isinstance(talk.said[-1], SendFlow)
    assert talk.booking.change is not None
    assert (talk.booking.change.kind.value == "cancel") is (purpose == "cancel")


@pytest.mark.parametrize(
    ("text", "day", "minute"),
    [
        ("the form to move it to 9 November at 5 pm", date(2026, 11, 9), 17 * 60),
        ("minta formulir ubah jadwal ke 9 November", date(2026, 11, 9), None),
        ("gửi biểu mẫu đổi lịch", None, None),
    ],
)
def test_the_form_that_moves_a_booking_begins_with_the_time_that_was_named(
    text: str, day: date | None, minute: int | None
) -> None:
    talk = paid_massage()
    forms = tuple((f"reschedule:{language}", f"flow-{language}") for language in ("en", "id", "vi"))
    meant = understand(text, talk.lead.conversation.expecting, talk.now.date(), talk.now, None)
    decision = decide(talk.lead, wrote(meant, Text(text), at=talk.now), Context(talk.now, talk.business, forms=forms))
    (order,) = [effect.command for effect in decision.effects if isinstance(effect.command, SendFlow)]
    assert order.purpose == "reschedule"
    assert order.known == KnownAnswers(day=day, minute=minute)
    wished = Wished(day=day, minute=minute)
    assert form.answers_of(talk.booking, Purpose.RESCHEDULE, wished).wished == wished


def test_moved_by_form_to_somebody_who_was_chosen_in_it_they_are_named_and_kept() -> None:
    talk = standing()
    friday = "balinese-massage|komang|20261106T0700Z|villa-kamboja"
    answers = form.answers_of(talk.booking, Purpose.RESCHEDULE, Wished())
    answers = replace(answers, provider_id=ProviderId("komang")).with_slot(SlotId(friday))
    context = Context(now=talk.now, business=talk.business)
    shown = form.review(talk.lead, talk.booking.reference, Purpose.RESCHEDULE, answers, context)
    assert shown is not None
    assert "with Komang Wellness" in shown.summary
    event = EventId("internal:form:who")
    reference, purpose = talk.booking.reference, Purpose.RESCHEDULE.value
    talk.tell(ChangeFormSubmitted(event, talk.now, reference, purpose, shown.agreed, friday, HOLD, "komang"))
    assert talk.booking.chosen is not None
    assert (talk.booking.chosen.provider, talk.booking.who) == ("komang", ProviderWish(("komang",)))
    # asked nothing, as a form of before, it leaves whom they booked
    talk = standing()
    agreed = read(talk, Purpose.RESCHEDULE, friday).agreed
    assert sends(talk, Purpose.RESCHEDULE, agreed, friday).booking.who == ProviderWish(("ayu",))


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("the form to move it", "ayu"),
        ("the form to move it, with Komang", "komang"),
        ("minta formulir ubah jadwal sama Komang", "komang"),
        ("gửi biểu mẫu đổi lịch sang chị Komang", "komang"),
    ],
)
def test_the_form_that_moves_a_booking_begins_with_whom_they_named(text: str, known: str) -> None:
    talk = standing()
    forms = tuple((f"reschedule:{language}", f"flow-{language}") for language in ("en", "id", "vi"))
    meant = understand(text, talk.lead.conversation.expecting, talk.now.date(), talk.now, None)
    decision = decide(talk.lead, wrote(meant, Text(text), at=talk.now), Context(talk.now, talk.business, forms=forms))
    (order,) = [effect.command for effect in decision.effects if isinstance(effect.command, SendFlow)]
    assert order.known is not None
    assert order.known.provider == known
