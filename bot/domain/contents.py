"""What a message of a customer can hold: one frozen value for each kind.

Stored in events: a `kind` never changes meaning, new fields have defaults.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.ids import Wamid


@dataclass(frozen=True, slots=True)
class Text:
    """Typed words; also the caption of a picture when that is all we can read."""

    body: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Tap:
    """A reply button, list row or template button; `id` is what we put on it."""

    id: str
    title: str
    kind: Literal["tap"] = "tap"


@dataclass(frozen=True, slots=True)
class FormSent:
    """A finished WhatsApp Flow; `answers` is the JSON text as it came, an object or not."""

    answers: str
    is_known: bool = False
    """It is a form of ours that this customer sent: `FormSubmitted` tells what it says, and is told once."""
    kind: Literal["form_sent"] = "form_sent"


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, voice note, video, document or sticker; only its id is known, it is fetched when wanted."""

    what: str
    media_id: str
    mime_type: str
    caption: str | None = None
    transcript: str | None = None
    """The words of a voice note, where somebody wrote them down."""
    filename: str = ""
    """What a document calls itself."""
    kind: Literal["media"] = "media"


@dataclass(frozen=True, slots=True)
class Location:
    """A pin on the map, in degrees."""

    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None
    kind: Literal["location"] = "location"


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji on one of our messages; none when it was taken back."""

    to: str
    emoji: str | None
    kind: Literal["reaction"] = "reaction"


@dataclass(frozen=True, slots=True)
class OrderedItem:
    """One line of a cart."""

    product: str
    """The id the business gave it in its catalogue."""
    quantity: int


@dataclass(frozen=True, slots=True)
class Order:
    """A cart of the business's catalogue."""

    items: tuple[OrderedItem, ...]
    text: str = ""
    kind: Literal["order"] = "order"


@dataclass(frozen=True, slots=True)
class ContactCards:
    """People's cards: each a name, and their numbers."""

    cards: tuple[tuple[str, tuple[str, ...]], ...]
    kind: Literal["contact_cards"] = "contact_cards"


@dataclass(frozen=True, slots=True)
class Other:
    """A message of a type we do not read: a deletion, a chat that was only opened, what Meta itself cannot show."""

    type: str
    kind: Literal["other"] = "other"


Content = Text | Tap | FormSent | Media | Location | Reaction | Order | ContactCards | Other


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of a burst."""

    wamid: Wamid
    sent_at: datetime
    content: Content
    quoted: Wamid | None = None
    replaces: Wamid | None = None
    """The message whose words these are now: it was edited."""
    revokes: Wamid | None = None
    """The message that was taken back."""
    ad: str = ""
    """What the ad says through which the customer came."""
