"""Some days after a visit one kind message offers to come again, where the house says so and it is kind to write."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue.decide import decide
from bot.domain.booking import Booking
from bot.domain.commands import SendButtons, Urgency
from bot.domain.complaints import Complaint
from bot.domain.events import StaffAction, TimerFired, timer_event_id
from bot.domain.ids import BookingReference
from bot.domain.lead import Lead
from bot.domain.states import Mode, State
from bot.domain.template_standing import MARKETING, wanted_category
from bot.domain.timers import AFTER_THE_END, TimerKind, TimerName
from bot.domain.visits import Rating, Visit
from tests.bot.business.makers import sample
from tests.bot.dialogue.states.talk import Talk
from tests.bot.dialogue.states.test_attendance import WISHES, rung
from tests.bot.makers import conversing

DAY = timedelta(days=1)
WORDS = {"en": "come again", "id": "Mau datang lagi", "vi": "quay lại không"}


def house(days: int = 3) -> Business:
    known = sample()
    return replace(known, sop=replace(known.sop, follow_up_days=days))


def completed(language: str = "en", days: int = 3) -> Talk:
    """A call that took place."""
    talk = Talk(house(days)).writes(*WISHES[language])
    rung(talk, TimerKind.SHOW_UP)
    return talk.taps_row(0)


def due(talk: Talk) -> datetime:
    (found,) = [at for name, at in talk.lead.timers.items() if name.startswith(f"{TimerKind.FOLLOW_UP}:")]
    return found


def visit_of(lead: Lead) -> Visit:
    return lead.visits[-1]


@pytest.mark.parametrize("language", WORDS)
def test_three_days_later_at_ten_they_are_asked_once_whether_they_would_like_to_come_again(language: str) -> None:
    talk = completed(language)
    local = due(talk).astimezone(talk.business.zone)
    ended = visit_of(talk.lead).ended_at.astimezone(talk.business.zone)
    assert (local.hour, local.date() - ended.date()) == (10, 3 * DAY)
    before = len(talk.said)
    talk.rings(TimerKind.FOLLOW_UP)
    (order,) = talk.said[before:]
    assert isinstance(order, SendButtons)
    assert WORDS[language] in order.body
    assert order.outside is not None
    assert order.outside.name == "janji_follow_up"
    assert order.outside.taps == tuple(button.id for button in order.buttons)
    assert talk.lead.timers == {}
    assert [one.what for one in talk.records][-1] == "followed_up"


def test_it_is_marketing_and_not_sent_after_that_evening() -> None:
    talk = completed()
    at = due(talk)
    name = next(name for name in talk.lead.timers if name.startswith(TimerKind.FOLLOW_UP))
    event = TimerFired(timer_event_id(name, at), at, name, at)
    decision = decide(talk.lead, event, Context(at, talk.business))
    (effect,) = [one for one in decision.effects if isinstance(one.command, SendButtons)]
    assert (effect.urgency, effect.not_after) == (Urgency.MARKETING, at + timedelta(hours=9))
    assert wanted_category("janji_follow_up") == MARKETING


def test_one_tap_begins_the_same_again_and_names_the_visit() -> None:
    talk = completed()
    reference = visit_of(talk.lead).reference
    talk.rings(TimerKind.FOLLOW_UP).taps_row(0)
    assert (talk.booking.service, talk.booking.previous) == ("planning-call", (str(reference),))
    assert talk.booking.state is State.SERVICE_SELECTED


def test_without_days_in_the_file_nobody_is_written_to() -> None:
    assert completed(days=0).lead.timers == {}


def with_rating(lead: Lead, score: int) -> Lead:
    visit = visit_of(lead)
    return lead.with_visit(replace(visit, rating=Rating(score, "customer", visit.ended_at)))


def complained(lead: Lead) -> Lead:
    visit = visit_of(lead)
    at = visit.ended_at
    return lead.with_complaint(Complaint(visit.reference, visit.service, None, None, at, at, "customer", at))


def came_again(lead: Lead) -> Lead:
    visit = visit_of(lead)
    return lead.with_visit(replace(visit, reference=BookingReference("BK-9"), ended_at=visit.ended_at + DAY))


UNKIND: Mapping[str, Callable[[Lead], Lead]] = {
    "who asked for silence": lambda lead: lead.conversing(opted_out=True),
    "who has something with us": lambda lead: lead.with_booking(
        Booking(BookingReference("BK-8"), State.SERVICE_SELECTED, service="planning-call")
    ),
    "who was not happy": lambda lead: with_rating(lead, 2),
    "who complained": complained,
    "who came again": came_again,
    "who has a person": lambda lead: conversing(lead, mode=Mode.AGENT, epoch=1),
    "whose visit is forgotten": lambda lead: replace(lead, visits=()),
}


@pytest.mark.parametrize("why", UNKIND)
def test_it_is_not_kind_to_write_to(why: str) -> None:
    talk = completed()
    talk.lead = UNKIND[why](talk.lead)
    before = len(talk.said) + len(talk.drafts)
    talk.rings(TimerKind.FOLLOW_UP)
    assert len(talk.said) + len(talk.drafts) == before
    assert not [name for name in talk.lead.timers if name.startswith(TimerKind.FOLLOW_UP)]


def test_who_was_happy_is_written_to() -> None:
    talk = completed()
    talk.lead = with_rating(talk.lead, 5)
    before = len(talk.said)
    talk.rings(TimerKind.FOLLOW_UP)
    assert len(talk.said) == before + 1


def test_hours_late_it_waits_for_the_next_morning() -> None:
    talk = completed()
    rung(talk, TimerKind.FOLLOW_UP, late=timedelta(hours=12))
    local = due(talk).astimezone(talk.business.zone)
    assert (local.hour, local.date()) == (10, talk.now.astimezone(talk.business.zone).date() + DAY)


def test_of_two_visits_the_last_one_alone_is_followed_up() -> None:
    talk = completed()
    first = visit_of(talk.lead).reference
    talk.writes(*WISHES["en"])
    rung(talk, TimerKind.SHOW_UP).taps_row(0)
    last = visit_of(talk.lead).reference
    assert first != last
    names = [name for name in talk.lead.timers if name.startswith(TimerKind.FOLLOW_UP)]
    assert names == [str(TimerName(TimerKind.FOLLOW_UP, last))]


def test_what_was_missed_or_called_off_is_not_followed_up() -> None:
    missed = Talk(house()).writes(*WISHES["en"])
    rung(missed, TimerKind.SHOW_UP).taps_row(1)
    off = Talk(house()).writes(*WISHES["en"]).staff(StaffAction.CANCEL, cause="business", reason="ill")
    assert missed.lead.timers == off.lead.timers == {}


def test_it_may_be_due_after_the_end() -> None:
    assert TimerKind.FOLLOW_UP in AFTER_THE_END
