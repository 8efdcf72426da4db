"""A quote as its dialog shows it: the sums, and what the customer will read, as it was shown and as it came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialogue.rehearsal import ForeseenWords
from bot.domain import message_limits as limits
from bot.domain.change import ChangeQuote
from bot.domain.foreign_text import clean
from bot.replies import times
from webhooks.console import words


@dataclass(frozen=True, slots=True)
class QuoteLines:
    """A quote in words."""

    change: str
    number: int
    lines: Sequence[tuple[str, str]]
    policy: str
    until: str
    told: str
    """That the customer hears of it, and how."""
    words: ForeseenWords | None
    """What they will read first; none where nothing can be sent to them."""
    written: str
    """The words that are sent: these, or what somebody made of them."""
    refused: str | None = None
    is_outdated: bool = False


@dataclass(frozen=True, slots=True)
class WordsRead:
    """What stood in the dialog when somebody said yes."""

    text: str
    is_edited: bool

    @classmethod
    def of(cls, form: Mapping[str, Any]) -> "WordsRead":
        """Out of its form; a dialog without words to change has none."""
        text, shown = (_lines(str(form.get(name, ""))) for name in ("words", "shown"))
        return cls(text, "words" in form and text != shown)


def _lines(given: str) -> str:
    return clean(given, limits.TEXT * 2).strip()


def refusal(read: WordsRead, foreseen: ForeseenWords | None, language: str) -> str | None:
    """Why these words cannot be sent in place of the foreseen ones; none where they can, or were not changed."""
    if not read.is_edited:
        return None
    if not read.text:
        return words.say("quote.words_empty", language)
    if foreseen is None or foreseen.is_template:
        return words.say("quote.words_closed", language)
    if len(read.text) > foreseen.limit:
        return words.say("quote.words_too_long", language, count=len(read.text), most=foreseen.limit)
    return None


def told(tongue: str, foreseen: ForeseenWords | None, language: str) -> str:
    """That the customer hears of it, how, and in which language."""
    if foreseen is None:
        return words.say("quote.told_nothing", language)
    key = "quote.told_by_template" if foreseen.is_template else "quote.told"
    return words.say(key, language, tongue=words.say(f"language.{tongue}", language))


def lines_of(quote: ChangeQuote, language: str) -> list[tuple[str, str]]:
    """Its sums, who bears them, and how money comes back."""
    sums = (
        ("price_before", quote.price_before),
        ("price_after", quote.price_after),
        ("fee", quote.fee),
        ("keep", quote.keep),
        ("to_pay", quote.to_pay),
        ("to_refund", quote.to_refund),
    )
    lines = [
        (words.say(f"quote.{name}", language), times.money(amount, language))
        for name, amount in sums
        if amount or name in {"price_before", "price_after"}
    ]
    lines.append((words.say("quote.borne_by", language), words.say(f"bearer.{quote.borne_by.value}", language)))
    if quote.to_refund:
        lines.append((words.say("quote.by_way", language), words.say(f"way.{quote.by_way.value}", language)))
    return lines
