"""Hands workflow messages to the outside task system over HTTP."""

from bot.adapters.signed_address import NotAcknowledged, SignedAddress
from bot.adapters.task_system.wire import message_of
from bot.engine.task_carrier import CarriedWork, NotCarried


class TaskSystemClient:
    """The outside task system's address."""

    def __init__(self, url: str, secret: str) -> None:
        self._address = SignedAddress(url, secret)

    async def tell(self, work: CarriedWork) -> None:
        """Hand it over; any 2xx is a yes, all else is tried again."""
        try:
            await self._address.post(message_of(work))
        except NotAcknowledged as refused:
            raise NotCarried(str(refused), is_away=refused.is_away) from refused

    async def close(self) -> None:
        """Let go of the connections."""
        await self._address.close()
