"""A decision said in the words of the house, as long as these fit a message."""

from collections.abc import Callable
from typing import Final, get_args

from bot.domain.commands import ChatCommand
from bot.domain.order_limits import fits
from bot.domain.outcome import Decided
from bot.domain.thread import AnyThread
from bot.replies.words import OwnWords, spoken_with

_CHAT: Final = get_args(ChatCommand)


def in_own_words(own: OwnWords, decided: Callable[[], Decided[AnyThread]]) -> Decided[AnyThread]:
    """What is decided, in these words. A sentence fits alone (`janji check`), yet next to others in one message it may
    be too long, or its button read like the next one: then the catalogue's words are said, rather than nothing."""
    with spoken_with(own):
        decision = decided()
    if not own or all(fits(effect.command) for effect in decision.effects if isinstance(effect.command, _CHAT)):
        return decision
    with spoken_with({}):
        return decided()
