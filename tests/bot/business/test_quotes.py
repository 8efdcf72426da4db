"""Prices: the row that says most wins, and a quote can be recomputed from its line."""

from datetime import UTC, datetime

import pytest

from bot.business.catalogue import PlaceId, ProviderId, ServiceId
from bot.business.quotes import NoQuote, Quote, quote
from tests.bot.business.makers import sample

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def priced(service: str, provider: str | None, place: str | None, guests: int = 1, nights: int = 1) -> Quote | NoQuote:
    return quote(
        sample(),
        ServiceId(service),
        ProviderId(provider) if provider else None,
        PlaceId(place) if place else None,
        guests=guests,
        start=START,
        nights=nights,
    )


@pytest.mark.parametrize(
    ("service", "provider", "place", "guests", "nights", "total", "payout"),
    [
        ("planning-call", "concierge", None, 2, 1, 0, None),
        ("balinese-massage", "komang", "villa-senja", 1, 1, 350_000, 250_000),
        ("balinese-massage", "komang", "villa-karang", 1, 1, 450_000, 330_000),
        ("private-chef", "nyoman", "villa-padi", 4, 1, 1_700_000, None),
        ("private-chef", "nyoman", "villa-padi", 5, 1, 1_925_000, None),
        ("airport-transfer", "made", "villa-padi", 6, 1, 620_000, 500_000),
        ("kamboja-stay", None, "villa-kamboja", 2, 3, 7_200_000, None),
        ("kamboja-stay", None, "villa-kamboja", 2, 7, 15_050_000, None),
    ],
)
def test_a_booking_costs_what_its_row_says(
    service: str, provider: str | None, place: str | None, guests: int, nights: int, total: int, payout: int | None
) -> None:
    found = priced(service, provider, place, guests, nights)
    assert isinstance(found, Quote)
    assert (found.total, found.provider_payout, found.version) == (total, payout, sample().version)
    assert all(line.quantity * line.unit_amount == line.amount for line in found.lines)


def test_more_guests_than_a_service_takes_have_no_price() -> None:
    assert priced("private-chef", "nyoman", "villa-padi", 13) is NoQuote.TOO_MANY_GUESTS
    assert priced("private-chef", "nyoman", "villa-padi", 1) is NoQuote.TOO_FEW_GUESTS
    assert priced("renamed-since", None, None) is NoQuote.UNKNOWN_SERVICE
