"""What the routes of blocks take and answer."""

from typing import Annotated

from pydantic import Field

from bot.domain.blocks import HitState
from webhooks.api.bookings.acting import Acting
from webhooks.edge.fields import Identifier, Moment, Otherwise, Words
from webhooks.edge.models import EdgeModel, ItemPage

_MOMENT = "{} is a moment with its offset, like 2026-12-31T09:00:00+08:00."


class NewBlock(Acting):
    """Who is ill or what is closed, and from when until when."""

    resource: Annotated[
        Identifier, Field(description="`provider:`, `place:` or `staff:` with its id; the id alone will do.")
    ]
    start: Annotated[Moment, Field(validation_alias="from"), Otherwise("bad-moment", _MOMENT.format("from"))]
    to: Annotated[Moment, Otherwise("bad-moment", _MOMENT.format("to"))]
    reason: Annotated[Words, Field(description="For the record; the customers hear our apology.")]
    dry_run: Annotated[bool, Field(description="Say whom it would hit, and do nothing.")] = False


class BlockPath(EdgeModel):
    """Which block."""

    block: Annotated[Identifier, Field(description="As the list names it.")]


class HitShown(EdgeModel):
    """A booking that it hits, and how far its customer has come."""

    booking: str
    state: HitState


class BlockShown(EdgeModel):
    """A block, and how far everybody whose booking it hits was told and has answered."""

    id: str
    resource: str
    from_: Annotated[str, Field(serialization_alias="from")]
    to: str
    reason: str
    by: str
    role: str
    lifted_at: str | None
    lifted_by: Annotated[str | None, Field(description="Who lifted it, in the role below.")]
    lifted_role: str | None
    told: int
    waiting: int
    moved: int
    cancelled: int
    bookings: list[HitShown]


class BlockList(ItemPage[BlockShown]):
    """Blocks, the last made first."""
