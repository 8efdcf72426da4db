"""The routes of the waiting list, declared."""

from typing import Final

from webhooks.api.bookings.acting import Acting
from webhooks.api.waiting.models import WaitingEntryShown, WaitingList, WaitingPath, WaitingQuery
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag

LIST: Final = Operation(
    Method.GET,
    "/waiting",
    Tag.WAITING,
    "Who waits for a time to become free, by rank, and why each was served or not",
    {200: WaitingList},
    Nothing,
    WaitingQuery,
    Nothing,
)
LEAVE: Final = Operation(
    Method.DELETE,
    "/waiting/{entry}",
    Tag.WAITING,
    "They wait no more: taken off the list for them, and told so",
    {200: WaitingEntryShown},
    WaitingPath,
    Acting,
    Nothing,
    {404: "Nobody waits under that name."},
)
OPERATIONS: Final = (LIST, LEAVE)
