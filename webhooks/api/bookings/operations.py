"""The routes of services and bookings, declared."""

from typing import Final

from webhooks.api.bookings.acting import Acting, Because
from webhooks.api.bookings.models import (
    ActionList,
    ActionsQuery,
    AgreedSlot,
    AnotherTime,
    BookingChanged,
    BookingList,
    BookingPath,
    BookingShown,
    BookingsQuery,
    Came,
    ChangePath,
    ChangeShown,
    GivenScore,
    NewBooking,
    QuoteAgreed,
    ServiceList,
    ServicePath,
    SlotList,
    SlotsQuery,
    WishedChange,
)
from webhooks.api.bookings.verdicts import NotedAnswer, RequiredActionList, VerdictOfStep, VerdictQuery
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag

BLOCKED: Final = "A rule blocks it; `reasons` says which."
UNKNOWN: Final = "There is no such booking."
ANSWERS: Final = {200: BookingShown, 202: BookingShown}
"""202: taken, and the worker has not finished it yet."""

CHANGED: Final = {200: BookingChanged, 202: BookingChanged}
REFUSED: Final = {
    403: "That role sets no other fee or refund.",
    404: UNKNOWN,
    409: BLOCKED,
    422: "No cause, or another fee or refund without a reason.",
}
NOT_MOVED: Final = REFUSED | {
    403: "That role sets no other fee or refund, or overrides no rule.",
    422: "No cause, another fee or refund without a reason, or `override` without a reason or a time.",
}

SERVICES: Final = Operation(
    Method.GET, "/services", Tag.CATALOGUE, "The catalogue", {200: ServiceList}, Nothing, Nothing, Nothing
)
SLOTS: Final = Operation(
    Method.GET,
    "/services/{service}/slots",
    Tag.CATALOGUE,
    "The free times of a service between two local days, both included",
    {200: SlotList},
    ServicePath,
    SlotsQuery,
    Nothing,
    {404: "There is no such service."},
)
LIST: Final = Operation(
    Method.GET,
    "/bookings",
    Tag.BOOKINGS,
    "Bookings of a lead or in a state, the last changed first",
    {200: BookingList},
    Nothing,
    BookingsQuery,
    Nothing,
)
CREATE: Final = Operation(
    Method.POST,
    "/bookings",
    Tag.BOOKINGS,
    "A booking by hand",
    {201: BookingShown, 202: BookingShown},
    Nothing,
    Nothing,
    NewBooking,
    {
        403: "That role overrides no rule.",
        404: "There is no such customer.",
        409: "The time is not to be had; `reasons` says why.",
        422: "There is no such service, or `override` without a reason.",
    },
)
SHOW: Final = Operation(
    Method.GET,
    "/bookings/{reference}",
    Tag.BOOKINGS,
    "One booking with its money and history",
    {200: BookingShown},
    BookingPath,
    Nothing,
    Nothing,
    {404: UNKNOWN},
)
VERDICT: Final = Operation(
    Method.GET,
    "/bookings/{reference}/verdict",
    Tag.BOOKINGS,
    "May it go there, why not, how that is put right, who can; and everything that step needs, met or missing",
    {200: VerdictOfStep},
    BookingPath,
    VerdictQuery,
    Nothing,
    {404: UNKNOWN, 409: "It has ended and goes nowhere by itself: name a `target`."},
)
REQUIRED_ACTIONS: Final = Operation(
    Method.GET,
    "/bookings/{reference}/required-actions",
    Tag.BOOKINGS,
    "What the rules miss before it goes on",
    {200: RequiredActionList},
    BookingPath,
    Nothing,
    Nothing,
    {404: UNKNOWN},
)
ANSWER: Final = Operation(
    Method.POST,
    "/bookings/{reference}/answers",
    Tag.BOOKINGS,
    "What the customer answered to a question of the house is noted; a booking that waited for it goes on",
    {200: RequiredActionList},
    BookingPath,
    Nothing,
    NotedAnswer,
    {404: "There is no such booking, or no rule asks that."},
)
PROPOSE: Final = Operation(
    Method.POST,
    "/bookings/{reference}/propose",
    Tag.BOOKINGS,
    "Free times are offered to the customer",
    ANSWERS,
    BookingPath,
    Nothing,
    Nothing,
    {404: UNKNOWN, 409: BLOCKED},
)
CONFIRM: Final = Operation(
    Method.POST,
    "/bookings/{reference}/confirm",
    Tag.BOOKINGS,
    "The customer agreed to a time",
    ANSWERS,
    BookingPath,
    Nothing,
    AgreedSlot,
    {404: UNKNOWN, 409: BLOCKED},
)
RESCHEDULE: Final = Operation(
    Method.POST,
    "/bookings/{reference}/reschedule",
    Tag.BOOKINGS,
    "It is moved to another time, at once with the quote of this moment, or as the customer chooses",
    CHANGED,
    BookingPath,
    Nothing,
    AnotherTime,
    NOT_MOVED,
)
CANCEL: Final = Operation(
    Method.POST,
    "/bookings/{reference}/cancel",
    Tag.BOOKINGS,
    "It is called off, at once with the quote of this moment",
    CHANGED,
    BookingPath,
    Nothing,
    Because,
    REFUSED,
)
SHOW_UP: Final = Operation(
    Method.POST,
    "/bookings/{reference}/show-up",
    Tag.BOOKINGS,
    "The customer came, or did not",
    ANSWERS,
    BookingPath,
    Nothing,
    Came,
    {404: UNKNOWN, 409: BLOCKED},
)
CHECK_IN: Final = Operation(
    Method.POST,
    "/bookings/{reference}/check-in",
    Tag.BOOKINGS,
    "The guest of a stay is there",
    ANSWERS,
    BookingPath,
    Nothing,
    Nothing,
    {404: UNKNOWN, 409: BLOCKED},
)
CHECK_OUT: Final = Operation(
    Method.POST,
    "/bookings/{reference}/check-out",
    Tag.BOOKINGS,
    "The guest of a stay has left; with its tasks done it is completed, where the business file says so",
    ANSWERS,
    BookingPath,
    Nothing,
    Nothing,
    {404: UNKNOWN, 409: BLOCKED},
)
COMPLETE: Final = Operation(
    Method.POST,
    "/bookings/{reference}/complete",
    Tag.BOOKINGS,
    "It is over; shares that waited for that may leave",
    ANSWERS,
    BookingPath,
    Nothing,
    Nothing,
    {404: UNKNOWN, 409: BLOCKED},
)
RATE: Final = Operation(
    Method.POST,
    "/bookings/{reference}/rating",
    Tag.BOOKINGS,
    "How it was, as the customer said it; it takes the place of what was entered before",
    ANSWERS,
    BookingPath,
    Nothing,
    GivenScore,
    {404: UNKNOWN, 409: "`type` says why: not-delivered, too-late, customers-own.", 422: "No score from 1 to 5."},
)

