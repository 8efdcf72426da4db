"""A delivery as it is stored: one part of what came in at a door, and what is kept with it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from bot.domain.ids import DeliveryId, LeadId
from bot.store.driver import Document

UNREADABLE = "unreadable"
INTERNAL = "internal"
"""The source of news from ourselves."""
_NO_BYTES: Final = [-1, *range(1, 5), *range(6, 20), 127]
"""The number of every kind of value there is in BSON, but that of bytes, 5."""
HAS_BODY: Final[tuple[Any, ...]] = ({"$gt": b""}, None, {"$type": _NO_BYTES})
"""Every body but an empty one, said without the `$ne` that no index can be limited by: bytes, none at all, and a value
of any other kind, since what is kept with a row that cannot be read has to go as well."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    NEW = "new"
    DONE = "done"
    PARKED = "parked"


class Helper(StrEnum):
    """Who is asked about a message, once, in whose words the answer is kept with it."""

    MODEL = "model"
    """What it means."""
    VOICE = "voice"
    """What is said in a voice note."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A burst that was understood: kept with its last message, of these messages and with that expected."""

    delivery: DeliveryId
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptReading:
    """How a burst was understood, as it is kept with its last message: of what, and sealed."""

    of: tuple[str, ...]
    sealed: bytes


class NotStored(Exception):
    """The delivery could not be stored for sure; the sender has to send it again."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One part of what came in at a door."""

    id: DeliveryId
    source: str
    kind: str
    body: bytes
    """Sealed."""
    fingerprint: str
    """Hash of the content, to notice the same id with other content."""
    aliases: tuple[str, ...]
    """Keyed hashes of the customer's addresses; empty for what is nobody's."""
    received_at: datetime
    due_at: datetime
    sent_at: datetime
    is_free_text: bool = False
    lead: LeadId | None = None
    attempts: int = 0
    state: DeliveryState = DeliveryState.NEW
    reason: str | None = None
    reading: KeptReading | None = None

    @staticmethod
    def internal_id(kind: str, name: str) -> DeliveryId:
        """The id of news from ourselves; under the same name it is the same news."""
        return DeliveryId(f"{INTERNAL}:{kind}:{name}")

    @classmethod
    def internal(cls, delivery_id: DeliveryId, kind: str, sealed: bytes, lead: LeadId, now: datetime) -> "Delivery":
        """News from ourselves for a lead; the body is sealed under that very id."""
        return cls(
            id=delivery_id,
            source=INTERNAL,
            kind=kind,
            body=sealed,
            fingerprint="",
            aliases=(),
            received_at=now,
            due_at=now,
            sent_at=now,
            lead=lead,
        )


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A part of what waits: what can be read of it, what cannot, and where the next part begins."""

    deliveries: tuple[Delivery, ...]
    unreadable: tuple[DeliveryId, ...]
    following: tuple[datetime, str] | None


class RecordingResult(StrEnum):
    """What recording a delivery found."""

    STORED = "stored"
    SEEN = "seen"
    DIFFERS = "differs"
    """The same id came before with other content; what came first stands."""


def document_of(delivery: Delivery) -> Document:
    return {
        "_id": delivery.id,
        "source": delivery.source,
        "kind": delivery.kind,
        "body": delivery.body,
        "fingerprint": delivery.fingerprint,
        "aliases": list(delivery.aliases),
        "received_at": delivery.received_at,
        "due_at": delivery.due_at,
        "sent_at": delivery.sent_at,
        "is_free_text": delivery.is_free_text,
        "lead": delivery.lead,
        "attempts": delivery.attempts,
        "state": delivery.state.value,
    }


_COLUMNS = {
    "source": str,
    "kind": str,
    "fingerprint": str,
    "aliases": list,
    "received_at": datetime,
    "due_at": datetime,
    "sent_at": datetime,
    "attempts": int,
}


def read_delivery(row: Document) -> Delivery:
    """The delivery a row holds; KeyError, TypeError or ValueError where it holds none."""
    for name, kind in _COLUMNS.items():
        # a value of another kind would only fail later, in the middle of its lead's visit, and stop that lead for good
        if not isinstance(row[name], kind):
            raise TypeError(name)
    return Delivery(
        id=DeliveryId(row["_id"]),
        source=row["source"],
        kind=row["kind"],
        body=bytes(row["body"]),
        fingerprint=row["fingerprint"],
        aliases=tuple(row["aliases"]),
        received_at=row["received_at"],
        due_at=row["due_at"],
        sent_at=row["sent_at"],
        is_free_text=row["is_free_text"],
        lead=row["lead"],
        attempts=row["attempts"],
        state=DeliveryState(row["state"]),
        reason=row.get("reason"),
        reading=_reading(row.get("understanding")),
    )


def _reading(kept: Any) -> KeptReading | None:
    return None if kept is None else KeptReading(tuple(kept["of"]), bytes(kept["sealed"]))


def shown(row: Document) -> Delivery:
    """A row for somebody's eyes: what cannot be read of it is left empty."""
    try:
        return read_delivery(row)
    except (KeyError, ValueError, TypeError, AttributeError):
        nobody_knows = datetime.fromtimestamp(0, UTC)
        return Delivery(
            id=DeliveryId(str(row["_id"])),
            source=str(row.get("source")),
            kind=str(row.get("kind")),
            body=b"",
            fingerprint="",
            aliases=(),
            received_at=nobody_knows,
            due_at=nobody_knows,
            sent_at=nobody_knows,
            state=DeliveryState.PARKED,
            reason=UNREADABLE,
        )
