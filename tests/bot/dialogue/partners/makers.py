"""Partners of the sample and what they send, short to write."""

from bot.domain.contents import Bubble, Content, Tap, Text
from bot.domain.ids import EventId, LeadId, Wamid
from bot.domain.lead import Address
from bot.domain.outcome import Decided
from bot.domain.partner import Partner, PartnerId
from bot.domain.partner_events import PartnerWrote
from bot.replies.plain_text import as_text
from tests.bot.makers import NOW

KETUT = "+6281200000301"
"""A cleaner of the sample, who reads Indonesian."""


def a_partner(phone: str = KETUT) -> Partner:
    """Somebody who has not written yet."""
    return Partner(PartnerId(LeadId("partner-1")), phone, Address(wa_id=phone.removeprefix("+")))


def wrote(content: Content | str, name: str = "1") -> PartnerWrote:
    """One message of theirs."""
    bubble = Bubble(Wamid(f"wamid-{name}"), NOW, Text(content) if isinstance(content, str) else content)
    return PartnerWrote(EventId(f"whatsapp:{name}"), NOW, bubble, Address(user_id="ID.x"))


def tapped(tap: str) -> PartnerWrote:
    """A button."""
    return wrote(Tap(tap, "…"))


def said(decided: Decided[Partner]) -> str:
    """All words that are sent."""
    return "\n".join(as_text(effect.command) for effect in decided.effects if effect.lane == "chat")  # type: ignore[arg-type]


__all__ = ["KETUT", "a_partner", "said", "tapped", "wrote"]
