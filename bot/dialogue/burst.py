"""Whether words answer just what was asked, so that nobody has to wait for the end of a burst."""

from intents.understanding import Confidence, ExpectedAnswer, Intent, Understanding

_AT_ANY_TIME = frozenset({Intent.OPT_OUT, Intent.OPT_IN})


def answers_fully(understanding: Understanding, expecting: ExpectedAnswer) -> bool:
    """STOP and START always; else a clear yes or no, a choice, a number, a language, when that was asked."""
    if understanding.intent in _AT_ANY_TIME and understanding.by_rule:
        return True
    if understanding.confidence is not Confidence.ACT or len(understanding.intents) > 1:
        return False
    match expecting:
        case ExpectedAnswer.CONFIRMATION:
            return understanding.intent in {Intent.CONFIRM, Intent.REJECT}
        case ExpectedAnswer.SLOT:
            return understanding.entities.ordinal is not None
        case ExpectedAnswer.GUESTS:
            return understanding.entities.guests is not None
        case ExpectedAnswer.LANGUAGE:
            return understanding.wanted_language is not None
        case _:
            return False
