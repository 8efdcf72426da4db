"""What the routes of business time take and answer."""

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, RootModel, StrictFloat, StrictInt

from webhooks.edge.fields import Moment, Otherwise
from webhooks.edge.models import EdgeModel


class _OneThing(EdgeModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MoveBy(_OneThing):
    """On or back by so much."""

    move: Annotated[StrictInt | StrictFloat, Field(description="Seconds.")]


class MoveTo(_OneThing):
    """To a moment."""

    to: Moment


class Reset(_OneThing):
    """Back to real time."""

    reset: Literal[True]


class ClockOrder(RootModel[MoveBy | MoveTo | Reset]):
    """One of the three."""

    otherwise: ClassVar = Otherwise(
        "bad-move",
        'Give one of {"move": seconds}, {"to": "2026-12-01T09:00:00+08:00"}, {"reset": true}.',
    )


class ClockShown(EdgeModel):
    """Business time, its distance from real time, and whether it may be moved here."""

    now: str
    offset_seconds: float
    may_move: bool
