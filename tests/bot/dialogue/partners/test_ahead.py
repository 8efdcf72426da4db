"""Work that lies days ahead: told in time, all that is theirs in one message, and every change of what they know."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest

from bot.business.context import Context
from bot.dialogue.partners.decide import decide
from bot.domain import window
from bot.domain.commands import SendTemplate
from bot.domain.ids import EventId
from bot.domain.job import Job, JobNews, JobStep
from bot.domain.outcome import Decided
from bot.domain.partner import KNOWN_FOR, Partner, booking_held, held_ahead, unmarked
from bot.domain.partner_events import AnyEvent, DigestTold, JobsFound, JobStepped, JobTold
from bot.domain.partner_orders import FindJobs
from bot.domain.task import TaskKind, TaskState
from bot.lifecycle.place_notices import digests_told_until
from bot.store.shapes import pack_partner, unpack_partner
from tests.bot.dialogue.partners.makers import a_partner, said, wrote
from tests.bot.makers import NOW, context

ZONE = context().business.zone
EVENING = context().business.sop.partner.digest_at


def work(number: int, starts_at: datetime, kind: TaskKind = TaskKind.CHORE) -> Job:
    title = tuple((language, f"Kerja {number}") for language in ("en", "id", "vi"))
    task = f"BK-{number}:clean:1"
    return Job(task, kind, title, TaskState.TAKEN, starts_at, starts_at + timedelta(hours=2), "villa-padi")


FAR, NEXT = work(1, NOW + timedelta(days=20)), work(2, NOW + timedelta(days=4))


def at(now: datetime) -> Context:
    return replace(context(), now=now)


def heard(partner: Partner, event: AnyEvent) -> Decided[Partner]:
    decided = decide(partner, event, at(event.at))
    assert unpack_partner(pack_partner(decided.thread)) == decided.thread
    return decided


def told(partner: Partner, news: JobNews, job: Job, now: datetime = NOW) -> Decided[Partner]:
    return heard(partner, JobTold(EventId(f"internal:job_news:{job.task}:{now}"), now, news, job))


def digest(partner: Partner, jobs: Sequence[Job], day: date, now: datetime) -> Decided[Partner]:
    """As the courier composes it: what begins that day, and what waits."""
    tomorrow = tuple(job for job in jobs if job.starts_at.astimezone(ZONE).date() == day)
    names = [unmarked(name) for name in partner.held if booking_held(name) is None]
    waits = tuple(job for job in jobs if job.task in names and job not in tomorrow)
    return heard(partner, DigestTold(EventId(f"internal:digest:{day}"), now, day, tomorrow, (), waits, ()))


def test_work_days_ahead_is_no_message_of_its_own_and_is_told_whole_the_evening_before_the_first_of_it() -> None:
    partner = a_partner()
    for job in (NEXT, FAR):
        decided = told(partner, JobNews.GIVEN, job)
        assert decided.effects == ()
        partner = decided.thread
    assert partner.held == (held_ahead(NEXT.task), held_ahead(FAR.task))
    assert not partner.is_behind, "no digest is sent for it before"
    nothing = digest(partner, (NEXT, FAR), (NOW + timedelta(days=1)).astimezone(ZONE).date(), NOW)
    assert (nothing.effects, nothing.thread.held) == ((), partner.held)

    evening = NEXT.starts_at - timedelta(days=1)
    decided = digest(partner, (NEXT, FAR), NEXT.starts_at.astimezone(ZONE).date(), evening)
    (effect,) = decided.effects
    assert isinstance(window.leaving(partner, effect.command, evening), SendTemplate)  # type: ignore[arg-type]
    assert all(dict(job.title)["id"] in said(decided) for job in (NEXT, FAR))
    assert (decided.thread.held, decided.thread.templates) == ((), 1)


def test_what_is_due_before_a_digest_speaks_and_what_a_guest_booked_of_them_is_told_at_once() -> None:
    assert told(a_partner(), JobNews.GIVEN, work(3, NOW + timedelta(hours=3))).effects
    assert told(a_partner(), JobNews.GIVEN, replace(FAR, kind=TaskKind.SERVICE)).effects
    assert told(replace(a_partner(), last_inbound_at=NOW), JobNews.GIVEN, FAR).effects, "within their 24 hours"


def test_moved_before_they_heard_of_it_it_is_new_to_them_and_called_off_it_never_was() -> None:
    waits = told(a_partner(), JobNews.GIVEN, FAR).thread
    later = told(waits, JobNews.CHANGED, replace(FAR, starts_at=FAR.starts_at + timedelta(days=1)))
    assert (later.effects, later.thread.held) == ((), waits.held)
    today = told(waits, JobNews.CHANGED, replace(FAR, starts_at=NOW + timedelta(hours=3)))
    assert "Ada pekerjaan buat kakak" in said(today)
    assert (today.thread.held, today.thread.shown) == ((), (FAR.task,))
    gone = told(waits, JobNews.GONE, replace(FAR, state=TaskState.WITHDRAWN))
    assert (gone.effects, gone.thread.held) == ((), ())


def test_their_next_word_brings_it() -> None:
    waits = told(a_partner(), JobNews.GIVEN, FAR).thread
    spoken = heard(waits, replace(wrote("halo"), at=NOW))
    assert FindJobs(waits.phone) in [effect.command for effect in spoken.effects]
    assert spoken.thread.held == ()


@pytest.mark.parametrize("after", [timedelta(days=1), KNOWN_FOR, KNOWN_FOR + timedelta(minutes=1)])
def test_what_they_were_shown_within_a_week_costs_no_second_template(after: timedelta) -> None:
    knows = heard(a_partner(), JobsFound(EventId("done:x"), NOW, (FAR,))).thread
    now, day = NOW + after, FAR.starts_at.astimezone(ZONE).date()
    decided = digest(knows, (FAR,), day, now)
    assert bool(decided.effects) is (after > KNOWN_FOR)
    # a guest's booking is told again, and so is everything where it costs nothing
    assert digest(knows, (replace(FAR, kind=TaskKind.SERVICE),), day, now).effects
    assert digest(replace(knows, last_inbound_at=now), (FAR,), day, now).effects
    # and what nobody knows when it was shown, as in a document of yesterday's version
    assert digest(replace(knows, shown_at={}), (FAR,), day, now).effects


def test_who_says_done_hears_what_is_theirs_next_unless_they_will_know_it_then() -> None:
    last = work(3, NOW + timedelta(days=8))

    def done(partner: Partner, *then: Job) -> Decided[Partner]:
        event = JobStepped(EventId("done:x"), NOW + timedelta(days=4), JobStep.DONE, NEXT.task, None, NEXT, then=then)
        return heard(partner, event)

    told_long_ago = heard(a_partner(), JobsFound(EventId("done:y"), NOW, (last,))).thread
    decided = done(told_long_ago, last)
    assert "Berikutnya buat kakak" in said(decided)
    assert "Kerja 3" in said(decided)
    # so that no template is needed the evening before
    evening = last.starts_at - timedelta(hours=18)
    assert digest(decided.thread, (last,), last.starts_at.astimezone(ZONE).date(), evening).effects == ()

    told_lately = heard(a_partner(), JobsFound(EventId("done:y"), NOW + timedelta(days=3), (last,))).thread
    for quiet in (done(told_lately, last), done(a_partner()), done(a_partner(), replace(last, kind=TaskKind.SERVICE))):
        assert "Berikutnya" not in said(quiet), "known, nothing, or told as a guest's booking is"


def test_what_does_not_fit_behind_done_is_not_taken_for_heard() -> None:
    jobs = tuple(work(number, NOW + timedelta(days=1, hours=number)) for number in range(10, 40))
    waits = told(a_partner(), JobNews.GIVEN, jobs[-1]).thread
    decided = heard(waits, JobStepped(EventId("done:x"), NOW, JobStep.DONE, NEXT.task, None, NEXT, then=jobs[::-1]))
    assert "Kerja 10 " in said(decided)
    assert "Kerja 39 " not in said(decided)
    shown = {job.task for job in jobs if f"{dict(job.title)['id']} " in said(decided)}
    assert set(decided.thread.shown) == shown
    assert decided.thread.held == waits.held
    assert "…" not in said(decided)


@dataclass
class _Cleaner:
    """A person and what they know: by task the time they were told last."""

    partner: Partner = field(default_factory=a_partner)
    theirs: dict[str, Job] = field(default_factory=dict)
    known: dict[str, datetime] = field(default_factory=dict)
    templates: int = 0

    def hears(self, decided: Decided[Partner], news: JobNews | None = None, job: Job | None = None) -> None:
        text = said(decided)
        for one in self.theirs.values() if job is None else (job,):
            if f"{dict(one.title)['id']} ·" in text or f"{dict(one.title)['id']}\n" in text or (job and text):
                self.known[one.task] = one.starts_at
        if news is JobNews.GONE and text and job is not None:
            del self.known[job.task]
        self.templates += bool(text)
        self.partner = decided.thread


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_given_moved_and_called_off_they_know_it_when_it_begins_and_know_of_nothing_else(
    seed: int,
) -> None:
    chance, one = random.Random(seed), _Cleaner()
    now = NOW.astimezone(ZONE).replace(hour=9, minute=0)
    for number in range(24 * 14):
        now += timedelta(hours=1)
        if chance.random() < 0.06:
            job = work(number, now + timedelta(hours=chance.randrange(2, 24 * 9)))
            one.theirs[job.task] = job
            one.hears(told(one.partner, JobNews.GIVEN, job, now), JobNews.GIVEN, job)
        upcoming = [job for job in one.theirs.values() if job.starts_at > now + timedelta(hours=2)]
        if upcoming and chance.random() < 0.06:
            job = replace(chance.choice(upcoming), starts_at=now + timedelta(hours=chance.randrange(2, 24 * 9)))
            one.theirs[job.task] = job
            one.hears(told(one.partner, JobNews.CHANGED, job, now), JobNews.CHANGED, job)
        elif upcoming and chance.random() < 0.04:
            job = one.theirs.pop(chance.choice(upcoming).task)
            one.hears(told(one.partner, JobNews.GONE, replace(job, state=TaskState.WITHDRAWN), now), JobNews.GONE, job)
            assert job.task not in one.known
        if one.theirs and chance.random() < 0.04:
            then = tuple(job for job in one.theirs.values() if now < job.starts_at < now + KNOWN_FOR)
            one.hears(
                heard(one.partner, JobStepped(EventId(f"done:{now}"), now, JobStep.DONE, "x", None, NEXT, then=then))
            )
        if now.hour * 60 == EVENING:
            day = (now + timedelta(days=1)).date()
            one.hears(digest(one.partner, tuple(one.theirs.values()), day, now))
        rules = at(now).business.sop.partner
        for job in one.theirs.values():
            if now < job.starts_at < digests_told_until(now, rules, ZONE):
                assert one.known.get(job.task) == job.starts_at, f"{now}: {job.task} at {job.starts_at}"
