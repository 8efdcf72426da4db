"""What a partner hears of their money, and says of it: payouts told once, and a sum that is wrong told to a person.

A payout is told within their 24 hours; outside it waits for their next word or the next digest that goes out anyway,
since no template is worth it: the bank tells them too.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.business.contacts import Roles
from bot.business.context import Context
from bot.dialogue.payment_links import payee_id
from bot.domain import window
from bot.domain.contents import Content, Tap, Text
from bot.domain.outcome import EffectRequest
from bot.domain.partner import Consent, Partner, PartnerAsk, PartnerQuestion
from bot.domain.partner_events import EarningsFound, MoneyDisputed, PayoutTold
from bot.domain.partner_orders import DisputeMoney
from bot.replies import earnings as words

Step = tuple[Partner, tuple[EffectRequest, ...]]

LONGEST: Final = 300
"""So many characters of what they say are kept for whoever looks."""


def heard(partner: Partner, event: EarningsFound | PayoutTold | MoneyDisputed, roles: Roles, context: Context) -> Step:
    """What was looked up, has arrived, or was passed on to a person."""
    match event:
        case EarningsFound():
            return partner, (words.earnings(event, roles),)
        case MoneyDisputed():
            return partner, (words.disputed(event.sums, roles),)
        case PayoutTold():
            return told(partner, event, roles, context)


def told(partner: Partner, event: PayoutTold, roles: Roles, context: Context) -> Step:
    """Told now, where it costs nothing; else it waits."""
    if event.payee not in payees_of(roles) or partner.is_locked or partner.consent is Consent.REFUSED:
        # another's account by now, or left alone as they wish
        return partner, ()
    if partner.is_with_agent or not window.is_open(partner, context.now):
        return partner.waiting_to_hear(event.paid), ()
    return partner, (words.paid_out((event.paid,), roles),)


def caught_up(partner: Partner, roles: Roles) -> Step:
    """They are there: what waited is told."""
    if not partner.paid_out:
        return partner, ()
    return replace(partner, paid_out=()), (words.paid_out(partner.paid_out, roles),)


def tapped(partner: Partner, tap: str, roles: Roles, now: datetime) -> Step | None:
    """A sum is wrong: they are asked what is; none where it is no such button."""
    if not tap.startswith(words.WRONG_TAP):
        return None
    payout = tap.removeprefix(words.WRONG_TAP).removeprefix(":")
    asked = replace(partner, question=PartnerQuestion(PartnerAsk.SUM, payout, now))
    return asked, (words.what_is_wrong(roles),)


def answered(partner: Partner, content: Content, roles: Roles, now: datetime) -> Step | None:
    """What they say is wrong goes to a person; none where it is about something else."""
    question = partner.open_question(now)
    if question is None or question.about is not PartnerAsk.SUM:
        return None
    match content:
        case Text(body=body) if body.strip():
            order = DisputeMoney(partner.phone, body.strip()[:LONGEST], question.task or None)
            return replace(partner, question=None), (EffectRequest(order),)
        case Tap():
            # they do something else: it is no answer, and nothing is told of it by accident
            return None
        case _:
            # a person has to know in words what is wrong
            return partner, (words.what_is_wrong(roles),)


def payees_of(roles: Roles) -> list[str]:
    """As whom that person is paid."""
    named = (("provider", roles.providers), ("place", roles.places))
    return [payee_id(kind, one) for kind, ids in named for one in ids]
