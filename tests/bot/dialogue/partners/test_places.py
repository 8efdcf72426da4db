"""The contact of a place: bookings there, the digest of the evening, and the budget of what costs money."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.business.context import Context
from bot.business.words import WordLanguage
from bot.dialogue.partners.decide import decide
from bot.domain import window
from bot.domain.alarms import AlarmReason
from bot.domain.arrival import Arrival, PlaceNews
from bot.domain.commands import SendTemplate, Urgency
from bot.domain.ids import BookingReference, EventId
from bot.domain.job import Job, JobNews
from bot.domain.outcome import Decided
from bot.domain.partner import Consent, Partner, held_ahead, held_booking, held_new
from bot.domain.partner_events import AnyEvent, ArrivalsFound, DigestTold, JobTold, PlaceTold
from bot.domain.partner_orders import FindArrivals, FindJobs
from bot.domain.task import TaskKind, TaskState
from bot.replies import partner as words
from bot.replies.notices import as_text
from bot.store.shapes import pack_partner, unpack_partner
from tests.bot.dialogue.partners.makers import KETUT, a_partner, said, tapped, wrote
from tests.bot.makers import NOW, context

PLACE = context().business.places[0]
MANAGER = PLACE.contact.phone
LATER = NOW + timedelta(days=3)
MASSAGE = Arrival(
    BookingReference("BK-1"),
    str(PLACE.id),
    "balinese-massage",
    LATER,
    LATER + timedelta(hours=1),
    2,
    provider="ayu",
    guest="Emma",
    room="12",
)
CLEANING = Job(
    "BK-2:clean:1",
    TaskKind.CHORE,
    (("en", "Clean"), ("id", "Bersihkan"), ("vi", "Dọn")),
    TaskState.TAKEN,
    LATER,
    LATER + timedelta(hours=2),
    str(PLACE.id),
)


def in_language(language: str) -> Context:
    here = context()
    contact = replace(PLACE.contact, language=WordLanguage(language))
    places = tuple(replace(one, contact=contact) if one.id == PLACE.id else one for one in here.business.places)
    return replace(here, business=replace(here.business, places=places))


def manager(**more: object) -> Partner:
    return replace(a_partner(MANAGER), **more)  # type: ignore[arg-type]


def booked(arrival: Arrival = MASSAGE, news: PlaceNews = PlaceNews.BOOKED, name: str = "1") -> PlaceTold:
    return PlaceTold(EventId(f"internal:place_news:{name}"), NOW, news, arrival)


def heard(partner: Partner, event: AnyEvent, here: Context | None = None) -> Decided[Partner]:
    decided = decide(partner, event, here or context())
    assert unpack_partner(pack_partner(decided.thread)) == decided.thread
    return decided


def template(decided: Decided[Partner], partner: Partner, at: datetime = NOW) -> str:
    """What leaves outside the window."""
    (effect,) = decided.effects
    order = window.leaving(partner, effect.command, at)  # type: ignore[arg-type]
    assert isinstance(order, SendTemplate)
    return as_text(order)


@pytest.mark.parametrize(
    ("language", "opening", "ending"),
    [
        ("en", "A booking at", "Called off"),
        ("id", "Ada pesanan di", "Dibatalkan"),
        ("vi", "Có lịch đặt tại", "Đã hủy"),
    ],
)
def test_a_booking_is_told_with_its_guest_room_and_provider_and_no_number(
    language: str, opening: str, ending: str
) -> None:
    here = in_language(language)
    decided = heard(manager(), booked(), here)
    body = said(decided)
    provider = here.business.provider("ayu")
    assert provider is not None
    for wanted in (opening, "Emma", "12", provider.name.say(language), PLACE.name.say(language)):
        assert wanted in body
    assert provider.contact.phone.removeprefix("+") not in body
    assert decided.thread.consent is Consent.ASKED, "the first thing they hear says how to stop it"
    assert ending in said(heard(manager(), booked(news=PlaceNews.CALLED_OFF), here))
    assert "Emma" in said(heard(manager(), booked(news=PlaceNews.MOVED), here))


@pytest.mark.parametrize("news", PlaceNews)
@pytest.mark.parametrize("language", ["en", "id", "vi"])
def test_outside_the_window_it_is_a_template_without_the_guest(news: PlaceNews, language: str) -> None:
    text = template(heard(manager(), booked(news=news), in_language(language)), manager())
    assert "Emma" not in text
    assert PLACE.name.say(language) in text
    service = context().business.service("balinese-massage")
    assert service is not None
    assert service.name.say(language) in text


@pytest.mark.parametrize("news", PlaceNews)
def test_that_its_guests_are_fetched_at_the_gate_is_worth_no_template(news: PlaceNews) -> None:
    tour = replace(MASSAGE, service="day-tour")
    assert heard(manager(), booked(tour, news)).effects == ()
    (effect,) = heard(manager(last_inbound_at=NOW), booked(tour, news)).effects
    assert "Emma" in said(heard(manager(last_inbound_at=NOW), booked(tour))), effect


def test_who_looks_after_it_no_longer_hears_nothing_and_who_refused_is_called() -> None:
    elsewhere = replace(MASSAGE, place=str(context().business.places[1].id))
    assert not heard(manager(), booked(elsewhere)).effects
    for one in (manager(consent=Consent.REFUSED), manager(is_locked=True)):
        decided = heard(one, booked())
        assert not decided.effects
        assert [(alarm.reason, alarm.subject) for alarm in decided.thread.alarms] == [
            (AlarmReason.PARTNER_NOT_TOLD, "BK-1")
        ]


def test_who_is_expected_is_looked_up_by_word_and_by_button_and_told_a_line_each() -> None:
    for asked in (wrote("pekerjaan saya"), tapped(words.JOBS_TAP)):
        assert [effect.command for effect in heard(manager(), asked).effects] == [FindArrivals(MANAGER)]
    found = said(heard(manager(), ArrivalsFound(EventId("done:x"), NOW, (MASSAGE,))))
    assert "Emma" in found
    assert found.count("•") == 1
    assert "•" not in said(heard(manager(), ArrivalsFound(EventId("done:x"), NOW, ())))


# The budget ---------------------------------------------------------------------------------------------------------


def over(partner: Partner) -> Partner:
    """Somebody who got all the templates of today."""
    limit = context().business.sop.partner.templates_a_day
    for number in range(limit):
        decided = heard(partner, booked(name=str(number)))
        assert decided.effects
        partner = decided.thread
    assert partner.templates == limit
    return partner


def test_over_the_budget_of_the_day_it_waits_and_tomorrow_there_is_another() -> None:
    spent = over(manager())
    waits = heard(spent, booked(name="x"))
    assert not waits.effects
    assert waits.thread.held == (held_new(held_booking("BK-1")),)
    tomorrow = replace(context(), now=NOW + timedelta(days=1))
    again = heard(waits.thread, replace(booked(news=PlaceNews.MOVED, name="y"), at=tomorrow.now), tomorrow)
    assert len(again.effects) == 1
    assert (again.thread.templates, again.thread.held) == (1, ())


def test_what_waits_is_said_at_their_next_word() -> None:
    waits = heard(over(manager()), booked(name="x")).thread
    answered = heard(waits, wrote("halo"))
    assert FindArrivals(MANAGER) in [effect.command for effect in answered.effects]
    assert answered.thread.held == ()
    asked = heard(waits, wrote("pekerjaan saya"))
    assert [effect.command for effect in asked.effects] == [FindArrivals(MANAGER)], "once, though they ask for it"


def test_within_their_24_hours_nothing_is_counted_and_nothing_waits() -> None:
    spent = over(manager(last_inbound_at=NOW - timedelta(hours=25)))
    there = replace(spent, last_inbound_at=NOW)
    decided = heard(there, booked(name="x"))
    assert len(decided.effects) == 1
    assert decided.thread.templates == spent.templates


def test_what_cannot_wait_goes_all_the_same() -> None:
    spent = over(manager())
    today = replace(MASSAGE, starts_at=NOW + timedelta(hours=2))
    assert heard(spent, booked(today)).effects, "given for today"
    assert heard(spent, booked(news=PlaceNews.CALLED_OFF)).effects, "gone"
    busy = replace(a_partner(KETUT), templates=spent.templates, templates_on=spent.templates_on)
    told = {news: heard(busy, JobTold(EventId(news), NOW, news, CLEANING)) for news in JobNews}
    assert {news for news, decided in told.items() if decided.effects} == {JobNews.GONE, JobNews.OVERDUE}
    assert told[JobNews.GIVEN].thread.held == (held_ahead(CLEANING.task),)
    assert told[JobNews.CHANGED].thread.held == (CLEANING.task,)
    soon = replace(CLEANING, starts_at=NOW + timedelta(hours=2))
    assert heard(busy, JobTold(EventId("soon"), NOW, JobNews.GIVEN, soon)).effects


def test_what_was_called_off_while_it_waited_is_never_told() -> None:
    waits = heard(over(manager()), booked(name="x")).thread
    gone = heard(waits, booked(news=PlaceNews.CALLED_OFF, name="y"))
    assert (gone.effects, gone.thread.held) == ((), ())
    off = JobTold(EventId("e"), NOW, JobNews.GONE, replace(CLEANING, state=TaskState.WITHDRAWN))
    gone = heard(replace(a_partner(KETUT), held=(held_new(CLEANING.task),)), off)
    assert (gone.effects, gone.thread.held) == ((), ())
    # they know it, and only its new time waited
    moved = heard(over(manager()), booked(news=PlaceNews.MOVED, name="x")).thread
    gone = heard(moved, booked(news=PlaceNews.CALLED_OFF, name="y"))
    assert (len(gone.effects), gone.thread.held) == (1, ())
    gone = heard(replace(a_partner(KETUT), held=(CLEANING.task,)), off)
    assert len(gone.effects) == 1
    assert gone.thread.held == ()


# The digest ---------------------------------------------------------------------------------------------------------


def evening(**more: object) -> DigestTold:
    return DigestTold(EventId("internal:digest:1"), NOW, LATER.date(), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "heading", "others"),
    [
        ("en", "Your work for", "Also new"),
        ("id", "Jadwal kakak untuk", "Yang baru"),
        ("vi", "Lịch của bạn", "Việc mới"),
    ],
)
def test_the_digest_is_one_message_of_tomorrow_and_of_what_waited(language: str, heading: str, others: str) -> None:
    here = in_language(language)
    waiting = manager(held=(held_booking("BK-1"),))
    decided = heard(waiting, evening(jobs=(CLEANING,), held_arrivals=(MASSAGE,)), here)
    (effect,) = decided.effects
    assert effect.urgency is Urgency.REMINDER
    body = said(decided)
    assert body.index(heading) < body.index(dict(CLEANING.title)[language]) < body.index(others) < body.index("Emma")
    assert decided.thread.held == ()
    text = template(decided, waiting)
    assert PLACE.name.say(language) in text
    assert "Emma" not in text
    assert "•" not in text


def test_an_empty_digest_is_nothing_and_it_never_waits_for_the_budget() -> None:
    assert not heard(manager(), evening()).effects
    spent = over(manager())
    decided = heard(spent, evening(arrivals=(MASSAGE,)))
    assert len(decided.effects) == 1
    assert decided.thread.templates == spent.templates + 1
    for one in (manager(consent=Consent.REFUSED), manager(is_locked=True)):
        assert not heard(one, evening(arrivals=(MASSAGE,))).effects


def test_a_digest_of_many_fits_the_message_and_the_template() -> None:
    many = tuple(replace(MASSAGE, starts_at=LATER + timedelta(minutes=n), guest="Emma " * 8) for n in range(40))
    decided = heard(manager(), evening(arrivals=many))
    assert len(said(decided)) < 1100
    assert len(template(decided, manager())) <= 1024


def test_a_worker_who_looks_after_a_place_too_sees_both() -> None:
    both = replace(context().business, places=(replace(PLACE, contact=replace(PLACE.contact, phone=KETUT)),))
    decided = heard(a_partner(), wrote("pekerjaan saya"), replace(context(), business=both))
    assert [effect.command for effect in decided.effects] == [FindJobs(KETUT), FindArrivals(KETUT)]
