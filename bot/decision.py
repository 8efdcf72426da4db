"""What deciding yields: the new lead and the effects, numbered so that deciding again names the same ones."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.business.definition import Business
from bot.effects import Author, Effect, Order, RecordAudit, Repeat, Urgency
from bot.events import Event
from bot.ids import EffectId
from bot.lead import Lead
from intents.understanding import Language


@dataclass(frozen=True, slots=True)
class Context:
    """All that `decide` may know beside lead and event; nothing in it was read for this decision."""

    now: datetime
    business: Business

    def offers(self, language: Language) -> tuple[str, ...]:
        """What can be booked, named in that language."""
        return tuple(service.name.say(language) for service in self.business.services)


class Withdraw(StrEnum):
    """Which waiting effects a commit takes back, as far as nobody has claimed them."""

    NOTHING = "nothing"
    SUPERSEDED = "superseded"
    """Unsent answers that a new answer replaces."""
    DRAFTS = "drafts"
    """Drafts for a person, because the bot decides anew."""
    BOT_CHAT = "bot_chat"
    """A take-over: every unclaimed word of the bot becomes a draft."""
    CARRIED_OVER = "carried_over"
    """Nothing is taken back: what waits goes out under the new epoch (a merge in mode bot)."""


@dataclass(frozen=True, slots=True)
class Said:
    """An order with its manners, before it has an id."""

    order: Order
    author: Author = Author.BOT
    repeat: Repeat = Repeat.REPEATABLE
    urgency: Urgency = Urgency.ANSWER
    supersedable: bool = False
    draft: bool = False
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A decision in the making: where the lead is going and what is said on the way."""

    lead: Lead
    said: tuple[Said, ...] = ()
    withdraw: Withdraw = Withdraw.NOTHING

    def saying(self, *said: Said) -> "Step":
        """The step with more to say."""
        return replace(self, said=(*self.said, *said))

    def recording(self, what: str, by: str, now: datetime, **facts: str) -> "Step":
        """The step with an audit record of what changed and who changed it."""
        return self.saying(Said(RecordAudit(what=what, by=by, at=now, facts=tuple(sorted(facts.items())))))


@dataclass(frozen=True, slots=True)
class Decision:
    """The new lead and the effects that are committed with it."""

    lead: Lead
    effects: tuple[Effect, ...] = ()
    withdraw: Withdraw = Withdraw.NOTHING


def conclude(event: Event, step: Step) -> Decision:
    """Number what was said; chat carries the epoch the lead has after this event."""
    epoch = step.lead.conversation.epoch
    effects = tuple(
        Effect(
            id=EffectId(f"{event.id}:{number}"),
            order=said.order,
            epoch=epoch,
            author=said.author,
            repeat=said.repeat,
            urgency=said.urgency,
            draft=said.draft,
            supersedable=said.supersedable,
            not_after=said.not_after,
        )
        for number, said in enumerate(step.said)
    )
    return Decision(lead=step.lead, effects=effects, withdraw=step.withdraw)
