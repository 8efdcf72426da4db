"""The routes of the queue of attention, declared."""

from typing import Final

from webhooks.api.attention.models import (
    AttentionList,
    AttentionListQuery,
    AttentionPath,
    AttentionShown,
    AttentionTaking,
)
from webhooks.api.bookings.acting import Acting
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag

UNKNOWN: Final = "There is no such row."

LIST: Final = Operation(
    Method.GET,
    "/attention",
    Tag.ATTENTION,
    "What a person must look at, earliest deadline first; a row is gone from here as soon as its cause is",
    {200: AttentionList},
    Nothing,
    AttentionListQuery,
    Nothing,
)
SHOW: Final = Operation(
    Method.GET,
    "/attention/{id}",
    Tag.ATTENTION,
    "One row, also after it ended",
    {200: AttentionShown},
    AttentionPath,
    Nothing,
    Nothing,
    {404: UNKNOWN},
)
TAKE: Final = Operation(
    Method.POST,
    "/attention/{id}/take",
    Tag.ATTENTION,
    "Somebody looks at it: nobody else is told",
    {200: AttentionShown},
    AttentionPath,
    Nothing,
    AttentionTaking,
    {404: UNKNOWN, 409: "It has ended, or another has it: `type` says which."},
)
RELEASE: Final = Operation(
    Method.POST,
    "/attention/{id}/release",
    Tag.ATTENTION,
    "Whoever has it gives it back, and others are told",
    {200: AttentionShown},
    AttentionPath,
    Nothing,
    Acting,
    {404: UNKNOWN, 409: "It has ended, or nobody has it: `type` says which."},
)
SEEN: Final = Operation(
    Method.POST,
    "/attention/{id}/seen",
    Tag.ATTENTION,
    "A person has seen to what nothing else ends",
    {200: AttentionShown},
    AttentionPath,
    Nothing,
    Acting,
    {404: UNKNOWN, 409: "It has ended, or it ends by itself: `type` says which."},
)
OPERATIONS: Final = (LIST, SHOW, TAKE, RELEASE, SEEN)
