"""What a customer will read when somebody of the house says yes to a change, or books for them: decided as it will be
decided then, and nothing of it is kept."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.business.context import Context
from bot.dialogue.changes import telling
from bot.dialogue.decide import decide
from bot.domain import message_limits as limits
from bot.domain import window
from bot.domain.booking import OfferedSlot
from bot.domain.change import change_hold
from bot.domain.commands import (
    BookSlot,
    ChatCommand,
    Command,
    MoveSlot,
    OpenInvoice,
    SendButtons,
    SendFlow,
    SendLink,
    SendList,
    SendTemplate,
    SendText,
)
from bot.domain.events import Event, InvoiceOpened, SlotBooked, SlotMoved, StaffAction, StaffAsked
from bot.domain.ids import BookingReference, EventId
from bot.domain.lead import Lead
from bot.replies import notices

_STEPS: Final = 4
"""A yes, a time that is kept, a link: more lie between a yes and the first word of it nowhere."""
_LINK: Final = "https://pay.example/link"


@dataclass(frozen=True, slots=True)
class ForeseenWords:
    """The first message after the yes."""

    body: str
    labels: tuple[str, ...]
    """What stands on its buttons."""
    limit: int
    """How long it may be."""
    is_template: bool
    """Sent outside the customer's 24 hours: its words cannot be changed."""


def words_after_yes(lead: Lead, reference: BookingReference, person: str, context: Context) -> ForeseenWords | None:
    """What the customer will read of the open change of that booking; none where they will be told nothing."""
    booking = lead.booking(reference)
    change = None if booking is None else booking.change
    if change is None or change.quote is None:
        return None
    facts = {"change": change.id, "quote": str(change.quote.number), "person": person, telling.WORDS: ""}
    yes = StaffAsked(
        EventId("rehearsal"), context.now, person, StaffAction.CONFIRM_CHANGE, reference, tuple(sorted(facts.items()))
    )
    after, said = rehearsed(lead, yes, context)
    return None if said is None else _shown(after, said, context.now)


def rehearsed(lead: Lead, event: Event, context: Context) -> tuple[Lead, ChatCommand | None]:
    """The lead as it will be at the first word to the customer, and that word; none where none will be said. All that
    is ordered until then succeeds."""
    following: Event | None = event
    for _ in range(_STEPS):
        if following is None:
            break
        decision = decide(lead, following, context)
        lead = decision.lead
        for effect in decision.effects:
            if isinstance(effect.command, ChatCommand) and not effect.draft:
                return lead, effect.command
        following = None
        for one in decision.effects:
            following = following or _done(one.command, lead, context)
    return lead, None


def _done(command: Command, lead: Lead, context: Context) -> Event | None:
    """What the shell will say once that order is carried out, as far as it leads on to words."""
    name, now = EventId(f"rehearsal:{command.kind}"), context.now
    match command:
        case BookSlot(booking=reference, change=named) if (slot := _slot(lead, reference, named)) is not None:
            return SlotBooked(name, now, reference, slot, named)
        case MoveSlot(booking=reference, change=named) if (slot := _slot(lead, reference, named)) is not None:
            return SlotMoved(name, now, reference, named, slot)
        case OpenInvoice(account=account, attempt=attempt, due=due, why=why):
            return InvoiceOpened(name, now, account, attempt, _LINK, due, why)
        case _:
            return None


def _slot(lead: Lead, reference: BookingReference, change: str | None) -> OfferedSlot | None:
    """The time that is chosen for the booking, or for that change of it."""
    booking = lead.booking(reference)
    if booking is None or change is None:
        return None if booking is None else booking.chosen
    after = None if booking.change is None else booking.change.after
    return None if after is None else replace(after.slot, hold_id=change_hold(reference, change))


def _shown(lead: Lead, command: ChatCommand, now: datetime) -> ForeseenWords | None:
    """As it leaves now; none where the window is closed and no template stands for it."""
    if not window.admits(lead, command, now):
        return None
    match window.leaving(lead, command, now):
        case SendTemplate() as template:
            return ForeseenWords(notices.as_text(template), (), 0, is_template=True)
        case SendText(body=body):
            return ForeseenWords(body, (), limits.TEXT, is_template=False)
        case SendButtons(body=body, buttons=rows) | SendList(body=body, rows=rows):
            return ForeseenWords(body, tuple(row.title for row in rows), limits.BODY, is_template=False)
        case SendLink(body=body, label=label) | SendFlow(body=body, label=label):
            return ForeseenWords(body, (label,), limits.BODY, is_template=False)
