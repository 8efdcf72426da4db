"""What a phrase is worth, checked against plain arithmetic of `datetime` and `dateutil` on many days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import FR, MO, SU, relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.dates.parse import find_dates
from intents.dates.tokens import fold
from intents.dates.values import Language, Moment, Span, iso

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 3, 16, 10, 0, tzinfo=JAKARTA)  # a Monday
_DAYS = st.dates(date(2024, 1, 1), date(2031, 12, 31))


def values(language: str, text: str, now: datetime = NOW) -> list[str]:
    return [_shown(value.value) for value in find_dates(text, Language(language), now.date(), now).dates]


def _shown(value: Moment | Span) -> str:
    return f"{iso(value.start)}/{iso(value.end)}" if isinstance(value, Span) else iso(value)


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=JAKARTA)


def _whole(start: date, end: date) -> str:
    return f"{start}/{end}"


@given(_DAYS, st.integers(1, 60))
@settings(max_examples=60)
def test_days_counted_from_today_are_sums_of_days(today: date, days: int) -> None:
    wanted = [str(today + timedelta(days=days))]
    for language, text in (("en", f"in {days} days"), ("id", f"{days} hari lagi"), ("vi", f"{days} ngày nữa")):
        assert values(language, text, _morning(today)) == wanted


@given(_DAYS, st.integers(1, 30))
@settings(max_examples=60)
def test_months_counted_from_today_keep_the_day_or_end_the_month(today: date, months: int) -> None:
    wanted = [str(today + relativedelta(months=months))]
    for language, text in (
        ("en", f"in {months} months"),
        ("id", f"{months} bulan lagi"),
        ("vi", f"{months} tháng nữa"),
    ):
        assert values(language, text, _morning(today)) == wanted


@given(_DAYS)
@settings(max_examples=60)
def test_the_nth_weekday_of_next_month_is_the_one_dateutil_finds(today: date) -> None:
    first = today.replace(day=1) + relativedelta(months=1)
    last = first + relativedelta(months=1, days=-1)
    now = _morning(today)
    assert values("en", "the second monday of next month", now) == [str(first + relativedelta(weekday=MO(2)))]
    assert values("id", "Jumat terakhir bulan depan", now) == [str(last + relativedelta(weekday=FR(-1)))]
    assert values("vi", "chủ nhật đầu tiên của tháng tới", now) == [str(first + relativedelta(weekday=SU(1)))]


@given(_DAYS)
@settings(max_examples=60)
def test_weeks_run_from_monday_to_sunday(today: date) -> None:
    monday = today + relativedelta(weekday=MO(-1)) + timedelta(days=7)
    wanted = [_whole(monday, monday + timedelta(days=6))]
    now = _morning(today)
    for language, text in (("en", "next week"), ("id", "minggu depan"), ("vi", "tuần sau")):
        assert values(language, text, now) == wanted


def test_hours_are_real_hours_when_the_clocks_change() -> None:
    now = datetime(2026, 3, 28, 23, 30, tzinfo=ZoneInfo("Europe/London"))
    (value,) = find_dates("in 3 hours", Language.EN, now.date(), now).dates
    assert isinstance(value.value, datetime)
    assert value.value.astimezone(UTC) - now.astimezone(UTC) == timedelta(hours=3)
    assert iso(value.value) == "2026-03-29T03:30"


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "an hour and a half from now", ["2026-03-16T11:30"]),
        ("en", "2 hours 30 minutes from now", ["2026-03-16T12:30"]),
        ("id", "satu setengah jam lagi", ["2026-03-16T11:30"]),
        ("vi", "một tiếng rưỡi nữa", ["2026-03-16T11:30"]),
        ("en", "in a fortnight", ["2026-03-30"]),
        ("en", "two days before Christmas", ["2026-12-23"]),
        ("en", "a week from Friday", ["2026-03-27"]),
        ("id", "sehari setelah Natal", ["2026-12-26"]),
        ("vi", "sau Tết 3 ngày", ["2027-02-09"]),
        ("vi", "trước Giáng sinh hai ngày", ["2026-12-23"]),
        ("en", "for 3 nights from Friday", ["2026-03-20/2026-03-23"]),
        ("id", "tiga malam ke depan", ["2026-03-16/2026-03-19"]),
        ("en", "the Monday after next", ["2026-03-30"]),
        ("en", "two Fridays ago", ["2026-03-06"]),
        ("en", "friday evening next week", ["2026-03-27"]),
        ("id", "jumat malam minggu depan", ["2026-03-27"]),
        ("en", "Friday to Sunday next week", ["2026-03-27/2026-03-29"]),
        ("vi", "thứ hai tới thứ năm", ["2026-03-23/2026-03-26"]),
        ("en", "3 or 4 pm", ["15:00", "16:00"]),
        ("en", "tomorrow at 3 or 4 pm", ["2026-03-17T15:00", "2026-03-17T16:00"]),
        ("id", "tanggal 20 atau 21", ["2026-03-20", "2026-03-21"]),
        ("en", "next Thursday and Friday", ["2026-03-26", "2026-03-27"]),
        ("en", "at nine thirty on sunday", ["2026-03-22T09:30"]),
        ("en", "1820 hours", ["18:20"]),
        ("en", "at 0930 on friday", ["2026-03-20T09:30"]),
        ("en", "a 9 pm show on Saturday", ["2026-03-21T21:00"]),
        ("id", "jam satu kurang seperempat siang", ["12:45"]),
        ("vi", "sáng 29", ["2026-03-29"]),
        ("vi", "9r sáng", ["09:30"]),
        ("en", "by the end of the month", ["2026-03-31"]),
        ("en", "next month on the 5th", ["2026-04-05"]),
        ("vi", "tháng sáu năm sau", ["2027-06-01/2027-06-30"]),
        ("id", "hari senin tanggal 20", ["2026-04-20"]),
        ("en", "we met on Tuesday, March 10", ["2026-03-10"]),
        ("en", "midnight tonight", ["2026-03-17T00:00"]),
        ("en", "today at 8", ["2026-03-16T20:00"]),
        ("vi", "mùng 3 Tết", ["2027-02-08"]),
        ("vi", "rằm tháng 7", ["2026-08-27"]),
        ("id", "Nyepi", ["2026-03-19"]),
        ("en", "Nov. 7", ["2026-11-07"]),
        ("en", "see you tomorow", ["2026-03-17"]),
        ("en", "on wensday at 2pm", ["2026-03-18T14:00"]),
        ("en", "the Friday before Christmas", ["2026-12-18"]),
        ("en", "the second half of March", ["2026-03-17/2026-03-31"]),
        ("en", "last December", ["2025-12-01/2025-12-31"]),
        ("en", "10pm-2am friday", ["2026-03-20T22:00/2026-03-21T02:00"]),
        ("en", "push it back to 9 tomorrow morning", ["2026-03-17T09:00"]),
        ("en", "a 3 hours massage tomorrow", ["2026-03-17"]),
        ("en", "in about forty minutes", ["2026-03-16T10:40"]),
        ("en", "asap, before thursday", ["2026-03-19"]),
        ("en", "from tomorrow to friday", ["2026-03-17/2026-03-20"]),
        ("id", "dari besok sampai jumat", ["2026-03-17/2026-03-20"]),
        ("vi", "từ hôm nay đến chủ nhật", ["2026-03-16/2026-03-22"]),
        ("vi", "từ tối thứ năm đến sáng thứ bảy", ["2026-03-19/2026-03-21"]),
        ("en", "friday until 3", ["2026-03-20T15:00"]),
        ("vi", "3 ngày 2 đêm từ thứ sáu", ["2026-03-20/2026-03-22"]),
        ("id", "sekitar jam sembilan atau sepuluh", ["09:00", "10:00"]),
        ("en", "Christmas is on Friday 25 December", ["2026-12-25"]),
    ],
)
def test_a_phrase_has_its_value(language: str, text: str, wanted: list[str]) -> None:
    assert values(language, text) == wanted


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "may i come in"),
        ("en", "the sun cream is in the van"),
        ("en", "I sat on the sofa"),
        ("en", "version 2.10 of the app"),
        ("en", "room 12 and villa 3"),
        ("en", "we live at 24 Park Lane"),
        ("en", "a second, a minute please"),
        ("en", "April and June are sisters"),
        ("en", "the second one"),
        ("en", "it cost 2.50 for the lot"),
        ("id", "2 orang dewasa"),
        ("id", "kamar 5 dan meja 8"),
        ("id", "rumah di jalan Sabtu"),
        ("id", "tiap minggu"),
        ("id", "tinggal selama 2 hari"),
        ("id", "pijatnya 2 jam"),
        ("vi", "bảy người lớn"),
        ("vi", "đoạn thứ ba"),
        ("vi", "đường Mai Chí Thọ"),
        ("vi", "gọi cho chị Mai nhé"),
        ("vi", "khuyến mãi lớn"),
        ("vi", "phòng 5, bàn 8"),
    ],
)
def test_what_only_looks_like_time_is_left_alone(language: str, text: str) -> None:
    assert values(language, text) == []


@pytest.mark.parametrize("text", ["cho toi 3 ngay nua", "ba tieng nua", "bay gio kem muoi toi mai", "mung 3 tet"])
def test_phrases_with_folded_homonyms_are_read(text: str) -> None:
    assert values("vi", text)


def test_a_phrase_folds_to_the_same_value() -> None:
    for text in ("từ mùng 10 đến 14 tháng 11", "tối thứ sáu tuần tới", "hai ngày trước Tết", "8 rưỡi tối nay"):
        assert values("vi", fold(text)) == values("vi", text) != []
