"""The verdict behind each refusal is on record: the rule, the fact it saw, how to mend it, who can."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.dialogue.denials import DENIED, reason_in, reason_of, recording
from bot.domain.booking import SlotUnavailable
from bot.domain.commands import RecordAudit
from bot.domain.outcome import Outcome
from bot.domain.states import State
from bot.lifecycle.rules.rule import Reason
from tests.bot.dialogue.states.talk import Talk
from tests.bot.makers import NOW, a_lead


@dataclass
class Watched(Talk):
    """A conversation whose audit records are kept."""

    @property
    def refused(self) -> list[tuple[str, Reason]]:
        """Where it could not go, and why."""
        facts = [dict(one.facts) for one in self.records if one.what == DENIED]
        return [(one["target"], reason_in(one)) for one in facts]


def test_a_time_somebody_else_took_is_refused_with_its_reason() -> None:
    talk = Watched(lost=True)
    talk.writes("book the free planning call tomorrow morning").taps_row(0).writes("yes")
    assert talk.refused == [("SLOT_CONFIRMED", reason_of(SlotUnavailable.TAKEN))]


def test_a_wish_for_which_nothing_is_free_is_refused_with_its_reason() -> None:
    talk = Watched(full=True)
    talk.writes("book the free planning call tomorrow morning")
    ((target, reason),) = talk.refused
    assert (target, reason.rule, reason.fix) == ("SLOT_PROPOSED", "slot_available", "offer_other_days")
    assert "operations" in reason.who_can


def test_too_many_guests_are_refused_with_their_reason() -> None:
    talk = Watched()
    talk.writes("private chef at Villa Karang on friday evening for 40 people")
    ((target, reason),) = talk.refused
    assert (target, reason.rule, reason.fix) == ("SLOT_PROPOSED", "guests", "ask_how_many")


def test_a_time_that_has_passed_is_refused_with_its_reason() -> None:
    talk = Watched()
    talk.writes("book the free planning call tomorrow morning")
    first = talk.choices[0]
    talk.now += timedelta(days=3)
    talk.taps(first)
    assert talk.refused == [("SLOT_CONFIRMED", reason_of(SlotUnavailable.PAST))]


def test_what_is_not_refused_leaves_no_such_record() -> None:
    talk = Watched()
    talk.writes("book the free planning call tomorrow morning").taps_row(0).writes("yes")
    assert talk.booking.state is State.CONFIRMED
    assert talk.refused == []


@pytest.mark.parametrize("refusal", list(SlotUnavailable))
def test_a_reason_comes_back_out_of_its_record_as_it_went_in(refusal: SlotUnavailable) -> None:
    booking = Watched().writes("book the free planning call tomorrow morning").booking
    nobody = Reason("rule", "fact", "wait")
    step = recording(Outcome(a_lead()), booking, State.CANCELLED, (reason_of(refusal), nobody), NOW)
    kept = [reason_in(dict(one.command.facts)) for one in step.requests if isinstance(one.command, RecordAudit)]
    assert kept == [reason_of(refusal), nobody]
