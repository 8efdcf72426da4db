"""What a partner's `decide` may order besides messages: things are looked up, and tasks are moved."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.domain.attention_news import AttentionOrder
from bot.domain.contents import Media
from bot.domain.front_desk import DeskStep
from bot.domain.job import JobStep


@dataclass(frozen=True, slots=True)
class FindJobs:
    """Look up what they have to do."""

    phone: str
    kind: Literal["find_jobs"] = "find_jobs"


@dataclass(frozen=True, slots=True)
class ShowJob:
    """Look up that task of theirs."""

    phone: str
    task: str
    is_for_picture: bool = False
    """Whether a picture of it is waited for, and they sent something else."""
    kind: Literal["show_job"] = "show_job"


@dataclass(frozen=True, slots=True)
class StepJob:
    """Move that task of theirs as far as its machine and its time allow."""

    phone: str
    task: str
    step: JobStep
    note: str | None = None
    """In their own words."""
    picture: Media | None = None
    offer: int | None = None
    """Which arrangement they answer, where it is offered to them."""
    kind: Literal["step_job"] = "step_job"


@dataclass(frozen=True, slots=True)
class TakeDayOff:
    """They cannot work that day: what they have is given to others, and their time is blocked."""

    phone: str
    day: date
    """Of the house's own calendar."""
    kind: Literal["take_day_off"] = "take_day_off"


@dataclass(frozen=True, slots=True)
class FindEarnings:
    """Look up what is theirs and has not arrived."""

    phone: str
    kind: Literal["find_earnings"] = "find_earnings"


@dataclass(frozen=True, slots=True)
class FindArrivals:
    """Look up what is booked at places of theirs."""

    phone: str
    kind: Literal["find_arrivals"] = "find_arrivals"


@dataclass(frozen=True, slots=True)
class PassToGuest:
    """Have their words told to the guest of that job of theirs."""

    phone: str
    task: str
    words: str
    kind: Literal["pass_to_guest"] = "pass_to_guest"


@dataclass(frozen=True, slots=True)
class DisputeMoney:
    """Call a person about what they say of their money."""

    phone: str
    words: str
    payout: str | None = None
    """Which payout they mean; none: what has not arrived yet."""
    kind: Literal["dispute_money"] = "dispute_money"


@dataclass(frozen=True, slots=True)
class LookAtJobs:
    """Look up which of these tasks are over, and whether anything of theirs is still to come."""

    phone: str
    tasks: tuple[str, ...]
    kind: Literal["look_at_jobs"] = "look_at_jobs"


@dataclass(frozen=True, slots=True)
class FindGuests:
    """Look up who comes to their places today, and who leaves."""

    phone: str
    kind: Literal["find_guests"] = "find_guests"


@dataclass(frozen=True, slots=True)
class StepGuest:
    """Check that guest of their place in or out, as far as the rules allow it."""

    phone: str
    booking: str
    step: DeskStep
    kind: Literal["step_guest"] = "step_guest"


PartnerOrder = (
    FindJobs
    | FindEarnings
    | DisputeMoney
    | FindArrivals
    | ShowJob
    | StepJob
    | PassToGuest
    | LookAtJobs
    | FindGuests
    | StepGuest
    | TakeDayOff
    | AttentionOrder
)
