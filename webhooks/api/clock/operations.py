"""The routes of business time, declared."""

from typing import Final

from webhooks.api.clock.models import ClockOrder, ClockShown
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag

SHOW: Final = Operation(
    Method.GET,
    "/clock",
    Tag.CLOCK,
    "Business time, its distance from real time, and whether it may be moved here",
    {200: ClockShown},
    Nothing,
    Nothing,
    Nothing,
)
MOVE: Final = Operation(
    Method.POST,
    "/clock",
    Tag.CLOCK,
    "Moves business time for all processes",
    {200: ClockShown},
    Nothing,
    Nothing,
    ClockOrder,
    {403: "It is not moved here, or a live key is set.", 422: "Too far from real time."},
)

OPERATIONS: Final = (SHOW, MOVE)
