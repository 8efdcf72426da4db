"""Our own reading in the engine, with and without the embedded model."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.engine.understanding import locally, question_of
from intents.head import WIDTH
from intents.understand import understand
from intents.understanding import ExpectedAnswer, Intent, Language
from tests.bot.business.makers import sample

NOW = datetime(2026, 3, 16, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))


class Recording:
    """An embedded model that notes what it was asked, and whether on the event loop's thread."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []

    def __call__(self, text: str) -> Sequence[float]:
        """A vector that points nowhere."""
        self.asked.append((text, threading.current_thread() is threading.main_thread()))
        return [0.0] * WIDTH


async def test_it_is_not_asked_about_what_a_rule_decides() -> None:
    embeds = Recording()
    found = await locally(understand, embeds, "STOP", ExpectedAnswer.NOTHING, NOW, None)
    assert (found.intent, embeds.asked) == (Intent.OPT_OUT, [])


async def test_it_is_not_asked_about_what_it_cannot_read() -> None:
    embeds = Recording()
    await locally(understand, embeds, "cho minh dat lich chieu mai nha shop", ExpectedAnswer.NOTHING, NOW, Language.VI)
    assert embeds.asked == []


async def test_without_it_a_message_is_read_all_the_same() -> None:
    found = await locally(understand, None, "I'd like to book a massage", ExpectedAnswer.NOTHING, NOW, None)
    assert found.intent is Intent.BOOK


async def test_the_embedded_model_is_asked_off_the_event_loop() -> None:
    embeds = Recording()
    await locally(understand, embeds, "could you do my nails tomorrow", ExpectedAnswer.NOTHING, NOW, Language.EN)
    assert embeds.asked == [("could you do my nails tomorrow", False)]


async def test_a_model_that_fails_leaves_our_own_reading() -> None:
    def broken(text: str) -> tuple[float, ...]:
        raise RuntimeError("the wheel does not fit this processor")

    words = "could you do my nails tomorrow"
    ours = await locally(understand, None, words, ExpectedAnswer.NOTHING, NOW, Language.EN)
    assert await locally(understand, broken, words, ExpectedAnswer.NOTHING, NOW, Language.EN) == ours


def test_what_a_model_is_told_of_the_house_holds_no_price_payout_account_or_number() -> None:
    business = sample()
    told = repr(question_of("how much is a massage?", ExpectedAnswer.NOTHING, NOW, business))
    rows = {str(row.amount) for row in business.prices}
    payouts = {str(row.payout) for row in business.prices if row.payout}
    parties = [(one.contact, one.payout) for one in business.providers]
    parties += [(one.contact, one.payout) for one in business.places]
    contacts = {contact.phone for contact, _ in parties}
    accounts = {payout.number for _, payout in parties if payout is not None}
    assert payouts
    assert not [one for one in rows | payouts | contacts | accounts if one in told]
