"""The routes of blocks, declared."""

from typing import Final

from webhooks.api.blocks.models import BlockList, BlockPath, BlockShown, NewBlock
from webhooks.api.bookings.acting import Acting
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag

ADD: Final = Operation(
    Method.POST,
    "/blocks",
    Tag.BLOCKS,
    "Somebody is ill or something is closed: every booking that is hit is told once",
    {200: BlockShown, 201: BlockShown},
    Nothing,
    Nothing,
    NewBlock,
    {409: "It stands already, with another end.", 422: "No such provider or place, or no such time."},
)
LIST: Final = Operation(
    Method.GET, "/blocks", Tag.BLOCKS, "Blocks with their progress", {200: BlockList}, Nothing, Nothing, Nothing
)
LIFT: Final = Operation(
    Method.DELETE,
    "/blocks/{block}",
    Tag.BLOCKS,
    "It is over: who has not answered keeps their time, and hears so",
    {200: BlockShown},
    BlockPath,
    Acting,
    Nothing,
    {404: "There is no such block."},
)
OPERATIONS: Final = (ADD, LIST, LIFT)
