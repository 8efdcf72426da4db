"""Writes to a payee's former contact when somebody wants the money to go elsewhere: one approved template."""

from typing import Final

from bot.business.definition import Business
from bot.dialogue.payment_links import payee_id
from bot.domain.lead import Address
from bot.engine.channel import Channel, NotSent, Remedy, SendOutcomeUnknown, SendRefused
from bot.replies import times
from bot.replies.notices import outside
from payments.domain.errors import OutcomeUnknown, PermanentError, TemporaryError
from payments.domain.payee_notices import PayeeNotice

WORDS: Final = "template.payout_account"
CALLBACK_DATA: Final = "payee"
_NEVER: Final = frozenset({Remedy.UNREACHABLE, Remedy.REFUSED, Remedy.MARKETING_REFUSED})
"""What stays refused however often it is tried; anything else may pass: a template approved, an account freed."""


class WhatsAppCourier:
    """A payee is told in WhatsApp, in the language of the business file."""

    def __init__(self, channel: Channel, business: Business) -> None:
        self._channel = channel
        self._business = business

    async def tell(self, notice: PayeeNotice) -> None:
        """Hand it to the messenger; TemporaryError, OutcomeUnknown, or PermanentError when it will never go."""
        business, language = self._business, notice.contact.language
        names = {
            payee_id(kind, party.id): party.name.say(language)
            for kind, named in (("provider", business.providers), ("place", business.places))
            for party in named
        }
        facts = {
            "business": business.name,
            # One that is no longer in the file is named as the cashier knows it.
            "payee": names.get(notice.payee, notice.payee),
            "ending": notice.ending,
            "until": times.short_moment(notice.effective_at, business.zone, language),
        }
        order = outside(WORDS, language, facts)
        if order is None:
            raise PermanentError("NO_TEMPLATE")
        to = Address(wa_id=notice.contact.phone.removeprefix("+"))
        try:
            # No lead and no outbox stands behind it: data without a lead is left alone when its statuses come back.
            await self._channel.send(self._channel.render(order, to, CALLBACK_DATA))
        except NotSent as error:
            raise TemporaryError("not sent") from error
        except SendOutcomeUnknown as error:
            raise OutcomeUnknown("perhaps sent") from error
        except SendRefused as refusal:
            if refusal.remedy in _NEVER:
                raise PermanentError(refusal.remedy.value) from refusal
            raise TemporaryError(refusal.remedy.value) from refusal
