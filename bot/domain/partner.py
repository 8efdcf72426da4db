"""A partner: whoever delivers (provider, contact of a place, staff of the business file) as one small frozen value.

Who they are to the house is read in the business file, by their number, whenever something is decided; only what was
said between the two of us is kept here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from bot.domain.alarms import AlarmReason, LeadAlarm, with_alarm, without_alarms
from bot.domain.ids import LeadId
from bot.domain.lead import Address

PartnerId = NewType("PartnerId", LeadId)
"""Made of the keyed hash of their number: the same person, whatever they are in the business file."""
_PREFIX: Final = "partner-"
MOST_SHOWN: Final = 20
"""So many jobs a partner is remembered to have been shown."""


class Consent(StrEnum):
    """Whether they want their work told here."""

    UNASKED = "unasked"
    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"


class PartnerAsk(StrEnum):
    """What a partner was asked for, in words or pictures of their own."""

    PICTURE = "picture"
    TROUBLE = "trouble"
    """What is in the way."""


@dataclass(frozen=True, slots=True)
class PartnerQuestion:
    """The question that is open: what they send next answers it."""

    about: PartnerAsk
    task: str


@dataclass(frozen=True, slots=True)
class Partner:
    """One person who delivers."""

    id: PartnerId
    phone: str
    """As the business file has it."""
    address: Address
    consent: Consent = Consent.UNASKED
    last_inbound_at: datetime | None = None
    """Their last word to either thread of theirs: opens the customer service window of 24 h."""
    spoke_at: datetime | None = None
    """Their last word as a partner."""
    guest_at: datetime | None = None
    """Their last word as a customer."""
    shown: tuple[str, ...] = ()
    """The tasks they were shown last, the newest last."""
    question: PartnerQuestion | None = None
    is_locked: bool = False
    """Whether their number was seen under another user id: nothing is sent there any more."""
    alarms: tuple[LeadAlarm, ...] = ()
    """What a person has to look at."""
    timers: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def epoch(self) -> int:
        """A partner's thread is nobody's to take over yet."""
        return 0

    @property
    def is_with_agent(self) -> bool:
        """Nobody has it."""
        return False

    @property
    def next_due_at(self) -> datetime | None:
        """When the earliest timer wants to be heard."""
        return min(self.timers.values(), default=None)

    def with_timer(self, name: str, due_at: datetime) -> "Partner":
        """The partner with that timer set or moved."""
        return replace(self, timers={**self.timers, name: due_at})

    def without_timer(self, name: str) -> "Partner":
        """The partner with that timer gone, if it was there."""
        return replace(self, timers={key: due for key, due in self.timers.items() if key != name})

    def having_seen(self, *tasks: str) -> "Partner":
        """The partner with it noted that they were shown these tasks."""
        others = [task for task in self.shown if task not in tasks]
        return replace(self, shown=(*others, *tasks)[-MOST_SHOWN:])

    def alarmed(self, reason: AlarmReason, at: datetime, subject: str = "") -> "Partner":
        """The partner with that alarm open; raised again while it is open it stays as it is."""
        return replace(self, alarms=with_alarm(self.alarms, LeadAlarm(reason, subject, at)))

    def without_alarms(self, reasons: Collection[AlarmReason], subject: str | None = None) -> "Partner":
        """The partner without the alarms of these reasons, about that subject where one is named."""
        return replace(self, alarms=without_alarms(self.alarms, reasons, subject))


def partner_id(alias: str) -> PartnerId:
    """The thread of whoever has the number of that alias."""
    return PartnerId(LeadId(f"{_PREFIX}{alias.rpartition(':')[2]}"))


def is_partner(thread: str) -> bool:
    """Whether a thread of that id is a partner's."""
    return thread.startswith(_PREFIX)
