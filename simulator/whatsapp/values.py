"""What is said on both sides of a phone, as values."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
"""`CC.` and up to 128 letters or digits, or the parent form (reference: whatsapp 5, BSUID rules)."""


class Kind(StrEnum):
    """What a bubble from the business looks like."""

    TEXT = "text"
    BUTTONS = "buttons"
    LIST = "list"
    CTA_URL = "cta_url"
    FLOW = "flow"
    LOCATION_REQUEST = "location_request"
    CONTACT_REQUEST = "contact_request"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    REACTION = "reaction"
    TEMPLATE = "template"


class Tick(StrEnum):
    """How far a bubble has come, as the sender's phone would show it."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class ChoiceKind(StrEnum):
    """What tapping a choice does."""

    REPLY = "reply"
    ROW = "row"
    QUICK_REPLY = "quick_reply"
    URL = "url"
    FLOW = "flow"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something on a bubble that can be tapped."""

    kind: ChoiceKind
    id: str
    title: str
    description: str = ""
    section: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A file shown in a bubble: an uploaded id or a link."""

    id: str = ""
    link: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map, degrees."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class FlowOffer:
    """A form offered in a bubble, as the sender described it."""

    id: str = ""
    name: str = ""
    token: str = "unused"
    mode: str = "published"
    action: str = "navigate"
    screen: str = ""
    data: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ButtonUse:
    """What a message puts into one button of a template."""

    index: int
    value: str
    """The end of a link, the payload of a quick reply, or the token of a form."""
    data: dict[str, object] = field(default_factory=dict)
    """`flow_action_data`: what the form's first screen is opened with."""


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """A template and the values put into it."""

    name: str
    language: str
    body: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    buttons: tuple[ButtonUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """All that a customer can see in one bubble."""

    kind: Kind
    text: str = ""
    header: str = ""
    footer: str = ""
    button: str = ""
    choices: tuple[Choice, ...] = ()
    media: Media | None = None
    place: Place | None = None
    flow: FlowOffer | None = None
    template: TemplateUse | None = None
    reacts_to: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """Whom a message is for: `to` and/or `recipient`, as sent. The phone wins."""

    to: str = ""
    recipient: str = ""

    @property
    def is_misplaced_user_id(self) -> bool:
        """A BSUID in `to` is reported as silently dropped (reference: whatsapp 3.1)."""
        return bool(BSUID.fullmatch(self.to))

    @property
    def phone(self) -> str:
        """The digits of `to`."""
        return re.sub(r"[^0-9]", "", self.to)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message the business asks Meta to send."""

    address: Address
    content: Content
    quotes: str = ""
    callback_data: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A read mark, with or without the typing sign."""

    message_id: str
    typing: bool


@dataclass(frozen=True, slots=True)
class Customer:
    """A person with WhatsApp on a phone."""

    id: str
    name: str
    user_id: str
    wa_id: str = ""
    contact_wa_id: str = ""
    """The number as `contacts[]` writes it, where that is not how `from` does (Argentina, Brazil, Mexico)."""
    username: str = ""
    shares_phone: bool = True
    """Whether the business sees the number; username users hide it (reference: whatsapp 5)."""
    online: bool = True
    reads_at_once: bool = False
    role: str = ""
    """What they are to the business where they are no customer: `provider`, `staff` or `place`."""
    about: str = ""
    """What else the page says of them: their work, their place."""
    language: str = ""
    """What their phone speaks; empty: what the page's viewer chose."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message from the business on the customer's phone."""

    seq: int
    id: str
    content: Content
    tick: Tick
    received_at: datetime
    monotonic: float
    effect_id: str = ""
    """`biz_opaque_callback_data`, as the sender gave it."""
    quotes: str = ""
    by_phone: bool = True
    """Whether it was addressed to the phone number, not to the BSUID."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message from the customer, with the tick the business has given it."""

    id: str
    type: str
    text: str
    said_at: datetime
    read: bool = False
    quotes: str = ""
    monotonic: float = 0.0
    """When it was said on a clock that no `move` changes: both sides of a chat sort by it."""
    detail: dict[str, object] = field(default_factory=dict)
    """What the webhook's own part says beside the text: a file, a place, what is reacted to."""
