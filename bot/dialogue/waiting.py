"""The waiting list, as one customer sees it: they join when nothing fits, and a time that becomes free is kept for
whoever joined first, until they answer or its hour has come.

Who is first is seen by the shell alone (`bot.engine.waiting_sweep`); here is what each step means for the customer. The
records, the timers and the holds of what ended are those of the follower, whatever ended it.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue import choice, pauses, provider_choice
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.holds import release_holds
from bot.dialogue.matching import is_one_of, says_one_of
from bot.dialogue.waiting_records import facts_of, steps_of
from bot.domain.booking import Booking
from bot.domain.events import TimerFired
from bot.domain.ids import BookingReference
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.references import reference_of
from bot.domain.states import State
from bot.domain.timers import TimerKind, TimerName, read_timer
from bot.domain.waiting import (
    MOST_WAITING,
    KeptTime,
    RecordWaiting,
    TakenOffList,
    TimeKept,
    WaitEnd,
    WaitingEntry,
    WhyPassed,
)
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as booking_words
from bot.replies import cards, times
from bot.replies import waiting as words
from bot.replies.words import in_all
from bot.slots.claims import WAITING_HOLD
from intents.understanding import ExpectedAnswer, Intent

WITHOUT_TIME: Final = frozenset({State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED})
_TOLD_BETWEEN: Final = (9, 20)
"""Local hours in which somebody is told that nothing came; what ends at night is told the next morning."""
_TOLD_WITHIN: Final = timedelta(hours=12)
_TIMERS: Final = frozenset({TimerKind.WAIT_ANSWER, TimerKind.WAIT_OVER})

_JOINING: Final = (
    *("waiting list", "waitlist", "wait list", "tell me when something is free", "tell me when free"),
    *("let me know when", "let me know if something", "notify me when", "tell me if something"),
    *("daftar tunggu", "waiting list", "kabari kalau ada", "kabari bila", "kabarin kalau ada", "kasih tau kalau ada"),
    *("beri tahu kalau ada", "info kalau kosong"),
    *("danh sách chờ", "báo khi có chỗ", "báo mình khi", "báo tôi khi", "báo em khi", "có chỗ thì báo"),
)
_LEAVING: Final = (
    *("leave the list", "leave the waiting list", "off the waiting list", "off the waitlist", "stop waiting"),
    *("no longer wait", "not waiting any more", "not waiting anymore", "don't wait any more", "want to wait anymore"),
    *("want to wait any more", "from the list", "from the waitlist", "from the waiting list", "from waiting list"),
    *("keluar dari daftar", "keluar daftar tunggu", "hapus dari daftar tunggu", "batal tunggu", "tidak jadi tunggu"),
    *("ga jadi nunggu", "gak jadi nunggu", "tidak jadi nunggu", "keluar daftar", "hapus dari daftar", "batal nunggu"),
    *("gak mau nunggu", "ga mau nunggu", "tidak mau menunggu lagi"),
    *("rời danh sách", "ra khỏi danh sách", "không chờ nữa", "thôi không chờ", "khỏi chờ nữa", "xóa khỏi danh sách"),
)


# Joining and leaving ------------------------------------------------------------------------------------------------


def may_join(lead: Lead, booking: Booking, context: Context) -> bool:
    """Whether the answer that nothing fits may offer the list: not for money that waits for a time, nor twice."""
    if not context.business.sop.waiting_list.enabled or booking.is_rebooked_by_late_payment:
        return False
    if booking.state not in WITHOUT_TIME or context.business.service(booking.service or "") is None:
        return False
    wanted = _entry(lead, booking, "", context.now, context)
    return booking.guests is not None and not any(one.waits_for(wanted) for one in lead.waiting)


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What a tap or words say about the list; none where they say nothing about it."""
    joins = turn.tapped(words.JOIN_TAP)
    if joins is not None:
        return _joined(lead, lead.booking(joins), turn, context)
    for tap, act in ((words.YES_TAP, _taken), (words.NO_TAP, _declined)):
        named = turn.tapped(tap)
        if named is not None:
            name, _, number = named.rpartition(".")
            entry = _entry_of(lead, name)
            is_last = entry is not None and entry.kept is not None and str(entry.kept.number) == number
            if entry is not None and is_last:
                return act(lead, entry, turn, context)
            mine = _booked_from(lead, f"{WAITING_HOLD}{name}:{number}")
            if mine is not None:
                # tapped twice, or a day later: theirs already
                return Outcome(lead.conversing(misunderstood=0)).requesting(cards.card(lead, mine, context))
            return _gone(lead)
    leaves = turn.tapped(words.LEAVE_TAP)
    if leaves is not None:
        entry = _entry_of(lead, leaves)
        return _gone(lead) if entry is None else _left(lead, (entry,))
    return None if turn.tap is not None else _in_words(lead, turn, context)


