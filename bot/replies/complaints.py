"""What is said about a complaint: that it is heard and until when somebody answers, and the answer itself."""

from datetime import datetime
from typing import Final

from bot.business.context import Context
from bot.domain.commands import Author, SendText
from bot.domain.complaints import Complaint, ComplaintState
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.replies import booking as words
from bot.replies import credit_words, notices, times, zones
from bot.replies.words import say
from payments.domain.money import Money


def heard(lead: Lead, complaint: Complaint, context: Context) -> EffectRequest:
    """Said in peace: the bot goes on, and a person answers."""
    return _text(lead, "complaint.heard", complaint, context)


def opened(lead: Lead, complaint: Complaint, context: Context) -> EffectRequest:
    """Said in anger: a person is called at once."""
    return _text(lead, "complaint.opened", complaint, context)


def photo(lead: Lead, complaint: Complaint, context: Context) -> EffectRequest:
    """A picture is with the complaint."""
    return _text(lead, "complaint.photo", complaint, context)


def too_late(lead: Lead, context: Context) -> EffectRequest:
    """So long ago nothing is promised; a person reads it all the same."""
    return EffectRequest(SendText(say("complaint.too_late", lead.language, days=context.business.sop.complaint.days)))


def answered(lead: Lead, complaint: Complaint, context: Context, start: datetime | None = None) -> EffectRequest:
    """The house's answer, in a person's name: it goes out whoever has the conversation."""
    facts, answer = _facts(lead, complaint, context), complaint.answer
    amount = None if answer is None else answer.amount
    facts |= {"amount": _money(lead, amount), "time": "–" if start is None else _moment(lead, start, context)}
    until = None if answer is None else answer.until
    facts |= {} if until is None else {"until": credit_words.last_day(lead, until, context)}
    key = _KEYS[complaint.state]
    said = say(key, lead.language, **facts)
    own = "" if answer is None else answer.words.strip()
    # what the template says in one line is in the chat two paragraphs
    whole = f"{said}\n\n{own}" if own else said
    line = {"answer": f"{said} {own}".strip(), "business": context.business.name}
    outside = notices.outside(key, lead.language, facts | line)
    return EffectRequest(SendText(whole, outside), author=Author.AGENT, is_fact=True)


_KEYS: Final = {
    ComplaintState.REDO: "complaint.answered.redo",
    ComplaintState.REFUND: "complaint.answered.refund",
    ComplaintState.CREDIT: "complaint.answered.credit",
    ComplaintState.REFUSED: "complaint.answered.refused",
}


def _text(lead: Lead, key: str, complaint: Complaint, context: Context) -> EffectRequest:
    facts = _facts(lead, complaint, context) | {"until": _moment(lead, complaint.answer_by, context)}
    return EffectRequest(SendText(say(key, lead.language, **facts)))


def _facts(lead: Lead, complaint: Complaint, context: Context) -> dict[str, str]:
    service = context.business.service(complaint.service or "")
    return {
        "service": "–" if service is None else service.name.say(lead.language),
        "day": times.long_day(complaint.ended_at, context.business.zone, lead.language),
    }


def _moment(lead: Lead, at: datetime, context: Context) -> str:
    return f"{times.short_moment(at, context.business.zone, lead.language)}{zones.note(lead, at, context)}"


def _money(lead: Lead, amount: Money | None) -> str:
    return words.price_in_words(lead, amount) if amount else "–"
