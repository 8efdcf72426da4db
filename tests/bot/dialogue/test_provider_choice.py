"""Who is to give it: named in chat it is theirs alone, with others where they have no time, and remembered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.definition import Business
from bot.business.file import parse
from bot.domain.booking import Booking
from bot.domain.commands import OfferSlots
from bot.domain.ids import BookingReference
from bot.domain.offers import ProviderWish
from bot.domain.visits import BY_CUSTOMER, Rating, Visit
from tests.bot.business.makers import with_changes
from tests.bot.dialogue.states.talk import NOW, Talk

AWAY = ("id: komang\n    name: Komang Wellness", 'id: komang\n    name: Komang Wellness\n    days_off: ["2026-11-03"]')

ALIKE = ('daily: ["10:00-22:00"]\n      wed: []', 'daily: ["09:00-21:00"]')
"""Both work at the same hours, but for Ayu's break and Sunday."""


def house(*changes: tuple[str, str]) -> Business:
    made = parse(with_changes(*changes), "business.yaml")
    assert isinstance(made, Business), made
    return made


def searched(talk: Talk) -> OfferSlots:
    return next(order for order in reversed(talk.orders) if isinstance(order, OfferSlots))


def whose(talk: Talk) -> set[str | None]:
    return {slot.provider for slot in talk.booking.offered}


def in_canggu(talk: Talk) -> Talk:
    """The shorter massage, at Villa Kamboja, where both of its providers come."""
    return talk.taps("svc:balinese-massage").taps("place:villa-kamboja")


@pytest.mark.parametrize(
    "words",
    [
        "I'd like a balinese massage with Komang tomorrow",
        "mau pijat bali sama Komang besok ya",
        "mình muốn đặt massage bali với chị Komang ngày mai",
    ],
)
def test_whoever_is_named_is_offered_alone_where_they_have_times_that_day(words: str) -> None:
    talk = in_canggu(Talk().writes(words))
    assert talk.booking.who == ProviderWish(("komang",))
    assert searched(talk).wished == "komang"
    assert whose(talk) == {"komang"}
    assert "Komang Wellness" in talk.last


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("I'd like a balinese massage with Komang tomorrow", "Komang Wellness has no free time then"),
        ("mau pijat bali sama Komang besok ya", "Komang Wellness tidak ada waktu kosong saat itu"),
        ("mình muốn đặt massage bali với chị Komang ngày mai", "Lúc đó Komang Wellness không còn giờ trống"),
    ],
)
def test_with_no_time_that_day_it_is_said_and_their_next_and_others_are_offered(words: str, said: str) -> None:
    talk = in_canggu(Talk(house(AWAY)).writes(words))
    assert said in talk.last
    tomorrow = (NOW + timedelta(days=1)).date()
    days = {slot.provider: slot.start.date() == tomorrow for slot in talk.booking.offered}
    assert days == {"komang": False, "ayu": True}


@pytest.mark.parametrize("words", ["any therapist is fine", "siapa saja boleh", "ai cũng được"])
def test_who_says_that_anybody_will_do_is_offered_everybodys_times(words: str) -> None:
    talk = in_canggu(Talk(house(AWAY)).writes("balinese massage with Komang tomorrow")).writes(words)
    assert talk.booking.who == ProviderWish(anyone=True)
    assert whose(talk) == {"ayu"}


@pytest.mark.parametrize(
    ("opening", "words"),
    [
        ("balinese massage tomorrow", "can I have Komang?"),
        ("balinese massage tomorrow", "is Komang free?"),
        ("mau pijat bali besok", "sama Komang aja kak"),
        ("mình muốn đặt massage bali ngày mai", "với chị Komang nhé"),
    ],
)
def test_a_name_in_the_middle_is_a_wish_and_calls_no_person(opening: str, words: str) -> None:
    talk = in_canggu(Talk(house(ALIKE)).writes(opening)).writes(words)
    assert whose(talk) == {"komang"}
    assert not talk.lead.waits_for_person


@pytest.mark.parametrize("words", ["with Ayu tomorrow", "sama Ayu besok ya", "với chị Ayu ngày mai"])
def test_a_name_and_a_day_begin_a_booking_of_what_they_give(words: str) -> None:
    talk = Talk().writes(words)
    assert talk.choices == ("svc:balinese-massage", "svc:long-massage")
    assert whose(in_canggu(talk)) == {"ayu"}


