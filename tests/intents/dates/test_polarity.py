"""What is not wished, what is a limit, and what is asked instead of guessed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.dates.parse import find_dates
from intents.dates.tokens import fold
from intents.dates.values import Bound, DoubtKind, FoundDates, Language, Moment, Span, iso

NOW = datetime(2026, 12, 2, 10, 30, tzinfo=ZoneInfo("Asia/Makassar"))  # a Wednesday


def found(language: str, text: str, *, asked: bool = False) -> FoundDates:
    return find_dates(text, Language(language), NOW.date(), NOW, time_is_asked=asked)


def shown(value: Moment | Span) -> str:
    return f"{iso(value.start)}/{iso(value.end)}" if isinstance(value, Span) else iso(value)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "any day but Tuesday"),
        ("en", "not on Tuesday"),
        ("en", "I can't do Tuesday"),
        ("en", "Tuesday doesn't work"),
        ("en", "every day except Tuesday"),
        ("en", "anything but tuesday afternoon"),
        ("id", "selain selasa"),
        ("id", "kecuali hari selasa ya"),
        ("id", "asal bukan selasa"),
        ("id", "selasa ga bisa kak"),
        ("vi", "trừ thứ ba"),
        ("vi", "ngày nào cũng được ngoại trừ thứ ba"),
        ("vi", "đừng thứ ba nhé"),
        ("vi", "thứ ba thì mình bận"),
        ("vi", "tru thu ba"),
    ],
)
def test_a_day_that_is_not_wished_is_no_wish(language: str, text: str) -> None:
    read = found(language, text)
    assert read.dates == ()
    assert [shown(value.value) for value in read.excluded] == ["2026-12-08"]


@pytest.mark.parametrize(
    ("language", "text", "wished"),
    [
        ("en", "not Tuesday, Friday", "2026-12-04"),
        ("en", "Friday instead of Tuesday", "2026-12-04"),
        ("en", "I can't do Tuesday or Thursday but Friday works", "2026-12-04"),
        ("id", "jangan selasa, jumat aja", "2026-12-04"),
        ("id", "jumat bukan selasa", "2026-12-04"),
        ("vi", "không phải thứ ba, thứ sáu cơ", "2026-12-04"),
        ("vi", "thứ sáu chứ không phải thứ ba", "2026-12-04"),
        ("vi", "dung thu ba, thu sau di", "2026-12-04"),
    ],
)
def test_beside_the_day_that_is_not_wished_stands_the_one_that_is(language: str, text: str, wished: str) -> None:
    read = found(language, text)
    assert [shown(value.value) for value in read.dates] == [wished]
    assert "2026-12-08" in [shown(value.value) for value in read.excluded]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "is Tuesday no good?"),
        ("id", "selasa ga bisa ya kak?"),
        ("vi", "thứ ba được không"),
        ("en", "Tuesday, not sure when"),
    ],
)
def test_a_day_that_is_asked_about_stays_a_wish(language: str, text: str) -> None:
    assert [shown(value.value) for value in found(language, text).dates] == ["2026-12-08"]


@pytest.mark.parametrize(
    ("language", "text", "bound", "value"),
    [
        ("en", "before six tomorrow", Bound.NOT_AFTER, "2026-12-03T18:00"),
        ("en", "no later than 5pm", Bound.NOT_AFTER, "17:00"),
        ("en", "after 3pm", Bound.NOT_BEFORE, "15:00"),
        ("en", "not before 3pm", Bound.NOT_BEFORE, "15:00"),
        ("id", "sebelum jam 5 sore", Bound.NOT_AFTER, "17:00"),
        ("id", "di atas jam 3 sore", Bound.NOT_BEFORE, "15:00"),
        ("vi", "trước 5h chiều", Bound.NOT_AFTER, "17:00"),
        ("vi", "sau 3h chiều", Bound.NOT_BEFORE, "15:00"),
        # behind the day the same word is the limit of an hour; without one it is the day before
        ("vi", "thứ sáu trước 6 giờ", Bound.NOT_AFTER, "2026-12-04T18:00"),
        ("vi", "thu sau truoc 6h", Bound.NOT_AFTER, "2026-12-04T18:00"),
        ("vi", "thứ sáu tuần sau trước 6h", Bound.NOT_AFTER, "2026-12-11T18:00"),
        ("vi", "ngày 4/12 trước 5h chiều", Bound.NOT_AFTER, "2026-12-04T17:00"),
        ("vi", "thứ sáu sau 3 giờ chiều", Bound.NOT_BEFORE, "2026-12-04T15:00"),
        ("vi", "thứ sáu sau 3 giờ", Bound.NOT_BEFORE, "2026-12-04T15:00"),
        ("vi", "thứ sáu tuần sau 6h tối", None, "2026-12-11T18:00"),
        ("vi", "thứ sáu trước", None, "2026-11-27"),
        ("en", "at 3pm", None, "15:00"),
    ],
)
def test_a_limit_is_told_from_a_wish(language: str, text: str, bound: Bound | None, value: str) -> None:
    (only,) = found(language, text, asked=True).dates
    assert (only.bound, shown(only.value)) == (bound, value)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the 31st of November"),
        ("en", "November 31 at the villa"),
        ("en", "30 Feb"),
        ("en", "29 February 2027"),
        ("en", "31/11"),
        ("en", "31.04.2027"),
        ("id", "tgl 31 november"),
        ("vi", "ngày 31 tháng 11"),
        ("vi", "ngay 31 thang 11"),
    ],
)
def test_a_day_that_no_month_has_is_asked_about(language: str, text: str) -> None:
    read = found(language, text)
    assert [doubt.kind for doubt in read.doubts] == [DoubtKind.NO_SUCH_DAY]
    assert read.dates == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Tuesday the 3rd of December"),
        ("en", "tue 3/12/2026"),
        ("id", "selasa tanggal 3 desember"),
        ("vi", "thứ ba ngày 3 tháng 12"),
    ],
)
def test_a_weekday_against_its_date_is_asked_about_with_both(language: str, text: str) -> None:
    (doubt,) = found(language, text).doubts
    assert doubt.kind is DoubtKind.WEEKDAY_AND_DATE
    assert {shown(each) for each in doubt.candidates} == {"2026-12-03", "2026-12-01"}


@pytest.mark.parametrize("text", ["Thursday the 3rd of December", "thu 3 dec", "monday the 21st"])
def test_a_weekday_that_fits_its_date_is_no_doubt(text: str) -> None:
    read = found("en", text)
    assert read.doubts == ()
    assert len(read.dates) == 1


@pytest.mark.parametrize(
    ("language", "text", "ours"),
    [
        ("id", "besok jam 3 sore WIB", "2026-12-03T16:00"),
        ("en", "tomorrow 4pm Singapore time", None),
        ("en", "tomorrow at 9am London time", "2026-12-03T17:00"),
        ("en", "tomorrow 17:00 UTC+7", "2026-12-03T18:00"),
        ("vi", "3h chiều mai giờ Nhật", "2026-12-03T14:00"),
        ("id", "besok jam 3 sore WITA", None),
    ],
)
def test_a_time_by_another_clock_is_asked_about_and_ours_is_none(language: str, text: str, ours: str | None) -> None:
    read = found(language, text)
    if ours is None:
        assert read.doubts == ()
        assert len(read.dates) == 1
    else:
        (doubt,) = read.doubts
        assert (doubt.kind, shown(doubt.candidates[0]), read.dates) == (DoubtKind.OTHER_ZONE, ours, ())


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "from the 5th of January till the 13th", "2027-01-05/2027-01-13"),
        ("en", "5 January to 13", "2027-01-05/2027-01-13"),
        ("en", "22nd to the 6 July", "2027-06-22/2027-07-06"),
        ("en", "28 December until the 3rd", "2026-12-28/2027-01-03"),
        ("en", "from today until Friday", "2026-12-02/2026-12-04"),
        ("id", "tanggal 5 januari sampai 13", "2027-01-05/2027-01-13"),
        ("id", "dari hari ini sampai jumat", "2026-12-02/2026-12-04"),
        ("vi", "từ mùng 5 tháng 1 đến 13", "2027-01-05/2027-01-13"),
        ("vi", "từ hôm nay đến thứ sáu", "2026-12-02/2026-12-04"),
        ("en", "10 past 16", "16:10"),
        ("en", "tomorrow at 17 30", "2026-12-03T17:30"),
        ("en", "five-thirty", "17:30"),
        ("en", "tomorrow evening 6", "2026-12-03T18:00"),
        ("en", "thu 3 dec 6pm", "2026-12-03T18:00"),
        ("en", "fri 730", "2026-12-04T07:30"),
        ("en", "at 7 30 pm", "19:30"),
        ("id", "17 agts", "2027-08-17"),
        ("id", "besok sore 5", "2026-12-03T17:00"),
        ("id", "makan malam sabtu depan", "2026-12-12"),
        ("id", "malam sabtu depan", "2026-12-11"),
        ("vi", "tối thứ 7 này", "2026-12-05"),
        ("vi", "toi thu 7 nay", "2026-12-05"),
        ("vi", "tối mai 7", "2026-12-03T19:00"),
        ("id", "tgl 22 sampai 6 juli", "2027-06-22/2027-07-06"),
        ("id", "28 desember sampai tanggal 3", "2026-12-28/2027-01-03"),
        ("vi", "ngày 22 đến 6 tháng 7", "2027-06-22/2027-07-06"),
        ("vi", "28 tháng 12 đến ngày 3", "2026-12-28/2027-01-03"),
        ("id", "jam 4 lewat 10 sore", "16:10"),
        ("vi", "4 giờ 10 chiều", "16:10"),
        ("id", "besok jam 17 30", "2026-12-03T17:30"),
        ("vi", "mai lúc 17 30", "2026-12-03T17:30"),
        ("id", "setengah enam sore", "17:30"),
        ("vi", "năm rưỡi chiều", "17:30"),
        ("id", "jumat 730", "2026-12-04T07:30"),
        ("vi", "thứ sáu 7h30", "2026-12-04T07:30"),
        ("id", "kamis 3 des jam 6 sore", "2026-12-03T18:00"),
        ("vi", "thứ năm 3/12 6h chiều", "2026-12-03T18:00"),
        ("en", "dinner saturday next week", "2026-12-12"),
        ("en", "tomorrow after lunch", "2026-12-03"),
        ("id", "besok habis makan siang", "2026-12-03"),
        ("vi", "mai sau bữa trưa", "2026-12-03"),
    ],
)
def test_ranges_and_times_as_people_type_them(language: str, text: str, wanted: str) -> None:
    assert [shown(value.value) for value in found(language, text).dates] == [wanted]


@pytest.mark.parametrize("text", ["730", "7 30", "five-thirty"])
def test_a_bare_time_is_one_where_a_time_was_asked(text: str) -> None:
    (value,) = found("en", text, asked=True).dates
    assert "07:30" in {shown(value.value), *(shown(each.value) for each in value.alternatives)} or text == "five-thirty"


@pytest.mark.parametrize(
    ("language", "text"), [("en", "we are two pairs"), ("id", "kami 2 pasang"), ("vi", "tụi mình 2 cặp")]
)
def test_pairs_of_people_are_no_time(language: str, text: str) -> None:
    assert found(language, text, asked=True).dates == ()


_DAYS = st.sampled_from(["Tuesday", "friday", "tomorrow", "3 December", "next week", "31 november", "Monday 3 dec"])
_AROUND = st.sampled_from(
    ["not {}", "any day but {}", "{} doesn't work", "before {}", "{} London time", "from {} until friday", "{}"]
)


@given(_DAYS, _AROUND, st.sampled_from(Language))
def test_nothing_is_both_wished_and_not(day: str, around: str, language: Language) -> None:
    read = find_dates(around.format(day), language, NOW.date(), NOW)
    wished = {str(value.value) for value in read.dates}
    assert wished.isdisjoint(str(value.value) for value in read.excluded)


@pytest.mark.parametrize("text", ["thứ ba ngày 3 tháng 12", "trừ thứ ba", "từ mùng 5 tháng 1 đến 13", "tối thứ 7 này"])
def test_vietnamese_reads_alike_without_its_marks(text: str) -> None:
    one, other = found("vi", text), found("vi", fold(text))
    assert [shown(v.value) for v in one.dates] == [shown(v.value) for v in other.dates]
    assert [shown(v.value) for v in one.excluded] == [shown(v.value) for v in other.excluded]
    assert [d.kind for d in one.doubts] == [d.kind for d in other.doubts]
