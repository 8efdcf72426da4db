"""What is answered to words that concern no booking: greetings, help, thanks, and what we do not understand."""

from dataclasses import replace

from bot.business.context import Context
from bot.domain.alarms import AlarmReason
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.replies import first_words
from intents.understanding import Confidence, Intent, Understanding

PASSED_ON = frozenset(
    {
        Intent.BOOK,
        Intent.CHOOSE_SERVICE,
        Intent.CHOOSE_SLOT,
        Intent.RESCHEDULE,
        Intent.CANCEL,
        Intent.PAY_HELP,
        Intent.ASK_PRICE,
        Intent.ASK_AVAILABILITY,
        Intent.ASK_INFO,
        Intent.BOOKING_STATUS,
    }
)
"""Wishes a person fulfils."""


def answer(lead: Lead, understanding: Understanding, context: Context) -> Outcome:
    """What the bot says to these words by themselves."""
    if understanding.confidence is Confidence.ASK_BACK:
        return not_understood(lead)
    if understanding.intent is Intent.OOS:
        # Once: say so, and what can be done. Again: as what is not understood, up to a person.
        if lead.conversation.misunderstood:
            return not_understood(lead)
        offers = first_words.offers(lead, context)
        return Outcome(lead.conversing(misunderstood=1, greeted=True)).requesting(
            first_words.menu(lead, "talk.out_of_scope", offers=offers)
        )
    outcome = _answer_understood(lead.conversing(misunderstood=0), understanding, context)
    return replace(outcome, lead=outcome.lead.conversing(greeted=True))


def _answer_understood(lead: Lead, understanding: Understanding, context: Context) -> Outcome:
    match understanding.intent:
        case Intent.GREETING | Intent.REPEAT:
            return Outcome(lead).requesting(first_words.greeting(lead, context))
        case Intent.HELP:
            return Outcome(lead).requesting(first_words.help_text(lead, context))
        case Intent.THANKS:
            return Outcome(lead).requesting(first_words.text(lead, "talk.thanks", supersedable=True))
        case Intent.GOODBYE:
            return Outcome(lead).requesting(first_words.text(lead, "talk.goodbye", supersedable=True))
        case intent if intent in PASSED_ON and understanding.about_existing and not lead.bookings:
            # perhaps made by phone or by somebody else: a person can look
            waiting = lead.alarmed(AlarmReason.WISH_PASSED_ON, context.now)
            return Outcome(waiting).requesting(first_words.text(lead, "talk.no_booking_here"))
        case intent if intent in PASSED_ON:
            waiting = lead.alarmed(AlarmReason.WISH_PASSED_ON, context.now)
            return Outcome(waiting).requesting(first_words.text(lead, "talk.passed_on"))
        case _:
            return Outcome(lead).requesting(first_words.greeting(lead, context))


def not_understood(lead: Lead) -> Outcome:
    """Once: ask again. Twice: offer buttons. The third time `decide` calls a person."""
    count = lead.conversation.misunderstood + 1
    lead = lead.conversing(misunderstood=count)
    if count == 1:
        return Outcome(lead).requesting(first_words.text(lead, "talk.not_understood", supersedable=True))
    return Outcome(lead).requesting(first_words.menu(lead, "talk.choose_instead"))
