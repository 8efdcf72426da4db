"""The routes for somebody on the phone, declared."""

from typing import Final

from webhooks.api.bookings.models import BookingShown
from webhooks.api.callers.models import CallerBooking, CallerQuery, CallerQuoteQuery, CallerQuoteShown, CallerShown
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag

_NOT_BOOKED: Final = {
    403: "That role overrides no rule.",
    409: "It cannot be booked: the time is gone, or they have stopped our messages; `reasons` says why.",
    422: "That is no number with its country, no language of the house, no service, or `override` without a reason.",
}

SHOW: Final = Operation(
    Method.GET,
    "/callers",
    Tag.CALLERS,
    "Who has that number: a customer, a partner, both or nobody",
    {200: CallerShown},
    Nothing,
    CallerQuery,
    Nothing,
    {422: "That is no number with its country."},
)
QUOTE: Final = Operation(
    Method.GET,
    "/callers/quote",
    Tag.CALLERS,
    "What a booking would mean and what the customer would read first; nothing is done",
    {200: CallerQuoteShown},
    Nothing,
    CallerQuoteQuery,
    Nothing,
    _NOT_BOOKED,
)
BOOK: Final = Operation(
    Method.POST,
    "/callers/bookings",
    Tag.CALLERS,
    "Book for whoever has that number, a customer from now on",
    {201: BookingShown, 202: BookingShown},
    Nothing,
    Nothing,
    CallerBooking,
    _NOT_BOOKED,
)
OPERATIONS: Final = (SHOW, QUOTE, BOOK)
