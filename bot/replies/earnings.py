"""What a partner is told of their money: what is still to come, what has arrived, and who looks at a sum that is
wrong."""

from collections.abc import Sequence
from typing import Final

from bot.business.contacts import Roles
from bot.domain import message_limits as limits
from bot.domain.commands import Button, SendButtons, SendText, Urgency
from bot.domain.outcome import EffectRequest
from bot.domain.partner import PaidOut
from bot.domain.partner_events import EarningsFound
from bot.replies import times
from bot.replies.booking import fitting
from bot.replies.partner import MONEY_TAP
from bot.replies.words import say
from payments.domain.money import Money

WRONG_TAP: Final = "work:wrong"
"""A sum is wrong; the payout follows where it is about one."""


def earnings(found: EarningsFound, roles: Roles) -> EffectRequest:
    """What is theirs and has not arrived yet; a tap says that it is wrong."""
    language = roles.language
    sums = {"waiting": found.waiting, "on_its_way": found.on_its_way}
    facts = {name: _listed(known, language) for name, known in sums.items()}
    lines = [say(f"partner.money.{name}", language, amount=said) for name, said in facts.items() if said]
    body = "\n".join(lines) or say("partner.money.none", language)
    return EffectRequest(SendButtons(body, (_wrong(language),)))


def paid_out(found: Sequence[PaidOut], roles: Roles) -> EffectRequest:
    """Payouts that have arrived or come back, a line each."""
    language = roles.language
    body = fitting("\n".join(line(one, language) for one in found), limits.BODY)
    # of several, which one they mean stands in what they say
    payout = found[0].payout if len(found) == 1 else ""
    buttons = (Button(MONEY_TAP, say("partner.button.money", language)), _wrong(language, payout))
    return EffectRequest(SendButtons(body, buttons), urgency=Urgency.MONEY, is_fact=True)


def line(paid: PaidOut, language: str) -> str:
    """One payout in a sentence."""
    key = "partner.money.came_back" if paid.came_back else "partner.money.paid_out"
    return say(key, language, amount=times.money(paid.amount, language), ending=paid.ending)


def what_is_wrong(roles: Roles) -> EffectRequest:
    """Asked for in words."""
    return EffectRequest(SendText(say("partner.money.what_is_wrong", roles.language)))


def disputed(sums: Sequence[Money], roles: Roles) -> EffectRequest:
    """A person looks at it."""
    language = roles.language
    said = _listed(sums, language)
    key = "partner.money.disputed" if said else "partner.money.disputed_nothing"
    return EffectRequest(SendText(say(key, language, amount=said)))


def _listed(sums: Sequence[Money], language: str) -> str:
    return " + ".join(times.money(one, language) for one in sums)


def _wrong(language: str, payout: str = "") -> Button:
    return Button(f"{WRONG_TAP}:{payout}" if payout else WRONG_TAP, say("partner.button.wrong_sum", language))
