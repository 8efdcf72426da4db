"""The date reader: idiom of three languages, both readings of what is ambiguous, and no string it cannot take."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.dates.parse import find_dates
from intents.dates.tokens import fold
from intents.dates.values import DateKind, DateValue, FoundDates, Language, Moment, PartOfDay, Span, iso

NOW = datetime(2026, 3, 16, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))  # a Monday


def found(language: str, text: str, *, asked: bool = False) -> FoundDates:
    return find_dates(text, Language(language), NOW.date(), NOW, time_is_asked=asked)


def shown(value: Moment | Span) -> str:
    return f"{iso(value.start)}/{iso(value.end)}" if isinstance(value, Span) else iso(value)


def values(language: str, text: str) -> list[str]:
    return [shown(value.value) for value in found(language, text).dates]


def only(language: str, text: str) -> DateValue:
    (value,) = found(language, text).dates
    return value


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "can I come tomorrow at 3pm?", "2026-03-17T15:00"),
        ("en", "the day after tomorrow", "2026-03-18"),
        ("en", "friday of next week at 10", "2026-03-27T10:00"),
        ("en", "half past three in the afternoon", "15:30"),
        ("en", "quarter to four in the afternoon", "15:45"),
        ("en", "from 10 to 12 june", "2026-06-10/2026-06-12"),
        ("en", "from 2 to 4pm tomorrow", "2026-03-17T14:00/2026-03-17T16:00"),
        ("en", "nine am on friday", "2026-03-20T09:00"),
        ("en", "20/3/2026", "2026-03-20"),
        ("en", "in half an hour", "2026-03-16T10:30"),
        ("en", "end of the month", "2026-03-21/2026-03-31"),
        ("id", "lusa jam setengah 3 sore", "2026-03-18T14:30"),
        ("id", "malam minggu", "2026-03-21"),
        ("id", "malam minggu jam setengah 8", "2026-03-21T19:30"),
        ("id", "jam 3 kurang 15 sore", "14:45"),
        ("id", "jumat minggu depan", "2026-03-27"),
        ("id", "tgl 12 s/d 15 april", "2026-04-12/2026-04-15"),
        ("id", "hari sabtu minggu depan", "2026-03-28"),
        ("id", "jam sembilan pagi pada hari jumat", "2026-03-20T09:00"),
        ("id", "2 jam lagi", "2026-03-16T12:00"),
        ("id", "tanggal dua puluh lima", "2026-03-25"),
        ("vi", "thứ 2 tuần sau lúc 3h chiều", "2026-03-23T15:00"),
        ("vi", "ngày kia", "2026-03-18"),
        ("vi", "ngày kìa", "2026-03-19"),
        ("vi", "3 giờ kém 15 chiều mai", "2026-03-17T14:45"),
        ("vi", "mùng 5 tháng sau", "2026-04-05"),
        ("vi", "ngày 20 tháng 3 năm 2027", "2027-03-20"),
        ("vi", "cuối tuần này", "2026-03-21/2026-03-22"),
        ("vi", "10-12/6", "2026-06-10/2026-06-12"),
        ("vi", "15 giờ ngày 20 tháng 5", "2026-05-20T15:00"),
    ],
)
def test_idiom_is_read_as_its_speakers_mean_it(language: str, text: str, wanted: str) -> None:
    assert values(language, text) == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "thứ 6 tuần sau 3h chiều",
        "tối mai lúc 7h",
        "7h tối thứ bảy",
        "sáng mai 9 giờ",
        "tháng sau",
        "mình đặt lịch tuần tới cho 2 người",
        "sáu giờ chiều",
        "từ 3h đến 5h chiều mai",
        "ngày kia",
    ],
)
def test_vietnamese_reads_alike_without_diacritics(text: str) -> None:
    assert values("vi", fold(text)) == values("vi", text) != []


def test_minggu_depan_offers_the_week_and_the_sunday() -> None:
    value = only("id", "minggu depan bisa?")
    assert shown(value.value) == "2026-03-23/2026-03-29"
    assert "2026-03-29" in {shown(other.value) for other in value.alternatives}


def test_hari_minggu_is_a_day_and_no_week() -> None:
    assert only("id", "hari minggu").kind is DateKind.DATE


def test_next_friday_offers_both_fridays() -> None:
    value = only("en", "next friday")
    assert {shown(value.value), *(shown(other.value) for other in value.alternatives)} == {"2026-03-27", "2026-03-20"}


def test_a_time_without_half_of_the_day_offers_both() -> None:
    value = only("id", "jam 3")
    assert [shown(value.value), *(shown(other.value) for other in value.alternatives)] == ["15:00", "03:00"]


def test_a_slash_date_is_day_first_and_offers_month_first_in_english() -> None:
    value = only("en", "3/4")
    assert shown(value.value) == "2026-04-03"
    assert [shown(other.value) for other in value.alternatives] == ["2027-03-04"]


@pytest.mark.parametrize(
    ("language", "text"), [("en", "10"), ("id", "kamar 10"), ("vi", "2 người"), ("id", "paket 2 jam")]
)
def test_a_bare_number_is_no_time_unless_asked(language: str, text: str) -> None:
    assert found(language, text).dates == ()


def test_a_bare_number_is_a_time_when_a_time_was_asked() -> None:
    (value,) = found("id", "10", asked=True).dates
    assert shown(value.value) == "10:00"


def test_a_part_of_day_beside_a_day_is_kept_apart() -> None:
    read = found("id", "besok sore")
    assert ([shown(v.value) for v in read.dates], read.part_of_day) == (["2026-03-17"], PartOfDay.AFTERNOON)


@pytest.mark.parametrize(("language", "text"), [("en", "yesterday"), ("id", "kemarin"), ("vi", "hôm qua")])
def test_the_past_is_read_only_when_it_is_named(language: str, text: str) -> None:
    assert values(language, text) == ["2026-03-15"]


_DAYS = st.sampled_from(
    [
        "monday",
        "friday",
        "the 3rd",
        "march 1",
        "1 january",
        "5/2",
        "the 31st",
        "in june",
        "sunday",
        "this friday",
        "next week",
    ]
)


@given(_DAYS, st.dates(date(2024, 1, 1), date(2030, 12, 31)))
@settings(max_examples=80)
def test_an_unmarked_day_never_lies_in_the_past(text: str, today: date) -> None:
    now = datetime(today.year, today.month, today.day, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
    for value in find_dates(text, Language.EN, today, now).dates:
        last = value.value.end if isinstance(value.value, Span) else value.value
        assert isinstance(last, date)
        assert last >= today


_WORDS = """
    jam 3 sore besok lusa minggu depan malam setengah - 31 12/13 99:99 2026-02-30 thứ 2 tuần sau năm giờ kém
    rưỡi mười lăm next half past to from the of march in 9999 hours ago lagi nữa , . 0 h pm ngày tháng 24
    tới toi lam sang
"""
_PIECES = st.sampled_from(_WORDS.split())


@given(
    st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=12).map(" ".join)),
    st.sampled_from(Language),
    st.booleans(),
)
@settings(max_examples=100)
def test_any_string_is_read(text: str, language: Language, asked: bool) -> None:
    for value in find_dates(text, language, NOW.date(), NOW, time_is_asked=asked).dates:
        assert value.text in text or value.text.lower() in text.lower()


@pytest.mark.parametrize("today", [date.min, date.max])
def test_the_ends_of_the_calendar_are_survived(today: date) -> None:
    now = datetime(today.year, today.month, today.day, 9, tzinfo=ZoneInfo("UTC"))
    for text in (
        "next week",
        "in 90 years",
        "yesterday",
        "9999 months ago",
        "weekend",
        "end of the month",
        "next friday",
    ):
        find_dates(text, Language.EN, today, now)
