"""Somebody else for a booking that stands: named with another day or with none, said where they have no time, and
applied after the one yes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from pydantic import TypeAdapter

from bot.business.definition import Business
from bot.domain.booking import Booking
from bot.domain.change import ChangeKind, ChangeWish
from bot.domain.events import StaffAction
from bot.domain.offers import ProviderWish
from bot.domain.states import Modification
from bot.domain.task import SERVICE_TASK
from tests.bot.dialogue.changes.test_asking import paid
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.test_provider_choice import ALIKE, house, in_canggu, searched

FRIDAY = date(2026, 11, 6)
AWAY_ON_FRIDAY = (
    "id: komang\n    name: Komang Wellness",
    'id: komang\n    name: Komang Wellness\n    days_off: ["2026-11-06"]',
)


def standing(*changes: tuple[str, str], named: str = " with Ayu", business: Business | None = None) -> Talk:
    """Paid, by Ayu, on Saturday at three in the afternoon, where both come and both work."""
    talk = Talk(business or house(ALIKE, *changes), pays=True)
    in_canggu(talk.writes(f"balinese massage{named} on saturday at 3pm")).writes("yes").pay()
    assert talk.booking.modification is Modification.NONE
    assert theirs(talk.booking) == ("ayu", date(2026, 11, 7), 15)
    return talk


def theirs(booking: Booking) -> tuple[str | None, date, int]:
    """Who gives it, on which day, at which hour."""
    assert booking.chosen is not None
    local = booking.chosen.start + timedelta(hours=8)
    return booking.chosen.provider, local.date(), local.hour


@pytest.mark.parametrize(
    ("words", "said", "yes"),
    [
        ("can we move it to Friday with Komang", "with Komang Wellness", "yes"),
        ("pindah ke Jumat sama Komang ya", "with Komang Wellness", "ya"),
        ("chuyển sang thứ Sáu với chị Komang nhé", "with Komang Wellness", "ok"),
    ],
)
def test_moved_to_a_day_with_somebody_who_is_named_it_is_theirs_after_one_yes(words: str, said: str, yes: str) -> None:
    talk = standing().writes(words)
    assert said in talk.last
    talk.taps_row(0)
    assert theirs(talk.booking) == ("komang", FRIDAY, 15)
    assert talk.booking.who == ProviderWish(("komang",))
    assert said in talk.last


@pytest.mark.parametrize(
    "words",
    [
        "same time, but with Komang",
        "jam yang sama tapi sama Komang",
        "cùng giờ nhưng với chị Komang",
        "with Komang please",
        "I want Komang",
        "boleh sama mbak Komang aja?",
        "tetap jam 3 tapi sama Komang",
        "ganti terapis jadi Komang",
        "can we change to Komang",
        "cho mình đổi sang chị Komang nhé",
    ],
)
def test_named_with_no_other_day_only_who_gives_it_is_changed(words: str) -> None:
    talk = standing().writes(words)
    change = talk.booking.change
    assert change is not None
    assert change.kind is ChangeKind.PROVIDER
    assert "with Komang Wellness" in talk.last
    talk.taps_row(0)
    assert theirs(talk.booking) == ("komang", date(2026, 11, 7), 15)
    assert not talk.lead.waits_for_person


@pytest.mark.parametrize(
    "words",
    [
        "I want to talk with Komang",
        "balinese massage with Komang tomorrow",
        "is Komang free?",
        "who is Komang",
        "terima kasih mbak Komang",
        "halo mbak Komang",
        "cảm ơn chị Komang",
        "ok mbak Komang",
        "saya datang mbak Komang",
        "tell Ms Komang I'm late",
        "cancel",
    ],
)
def test_a_name_in_other_words_leaves_the_booking_alone(words: str) -> None:
    talk = standing().writes(words)
    (standing_one,) = [one for one in talk.lead.bookings if one.booked_hold is not None]
    assert standing_one.change is None or standing_one.change.kind is ChangeKind.CANCEL


def test_where_they_have_no_time_that_day_it_is_said_and_others_stand_next_to_theirs() -> None:
    talk = standing(AWAY_ON_FRIDAY).writes("can we move it to Friday with Komang")
    assert "Komang Wellness has no free time then" in talk.last
    change = talk.booking.change
    assert change is not None
    assert change.quote is None
    assert {slot.provider for slot in change.offered} == {"ayu", "komang"}
    talk.writes("the one with Komang")
    assert "with Komang Wellness" in talk.last


def test_who_gives_something_else_is_said() -> None:
    talk = standing().writes("can we move it to Friday with Nyoman")
    assert "Chef Nyoman does not give Balinese massage" in talk.last
    assert talk.booking.change is not None
    assert talk.booking.change.offered


def test_whom_they_booked_is_no_wish_of_another_service() -> None:
    talk = standing().writes("can we change it to a private chef dinner for 2 on saturday at 6pm")
    assert searched(talk).wished is None
    assert "Ayu" not in talk.last
    talk.taps_row(0).writes("yes").pay()
    assert (talk.booking.service, talk.booking.who) == ("private-chef", ProviderWish())


def test_who_has_it_named_alone_asks_for_nothing_new_and_is_kept_for_the_day_that_is_asked() -> None:
    talk = standing(named="").writes("can we move it with Ayu")
    assert "Which day and time would suit you?" in talk.last
    talk.writes("Friday")
    assert searched(talk).wished == "ayu"


def test_whom_they_booked_by_name_is_meant_when_it_is_moved_until_they_say_otherwise() -> None:
    assert searched(standing().writes("move it to Friday")).wished == "ayu"
    assert searched(standing(named="").writes("move it to Friday")).wished is None
    assert searched(standing().writes("move it to Friday, any therapist is fine")).wished is None


def test_whose_time_it_has_to_be_as_staff_say_is_no_matter_of_whom_they_booked() -> None:
    talk = standing().staff(StaffAction.RESCHEDULE, cause="customer", reason="wish", provider="komang")
    looked = searched(talk)
    assert (looked.provider, looked.wished) == ("komang", None)
    assert "Ayu Spa has no free time then" not in talk.last


@pytest.mark.parametrize("words", ["can somebody else come, not Ayu", "bukan sama Ayu ya", "đừng chị Ayu nhé"])
def test_somebody_else_is_looked_for_where_they_refuse_who_has_it(words: str) -> None:
    talk = standing().writes(words)
    assert searched(talk).other_than == "ayu"
    assert "with Komang Wellness" in talk.last


def test_of_two_who_are_called_so_it_is_asked_and_the_tap_decides() -> None:
    two = house(ALIKE, ("name: Chef Nyoman", "name: Komang Chef"))
    ayu = two.provider("ayu")
    assert ayu is not None
    two = replace(two, providers=tuple(replace(one, services=one.services + ayu.services) for one in two.providers))
    talk = standing(business=two).writes("can we move it to Friday with Komang")
    assert talk.last.startswith("Whom do you mean?")
    talk.taps("who:komang")
    assert "with Komang Wellness" in talk.last


def test_where_somebody_has_to_say_yes_who_is_named_is_asked_alone() -> None:
    talk = paid().writes("can we make it 16:00 with Komang instead?").taps_row(0)
    assert talk.planned is not None
    asked = {task.template: task.candidates for task in talk.planned.planned}
    assert asked[f"{SERVICE_TASK}~C1"] == ("komang",)


def test_a_change_of_before_wishes_nobody_and_leaves_whom_they_booked() -> None:
    known = TypeAdapter(ChangeWish).validate_python({"place": "villa-padi", "provider": None, "any_provider": False})
    assert known == ChangeWish(place="villa-padi")
    assert known.whom(ProviderWish(("ayu",))) == ProviderWish(("ayu",))
