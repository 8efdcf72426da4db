"""What has no price is not sold: not offered, not booked, told kindly, and the missing row is on record."""

from dataclasses import replace
from datetime import date, timedelta

from bot.business.definition import Business
from bot.dialogue import choice
from bot.dialogue.decide import decide
from bot.domain.alarms import AlarmReason
from bot.domain.booking import Booking, BookingWish
from bot.domain.commands import BookSlot, RecordAudit, SendButtons, SendText
from bot.domain.events import SlotsFound
from bot.domain.form_events import FormSubmitted
from bot.domain.ids import EventId
from bot.domain.offers import Fit
from bot.domain.outcome import Decision
from bot.domain.states import State
from bot.lifecycle.quotes import QuoteDenied, quote
from bot.slots.claims import NOTHING_TAKEN
from bot.slots.free import Search, free_slots
from tests.bot.business.makers import sample
from tests.bot.changing import a_paid_booking, slot, to
from tests.bot.makers import NOW, context
from tests.bot.paying import REFERENCE, SLOT, a_booking, a_customer

LAST = (NOW + timedelta(days=3)).date()
"""The last day that has a price."""


def ending(*, twice: bool = False) -> Business:
    """The sample whose massage has a price until `LAST` only; or two that fit alike."""
    rows = tuple(
        replace(row, until_day=LAST) if row.service == "balinese-massage" and not twice else row
        for row in sample().prices
    )
    return replace(sample(), prices=(replace(rows[0], id="twin"), *rows) if twice else rows, version="ending")


def under(business: Business, lead_booking: Booking, event: SlotsFound) -> Decision:
    return decide(a_customer(lead_booking), event, replace(context(), business=business))


def said(decision: Decision) -> str:
    return "\n".join(e.command.body for e in decision.effects if isinstance(e.command, SendText | SendButtons))


def recorded(decision: Decision) -> list[dict[str, str]]:
    return [dict(e.command.facts) for e in decision.effects if isinstance(e.command, RecordAudit)]


def searching(day: date) -> Booking:
    wish = BookingWish(day, day)
    return a_booking(
        state=State.SERVICE_SELECTED, chosen=None, offered=(), explicitly_confirmed=False, price=None, wish=wish
    )


def test_no_time_without_a_price_is_free() -> None:
    search = Search(sample().services[1].id, LAST, LAST + timedelta(days=1), sample().places[0].id)
    days = {one.start.astimezone(sample().zone).date() for one in free_slots(ending(), search, NOW, NOTHING_TAKEN)}
    assert days == {LAST}
    assert free_slots(ending(twice=True), search, NOW, NOTHING_TAKEN) == ()


def test_a_day_without_a_price_is_told_kindly_and_the_missing_row_is_on_record() -> None:
    event = SlotsFound(EventId("found"), NOW, REFERENCE, (), Fit.NOTHING)
    decided = under(ending(), searching(LAST + timedelta(days=2)), event)
    assert "there is no price yet" in said(decided)
    assert "nothing free" not in said(decided)
    assert [one.reason for one in decided.lead.alarms] == [AlarmReason.PRICE_MISSING]
    assert any("on 2026-03-07 for 1: no row" in facts.get("values", "") for facts in recorded(decided))


def test_a_full_day_with_a_price_is_only_full() -> None:
    event = SlotsFound(EventId("found"), NOW, REFERENCE, (), Fit.NOTHING)
    decided = under(ending(), searching(LAST), event)
    assert "nothing free" in said(decided)
    assert decided.lead.alarms == ()


def test_a_chosen_time_without_a_price_is_not_summed_up_as_free() -> None:
    late = slot(NOW + timedelta(days=9))
    outcome = choice.choose(a_customer(), searching(LAST), late, NOW, replace(context(), business=ending()))
    (request,) = outcome.requests[:1]
    assert isinstance(request.command, SendText)
    assert "there is no price yet" in request.command.body
    booking = outcome.lead.bookings[-1]
    assert (booking.chosen, booking.price) == (None, None)


def test_two_rows_that_fit_alike_are_no_price_and_both_are_named() -> None:
    gap = choice.price_gap_of(a_booking(), SLOT, replace(context(), business=ending(twice=True)))
    assert gap is not None
    assert str(gap).endswith("for 1: twin and prices[1] fit alike")


def test_a_form_sent_after_the_price_went_books_nothing() -> None:
    event = FormSubmitted(
        id=EventId("form"),
        at=NOW,
        service="balinese-massage",
        slot_id=slot(NOW + timedelta(days=9)).slot_id,
        hold_id="hold-9",
        guests=1,
        name="Sari",
        notes="",
    )
    decided = decide(a_customer(searching(LAST)), event, replace(context(), business=ending()))
    assert not [e for e in decided.effects if isinstance(e.command, BookSlot)]
    assert "there is no price yet" in said(decided)
    assert [one.reason for one in decided.lead.alarms] == [AlarmReason.PRICE_MISSING]


def test_a_change_to_a_day_without_a_price_has_no_quote_and_names_the_row() -> None:
    denied = quote(a_paid_booking(), to(slot(NOW + timedelta(days=9))), replace(context(), business=ending()))
    assert isinstance(denied, QuoteDenied)
    assert denied.price_row == "balinese-massage by ayu at villa-melati (seminyak) on 2026-03-11 for 1: no row"
