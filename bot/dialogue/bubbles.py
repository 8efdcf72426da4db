"""The bubbles of one burst: which of them want an answer, and the words and the meaning they have together."""

from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.dialogue import referrals
from bot.dialogue.matching import services_named
from bot.domain import place_codes
from bot.domain.contents import Bubble, FormSent, Media, Order, Other, Reaction, Tap, Text
from bot.domain.languages import understood
from bot.replies import first_words
from bot.replies.booking import SERVICE_TAP
from intents.understanding import Confidence, Intent, Understanding

OPENING: Final = "request_welcome"
"""Somebody opened the chat for the first time and has said nothing yet."""
_TAP_INTENTS: Final = {
    first_words.HELP: Intent.HELP,
    first_words.LANGUAGE: Intent.CHANGE_LANGUAGE,
    first_words.PERSON: Intent.TALK_HUMAN,
    first_words.START: Intent.OPT_IN,
    first_words.STOP: Intent.OPT_OUT,
}

_ABOUT_SILENCE: Final = frozenset({Intent.OPT_IN, Intent.OPT_OUT})


def is_opening(bubble: Bubble) -> bool:
    """The first opening of the chat, without a word."""
    return isinstance(bubble.content, Other) and bubble.content.type == OPENING


def to_answer(bubbles: tuple[Bubble, ...], context: Context) -> tuple[Bubble, ...]:
    """What wants an answer: an order of a service of ours is the tap on it, a mere opening gives way to words."""
    wanted = []
    for bubble in bubbles:
        match bubble.content:
            case Reaction() | Other(type="revoke") | FormSent(is_known=True):
                # answered with nothing: the news of a form of ours comes of its own
                continue
            case _:
                wanted.append(bubble)
    said = [bubble for bubble in wanted if not is_opening(bubble)] or wanted[-1:]
    # a cart and words with it: the words are about what is in the cart
    carts_last = sorted(said, key=lambda bubble: isinstance(bubble.content, Order))
    return tuple(_as_tapped(bubble, context) for bubble in carts_last)


def _as_tapped(bubble: Bubble, context: Context) -> Bubble:
    """A cart with a service of ours in it means that service."""
    content = bubble.content
    if not isinstance(content, Order):
        return bubble
    for item in content.items:
        words = item.product.replace("-", " ").replace("_", " ")
        service = context.business.service(item.product) or next(iter(services_named(context.business, words)), None)
        if service is not None:
            return replace(bubble, content=Tap(f"{SERVICE_TAP}{service.id}", item.product))
    return bubble


def typed(bubble: Bubble) -> str | None:
    """The words of a bubble, also under a picture or out of a voice note."""
    match bubble.content:
        case Text(body=body):
            return body
        case Media(caption=caption, transcript=transcript):
            return transcript or caption
        case _:
            return None


def typed_text(bubbles: tuple[Bubble, ...]) -> str:
    """All their words."""
    return "\n".join(filter(None, map(typed, bubbles)))


def meaning(bubbles: tuple[Bubble, ...], understanding: Understanding) -> Understanding:
    """What was meant; a tap on one of our buttons means what we put on the button, a bare code is a greeting."""
    last, wanted = bubbles[-1].content, None
    text = typed_text(bubbles)
    intent = None
    if isinstance(last, Tap):
        wanted = first_words.language_of_tap(last.id)
        intent = Intent.CHANGE_LANGUAGE if wanted else _TAP_INTENTS.get(last.id)
        is_heard = understanding.asks_to_opt_out or not _ABOUT_SILENCE.isdisjoint(understanding.intents)
        if intent is None and is_heard and not text.strip():
            # "Pesan lagi", book again, sounds like a wish to be written to again: no label of a button is that
            plain = replace(understanding, intent=Intent.OOS, intents=(Intent.OOS,), asks_to_opt_out=False)
            return replace(plain, confidence=Confidence.ASK_BACK)
    elif is_opening(bubbles[-1]) or (text.strip() and not place_codes.without(referrals.without(text))):
        intent = Intent.GREETING
    if intent is None:
        return understanding
    meant = replace(understanding, intent=intent, intents=(intent,), score=1.0, confidence=Confidence.ACT, by_rule=True)
    # a language beyond those we understand is read from the tap itself (`conversation.answer_words`)
    return replace(meant, wanted_language=understood(wanted)) if isinstance(last, Tap) else meant
