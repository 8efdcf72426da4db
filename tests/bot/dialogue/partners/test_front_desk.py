"""The contact of a place sees today's guests and says of each that they are there, or have left."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.partners.decide import decide
from bot.domain.commands import SendButtons, SendList
from bot.domain.front_desk import DeskGuest, DeskStep
from bot.domain.ids import EventId
from bot.domain.partner_events import GuestsFound, GuestStepped
from bot.domain.partner_orders import FindGuests, StepGuest
from bot.engine.front_desk import NOT_THEIRS
from bot.replies import front_desk as words
from tests.bot.dialogue.partners.makers import KETUT, a_partner, said, tapped, wrote
from tests.bot.makers import NOW, context

MADE = "+6281200000105"
"""The contact of Villa Kamboja in the sample, who reads Indonesian."""
EMMA = DeskGuest("BK-1", "villa-kamboja", "Emma", 2, NOW, DeskStep.ARRIVED)
RINA = DeskGuest("BK-2", "villa-kamboja", None, 4, NOW - timedelta(hours=3), DeskStep.LEFT)


@pytest.mark.parametrize("asked", ["Tamu hari ini", "guests today!", "khách hôm nay"])
def test_todays_guests_are_looked_up_by_word_and_by_button(asked: str) -> None:
    for event in (wrote(asked), tapped(words.GUESTS_TAP)):
        (effect,) = decide(a_partner(MADE), event, context()).effects
        assert effect.command == FindGuests(MADE)


def test_the_card_says_who_comes_who_leaves_and_who_stays_with_a_tap_each_and_no_number() -> None:
    found = decide(a_partner(MADE), GuestsFound(EventId("done:x"), NOW, (RINA, EMMA), 2), context())
    card = said(found)
    for line in ("Datang:\n• 17.00 · Emma · 2 orang · Villa Kamboja", "Pulang:\n• 14.00 ·", "Masih menginap: 2"):
        assert line in card
    (effect,) = found.effects
    assert isinstance(effect.command, SendList)
    assert [row.id for row in effect.command.rows] == ["work:out:BK-2", "work:in:BK-1"]
    assert "62812" not in card


def test_a_day_without_guests_is_said_so() -> None:
    assert "Tidak ada tamu" in said(decide(a_partner(MADE), GuestsFound(EventId("done:x"), NOW, ()), context()))


@pytest.mark.parametrize("step", list(DeskStep))
def test_a_tap_of_a_row_is_that_step_of_that_booking(step: DeskStep) -> None:
    (effect,) = decide(a_partner(MADE), tapped(f"{words.step_tap(step)}BK-1"), context()).effects
    assert effect.command == StepGuest(MADE, "BK-1", step)


def test_what_came_of_it_is_said_or_why_not() -> None:
    def told(step: DeskStep, refusal: str | None = None, guest: DeskGuest | None = EMMA) -> str:
        event = GuestStepped(EventId("done:x"), NOW, step, "BK-1", guest, refusal)
        return said(decide(a_partner(MADE), event, context()))

    assert "Emma sudah check-in di Villa Kamboja" in told(DeskStep.ARRIVED)
    assert "Emma sudah check-out dari Villa Kamboja" in told(DeskStep.LEFT)
    assert "baru datang" in told(DeskStep.ARRIVED, "arrival")
    assert "belum bisa dicatat" in told(DeskStep.LEFT, "transition")
    assert "bukan tamu kakak" in told(DeskStep.ARRIVED, NOT_THEIRS, None)


def test_more_guests_than_a_list_has_rows_are_all_named_and_the_first_have_a_tap() -> None:
    many = tuple(replace(EMMA, booking=f"BK-{number}", guest=f"Guest {number}") for number in range(14))
    found = decide(a_partner(MADE), GuestsFound(EventId("done:x"), NOW, many), context())
    (effect,) = found.effects
    assert isinstance(effect.command, SendList)
    assert len(effect.command.rows) == 10
    assert "Guest 13" in effect.command.body


def test_the_menu_has_it_for_who_has_a_place_alone() -> None:
    place = decide(a_partner(MADE), wrote("halo"), context()).thread
    offered = decide(place, wrote("halo", "2"), context()).effects[-1].command
    assert isinstance(offered, SendButtons)
    assert words.GUESTS_TAP in [button.id for button in offered.buttons]
    cleaner = decide(a_partner(KETUT), wrote("halo"), context()).thread
    offered = decide(cleaner, wrote("halo", "2"), context()).effects[-1].command
    assert isinstance(offered, SendButtons)
    assert words.GUESTS_TAP not in [button.id for button in offered.buttons]


def test_who_has_left_the_file_hears_nothing() -> None:
    assert not decide(a_partner("+6281299999999"), GuestsFound(EventId("done:x"), NOW, (EMMA,)), context()).effects
