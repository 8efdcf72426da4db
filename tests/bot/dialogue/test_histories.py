"""Long histories of one customer: words, taps, staff, money, timers, jumps of the clock and deaths between two steps.

After every step the lead, the claims and what has been said are held against a tiny model: which bookings stand, from
when to when, and under which hold. Four laws: no reminder of what ended, moved or began; no timer of what ended, but
those that are allowed after the end; no hold that nobody waits for; no two bookings at one time of one resource.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.booking import Booking
from bot.domain.commands import Lane
from bot.domain.contents import Content, Tap, Text
from bot.domain.events import StaffAction, StaffAsked, TimerFired, timer_event_id
from bot.domain.ids import BookingReference, EffectId, EventId
from bot.domain.languages import understood
from bot.domain.money_news import PaymentNewsCame
from bot.domain.states import CLOSED, State
from bot.domain.timers import AFTER_THE_END, OF_THE_LEAD, TimerKind, read_timer
from bot.replies import booking as words
from bot.replies import changes as change_words
from intents.understand import understand
from payments.domain.money import Money
from tests.bot.business.makers import sample
from tests.bot.dialogue.house import House
from tests.bot.makers import wrote
from tests.conftest import PROVE

STANDING: Final = frozenset({State.CONFIRMED, State.REMINDER_SENT})
REMINDERS: Final = (TimerKind.DAY_BEFORE, TimerKind.HOURS_BEFORE)
TEXTS: Final = (
    "book the free planning call in three days at 10am",
    "balinese massage 60 min at villa senja tomorrow at 11",
    "balinese massage 60 min at villa senja in two days at 15:00",
    "villa kamboja from thursday to saturday",
    "the first",
    "yes",
    "yes",
    "yes",
    "no",
    "the day after at 10am",
    "another time please",
    "move it to friday at 14:00",
    "keep it",
    "cancel",
    "cancel my booking",
    "i don't want it any more",
    "i am here",
    "my booking",
    "pay",
    "thanks",
    "I want to talk to a person",
    "STOP",
    "START",
    "5 stars",
    "2 stars, it was cold",
)


@dataclass(frozen=True)
class Reminded:
    """What a reminder was about when it was decided."""

    reference: str
    start: datetime


# Steps --------------------------------------------------------------------------------------------------------------


def hears(house: House, content: Content, text: str) -> None:
    house.now += timedelta(seconds=5)
    local = house.now.astimezone(house.business.zone)
    talk = house.lead.conversation
    meant = understand(text, talk.expecting, local.date(), local, understood(talk.language))
    event = wrote(meant, content, at=house.now, event=f"m{next(house.ids)}")
    house.hear(replace(event, address=house.lead.address))


def says(house: House, number: int) -> None:
    text = TEXTS[number % len(TEXTS)]
    hears(house, Text(text), text)


def taps(house: House, number: int) -> None:
    """One of the newest buttons, mostly; sometimes a very old one."""
    if house.shown:
        newest = house.shown[-4:] if number % 5 else house.shown
        button = newest[number % len(newest)]
        hears(house, Tap(button, button), "")


def accepts(house: House, _: int) -> None:
    """The last yes that was offered is tapped."""
    yes = (words.CONFIRM_TAP, change_words.YES_TAP)
    button = next((one for one in reversed(house.shown) if one.startswith(yes)), None)
    if button is not None:
        hears(house, Tap(button, button), "")


def books(house: House, number: int) -> None:
    """Without detours, as most do: wished, chosen, confirmed, and mostly paid."""
    for text in (TEXTS[number % 4], "the first", "yes"):
        hears(house, Text(text), text)
        house.catch_up()
    if number % 3:
        pays(house, 0)
        pays(house, 1)
        house.catch_up()


def staff(house: House, number: int) -> None:
    """Somebody of the house asks for something, of what stands or of what has ended."""
    known = [*house.lead.bookings, *(one for one in house.recorded.values() if one.state in CLOSED)]
    if not known:
        return
    booking = known[number % len(known)]
    action, facts = (
        (StaffAction.CANCEL, {"cause": "business", "reason": "ill"}),
        (StaffAction.CANCEL, {"cause": "customer", "reason": "called us"}),
        (StaffAction.RESCHEDULE, {"cause": "customer", "reason": "called us", **moved(booking, 1)}),
        (StaffAction.RESCHEDULE, {"cause": "business", "reason": "ill", **moved(booking, 2)}),
        (StaffAction.RESCHEDULE, {"cause": "business", "reason": "ill"}),
        (StaffAction.SHOW_UP, {"came": "true"}),
        (StaffAction.SHOW_UP, {"came": "false"}),
        (StaffAction.CHECK_IN, {}),
        (StaffAction.CHECK_OUT, {}),
        (StaffAction.COMPLETE, {}),
        (StaffAction.BLOCK, blocked(booking)),
        (StaffAction.LIFT_BLOCK, {"block": "b1"}),
    )[number % 12]
    gone = booking if house.lead.booking(booking.reference) is None else None
    event = EventId(f"staff:{next(house.ids)}")
    house.hear(StaffAsked(event, house.now, "operations", action, booking.reference, tuple(facts.items()), gone))


def moved(booking: Booking, days: int) -> dict[str, str]:
    if booking.chosen is None or booking.service is None:
        return {}
    slot, there = booking.chosen, booking.chosen.start + timedelta(days=days)
    nights = f"|{slot.nights}" if slot.nights else ""
    return {"slot_id": f"{booking.service}|{slot.provider or ''}|{there:%Y%m%dT%H%MZ}|{slot.place or ''}{nights}"}


def blocked(booking: Booking) -> dict[str, str]:
    if booking.chosen is None:
        return {}
    slot = booking.chosen
    return {
        "block": "b1",
        "resource": f"provider:{slot.provider}",
        "from": (slot.start - timedelta(hours=1)).isoformat(),
        "to": (slot.end + timedelta(hours=1)).isoformat(),
        "cause": "partner",
        "reason": "fever",
        "person": "rina",
        "role": "operations",
    }


def pays(house: House, number: int) -> None:
    """One of the last links is paid, whole or in part, in time or late."""
    if not house.links:
        return
    link = house.links[-1 - number % min(2, len(house.links))]
    amount = link.due.amount if number % 4 else max(1, link.due.amount // 2)
    told = house.till.pays(link.account, link.attempt, Money(amount, link.due.currency), f"p-{number}", house.now)
    house.hear(PaymentNewsCame(EventId(f"paid:{next(house.ids)}"), house.now, told))


def rings(house: House, _: int = 0) -> None:
    """Every timer that is due is heard, the earliest first."""
    for _ in range(100):
        due = sorted((due_at, name) for name, due_at in house.lead.timers.items() if due_at <= house.now)
        if not due:
            return
        due_at, name = due[0]
        house.tell(TimerFired(timer_event_id(name, due_at), house.now, name, due_at))
    raise AssertionError(f"the same timers ring for ever: {house.lead.timers}")


def waits(house: House, number: int) -> None:
    """Minutes or hours; nobody listens meanwhile."""
    house.now += timedelta(minutes=(1, 10, 40, 90, 300, 700)[number % 6])


def jumps(house: House, number: int) -> None:
    """To the next timer, or beyond it: as after hours without a worker."""
    due = house.lead.next_due_at
    if due is not None and (number % 8 == 0 or due < house.now + timedelta(days=4)):
        house.now = max(house.now, due + timedelta(minutes=(0, 0, 0, 1, 45, 600)[number % 6]))
        rings(house)


def works(house: House, number: int) -> None:
    """Some of what waits is done, now and then twice."""
    lanes = ((Lane.SLOTS,), (Lane.MONEY,), (Lane.CHAT,), (Lane.RECORD,))[number % 4]
    house.perform(*lanes, twice=number % 3 == 0)


def catches_up(house: House, _: int) -> None:
    house.catch_up()


def dies(house: House, _: int) -> None:
    house.dies = True


def changes_hands(house: House, number: int) -> None:
    if house.lead.is_with_agent:
        house.gives_back()
    elif number % 3 == 0:
        house.takes_over()


def loses_a_time(house: House, number: int) -> None:
    """Somebody else takes what is offered, or what is about to be booked."""
    offered = [slot for booking in house.lead.bookings for slot in booking.offered]
    if offered:
        house.somebody_books(offered[number % len(offered)])


STEPS: Final[tuple[Callable[[House, int], None], ...]] = (
    *(
        books,
        books,
        says,
        says,
        says,
        taps,
        taps,
        accepts,
        accepts,
        accepts,
        staff,
        staff,
        pays,
        pays,
        rings,
        waits,
        jumps,
        jumps,
    ),
    *(works, works, catches_up, catches_up, catches_up, dies, changes_hands, loses_a_time),
)


# Laws ---------------------------------------------------------------------------------------------------------------


def check(house: House) -> None:
    check_timers(house)
    check_overlaps(house)


def check_timers(house: House) -> None:
    """What ended has no timer but those of the closed list; a reminder waits for the time its booking has now."""
    standing = {str(one.reference): one for one in house.lead.bookings if one.state not in CLOSED}
    for name, due in house.lead.timers.items():
        timer = read_timer(name)
        assert timer is not None
        if timer.kind in AFTER_THE_END | OF_THE_LEAD:
            continue
        assert timer.reference in standing, f"{name} of what ended"
        booking = standing[timer.reference]
        if timer.kind in REMINDERS:
            assert booking.state in STANDING
            assert booking.chosen is not None
            assert due < booking.chosen.start


def check_overlaps(house: House) -> None:
    """Two bookings that stand want no claim in common, and each has all of its own."""
    claims = {
        str(one.reference): house.desk.needs(one.chosen, one.guests or 1)
        for one in house.lead.bookings
        if one.state in STANDING and one.chosen is not None
    }
    for (one, mine), (other, theirs) in combinations(claims.items(), 2):
        assert not mine & theirs, f"{one} and {other} are at one time"


def check_holds(house: House) -> None:
    """At rest: what is held is offered or booked for something that is not over, and what stands is held whole."""
    mine = {
        hold: one for hold, one in house.desk.holds.items() if one.lead == house.lead.id and one.is_alive(house.now)
    }
    open_ones = [one for one in house.lead.bookings if one.state not in CLOSED]
    # what took place has used its time
    used = [one for one in house.recorded.values() if one.state in {State.COMPLETED, State.NO_SHOW}]
    booked = {one.booked_hold for one in (*open_ones, *used)} | {
        one.change.hold for one in open_ones if one.change is not None
    }
    offered = {slot.hold_id for one in open_ones for slot in (*one.offered, *filter(None, (one.chosen,)))} | {
        slot.hold_id for one in open_ones if one.change is not None for slot in one.change.offered
    }
    for hold, claimed in mine.items():
        assert hold in (booked if claimed.booked else offered | booked), f"nobody waits for {hold}"
    for one in open_ones:
        if one.booked_hold is not None:
            assert one.booked_hold in mine, f"{one.reference} has lost its time"
            assert one.chosen is not None
            assert mine[one.booked_hold].keys == house.desk.needs(one.chosen, one.guests or 1)


def check_words(house: House, since: int) -> None:
    """A reminder leaves before its time begins, and only while that time is still its booking's."""
    for said in house.said[since:]:
        about = reminded(house, said.effect.id)
        if about is None:
            continue
        assert said.at <= about.start, "reminded of what has begun"
        booking = said.bookings[about.reference]
        assert booking.state in STANDING, f"reminded of what is {booking.state}"
        assert booking.chosen is not None
        assert booking.chosen.start == about.start, "reminded of a time that was moved"


def reminded(house: House, effect: EffectId) -> Reminded | None:
    kind, _, rest = str(effect).removeprefix("timer:").partition(":")
    if kind not in REMINDERS:
        return None
    reference = rest.partition(":")[0]
    known = house.decided[effect].booking(BookingReference(reference))
    assert known is not None
    assert known.chosen is not None
    return Reminded(reference, known.chosen.start)


@settings(max_examples=150 if PROVE else 8, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(range(len(STEPS))), st.integers(0, 99)), min_size=1, max_size=300 if PROVE else 120
    )
)
def test_no_stale_reminder_no_timer_of_what_ended_no_orphan_hold_and_no_overlap(steps: list[tuple[int, int]]) -> None:
    known = sample()
    house = House(replace(known, sop=replace(known.sop, follow_up_days=2)))
    for step, number in steps:
        said = len(house.said)
        STEPS[step](house, number)
        check(house)
        check_words(house, said)
    said = len(house.said)
    house.catch_up()
    check(house)
    check_words(house, said)
    check_holds(house)
