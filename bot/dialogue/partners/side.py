"""Which of a partner's two threads a message belongs to: their work, or what they book for themselves."""

import unicodedata
from datetime import datetime, timedelta
from typing import Final

from bot.domain.contents import Content, FormSent, Order, Tap, Text
from bot.domain.partner import Partner
from bot.replies import partner as words
from bot.replies.words import in_all

GUEST_FOR: Final = timedelta(hours=24)
"""So long after their last word as a customer they are one still."""


def is_for_work(partner: Partner, content: Content, now: datetime, *, is_guest: bool) -> bool:
    """Whether that message is the partner's, and not the customer's they may be as well; `is_guest`: whether they have
    a thread as a customer."""
    match content:
        case Tap(id=tap):
            # a button goes where its id belongs
            return tap.startswith(words.TAPS) or not (is_guest or tap == words.GUEST_TAP)
        case FormSent() | Order():
            return False
        case Text(body=body) if any(asks_for(what, body) for what in ("jobs", "money", "guests", "attention")):
            return True
        case _:
            return partner.open_question(now) is not None or not (is_guest and speaks_as_guest(partner, now))


def asks_for(what: str, body: str) -> bool:
    """Whether these words ask for their jobs, or their money, in any language."""
    said = " ".join(unicodedata.normalize("NFC", body).casefold().strip(" .!?").split())
    ways = (way for text in in_all(f"partner.ways_to_ask.{what}").values() for way in text.split("|"))
    return said in {way.strip() for way in ways}


def speaks_as_guest(partner: Partner, now: datetime) -> bool:
    """Whether their last word of today was a customer's."""
    if partner.guest_at is None or now - partner.guest_at > GUEST_FOR:
        return False
    # what they were asked since is answered where it was asked
    latest = max((at for at in (partner.spoke_at, partner.asked_at) if at is not None), default=None)
    return latest is None or latest <= partner.guest_at