def leaves(lead: Lead, text: str) -> bool:
    """Whether somebody who waits says that they leave the list: no wish for silence, whatever it sounds like."""
    return bool(lead.waiting) and (says_one_of(text, _LEAVING) or _is_label(text, "leave"))


def _is_label(text: str, which: str) -> bool:
    return is_one_of(text, in_all(f"waiting.button.{which}").values())


def _in_words(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    if leaves(lead, turn.text) or (lead.waiting and lead.open_booking is None and turn.surely(Intent.CANCEL)):
        return _left(lead, lead.waiting)
    booking = lead.open_booking
    if says_one_of(turn.text, _JOINING) and not turn.says_facts and "?" not in turn.text:
        if booking is not None and may_join(lead, booking, context) and booking.asked_when:
            return _joined(lead, booking, turn, context)
        if lead.waiting:
            return Outcome(lead).requesting(words.joined(lead, lead.waiting[-1], context, again=True))
    offers = [entry for entry in lead.waiting if entry.offer is not None]
    is_asked_else = booking is not None and (booking.chosen is not None or booking.open_question is not None)
    if len(offers) == 1 and _is_label(turn.text, "no"):
        return _declined(lead, offers[0], turn, context)
    if len(offers) != 1 or is_asked_else or lead.conversation.expecting is not ExpectedAnswer.CONFIRMATION:
        return None
    if turn.says_yes():
        return _taken(lead, offers[0], turn, context)
    if turn.surely(Intent.REJECT):
        return _declined(lead, offers[0], turn, context)
    until = offers[0].kept.slot.held_until if offers[0].kept is not None else None
    if until is not None and pauses.asks_for_time(turn):
        # the hour of this time, and not of those that were named next to the list
        held = times.short_moment(until, context.business.zone, lead.language)
        return Outcome(lead).requesting(booking_words.text_message(lead, "booking.wait.held", until=held))
    return None


def _joined(lead: Lead, booking: Booking | None, turn: CustomerTurn, context: Context) -> Outcome:
    if booking is None or booking.state not in WITHOUT_TIME or booking.guests is None:
        return _gone(lead)
    entry = _entry(lead, booking, turn.event, turn.at, context)
    known = next((one for one in lead.waiting if one.waits_for(entry)), None)
    if known is not None:
        return Outcome(lead).requesting(words.joined(lead, known, context, again=True))
    if not context.business.sop.waiting_list.enabled:
        return _gone(lead)
    alike = next((one for one in lead.waiting if one.waits_whoever_gives(entry)), None)
    if alike is not None:
        # another wish for who gives it: their place in line stays
        entry = replace(alike, who=entry.who)
        waiting = lead.with_waiting(entry).conversing(misunderstood=0, expecting=ExpectedAnswer.WISH)
        return Outcome(waiting).requesting(words.joined(waiting, entry, context))
    oldest = lead.waiting[0] if len(lead.waiting) >= MOST_WAITING else None
    lead = lead if oldest is None else lead.with_waiting(replace(oldest, ended=WaitEnd.REPLACED))
    waiting = lead.with_waiting(entry).conversing(misunderstood=0, expecting=ExpectedAnswer.WISH)
    return Outcome(waiting).requesting(words.joined(waiting, entry, context))


def _entry(lead: Lead, booking: Booking, event: str, now: datetime, context: Context) -> WaitingEntry:
    return WaitingEntry(
        id=f"W{reference_of(lead.id, event, now)[2:]}",
        booking=booking.reference,
        service=booking.service or "",
        guests=booking.guests or 1,
        wish=booking.wish,
        joined_at=now,
        over_at=_over_at(booking, now, context),
        place=booking.place,
        nights=booking.nights,
        who=provider_choice.waited_for(booking, context),
    )


def _over_at(booking: Booking, now: datetime, context: Context) -> datetime:
    """After that no time could fit any more; told by day."""
    business, wish = context.business, booking.wish
    service = business.service(booking.service or "")
    today = now.astimezone(business.zone).date()
    last = wish.last_day or wish.first_day or today + timedelta(days=business.sop.slot.too_far_days)
    minute = wish.until_minute if wish.until_minute is not None else 24 * 60
    end = datetime.combine(last, time(), business.zone) + timedelta(minutes=minute)
    end = max(now, end - (timedelta() if service is None else service.notice))
    local, (first_hour, last_hour) = end.astimezone(business.zone), _TOLD_BETWEEN
    if first_hour <= local.hour < last_hour:
        return end
    day = local.date() if local.hour < first_hour else local.date() + timedelta(days=1)
    return datetime.combine(day, time(first_hour), business.zone).astimezone(now.tzinfo)


def _left(lead: Lead, entries: tuple[WaitingEntry, ...]) -> Outcome:
    for entry in entries:
        lead = lead.with_waiting(replace(entry, ended=WaitEnd.LEFT))
    return Outcome(lead.conversing(misunderstood=0)).requesting(booking_words.text_message(lead, "waiting.left"))


def taken_off(lead: Lead, event: TakenOffList, context: Context) -> Outcome:
    """A person takes them off the list; they are told, and who it was is on record."""
    entry = _entry_of(lead, event.entry)
    if entry is None:
        return Outcome(lead)
    return _left(lead, (entry,)).recording("waiting_taken_off", event.by, event.at, role=event.role, **facts_of(entry))


def _booked_from(lead: Lead, hold: str) -> Booking | None:
    """The booking that has the time which was kept under that name."""
    return next((one for one in lead.bookings if one.booked_hold == hold), None)


def _gone(lead: Lead) -> Outcome:
    """A button of an entry that is no more."""
    return Outcome(lead.conversing(misunderstood=0)).requesting(booking_words.text_message(lead, "waiting.gone"))


def _entry_of(lead: Lead, name: str) -> WaitingEntry | None:
    return next((entry for entry in lead.waiting if entry.id == name), None)


# A time that is kept ------------------------------------------------------------------------------------------------


def time_kept(lead: Lead, event: TimeKept, context: Context) -> Outcome:
    """A time is kept for them: all of it is said, with the hour until when; whoever left meanwhile lets it go."""
    entry = _entry_of(lead, event.entry)
    if entry is None or event.number <= entry.settled:
        return release_holds(Outcome(lead), (event.slot.hold_id,))
    if entry.kept is not None and entry.kept.number >= event.number:
        # told again
        return Outcome(lead)
    booking = choice.priced_for(_booking(lead, entry, entry.booking), event.slot, context)
    offer = KeptTime(event.number, event.slot, booking.price)
    entry = replace(entry, kept=offer)
    talk = lead.open_booking
    is_asked_else = talk is not None and (talk.chosen is not None or talk.open_question is not None)
    expecting = lead.conversation.expecting if is_asked_else else ExpectedAnswer.CONFIRMATION
    asked = lead.with_waiting(entry).conversing(expecting=expecting)
    shown = replace(booking, chosen=event.slot)
    return Outcome(asked).requesting(words.kept(asked, entry, offer, shown, context))


def _booking(lead: Lead, entry: WaitingEntry, reference: BookingReference) -> Booking:
    """The booking that such a time is for: the one in progress then, where it is still about that service."""
    known = lead.booking(entry.booking)
    is_same = known is not None and known.state in WITHOUT_TIME and known.service == entry.service
    if known is None or not is_same or known.explicitly_confirmed or known.is_rebooked_by_late_payment:
        known = apply.begun(Booking(reference), Actor.CUSTOMER)
    return replace(
        known,
        service=entry.service,
        place=entry.place,
        guests=entry.guests,
        nights=entry.nights,
        wish=entry.wish,
        who=entry.who,
        asked_when=True,
        open_question=None,
    )


def _taken(lead: Lead, entry: WaitingEntry, turn: CustomerTurn, context: Context) -> Outcome:
    """Booked at once, for what was said; a yes that comes late is good as long as the time is still free."""
    assert entry.kept is not None
    slot = entry.kept.slot
    if any(one.explicitly_confirmed and one.chosen == slot and one.state in WITHOUT_TIME for one in lead.bookings):
        # tapped twice
        return Outcome(lead)
    booking = _booking(lead, entry, reference_of(lead.id, turn.event, turn.at))
    others = tuple(hold for hold in booking.holds if hold != slot.hold_id)
    booking = replace(booking, offered=(slot,), chosen=None, last_activity_at=turn.at)
    for state in (State.SERVICE_SELECTED, State.SLOT_PROPOSED):
        if booking.state in {State.INQUIRY, State.SERVICE_SELECTED} and booking.state is not state:
            booking = apply.move(lead, booking, state, Actor.SYSTEM, context)
    chosen = choice.choose(lead, booking, slot, turn.at, context)
    summed_up = chosen.lead.booking(booking.reference)
    if summed_up is None or summed_up.chosen != slot or summed_up.price != entry.kept.price:
        # past, without a price, theirs already, or at another price by now: that is said, and asked
        return release_holds(chosen, others)
    return release_holds(choice.book_chosen(chosen.lead, summed_up), others)


def _declined(lead: Lead, entry: WaitingEntry, turn: CustomerTurn, context: Context) -> Outcome:
    passed = lead.with_waiting(entry.passing(WhyPassed.DECLINED)).conversing(
        misunderstood=0, expecting=ExpectedAnswer.NOTHING
    )
    return Outcome(passed).requesting(words.passed_on(passed, entry, context))


# Time passes --------------------------------------------------------------------------------------------------------


def answered_late(lead: Lead, event: TimerFired, context: Context) -> Outcome:
    """Nobody answered: the time goes to the next, and who is silent is not told; they wait on."""
    entry = _of_timer(lead, event)
    if entry is None or entry.offer is None:
        return Outcome(lead)
    return Outcome(lead.with_waiting(entry.passing(WhyPassed.LATE)))


def nothing_came(lead: Lead, event: TimerFired, context: Context) -> Outcome:
    """The day has passed without a time: they are told kindly, and asked for another day."""
    entry = _of_timer(lead, event)
    if entry is None:
        return Outcome(lead)
    over = lead.with_waiting(replace(entry, ended=WaitEnd.OVER))
    return Outcome(over).requesting(words.nothing_came(over, entry, context, event.due_at + _TOLD_WITHIN))


def _of_timer(lead: Lead, event: TimerFired) -> WaitingEntry | None:
    timer = read_timer(event.name)
    return None if timer is None else _entry_of(lead, timer.reference)


# What else it means -------------------------------------------------------------------------------------------------


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: who booked or wants no messages waits no more; each change is recorded, what ended lets its time go,
    and the timers are those of what goes on."""
    ended = _ended(before, outcome.lead)
    kept = tuple(entry for entry in ended if entry.ended is None)
    if not ended and not before.waiting:
        return outcome
    outcome = replace(outcome, lead=replace(outcome.lead, waiting=kept, timers=_timers(outcome.lead, kept)))
    was = {entry.id: entry for entry in before.waiting}
    changed = [(was.get(entry.id), entry) for entry in ended if was.get(entry.id) != entry]
    for old, new in changed:
        entry = new if old is None else replace(new, revision=old.revision + 1)
        for what, facts in steps_of(old, entry):
            outcome = outcome.recording(f"waiting_{what}", "system", context.now, **facts_of(entry), **facts)
        if entry.ended is None:
            outcome = replace(outcome, lead=outcome.lead.with_waiting(entry))
        outcome = outcome.requesting(EffectRequest(RecordWaiting(outcome.lead.id, entry, context.now)))
        lost = None if old is None or entry.ended is WaitEnd.SERVED else old.offer
        if lost is not None and (entry.ended is not None or entry.offer is None):
            outcome = release_holds(outcome, (lost.slot.hold_id,))
    return outcome


def _ended(before: Lead, lead: Lead) -> tuple[WaitingEntry, ...]:
    """The entries, with the end of those that ended by what the lead has become."""
    is_silenced = lead.conversation.opted_out
    booked = [
        booking
        for booking in lead.bookings
        if booking.booked_hold is not None
        and ((was := before.booking(booking.reference)) is None or was.booked_hold is None)
    ]
    found = []
    for entry in lead.waiting:
        end = entry.ended or (WaitEnd.STOPPED if is_silenced else None)
        # who books something else waits on, and keeps what is kept for them
        mine = [one for one in booked if one.service == entry.service]
        if end is None and mine:
            starts = {one.chosen.start for one in mine if one.chosen is not None}
            is_kept = entry.kept is not None and entry.kept.slot.start in starts
            end = WaitEnd.SERVED if is_kept else WaitEnd.BOOKED
        found.append(replace(entry, ended=end))
    return tuple(found)


def _timers(lead: Lead, waiting: tuple[WaitingEntry, ...]) -> dict[str, datetime]:
    """Those of the lead, with exactly these for what goes on."""
    mine = {name for name in lead.timers if (timer := read_timer(name)) is not None and timer.kind in _TIMERS}
    others = {name: due for name, due in lead.timers.items() if name not in mine}
    for entry in waiting:
        others[str(TimerName(TimerKind.WAIT_OVER, entry.id))] = entry.over_at
        if entry.offer is not None and entry.offer.slot.held_until is not None:
            others[str(TimerName(TimerKind.WAIT_ANSWER, entry.id))] = entry.offer.slot.held_until
    return others
