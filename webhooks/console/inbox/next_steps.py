"""What a booking without a time needs before its next step, as the pane next to a conversation shows it."""

from dataclasses import dataclass
from typing import Final

from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.states import State
from bot.lifecycle.checklist import checklist, next_state
from bot.replies.checklist import rows
from webhooks.console import words

_SHOWN_IN: Final = frozenset({State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED})
"""Later steps wait for money or for time, which the card says already."""


@dataclass(frozen=True, slots=True)
class MissingItem:
    """What is missing before it."""

    fact: str
    question: str
    """What to ask the customer, in their language; empty where nothing is to be asked."""
    field: str
    """The question of the house whose answer may be noted; empty where it is none."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """How far it is, and what is missing."""

    title: str
    missing: tuple[MissingItem, ...]


def next_step(lead: Lead, booking: Booking, context: Context, language: str) -> NextStep | None:
    """The step it is at; none where nothing is missing."""
    target = next_state(booking, context)
    if target is None or booking.state not in _SHOWN_IN:
        return None
    found = checklist(lead, booking, target, context)
    shown = rows(found, lead, booking, context, language)
    missing = tuple(MissingItem(row.reason.fact, row.question, row.field) for row in shown if row.reason is not None)
    if not missing:
        return None
    state = words.state_of(target.value, language)
    title = words.say("booking.next_step", language, state=state, met=str(found.met), needed=str(found.needed))
    return NextStep(title, missing)
