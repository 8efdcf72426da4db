"""Where a booking stands as the steps of a saga, in the words of those who ask for one.

There is no saga: a booking is a state with open obligations, and this is how they look to whoever expects one. Nothing
is stored for it, so it can say nothing that is not so.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from bot.business.definition import Business
from bot.dialogue.task_plan import HAVE_TASKS, outlives, planned_tasks
from bot.domain.booking import Booking
from bot.domain.states import State
from bot.domain.task import AMENITIES_OFF, AMENITIES_ON, Task
from bot.lifecycle.tasks import last_of
from payments.domain.payables import PayableState
from payments.domain.refund import RefundState
from webhooks.api.money.models import Monies
from webhooks.edge.models import EdgeModel


class SagaStatus(StrEnum):
    """How far a saga, or one of its steps, is."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    """A person has to look."""


class SagaStep(EdgeModel):
    """One step, and what it left behind."""

    name: str
    status: SagaStatus
    record: Annotated[str | None, Field(description="The id of the task or refund it left behind.")] = None


class Obligation(EdgeModel):
    """Something that is still owed for the booking."""

    kind: Annotated[str, Field(description="payment, task, refund or payable.")]
    id: str
    state: str
    due: str | None


class SagaShown(EdgeModel):
    """The steps of where a booking stands, and what is still owed for it."""

    name: str
    status: SagaStatus
    current_step: Annotated[int, Field(description="The first that is not completed, from 1; the last one at the end.")]
    total_steps: int
    steps: list[SagaStep]
    created_at: Annotated[str | None, Field(description="When the booking made its first move.")]
    updated_at: Annotated[str | None, Field(description="When it made its last one.")]
    open: Annotated[list[Obligation], Field(description="What is still owed, also after the last step.")]


CONFIRM: Final = "confirmReservation"
CHECK_IN: Final = "checkInReservation"
CHECK_OUT: Final = "checkOutReservation"
CANCEL: Final = "cancelReservation"
_CONFIRMING: Final = frozenset(
    {
        State.SLOT_CONFIRMED,
        State.PAYMENT_PENDING,
        State.PAID,
        State.PENDING_CONFIRMATION,
        State.CONFIRMED,
        State.REMINDER_SENT,
        State.ERROR,
    }
)
_TASK_STEPS: Final = {
    "pre-arrival-cleaning": "createCleaningTask",
    "check-in-meeting": "createCheckInTask",
    "check-out-meeting": "createCheckOutTask",
    "post-departure-cleaning": "createPostCleaningTask",
    AMENITIES_ON: "activatePropertyAmenities",
    AMENITIES_OFF: "deactivatePropertyAmenities",
}
"""The four of a stay and its amenities by the names of those steps; other work is named after its template."""


def saga(
    business: Business, known: Booking, money: Monies, tasks: Sequence[Task], moved_at: Sequence[str | None]
) -> SagaShown | None:
    """The saga a booking is in, or ended with; none where nothing was promised yet."""
    name = _name(known)
    if name is None:
        return None
    steps = list(_steps(name, business, known, money, tasks))
    unfinished = [step for step in steps if step.status is not SagaStatus.COMPLETED]
    has_failed = any(step.status is SagaStatus.FAILED for step in steps)
    at_work = SagaStatus.FAILED if has_failed else SagaStatus.RUNNING
    return SagaShown(
        name=name,
        status=at_work if unfinished else SagaStatus.COMPLETED,
        current_step=steps.index(unfinished[0]) + 1 if unfinished else len(steps),
        total_steps=len(steps),
        steps=steps,
        created_at=moved_at[0] if moved_at else None,
        updated_at=moved_at[-1] if moved_at else None,
        open=list(_open(business, known, money, tasks)),
    )


def _name(known: Booking) -> str | None:
    if known.state in _CONFIRMING:
        return CONFIRM
    if known.state is State.CANCELLED:
        return CANCEL if known.explicitly_confirmed else None
    if known.state is State.CHECKED_IN:
        return CHECK_IN
    if known.state is State.CHECKED_OUT or (known.state is State.COMPLETED and known.nights):
        return CHECK_OUT
    return CONFIRM if known.state in {State.COMPLETED, State.NO_SHOW} else None


def _steps(name: str, business: Business, known: Booking, money: Monies, tasks: Sequence[Task]) -> Iterator[SagaStep]:
    # a state and the words about it are ordered by one commit: where it stands they are on their way
    has_moved = known.state in HAVE_TASKS | {State.NO_SHOW, State.CANCELLED}
    moved = _is(has_moved, failed=known.state is State.ERROR)
    if name == CANCEL:
        # what is cleaned behind a guest who had moved in belongs to no cancellation
        left = [task for task in tasks if not task.is_finished and not outlives(task, known)]
        yield SagaStep(name="validateCancellation", status=moved)
        yield SagaStep(name="cancelRelatedTasks", status=_is(not left))
        yield SagaStep(name="calculateRefundAmount", status=moved)
        for refund in money.refunds:
            is_stuck = refund.status == RefundState.PERSON.upper()
            has_arrived = refund.status == RefundState.SUCCEEDED.upper()
            yield SagaStep(name="createRefundTransaction", status=_is(has_arrived, failed=is_stuck), record=refund.id)
        yield SagaStep(name="updateReservationStatus", status=moved)
        yield SagaStep(name="sendCancellationNotification", status=moved)
        return
    what, words = {
        CONFIRM: ("Reservation", "sendConfirmationNotification"),
        CHECK_IN: ("CheckIn", "sendWelcomeNotification"),
        CHECK_OUT: ("CheckOut", "sendThankYouNotification"),
    }[name]
    yield SagaStep(name=f"validate{what}", status=_is(known.booked_hold is not None or has_moved))
    yes = known.acceptance
    if name == CONFIRM and yes is not None:
        asked = last_of(tasks, yes.task)
        is_given = _is(yes.is_given, failed=yes.is_refused)
        yield SagaStep(name="requestAcceptance", status=is_given, record=None if asked is None else asked.id)
    yield SagaStep(name="updateReservationStatus", status=moved)
    state = known.state if known.state in HAVE_TASKS else State.CONFIRMED
    for planned in planned_tasks(known, business, state):
        made = last_of(tasks, planned.template)
        if made is None and planned.is_over:
            # over before anybody was asked
            continue
        titled = planned.template.title().replace("-", "")
        step = _TASK_STEPS.get(planned.template, f"create{titled}Task")
        yield SagaStep(name=step, status=_is(made is not None), record=None if made is None else made.id)
    if name == CONFIRM:
        has_paid = not known.needs_payment or has_moved or known.state is State.PAID
        yield SagaStep(name="createFinancialTransaction", status=_is(has_paid, failed=known.link_failed))
    yield SagaStep(name=words, status=moved)


def _is(done: bool, *, failed: bool = False) -> SagaStatus:
    if done:
        return SagaStatus.COMPLETED
    return SagaStatus.FAILED if failed else SagaStatus.RUNNING


def _open(business: Business, known: Booking, money: Monies, tasks: Sequence[Task]) -> Iterator[Obligation]:
    if known.state is State.PAYMENT_PENDING:
        due = None if known.pay_by is None else known.pay_by.astimezone(business.zone).isoformat()
        yield Obligation(kind="payment", id=known.account, state=known.payment_status, due=due)
    for task in tasks:
        if not task.is_finished:
            due = task.planned.due_at.astimezone(business.zone).isoformat()
            yield Obligation(kind="task", id=task.id, state=task.state, due=due)
    for refund in money.refunds:
        if refund.status != RefundState.SUCCEEDED.upper():
            yield Obligation(kind="refund", id=refund.id, state=refund.status, due=None)
    for payable in money.payables:
        if payable.state != PayableState.PAID.upper():
            yield Obligation(kind="payable", id=payable.party, state=payable.state, due=payable.due_at)
