"""Staff take a partner's thread and give it back; the fence is of this thread, the same person's as a customer has its
own.

While a person has it, what a partner taps is done all the same, their words are nobody's but that person's, and what
they have to know of their work waits and goes out when the thread is given back.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.alarms import AlarmReason
from bot.domain.commands import Author, Repeat, SendText
from bot.domain.events import AgentReleased, AgentTookOver, AgentWrote, StaffEchoed
from bot.domain.ids import AgentId
from bot.domain.outcome import EffectRequest, Withdraw
from bot.domain.partner import Partner

IDLE: Final = "agent_idle"
"""The timer that gives it back."""

OfStaff = AgentTookOver | AgentReleased | AgentWrote | StaffEchoed


def step(partner: Partner, event: OfStaff, idle_after: timedelta) -> tuple[Partner, tuple[EffectRequest, ...]]:
    """What staff do with the thread; the bot takes over again after so long without a person's word."""
    match event:
        case AgentTookOver(agent=agent, at=at):
            return taken_over(partner, agent, at, idle_after), ()
        case StaffEchoed(agent=agent, at=at):
            return spoken(partner, agent, at, idle_after), ()
        case AgentWrote(agent=agent, at=at, body=body):
            # a person's words go out once, never twice by doubt
            said = EffectRequest(SendText(body), author=Author.AGENT, repeat=Repeat.ONCE)
            return spoken(partner, agent, at, idle_after), (said,)
        case AgentReleased():
            return given_back(partner), ()


def taken_over(partner: Partner, agent: AgentId, at: datetime, idle_after: timedelta) -> Partner:
    """That person has it from now on; what the bot had asked is theirs to hear."""
    taken = replace(partner, agent=agent, takeovers=partner.takeovers + 1, question=None)
    # a person sees what our own code could not digest
    return taken.without_alarms({AlarmReason.DELIVERY_FAILED}).with_timer(IDLE, at + idle_after)


def spoken(partner: Partner, agent: AgentId, at: datetime, idle_after: timedelta) -> Partner:
    """That person has spoken: it is theirs, and the epoch stays where the bot was silent already."""
    if not partner.is_with_agent:
        return taken_over(partner, agent, at, idle_after)
    return replace(partner, agent=agent).with_timer(IDLE, at + idle_after)


def given_back(partner: Partner) -> Partner:
    """The bot is in charge again."""
    if not partner.is_with_agent:
        return partner
    return replace(partner, agent=None, takeovers=partner.takeovers + 1).without_timer(IDLE)


def withdraw(before: Partner, after: Partner) -> Withdraw:
    """What that change of who may speak means for words that wait."""
    if after.epoch == before.epoch:
        return Withdraw.NOTHING
    return Withdraw.BOT_CHAT if after.is_with_agent else Withdraw.HAND_BACK
