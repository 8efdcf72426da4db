"""What was called off or missed is offered again with one button, which brings along what is known."""

from dataclasses import replace

import pytest

from bot.business.context import Context
from bot.dialogue.decide import decide
from bot.domain.commands import SendButtons, SendText
from bot.domain.contents import Tap
from bot.domain.events import StaffAction
from bot.domain.states import State
from bot.domain.timers import TimerKind
from bot.replies.rebooking import REBOOK_TAP, read_tap
from intents.understand import understand
from intents.understanding import ExpectedAnswer
from tests.bot.business.makers import sample
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_attendance import WISHES, booked, rung
from tests.bot.makers import wrote

MASSAGE = "balinese massage 60 min at villa senja tomorrow at 11"
AGAIN = {"en": "Book again", "id": "Pesan lagi", "vi": "Đặt lại"}


def massage() -> Talk:
    return Talk(pays=True).writes(MASSAGE, "yes").pay()


def the_button(talk: Talk) -> str:
    order = talk.said[-1]
    assert isinstance(order, SendButtons)
    return next(button.id for button in order.buttons if button.id.startswith(REBOOK_TAP))


def test_called_off_it_is_a_booking_of_its_own_with_service_place_and_people_of_the_former() -> None:
    talk = massage()
    former = talk.booking
    talk.staff(StaffAction.CANCEL, cause="business", reason="ill")
    talk.taps(the_button(talk))
    again = talk.booking
    assert again.reference != former.reference
    assert (again.state, again.previous) == (State.SERVICE_SELECTED, (str(former.reference),))
    assert (again.service, again.place, again.guests) == (former.service, former.place, former.guests)


@pytest.mark.parametrize("language", WISHES)
def test_missed_it_is_offered_again_too(language: str) -> None:
    talk = booked(language)
    former = talk.booking.reference
    rung(talk, TimerKind.SHOW_UP)
    rung(talk, TimerKind.NO_SHOW)
    order = talk.said[-1]
    assert isinstance(order, SendButtons)
    assert [button.title for button in order.buttons] == [AGAIN[language]]
    talk.taps(the_button(talk))
    assert (talk.booking.state, talk.booking.previous) == (State.SERVICE_SELECTED, (str(former),))


def test_who_asked_for_silence_is_told_the_fact_and_offered_nothing() -> None:
    talk = massage().writes("STOP")
    talk.staff(StaffAction.CANCEL, cause="business", reason="ill")
    order = talk.said[-1]
    assert isinstance(order, SendText)
    assert "another time later" not in order.body


def test_a_house_that_does_not_offer_it_says_only_that_it_is_over() -> None:
    known = sample()
    talk = Talk(replace(known, sop=replace(known.sop, rebook_offer=False)), pays=True).writes(MASSAGE, "yes").pay()
    talk.staff(StaffAction.CANCEL, cause="business", reason="ill")
    assert isinstance(talk.said[-1], SendText)


def test_a_button_of_before_brings_the_service_alone() -> None:
    assert read_tap("BK-1:balinese-massage") == ("BK-1", "balinese-massage", None, "")
    talk = Talk().taps(f"{REBOOK_TAP}BK-1:balinese-massage")
    assert (talk.booking.service, talk.booking.place, talk.booking.previous) == ("balinese-massage", None, ("BK-1",))


@pytest.mark.parametrize("begun", ["book something", "book a private chef at Villa Karang", MASSAGE])
def test_the_button_counts_while_another_booking_is_looked_for(begun: str) -> None:
    talk = Talk().writes(begun)
    holds = talk.booking.holds
    talk.taps(f"{REBOOK_TAP}BK-1:balinese-massage:1:villa-melati")
    assert (talk.booking.service, talk.booking.place, talk.booking.previous) == (
        "balinese-massage",
        "villa-melati",
        ("BK-1",),
    )
    assert len([one for one in talk.lead.bookings if one.state is not State.CANCELLED]) == 1
    assert set(holds) <= set(talk.let_go)
    asked = talk.booking.reference
    talk.taps(f"{REBOOK_TAP}BK-1:balinese-massage:1:villa-melati")
    assert talk.booking.reference == asked


@pytest.mark.parametrize(
    ("known", "guests", "place"),
    [
        ("4:villa-senja", 4, "villa-senja"),
        ("4:villa-nowhere", 4, None),
        ("99:villa-senja", None, "villa-senja"),
        ("x:", None, None),
    ],
)
def test_what_is_not_sold_so_any_more_is_asked_again(known: str, guests: int | None, place: str | None) -> None:
    talk = Talk().taps(f"{REBOOK_TAP}BK-1:private-chef:{known}")
    assert (talk.booking.guests, talk.booking.place) == (guests, place)


@pytest.mark.parametrize(("language", "title"), AGAIN.items())
def test_what_stands_on_the_button_is_no_stop_and_no_start(language: str, title: str) -> None:
    talk = Talk()
    local = talk.now.astimezone(talk.business.zone)
    # as it is read through the doors: by its label
    read = understand(title, ExpectedAnswer.NOTHING, local.date(), local, None)
    lead = talk.lead.conversing(language=language, last_inbound_at=talk.now)
    tapped = wrote(read, Tap(f"{REBOOK_TAP}BK-1:planning-call", title), at=talk.now)
    (booking,) = decide(lead, tapped, Context(talk.now, talk.business)).lead.bookings
    assert (booking.service, booking.previous) == ("planning-call", ("BK-1",))
