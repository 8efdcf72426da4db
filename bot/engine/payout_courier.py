"""Whoever is paid hears that a payout has arrived, or has come back: told to their thread through `received`, once.

The news of a payout comes again until it is acknowledged, which is done after this: whoever dies in between tells it
again under the same name.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from bot.business.catalogue import Contact
from bot.domain.ids import EventId
from bot.domain.partner import PaidOut
from bot.domain.partner_events import PayoutTold
from bot.engine.internal import internal
from bot.engine.partner_directory import PartnerDirectory
from bot.store.received import Received
from bot.store.vault import Vault
from payments.domain.money import Money
from payments.domain.news import PayoutNews
from payments.domain.payout import PayoutState

PAYOUT_TOLD: Final = "payout_told"


@dataclass(frozen=True, slots=True)
class PayoutCourier:
    """The news of money in one hand, the threads of whoever is paid in the other."""

    received: Received
    vault: Vault
    directory: PartnerDirectory

    async def tell(self, news: PayoutNews, now: datetime) -> None:
        """They are told, once however often it is news; nobody is where nobody knows how to reach them."""
        contact = self._contact(news.payee)
        if not news.is_told or contact is None:
            return
        partner = await self.directory.thread_of(contact.phone)
        facts = {
            "payout": news.payout,
            "payee": news.payee,
            "amount": news.amount.amount,
            "currency": news.amount.currency,
            "ending": news.ending,
            "came_back": news.state is PayoutState.REVERSED,
        }
        name, text = f"{news.payout}:{news.state.value}", orjson.dumps(facts).decode()
        await self.received.record([await internal(self.vault, PAYOUT_TOLD, text, partner, now, name)])

    def _contact(self, payee: str) -> Contact | None:
        """How they are reached; a referrer has no contact, and who has left the file is not written to."""
        kind, _, name = payee.partition(":")
        business = self.directory.business()
        match kind:
            case "provider":
                found = business.provider(name)
                return None if found is None else found.contact
            case "place":
                place = business.place(name)
                return None if place is None else place.contact
            case _:
                return None


def payout_told(delivery: str, body: bytes, now: datetime) -> PayoutTold:
    """The news back out of its delivery."""
    facts = orjson.loads(body)
    amount = Money(facts["amount"], facts["currency"])
    paid = PaidOut(facts["payout"], amount, facts["ending"], facts["came_back"])
    return PayoutTold(EventId(delivery), now, facts["payee"], paid)
