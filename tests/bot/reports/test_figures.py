"""Figures: counted, never believed; nothing is divided by nothing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from bot.business.inbox import MessagePrice, template_price
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.ids import BookingReference
from bot.domain.states import State
from bot.reports import agents, bookings, figures, messages
from bot.reports.figures import Figure, FigureUnit, ReportRow, RowKind
from bot.reports.messages import MessageFact
from bot.reports.stories import BookingStory, Noted, StoryMove

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def story(reference: str, *steps: State, every: float = 10, booking: Booking | None = None) -> BookingStory:
    moves = tuple(StoryMove(after(number * every), state, "customer") for number, state in enumerate(steps))
    return BookingStory(reference, "lead-1", moves, booking)


def value(found: tuple[Figure, ...], key: str) -> Decimal | None:
    figure = figures.by_key(found, key)
    assert figure is not None, [one.key for one in found]
    return figure.value


WAY = (State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED, State.SLOT_CONFIRMED)


@pytest.mark.parametrize(
    ("part", "whole", "wanted"), [(0, 0, None), (1, 3, "33.3"), (2, 3, "66.7"), (1, 8, "12.5"), (5, 5, "100.0")]
)
def test_a_share_has_one_decimal_and_none_of_nothing(part: int, whole: int, wanted: str | None) -> None:
    assert figures.percent(part, whole) == (None if wanted is None else Decimal(wanted))


def test_an_average_over_nothing_is_none_and_rows_without_a_value_do_not_count() -> None:
    empty = figures.average("x", FigureUnit.HOURS, [ReportRow(RowKind.BOOKING, "a", NOON)])
    assert (empty.value, empty.rows) == (None, ())


def test_each_step_of_the_funnel_counts_who_ever_came_there() -> None:
    told = [
        story("A", *WAY, State.CONFIRMED, State.COMPLETED),
        story("B", *WAY, State.CANCELLED),
        story("C", State.INQUIRY, State.SERVICE_SELECTED, State.ABANDONED),
        story("D", State.INQUIRY),
        # twice proposed and agreed to is one booking
        story("E", *WAY, State.CONFIRMED, State.RESCHEDULED, State.SLOT_PROPOSED, State.SLOT_CONFIRMED),
    ]
    found = bookings.funnel(told)
    wanted = {"inquiries": 5, "service_selected": 4, "slots_proposed": 3, "confirmed": 3, "completed": 1}
    assert {key: value(found, key) for key in wanted} == wanted
    assert value(found, "completed_share") == 20
    assert [row.id for row in found[5].rows] == ["A", "B", "E"]


def test_an_end_that_was_corrected_counts_once() -> None:
    told = [
        story("A", *WAY, State.CONFIRMED, State.NO_SHOW, State.COMPLETED),
        story("B", *WAY, State.CONFIRMED, State.NO_SHOW),
        story("C", *WAY, State.CANCELLED),
        story("D", State.INQUIRY, State.CANCELLED),
    ]
    found = bookings.outcomes(told)
    assert [value(found, key) for key in ("agreed", "completed", "no_show", "cancelled", "still_open")] == [
        3,
        1,
        1,
        1,
        0,
    ]
    assert value(found, "no_show_share") == Decimal("33.3")
    # cancelled before it was ever confirmed is no cancellation of what was
    assert [value(found, key) for key in ("conversion", "cancellation_rate")] == [Decimal("66.7"), 0]


def test_confirmation_is_timed_from_the_money_and_without_any_from_the_yes() -> None:
    paid = story("A", *WAY, State.PAYMENT_PENDING, State.PAID, State.CONFIRMED)
    free = story("B", *WAY, State.CONFIRMED, every=2)
    found = bookings.timing([paid, free, story("C", *WAY)])
    assert value(found, "confirmation_time") == (600 + 120) / 2
    assert value(found, "inquiry_to_confirmation") == Decimal("0.6")  # 60 and 8 minutes
    assert value(found, "reschedules") is None


def _at(reference: str, provider: str, start: int, minutes: int = 60, service: str = "massage") -> Booking:
    slot = OfferedSlot(f"s{start}", after(start), after(start + minutes), provider)
    return Booking(
        BookingReference(reference), State.CONFIRMED, service=service, chosen=slot, booked_hold=f"h-{reference}"
    )


def test_two_at_once_with_one_person_are_a_double_booking_and_a_group_is_none() -> None:
    known = [_at("A", "ayu", 0), _at("B", "ayu", 60), _at("C", "ketut", 30), _at("G1", "dewi", 0), _at("G2", "dewi", 0)]
    assert bookings.doubly_booked(known) == []
    wrong = bookings.doubly_booked([*known, _at("D", "ayu", 30, 10), _at("E", "dewi", 0, service="yoga")])
    assert sorted(row.id for row in wrong) == ["D", "G1", "G2"]


def test_times_nobody_took_are_wasted_and_a_lost_race_is_told() -> None:
    shown = StoryMove(NOON, State.SLOT_PROPOSED, "system", 3)
    told = [BookingStory("A", "l", (shown, StoryMove(after(1), State.SLOT_CONFIRMED, "customer")), None)]
    lost = Noted("e:0", "refused", NOON, "l", "system", (("fact", "time_taken"), ("target", "SLOT_CONFIRMED")))
    other = Noted("e:1", "refused", NOON, "l", "system", (("fact", "too_soon"), ("target", "SLOT_CONFIRMED")))
    found = bookings.slots(told, [lost, other], [])
    assert [value(found, key) for key in ("proposed", "taken", "wasted", "race_losses")] == [3, 1, 2, 1]
    assert value(found, "taken_share") == Decimal("33.3")


def _line(id_: str, at: float, author: str = "agent", **more: str) -> MessageFact:
    tick, template = more.pop("tick", "read"), more.pop("template", None)
    return MessageFact(id_, "lead-1", author, after(at), tick, template, **more)


def test_only_templates_that_left_cost_anything() -> None:
    lines = [
        _line("a", 0, "customer"),
        _line("b", 1, "bot", template="janji_pay_link", country="6281"),
        _line("c", 2, "bot", template="janji_pay_link", country="6281", tick="failed"),
        _line("d", 3, "bot", template="janji_job", country="8490", tick="sent"),
        _line("e", 4, "bot"),
        _line("f", 5, "bot", template="janji_reopen", country="6281", category="marketing"),
        # what an earlier version sent, and what went where no price is known
        _line("g", 6, "bot", template="janji_reopen"),
    ]
    prices = (MessagePrice("62", 357, 587), MessagePrice("84", 420, 720))
    found = messages.messages(lines, partial(template_price, prices), "IDR")
    assert [value(found, key) for key in ("received", "by_bot", "failed", "templates")] == [1, 6, 1, 4]
    assert [value(found, key) for key in ("template:janji_job", "template_cost:IDR")] == [1, 357 + 420 + 587]
    everywhere = messages.messages(lines, partial(template_price, (*prices, MessagePrice("*", 700, 1400))), "IDR")
    assert value(everywhere, "template_cost:IDR") == 357 + 420 + 587 + 700
    assert figures.by_key(messages.messages(lines, None, "IDR"), "template_cost:IDR") is None


def test_words_are_those_of_whoever_had_the_conversation() -> None:
    def noted(number: int, what: str, at: float, agent: str = "") -> Noted:
        return Noted(f"e{number}:0", what, after(at), "lead-1", "agent", (("agent", agent),) if agent else ())

    history = [
        noted(1, agents.ASKED, 0),
        noted(2, agents.TAKEN, 5, "wayan"),
        noted(3, agents.TAKEN, 20, "rina"),
        noted(4, agents.GIVEN_BACK, 30, "rina"),
        noted(5, agents.ASKED, 60),
    ]
    found = agents.agents(history, [_line("a", 6), _line("b", 21), _line("c", 22), _line("d", 40)])
    assert [value(found, key) for key in ("answers:wayan", "answers:rina", "answers:unknown")] == [1, 2, 1]
    assert [value(found, key) for key in ("first_answer", "first_answer_of:wayan")] == [360, 360]
    assert [value(found, key) for key in ("asked_for_person", "never_answered", "given_back:rina")] == [2, 1, 1]
