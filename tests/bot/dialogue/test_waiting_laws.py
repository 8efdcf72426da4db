"""Laws of the waiting list, for any customer who waits and whatever happens to them."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands import ReleaseHolds
from bot.domain.contents import Tap
from bot.domain.events import Event, LeadsMerged, TimerFired
from bot.domain.lead import Lead
from bot.domain.timers import TimerKind, TimerName, read_timer
from bot.domain.waiting import KeptTime, RecordWaiting, TimeKept, WaitingEntry
from bot.replies.waiting import JOIN_TAP, LEAVE_TAP, NO_TAP, YES_TAP
from intents.understanding import Intent
from tests.bot.anything import EVENTS, IDS, LEADS, MOMENTS, REFERENCES, SERVICES, SLOTS
from tests.bot.dialogue.test_followers import SEE
from tests.bot.dialogue.test_waiting import OTHER, WISH, told
from tests.bot.makers import NOW, meaning, wrote

KINDS = (TimerKind.WAIT_ANSWER, TimerKind.WAIT_OVER)
_NAMES = st.sampled_from(["W-1", "W-2"])
_UNTIL = NOW + timedelta(hours=2)
_KEPT = st.builds(
    KeptTime,
    st.integers(1, 3),
    st.builds(lambda slot, number: replace(slot, hold_id=f"waiting:W:{number}", held_until=_UNTIL), SLOTS, st.just(1)),
)
_ENTRIES = st.builds(
    WaitingEntry,
    _NAMES,
    REFERENCES,
    SERVICES,
    st.integers(1, 4),
    st.just(WISH),
    MOMENTS,
    MOMENTS,
    kept=st.none() | _KEPT,
    settled=st.integers(0, 3),
    revision=st.integers(1, 5),
)


def _waiting(lead: Lead, entries: list[WaitingEntry]) -> Lead:
    for entry in entries:
        lead = lead.with_waiting(entry).with_timer(TimerName(TimerKind.WAIT_OVER, entry.id), entry.over_at)
    return lead


WAITING = st.builds(_waiting, LEADS, st.lists(_ENTRIES, max_size=2, unique_by=lambda one: one.id))
_TAPS = st.sampled_from([f"{JOIN_TAP}BK-1", f"{YES_TAP}W-1.1", f"{NO_TAP}W-1.2", f"{LEAVE_TAP}W-2", f"{YES_TAP}W-2.3"])
ANYTHING: st.SearchStrategy[Event] = st.one_of(
    EVENTS,
    st.builds(TimeKept, IDS, MOMENTS, _NAMES, st.integers(1, 4), st.just(replace(OTHER, held_until=_UNTIL))),
    st.builds(lambda tap: wrote(meaning(Intent.OOS), Tap(tap, "…")), _TAPS),
    st.just(wrote(meaning(Intent.OPT_OUT))),
    st.builds(
        lambda kind, name, due: TimerFired("timer:x", due, str(TimerName(kind, name)), due),  # type: ignore[arg-type]
        st.sampled_from(KINDS),
        _NAMES,
        MOMENTS,
    ),
)


@SEE
@given(WAITING, ANYTHING)
def test_what_goes_on_has_its_timers_and_nothing_else_has(lead: Lead, event: Event) -> None:
    after = told(lead, event).lead
    timers = [timer for name in after.timers if (timer := read_timer(name)) is not None]
    assert {timer.reference for timer in timers if timer.kind in KINDS} == {entry.id for entry in after.waiting}
    assert all(entry.ended is None for entry in after.waiting)


@SEE
@given(WAITING, ANYTHING)
def test_each_change_of_an_entry_is_recorded_as_newer(lead: Lead, event: Event) -> None:
    decided = told(lead, event)
    was = {entry.id: entry for entry in lead.waiting}
    now = {entry.id: entry for entry in decided.lead.waiting}
    records = [effect.command for effect in decided.effects if isinstance(effect.command, RecordWaiting)]
    recorded = {record.entry.id: record.entry for record in records}
    assert {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)} <= recorded.keys()
    assert all(entry.revision > was[name].revision for name, entry in recorded.items() if name in was)


@SEE
@given(WAITING, ANYTHING)
def test_a_kept_time_that_nobody_waits_for_any_more_is_let_go_or_booked(lead: Lead, event: Event) -> None:
    decided = told(lead, event)
    freed = {hold for one in decided.effects if isinstance(one.command, ReleaseHolds) for hold in one.command.holds}
    still = {entry.id: entry.offer for entry in decided.lead.waiting}
    booked = {booking.booked_hold for booking in decided.lead.bookings}
    if isinstance(event, LeadsMerged):
        return
    for entry in lead.waiting:
        if entry.offer is not None and still.get(entry.id) is None:
            served = any(one.service == entry.service and one.booked_hold for one in decided.lead.bookings)
            assert entry.offer.slot.hold_id in freed | booked or served


@SEE
@given(WAITING)
def test_after_stop_nobody_waits(lead: Lead) -> None:
    decided = told(lead, wrote(meaning(Intent.OPT_OUT)))
    assert decided.lead.waiting == () or not decided.lead.conversation.opted_out
