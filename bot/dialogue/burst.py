"""Whether words answer just what was asked, so that nobody has to wait for the end of a burst (DESIGN 5.2)."""

from intents.understanding import Confidence, ExpectedAnswer, Intent, Understanding

_AT_ANY_TIME = frozenset({Intent.OPT_OUT, Intent.OPT_IN})


def answers_fully(understanding: Understanding, expecting: ExpectedAnswer) -> bool:
    """STOP and START always; else a clear yes or no, a choice, a number, a language, when that was asked."""
    if understanding.intent in _AT_ANY_TIME and understanding.by_rule:
        return True
    if understanding.sure is not Confidence.ACT or len(understanding.intents) > 1:
        return False
    match expecting:
        case ExpectedAnswer.CONFIRMATION:
            return understanding.intent in {Intent.CONFIRM, Intent.REJECT}
        case ExpectedAnswer.SLOT:
            return understanding.slots.ordinal is not None
        case ExpectedAnswer.GUESTS:
            return understanding.slots.guests is not None
        case ExpectedAnswer.LANGUAGE:
            return understanding.wanted_language is not None
        case _:
            return False
