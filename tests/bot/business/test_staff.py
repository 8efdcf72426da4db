"""Tasks of the business file: due by the wall clock, and every way to list work that never comes or never ends."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.business import file
from bot.business.catalogue import CompletionRule, PayoutRelease, ServiceId
from bot.business.definition import Business
from bot.business.hours import Minute
from bot.business.staff import STAY_TASKS, TaskDue, TaskEdge
from tests.bot.business.makers import SAMPLE, sample, with_changes

PARIS = ZoneInfo("Europe/Paris")


def paris(year: int, month: int, day: int, hour: int = 15, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


def due(due_: TaskDue, start: datetime, end: datetime) -> datetime:
    return due_.of(start.astimezone(UTC), end.astimezone(UTC), PARIS)


def test_a_stay_brings_its_four_tasks_at_the_moments_of_the_trade() -> None:
    templates = sample().task_templates
    assert {one.id for one in templates} == STAY_TASKS
    assert {one.services for one in templates} == {("kamboja-stay",)}
    start, end = paris(2027, 5, 1, 14), paris(2027, 5, 4, 11)
    moments = [due(one.due, start, end) for one in templates]
    assert moments == [start - timedelta(days=1), start, end, end + timedelta(hours=2)]


def test_days_before_are_the_same_hour_on_the_wall_though_the_clocks_change() -> None:
    # on 28 March 2027 the clocks go forward at two, on 31 October 2027 back at three
    day_before = TaskDue(before=TaskEdge.START, days=1)
    assert due(day_before, paris(2027, 3, 28), paris(2027, 3, 30)) == paris(2027, 3, 27)
    assert due(day_before, paris(2027, 10, 31), paris(2027, 11, 2)) == paris(2027, 10, 30)


def test_hours_after_are_exact_and_an_hour_that_is_left_out_is_the_one_after_it() -> None:
    after = TaskDue(after=TaskEdge.END, hours=2)
    assert due(after, paris(2027, 3, 26), paris(2027, 3, 28, 1)) == paris(2027, 3, 28, 4)
    gone = TaskDue(before=TaskEdge.START, days=1)
    assert due(gone, paris(2027, 3, 29, 2, 30), paris(2027, 3, 30)) == paris(2027, 3, 28, 3, 30)


def test_at_a_time_of_a_day_is_that_time_on_the_wall_so_many_days_away_a_sunday_too() -> None:
    review = TaskDue(before=TaskEdge.START, days=3, at_time=Minute(17 * 60))
    # Wednesday at ten; three days before is the Sunday, in which the clocks go forward
    assert due(review, paris(2027, 3, 31, 10), paris(2027, 3, 31, 11)) == paris(2027, 3, 28, 17)
    summary = TaskDue(after=TaskEdge.END, days=1, at_time=Minute(17 * 60))
    assert due(summary, paris(2027, 3, 31, 10), paris(2027, 3, 31, 23, 30)) == paris(2027, 4, 1, 17)
    gone = TaskDue(before=TaskEdge.START, days=1, at_time=Minute(2 * 60 + 30))
    assert due(gone, paris(2027, 3, 29, 10), paris(2027, 3, 29, 11)) == paris(2027, 3, 28, 3, 30)


PREPARATION = """
tasks:
  - id: review-background
    for: [planning-call]
    role: host
    title: { en: Review client background, id: Pelajari latar klien, vi: Tìm hiểu khách hàng }
    minutes: 30
    due: { before: start, days: 3, at_time: "17:00" }
  - id: follow-up-call
    for: [planning-call]
    on: completed
    role: host
    title: { en: Schedule follow-up call, id: Jadwalkan telepon lanjutan, vi: Hẹn cuộc gọi tiếp theo }
    minutes: 15
    due: { after: end, days: 3, at_time: "17:00" }
