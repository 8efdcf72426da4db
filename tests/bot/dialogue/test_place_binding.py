"""Who sends the code of a place is there: nobody asks where, its price counts, and it ends with the stay."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue import place_binding
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.commands import SendButtons, SendList
from bot.domain.contents import Text
from bot.domain.events import LeadsMerged
from bot.domain.ids import BookingReference, EventId, LeadId
from bot.domain.lead import Lead
from bot.domain.place_codes import BoundPlace
from bot.domain.states import State
from bot.engine.understanding import meant_words
from bot.replies.plain_text import as_text
from intents.understand import understand
from tests.bot.dialogue.states.talk import NOW, Talk
from tests.bot.makers import context, wrote

CODE = "0123-4567-89AB"
MASSAGE = "I want the Balinese massage 60 min tomorrow at 3pm"
DAYS = timedelta(days=14)
STAY_ENDS = NOW + timedelta(days=3)


def arrives(talk: Talk, place: str | None, text: str = f"Hello! place:{CODE}", room: str | None = None) -> Talk:
    """The customer sends a code, which is that place's or nobody's."""
    local = talk.now.astimezone(talk.business.zone)
    meant = understand(meant_words(text), talk.lead.conversation.expecting, local.date(), local, None)
    talk.now += timedelta(seconds=5)
    talk.tell(replace(wrote(meant, Text(text), at=talk.now, event=f"code{len(talk.said)}"), place=place, room=room))
    return talk


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"Hello! place:{CODE}", "I see you are at Villa Padi"),
        (f"Halo! place:{CODE}", "sedang di Villa Padi"),
        (f"Xin chào! place:{CODE}", "đang ở Villa Padi"),
        (f"place:{CODE}", "Villa Padi"),
    ],
)
def test_who_sends_a_code_is_greeted_at_their_place_and_does_not_read_the_code(text: str, words: str) -> None:
    talk = arrives(Talk(), "villa-padi", text)
    assert words in talk.last
    assert isinstance(talk.said[-1], SendButtons)
    assert CODE not in talk.last
    assert talk.lead.bound_place == BoundPlace("villa-padi", talk.now + DAYS)
    assert [dict(one.facts) for one in talk.records if one.what == "at_place"] == [{"place": "villa-padi"}]


def test_the_code_of_a_room_binds_the_room_for_as_long_and_the_places_own_code_ends_it() -> None:
    talk = arrives(Talk(), "villa-padi", room="12")
    assert talk.lead.bound_place == BoundPlace("villa-padi", talk.now + DAYS, "12")
    assert [dict(one.facts) for one in talk.records if one.what == "at_place"] == [
        {"place": "villa-padi", "room": "12"}
    ]
    again = arrives(talk, "villa-padi")
    assert again.lead.bound_place == BoundPlace("villa-padi", again.now + DAYS)


@pytest.mark.parametrize("place", [None, "villa-that-left"])
def test_a_code_that_is_nobodys_is_a_plain_hello_without_harm(place: str | None) -> None:
    talk = arrives(Talk(), place)
    assert talk.last == arrives(Talk(), None, "Hello!").last
    assert talk.lead.bound_place is None
    assert not [one for one in talk.records if one.what == "at_place"]
    assert isinstance(talk.writes(MASSAGE).said[-1], SendList)


def test_a_bare_code_that_is_nobodys_is_greeted_too() -> None:
    talk = arrives(Talk(), None, f"place:{CODE}")
    assert "Hello" in talk.last
    assert talk.lead.conversation.misunderstood == 0


def test_nobody_asks_where_and_the_price_is_the_places() -> None:
    talk = arrives(Talk(), "villa-karang").writes(f"{MASSAGE} for one person", "yes")
    assert talk.booking.chosen is not None
    assert talk.booking.chosen.place == "villa-karang"
    # in Uluwatu it costs more
    assert talk.booking.price is not None
    assert talk.booking.price.amount == 450_000


def test_a_wish_with_the_code_is_a_wish() -> None:
    talk = arrives(Talk(), "villa-padi", f"{MASSAGE} place:{CODE}")
    assert (talk.booking.service, talk.booking.place) == ("balinese-massage", "villa-padi")


@pytest.mark.parametrize(
    ("said", "place"), [(f"{MASSAGE} at Villa Melati", "villa-melati"), (f"{MASSAGE} in Seminyak", "villa-melati")]
)
def test_who_names_another_place_means_it(said: str, place: str) -> None:
    assert arrives(Talk(), "villa-padi").writes(said).booking.place == place


def test_what_is_not_sold_at_their_place_is_unaffected() -> None:
    talk = arrives(Talk(), "villa-padi").writes("I want the sunrise yoga class on 14 November for 2 people")
    assert {one.place for one in talk.booking.offered} == {"bale-sari"}


def test_after_its_days_it_is_asked_again() -> None:
    talk = arrives(Talk(), "villa-padi")
    talk.now += DAYS
    talk.writes(MASSAGE)
    assert talk.booking.place is None
    assert isinstance(talk.said[-1], SendList)


def test_it_lasts_until_the_end_of_a_stay_that_is_booked_there() -> None:
    stay = Booking(
        BookingReference("BK-1"),
        state=State.CONFIRMED,
        service="kamboja-stay",
        chosen=OfferedSlot("s", NOW - timedelta(days=1), STAY_ENDS, None, "villa-kamboja", 4, "h", NOW),
        booked_hold="h",
    )
    guest = Talk(lead=replace(Talk().lead, bookings=(stay,)))
    assert arrives(guest, "villa-kamboja").lead.bound_place == BoundPlace("villa-kamboja", STAY_ENDS)
    elsewhere = Talk(lead=replace(Talk().lead, bookings=(stay,)))
    bound = arrives(elsewhere, "villa-padi").lead.bound_place
    assert bound is not None
    assert bound.until == elsewhere.now + DAYS


def test_a_later_code_takes_the_place_of_an_earlier_one_and_says_so() -> None:
    talk = arrives(arrives(Talk(), "villa-padi"), "villa-melati")
    assert "Villa Melati" in talk.last
    assert talk.lead.bound_place is not None
    assert talk.lead.bound_place.place == "villa-melati"


def test_a_form_begins_with_it_and_the_booking_of_the_chat_stays_open() -> None:
    lead = replace(Talk().lead, bound_place=BoundPlace("villa-padi", NOW + DAYS))
    known = replace(context(), now=NOW)
    booking = Booking(BookingReference("BK-1"))
    assert place_binding.known_at(lead, booking, known).place == "villa-padi"
    named = replace(booking, place="villa-melati")
    assert place_binding.known_at(lead, named, known) == named
    assert place_binding.known_at(Talk().lead, booking, known) == booking


def test_two_leads_that_are_one_person_keep_the_code_that_was_sent_last() -> None:
    talk = arrives(Talk(), "villa-padi")
    later = BoundPlace("villa-melati", talk.now + 2 * DAYS)
    talk.tell(LeadsMerged(EventId("merge"), talk.now, replace(Lead(LeadId("lead-2")), bound_place=later)))
    assert talk.lead.bound_place == later


def test_a_person_in_charge_is_not_disturbed_and_the_place_is_known() -> None:
    talk = Talk().writes("talk to a person")
    said = len(talk.said)
    arrives(talk, "villa-padi")
    assert talk.lead.bound_place is not None
    assert all(CODE not in as_text(one) for one in talk.said[said:])
