"""What the routes of tasks take and answer."""

from typing import Annotated

from pydantic import Field, StrictInt

from bot.domain.task import OfferOutcome, TaskKind, TaskState
from webhooks.api.bookings.acting import Acting
from webhooks.edge.fields import (
    DEFAULT_PAGE_SIZE,
    Day,
    Identifier,
    Moment,
    Otherwise,
    PageSize,
    PlaceInList,
    Words,
)
from webhooks.edge.masked import Personal
from webhooks.edge.models import EdgeModel, ItemPage

_STATES, _KINDS = ", ".join(TaskState), ", ".join(TaskKind)
_MOMENT = "{} is a moment with its offset, like 2026-12-31T09:00:00+08:00."

# Asked -----------------------------------------------------------------------------------------------------------


class TaskPath(EdgeModel):
    """Which task."""

    task: Annotated[Identifier, Field(description="As the list names it.")]


class TasksQuery(EdgeModel):
    """Which tasks; without a state those that are not finished."""

    state: Annotated[
        TaskState | None,
        Otherwise("unknown-state", f"state is one of {_STATES}."),
        Field(description="Left out: all that are not finished."),
    ] = None
    who: Annotated[Identifier | None, Field(description="Who has it: an id of `staff`, or of `providers`.")] = None
    kind: Annotated[TaskKind | None, Otherwise("unknown-kind", f"kind is one of {_KINDS}.")] = None
    due_before: Annotated[Moment | None, Otherwise("bad-moment", _MOMENT.format("due_before"))] = None
    limit: PageSize = DEFAULT_PAGE_SIZE
    cursor: PlaceInList = None


class TaskCountsQuery(EdgeModel):
    """Tasks that are due on these days of the business, both included; any day where none is named."""

    first: Annotated[
        Day | None, Field(validation_alias="from"), Otherwise("bad-day", "from is a day like 2026-12-31.")
    ] = None
    to: Annotated[Day | None, Otherwise("bad-day", "to is a day like 2026-12-31.")] = None


class NewTask(Acting):
    """Work that a person makes: for a booking, a place, or the house."""

    title: Annotated[Words, Field(description="What is to be done.")]
    due: Annotated[Moment, Otherwise("bad-moment", _MOMENT.format("due"))]
    booking: Annotated[Identifier | None, Field(description="A confirmed booking: cancelled with it.")] = None
    place: Annotated[Identifier | None, Field(description="Left out: where the booking is.")] = None
    minutes: Annotated[
        Annotated[StrictInt, Field(ge=5, le=1440)],
        Otherwise("bad-number", "minutes is a whole number from 5 to 1440."),
        Field(description="How long it takes."),
    ] = 60
    who: Annotated[Identifier | None, Field(description="Who has it at once.")] = None
    task_role: Annotated[
        Identifier | None, Field(description="Whose work it is: one of `staff[].roles`; left out: anybody's.")
    ] = None
    kind: Annotated[TaskKind, Otherwise("unknown-kind", f"kind is one of {_KINDS}.")] = TaskKind.CHORE


class TaskFor(Acting):
    """Whose it is from now on."""

    who: Annotated[
        Identifier, Field(description="An id of `staff` of the business file; of a service one of its candidates.")
    ]


class TaskDone(Acting):
    """Who did it; left out: who has it, else who says so."""

    who: Identifier | None = None
    note: Annotated[Words | None, Field(description="How it was found and left.")] = None


class TaskTrouble(Acting):
    """What is in the way."""

    note: Words
    who: Annotated[Identifier | None, Field(description="Who found it; who has it where left out.")] = None


class TaskWithdrawn(Acting):
    """Why it is not wanted any more."""

    reason: Words


# Answered --------------------------------------------------------------------------------------------------------


class PersonShown(EdgeModel):
    """Somebody of the staff, or the provider of a service, and how they are reached."""

    id: str
    name: str
    phone: Annotated[str | None, Personal.NUMBER]
    language: str | None


class OfferShown(EdgeModel):
    """A task as it was offered to one person."""

    who: PersonShown
    at: str
    answer_by: str
    outcome: Annotated[
        OfferOutcome,
        Field(
            description="`open`: their answer counts; `accepted`; `declined`; `expired`: no answer in time; `unsent`:"
            " it could not be said to them; `busy`: they have something else then; `lost`: somebody else was first;"
            " `withdrawn`: not wanted any more, or at another time; `dropped`: accepted and given back."
        ),
    ]
    arrangement: Annotated[int, Field(description="Counted up each time everybody is asked once more.")]


class TaskMoveShown(EdgeModel):
    """A move as it stands on record."""

    at: str
    to: TaskState
    by: str
    role: Annotated[
        str | None, Field(description="In which role; null: the house itself, or whoever works in WhatsApp.")
    ]


class TaskShown(EdgeModel):
    """A piece of work."""

    id: str
    booking: str | None
    session: Annotated[
        str | None, Field(description="The slot of a group event, whose work is done once for all who booked it.")
    ]
    state: TaskState
    kind: TaskKind
    title: Annotated[dict[str, str], Field(description="By language code.")]
    role: str | None
    place: str | None
    begin: Annotated[str, Field(description="When it has to be begun, to be done in time.")]
    due: str
    timezone: str
    minutes: int
    after: Annotated[list[str], Field(description="Tasks of the same booking that have to be done first.")]
    who: Annotated[PersonShown | None, Field(description="Who has it; null: nobody.")]
    candidates: Annotated[
        list[PersonShown],
        Field(
            description="Who could do it: of its role, at work there and then, or the providers who do it for the same"
            " price; none once it ended."
        ),
    ]
    offers: Annotated[list[OfferShown], Field(description="Who was asked and what they said, in the order of asking.")]
    answer_by: Annotated[str | None, Field(description="Until when somebody has to have accepted; null: no such time.")]
    note: Annotated[str | None, Personal.WORDS]
    on_the_way_at: Annotated[str | None, Field(description="When whoever has it said that they are on the way.")]
    started_at: str | None
    photo: Annotated[str | None, Field(description="The picture that proves it, by WhatsApp's media id.")]
    done_by: str | None
    done_at: str | None
    withdrawn_for: str | None
    is_late: Annotated[bool, Field(description="Nobody had begun, or ended, it when its moment came.")]
    next_look: Annotated[
        str | None,
        Field(
            description="When it is looked at again: where it is open and to be offered (`offer`), when staff are asked"
            " (`days_ahead`, and by day), else when somebody is called if it is not done; null once it ended."
        ),
    ]
    history: Annotated[list[TaskMoveShown], Field(description="Who moved it, the last one last; fifty at most.")]


class TaskList(ItemPage[TaskShown]):
    """Tasks, the first due first."""


class TaskCountsShown(EdgeModel):
    """How the work stands."""

    total: int
    by_state: dict[TaskState, int]
    late: Annotated[int, Field(description="Unfinished, and their moment has come.")]
    nobodys: Annotated[int, Field(description="Unfinished, and nobody has them.")]
    done_in_time: int
    done_late: int
    by_person: Annotated[dict[str, int], Field(description="Tasks they have or have done.")]
