"""A time that gives way to another one of the message is not wished: moves, slips, first thoughts, parts of a whole."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from intents.dates.parse import find_dates
from intents.dates.values import Language, Moment, Span, iso

NOW = datetime(2026, 12, 15, 10, 20, tzinfo=ZoneInfo("Asia/Jakarta"))  # a Tuesday


def shown(value: Moment | Span) -> str:
    """To the minute, without the zone."""
    return (
        f"{shown(value.start)}/{shown(value.end)}" if isinstance(value, Span) else iso(value)[: len("2026-12-15T10:20")]
    )


def wished(language: str, text: str) -> list[str]:
    return [shown(each.value) for each in find_dates(text, Language(language), NOW.date(), NOW).dates]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "can we move it from thursday to saturday", "2026-12-19"),
        ("en", "change my booking from friday 3pm to 5pm please", "2026-12-18T17:00"),
        ("en", "move it from the 17th to the 19th", "2026-12-19"),
        ("id", "bisa dipindah dari kamis ke sabtu?", "2026-12-19"),
        ("id", "geser dari jam 3 ke jam 5 besok", "2026-12-16T17:00"),
        ("id", "ganti dari tgl 17 ke tgl 19", "2026-12-19"),
        ("vi", "đổi lịch thứ năm thành thứ bảy", "2026-12-19"),
        ("vi", "em dời giúp chị từ thứ 5 qua thứ 7", "2026-12-19"),
        ("vi", "doi tu thu 5 sang thu 7", "2026-12-19"),
        ("en", "please move my stay, from thursday to saturday", "2026-12-19"),
        ("en", "change from thursday to saturday", "2026-12-19"),
        ("id", "pindahin dari kamis ke sabtu", "2026-12-19"),
        ("vi", "dời từ thứ năm sang thứ bảy", "2026-12-19"),
    ],
)
def test_of_a_move_only_the_new_time_is_wished(language: str, text: str, day: str) -> None:
    assert wished(language, text) == [day]


@pytest.mark.parametrize(
    ("language", "text", "span"),
    [
        ("en", "from thursday to saturday", "2026-12-17/2026-12-19"),
        ("en", "change my stay to the 17th to the 19th", "2026-12-17/2026-12-19"),
        ("en", "her shift is Monday to Wednesday", "2026-12-21/2026-12-23"),
        ("id", "dari kamis sampai sabtu", "2026-12-17/2026-12-19"),
        ("vi", "phong doi tu 24 den 27/12", "2026-12-24/2026-12-27"),
        ("en", "we move in from thursday to saturday", "2026-12-17/2026-12-19"),
        ("en", "change of plans: from thursday to saturday please", "2026-12-17/2026-12-19"),
        ("en", "I changed my mind, from thursday to saturday", "2026-12-17/2026-12-19"),
        ("en", "can we change rooms from thursday to saturday", "2026-12-17/2026-12-19"),
        ("en", "moving to Bali, need a villa from thursday to saturday", "2026-12-17/2026-12-19"),
        ("en", "move me to Villa Padi from thursday to saturday", "2026-12-17/2026-12-19"),
        ("en", "we changed our flights so we stay from thursday to saturday", "2026-12-17/2026-12-19"),
        ("id", "ganti villa dari kamis ke sabtu", "2026-12-17/2026-12-19"),
        ("id", "ganti rencana, nginap dari kamis ke sabtu", "2026-12-17/2026-12-19"),
        ("id", "pindah ke villa padi dari kamis ke sabtu", "2026-12-17/2026-12-19"),
        ("vi", "phòng đôi từ thứ năm qua thứ bảy", "2026-12-17/2026-12-19"),
        ("vi", "ở từ thứ 5 qua thứ 7", "2026-12-17/2026-12-19"),
        ("vi", "đổi kế hoạch, ở từ thứ 5 qua thứ 7", "2026-12-17/2026-12-19"),
        ("vi", "chuyen sang villa Padi tu thu 5 qua thu 7", "2026-12-17/2026-12-19"),
    ],
)
def test_a_span_is_no_move(language: str, text: str, span: str) -> None:
    assert wished(language, text) == [span]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "thursday, no wait, friday at 11", "2026-12-18T11:00"),
        ("en", "thursday at 11, sorry, friday", "2026-12-18T11:00"),
        ("en", "on the 5th, I mean the 6th", "2027-01-06"),
        ("id", "kamis eh jumat", "2026-12-18"),
        ("id", "senin, ralat selasa", "2026-12-22"),
        ("id", "besok jam 3, eh jam 4", "2026-12-16T16:00"),
        ("vi", "thứ năm, à không, thứ sáu", "2026-12-18"),
        ("vi", "mai nhe, a khong, thu sau", "2026-12-18"),
        ("vi", "ngày 20 ý lộn ngày 21", "2026-12-21"),
    ],
)
def test_a_slip_of_the_tongue_gives_way_to_what_corrects_it(language: str, text: str, day: str) -> None:
    assert wished(language, text) == [day]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "I was going to come tomorrow but let's do friday", "2026-12-18"),
        ("en", "originally thursday, now friday", "2026-12-18"),
        ("id", "td nya besok, tapi jd lusa aja ya kak", "2026-12-17"),
        ("id", "awalnya kamis, jadinya jumat", "2026-12-18"),
        ("vi", "định mai mà thôi để thứ sáu", "2026-12-18"),
        ("vi", "lúc đầu tính thứ năm, giờ đổi sang thứ sáu", "2026-12-18"),
    ],
)
def test_a_first_thought_gives_way_to_the_second(language: str, text: str, day: str) -> None:
    assert wished(language, text) == [day]


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("en", "thursday? no problem, friday works too", ["2026-12-17", "2026-12-18"]),
        ("en", "I was going to say thursday but friday works as well", ["2026-12-17", "2026-12-18"]),
        ("vi", "thứ năm được không, thứ sáu cũng được", ["2026-12-17", "2026-12-18"]),
        ("en", "next week or 22/12", ["2026-12-21/2026-12-27", "2026-12-22"]),
        ("en", "the villa from Monday to Sunday, a massage on 23/12", ["2026-12-21/2026-12-27", "2026-12-23"]),
        ("id", "nginap 21-31 desember, pijat tgl 23", ["2026-12-21/2026-12-31", "2026-12-23"]),
    ],
)
def test_two_days_that_are_both_wished_stay_two(language: str, text: str, days: list[str]) -> None:
    assert wished(language, text) == days


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "next week, i.e. 22/12"), ("id", "minggu depan, yaitu 22/12"), ("vi", "tuần sau, tức 22/12")],
)
def test_a_whole_gives_way_to_the_part_that_is_named(language: str, text: str) -> None:
    assert wished(language, text) == ["2026-12-22"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "thursday or friday at 3"),
        ("id", "kamis atau jumat jam 3"),
        ("vi", "thứ năm hoặc thứ sáu lúc 3h chiều"),
    ],
)
def test_a_time_behind_two_days_to_choose_from_is_of_both(language: str, text: str) -> None:
    assert wished(language, text) == ["2026-12-17T15:00", "2026-12-18T15:00"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "check in 24, check out 27"),
        ("en", "arriving 24 leaving 27"),
        ("id", "masuk 24 keluar 27 ya kak"),
        ("vi", "nhận phòng 24, trả phòng 27 nha em"),
        ("vi", "nhan phong 24, tra phong 27 nha em"),
    ],
)
def test_bare_numbers_of_coming_and_going_are_days(language: str, text: str) -> None:
    assert wished(language, text) == ["2026-12-24/2026-12-27"]


@pytest.mark.parametrize(
    ("language", "text", "moment"),
    [
        ("en", "twelve thirty tomorrow, just a quick consult", "2026-12-16T12:30"),
        ("en", "eleven forty five on thursday", "2026-12-17T11:45"),
        ("en", "10 o'clock on the 18th", "2026-12-18T10:00"),
        ("id", "kalau 28-12 gimana kak", "2026-12-28"),
        ("vi", "28-12 còn lịch không em ơi", "2026-12-28"),
        ("id", "seminggu lagi dari hari ini", "2026-12-22"),
        ("vi", "mốt còn chỗ không shop", "2026-12-17"),
    ],
)
def test_days_and_times_as_they_are_typed(language: str, text: str, moment: str) -> None:
    assert wished(language, text) == [moment]


@pytest.mark.parametrize("text", ["mai mốt mình ghé", "hai mươi mốt người", "2 nguoi lon mot con", "mot minh"])
def test_what_only_looks_like_the_day_after_tomorrow_is_none(text: str) -> None:
    assert wished("vi", text) == []


@pytest.mark.parametrize(
    ("language", "text", "span"),
    [
        ("en", "Checking in Dec 27, checking out Jan 2", "2026-12-27/2027-01-02"),
        ("en", "we want to check in next Saturday and stay till Tuesday", "2026-12-26/2026-12-29"),
        ("en", "arriving 15 Jan, leaving 4 days later", "2027-01-15/2027-01-19"),
        ("id", "datang 1 Juni pulang 5 Juni", "2027-06-01/2027-06-05"),
        ("vi", "nhận phòng 25/12 trả phòng 28/12", "2026-12-25/2026-12-28"),
    ],
)
def test_a_stay_goes_from_where_a_guest_comes_to_where_one_leaves(language: str, text: str, span: str) -> None:
    assert wished(language, text) == [span]


@pytest.mark.parametrize(
    ("language", "text", "moment"),
    [
        ("en", "do u have anything tonight? around 8", "2026-12-15T20:00"),
        ("en", "What about Monday? I'm free all day after 11", "2026-12-21T11:00"),
        ("id", "kamis ini bisa? sekitar jam 4", "2026-12-17T16:00"),
        ("vi", "Noel 24/12 nhà hàng còn bàn không, 19h", "2026-12-24T19:00"),
    ],
)
def test_a_time_behind_a_pause_is_of_the_day_before_it(language: str, text: str, moment: str) -> None:
    assert wished(language, text) == [moment]


@pytest.mark.parametrize(
    ("language", "text", "moments"),
    [
        ("en", "Are you open tomorrow? My flight is at 3pm", ["2026-12-16", "15:00"]),
        ("en", "friday at 3, if not saturday at 3", ["2026-12-18T15:00", "2026-12-19T15:00"]),
        ("id", "jumat pagi jam 8, kalau ga bisa sabtu pagi", ["2026-12-18T08:00", "2026-12-19"]),
        ("vi", "thứ sáu, nếu không được thì thứ bảy", ["2026-12-18", "2026-12-19"]),
        ("en", "both the 17th and the 19th please, same time 2 pm", ["2026-12-17T14:00", "2026-12-19T14:00"]),
        ("id", "tgl 20 sama tgl 22 ya, dua-duanya jam 11", ["2026-12-20T11:00", "2026-12-22T11:00"]),
        ("vi", "mai hoặc ngày kia đều được, 2 giờ", ["2026-12-16T14:00", "2026-12-17T14:00"]),
        ("en", "we land on the 20th so a massage the day after", ["2026-12-20", "2026-12-21"]),
        ("id", "jangan besok deh, senin aja jam 12", ["2026-12-21T12:00"]),
        ("en", "1 February, 10 to 12, consultation", ["2027-02-01T10:00/2027-02-01T12:00"]),
    ],
)
def test_several_moments_of_a_message_are_each_what_was_said(language: str, text: str, moments: list[str]) -> None:
    assert wished(language, text) == moments


def test_29_february_is_asked_about_where_the_coming_february_has_none() -> None:
    assert wished("en", "29 February for our anniversary") == []
    assert wished("en", "29 February 2028 for our anniversary") == ["2028-02-29"]


@pytest.mark.parametrize(
    ("language", "text", "old"),
    [
        ("en", "move it from the 17th to the 19th", "2026-12-17"),
        ("id", "pindah dari kamis ke sabtu", "2026-12-17"),
        ("vi", "dời từ thứ 5 qua thứ 7", "2026-12-17"),
        ("en", "change it from 3pm to 5pm tomorrow", "2026-12-16T15:00"),
    ],
)
def test_where_a_booking_is_moved_from_is_told_apart(language: str, text: str, old: str) -> None:
    found = find_dates(text, Language(language), NOW.date(), NOW)
    assert [shown(each.value)[: len("2026-12-15T10:20")] for each in found.moved_from] == [old]
