"""The routes of complaints, declared."""

from typing import Final

from webhooks.api.bookings.models import BookingPath
from webhooks.api.complaints.models import (
    AnswerOrdered,
    ComplaintShown,
    GivenAnswer,
    NewComplaint,
    PhotoPath,
)
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag
from webhooks.edge.photos import NO_PHOTO_PROBLEMS, PhotoContent

NO_COMPLAINT: Final = "There is no such booking, or nobody has complained about it."

SHOW: Final = Operation(
    Method.GET,
    "/bookings/{reference}/complaint",
    Tag.COMPLAINTS,
    "What was wrong with it, with its pictures and the answer",
    {200: ComplaintShown},
    BookingPath,
    Nothing,
    Nothing,
    {404: NO_COMPLAINT},
)
OPEN: Final = Operation(
    Method.POST,
    "/bookings/{reference}/complaint",
    Tag.COMPLAINTS,
    "What a guest told a person, also after the guests' own deadline; said again it is added to the open one",
    {201: ComplaintShown},
    BookingPath,
    Nothing,
    NewComplaint,
    {
        403: "That role opens no complaint.",
        404: "There is no such booking.",
        409: "`type` says why: not-delivered, answered-before, too-many.",
        422: "No words, or too many pictures.",
    },
)
ANSWER: Final = Operation(
    Method.POST,
    "/bookings/{reference}/complaint/answer",
    Tag.COMPLAINTS,
    "The house's answer, once: the refund, the credit or the second visit is ordered with it, and the guest is told",
    {200: AnswerOrdered, 201: AnswerOrdered},
    BookingPath,
    Nothing,
    GivenAnswer,
    {
        403: "That role answers no complaint.",
        404: NO_COMPLAINT,
        409: "It is answered, or what it promises cannot be had; `type` says why.",
        422: "No kind, no words to a no, or a sum or a time that does not belong to it.",
    },
)
PHOTO: Final = Operation(
    Method.GET,
    "/bookings/{reference}/complaint/photos/{number}",
    Tag.COMPLAINTS,
    "One picture of it",
    {200: PhotoContent},
    PhotoPath,
    Nothing,
    Nothing,
    NO_PHOTO_PROBLEMS,
)

OPERATIONS: Final = (SHOW, OPEN, ANSWER, PHOTO)
