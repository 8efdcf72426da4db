"""A callback on its way: when it is due, what has been tried, and what became of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from simulator.xendit.faults import CallbackFault, Fault
from simulator.xendit.notices import Notice, next_try

REORDER_PATIENCE = timedelta(minutes=1)
"""A held-back callback with nothing to come after follows by itself then."""


class DeliveryState(StrEnum):
    """Only WAITING ones are tried."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt: the status answered, or the fact that there was none."""

    at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice under one webhook-id, the same over all tries."""

    webhook_id: str
    notice: Notice
    first_at: datetime
    due_at: datetime
    copies: int = 1
    is_parallel: bool = False
    is_held: bool = False
    state: DeliveryState = DeliveryState.WAITING
    tries: tuple[Try, ...] = ()
    rounds: int = 0
    """How many times it was sent of itself; copies count once, resends by hand not at all."""

    def after(self, outcomes: tuple[str, ...], at: datetime) -> "Delivery":
        """After a try: done with any 2xx, else due again by the ladder, else given up."""
        tries = (*self.tries, *(Try(at, outcome) for outcome in outcomes))
        tried = replace(self, tries=tries, rounds=self.rounds + 1, copies=1, is_parallel=False)
        if any(outcome.startswith("2") for outcome in outcomes):
            return replace(tried, state=DeliveryState.DELIVERED)
        again_at = next_try(self.first_at, tried.rounds)
        if again_at is None:
            return replace(tried, state=DeliveryState.GIVEN_UP)
        return replace(tried, due_at=again_at)

    def resent(self, outcome: str, at: datetime) -> "Delivery":
        """After a try by hand: delivered if it was taken, else what it was."""
        state = DeliveryState.DELIVERED if outcome.startswith("2") else self.state
        return replace(self, tries=(*self.tries, Try(at, outcome)), state=state)


def planned(webhook_id: str, notice: Notice, fault: Fault | None) -> Delivery:
    """How the notice will be sent, with or without trouble."""
    delivery = Delivery(webhook_id, notice, notice.at, notice.at)
    if fault is None:
        return delivery
    match fault.kind:
        case CallbackFault.DROP:
            return replace(delivery, state=DeliveryState.DROPPED)
        case CallbackFault.DELAY:
            late = notice.at + timedelta(seconds=60 if fault.seconds is None else fault.seconds)
            return replace(delivery, first_at=late, due_at=late)
        case CallbackFault.REORDER:
            return replace(delivery, due_at=notice.at + REORDER_PATIENCE, is_held=True)
        case CallbackFault.DOUBLE:
            return replace(delivery, copies=fault.copies)
        case CallbackFault.PARALLEL:
            return replace(delivery, copies=fault.copies, is_parallel=True)
        case _:
            return delivery
