"""Who is told when something waits for a person: `escalations` and `on_call` of the business file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.business.catalogue import LABEL, PHONE, Contact
from bot.business.hours import Clock, DaysOff, Minute, Week
from bot.business.words import Strict, WordLanguage
from bot.domain.attention import Severity

ANY: Final = "any"
ON_CALL: Final = "on_call"
WEBHOOK: Final = "webhook"
_MORNING: Final = Minute(8 * 60)
_LONGEST: Final = 31
"""So many days ahead the end of a working time is looked for."""


@dataclass(frozen=True, slots=True)
class OnCall(Strict):
    """Somebody who is told in WhatsApp when nobody else is there; the first of them is the owner."""

    name: Annotated[str, LABEL]
    phone: Annotated[str, PHONE]
    hours: Annotated[Week, Field(description="when they may be told")]
    language: WordLanguage = WordLanguage.EN
    account: Annotated[
        str | None,
        Field(
            pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}$",
            description="address of their account in the console: what they take in WhatsApp is theirs there too",
            examples=["ayu@example.com"],
        ),
    ] = None

    @property
    def contact(self) -> Contact:
        """How they are reached."""
        return Contact(self.name, self.phone, self.language)

    def is_on_duty(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether they may be told at that moment."""
        local = at.astimezone(zone)
        return self.hours.is_open(local.date(), local.hour * 60 + local.minute)


@dataclass(frozen=True, slots=True)
class Escalation(Strict):
    """How urgent some reasons are, and who hears of them; of several that fit the first one counts."""

    on: Annotated[
        tuple[str, ...],
        Field(min_length=1, description="reasons of docs/attention.md, or `any`", examples=[["asked_for_person"]]),
    ]
    severity: Annotated[Severity, Field(description="critical: told at once; mild: in the digest of the morning")] = (
        Severity.CRITICAL
    )
    answer_within: Annotated[
        int, Field(ge=5, le=10080, description="minutes until it is due, and until the next on call is told")
    ] = 15
    tell: Annotated[
        tuple[str, ...],
        Field(description="`on_call`, `webhook`, or names of `on_call`; left out: both, where they are set up"),
    ] = (ON_CALL, WEBHOOK)


@dataclass(frozen=True, slots=True)
class AttentionRules(Strict):
    """What the queue of attention does by itself."""

    digest_at: Annotated[
        Clock,
        Field(
            description="local time of the owner's digest; four hours late it is left out that day",
            json_schema_extra={"default": "08:00"},
        ),
    ] = _MORNING
    reply_minutes: Annotated[
        int, Field(ge=5, le=1440, description="of open hours; a customer who waits longer for an agent is overdue")
    ] = 30
    taken_hours: Annotated[
        int, Field(ge=1, le=168, description="what somebody took and did not end comes back after this")
    ] = 4
    again_minutes: Annotated[
        int, Field(ge=15, le=1440, description="everybody told in vain: they are told again after this")
    ] = 60
    rounds: Annotated[
        int, Field(ge=1, le=10, description="so often everybody on call is told, until the next morning")
    ] = 3


def opens_again(
    hours: Week, closed: tuple[DaysOff, ...], after: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    """The open times from that moment on, as moments, the first one first."""
    local = after.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    for ahead in range(-1, _LONGEST):
        day = midnight + timedelta(days=ahead)
        if any(day.date() in off for off in closed):
            continue
        for span in hours.on(day.date()):
            first = (day + timedelta(minutes=span.opens)).replace(tzinfo=zone)
            last = (day + timedelta(minutes=span.closes)).replace(tzinfo=zone)
            if last > after:
                yield max(first, after), last


def open_minutes_later(
    hours: Week, closed: tuple[DaysOff, ...], since: datetime, minutes: int, zone: ZoneInfo
) -> datetime | None:
    """The moment at which the house has been open for so many minutes since then; none where it never opens."""
    left = timedelta(minutes=minutes)
    for first, last in opens_again(hours, closed, since, zone):
        # on the clock that never jumps
        length = last.astimezone(since.tzinfo) - first.astimezone(since.tzinfo)
        if length >= left:
            return first.astimezone(since.tzinfo) + left
        left -= length
    return None
