"""What a partner's `decide` may order besides messages: things are looked up, and tasks are moved."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class FindJobs:
    """Look up what they have to do."""

    phone: str
    kind: Literal["find_jobs"] = "find_jobs"


PartnerOrder = FindJobs