@pytest.mark.parametrize("words", ["I want to talk with Ayu tomorrow", "gặp chị Ayu ngày mai", "nama saya Ayu"])
def test_who_wants_a_word_with_somebody_or_is_called_so_begins_nothing(words: str) -> None:
    assert Talk().writes(words).lead.open_booking is None


def test_named_once_times_were_shown_it_is_looked_for_again_and_another_day_keeps_it() -> None:
    talk = in_canggu(Talk(house(ALIKE)).writes("balinese massage tomorrow"))
    assert whose(talk) == {"ayu"}
    talk.writes("with Komang please")
    assert whose(talk) == {"komang"}
    talk.writes("on Friday rather")
    assert whose(talk) == {"komang"}
    talk.taps_row(0)
    assert "with Komang Wellness" in talk.last


def test_of_the_times_shown_a_name_picks_the_only_one_of_theirs() -> None:
    talk = in_canggu(Talk(house(AWAY)).writes("balinese massage with Komang tomorrow")).writes("the one with Komang")
    assert talk.booking.chosen is not None
    assert talk.booking.chosen.provider == "komang"


def test_of_two_who_are_called_so_it_is_asked_and_the_tap_decides() -> None:
    talk = Talk(house(("name: Ayu Spa", "name: Ayu Dewi"), ("name: Komang Wellness", "name: Ayu Lestari")))
    in_canggu(talk.writes("balinese massage with Ayu tomorrow"))
    assert talk.last.startswith("Whom do you mean?")
    assert talk.choices == ("who:ayu", "who:komang", "who:-")
    talk.taps("who:komang")
    assert whose(talk) == {"komang"}
    # half the name again is whom they chose
    talk.writes("with Ayu at 3 pm")
    assert talk.booking.who == ProviderWish(("komang",))


def test_the_question_may_be_answered_by_the_whole_name_or_by_anyone() -> None:
    two = house(("name: Ayu Spa", "name: Ayu Dewi"), ("name: Komang Wellness", "name: Ayu Lestari"))
    talk = in_canggu(Talk(two).writes("balinese massage with Ayu tomorrow")).writes("Ayu Lestari")
    assert talk.booking.who == ProviderWish(("komang",))
    talk = in_canggu(Talk(two).writes("balinese massage with Ayu tomorrow")).taps("who:-")
    assert talk.booking.who == ProviderWish(anyone=True)
    assert talk.booking.offered


def test_of_two_who_are_called_so_only_who_gives_the_service_is_meant() -> None:
    talk = in_canggu(Talk(house(("name: Chef Nyoman", "name: Ayu Chef"))).writes("balinese massage with Ayu tomorrow"))
    assert talk.booking.who.only == "ayu"
    assert whose(talk) == {"ayu"}


def test_who_does_something_else_or_does_not_come_there_is_said() -> None:
    talk = in_canggu(Talk().writes("balinese massage with Nyoman tomorrow"))
    assert "Chef Nyoman does not give Balinese massage" in talk.last
    assert talk.booking.offered
    away = (
        Talk().writes("balinese massage with Komang tomorrow").taps("svc:balinese-massage").taps("place:villa-melati")
    )
    assert "Komang Wellness does not come to Villa Melati" in away.last
    assert whose(away) == {"ayu"}


def test_whom_they_refuse_is_not_offered() -> None:
    talk = in_canggu(Talk().writes("balinese massage tomorrow, but not with Ayu"))
    assert whose(talk) == {"komang"}


# Remembered ---------------------------------------------------------------------------------------------------------


def a_visit(provider: str, score: int | None = None, days: int = 30, *, asked_for: bool = False) -> Visit:
    ended = NOW - timedelta(days=days)
    rating = None if score is None else Rating(score, BY_CUSTOMER, ended)
    reference = BookingReference(f"BK-26100101-{provider[:3].upper()}{days:03}")
    return Visit(reference, "balinese-massage", provider, None, ended, rating, asked_for=asked_for)


def coming_again(*visits: Visit, words: str = "balinese massage tomorrow") -> Talk:
    talk = Talk(house(ALIKE))
    talk.lead = replace(talk.lead, visits=visits)
    return in_canggu(talk.writes(words))


def test_whom_they_had_and_rated_well_is_first_of_those_who_are_free_alike() -> None:
    assert whose(coming_again(a_visit("komang", 5))) == {"komang"}
    assert whose(coming_again(a_visit("komang", 2))) == {"ayu"}
    assert whose(coming_again(a_visit("komang"))) == {"ayu"}


