"""What a request of staff overrides, as words of its event and back out of them."""

from collections.abc import Mapping
from typing import Final

from bot.domain.events import StaffAsked
from bot.domain.overrides import RulesOverridden

OVERRIDE: Final = "override"
"""Why the rules do not count."""


def overriding(override: RulesOverridden) -> Mapping[str, str]:
    """The words of a request that override these rules."""
    return {
        OVERRIDE: override.reason,
        "override_time": " ".join(override.of_time),
        "override_house": " ".join(override.of_house),
    }


def overridden_in(event: StaffAsked) -> RulesOverridden | None:
    """What that request overrides for the time it names, back out of its words."""
    reason, slot_id = event.fact(OVERRIDE), event.fact("slot_id")
    if reason is None or slot_id is None:
        return None
    of_time, of_house = (tuple((event.fact(f"override_{of}") or "").split()) for of in ("time", "house"))
    return RulesOverridden(slot_id, reason, of_time, of_house)
