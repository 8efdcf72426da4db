"""A customer who taps a button of those who deliver: nothing of theirs changes, and they are told so."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.decide import decide
from bot.domain.commands import Lane, SendText
from bot.domain.contents import Reaction, Tap, Text
from bot.domain.job import JobStep
from bot.domain.lead import Lead
from bot.replies.jobs import step_tap
from bot.replies.words import say
from intents.understanding import Confidence, Intent
from tests.bot.anything import LEADS
from tests.bot.dialogue.states.talk import Talk
from tests.bot.makers import a_lead, context, meaning, wrote

TAPS = [*(f"{step_tap(step)}1:BK-1:service:1" for step in JobStep), "work:show:BK-1:service:1", "work:jobs"]
NOTHING_MEANT = meaning(Intent.OOS, sure=Confidence.ASK_BACK)


@given(LEADS, st.sampled_from(TAPS))
def test_whatever_they_have_it_stays_as_it_is(lead: Lead, tap: str) -> None:
    decision = decide(lead, wrote(NOTHING_MEANT, Tap(tap, "x")), context())
    # what a thumb under one of our messages does, which is answered with nothing
    thumb = decide(lead, wrote(NOTHING_MEANT, Reaction("x", "👍")), context())
    assert decision.lead.bookings == thumb.lead.bookings
    assert decision.lead.conversation.misunderstood == lead.conversation.misunderstood
    work = [[one.command for one in made.effects if one.lane is not Lane.CHAT] for made in (decision, thumb)]
    # who wrote STOP is told how to begin again, and that is on record
    assert work[0] == work[1] or lead.conversation.opted_out


@pytest.mark.parametrize("language", ["en", "id", "vi"])
def test_they_are_told_so_in_their_language_and_no_person_is_called_however_often(language: str) -> None:
    lead = a_lead(language=language, greeted=True)
    for number, tap in enumerate(TAPS):
        decision = decide(lead, wrote(NOTHING_MEANT, Tap(tap, "x"), event=f"m{number}"), context())
        (said,) = [effect.command for effect in decision.effects if isinstance(effect.command, SendText)]
        assert said.body == say("talk.not_your_button", language)
        lead = decision.lead
    assert lead.alarms == ()


def test_words_that_came_with_it_are_answered() -> None:
    talk = Talk()
    talk.writes("balinese massage 60 min at villa senja tomorrow at 11")
    event = wrote(meaning(Intent.CONFIRM), Text("yes"), Tap(TAPS[0], "x"), at=talk.now, event="both")
    talk.tell(replace(event, address=talk.lead.address))
    assert talk.booking.chosen is not None
    assert talk.booking.booked_hold is not None
