"""The price book: days, units and quantities, the order in which rows win, and what is found ahead."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.business import file
from bot.business.catalogue import PlaceId, ProviderId, ServiceId
from bot.business.definition import Business
from bot.business.prices import Price, PriceQuery, Unit, winners
from bot.business.quotes import NoQuote, Quote, price_gap, quote
from tests.bot.business.makers import problems_of, with_changes

MASSAGE = "  - { service: balinese-massage, unit: per_booking, amount: 350000, payout: 250000 }\n"
CHRISTMAS = (
    "  - { id: christmas, service: balinese-massage, unit: per_booking, amount: 500000, payout: 300000, "
    "from_day: 2026-12-20, until_day: 2027-01-05 }\n"
)
STAY = "  - service: kamboja-stay\n    unit: per_night\n    amount: 2400000\n"


def business(*changes: tuple[str, str]) -> Business:
    found = file.parse(with_changes(*changes), "business.yaml")
    assert isinstance(found, Business), str(found)
    return found


def massage_on(sold: Business, day: datetime, place: str = "villa-melati", guests: int = 1) -> Quote | NoQuote:
    return quote(sold, ServiceId("balinese-massage"), ProviderId("komang"), PlaceId(place), guests=guests, start=day)


def at_noon(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 4, tzinfo=UTC)  # noon in Bali


@pytest.mark.parametrize(
    ("day", "total"),
    [
        (at_noon(12, 19), 350_000),
        (at_noon(12, 20), 500_000),
        (at_noon(1, 5, 2027), 500_000),
        (at_noon(1, 6, 2027), 350_000),
        # half past midnight in Bali is the day before in UTC
        (datetime(2026, 12, 19, 16, 30, tzinfo=UTC), 500_000),
    ],
)
def test_a_row_for_some_days_is_the_price_of_those_local_days(day: datetime, total: int) -> None:
    found = massage_on(business((MASSAGE, MASSAGE + CHRISTMAS)), day)
    assert isinstance(found, Quote)
    assert found.total == total


QUERY = PriceQuery(None, None, None, date(2026, 12, 24), guests=4, hours=1, days=1, nights=0)
KOMANG, KARANG = ProviderId("komang"), PlaceId("villa-karang")
FULL = PriceQuery(KOMANG, KARANG, None, date(2026, 12, 24), guests=4, hours=1, days=1, nights=0)


def row(amount: int, **named: object) -> Price:
    return Price(ServiceId("any"), Unit.PER_PERSON, amount, **named)  # type: ignore[arg-type]


ORDER = (
    row(6, provider=KOMANG),
    row(5, place=KARANG),
    row(4, from_day=date(2026, 12, 20), until_day=date(2027, 1, 5)),
    row(3, from_day=date(2026, 12, 1)),
    row(2, at_least=3, at_most=6),
    row(1, at_least=2),
    row(0),
)


@given(st.permutations(ORDER), st.integers(1, len(ORDER)))
def test_the_most_specific_row_wins_whatever_the_order_of_the_file(rows: list[Price], kept: int) -> None:
    """Provider, place, area, days, quantity; of two ranges the inner one."""
    some = rows[:kept]
    assert winners(some, FULL) == (max(some, key=lambda one: one.amount),)


def test_a_place_wins_over_its_area_and_ranges_that_only_overlap_over_none() -> None:
    here = PriceQuery(None, KARANG, "uluwatu", date(2026, 12, 24), 4, 1, 1, 0)  # type: ignore[arg-type]
    area, place = row(1, area="uluwatu"), row(2, place=KARANG)
    assert winners((area, place), here) == (place,)
    early = row(1, from_day=date(2026, 12, 1), until_day=date(2026, 12, 26))
    late = row(2, from_day=date(2026, 12, 20), until_day=date(2027, 1, 5), at_least=4)
    assert winners((early, late), QUERY) == (early, late)


def test_each_night_of_a_stay_has_the_price_of_its_own_day() -> None:
    peak = (
        "  - { service: kamboja-stay, unit: per_night, amount: 4000000, from_day: 2026-12-24, until_day: 2026-12-25 }\n"
    )
    sold = business((STAY, peak + STAY))
    found = quote(
        sold, ServiceId("kamboja-stay"), None, PlaceId("villa-kamboja"), guests=2, start=at_noon(12, 23), nights=4
    )
    assert isinstance(found, Quote)
    assert [(line.quantity, line.unit_amount) for line in found.lines] == [(2, 2_400_000), (2, 4_000_000)]
    assert found.total == 12_800_000


def test_a_stay_by_the_day_counts_the_first_and_the_last() -> None:
    by_day = (STAY, STAY.replace("per_night", "per_day"))
    found = quote(
        business(by_day),
        ServiceId("kamboja-stay"),
        None,
        PlaceId("villa-kamboja"),
        guests=2,
        start=at_noon(3, 2),
        nights=2,
    )
    assert isinstance(found, Quote)
    assert (found.total, found.lines[0].quantity) == (7_200_000, 3)


TRANSFER = (
    "  - service: airport-transfer\n    unit: per_booking\n    amount: 300000\n    payout: 230000\n"
    "    breaks:\n      - { at_least: 6, amount: 475000, payout: 370000 }\n"
)


def test_rows_by_quantity_take_their_own_unit_and_payout_times_the_quantity() -> None:
    rows = (
        "  - { id: car, service: airport-transfer, unit: per_booking, amount: 300000, payout: 230000, at_most: 4 }\n"
        "  - { id: bus, service: airport-transfer, unit: per_person, amount: 90000, payout: 70000, at_least: 5 }\n"
    )
    sold = business((TRANSFER, rows))
    start = at_noon(3, 2)

    def of(guests: int) -> Quote:
        found = quote(
            sold, ServiceId("airport-transfer"), ProviderId("made"), PlaceId("villa-melati"), guests=guests, start=start
        )
        assert isinstance(found, Quote)
        return found

    assert [(of(n).total, of(n).provider_payout) for n in (1, 4, 5, 6)] == [
        (300_000, 230_000),
        (300_000, 230_000),
        (450_000, 350_000),
        (540_000, 420_000),
    ]


def test_a_hole_between_days_or_quantities_is_found_ahead() -> None:
    until, after = MASSAGE.replace(" }", ", until_day: 2026-12-31 }"), MASSAGE.replace(" }", ", from_day: 2027-01-02 }")
    told = problems_of((MASSAGE, until + after)).items
    assert ["has no price by ayu at villa-melati on 2027-01-01" in item.what for item in told] == [True]
    few = TRANSFER.partition("    breaks")[0].replace("    payout", "    at_most: 3\n    payout")
    told = problems_of((TRANSFER, few)).items
    assert ["has no price by made at villa-melati for 4" in item.what for item in told] == [True]


def test_prices_that_end_are_no_mistake_and_nothing_is_sold_after_them() -> None:
    sold = business((MASSAGE, MASSAGE.replace(" }", ", until_day: 2026-12-31 }")))
    assert isinstance(massage_on(sold, at_noon(12, 31)), Quote)
    assert massage_on(sold, at_noon(1, 1, 2027)) is NoQuote.NO_PRICE
    gap = price_gap(
        sold, ServiceId("balinese-massage"), KOMANG, PlaceId("villa-melati"), guests=1, start=at_noon(1, 1, 2027)
    )
    assert str(gap) == "balinese-massage by komang at villa-melati (seminyak) on 2027-01-01 for 1: no row"


def test_days_that_only_overlap_are_found_ahead_with_both_rows() -> None:
    other = (
        CHRISTMAS.replace("christmas", "new-year")
        .replace("2026-12-20", "2026-12-28")
        .replace("2027-01-05", "2027-01-09")
    )
    (problem,) = problems_of((MASSAGE, MASSAGE + CHRISTMAS + other)).items
    assert "on 2026-12-28 and neither is more specific: christmas and new-year" in problem.what


@pytest.mark.parametrize(
    ("row", "path", "says"),
    [
        ("from_day: 2027-01-05, until_day: 2027-01-01", "prices[0].until_day", "is before"),
        ("at_least: 5, at_most: 2", "prices[0].at_most", "is less than"),
        ("from_day: tomorrow", "prices[0].from_day", "is not a day"),
    ],
)
def test_ranges_that_are_none_are_told(row: str, path: str, says: str) -> None:
    told = {item.path: item.what for item in problems_of((MASSAGE, MASSAGE.replace(" }", f", {row} }}"))).items}
    assert says in told[path]


def test_rows_of_one_name_are_told() -> None:
    told = {item.path: item.what for item in problems_of((MASSAGE, MASSAGE + CHRISTMAS * 2)).items}
    assert told["prices[2].id"] == "`christmas` stands twice in prices"
