"""What the router has read of a message, for the visit that handles it: decrypted, parsed and understood once.

Memory of one process only: whoever finds nothing here reads the stored delivery.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from bot.domain.ids import DeliveryId
from bot.engine.channel import InboundMessage
from intents.understanding import ExpectedAnswer, Understanding

KEPT: Final = 2_048


@dataclass(frozen=True, slots=True)
class FirstReading:
    """What our own rules make of some words, where that was expected."""

    words: str
    expecting: ExpectedAnswer
    understanding: Understanding


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message as it was read at the door to its lead."""

    message: InboundMessage
    reading: FirstReading | None = None


@dataclass(slots=True)
class ReadMessages:
    """The last few thousand of them."""

    _kept: OrderedDict[DeliveryId, ReadMessage] = field(default_factory=OrderedDict)

    def keep(self, delivery: DeliveryId, read: ReadMessage) -> None:
        """Remember it until it is taken, or too many came after it."""
        self._kept[delivery] = read
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def get(self, delivery: DeliveryId) -> ReadMessage | None:
        """What is remembered of it."""
        return self._kept.get(delivery)

    def forget(self, deliveries: list[DeliveryId]) -> None:
        """They are handled."""
        for delivery in deliveries:
            self._kept.pop(delivery, None)
