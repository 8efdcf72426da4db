"""Which free times are offered: what was wished first, spread over days, near, never too far, seldom many."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.business.sop import SlotRules
from bot.domain.offers import BookingWish, Fit
from bot.slots.slot import Slot

APART = 60
"""Minutes between two times of one day that feel like a choice."""


@dataclass(frozen=True, slots=True)
class Wish:
    """When a customer would like it: local days (both included), local minutes of the day; none is open."""

    first_day: date | None = None
    last_day: date | None = None
    from_minute: int | None = None
    until_minute: int | None = None
    without_days: tuple[date, ...] = ()
    without_minutes: tuple[int, ...] = ()

    def allows(self, day: date, minute: int) -> bool:
        """Whether it is not one of the days and times that were refused."""
        return day not in self.without_days and minute not in self.without_minutes

    def days_off(self, day: date) -> int:
        """How many days `day` lies from the wished ones."""
        first = self.first_day or self.last_day
        last = self.last_day or self.first_day
        if first is None or last is None:
            return 0
        return max((first - day).days, (day - last).days, 0)

    def minutes_off(self, minute: int) -> int:
        """How many minutes `minute` lies from the wished time."""
        early = self.from_minute - minute if self.from_minute is not None else 0
        late = minute - self.until_minute if self.until_minute is not None else 0
        return max(early, late, 0)

    @property
    def names_time(self) -> bool:
        """Whether a time of day was wished."""
        return self.from_minute is not None or self.until_minute is not None

    @property
    def names_day(self) -> bool:
        """Whether a day was wished."""
        return self.first_day is not None or self.last_day is not None


def as_wished(wish: BookingWish) -> Wish:
    """A booking's wish, as the choice takes it."""
    return Wish(
        wish.first_day,
        wish.last_day,
        wish.from_minute,
        wish.until_minute,
        wish.without_days,
        wish.without_minutes,
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """One offered time; on a day with little left it is not held, and the first confirmation wins."""

    slot: Slot
    held: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """The times to offer, earliest first, and how near they come to the wish."""

    offers: tuple[Offer, ...]
    fit: Fit

    def is_enough(self, rules: SlotRules) -> bool:
        """Whether there is a choice to propose at all."""
        return len(self.offers) >= rules.proposal_min


@dataclass(frozen=True, slots=True)
class _Local:
    """A slot as the wall sees it, and how far it lies from the wish."""

    slot: Slot
    day: date
    minute: int
    days_off: int
    minutes_off: int

    @property
    def tier(self) -> Fit:
        if self.days_off:
            return Fit.OTHER_DAYS
        return Fit.OTHER_TIMES if self.minutes_off else Fit.WISHED


def choose(
    free: Sequence[Slot],
    wish: Wish,
    rules: SlotRules,
    zone: ZoneInfo,
    now: datetime,
    buffer: timedelta = timedelta(),
) -> Proposal:
    """Up to `proposal_max` of the free times, the wished ones first, then the nearest.

    Offers are held side by side for one customer, so two of one provider (with the `buffer` after each) never overlap.
    """
    today = now.astimezone(zone).date()
    known = [_local(slot, wish, zone, today, rules) for slot in _one_a_time(free)]
    allowed = [item for item in known if wish.allows(item.day, item.minute)]
    near = [item for item in allowed if (item.day - today).days <= rules.too_far_days]
    picked: list[_Local] = []
    for tier in (Fit.WISHED, Fit.OTHER_TIMES, Fit.OTHER_DAYS):
        for item in _spread([item for item in near if item.tier is tier], wish):
            if len(picked) < rules.proposal_max and not any(_clash(item.slot, one.slot, buffer) for one in picked):
                picked.append(item)
    if not picked:
        return Proposal((), Fit.NOTHING)
    fit = picked[0].tier
    overlapping = _overlapping(near, picked, rules)
    offers = [Offer(item.slot, _left_on(known, item.day) >= rules.scarce_below) for item in picked]
    # both cannot be held, and one of them is enough to choose from
    offers += [Offer(item.slot, held=False) for item in overlapping]
    return Proposal(tuple(sorted(offers, key=lambda offer: offer.slot.start)), fit)


def _overlapping(near: Sequence[_Local], picked: Sequence[_Local], rules: SlotRules) -> list[_Local]:
    """Times that overlap what was picked, where there are too few others to choose from: the nearest first."""
    missing = rules.proposal_min - len(picked)
    starts = {item.slot.start for item in picked}
    others = [item for item in near if item.slot.start not in starts] if missing > 0 else []
    nearest = sorted(others, key=lambda item: (item.days_off, item.minutes_off, item.slot.start))
    return nearest[: max(missing, 0)]


def on_wished_days(proposal: Proposal) -> bool:
    """Whether it has times on the wished days, at that hour or another."""
    return proposal.fit in {Fit.WISHED, Fit.OTHER_TIMES}


def next_to(theirs: Proposal, others: Proposal, wish: Wish, rules: SlotRules, zone: ZoneInfo) -> Proposal:
    """Where who is wished has no time on the wished days: their nearest ones, and the nearest of whoever has one."""
    if not theirs.offers or not others.offers:
        return theirs if theirs.offers else others

    def far(offer: Offer) -> tuple[int, int, datetime]:
        wall = offer.slot.start.astimezone(zone)
        return wish.days_off(wall.date()), wish.minutes_off(wall.hour * 60 + wall.minute), offer.slot.start

    first, later = sorted(theirs.offers, key=far), max(1, rules.proposal_max // 2)
    kept = first[:later]
    for offer in (*sorted(others.offers, key=far), *first[later:]):
        overlaps = any(offer.slot.start < one.slot.end and one.slot.start < offer.slot.end for one in kept)
        if len(kept) < rules.proposal_max and not overlaps:
            kept.append(offer)
    return Proposal(tuple(sorted(kept, key=lambda offer: offer.slot.start)), others.fit)


def first_fitting(free: Iterable[Slot], wish: Wish, rules: SlotRules, zone: ZoneInfo, now: datetime) -> Slot | None:
    """The first of the free times that is within the wish itself, none near it counting."""
    today = now.astimezone(zone).date()
    for slot in free:
        local = _local(slot, wish, zone, today, rules)
        is_near = (local.day - today).days <= rules.too_far_days
        is_wished = not local.minutes_off and not (wish.names_day and local.days_off)
        if is_near and is_wished and wish.allows(local.day, local.minute):
            return slot
    return None


def _clash(one: Slot, other: Slot, buffer: timedelta) -> bool:
    """Whether holding both would need the same provider or place at the same time; seats of a session do not clash."""
    same = one.provider == other.provider if one.provider else one.place == other.place
    if (one.start, one.end, one.place) == (other.start, other.end, other.place):
        return False
    return same and one.start < other.end + buffer and other.start < one.end + buffer


def _one_a_time(free: Iterable[Slot]) -> Iterator[Slot]:
    """Two providers free at the same time are one time to a customer; the file's first is meant."""
    seen: set[tuple[datetime, object]] = set()
    for slot in free:
        if (slot.start, slot.place) not in seen:
            seen.add((slot.start, slot.place))
            yield slot


def _local(slot: Slot, wish: Wish, zone: ZoneInfo, today: date, rules: SlotRules) -> _Local:
    wall = slot.start.astimezone(zone)
    day = wall.date()
    minute = wall.hour * 60 + wall.minute
    beyond = max((day - today).days - rules.window_days, 0)
    return _Local(slot, day, minute, wish.days_off(day) if wish.names_day else beyond, wish.minutes_off(minute))


def _spread(items: Sequence[_Local], wish: Wish) -> Iterator[_Local]:
    """One time of each day in turn, nearest day first."""
    days: dict[date, list[_Local]] = {}
    for item in sorted(items, key=lambda item: (item.days_off, item.slot.start)):
        days.setdefault(item.day, []).append(item)
    queues = [_within_a_day(of_day, wish) for of_day in days.values()]
    for turn in range(max(map(len, queues), default=0)):
        for queue in queues:
            if turn < len(queue):
                yield queue[turn]


def _within_a_day(items: Sequence[_Local], wish: Wish) -> list[_Local]:
    """The best time of a day first; the rest near the wished time, or, without one, far from each other."""
    if wish.names_time:
        ranked = sorted(items, key=lambda item: (item.minutes_off, item.slot.start))
        apart: list[_Local] = []
        for item in ranked:
            if all(abs(item.minute - other.minute) >= APART for other in apart):
                apart.append(item)
        return apart + [item for item in ranked if item not in apart]
    rest = list(items)
    order = [rest.pop(0)]
    while rest and len(order) < 10:
        best = max(rest, key=lambda item: min(abs(item.minute - other.minute) for other in order))
        rest.remove(best)
        order.append(best)
    return order


def _left_on(known: Sequence[_Local], day: date) -> int:
    return sum(item.day == day for item in known)
