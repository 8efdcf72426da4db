"""Whose clock an hour is by: said only where it can be mistaken, to a customer whose country keeps another time."""

from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import phonenumbers
from babel.core import get_global

from bot.business.context import Context
from bot.domain.lead import Address, Lead
from bot.replies import times

_REGION: Final = 2
"""Letters of a country before the point of Meta's own id of a customer."""


def note(lead: Lead, at: datetime, context: Context) -> str:
    """The zone to put behind an hour, in brackets; nothing for who lives by the same clock, or is not known to live by
    another."""
    zone = context.business.zone
    if not can_be_mistaken(lead.address, at, zone):
        return ""
    return f" ({times.zone_in_words(at, zone, lead.language)})"


def can_be_mistaken(address: Address, at: datetime, zone: ZoneInfo) -> bool:
    """Whether nobody in the customer's country has the clock of the business at that moment."""
    zones = get_global("territory_zones").get(_region(address.wa_id, address.user_id), ())
    here = at.astimezone(zone).utcoffset()
    return bool(zones) and all(at.astimezone(ZoneInfo(name)).utcoffset() != here for name in zones)


@lru_cache(maxsize=4096)
def _region(wa_id: str | None, user_id: str | None) -> str:
    """The country of a customer, by the number or else by Meta's id; empty where neither tells."""
    if wa_id is None:
        country = (user_id or "").partition(".")[0]
        return country if len(country) == _REGION and country.isalpha() and country.isupper() else ""
    try:
        number = phonenumbers.parse(f"+{wa_id}")
    except phonenumbers.NumberParseException:
        return ""
    # a number that is not in use, as those of examples, has the country of its calling code
    return phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(
        number.country_code or 0
    )
