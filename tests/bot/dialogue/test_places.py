"""Law: the contact of a place knows of every booking there that stands and is to come, and of no other, whoever moved
it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from bot.business.catalogue import PlaceNotices
from bot.business.context import Context
from bot.dialogue.decide import decide
from bot.domain.arrival import Arrival, PlaceNews, TellPlace
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.events import Event, LeadsMerged, StaffAction, StaffAsked
from bot.domain.ids import BookingReference, EventId
from bot.domain.lead import Lead
from bot.domain.outcome import Decision
from bot.domain.states import State
from bot.lifecycle.place_notices import arrival_of
from tests.bot.anything import EVENTS, LEADS
from tests.bot.dialogue.test_followers import after
from tests.bot.makers import NOW, a_lead, context
from tests.conftest import PROVE

SEE = settings(max_examples=1_000 if PROVE else 100, deadline=None)
LATER = replace(context(), now=NOW + timedelta(hours=1))
START = NOW + timedelta(days=3)
REFERENCE = BookingReference("BK-1")


def massage(state: State = State.CONFIRMED) -> Booking:
    slot = OfferedSlot("s", START, START + timedelta(hours=1), "wayan", "villa-padi")
    return Booking(REFERENCE, state, service="balinese-massage", guests=2, chosen=slot, booked_hold="h")


def wanting(notices: PlaceNotices) -> Context:
    business = context().business
    places = tuple(replace(place, notices=notices) for place in business.places)
    return replace(context(), business=replace(business, places=places))


def orders(decision: Decision) -> list[TellPlace]:
    return [effect.command for effect in decision.effects if isinstance(effect.command, TellPlace)]


def cancelled(by: str = "operations") -> StaffAsked:
    return StaffAsked(EventId("e"), NOW, by, StaffAction.CANCEL, REFERENCE, (("cause", "customer"), ("reason", "ill")))


@SEE
@given(LEADS, EVENTS)
def test_what_a_place_was_told_is_what_stands(lead: Lead, event: Event) -> None:
    decision = decide(lead, event, LATER)
    told: dict[tuple[str, str], Arrival] = {}
    for booking in (*lead.bookings, *(event.younger.bookings if isinstance(event, LeadsMerged) else ())):
        arrival = arrival_of(booking)
        if arrival is not None:
            told.setdefault((arrival.booking, arrival.place), arrival)
    for order in orders(decision):
        key = (order.arrival.booking, order.arrival.place)
        if order.news is PlaceNews.CALLED_OFF:
            assert told.pop(key) == order.arrival
        else:
            assert (key in told) is (order.news is PlaceNews.MOVED)
            assert told.get(key) != order.arrival, "nothing twice"
            told[key] = order.arrival
    stands = {one for booking in after(decision).values() if (one := arrival_of(booking)) is not None}
    to_come = {one for one in stands if one.ends_at > LATER.now and LATER.business.place(one.place) is not None}
    assert to_come <= set(told.values())
    if not isinstance(event, LeadsMerged):
        touched = set(after(decision))
        assert {one for one in told.values() if one.booking in touched and one.ends_at > LATER.now} <= stands


def test_cancelled_by_staff_the_place_hears_of_it_and_the_same_event_again_names_the_same() -> None:
    lead = a_lead().with_booking(massage())
    decision = decide(lead, cancelled(), context())
    (order,) = orders(decision)
    assert (order.news, order.arrival.starts_at) == (PlaceNews.CALLED_OFF, START)
    again = decide(lead, cancelled(), context())
    assert [effect.id for effect in again.effects] == [effect.id for effect in decision.effects]


@pytest.mark.parametrize(("notices", "told"), [("each", 1), ("digest", 0), ("none", 0)])
def test_a_place_hears_as_it_wants_to(notices: str, told: int) -> None:
    lead = a_lead().with_booking(massage())
    assert len(orders(decide(lead, cancelled(), wanting(PlaceNotices(notices))))) == told


def test_what_begins_today_is_told_at_once_to_who_wants_a_digest() -> None:
    today = replace(massage(), chosen=OfferedSlot("s", NOW, NOW + timedelta(hours=1), "wayan", "villa-padi"))
    lead = a_lead().with_booking(today)
    assert len(orders(decide(lead, cancelled(), wanting(PlaceNotices.DIGEST)))) == 1
