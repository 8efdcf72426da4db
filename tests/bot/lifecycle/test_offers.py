"""Work that is offered: one of those who are asked has it, each hears once how it ended, and silence is no answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import BookingReference
from bot.domain.job import JobNews
from bot.domain.task import SERVICE_TASK, OfferOutcome, PlannedTask, Task, TaskKind, TaskState
from bot.lifecycle.job_notices import having_told, holder, job_notices
from bot.lifecycle.offers import (
    accepted,
    advanced,
    asked_from,
    assigned,
    declined,
    dropped,
    is_searched,
    offer_of,
    unasked,
)
from bot.lifecycle.task_steps import TaskRefusal, TaskRefused, candidates, ranked_by_load
from bot.lifecycle.tasks import TaskDenied, TaskPlan, move_task
from tests.bot.business.makers import sample

S, Said = TaskState, OfferOutcome
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BOOKING = BookingReference("BK-1")
WHO = ("wayan", "kadek", "made")
RANKED = PlannedTask(
    SERVICE_TASK,
    (("en", "Massage"),),
    NOW + timedelta(days=3),
    60,
    kind=TaskKind.SERVICE,
    guests=2,
    candidates=WHO,
    answer_by=NOW + timedelta(hours=3),
    answer_minutes=30,
)
AT_ONCE = replace(RANKED, at_once=True)
CHORE = PlannedTask("cleaning", (("en", "Clean"),), NOW + timedelta(days=3), 120, "cleaner", "villa", answer_minutes=60)
MINUTES = timedelta(minutes=1)


def planned(wanted: PlannedTask = AT_ONCE, last: Task | None = None, number: int = 1, at: datetime = NOW) -> Task:
    made = TaskPlan(BOOKING, number, at).ensured(last, wanted, is_ready=True)
    assert made is not None
    return made


def offered(wanted: PlannedTask = AT_ONCE) -> Task:
    return advanced(planned(wanted), WHO, NOW)


def outcomes(task: Task) -> list[tuple[str, str]]:
    return [(offer.who, offer.outcome.value) for offer in task.offers]


def why(step: Callable[[], Task]) -> TaskRefusal:
    with pytest.raises(TaskRefused) as refused:
        step()
    return refused.value.why


def test_all_are_asked_at_once_or_the_best_first() -> None:
    assert outcomes(offered(AT_ONCE)) == [(who, "open") for who in WHO]
    ranked = offered(RANKED)
    assert outcomes(ranked) == [("wayan", "open")]
    assert (ranked.state, ranked.next_at) == (S.OFFERED, NOW + 30 * MINUTES)
    assert advanced(ranked, WHO, NOW + 29 * MINUTES) is ranked


def test_the_first_who_accepts_has_it_and_the_others_are_told() -> None:
    task = having_told(offered())
    taken = accepted(task, "kadek", 1, NOW, "partner:kadek")
    assert (taken.state, taken.assignee) == (S.TAKEN, "kadek")
    assert outcomes(taken) == [("wayan", "lost"), ("kadek", "accepted"), ("made", "lost")]
    assert [(one.who, one.news) for one in job_notices(taken)] == [
        ("wayan", JobNews.OFFER_LOST),
        ("made", JobNews.OFFER_LOST),
    ]
    assert holder(taken) is None, "theirs once its booking says so"
    assert job_notices(having_told(taken)) == ()


def test_it_is_theirs_with_the_plan_that_names_them() -> None:
    taken = having_told(accepted(having_told(offered()), "kadek", 1, NOW, "x"))
    for number in (1, 2):
        confirmed = planned(replace(AT_ONCE, who="kadek"), taken, number)
        assert (confirmed.state, holder(confirmed)) == (S.TAKEN, "kadek")
        assert [(one.who, one.news) for one in job_notices(confirmed)] == [("kadek", JobNews.GIVEN)]
        assert TaskPlan(BOOKING, number, NOW).ensured(confirmed, replace(AT_ONCE, who="kadek"), is_ready=True) is None
    assert TaskPlan(BOOKING, 1, NOW).ensured(taken, replace(AT_ONCE, who="wayan"), is_ready=True) is None


def test_staff_have_it_as_soon_as_they_accept() -> None:
    task = advanced(planned(CHORE), ("ketut", "dewi"), NOW)
    taken = accepted(task, "ketut", 1, NOW, "partner:ketut")
    assert holder(taken) == "ketut"
    assert [(one.who, one.news) for one in job_notices(taken)] == [("ketut", JobNews.GIVEN)]


def test_silence_moves_on_and_with_nobody_left_it_is_unfilled() -> None:
    task, at = offered(RANKED), NOW
    for who in WHO[1:]:
        at += 30 * MINUTES
        task = advanced(task, WHO, at)
        assert outcomes(task)[-2:] == [(WHO[WHO.index(who) - 1], "expired"), (who, "open")]
    task = advanced(task, WHO, at + 30 * MINUTES)
    assert (task.state, {said for _, said in outcomes(task)}) == (S.UNFILLED, {"expired"})
    assert task.acknowledged < task.revision, "news for its booking"


def test_it_is_unfilled_when_the_time_to_answer_is_over_whoever_is_left() -> None:
    task = advanced(offered(RANKED), WHO, RANKED.answer_by or NOW)
    assert task.state is S.UNFILLED
    assert advanced(planned(RANKED), WHO, RANKED.answer_by or NOW).state is S.UNFILLED
    assert advanced(planned(RANKED), (), NOW).state is S.UNFILLED


def test_who_declines_is_not_waited_for() -> None:
    task = declined(offered(RANKED), "wayan", 1, NOW, "partner:wayan")
    assert (task.state, task.next_at) == (S.OFFERED, NOW)
    assert outcomes(advanced(task, WHO, NOW)) == [("wayan", "declined"), ("kadek", "open")]
    assert job_notices(having_told(task)) == ()


def test_an_offer_that_cannot_be_said_ends_at_once() -> None:
    task = declined(offered(RANKED), "wayan", 1, NOW, "x", Said.UNSENT)
    assert outcomes(advanced(task, WHO, NOW)) == [("wayan", "unsent"), ("kadek", "open")]


def test_an_answer_that_comes_too_late_changes_nothing_and_says_why() -> None:
    taken = accepted(offered(), "kadek", 1, NOW, "x")
    assert why(lambda: accepted(taken, "kadek", 1, NOW, "x")) is TaskRefusal.OFFER_YOURS
    assert why(lambda: accepted(taken, "wayan", 1, NOW, "x")) is TaskRefusal.OFFER_LOST
    assert why(lambda: declined(taken, "wayan", 1, NOW, "x")) is TaskRefusal.OFFER_LOST
    assert why(lambda: accepted(taken, "somebody", 1, NOW, "x")) is TaskRefusal.NO_SUCH_TASK
    no = declined(offered(), "kadek", 1, NOW, "x")
    assert why(lambda: accepted(no, "kadek", 1, NOW, "x")) is TaskRefusal.OFFER_DECLINED
    silent = offered(RANKED)
    assert why(lambda: accepted(silent, "wayan", 1, NOW + 30 * MINUTES, "x")) is TaskRefusal.OFFER_OVER
    gone = TaskPlan(BOOKING, 1, NOW).withdrawn(having_told(offered()), "cancelled")
    assert gone is not None
    assert why(lambda: accepted(gone, "kadek", 1, NOW, "x")) is TaskRefusal.OFFER_OVER
    assert {one.news for one in job_notices(gone)} == {JobNews.OFFER_OVER}


def test_at_another_time_everybody_is_asked_again_and_the_old_buttons_are_over() -> None:
    later = replace(AT_ONCE, due_at=AT_ONCE.due_at + timedelta(days=1))
    moved = planned(later, having_told(offered()), 2)
    assert (moved.state, moved.arrangement, moved.assignee) == (S.OPEN, 2, None)
    again = advanced(moved, WHO, NOW)
    assert [(one.who, one.news, one.offer) for one in job_notices(again)] == [
        *((who, JobNews.OFFER_OVER, 1) for who in WHO),
        *((who, JobNews.OFFERED, 2) for who in WHO),
    ]
    assert {one.shown.ends_at for one in job_notices(again) if one.shown and one.offer == 1} == {AT_ONCE.due_at}
    assert why(lambda: accepted(again, "wayan", 1, NOW, "x")) is TaskRefusal.OFFER_OVER
    assert accepted(again, "wayan", 2, NOW, "x").assignee == "wayan"


def test_who_had_accepted_the_former_time_hears_that_it_is_over() -> None:
    later = replace(AT_ONCE, due_at=AT_ONCE.due_at + timedelta(days=1))
    taken = having_told(accepted(having_told(offered()), "kadek", 1, NOW, "x"))
    for moved in (planned(later, taken, 2), TaskPlan(BOOKING, 1, NOW).withdrawn(taken, "cancelled")):
        assert moved is not None
        assert [(one.who, one.news) for one in job_notices(moved)] == [("kadek", JobNews.OFFER_OVER)]
    with_another = planned(replace(AT_ONCE, who="made"), taken, 2)
    assert [(one.who, one.news) for one in job_notices(with_another)] == [
        ("kadek", JobNews.OFFER_OVER),
        ("made", JobNews.GIVEN),
    ]


@pytest.mark.parametrize("who", ["kadek", "wayan"])
def test_a_time_that_somebody_took_before_it_was_planned_is_theirs_and_nobody_is_asked_again(who: str) -> None:
    first = having_told(accepted(having_told(offered()), "wayan", 1, NOW, "partner:wayan"))
    moved = planned(replace(AT_ONCE, due_at=AT_ONCE.due_at + MINUTES * 120, accepted_by=who), first, 2)
    assert (moved.state, moved.assignee, is_searched(moved), moved.planned.accepted_by) == (S.TAKEN, who, False, None)
    # who had the former time hears that it is over, but not who took another one in its place; and nobody that this
    # is theirs before it is paid
    last_words = [] if who == "wayan" else [("wayan", JobNews.OFFER_OVER)]
    assert [(one.who, one.news) for one in job_notices(moved)] == last_words
    assert holder(moved) is None
    told = having_told(moved)
    paid = planned(replace(AT_ONCE, due_at=moved.planned.due_at, who=who), told, 2)
    assert [(one.who, one.news) for one in job_notices(paid)] == [(who, JobNews.GIVEN)]
    # never paid for, they hear that it is over, once
    over = TaskPlan(BOOKING, 2, NOW).withdrawn(told, "payment_expired")
    assert over is not None
    assert [(one.who, one.news) for one in job_notices(over)] == [(who, JobNews.OFFER_OVER)]
    # told again, or another plan of the same time: as it is
    assert TaskPlan(BOOKING, 2, NOW).ensured(told, replace(moved.planned, accepted_by=who), is_ready=True) is None


def test_a_time_taken_before_there_was_any_task_of_it_is_theirs_too() -> None:
    new = planned(replace(AT_ONCE, accepted_by="made"))
    assert (new.state, new.assignee, new.revision, [one.outcome for one in new.offers]) == (
        S.TAKEN,
        "made",
        1,
        [Said.ACCEPTED],
    )
    assert job_notices(new) == ()


def test_another_person_at_the_very_same_time_is_whoever_took_it() -> None:
    first = having_told(accepted(having_told(offered()), "wayan", 1, NOW, "partner:wayan"))
    moved = planned(replace(AT_ONCE, accepted_by="kadek"), first, 2)
    assert (moved.state, moved.assignee) == (S.TAKEN, "kadek")


def test_what_is_given_back_is_offered_to_the_others_and_never_to_who_said_no() -> None:
    task = declined(offered(), "made", 1, NOW, "x")
    task = planned(replace(AT_ONCE, who="kadek"), accepted(task, "kadek", 1, NOW, "x"), 2)
    free = dropped(having_told(task), "kadek", NOW, "ill")
    assert (free.state, free.assignee, free.note, free.planned.who) == (S.OPEN, None, "ill", None)
    assert job_notices(free) == (), "they have just said so"
    assert outcomes(advanced(free, WHO, NOW))[-1] == ("wayan", "open")
    assert unasked(free, WHO) == ("wayan",)
    assert why(lambda: dropped(free, "kadek", NOW)) is TaskRefusal.OFFER_DECLINED
    # the same booking planned once more, because its guests are others: whoever gave it back is not asked
    again = planned(replace(AT_ONCE, who="kadek", guests=3), advanced(free, WHO, NOW), 3)
    assert (again.planned.who, again.state) == (None, S.OPEN)


def test_what_nobody_else_could_do_is_unfilled_when_it_is_given_back() -> None:
    own = replace(AT_ONCE, who="wayan", candidates=(), answer_minutes=None)
    free = dropped(having_told(planned(own)), "wayan", NOW)
    assert (free.state, outcomes(free)) == (S.UNFILLED, [("wayan", "dropped")])
    assert why(lambda: dropped(replace(planned(own), started_at=NOW), "wayan", NOW)) is TaskRefusal.STARTED


def test_a_person_gives_it_to_one_of_those_who_could() -> None:
    for task in (offered(), advanced(offered(), WHO, AT_ONCE.due_at)):
        given_to = assigned(task, "made", NOW, "rina")
        assert (given_to.state, given_to.assignee, given_to.by) == (S.TAKEN, "made", "rina")
        assert sum(offer.outcome is Said.ACCEPTED for offer in given_to.offers) == 1
    assert why(lambda: assigned(offered(), "somebody", NOW, "rina")) is TaskRefusal.NOT_A_CANDIDATE


def test_staff_are_asked_by_day_and_a_guest_waits_for_nobodys_morning() -> None:
    zone = ZoneInfo("Asia/Makassar")
    night = datetime(2026, 3, 2, 15, tzinfo=UTC)
    later = asked_from(planned(CHORE), night, zone)
    assert later.next_at == datetime(2026, 3, 3, 0, tzinfo=UTC)
    assert (later.state, later.acknowledged) == (S.OPEN, later.revision)
    for task, at in ((planned(CHORE), NOW), (planned(), night), (planned(CHORE), CHORE.begins_at - 600 * MINUTES)):
        assert asked_from(task, at, zone) is task


def test_staff_are_asked_so_many_days_before_and_by_day() -> None:
    zone = ZoneInfo("Asia/Makassar")
    far = planned(replace(CHORE, due_at=NOW + timedelta(days=20, hours=2), asked_days=6))
    assert asked_from(far, NOW, zone).next_at == NOW + timedelta(days=14)
    at_night = planned(replace(far.planned, due_at=NOW + timedelta(days=20, hours=8)))
    assert asked_from(at_night, NOW, zone).next_at == datetime(2026, 3, 17, 0, tzinfo=UTC), "eight in the morning"
    for now in (NOW + timedelta(days=14), NOW + timedelta(days=19)):
        assert asked_from(far, now, zone) is far, "it is time, or late"


def test_given_back_long_before_anybody_is_asked_it_is_offered_then_and_not_unfilled() -> None:
    zone, wanted = ZoneInfo("Asia/Makassar"), replace(CHORE, due_at=NOW + timedelta(days=20, hours=2), asked_days=6)
    by_hand = assigned(planned(replace(wanted, candidates=WHO)), "kadek", NOW, "rina")
    free = dropped(by_hand, "kadek", NOW, "ill")
    later = asked_from(free, NOW, zone)
    assert later.next_at == NOW + timedelta(days=14)
    asked = advanced(later, WHO, NOW + timedelta(days=14))
    assert (asked.state, outcomes(asked)[-1]) == (S.OFFERED, ("wayan", "open"))


def test_the_day_on_which_they_are_asked_follows_the_business_file_while_nobody_is() -> None:
    zone, wanted = ZoneInfo("Asia/Makassar"), replace(CHORE, due_at=NOW + timedelta(days=20, hours=2), asked_days=6)
    waits = asked_from(planned(wanted), NOW, zone)
    again = planned(replace(wanted, asked_days=None), waits, 2, NOW + timedelta(hours=1))
    assert again.next_at == NOW + timedelta(hours=1)
    assert planned(wanted, waits, 2).next_at == waits.next_at


def test_staff_are_asked_by_what_they_have_then_by_area_and_by_load() -> None:
    business = sample()
    at_eight = datetime(2026, 11, 30, 0, tzinfo=UTC)
    cleaning = replace(CHORE, place="villa-senja", due_at=at_eight + timedelta(hours=4))
    wanted = replace(planned(cleaning), number=2)
    could = candidates(wanted, business)
    assert [one.id for one in could] == ["ketut", "iluh"]

    def ranked(*theirs: tuple[str, timedelta, int]) -> tuple[str, ...]:
        tasks = [
            replace(planned(replace(CHORE, minutes=minutes, due_at=cleaning.due_at + after)), assignee=who)
            for who, after, minutes in theirs
        ]
        return ranked_by_load(wanted, could, tasks, business)

    # iluh serves just that area, ketut all of them
    assert ranked() == ("iluh", "ketut")
    assert ranked(("iluh", timedelta(hours=5), 300)) == ("iluh", "ketut")
    assert ranked(("iluh", timedelta(hours=1), 120)) == ("ketut", "iluh"), "she has something else just then"
    anywhere = replace(wanted, planned=replace(cleaning, place=None))
    both = candidates(anywhere, business)
    later = replace(planned(replace(CHORE, due_at=cleaning.due_at + timedelta(hours=5))), assignee="ketut")
    assert ranked_by_load(anywhere, both, [], business) == ("ketut", "iluh"), "the order of the file"
    assert ranked_by_load(anywhere, both, [later], business) == ("iluh", "ketut")


# Whatever comes in whatever order -----------------------------------------------------------------------------------

_PERSON = st.sampled_from(WHO)
_EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("accept"), _PERSON, st.integers(0, 3)),
        st.tuples(st.just("decline"), _PERSON, st.integers(0, 3)),
        st.tuples(st.just("unsent"), _PERSON, st.integers(0, 3)),
        st.tuples(st.just("drop"), _PERSON, st.just(0)),
        st.tuples(st.just("assign"), _PERSON, st.just(0)),
        st.tuples(st.just("time"), st.just(""), st.integers(1, 90)),
        st.tuples(st.just("plan"), st.sampled_from(("", "whose it is", *WHO)), st.integers(0, 2)),
        st.tuples(st.just("withdraw"), st.just(""), st.just(0)),
        st.tuples(st.just("done"), st.just(""), st.just(0)),
        st.tuples(st.just("tell"), st.just(""), st.just(0)),
    ),
    max_size=25,
)


class History:
    """Tasks of one booking, and what each partner's own thread has said to them."""

    def __init__(self, wanted: PlannedTask) -> None:
        self.at, self.number, self.wanted = NOW, 1, wanted
        self.tasks = [planned(wanted)]
        self.waiting: set[tuple[str, str, int]] = set()
        """Who was asked for what, and has not heard the end."""
        self.last_words: dict[tuple[str, str, int], int] = {}

    @property
    def task(self) -> Task:
        return self.tasks[-1]

    def put(self, task: Task | None) -> None:
        if task is not None and task.id != self.task.id:
            self.tasks.append(task)
        elif task is not None:
            self.write(task)
        self.write(advanced(self.task, WHO, self.at))

    def write(self, task: Task) -> None:
        """One write: it is guarded by the revision before."""
        assert task is self.task or task.revision == self.task.revision + 1
        self.tasks[-1] = task

    def said(self, who: str, number: int) -> None:
        """What answers a tap is the last word, if nobody said one before."""
        key = (self.task.id, who, number)
        if key in self.waiting:
            self.waiting.discard(key)
            self.last_words[key] = self.last_words.get(key, 0) + 1

    def tell(self) -> None:
        for number, task in enumerate(self.tasks):
            for notice in job_notices(task):
                key = (task.id, notice.who, notice.offer or 0)
                if notice.news is JobNews.OFFERED:
                    self.waiting.add(key)
                elif notice.offer is not None and key in self.waiting:
                    self.waiting.discard(key)
                    self.last_words[key] = self.last_words.get(key, 0) + 1
            self.tasks[number] = having_told(task)

    def does(self, what: str, who: str, number: int) -> None:
        match what:
            case "accept":
                offer = offer_of(self.task, who, number)
                self.put(accepted(self.task, who, number, self.at, who))
                assert offer is not None
                assert offer.is_open
                assert offer.answer_by > self.at
            case "decline" | "unsent":
                outcome = Said.DECLINED if what == "decline" else Said.UNSENT
                self.put(declined(self.task, who, number, self.at, who, outcome))
                self.said(who, number)
            case "drop":
                self.put(dropped(self.task, who, self.at))
                self.said(who, self.task.arrangement - 1)
            case "assign":
                self.put(assigned(self.task, who, self.at, "rina"))
            case "time":
                self.at += number * MINUTES
                self.put(None)
            case "plan":
                due = self.wanted.due_at + number * timedelta(days=1)
                named = self.task.assignee if who == "whose it is" else who or None
                self.number += who != "whose it is"
                wanted = replace(self.wanted, due_at=due, who=named, answer_by=self.at + 180 * MINUTES)
                self.put(TaskPlan(BOOKING, self.number, self.at).ensured(self.task, wanted, is_ready=True))
            case "withdraw":
                self.put(TaskPlan(BOOKING, self.number, self.at).withdrawn(self.task, "cancelled"))
            case "done":
                self.put(move_task(self.task, S.DONE, self.at, "rina"))
            case _:
                self.tell()


