"""Who comes through an ad of ours and asks for more: greeted, and told about the service the ad was for."""

from bot.business.catalogue import Service
from bot.business.context import Context
from bot.dialogue import side_questions
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import services_named
from bot.domain.contents import Bubble
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.side_question import About, SideQuestion
from bot.replies import first_words
from intents.understanding import Confidence, Intent

SERVICES_AT_MOST = 3
"""An ad for more than these is for the house."""
_ASKS_FOR_MORE = frozenset({Intent.GREETING, Intent.HELP, Intent.ASK_INFO, Intent.OOS, Intent.ASK_PRICE})


def services_of(bubbles: tuple[Bubble, ...], context: Context) -> tuple[Service, ...]:
    """The services that the ads these bubbles came through are for."""
    named = [service for bubble in bubbles if bubble.ad for service in services_named(context.business, bubble.ad)]
    return tuple(dict.fromkeys(named))


def answer(lead: Lead, bubbles: tuple[Bubble, ...], turn: CustomerTurn, context: Context) -> Outcome | None:
    """Hello, and what the ad's service is and costs; none for who says what is wanted, or came without an ad."""
    services = services_of(bubbles, context)
    if not 1 <= len(services) <= SERVICES_AT_MOST or lead.open_booking is not None:
        return None
    if turn.tap is not None or turn.says_facts:
        return None
    meant = turn.understanding
    asks_for_more = meant.intent in _ASKS_FOR_MORE or meant.confidence is Confidence.ASK_BACK
    if not asks_for_more or services_named(context.business, turn.text):
        return None
    wanted = (About.EXPECT, About.PRICE) if len(services) == 1 else (About.PRICE,)
    asked = tuple(SideQuestion(about, service.id) for service in services for about in wanted)
    hello = Outcome(lead.conversing(greeted=True, misunderstood=0)).requesting(first_words.greeting(lead, context))
    return side_questions.answering(hello, asked, context)
