"""A conversation as a script: what the customer writes and what is answered, top to bottom, one line each."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.business.context import Context
from bot.dialogue.decide import decide
from bot.domain.commands import Lane, SendButtons, SendLink, SendList, SendTemplate, SendText
from bot.domain.contents import Content, Tap, Text
from bot.domain.events import AgentReleased, AgentTookOver, AgentWrote, CustomerWrote, Event, TimerFired, timer_event_id
from bot.domain.ids import AgentId, EventId, LeadId
from bot.domain.lead import Lead
from bot.replies.plain_text import as_text
from intents.understanding import Understanding
from tests.bot.makers import HERE, NOW, context, wrote

AGENT = AgentId("ayu")


@dataclass
class Script:
    """One lead, its clock and its transcript; compare `lines` with what should stand there."""

    lead: Lead = field(default_factory=lambda: Lead(LeadId("lead-1"), HERE))
    now: datetime = NOW
    lines: list[str] = field(default_factory=list)
    _told: int = 0

    def says(self, words: str, understanding: Understanding) -> None:
        """The customer types."""
        self._writes(f"> {words}", Text(words), understanding)

    def taps(self, button: str, title: str, understanding: Understanding) -> None:
        """The customer taps one of our buttons."""
        self._writes(f"> [{title}]", Tap(button, title), understanding)

    def takes_over(self) -> None:
        """A person comes."""
        self._tells(AgentTookOver(self._id(), self.now, AGENT), "(taken over)")

    def person_says(self, words: str) -> None:
        """The person types."""
        self._tells(AgentWrote(self._id(), self.now, AGENT, words), None)

    def gives_back(self) -> None:
        """The person leaves."""
        self._tells(AgentReleased(self._id(), self.now, AGENT), "(given back)")

    def waits(self, span: timedelta) -> None:
        """Time passes; timers that come due are heard in their order."""
        until = self.now + span
        while self.lead.next_due_at is not None and self.lead.next_due_at <= until:
            due, name = min((due, name) for name, due in self.lead.timers.items())
            self.now = due
            self._tells(TimerFired(timer_event_id(name, due), due, name, due), f"({name})")
        self.now = until

    def _writes(self, line: str, content: Content, understanding: Understanding) -> None:
        event: CustomerWrote = wrote(understanding, content, at=self.now, event=str(self._id()))
        self._tells(event, line)

    def _id(self) -> EventId:
        self._told += 1
        return EventId(f"event-{self._told}")

    def _tells(self, event: Event, line: str | None) -> None:
        if line is not None:
            self.lines.append(line)
        known: Context = context()
        decision = decide(self.lead, event, known)
        self.lead = decision.lead
        for effect in decision.effects:
            order = effect.command
            if effect.lane is Lane.CHAT and isinstance(
                order, SendText | SendButtons | SendList | SendLink | SendTemplate
            ):
                mark = "~" if effect.draft else "<" if effect.author.value == "bot" else "<<"
                self.lines.append(f"{mark} {as_text(order).splitlines()[0]}")
