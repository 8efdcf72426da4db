"""What the queue of attention takes and answers."""

from typing import Annotated, Literal

from pydantic import Field

from bot.domain.attention import AttentionEnd, AttentionSubject, Severity
from webhooks.api.bookings.acting import Acting
from webhooks.edge.fields import DEFAULT_PAGE_SIZE, Identifier, Otherwise, PageSize, PlaceInList
from webhooks.edge.masked import Personal
from webhooks.edge.models import AmountShown, EdgeModel, ItemPage

NOBODY = "none"


class AttentionPath(EdgeModel):
    """Which row."""

    id: Annotated[Identifier, Field(description="As the list names it.")]


class AttentionListQuery(EdgeModel):
    """Which open rows; what is left out is any."""

    owner: Annotated[Identifier | None, Field(description="Who has it; `none`: nobody has.")] = None
    severity: Annotated[
        Severity | None, Otherwise("unknown-severity", f"severity is one of {', '.join(Severity)}.")
    ] = None
    reason: Annotated[Identifier | None, Field(description="Why; docs/attention.md lists them.")] = None
    limit: PageSize = DEFAULT_PAGE_SIZE
    cursor: PlaceInList = None


class AttentionTaking(Acting):
    """Who looks at it."""

    who: Annotated[Identifier | None, Field(description="Whose it is from now on; left out: who asks.")] = None


class AttentionAbout(EdgeModel):
    """What it is about."""

    kind: AttentionSubject
    id: Annotated[str, Field(description="Empty where it is the conversation, or this installation.")]
    name: Annotated[str | None, Personal.NAME, Field(description="Whose conversation it is.")]


class AttentionFixShown(EdgeModel):
    """The one button."""

    key: str
    label: str
    method: Annotated[Literal["POST"] | None, Field(description="Null where only the command deals with it.")]
    path: str | None
    body: dict[str, str]
    needs: Annotated[list[str], Field(description="Fields of the body that a person has to fill in.")]
    command: Annotated[str | None, Field(description="For whoever is at the machine.")]


class AttentionOwner(EdgeModel):
    """Who has it."""

    id: str
    role: str | None
    taken_at: str | None


class AttentionTelling(EdgeModel):
    """Somebody on call who was told."""

    name: str
    at: str


class AttentionShown(EdgeModel):
    """Something that waits for a person."""

    id: str
    reason: str
    sentence: Annotated[str, Field(description="The reason in the language that was asked for.")]
    severity: Severity
    subject: AttentionAbout
    lead_id: Annotated[str | None, Field(description="A lead, or a partner's thread.")]
    amount: AmountShown | None
    facts: dict[str, str]
    since: str
    due_by: str
    next_look_at: Annotated[str | None, Field(description="When the house looks at it again; null once it ended.")]
    owner: AttentionOwner | None
    told: Annotated[list[AttentionTelling], Field(description="Who was told in this round, the last one last.")]
    fix: AttentionFixShown
    closed_at: str | None
    ended: AttentionEnd | None
    timezone: str


class AttentionList(ItemPage[AttentionShown]):
    """What is open, the earliest deadline first."""
