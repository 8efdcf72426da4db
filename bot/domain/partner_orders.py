"""What a partner's `decide` may order besides messages: things are looked up, and tasks are moved."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.contents import Media
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
    kind: Literal["step_job"] = "step_job"


@dataclass(frozen=True, slots=True)
class FindEarnings:
    """Look up what is theirs and has not arrived."""

    phone: str
    kind: Literal["find_earnings"] = "find_earnings"


PartnerOrder = FindJobs | FindEarnings | ShowJob | StepJob
