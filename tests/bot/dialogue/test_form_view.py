"""What a form may offer: services with their prices, places, days, one row an hour, numbers and the last screen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.business.catalogue import PlaceId as CataloguePlace
from bot.dialogue.form_view import FormQuery, rivals, services_in, view_of
from bot.replies.words import say
from bot.slots.claims import NOTHING_TAKEN
from bot.slots.standing import ScoreSum
from flows.session import Answers, Wished
from flows.view import Days, PlaceId, ServiceId, SlotId
from flows.words import languages
from tests.bot.dialogue.states.test_awaiting_acceptance import asking
from tests.bot.makers import NOW, context


def asked(answers: Answers, language: str = "en", place: str | None = None, *, asks_place: bool = False) -> FormQuery:
    return FormQuery(answers, language, "Ayu", place, NOW, asks_place=asks_place)


@pytest.mark.parametrize("language", languages())
def test_every_service_of_the_sample_can_be_walked_to_its_last_screen(language: str) -> None:
    business = context().business
    services = view_of(business, asked(Answers(), language), NOTHING_TAKEN).services
    assert {one.id for one in services} == {one.id for one in business.services if not one.is_stay}
    for service in services:
        answers = Answers(ServiceId(service.id))
        view = view_of(business, asked(answers, language), NOTHING_TAKEN)
        assert view.days is not None
        answers = answers.with_day(view.days.first)
        view = view_of(business, asked(answers, language), NOTHING_TAKEN)
        answers = replace(answers, slot_id=view.times[-1].id)  # type: ignore[arg-type]
        view = view_of(business, asked(answers, language), NOTHING_TAKEN)
        assert view.party is not None
        answers = answers.with_details(int(view.party.guests[-1].id), "Ayu", "")
        view = view_of(business, asked(answers, language), NOTHING_TAKEN)
        assert view.review is not None
        assert view.review.total


def test_the_calendar_shows_a_day_exactly_when_the_day_has_times() -> None:
    business = context().business
    for service in ("sunrise-yoga", "private-chef"):
        view = view_of(business, asked(Answers(ServiceId(service))), NOTHING_TAKEN)
        assert view.days is not None
        for ahead in range(-1, (view.days.last - view.days.first).days + 1):
            day = view.days.first + timedelta(days=ahead)
            times = view_of(business, asked(Answers(ServiceId(service), day)), NOTHING_TAKEN).times
            assert bool(times) == view.days.allows(day), day


def test_of_two_who_are_free_alike_the_one_whom_customers_rate_higher_is_meant_and_a_pick_stays() -> None:
    business = context().business
    asking = asked(Answers(ServiceId("balinese-massage")), place="villa-senja")
    first = view_of(business, asking, NOTHING_TAKEN).days
    assert first is not None
    # a Saturday: Komang rests on Wednesdays
    answers = asking.answers.with_day(first.first + timedelta(days=7 + (5 - first.first.weekday()) % 7))
    asking = replace(asking, answers=answers)

    def by_time(query: FormQuery) -> dict[str, str]:
        parts = [str(time.id).split("|") for time in view_of(business, query, NOTHING_TAKEN).times]
        return {start: provider for _, provider, start, _ in parts}

    by_file, good = by_time(asking), {"komang": ScoreSum(20, 100)}
    rated = by_time(replace(asking, scores=good))
    assert by_file.keys() == rated.keys()
    both = [start for start, provider in by_file.items() if provider != rated[start]]
    assert both
    assert {(by_file[start], rated[start]) for start in both} == {("ayu", "komang")}
    # one more score while they look does not take away what they picked
    picked = f"balinese-massage|ayu|{both[0]}|villa-senja"
    kept = by_time(replace(asking, scores=good, answers=replace(answers, slot_id=SlotId(picked))))
    assert kept == rated | {both[0]: "ayu"}
    assert rivals(business, business.services[0], Answers()) == ()


def test_a_place_known_from_the_chat_is_the_only_one_offered() -> None:
    business = context().business
    answers = Answers(ServiceId("balinese-massage"))
    first = view_of(business, asked(answers, place="villa-melati"), NOTHING_TAKEN).days
    assert first is not None
    view = view_of(business, asked(answers.with_day(first.last), place="villa-melati"), NOTHING_TAKEN)
    assert {time.id.split("|")[3] for time in view.times} == {"villa-melati"}
    assert {len(time.title) for time in view.times} == {5}


def test_the_place_is_asked_first_and_then_each_hour_is_one_row() -> None:
    business = context().business
    answers = Answers(ServiceId("balinese-massage"))
    first = view_of(business, asked(answers, asks_place=True), NOTHING_TAKEN)
    assert [place.title for place in first.places] == [
        "Villa Melati",
        "Villa Senja",
        "Villa Padi",
        "Villa Karang",
        "Villa Kamboja",
    ]
    assert (first.days, first.times) == (None, ())
    # two people give it in Canggu, at the same hours
    there = answers.with_place(PlaceId("villa-senja"))
    days = view_of(business, asked(there, asks_place=True), NOTHING_TAKEN).days
    assert days is not None
    times = view_of(business, asked(there.with_day(days.last), asks_place=True), NOTHING_TAKEN).times
    assert {time.id.split("|")[1] for time in times} == {"ayu", "komang"}
    assert len({time.title for time in times}) == len(times)
    assert {time.id.split("|")[3] for time in times} == {"villa-senja"}


def test_no_place_is_asked_where_there_is_nothing_to_choose() -> None:
    business = context().business
    for service in ("planning-call", "sunrise-yoga"):
        view = view_of(business, asked(Answers(ServiceId(service)), asks_place=True), NOTHING_TAKEN)
        assert view.places == ()
        assert view.days is not None


def test_a_guest_of_a_villa_may_book_what_takes_place_elsewhere() -> None:
    business = context().business
    answers = Answers(ServiceId("sunrise-yoga"))
    for asks_place in (True, False):
        query = asked(answers, place="villa-melati", asks_place=asks_place)
        days = view_of(business, query, NOTHING_TAKEN).days
        assert days is not None
        query = replace(query, answers=answers.with_day(days.first))
        assert {time.id.split("|")[3] for time in view_of(business, query, NOTHING_TAKEN).times} == {"bale-sari"}


def test_rooms_of_our_own_are_asked_about_too() -> None:
    business = context().business
    yoga = business.service("sunrise-yoga")
    assert yoga is not None
    rooms = replace(yoga, places=(*yoga.places, CataloguePlace("villa-senja")))
    two = replace(business, services=tuple(rooms if one == yoga else one for one in business.services))
    answers = Answers(ServiceId("sunrise-yoga"))
    assert len(view_of(two, asked(answers, asks_place=True), NOTHING_TAKEN).places) == 2
    there = answers.with_place(PlaceId("villa-senja"))
    view = view_of(two, asked(there, asks_place=True), NOTHING_TAKEN)
    assert view.days is not None
    times = view_of(two, asked(there.with_day(view.days.first), asks_place=True), NOTHING_TAKEN).times
    assert {time.id.split("|")[3] for time in times} == {"villa-senja"}


PER_PERSON = {"en": "IDR 425,000 per person", "id": "IDR 425.000 per orang", "vi": "IDR 425.000 mỗi người"}


@pytest.mark.parametrize("language", PER_PERSON)
def test_a_price_for_each_person_is_said_so_and_summed_for_those_who_come(language: str) -> None:
    business = context().business
    services = view_of(business, asked(Answers(), language), NOTHING_TAKEN).services
    (chef,) = [one for one in services if one.id == "private-chef"]
    assert PER_PERSON[language] in f"{chef.description} {chef.metadata}"
    (tour,) = [one for one in services if one.id == "day-tour"]
    assert PER_PERSON[language].split(" ", 2)[2] not in f"{tour.description} {tour.metadata}"
    answers = walked(Answers(ServiceId("private-chef"), place_id=PlaceId("villa-karang")), language)
    party = view_of(business, asked(answers, language, asks_place=True), NOTHING_TAKEN).party
    assert party is not None
    sums = {choice.id: "".join(filter(str.isdecimal, choice.metadata)) for choice in party.guests}
    # from five on each pays less
    assert (sums["2"], sums["4"], sums["5"], sums["9"]) == ("850000", "1700000", "1925000", "3150000")
    for guests, each in (("2", "425000"), ("5", "385000")):
        chosen = answers.with_details(int(guests), "Ayu", "")
        review = view_of(business, asked(chosen, language, asks_place=True), NOTHING_TAKEN).review
        assert review is not None
        assert PER_PERSON[language].split(" ", 2)[2] in review.total
        assert "".join(filter(str.isdecimal, review.total)) == f"{sums[guests]}{guests}{each}"


def walked(answers: Answers, language: str = "en") -> Answers:
    """The first day and time there are."""
    business = context().business
    days = view_of(business, asked(answers, language, asks_place=True), NOTHING_TAKEN).days
    assert days is not None
    answers = answers.with_day(days.first)
    times = view_of(business, asked(answers, language, asks_place=True), NOTHING_TAKEN).times
    return answers.with_slot(SlotId(times[0].id))


def test_a_price_for_all_is_said_once_and_beside_a_number_only_where_it_depends_on_it() -> None:
    business = context().business
    tour = walked(Answers(ServiceId("movie-night"), place_id=PlaceId("villa-karang")))
    view = view_of(business, asked(tour.with_details(4, "Ayu", ""), asks_place=True), NOTHING_TAKEN)
    assert view.party is not None
    assert {choice.metadata for choice in view.party.guests} == {""}
    assert view.review is not None
    assert view.review.total == "IDR 850,000"


def test_the_wished_hour_is_chosen_on_the_day_and_so_is_the_one_picked_before() -> None:
    business = context().business
    wished = Wished(minute=18 * 60)
    answers = walked(Answers(ServiceId("private-chef"), place_id=PlaceId("villa-karang"), wished=wished))
    view = view_of(business, asked(replace(answers, wished=wished), asks_place=True), NOTHING_TAKEN)
    assert view.wished_time is not None
    assert {time.id: time.title for time in view.times}[view.wished_time] == "18:00"
    other = view_of(business, asked(answers, asks_place=True), NOTHING_TAKEN)
    assert other.wished_time == answers.slot_id
    free_all_day = replace(answers, wished=Wished(minute=3 * 60))
    assert view_of(business, asked(free_all_day, asks_place=True), NOTHING_TAKEN).wished_time is None


@pytest.mark.parametrize(
    "answers",
    [
        Answers(ServiceId("gone")),
        Answers(ServiceId("planning-call"), datetime(1990, 1, 1, tzinfo=UTC).date()),
        Answers(ServiceId("planning-call"), NOW.date(), None, 99),
    ],
)
def test_a_pick_that_does_not_exist_has_nothing_behind_it(answers: Answers) -> None:
    view = view_of(context().business, asked(answers), NOTHING_TAKEN)
    assert view.services
    assert view.review is None


def test_what_was_worked_out_for_the_same_taken_is_shown_as_it_is() -> None:
    business = context().business
    chef = asked(Answers(ServiceId("private-chef")))
    services = services_in(business, "en", chef.now.astimezone(business.zone).date())
    free_days: dict[tuple[str, str | None, str | None], Days | None] = {}
    first = view_of(business, chef, NOTHING_TAKEN, services, free_days)
    assert first == view_of(business, chef, NOTHING_TAKEN)
    assert list(free_days.values()) == [first.days]
    key = next(iter(free_days))
    only = Days(NOW.date(), NOW.date())
    free_days[key] = only
    assert view_of(business, chef, NOTHING_TAKEN, services, free_days).days == only
    elsewhere = asked(Answers(ServiceId("private-chef")), place="villa-melati")
    assert view_of(business, elsewhere, NOTHING_TAKEN, services, free_days).days != only


@pytest.mark.parametrize("language", languages())
def test_the_last_screen_promises_no_link_where_somebody_has_to_say_yes_first(language: str) -> None:
    terms = {}
    for rule in ("auto", "dispatch"):
        business = context().business if rule == "auto" else asking()
        answers = Answers(ServiceId("balinese-massage"))
        view = view_of(business, asked(answers, language, "villa-senja"), NOTHING_TAKEN)
        assert view.days is not None
        answers = answers.with_day(view.days.first)
        view = view_of(business, asked(answers, language, "villa-senja"), NOTHING_TAKEN)
        # of several who are asked nobody is promised
        assert bool(view.times[-1].description) is (rule == "auto")
        answers = replace(answers, slot_id=view.times[-1].id).with_details(1, "Ayu", "")  # type: ignore[arg-type]
        view = view_of(business, asked(answers, language, "villa-senja"), NOTHING_TAKEN)
        assert view.review is not None
        terms[rule] = view.review.terms
    assert terms["auto"] == say("form.terms.pay", language)
    assert terms["dispatch"] == say("form.terms.ask", language)


def test_who_is_asked_about_first_reads_that_the_house_says_yes_before_they_pay() -> None:
    of_known = asked(Answers(ServiceId("balinese-massage")), "en", "villa-senja")
    terms = set()
    for asks_first in (False, True):
        query = replace(of_known, asks_first=asks_first)
        days = view_of(context().business, query, NOTHING_TAKEN).days
        assert days is not None
        query = replace(query, answers=query.answers.with_day(days.first))
        (*_, last) = view_of(context().business, query, NOTHING_TAKEN).times
        known = replace(query.answers, slot_id=last.id).with_details(1, "Ayu", "")  # type: ignore[arg-type]
        view = view_of(context().business, replace(query, answers=known), NOTHING_TAKEN)
        assert view.review is not None
        terms.add((asks_first, view.review.terms))
    assert terms == {(False, say("form.terms.pay", "en")), (True, say("form.terms.ask", "en"))}
