"""Bookings for somebody on the phone: known from now on, told by a template, and never against a STOP."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.business.catalogue import ConfirmationRule, PlaceId, ServiceId
from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue.rehearsal import rehearsed
from bot.domain import window
from bot.domain.callers import PhoneCaller
from bot.domain.commands import ChatCommand, SendLink, SendTemplate
from bot.domain.events import StaffAction, StaffAsked
from bot.domain.ids import BookingReference, EventId, LeadId
from bot.domain.languages import CODES
from bot.domain.lead import Address, Lead
from bot.domain.states import Mode, State
from bot.lifecycle import apply
from bot.replies.plain_text import as_text
from bot.slots.claims import NOTHING_TAKEN
from bot.slots.free import Search, free_slots
from tests.bot.business.makers import sample
from tests.bot.dialogue.states.talk import NOW, Talk

NUMBER = "+6281200000077"


def called(
    language: str = "en", lead: Lead | None = None, service: str = "balinese-massage", hold: str = "h1", **changes: Any
) -> Talk:
    """Somebody on the phone for whom the first free time was booked."""
    business = sample()
    known = business.service(service)
    assert known is not None
    if changes:
        services = tuple(replace(one, **changes) if one.id == service else one for one in business.services)
        business = replace(business, services=services)
    talk = Talk(business=business, lead=lead or Lead(LeadId("lead")), pays=True)
    caller = PhoneCaller(NUMBER, "Emma", language)
    return talk.staff(
        StaffAction.CREATE,
        "BK-1",
        service=service,
        slot_id=wanted(business, service),
        guests="1",
        hold_id=hold,
        **caller.facts(),
    )


def wanted(business: Business, service: str) -> str:
    """The first free time in three days; a massage at Villa Melati."""
    known = business.service(service)
    assert known is not None
    day, place = (NOW + timedelta(days=3)).date(), None if known.venue == "online" else PlaceId("villa-melati")
    search = Search(ServiceId(service), day, day, place, None, 1, 1)
    return str(free_slots(business, search, NOW, NOTHING_TAKEN)[0].id)


def leaving(talk: Talk) -> ChatCommand:
    """The first that is said, as it leaves."""
    return window.leaving(talk.lead, talk.said[0], talk.now)


@pytest.mark.parametrize("language", CODES)
def test_who_never_wrote_is_told_all_of_it_by_a_template_with_the_link_on_its_button(language: str) -> None:
    talk = called(language)
    assert talk.booking.state is State.PAYMENT_PENDING
    order = leaving(talk)
    assert isinstance(order, SendTemplate)
    assert (order.name, order.language, bool(order.url_suffix)) == ("janji_phone_to_pay", language, True)
    assert "–" not in order.parameters, "nothing is left blank"
    text = as_text(order)
    assert all(word in text for word in ("BK-1", talk.business.name, "350"))


@pytest.mark.parametrize("language", CODES)
def test_what_costs_nothing_now_is_told_as_booked(language: str) -> None:
    talk = called(language, service="planning-call")
    order = leaving(talk)
    assert talk.booking.state is State.CONFIRMED
    assert isinstance(order, SendTemplate)
    assert (order.name, "–" in order.parameters) == ("janji_phone_booked", False)


@pytest.mark.parametrize("language", CODES)
def test_what_somebody_has_to_accept_is_told_as_asked_for_and_its_link_says_all_of_it(language: str) -> None:
    talk = called(language, confirmation=ConfirmationRule.MANUAL)
    order = leaving(talk)
    assert talk.booking.state is State.PENDING_CONFIRMATION
    assert isinstance(order, SendTemplate)
    assert (order.name, "–" in order.parameters) == ("janji_phone_asking", False)


def test_number_name_and_language_are_known_from_now_on() -> None:
    lead = called("vi").lead
    assert (lead.address.wa_id, lead.name, lead.language) == (NUMBER.removeprefix("+"), "Emma", "vi")


def test_what_a_customer_said_themselves_is_surer_than_what_was_heard() -> None:
    before = Lead(LeadId("lead"), Address(wa_id="6281200000077"), "Emma Watson").conversing(language="id")
    lead = called("vi", before).lead
    assert (lead.name, lead.language) == ("Emma Watson", "id")


def test_inside_their_window_they_are_told_in_words() -> None:
    talk = called(lead=Lead(LeadId("lead"), Address(wa_id="6281200000077")).conversing(last_inbound_at=NOW))
    order = leaving(talk)
    assert isinstance(order, SendLink)
    assert "BK-1" in order.body


def test_a_window_that_closed_long_ago_is_no_deadline_for_their_money() -> None:
    talk = called(lead=Lead(LeadId("lead")).conversing(last_inbound_at=NOW - timedelta(days=9)))
    assert talk.booking.state is State.PAYMENT_PENDING
    assert talk.booking.pay_by is not None
    assert talk.booking.pay_by > NOW


def test_who_has_stopped_our_messages_is_not_booked_for_and_the_time_is_free_again() -> None:
    talk = called(lead=Lead(LeadId("lead")).conversing(opted_out=True))
    assert talk.lead.bookings == ()
    assert (talk.said, talk.let_go) == ([], ["h1"])
    (record,) = talk.records
    assert dict(record.facts)["fact"] == "wants_no_messages"


def test_agreed_with_a_person_it_goes_though_a_person_has_the_conversation() -> None:
    talk = called(lead=apply.set_mode(Lead(LeadId("lead")), Mode.AGENT))
    assert (len(talk.said), talk.drafts) == (1, [])
    assert talk.lead.alarms == ()


def test_once_they_write_the_next_link_is_an_ordinary_one() -> None:
    talk = called()
    talk.lead = talk.lead.conversing(last_inbound_at=talk.now)
    talk.taps(f"paynew:{talk.booking.reference}")
    order = talk.said[-1]
    assert isinstance(order, SendLink)
    assert order.outside is not None
    assert order.outside.name == "janji_pay_link"


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("service", ["balinese-massage", "planning-call"])
def test_what_is_read_before_the_yes_is_what_they_read_then(language: str, service: str) -> None:
    business, reference = sample(), BookingReference("BK-1")
    facts = {"service": service, "slot_id": wanted(business, service), "guests": "1", "hold_id": "h1"}
    facts |= PhoneCaller(NUMBER, "Emma", language).facts()
    asked = StaffAsked(EventId("r"), NOW, "dewi", StaffAction.CREATE, reference, tuple(facts.items()))
    after, said = rehearsed(Lead(LeadId("lead")), asked, Context(now=NOW, business=business))
    talk = called(language, service=service)
    assert said is not None
    assert as_text(window.leaving(after, said, NOW)) == as_text(leaving(talk))
    booking = after.booking("BK-1")
    assert booking is not None
    assert (booking.state, booking.due) == (talk.booking.state, talk.booking.due)
