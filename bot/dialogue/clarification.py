"""Words we are not sure of: "did you mean" with the best readings as buttons, and what the answer to it means.

The ladder : unsure of two readings, ask which; understood nothing, ask again, then offer what can be done,
then call a person. The count stands on the lead and falls to nothing when we understand.
"""

from dataclasses import replace
from typing import Final

from bot.dialogue.customer_turn import CustomerTurn
from bot.domain.commands import Button, SendButtons
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.replies.words import keys, say
from intents.understanding import Confidence, Intent, Understanding

MEAN_TAP: Final = "mean:"
NOTHING_OF_IT: Final = f"{MEAN_TAP}none"
READINGS: Final = 2
_LONGEST: Final = 500
_HARMLESS: Final = frozenset(
    {
        *(Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.REPEAT, Intent.HELP),
        *(Intent.BOOK, Intent.CHOOSE_SERVICE),
    }
)
"""Answered at once even when it was only likely: by a courtesy, or by the question which service it is."""


def is_doubtful(turn: CustomerTurn) -> bool:
    """Whether it has to be asked which reading was meant."""
    meant = turn.understanding
    return turn.tap is None and meant.confidence is Confidence.DID_YOU_MEAN and meant.intent not in _HARMLESS


def readings(meant: Understanding) -> tuple[Intent, ...]:
    """The best readings that can be put on a button, the likelier first."""
    likely = (meant.intent, *meant.intents[1:], meant.runner_up)
    found = dict.fromkeys(
        intent for intent in likely if intent is not None and _label(intent) in keys("clarification.button.")
    )
    return tuple(found)[:READINGS]


def did_you_mean(lead: Lead, turn: CustomerTurn) -> Outcome | None:
    """The question, and the lead that remembers what it was about; none when there is no reading to offer."""
    offered = readings(turn.understanding)
    if not offered:
        return None
    buttons = (
        *(Button(f"{MEAN_TAP}{intent.value}", say(_label(intent), lead.language)) for intent in offered),
        Button(NOTHING_OF_IT, say("clarification.button.something_else", lead.language)),
    )
    asking = lead.conversing(
        doubted=turn.understanding,
        doubted_text=turn.text[:_LONGEST],
        misunderstood=lead.conversation.misunderstood + 1,
    )
    return Outcome(asking).requesting(
        EffectRequest(SendButtons(say("clarification.did_you_mean", lead.language), buttons), supersedable=True)
    )


def _label(intent: Intent) -> str:
    return f"clarification.button.{intent.value}"


def settled(lead: Lead, turn: CustomerTurn) -> tuple[Lead, CustomerTurn]:
    """The lead without the open question, and the turn in its light: an answer means the words asked about."""
    doubted, text = lead.conversation.doubted, lead.conversation.doubted_text
    calm = lead if doubted is None else lead.conversing(doubted=None, doubted_text="")
    tapped = turn.tapped(MEAN_TAP)
    if tapped is not None:
        return calm, _as_meant(turn, doubted, text, tapped)
    if doubted is None or turn.tap is not None:
        return lead, turn
    offered = readings(doubted)
    place = turn.understanding.entities.ordinal
    if place is not None and 1 <= place <= len(offered):
        return calm, _as_meant(turn, doubted, text, offered[place - 1].value)
    return calm, turn


def _as_meant(turn: CustomerTurn, doubted: Understanding | None, text: str, name: str) -> CustomerTurn:
    known = {intent.value: intent for intent in Intent}
    if name not in known:
        nothing = replace(turn.understanding, intent=Intent.OOS, intents=(Intent.OOS,), confidence=Confidence.ASK_BACK)
        return replace(turn, tap=None, text="", understanding=nothing)
    meant = replace(
        doubted or turn.understanding, intent=known[name], intents=(known[name],), score=1.0, confidence=Confidence.ACT
    )
    return replace(turn, tap=None, text=text, understanding=meant)
