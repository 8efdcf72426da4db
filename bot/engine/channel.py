"""The channel port: what the engine needs of a messenger, in values of its own.

A channel turns stored parts into values, orders into payloads, and says what became of a send: it did not leave,
it was refused, or nobody can say. An adapter implements it; nothing else names the messenger.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.domain.commands import ChatCommand
from bot.domain.contents import Bubble, Media
from bot.domain.ids import Wamid
from bot.domain.lead import Address

Payload = dict[str, Any]
"""A message as its channel sends it."""


class PartKind(StrEnum):
    """What one part of an inbound envelope is."""

    MESSAGE = "message"
    STATUS = "status"
    ADDRESS = "address"
    """The customer's number or user id changed."""
    ECHO = "echo"
    """Words of our own staff, typed in the messenger's app."""
    GROUP = "group"
    """A message in a group chat: it is no private conversation."""
    ACCOUNT = "account"
    """News about our account: templates, quality, forms, restrictions, security."""
    ERROR = "error"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Part:
    """One message, status or notice, on its own."""

    external_id: str
    kind: PartKind
    phone_number_id: str
    sent_at: datetime | None
    addresses: tuple[tuple[str, str], ...]
    """(`wa_id` or `user_id`, value), the surest first."""
    is_free_text: bool
    payload: bytes
    """JSON of the part with its contact."""

    @property
    def fingerprint(self) -> str:
        """Tells whether the same id came with the same content."""
        return hashlib.sha256(self.payload).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One customer's bubble with what is known of the sender."""

    bubble: Bubble
    address: Address
    name: str | None

    def holding(self, bubble: Bubble) -> "InboundMessage":
        """The same message with its bubble read further."""
        return replace(self, bubble=bubble)


@dataclass(frozen=True, slots=True)
class StatusNews:
    """What the channel says became of one of our messages."""

    wamid: Wamid
    status: str
    callback_data: str | None
    error_code: int | None
    remedy: "Remedy | None" = None
    """What such an error asks for."""


class Gravity(StrEnum):
    """How loud a notice about our account is."""

    INFO = "info"
    NOTICE = "notice"
    WARNING = "warning"
    CRITICAL = "critical"
    """A ban, a restriction, a breach: somebody must look now."""


class AccountChange(StrEnum):
    """What a notice does to our sending."""

    NONE = "none"
    BANNED = "banned"
    FREED = "freed"


@dataclass(frozen=True, slots=True)
class AccountNews:
    """What the channel says about our account."""

    kind: str
    gravity: Gravity
    change: AccountChange
    facts: tuple[tuple[str, str], ...]
    """In its own words, cleaned and short."""


class Remedy(StrEnum):
    """What to do about a refusal."""

    RETRY = "retry"
    """The channel had a hiccup: soon again, a few times."""
    SLOW_DOWN = "slow_down"
    """This number or account sends too fast."""
    WAIT_FOR_RECIPIENT = "wait_for_recipient"
    """Too many messages to this one customer: hold only this conversation."""
    RETRY_LATER = "retry_later"
    """Maintenance: about a minute."""
    WINDOW_CLOSED = "window_closed"
    UNREACHABLE = "unreachable"
    MARKETING_REFUSED = "marketing_refused"
    PAUSE = "pause"
    """Our account is refused: stop sending and call a person."""
    REFUSED = "refused"
    """This message is wrong and will stay wrong."""
    FLOW_UNAVAILABLE = "flow_unavailable"
    """Fall back to buttons."""
    TEMPLATE_REFUSED = "template_refused"
    """The template is unknown, paused, disabled or has other values: a person, and `janji templates status`."""


class NotSent(Exception):
    """Not a byte of it left: try again freely."""


class SendOutcomeUnknown(Exception):
    """The request left and no answer came back."""


class SendRefused(Exception):
    """The channel said no, and what to do about it."""

    def __init__(self, remedy: Remedy, code: int, status: int, details: str = "") -> None:
        super().__init__(f"code {code}, status {status}")
        self.remedy = remedy
        self.code = code
        self.status = status
        self.details = details


class NotDeliverable(Exception):
    """There is no address this channel could send to."""


class Channel(Protocol):
    """A messenger: read what came in, send what goes out."""

    def message(self, payload: bytes, received_at: datetime) -> InboundMessage:
        """The bubble a stored message part holds; what is missing or malformed becomes `Other`, never an error."""

    def status(self, payload: bytes) -> StatusNews:
        """What a stored status part says."""

    def changed_address(self, payload: bytes) -> Address:
        """The new address a stored address part tells."""

    def account_news(self, payload: bytes) -> AccountNews:
        """What a stored account part says."""

    def render(self, order: ChatCommand, to: Address, callback_data: str) -> Payload:
        """The order as this channel sends it; MessageOverLimit or NotDeliverable.

        `callback_data` comes back in every status of the message.
        """

    async def send(self, payload: Payload) -> Wamid:
        """Hand one message over; NotSent, SendRefused or SendOutcomeUnknown."""

    def mark_read(self, wamid: Wamid) -> None:
        """Show the customer, soon and without holding up anything else, that it was seen and is being answered."""

    async def media(self, media: Media) -> bytes | None:
        """What a customer sent besides words; none when it cannot be had."""
