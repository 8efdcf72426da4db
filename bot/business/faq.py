"""What customers ask again and again, and the house's own answers: sent word for word, or not at all."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from bot.business.catalogue import LABEL, SLUG
from bot.business.words import Strict, Text

ANSWER_LIMIT = 700
"""Characters of an answer: with a question after it, it still fits a message with buttons."""


@dataclass(frozen=True, slots=True)
class FaqEntry(Strict):
    """One question and its answer."""

    id: Annotated[str, SLUG]
    question: Annotated[Text, Field(description="as customers ask it")]
    answer: Annotated[Text, Field(description="sent as it stands")]
    keywords: Annotated[
        tuple[Annotated[str, LABEL], ...], Field(description="words that mean this question in any language")
    ] = ()