"""


def test_what_a_consultation_is_prepared_with_is_listed_as_the_seeds_have_it() -> None:
    found = file.parse(SAMPLE + PREPARATION, "x")
    assert isinstance(found, Business)
    review, follow_up = (one.due for one in found.task_templates)
    start = datetime(2027, 5, 5, 10, tzinfo=found.zone).astimezone(UTC)
    end = start + timedelta(minutes=20)
    moments = [one.of(start, end, found.zone).astimezone(found.zone) for one in (review, follow_up)]
    assert [(one.day, one.hour, one.minute) for one in moments] == [(2, 17, 0), (8, 17, 0)]
    assert file.unpacked(file.packed(found), found.version) == found


TASKS = """
tasks:
  - { id: check-in-meeting, for: [kamboja-stay], role: host, due: { at: start } }
  - id: flowers
    for: [kamboja-stay, planning-call]
    role: host
    title: { en: Flowers, id: Bunga, vi: Hoa }
    due: { before: start, hours: 3 }
"""


def with_tasks(text: str = TASKS, *changes: tuple[str, str]) -> dict[str, str]:
    """What is wrong with the sample when it lists these tasks."""
    found = file.parse(with_changes(*changes) + text, "business.yaml")
    return {} if isinstance(found, Business) else {one.path: f"{one.what}; {one.fix}" for one in found.items}


def test_a_file_that_lists_tasks_has_exactly_those() -> None:
    listed, none = file.parse(SAMPLE + TASKS, "x"), file.parse(SAMPLE + "\ntasks: []\n", "x")
    assert isinstance(listed, Business)
    assert isinstance(none, Business)
    assert [one.id for one in listed.task_templates] == ["check-in-meeting", "flowers"]
    assert none.task_templates == ()
    assert file.unpacked(file.packed(listed), listed.version) == listed


CHECK_OUT_MEETING = (
    "{ id: check-out-meeting, for: [kamboja-stay], role: host, due: { at: end }, after: [check-in-meeting] }"
)


@pytest.mark.parametrize(
    ("old", "new", "path", "says"),
    [
        ("{ before: start, hours: 3 }", "{ before: start }", "tasks[1].due", "how long before"),
        ("{ before: start, hours: 3 }", "{ at: start, hours: 3 }", "tasks[1].due", "apart from it"),
        ("{ before: start, hours: 3 }", "{ hours: 3 }", "tasks[1].due", "not by when"),
        ("{ before: start, hours: 3 }", '{ before: start, hours: 3, at_time: "17:00" }', "tasks[1].due", "whole days"),
        ("{ before: start, hours: 3 }", '{ at: start, at_time: "17:00" }', "tasks[1].due", "whole days"),
        (
            "{ before: start, hours: 3 }",
            '{ before: start, days: 1, at_time: "25:00" }',
            "tasks[1].due.at_time",
            "5-minute steps",
        ),
        ("planning-call", "planing-call", "tasks[1].for[1]", "did you mean `planning-call`"),
        ("id: flowers", "id: amenities-on", "tasks[1].id", "another id"),
        ("role: host\n", "role: hst\n", "tasks[1].role", "did you mean `host`"),
        ("role: host\n", "role: host\n    on: checked_in\n", "tasks[1].on", "nobody checks in to `planning-call`"),
        ("    title: { en: Flowers, id: Bunga, vi: Hoa }\n", "", "tasks[1]", "has no title"),
        ("en: Flowers, ", "", "tasks[1].title", "default language"),
        ("id: flowers", "id: check-in-meeting", "tasks[1].id", "stands twice"),
        ("id: flowers", "id: by-hand-flowers", "tasks[1].id", "another id"),
        ("role: host\n", "role: host\n    after: [flowers]\n", "tasks[1].after", "waits for itself"),
        ("role: host\n", "role: host\n    tell: [gest]\n", "tasks[1].tell[0]", "nobody of `staff` is a gest"),
        ("role: host\n", "role: host\n    tell: [place, hst]\n", "tasks[1].tell[1]", "did you mean `host`"),
        ("role: host\n", "role: host\n    tell: [guest, guest]\n", "tasks[1].tell[1]", "told already"),
        ("role: host\n", "role: provider\n    offer: {}\n", "tasks[1].offer", "who is not asked"),
        ("role: host, due: { at: start } }", "role: provider, due: { at: start } }", "tasks[0].for[0]", "no provider"),
        ("role: host\n", "role: host\n    after: [cleaning]\n", "tasks[1].after[0]", "no task `cleaning`"),
        ("role: host\n", "role: host\n    after: [check-in-meeting]\n", "tasks[1].after[0]", "not for every service"),
        (
            "role: host, due: { at: start } }",
            "role: host, due: { at: start }, on: checked_out }\n  - " + CHECK_OUT_MEETING,
            "tasks[1].after[0]",
            "begins to exist later",
        ),
    ],
)
def test_each_mistake_of_a_task_is_told_where_it_stands(old: str, new: str, path: str, says: str) -> None:
    assert with_tasks() == {}
    assert old in TASKS
    assert says in with_tasks(TASKS.replace(old, new, 1)).get(path, "")


@pytest.mark.parametrize(
    ("old", "new", "path", "says"),
    [
        ("roles: [host]", "roles: [hostess]", "tasks[0].role", "did you mean `hostess`"),
        ("roles: [host]", "roles: []", "staff[2].roles", "at least 1"),
        ("areas: [canggu, seminyak]\n", "areas: [cangu]\n", "staff[1].areas[0]", "did you mean `canggu`"),
        ('daily: ["07:00-22:00"]', "daily: []", "staff[2].hours", "never works"),
        ("id: iluh", "id: ketut", "staff[1].id", "stands twice"),
        ("roles: [host]", "roles: [host, guest]", "staff[2].roles[1]", "no role of staff"),
        ("roles: [host]", "roles: [host, provider]", "staff[2].roles[1]", "no role of staff"),
        (
            "    split: class\n",
            "    split: class\n    completion: by_staff\n",
            "services[6].completion",
            "when the customer came",
        ),
    ],
)
def test_each_mistake_of_staff_and_completion_is_told_too(old: str, new: str, path: str, says: str) -> None:
    assert says in with_tasks(TASKS, (old, new)).get(path, "")


def test_no_guest_of_a_class_hears_of_what_is_done_for_all_who_come() -> None:
    group = next(one.id for one in sample().services if one.is_group)
    title = "{ en: Lay out mats, id: Gelar matras, vi: Trải thảm }"
    task = f"  - {{ id: mats, for: [{group}], role: host, due: {{ at: start }}, title: {title}, tell: [guest] }}\n"
    assert "no single guest's" in with_tasks(f"\ntasks:\n{task}").get("tasks[0].tell[0]", "")


def test_the_concierge_pays_who_has_delivered() -> None:
    released = {str(one.id) for one in sample().services if one.payment.release is PayoutRelease.ON_COMPLETED}
    assert released == {"private-chef", "airport-transfer", "day-tour", "movie-night"}


def test_a_group_event_may_have_tasks() -> None:
    assert with_tasks(TASKS.replace("planning-call", "sunrise-yoga")) == {}


def test_what_ends_with_its_last_task_needs_one_before_the_end() -> None:
    by_task = ("    kind: stay\n", "    kind: stay\n    completion: by_task\n")
    assert with_tasks(TASKS, by_task) == {}
    late = "\ntasks:\n  - { id: check-in-meeting, for: [kamboja-stay], role: host, due: { at: end }, on: completed }\n"
    assert "has none" in with_tasks(late, by_task)["services[9].completion"]


def test_a_stay_and_a_journey_are_over_with_their_time_where_nothing_is_said() -> None:
    business = sample()
    ends = {service.id: service.ends for service in business.services}
    assert ends[ServiceId("kamboja-stay")] is CompletionRule.ON_END
    assert ends[ServiceId("airport-transfer")] is CompletionRule.ON_END
    assert ends[ServiceId("balinese-massage")] is None


def test_who_works_there_and_then() -> None:
    business, canggu = sample(), sample().areas[1].id
    monday, night = datetime(2026, 11, 30, 1, tzinfo=UTC), datetime(2026, 11, 30, 15, tzinfo=UTC)
    working = [one.id for one in business.staff if one.works(canggu, monday, business.zone)]
    assert working == ["ketut", "iluh", "dewi"]
    assert not [one.id for one in business.staff if one.works(canggu, night, business.zone)]
    assert not business.staff[1].works(business.areas[2].id, monday, business.zone)
