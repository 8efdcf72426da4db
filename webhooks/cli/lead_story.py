"""A customer's history as a story: plain sentences, in the business's own time, names and words masked unless asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.business.definition import Business
from bot.dialogue.denials import DENIED
from bot.domain.masking import without_contacts
from webhooks.console import words

Json = dict[str, Any]

MOVED: Final = "booking_moved"
_ACTORS: Final[Mapping[str, str]] = {
    "customer": "the customer",
    "system": "Janji, by itself",
    "webhook": "news from outside",
    "machine": "a machine with the token",
    "agent": "an agent",
}
_EVENTS: Final[Mapping[str, str]] = {
    "customer_wrote": "in a message",
    "form_submitted": "in the form",
    "change_form_submitted": "in the form",
    "timer_fired": "because its time had come",
    "payment_news_came": "about a payment",
    "staff_asked": "by hand",
    "slots_found": "once times were found",
    "slot_booked": "once the time was kept",
    "slot_moved": "once the new time was kept",
}
_TOLD: Final[Mapping[str, str]] = {
    "handed_over": "A person was called.",
    "taken_over": "A person took the conversation.",
    "released": "The conversation came back to the bot.",
    "opted_out": "The customer asked for silence (STOP).",
    "opted_in": "The customer wants to hear from us again (START).",
    "payment_failed": "A payment did not go through.",
    "payment_received": "Money came in.",
    "refund": "Money went back.",
    "effect_failed": "Something that was to be done failed.",
    "delivery_failed": "What came in could not be worked on; a person was called.",
    "waiting_joined": "The customer waits for a time to become free.",
    "waiting_offered": "A time became free and is kept for them.",
    "waiting_changed": "They wait on, for a time of others or of anybody.",
    "waiting_passed": "The kept time went to the next in line.",
    "waiting_served": "They booked the time that was kept for them.",
    "waiting_left": "They wait no more.",
    "waiting_taken_off": "They were taken off the waiting list.",
    "leads_merged": "Two conversations of the same person became one.",
}
_ENGLISH: Final = "en"


@dataclass(frozen=True, slots=True)
class Teller:
    """How a story is told: whose business it is, what was said, and whether it may be read."""

    business: Business
    said: Mapping[str, str]
    """The customer's words by the id of their message, as far as they are kept."""
    is_masked: bool = True

    def story(self, items: Iterable[Json]) -> Iterator[str]:
        """Line by line, the oldest first; before them, which clock they go by."""
        yield f"Times are those of {self.business.timezone}."
        for item in items:
            yield f"{self._moment(item['at'])}  {self._sentence(item)}"

    def _sentence(self, item: Json) -> str:
        if item["what"] == DENIED:
            return self._refused(item)
        if item["what"] == MOVED:
            return self._moved(item)
        facts = {name: value for name, value in item["facts"].items() if value and name != "booking"}
        told = _TOLD.get(item["what"], f"{item['what'].replace('_', ' ').capitalize()}.")
        of = f"{item['booking']}: " if item["booking"] else ""
        more = ", ".join(f"{name.replace('_', ' ')} {self._read(value)}" for name, value in facts.items())
        return f"{of}{told} By {self._who(item)}." + (f" ({more})" if more else "")

    def _moved(self, item: Json) -> str:
        origin, target = item["from"], _state(item["to"])
        how = f"began as {target}" if origin is None else f"went from {_state(origin)} to {target}"
        passed = [one["rule"] for one in item["checks"] if one["passed"]]
        failed = [one["rule"] for one in item["checks"] if not one["passed"]]
        parts = [f"{item['booking']} {how}, by {self._who(item)}{self._by_what(item)}."]
        if passed:
            parts.append(f"Checked and passed: {_listed(passed)}.")
        if failed and item.get("override"):
            parts.append(f"Overridden by the house, though these said no: {_listed(failed)}.")
        elif failed:
            parts.append(f"It had happened already, though these said no: {_listed(failed)}.")
        if item["reason"]:
            parts.append(f"Reason: {self._read(item['reason'])}.")
        return " ".join([*parts, *self._booked(item["booked"])])

    def _refused(self, item: Json) -> str:
        (reason,) = item["reasons"]
        target = _state(item["to"])
        who = f" Who can: {_listed(reason['who_can'])}." if reason["who_can"] else ""
        why = f"{_stopped(reason['fact'])} {_stopped(reason['fix'])}{who}"
        told = f"{item['booking']} was not allowed from {_state(item['from'])} to {target}, for {self._who(item)}."
        return " ".join([f"{told} The rule “{reason['rule']}” said no: {why}", *self._booked(item["booked"])])

    def _by_what(self, item: Json) -> str:
        if item["event"] is None:
            return ""
        told = f", {_EVENTS.get(item['event'], 'after ' + item['event'].replace('_', ' '))}"
        kept = [self.said[one] for one in item["messages"] if one in self.said]
        if not kept:
            return told
        text = " / ".join(kept)
        if self.is_masked:
            count = len(text.split())
            return f"{told} of {count} {'word' if count == 1 else 'words'}"
        # with quotes: what a customer wrote must not draw over the terminal
        return f"{told}: {text!r}"

    def _booked(self, booked: Mapping[str, str]) -> Iterator[str]:
        """How the booking was then."""
        service, provider = self.business.service(booked.get("service") or ""), booked.get("provider")
        known = [booked.get("service", "") if service is None else service.name.say(_ENGLISH)]
        if "start" in booked:
            known.append(self._moment(booked["start"]))
        if provider:
            named = self.business.provider(provider)
            known.append(f"with {provider if named is None else named.name.say(_ENGLISH)}")
        place = self.business.place(booked.get("place"))
        if place is not None:
            known.append(f"at {place.name.say(_ENGLISH)}")
        if "guests" in booked:
            known.append(f"for {booked['guests']}")
        told = ", ".join(filter(None, known))
        if told:
            yield f"Then: {told}."

    def _who(self, item: Json) -> str:
        by, role = item["by"], item.get("role")
        if role:
            return f"{by} ({role})"
        return _ACTORS.get(by, by)

    def _read(self, value: str) -> str:
        return without_contacts(value) if self.is_masked else value

    def _moment(self, at: str) -> str:
        return f"{datetime.fromisoformat(at).astimezone(self.business.zone):%a %-d %b %Y %H:%M}"


def _state(state: str | None) -> str:
    return f"“{words.state_of(state or '', _ENGLISH)}”"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def _stopped(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