CHANGE: Final = Operation(
    Method.POST,
    "/bookings/{reference}/changes",
    Tag.BOOKINGS,
    "A change is quoted and left open for a yes; the customer hears of it when it is confirmed",
    {201: ChangeShown, 202: ChangeShown},
    BookingPath,
    Nothing,
    WishedChange,
    NOT_MOVED | {409: "It cannot be had, or another change is open: `type` and `reasons` say which."},
)
CONFIRM_CHANGE: Final = Operation(
    Method.POST,
    "/bookings/{reference}/changes/{change}/confirm",
    Tag.BOOKINGS,
    "The yes to a quote that holds",
    CHANGED,
    ChangePath,
    Nothing,
    QuoteAgreed,
    {404: UNKNOWN, 409: "The quote is outdated: `quote` is the new one; or the change is no longer open."},
)
WITHDRAW_CHANGE: Final = Operation(
    Method.DELETE,
    "/bookings/{reference}/changes/{change}",
    Tag.BOOKINGS,
    "A change is taken back; the booking stays as it is",
    {200: ChangeShown},
    ChangePath,
    Acting,
    Nothing,
    {404: UNKNOWN, 409: "The change is no longer open."},
)
ACTIONS: Final = Operation(
    Method.GET,
    "/bookings/{reference}/actions",
    Tag.BOOKINGS,
    "What can be done now, with its price",
    {200: ActionList},
    BookingPath,
    ActionsQuery,
    Nothing,
    {404: UNKNOWN},
)

OPERATIONS: Final = (
    SERVICES,
    SLOTS,
    LIST,
    CREATE,
    SHOW,
    VERDICT,
    REQUIRED_ACTIONS,
    ANSWER,
    PROPOSE,
    CONFIRM,
    RESCHEDULE,
    CANCEL,
    SHOW_UP,
    CHECK_IN,
    CHECK_OUT,
    COMPLETE,
    RATE,
    CHANGE,
    CONFIRM_CHANGE,
    WITHDRAW_CHANGE,
    ACTIONS,
)