@given(_EVENTS, st.booleans())
def test_whatever_comes_in_whatever_order_one_has_it_and_each_who_was_asked_hears_one_last_word(
    events: list[tuple[str, str, int]], at_once: bool
) -> None:
    history = History(replace(RANKED, at_once=at_once))
    for what, who, number in events:
        before = history.task
        try:
            history.does(what, who, number)
        except (TaskRefused, TaskDenied):
            assert history.task is before, "what is refused changes nothing"
        task = history.task
        assert sum(not one.is_finished for one in history.tasks) <= 1
        accepted_now = [one for one in task.offers if one.outcome is Said.ACCEPTED]
        assert (task.assignee is None) == (task.state in {S.OPEN, S.OFFERED, S.UNFILLED}) or task.is_finished
        assert len({one.who for one in accepted_now} - {task.assignee}) == 0 or task.is_finished
        assert any(one.is_open for one in task.offers) == (task.state is S.OFFERED)
        assert task.is_finished or task.next_at is not None
        assert not is_searched(task) or task.next_at is None or task.next_at <= history.at + 180 * MINUTES
        assert max(history.last_words.values(), default=0) <= 1
    history.put(TaskPlan(BOOKING, history.number, history.at).withdrawn(history.task, "cancelled"))
    history.tell()
    history.tell()
    confirmed = {
        (task.id, offer.who, offer.number)
        for task in history.tasks
        for offer in task.offers
        if offer.outcome is Said.ACCEPTED
    }
    assert history.waiting <= confirmed, "who was asked has heard how it ended, or has it"
