"""A wish that the house's rules do not allow is answered with its reason before the nearest times, and for who asks."""

from datetime import timedelta

import pytest

from bot.dialogue.decide import decide
from bot.domain.booking import BookingWish
from bot.domain.commands import SendButtons, SendList, SendText
from bot.domain.contents import Text
from bot.domain.events import Event, SlotsFound
from bot.domain.ids import EventId
from bot.domain.lead import Lead
from bot.domain.offers import Fit
from bot.domain.outcome import Decision
from bot.domain.states import State
from bot.replies.waiting import JOIN_TAP
from intents.understanding import Intent, Language
from tests.bot.makers import NOW, context, meaning, wrote
from tests.bot.paying import REFERENCE, SLOT, a_booking, a_customer

DAY = NOW.astimezone(context().business.zone).date() + timedelta(days=2)
SIX = BookingWish(DAY, DAY, 6 * 60, 6 * 60)
TEN = BookingWish(DAY, DAY, 10 * 60, 10 * 60)
REASON = {
    Language.EN: "begins between 09:00 and 20:00",
    Language.ID: "mulai antara 09.00 dan 20.00",
    Language.VI: "bắt đầu trong khoảng 09:00 đến 20:00",
}


def searched(wish: BookingWish, language: Language = Language.EN, **more: object) -> Lead:
    booking = a_booking(
        state=State.SERVICE_SELECTED,
        chosen=None,
        offered=(),
        explicitly_confirmed=False,
        price=None,
        due=None,
        wish=wish,
        asked_when=True,
        **more,
    )
    return a_customer(booking, language)


def told(lead: Lead, event: Event) -> Decision:
    return decide(lead, event, context())


def found(fit: Fit = Fit.OTHER_TIMES) -> SlotsFound:
    offers = () if fit is Fit.NOTHING else (SLOT,)
    return SlotsFound(EventId("done:1:0"), NOW, REFERENCE, offers, fit)


def body(decision: Decision) -> str:
    orders = (effect.command for effect in decision.effects)
    return "\n".join(order.body for order in orders if isinstance(order, SendText | SendButtons | SendList))


def offers_the_list(decision: Decision) -> bool:
    orders = [effect.command for effect in decision.effects]
    buttons = [one for order in orders if isinstance(order, SendButtons) for one in order.buttons]
    return any(button.id.startswith(JOIN_TAP) for button in buttons)


@pytest.mark.parametrize("language", Language)
def test_the_reason_stands_before_the_nearest_times(language: Language) -> None:
    decided = told(searched(SIX, language), found())
    assert REASON[language] in body(decided)
    assert not offers_the_list(decided)


def test_what_is_only_taken_may_be_waited_for() -> None:
    decided = told(searched(TEN), found())
    assert "not free at that hour" in body(decided)
    assert offers_the_list(decided)


def test_where_nothing_works_the_reason_is_said_with_what_would() -> None:
    far = DAY + timedelta(days=300)
    decided = told(searched(BookingWish(far, far)), found(Fit.NOTHING))
    assert "That is too far ahead" in body(decided)
    assert "nothing free" not in body(decided)


def test_too_few_nights_are_asked_for_once_more() -> None:
    lead = searched(BookingWish(DAY + timedelta(days=9), DAY + timedelta(days=9)), nights=1)
    booking = lead.bookings[0]
    stay = lead.with_booking(
        type(booking)(
            REFERENCE,
            booking.state,
            service="kamboja-stay",
            place="villa-kamboja",
            guests=2,
            nights=1,
            wish=booking.wish,
            asked_when=True,
        )
    )
    decided = told(stay, found(Fit.NOTHING))
    assert "at least 2 nights" in body(decided)
    assert "For how many nights?" in body(decided)
    assert decided.lead.bookings[0].nights == 0


@pytest.mark.parametrize(
    ("language", "asks"),
    [
        (Language.EN, "why not?"),
        (Language.EN, "Why can't I have that time?"),
        (Language.ID, "kenapa tidak bisa kak?"),
        (Language.VI, "sao không được vậy?"),
    ],
)
def test_who_asks_why_hears_the_reason_and_the_times_again(language: Language, asks: str) -> None:
    lead = told(searched(SIX, language), found()).lead
    decided = told(lead, wrote(meaning(Intent.OOS, language), Text(asks), event="m4"))
    assert REASON[language] in body(decided)
    assert any(isinstance(effect.command, SendButtons | SendList) for effect in decided.effects)


def test_who_asks_why_of_a_full_day_hears_that_it_is_full() -> None:
    lead = told(searched(TEN), found()).lead
    decided = told(lead, wrote(meaning(Intent.OOS), Text("why not?"), event="m4"))
    assert "fully booked then" in body(decided)
