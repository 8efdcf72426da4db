"""Work that places need again and again: by the calendar, the same hour on the wall, and each mistake with its fix."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.business import file
from bot.business.hours import Minute
from bot.business.upkeep import Recurrence, Upkeep
from bot.business.words import LocalizedText
from tests.bot.business.makers import SAMPLE, sample

PARIS = ZoneInfo("Europe/Paris")
UPKEEP = """
upkeep:
  - id: inspection
    title: { en: Inspect the villa, id: Periksa vila, vi: Kiểm tra biệt thự }
    role: host
    every: { months: 1 }
    first: 2026-01-31
    at: "09:00"
    places: [villa-kamboja]
"""


def work(every: Recurrence, first: date, at: int = 9 * 60) -> Upkeep:
    return Upkeep("inspection", LocalizedText(en="Inspect"), "host", every, first, Minute(at))


def dues(of: Upkeep, after: datetime, count: int) -> list[datetime]:
    found: list[datetime] = []
    for _ in range(count):
        after = of.due_after(after, PARIS)
        found.append(after)
    return found


def test_every_month_is_that_day_or_the_last_and_a_short_month_moves_no_later_one() -> None:
    monthly = work(Recurrence(months=1), date(2027, 1, 31))
    found = dues(monthly, datetime(2026, 1, 1, tzinfo=UTC), 5)
    days = [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]
    assert [due.astimezone(PARIS).date() for due in found] == days
    # on the wall it is nine each time, though the clocks change at the end of March
    assert {due.astimezone(PARIS).hour for due in found} == {9}
    assert found[2] - found[1] == timedelta(days=31) - timedelta(hours=1)
    quarterly = dues(work(Recurrence(months=3), date(2027, 1, 31)), datetime(2027, 2, 1, tzinfo=UTC), 2)
    assert [due.astimezone(PARIS).date() for due in quarterly] == [date(2027, 4, 30), date(2027, 7, 31)]


def test_an_hour_that_the_clock_leaves_out_is_the_one_after_it() -> None:
    weekly = work(Recurrence(days=7), date(2027, 3, 21), at=2 * 60 + 30)
    (_, gone) = dues(weekly, datetime(2027, 3, 20, tzinfo=UTC), 2)
    assert gone == datetime(2027, 3, 28, 3, 30, tzinfo=PARIS)


EVERY = st.builds(Recurrence, days=st.integers(1, 366)) | st.builds(Recurrence, months=st.integers(1, 24))


@given(
    every=EVERY,
    first=st.dates(date(1970, 1, 1), date(2199, 12, 31)),
    at=st.integers(0, 287),
    after=st.integers(1_577_836_800, 4_102_444_800).map(lambda at: datetime.fromtimestamp(at, tz=UTC)),
)
def test_the_next_one_is_the_first_after_that_moment(every: Recurrence, first: date, at: int, after: datetime) -> None:
    of = work(every, first, at * 5)
    due = of.due_after(after, PARIS)
    assert due > after
    # it is of the series, and the one before it is not after that moment
    index = next(k for k in range(every.near(first, after.astimezone(PARIS).date()) + 9) if _due(of, k) == due)
    assert index == 0 or _due(of, index - 1) <= after


def _due(of: Upkeep, index: int) -> datetime:
    day = of.every.day(of.first, index)
    local = datetime(day.year, day.month, day.day, of.at // 60, of.at % 60, tzinfo=PARIS)
    return datetime.fromtimestamp(local.timestamp(), tz=UTC)


def told(text: str) -> str:
    return str(file.parse(SAMPLE + text, "business.yaml"))


def test_the_file_lists_it_and_the_four_of_a_stay_stay() -> None:
    business = file.parse(SAMPLE + UPKEEP, "business.yaml")
    assert isinstance(business, type(sample()))
    (inspection,) = business.upkeep
    assert (inspection.every.months, inspection.places) == (1, ("villa-kamboja",))
    assert business.task_templates == sample().task_templates


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("role: host", "role: pilot"), "nobody of `staff` is a pilot"),
        (("[villa-kamboja]", "[villa-kambodja]"), "there is no place `villa-kambodja`"),
        (("{ months: 1 }", "{ months: 1, days: 3 }"), "says not how often"),
        (("{ months: 1 }", "{}"), "says not how often"),
        (("{ months: 1 }", "{ months: 0 }"), "months"),
        (("2026-01-31", "9999-12-31"), "is too far away"),
        (("2026-01-31", "2026-02-31"), "is not in the calendar"),
        (('"09:00"', '"24:00"'), "is not a time of day"),
        (("en: Inspect the villa, ", ""), "has no text in `en`"),
    ],
)
def test_each_mistake_is_told(change: tuple[str, str], words: str) -> None:
    assert change[0] in UPKEEP
    assert words in told(UPKEEP.replace(*change, 1))


def test_the_same_id_twice_is_told() -> None:
    again = UPKEEP.partition("upkeep:\n")[2]
    assert "inspection" in told(UPKEEP + again)


@pytest.mark.parametrize("role", ["host", "pilot"])
def test_amenities_need_somebody_who_turns_them_on(role: str) -> None:
    old = "    guests: 8\n"
    assert old in SAMPLE
    text = SAMPLE.replace(old, f"{old}    amenities: {{ what: {{ en: pool }}, role: {role} }}\n", 1)
    found = str(file.parse(text, "business.yaml"))
    assert ("nobody of `staff` is a pilot" in found) is (role == "pilot")
