"""What the world reports back about our own doing: an effect that failed, a delivery that failed in our code."""

from bot.business.context import Context
from bot.domain.alarms import AlarmReason
from bot.domain.events import BotStumbled, EffectFailed
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.replies import first_words

FAILED_IN_OUR_CODE = "stumbled"
"""The reason of an effect that failed in our own code again and again."""


def effect_failed(lead: Lead, event: EffectFailed, context: Context) -> Outcome:
    """A message that will not arrive is shown to a person, with its reason; nothing fails in silence."""
    facts = {"effect": str(event.effect), "order": event.order, "reason": event.reason}
    if event.code is not None:
        facts["code"] = str(event.code)
    outcome = Outcome(lead.alarmed(AlarmReason.EFFECT_FAILED, event.at, event.effect))
    if event.reason == FAILED_IN_OUR_CODE and not lead.is_with_agent and not lead.conversation.opted_out:
        outcome = outcome.requesting(first_words.text(lead, "talk.failed", supersedable=True))
    return outcome.recording("effect_failed", "system", event.at, **facts)


def delivery_failed(lead: Lead, event: BotStumbled, context: Context) -> Outcome:
    """A person is called; the customer is told, unless a person or silence is in charge."""
    outcome = Outcome(lead.alarmed(AlarmReason.DELIVERY_FAILED, event.at, event.delivery))
    if not lead.is_with_agent and not lead.conversation.opted_out:
        outcome = outcome.requesting(first_words.text(lead, "talk.failed", supersedable=True))
    return outcome.recording("delivery_failed", "system", event.at, delivery=event.delivery, reason=event.reason)