def test_whom_they_wished_by_name_before_is_first_too_unless_it_was_bad() -> None:
    assert whose(coming_again(a_visit("komang", asked_for=True))) == {"komang"}
    assert whose(coming_again(a_visit("komang", 1, asked_for=True))) == {"ayu"}
    # what they said of somebody last counts
    assert whose(coming_again(a_visit("komang", 5, days=60), a_visit("komang", 1, days=10))) == {"ayu"}


def test_of_another_service_nothing_is_remembered() -> None:
    other = replace(a_visit("komang", 5), service="long-massage")
    assert whose(coming_again(other)) == {"ayu"}


def test_what_they_say_now_counts_more_than_what_was() -> None:
    assert whose(coming_again(a_visit("komang", 5), words="balinese massage with Ayu tomorrow")) == {"ayu"}
    assert whose(coming_again(a_visit("komang", 5), words="balinese massage tomorrow, any therapist")) == {"ayu"}


# The waiting list ---------------------------------------------------------------------------------------------------


def waiting(words: str, *changes: tuple[str, str]) -> Talk:
    """Who found nothing free, and joined."""
    talk = in_canggu(Talk(house(*changes), full=True).writes(words))
    return talk.taps(f"wait:{talk.booking.reference}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("I'd like a balinese massage with Komang tomorrow", "2026, with Komang Wellness"),
        ("mau pijat bali sama Komang besok ya", "2026, bersama Komang Wellness"),
        ("mình muốn đặt massage bali với chị Komang ngày mai", "2026, với Komang Wellness"),
    ],
)
def test_who_joins_the_waiting_list_having_wished_somebody_waits_for_them_alone(words: str, said: str) -> None:
    talk = waiting(words)
    (entry,) = talk.lead.waiting
    assert entry.who == ProviderWish(("komang",))
    assert said in talk.last


def test_who_wishes_nobody_or_somebody_who_does_not_give_it_there_waits_for_whoever_does() -> None:
    (entry,) = waiting("balinese massage tomorrow").lead.waiting
    assert entry.who == ProviderWish()
    (entry,) = waiting("balinese massage with Nyoman tomorrow").lead.waiting
    assert entry.who.named == ()
    talk = Talk(full=True).writes("balinese massage with Komang tomorrow").taps("svc:balinese-massage")
    talk.taps("place:villa-melati")
    (entry,) = talk.taps(f"wait:{talk.booking.reference}").lead.waiting
    assert entry.who.named == ()


@pytest.mark.parametrize("words", ["any therapist is fine", "siapa saja boleh", "ai cũng được"])
def test_who_says_that_anybody_will_do_waits_for_anybody_and_keeps_their_place_in_line(words: str) -> None:
    talk = waiting("balinese massage with Komang tomorrow")
    (before,) = talk.lead.waiting
    talk.writes(words).taps(f"wait:{talk.booking.reference}")
    (entry,) = talk.lead.waiting
    assert entry.who == ProviderWish(anyone=True)
    assert (entry.id, entry.joined_at) == (before.id, before.joined_at)
    assert "waiting_changed" in {line.what for line in talk.records}


def test_whom_they_refuse_is_not_waited_for() -> None:
    (entry,) = waiting("balinese massage tomorrow, but not with Ayu").lead.waiting
    assert not entry.who.allows("ayu")
    assert entry.who.allows("komang")


def test_a_booking_of_before_has_no_wish_for_anybody() -> None:
    assert Booking(BookingReference("BK-26030209-AAAAAA")).who == ProviderWish()


@pytest.mark.parametrize(
    "words",
    ["doi sang chi Komang", "đổi sang chị Komang", "ganti Komang aja", "switch to Komang", "rather with Komang"],
)
def test_somebody_else_is_looked_for_where_they_change_to_them(words: str) -> None:
    talk = in_canggu(Talk(house(ALIKE)).writes("mình muốn đặt massage bali với chị Ayu thứ bảy")).writes(words)
    assert talk.booking.who == ProviderWish(("komang",))
    assert whose(talk) == {"komang"}


def test_whom_they_named_for_something_else_is_named_to_them_no_more() -> None:
    talk = in_canggu(Talk(house(ALIKE)).writes("a balinese massage with Ayu on saturday"))
    talk.writes("actually a private chef for 2 at 6pm")
    assert (talk.booking.service, talk.booking.who) == ("private-chef", ProviderWish())
    assert "Ayu" not in talk.last
    assert "Ayu Spa does not give" in talk.writes("a private chef with Ayu").last
