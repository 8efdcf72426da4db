"""How one of our templates stands with Meta, as its news say (reference: whatsapp 4.5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

OURS: Final = "janji_"
"""How the names of ours begin; what else the account has is not sent by us."""
MISSING: Final = "MISSING"
"""Our word for one that Meta does not know, or has not approved yet."""
STOPPED: Final = ("REJECTED", "PAUSED", "DISABLED", "PENDING_DELETION", "DELETED", "ARCHIVED", MISSING)
"""Meta's words, and ours, for a template that it does not send."""
WANTED_CATEGORY: Final = "UTILITY"
"""As which ours are asked for. As another one it costs more, and reaches nobody who wants no marketing."""
MARKETING: Final = "MARKETING"
MARKETING_ONES: Final = frozenset({f"{OURS}still_wanted", f"{OURS}follow_up"})
"""Those that nobody waits for: they are asked for as what they are."""
REFUSED_AS: Final = {132015: "PAUSED", 132016: "DISABLED"}
"""What a refused send says of its template, by Meta's code: the news of it may be late, or lost."""
MISSING_CODE: Final = 132001
"""As which one that is not there is refused."""


@dataclass(frozen=True, slots=True)
class TemplateStanding:
    """A template in one language that is not to be sent as it stands."""

    name: str
    language: str
    status: str
    category: str
    since: datetime


def wanted_category(name: str) -> str:
    """As which that template is asked for."""
    return MARKETING if name in MARKETING_ONES else WANTED_CATEGORY
