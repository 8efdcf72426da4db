"""Who is ill says so in their own words: asked as little as possible, and nothing is done before a tap confirms it."""

from datetime import date, timedelta

import pytest

from bot.business.context import Context
from bot.dialogue.partners.decide import decide
from bot.domain.commands import SendButtons
from bot.domain.ids import EventId
from bot.domain.outcome import Decided
from bot.domain.partner import Partner
from bot.domain.partner_events import DayOffNoted
from bot.domain.partner_orders import TakeDayOff
from bot.replies.days_off import DAY_OFF_TAP, FINE_TAP
from tests.bot.business.makers import sample
from tests.bot.dialogue.partners.makers import KETUT, a_partner, said, tapped, wrote
from tests.bot.makers import NOW

CONTEXT = Context(now=NOW, business=sample())
TODAY = NOW.astimezone(CONTEXT.business.zone).date()
TOMORROW = TODAY + timedelta(days=1)


def days_asked(decided: Decided[Partner]) -> list[date]:
    (effect,) = decided.effects
    assert isinstance(effect.command, SendButtons)
    assert effect.command.buttons[-1].id == FINE_TAP
    return [date.fromisoformat(button.id.removeprefix(DAY_OFF_TAP)) for button in effect.command.buttons[:-1]]


@pytest.mark.parametrize(
    ("body", "days"),
    [
        ("saya sakit hari ini", [TODAY]),
        ("Maaf kak, saya demam. Besok ga bisa masuk", [TOMORROW]),
        ("lagi sakit kak", [TODAY, TOMORROW]),
        ("tôi bị ốm", [TODAY, TOMORROW]),
        ("hôm nay em bị sốt ạ", [TODAY]),
        ("ngày mai cho em xin nghỉ", [TOMORROW]),
        ("I'm sick, can't come", [TODAY, TOMORROW]),
        ("Sorry, I am ill today", [TODAY]),
        ("I can't come today and tomorrow", [TODAY, TOMORROW]),
    ],
)
def test_the_day_they_name_is_confirmed_by_one_tap_and_else_one_of_two_is_chosen(body: str, days: list[date]) -> None:
    decided = decide(a_partner(), wrote(body), CONTEXT)
    assert days_asked(decided) == days
    tap = decide(decided.thread, tapped(f"{DAY_OFF_TAP}{days[0].isoformat()}"), CONTEXT)
    assert [effect.command for effect in tap.effects] == [TakeDayOff(KETUT, days[0])]


@pytest.mark.parametrize("body", ["I'll be there", "my work", "bisa kak", "the hill villa", "cảm ơn", "siap", "skill"])
def test_other_words_ask_nothing(body: str) -> None:
    decided = decide(a_partner(), wrote(body), CONTEXT)
    assert not any(DAY_OFF_TAP in str(effect.command) for effect in decided.effects)


@pytest.mark.parametrize(
    "day", [(TODAY - timedelta(days=1)).isoformat(), (TODAY + timedelta(days=60)).isoformat(), "soon", ""]
)
def test_a_button_of_another_time_does_nothing_and_says_so(day: str) -> None:
    decided = decide(a_partner(), tapped(f"{DAY_OFF_TAP}{day}"), CONTEXT)
    assert "untuk hari lain" in said(decided)


def test_who_taps_that_they_can_work_gives_nothing_back() -> None:
    asked = decide(a_partner(), wrote("saya sakit"), CONTEXT).thread
    decided = decide(asked, tapped(FINE_TAP), CONTEXT)
    assert not any(isinstance(effect.command, TakeDayOff) for effect in decided.effects)


def test_it_is_noted_with_what_is_done_about_their_jobs() -> None:
    for given_back, words in ((0, "tidak ada jadwal baru"), (2, "sedang kami carikan yang lain")):
        assert words in said(decide(a_partner(), DayOffNoted(EventId("e"), NOW, TODAY, given_back), CONTEXT))
